# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Sales as the feed sends them: each second in which something was traded is one (API facts 7.6)."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.dxlink.candle_intervals import milliseconds, sessions_newest_first
from ttapi_client.sandbox.dxlink.event_flags import NOT_A_NUMBER, event_index

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
    from datetime import date

    from ttapi_client.sandbox.dxlink.subjects import Subject
    from ttapi_client.sandbox.dxlink.view import View
    from ttapi_client.sandbox.world.market import Bars, Market

_CHUNK_SECONDS: Final = 1800  # as much of a session is read at once
# What is the same for every sale.
_CONSTANT: Final[Mapping[str, object]] = {
    "eventTime": 0,
    "timeNanoPart": 0,
    "sequence": 0,
    "tradeThroughExempt": "",
    "spreadLeg": False,
    "extendedTradingHours": False,
    "validTick": True,
    "type": "NEW",
    "exchangeSaleConditions": "@",
}


@attrs.frozen
class Sales:
    """Sales as columns of equal length, oldest first, and whether older ones were left out."""

    times: list[int]  # milliseconds
    prices: list[float]
    sizes: list[int]
    is_cut: bool = False

    def columns(self, view: View | None) -> dict[str, list[object]]:
        """By field name, newest first; bid and ask are as far apart as they are in the view."""
        prices = self.prices[::-1]
        half = None if view is None or view.bid is None or view.ask is None else (view.ask - view.bid) / 2
        return {
            "index": [event_index(time) for time in reversed(self.times)],
            "time": list(reversed(self.times)),
            "price": list(prices),
            "size": list(reversed(self.sizes)),
            "bidPrice": [NOT_A_NUMBER if half is None else round(price - half, 6) for price in prices],
            "askPrice": [NOT_A_NUMBER if half is None else round(price + half, 6) for price in prices],
            "aggressorSide": list(reversed(_aggressors(self.prices))),
            "exchangeCode": ["" if view is None else view.venue_code] * len(prices),
            **{name: [value] * len(prices) for name, value in _CONSTANT.items()},
        }


async def sales_since(
    subject: Subject, from_time: int, *, most: int, pause: Callable[[], Awaitable[None]]
) -> Sales:
    """
    The newest sales at a time in milliseconds or later, so many at most.

    Of an instrument without bars only the last sale is known.
    """
    if subject.bars_symbol is None:
        return _last_sale(subject, from_time)
    found: list[Bars] = []
    count = 0
    for start, stop, day in _chunks(subject.world.market, from_time):
        bars = subject.bars(day, 1, start=start, stop=stop)
        if bars is not None:
            found.append(bars)
            count += len(bars.times)
        if count > most:
            break
        await pause()
    times = [time for bars in reversed(found) for time in bars.times]
    skipped = max(bisect_left(times, from_time), count - most)
    return Sales(
        times[skipped:],
        [price for bars in reversed(found) for price in bars.close][skipped:],
        [size for bars in reversed(found) for size in bars.volume][skipped:],
        is_cut=count - bisect_left(times, from_time) > most,
    )


def _last_sale(subject: Subject, from_time: int) -> Sales:
    view = subject.view()
    if view is None or milliseconds(view.last_trade_at) < from_time:
        return Sales([], [], [])
    return Sales([milliseconds(view.last_trade_at)], [view.last], [view.last_size])


def _chunks(market: Market, from_time: int) -> Iterator[tuple[int, int, date]]:
    """The stretches of sessions since a time, newest first, in seconds after their openings."""
    now = milliseconds(market.now())
    for session in sessions_newest_first(market, from_time):
        opened = milliseconds(session.open_at)
        first = max(0, (from_time - opened) // 1000)
        last = -(-(min(milliseconds(session.close_at), now + 1000) - opened) // 1000)
        for stop in range(last, first, -_CHUNK_SECONDS):
            yield max(first, stop - _CHUNK_SECONDS), stop, session.date


def _aggressors(prices: Sequence[float]) -> list[str]:
    """Who took the other's price: a buyer when it rose, a seller when it fell."""
    sides = ["UNDEFINED"]
    for before, price in pairwise(prices):
        sides.append("BUY" if price > before else "SELL" if price < before else sides[-1])
    return sides[: len(prices)]
