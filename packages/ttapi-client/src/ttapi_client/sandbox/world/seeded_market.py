# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The simulated market: all listings, moved through their walks by a clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from ttapi_client.sandbox.world.listings import Listing, all_listings
from ttapi_client.sandbox.world.price_walk import closing_cents, daily_candles
from ttapi_client.sandbox.world.quotes import QuoteBasis, quote_after_close, quote_during_day
from ttapi_client.sandbox.world.trading_table import trading_table
from ttapi_core import market_calendar
from ttapi_core.trading_day import NEW_YORK, trading_day

if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence

    from ttapi_client.sandbox.world.market import DailyCandles, MarketQuote
    from ttapi_core.clock import Clock

_CANDLE_DELAY: Final = timedelta(minutes=15)  # from the close until the day's candle is final
_ROWS_A_YEAR: Final = 252


class SeededMarket:
    """
    A market that is fully determined by its seed and by the time on its clock.

    Prices are made when they are asked for: a start costs nothing, however many names are listed.
    """

    def __init__(self, *, seed: int, clock: Clock) -> None:
        self._seed = seed
        self._clock = clock
        self._table = trading_table()
        self._listings = {listing.symbol: listing for listing in all_listings()}
        self._closes: dict[str, array[int]] = {}
        self._bases: dict[str, QuoteBasis] = {}

    @property
    def first_date(self) -> date:
        """The first day of every full history."""
        return self._table.dates[0]

    @property
    def last_date(self) -> date:
        """The last day whose close lies far enough back for its candle to be final."""
        return self._table.dates[self._finished_days() - 1]

    @property
    def today(self) -> date:
        """The date in New York."""
        return self.now().astimezone(NEW_YORK).date()

    def now(self) -> datetime:
        """The instant of the market's clock, UTC."""
        return self._clock.now().astimezone(UTC)

    def listings(self) -> Sequence[Listing]:
        """What has been listed by today, in the order of symbols."""
        today = self.today
        return [listing for listing in self._listings.values() if listing.is_listed(today)]

    def listing(self, symbol: str) -> Listing | None:
        """One listing, or None for an unknown symbol or one whose first day is still to come."""
        listing = self._listings.get(symbol)
        return listing if listing is not None and listing.is_listed(self.today) else None

    def trading_dates(self, start: date, end: date) -> Sequence[date]:
        """The New York exchange's days, by the rules of its calendar."""
        return market_calendar.trading_dates(start, end)

    def candles(self, symbol: str, from_time: int) -> DailyCandles | None:
        """The candles of finished days at or after a time in milliseconds."""
        listing = self.listing(symbol)
        if listing is None:
            return None
        first, stop = self._rows(listing)
        start = max(first, min(self._table.position_from(from_time), stop))
        return daily_candles(self._seed, listing, self._closes_of(listing), start, stop)

    def quote(self, symbol: str) -> MarketQuote | None:
        """The quote after the last finished day or, once today's market has opened, in the midst of it."""
        listing = self.listing(symbol)
        if listing is None or not listing.is_active(self.today):
            return None
        now = self.now()
        first, finished = self._rows(listing)
        stop = self._table.count_until(self.today)
        is_open = stop > finished and now >= trading_day(self._table.dates[stop - 1]).open_at
        stop = stop if is_open else finished
        if stop == first:
            return None
        basis = self._basis(listing, max(first, stop - _ROWS_A_YEAR), stop)
        return quote_during_day(basis, now) if is_open else quote_after_close(basis)

    def _basis(self, listing: Listing, start: int, stop: int) -> QuoteBasis:
        basis = self._bases.get(listing.symbol)
        days = self._table.dates[start:stop]
        if basis is None or basis.day != days[-1]:
            year = daily_candles(self._seed, listing, self._closes_of(listing), start, stop)
            basis = self._bases[listing.symbol] = QuoteBasis.of(listing, year, days)
        return basis

    def _rows(self, listing: Listing) -> tuple[int, int]:
        """The first row of the table with a candle of this listing, and the first one without."""
        stop = self._finished_days()
        if listing.delisted_on is not None:
            stop = min(stop, self._table.count_until(listing.delisted_on))
        first = (
            0 if listing.listed_on is None else self._table.count_until(listing.listed_on - timedelta(days=1))
        )
        return min(first, stop), stop

    def _finished_days(self) -> int:
        days = self._table.count_until(self.today)
        last = self._table.dates[days - 1]
        return days if trading_day(last).close_at + _CANDLE_DELAY <= self.now() else days - 1

    def _closes_of(self, listing: Listing) -> array[int]:
        days = self._table.count_until(self.today)
        closes = self._closes.get(listing.symbol)
        if closes is None or len(closes) < days:
            closes = self._closes[listing.symbol] = closing_cents(self._seed, listing, days)
        return closes
