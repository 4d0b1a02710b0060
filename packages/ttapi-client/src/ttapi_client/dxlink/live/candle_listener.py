# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What one consumer has been told of one symbol's candles, and what there is to tell: nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol

from ttapi_client.dxlink.columns import NUMBER_COLUMNS
from ttapi_client.dxlink.described import described
from ttapi_client.dxlink.live.candle_series import CandleRow
from ttapi_core.errors import DecodeError
from ttapi_core.market_events import CandleUpdate

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from ttapi_client.dxlink.live.candle_series import CandleBatch
    from ttapi_core.candles import CandleSymbol
    from ttapi_core.errors import TTError

# Of these newest candles a consumer is told again only what has changed. A gap is filled from the oldest of
# them on, so that late corrections to a candle that was finished just before the gap are not missed.
_REMEMBERED: Final = 8


class Sink(Protocol):
    """Whoever is told of events: a subscription."""

    def deliver(self, symbol: str, key: Hashable, event: object) -> None:
        """Take an event, which replaces earlier ones of its key if the consumer has not taken them."""
        ...

    def symbol_failed(self, symbol: str, error: TTError) -> None:
        """No more events of this symbol will come."""
        ...


class CandleListener:
    """
    One consumer of one symbol.

    Parameters
    ----------
    candle_symbol
        Whose candles.
    since_ms
        Candles that start before are not told; milliseconds since 1970, UTC.
    sink
        Who is told.
    """

    def __init__(self, candle_symbol: CandleSymbol, *, since_ms: int, sink: Sink) -> None:
        self.symbol = candle_symbol.symbol
        self.sink = sink
        self._interval = candle_symbol.interval
        self._since_ms = since_ms
        self._told: dict[int, CandleRow] = {}  # the newest, by index, oldest first
        self.is_served = False  # whether it was told a snapshot, ever

    @property
    def resume_ms(self) -> int:
        """From when on candles are to be asked for, so that nothing is missing."""
        return next((row.time for row in self._told.values()), self._since_ms)

    def take(self, batch: CandleBatch, asked_from_ms: int) -> None:
        """
        Tell what is new in it.

        Parameters
        ----------
        batch
            A snapshot or an update.
        asked_from_ms
            From when on the snapshot was asked for.

        Raises
        ------
        DecodeError
            When a candle's time is none.
        """
        if batch.is_snapshot:
            if asked_from_ms > self.resume_ms:
                return  # asked for by somebody else, before we came; ours is yet to be asked for
            for index, row in self._news_of_snapshot(batch):
                self._tell(index, row, is_snapshot=not self.is_served)
            self.is_served = True
        elif self.is_served:
            for index, row in batch.rows.items():
                if self._is_news(index, row):
                    self._tell(index, row, is_snapshot=False)

    def _news_of_snapshot(self, batch: CandleBatch) -> Iterator[tuple[int, CandleRow]]:
        oldest = next(iter(self._told), None)
        told = dict(self._told)
        for index, row in batch.rows.items():
            # What is older than all that is remembered was told, and not looked at again.
            if (oldest is None or index >= oldest) and self._is_news(index, row):
                yield index, row
        for index, row in told.items():
            if index not in batch.rows and row.numbers is not None:
                yield index, CandleRow(row.time, None)

    def _is_news(self, index: int, row: CandleRow) -> bool:
        if row.time < self._since_ms:
            return False
        known = self._told.get(index)
        if known is not None:
            return known.numbers != row.numbers
        if row.numbers is not None:
            return True
        # A removal of what was never told is none; of an old candle nobody knows any more.
        return bool(self._told) and index < next(iter(self._told))

    def _tell(self, index: int, row: CandleRow, *, is_snapshot: bool) -> None:
        start_at = _instant(self.symbol, row.time)
        numbers = (None,) * len(NUMBER_COLUMNS) if row.numbers is None else row.numbers
        opening, high, low, close, volume, vwap, implied_volatility = numbers
        self._remember(index, row)
        update = CandleUpdate(
            symbol=self.symbol,
            interval=self._interval,
            start_at=start_at,
            open=opening,
            high=high,
            low=low,
            close=close,
            volume=volume,
            vwap=vwap,
            implied_volatility=implied_volatility,
            is_snapshot=is_snapshot,
            is_removed=row.numbers is None,
        )
        self.sink.deliver(self.symbol, (self.symbol, index), update)

    def _remember(self, index: int, row: CandleRow) -> None:
        told = self._told
        newest = next(reversed(told), None)
        if index in told or newest is None or index > newest:
            told[index] = row
        elif len(told) < _REMEMBERED or index > next(iter(told)):  # before or between those remembered
            told[index] = row
            self._told = dict(sorted(told.items()))
        if len(self._told) > _REMEMBERED:
            del self._told[next(iter(self._told))]


def _instant(symbol: str, milliseconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise DecodeError(
            path=f"candles of {symbol!r}.time",
            expected="milliseconds since 1970",
            found=described(milliseconds),
        ) from error
