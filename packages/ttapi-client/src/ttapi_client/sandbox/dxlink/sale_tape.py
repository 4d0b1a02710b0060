# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The sales of one subscription: a history or the last one, then every single one that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_client.sandbox.dxlink.candle_intervals import milliseconds
from ttapi_client.sandbox.dxlink.sale_events import Sales, sales_since
from ttapi_client.sandbox.dxlink.series import Found, Row, event_rows

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ttapi_client.sandbox.dxlink.subjects import Subject

_MOST_ROWS: Final = 25_000  # of one snapshot (API facts 7.4)
_MOST_NEWS: Final = 5_000  # after a long step of the clock, older ones are left out
_LONGEST_CLOSURE_MS: Final = 10 * 86_400_000


class SaleTape:
    """
    The sales of one instrument.

    Parameters
    ----------
    pause
        Awaited in long work, so that others have their turn.
    """

    def __init__(self, symbol: str, subject: Subject, *, pause: Callable[[], Awaitable[None]]) -> None:
        self._symbol = symbol
        self._subject = subject
        self._pause = pause
        self._since = self._now() + 1
        view = subject.view()
        self._volume = 0 if view is None else view.volume

    async def history(self, from_time: int) -> Found:
        """The sales at that time or later, 25,000 at most."""
        sales = await self._sales(from_time, _MOST_ROWS)
        return Found(sales.columns(self._subject.view()), len(sales.times), is_cut=sales.is_cut)

    async def latest(self) -> list[Row]:
        """The last sale."""
        return self._rows(await self._sales(self._now() - _LONGEST_CLOSURE_MS, 1))

    async def news(self) -> list[Row]:
        """Every sale since the last one; of an instrument without bars, all of them as one."""
        if self._subject.bars_symbol is None:
            return self._rows(self._sold())
        # A sale is known when its second is over: none of an earlier second can follow.
        second = self._now() // 1000 * 1000
        sales = await self._sales(self._since, _MOST_NEWS)
        self._since = max(self._since, second)
        return self._rows(sales)

    def _sold(self) -> Sales:
        view = self._subject.view()
        if view is None:
            return Sales([], [], [])
        size, self._volume = view.volume - self._volume, view.volume
        if size <= 0:  # nothing, or a new day
            return Sales([], [], [])
        return Sales([milliseconds(view.last_trade_at)], [view.last], [size])

    async def _sales(self, from_time: int, most: int) -> Sales:
        sales = await sales_since(self._subject, from_time, most=most, pause=self._pause)
        if sales.times:
            self._since = sales.times[-1] + 1
        return sales

    def _now(self) -> int:
        return milliseconds(self._subject.world.market.now())

    def _rows(self, sales: Sales) -> list[Row]:
        return event_rows(self._symbol, sales.columns(self._subject.view()), len(sales.times))
