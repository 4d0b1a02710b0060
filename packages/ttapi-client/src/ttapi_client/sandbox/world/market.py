# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The seam between what is served and where it comes from: a simulated market or recorded candles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import attrs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from ttapi_client.sandbox.world.listings import Listing


@attrs.frozen(kw_only=True)
class DailyCandles:
    """Daily candles of one symbol as columns of equal length, oldest first; prices in dollars."""

    times: Sequence[int]  # milliseconds, 00:00 UTC of the trading day
    indexes: Sequence[int]  # the feed's index of the same day
    open: list[float]
    high: list[float]
    low: list[float]
    close: list[float]
    volume: list[int]  # shares
    vwap: list[float] | None  # None: not known
    implied_volatility: list[float] | None  # a fraction; None: not known


@attrs.frozen(kw_only=True)
class MarketQuote:
    """The state of one symbol at one instant; None where there is nothing to say."""

    listing: Listing
    bid: float | None
    ask: float | None
    bid_size: int
    ask_size: int
    last: float
    open: float
    day_high: float
    day_low: float
    close: float | None  # of the summary date; None while that day is not over
    prev_close: float | None
    year_high: float
    year_low: float
    volume: int
    summary_date: date
    prev_close_date: date | None
    implied_volatility: float  # a fraction, of options about a month long
    updated_at: datetime  # UTC


class Market(Protocol):
    """What the routes and the feed ask of a market."""

    @property
    def first_date(self) -> date:
        """The first day with a candle."""
        ...

    @property
    def last_date(self) -> date:
        """The last day with a candle."""
        ...

    @property
    def today(self) -> date:
        """The date in New York by the market's own clock."""
        ...

    def now(self) -> datetime:
        """The instant by the market's own clock, UTC."""
        ...

    def listings(self) -> Sequence[Listing]:
        """What has been listed up to now, in the order of symbols, delisted names included."""
        ...

    def listing(self, symbol: str) -> Listing | None:
        """One of the listings, or None."""
        ...

    def trading_dates(self, start: date, end: date) -> Sequence[date]:
        """The days from start to end, both included, on which the market opens."""
        ...

    def candles(self, symbol: str, from_time: int) -> DailyCandles | None:
        """The candles of finished days at or after a time in milliseconds; None for an unknown symbol."""
        ...

    def quote(self, symbol: str) -> MarketQuote | None:
        """The quote of an active symbol; None for any other."""
        ...
