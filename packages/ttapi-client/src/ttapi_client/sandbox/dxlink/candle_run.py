# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The candles of one subscription: a history, then the one that is still growing, and new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_client.sandbox.dxlink.candle_events import CANDLE_NAMES, candle_columns
from ttapi_client.sandbox.dxlink.candle_intervals import Part, candles_since, lookback, milliseconds
from ttapi_client.sandbox.dxlink.event_flags import LATEST_TIME
from ttapi_client.sandbox.dxlink.series import Found, Row, event_rows

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from ttapi_client.sandbox.dxlink.candle_columns import CandleColumns
    from ttapi_client.sandbox.dxlink.candle_symbol import CandleSymbol
    from ttapi_client.sandbox.dxlink.subjects import Subject

_MOST_ROWS: Final = 25_000  # of one snapshot (API facts 7.4)
_Values = tuple[float, float, float, float, int]


class CandleRun:
    """
    The candles of one instrument and interval.

    Parameters
    ----------
    echo
        The symbol that every event carries.
    fields
        What is going to be sent of a history; news have every field.
    pause
        Awaited in long work, so that others have their turn.
    """

    def __init__(
        self,
        echo: str,
        subject: Subject,
        interval: CandleSymbol,
        *,
        fields: Collection[str],
        pause: Callable[[], Awaitable[None]],
    ) -> None:
        self._echo = echo
        self._subject = subject
        self._interval = interval
        self._fields = fields
        self._pause = pause
        self._since = self._now()
        self._newest: _Values | None = None  # what was sent of the candle that begins at that time

    async def history(self, from_time: int) -> Found:
        """The candles that begin then or later, 25,000 at most."""
        part = await self._candles(from_time, _MOST_ROWS)
        if part.candles is None:
            return Found({}, 0)
        self._remember(part.candles)
        if not part.candles.times and from_time < LATEST_TIME:
            self._since = max(from_time, self._now() - lookback(self._interval))
        return Found(candle_columns(part.candles, self._fields), len(part.candles.times), is_cut=part.is_cut)

    async def latest(self) -> list[Row]:
        """The newest candle, be it finished or not."""
        part = await self._candles(self._now() - lookback(self._interval), 1)
        if part.candles is None or not part.candles.times:
            return []
        self._remember(part.candles)
        return self._rows(part.candles, 1)

    async def news(self) -> list[Row]:
        """The growing candle if it has grown, and those that have begun since."""
        part = await self._candles(self._since, _MOST_ROWS)
        if part.candles is None:
            return []
        times = part.candles.times
        known = sum(1 for row in range(min(1, len(times))) if self._is_known(part.candles, row))
        if known == len(times):
            return []
        self._remember(part.candles)
        return self._rows(part.candles, len(times) - known)

    async def _candles(self, from_time: int, most: int) -> Part:
        return await candles_since(self._subject, self._interval, from_time, most=most, pause=self._pause)

    def _now(self) -> int:
        return milliseconds(self._subject.world.market.now())

    def _remember(self, candles: CandleColumns) -> None:
        if candles.times:
            self._since = candles.times[-1]
            self._newest = _values(candles, -1)

    def _is_known(self, candles: CandleColumns, row: int) -> bool:
        return candles.times[row] == self._since and _values(candles, row) == self._newest

    def _rows(self, candles: CandleColumns, count: int) -> list[Row]:
        return event_rows(self._echo, candle_columns(candles, CANDLE_NAMES), count)


def _values(candles: CandleColumns, row: int) -> _Values:
    return (
        candles.open[row],
        candles.high[row],
        candles.low[row],
        candles.close[row],
        candles.volume[row],
    )
