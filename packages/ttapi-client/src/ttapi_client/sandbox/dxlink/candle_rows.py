# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A history as the feed sends it: columns from newest to oldest, with flags (API facts 7.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_client.sandbox.dxlink.layout import NOT_A_NUMBER

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from ttapi_client.sandbox.world import DailyCandles

REMOVE: Final = 0x02
BEGIN: Final = 0x04
END: Final = 0x08
SNIP: Final = 0x10
_DAY_MS: Final = 86_400_000
_SHARES_A_TRADE: Final = 120
# By field: all its values, oldest first, or None where nothing is known, which is sent as not a number.
_COLUMNS: Final[Mapping[str, Callable[[DailyCandles], Sequence[object] | None]]] = {
    "index": lambda candles: candles.indexes,
    "time": lambda candles: candles.times,
    "open": lambda candles: candles.open,
    "high": lambda candles: candles.high,
    "low": lambda candles: candles.low,
    "close": lambda candles: candles.close,
    "volume": lambda candles: candles.volume,
    # The specification and a known client spell it differently (API facts 7.6).
    "VWAP": lambda candles: candles.vwap,
    "vwap": lambda candles: candles.vwap,
    "impVolatility": lambda candles: candles.implied_volatility,
    "count": lambda candles: [shares // _SHARES_A_TRADE + 1 for shares in candles.volume],
    "bidVolume": lambda candles: [shares * 9 // 20 for shares in candles.volume],
    "askVolume": lambda candles: [shares * 9 // 20 for shares in candles.volume],
    "eventTime": lambda candles: [0] * len(candles.times),
    "sequence": lambda candles: [0] * len(candles.times),
}


class CandleRows:
    """
    The rows of one snapshot, newest first, as columns by the feed's field names.

    It ends with a placeholder that is to be removed, dated before everything that was asked for.
    """

    def __init__(
        self, echo: str, candles: DailyCandles | None, *, from_time: int, fields: Collection[str]
    ) -> None:
        self.count = 0 if candles is None else len(candles.times)
        self.columns: dict[str, list[object]] = {}
        if candles is not None:
            self._fill(candles, fields)
        self._close(max(0, from_time - 1) // _DAY_MS * _DAY_MS, fields)
        self.columns["eventSymbol"] = [echo] * self.count

    def drop_placeholder(self) -> None:
        """Let the oldest candle end the snapshot instead; an empty snapshot keeps its placeholder."""
        if self.count > 1:
            self._keep(self.count - 1)
            self.columns["eventFlags"][-1] = END if self.count > 1 else BEGIN | END

    def snip(self) -> None:
        """Keep the newer half only, and say that older rows exist that will not be sent."""
        if self.count > 1:
            self._keep(self.count // 2)
            self.columns["eventFlags"][-1] = SNIP if self.count > 1 else BEGIN | SNIP

    def reorder(self) -> None:
        """Turn the rows between the first and the last around; the flags stay where they were."""
        for name, column in self.columns.items():
            if name != "eventFlags":
                column[1:-1] = column[-2:0:-1]

    def _keep(self, count: int) -> None:
        self.count = count
        for column in self.columns.values():
            del column[count:]

    def _fill(self, candles: DailyCandles, fields: Collection[str]) -> None:
        for name in fields:
            made = _COLUMNS.get(name)
            column = None if made is None else made(candles)
            if column is not None:
                self.columns[name] = list(column[::-1])

    def _close(self, time: int, fields: Collection[str]) -> None:
        whole = {"index": time // 1000 << 32, "time": time, "eventTime": 0, "sequence": 0, "count": 0}
        for name, column in self.columns.items():
            column.append(whole.get(name, NOT_A_NUMBER))
        for name in whole.keys() & set(fields) - self.columns.keys():
            self.columns[name] = [whole[name]]
        self.columns["eventFlags"] = (
            [BEGIN, *[0] * (self.count - 1), REMOVE | END] if self.count else [BEGIN | REMOVE | END]
        )
        self.count += 1
