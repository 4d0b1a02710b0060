# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The simulated market: all listings, moved through their walks by a clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.corporate_actions import actions_of, units_on
from ttapi_client.sandbox.world.halts import last_trading_day, silent_days, silent_halves
from ttapi_client.sandbox.world.intraday import Bar, DayPath
from ttapi_client.sandbox.world.listings import Listing, all_listings
from ttapi_client.sandbox.world.market import Bars, CorporateActions
from ttapi_client.sandbox.world.market_clock import MarketClock
from ttapi_client.sandbox.world.price_walk import (
    closing_cents,
    daily_candles,
    in_units,
    shares_outstanding,
    without_days,
)
from ttapi_client.sandbox.world.quotes import CANDLE_DELAY, QuoteBasis
from ttapi_client.sandbox.world.trading_table import midnight_ms, trading_table
from ttapi_core import market_calendar
from ttapi_core.trading_day import NEW_YORK, TradingDay, trading_day

if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence
    from fractions import Fraction

    from ttapi_client.sandbox.world.market import DailyCandles, MarketQuote
    from ttapi_core.clock import Clock

_ROWS_A_YEAR: Final = 252
_CENTS: Final = 100
_MOST_PATHS: Final = 1024  # days taken apart that are kept; each holds some 20 kilobytes


class SeededMarket:
    """
    A market that is fully determined by its seed and by the time on its clock.

    Prices are made when they are asked for: a start costs nothing, however many names are listed.
    """

    def __init__(self, *, seed: int, clock: Clock | MarketClock) -> None:
        self._seed = seed
        self.clock = clock if isinstance(clock, MarketClock) else MarketClock(clock)
        self._table = trading_table()
        self._listings = {listing.symbol: listing for listing in all_listings()}
        self._closes: dict[str, array[int]] = {}
        self._bases: dict[str, tuple[tuple[date, Fraction], QuoteBasis]] = {}
        self._paths: dict[tuple[str, date, Fraction], DayPath] = {}
        self._actions: dict[str, tuple[tuple[date, date], CorporateActions]] = {}
        self._quotes: dict[str, tuple[int, MarketQuote | None]] = {}

    @property
    def first_date(self) -> date:
        """The first day of every full history."""
        return self._table.dates[0]

    @property
    def last_date(self) -> date:
        """The last day whose close lies far enough back for its candle to be final."""
        now = self.now()
        row = self._table.count_until(_new_york_date(now)) - 1
        is_final = trading_day(self._table.dates[row]).close_at + CANDLE_DELAY <= now
        return self._table.dates[row if is_final else row - 1]

    @property
    def today(self) -> date:
        """The date in New York."""
        return _new_york_date(self.now())

    def now(self) -> datetime:
        """The instant of the market's clock, UTC."""
        return self.clock.now()

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

    def session(self, day: date) -> TradingDay | None:
        """Regular hours by the rules of the exchange's calendar."""
        return trading_day(day) if market_calendar.is_trading_day(day) else None

    def candles(self, symbol: str, from_time: int) -> DailyCandles | None:
        """The candles at or after a time in milliseconds; that of a session that goes on is the last."""
        listing = self.listing(symbol)
        if listing is None:
            return None
        now = self.now()
        first, stop = self._rows(listing, now)
        start = max(first, min(self._table.position_from(from_time), stop))
        candles = self._daily(listing, start, stop)
        last = self._table.dates[stop - 1]
        if midnight_ms(last) not in candles.times[-1:] or trading_day(last).close_at <= now:
            return candles
        so_far = self._path(listing, stop - 1).until(_seconds(trading_day(last), now))
        return _without_last(candles) if so_far is None else _with_last(candles, so_far)

    def quote(self, symbol: str, at: datetime | None = None) -> MarketQuote | None:
        """The quote of an active symbol; before today's first trade it is that of the day before."""
        if at is not None:
            return self._quote(symbol, at)
        now = self.now()
        second = int(now.timestamp())
        known = self._quotes.get(symbol)
        if known is None or known[0] != second:
            known = self._quotes[symbol] = second, self._quote(symbol, now)
        return known[1]

    def bars(
        self, symbol: str, day: date, width_seconds: int, *, start: int = 0, stop: int | None = None
    ) -> Bars | None:
        """The bars of one session up to now, which add up to the day's candle."""
        listing = self.listing(symbol)
        row = self._table.count_until(day) - 1
        if listing is None or row < 0 or self._table.dates[row] != day:
            return None
        now, hours = self.now(), trading_day(day)
        first, end = self._rows(listing, now)
        if not first <= row < end:
            return None
        passed = _seconds(hours, now)
        stop = passed if stop is None else min(stop, passed)
        is_silent = day in silent_days(listing)
        found = [] if is_silent else self._path(listing, row).bars(width_seconds, start, stop)
        opened = int(hours.open_at.timestamp())
        return Bars(
            times=[(opened + second) * 1000 for second, _ in found],
            open=[bar.open / _CENTS for _, bar in found],
            high=[bar.high / _CENTS for _, bar in found],
            low=[bar.low / _CENTS for _, bar in found],
            close=[bar.close / _CENTS for _, bar in found],
            volume=[bar.volume for _, bar in found],
        )

    def actions(self, symbol: str) -> CorporateActions:
        """Dividends, splits and earnings of a listing up to today, and what has been announced."""
        listing = self.listing(symbol)
        if listing is None:
            return CorporateActions()
        days = self.today, self.last_date
        known = self._actions.get(symbol)
        if known is None or known[0] != days:
            known = self._actions[symbol] = days, self._actions_on(listing, *days)
        return known[1]

    def _actions_on(self, listing: Listing, today: date, last_date: date) -> CorporateActions:
        units = units_on(listing, today)
        closes = self._closes_of(listing, today)
        last = self._table.count_until(min(last_date, last_trading_day(listing) or last_date)) - 1
        dollars = float(units) / _CENTS
        shares = shares_outstanding(self._seed, listing)
        return actions_of(
            self._seed,
            listing,
            today=today,
            price=lambda row: closes[min(row, last)] * dollars,
            shares=None if shares is None else round(shares / units),
        )

    def _quote(self, symbol: str, at: datetime) -> MarketQuote | None:
        listing = self.listing(symbol)
        if listing is None or not listing.is_active(self.today):
            return None
        first, stop = self._rows(listing, at)
        if stop == first:
            return None
        quote = self._basis(listing, stop).quote(at)
        if quote is None and stop - 1 > first:
            quote = self._basis(listing, stop - 1).quote(at)
        return quote

    def _basis(self, listing: Listing, stop: int) -> QuoteBasis:
        """The basis of the day before a row of the table, or of the last one on which the name traded."""
        units = units_on(listing, self.today)
        key = self._table.dates[stop - 1], units
        known = self._bases.get(listing.symbol)
        if known is None or known[0] != key:
            first, _ = self._rows(listing, self.now())
            year = self._daily(listing, max(first, stop - _ROWS_A_YEAR), stop)
            row = self._table.position_from(year.times[-1])
            hours, path = trading_day(self._table.dates[row]), self._path(listing, row)
            basis = QuoteBasis.of(listing, year, hours=hours, path=path, unit=_CENTS)
            known = self._bases[listing.symbol] = key, basis
        return known[1]

    def _path(self, listing: Listing, row: int) -> DayPath:
        day = self._table.dates[row]
        key = listing.symbol, day, units_on(listing, self.today)
        path = self._paths.get(key)
        if path is None:
            if len(self._paths) >= _MOST_PATHS:
                del self._paths[next(iter(self._paths))]
            one = self._daily(listing, row, row + 1)
            hours = trading_day(day)
            path = self._paths[key] = DayPath(
                f"{self._seed}/{listing.first_symbol}/{day}",
                Bar(
                    round(one.open[0] * _CENTS),
                    round(one.high[0] * _CENTS),
                    round(one.low[0] * _CENTS),
                    round(one.close[0] * _CENTS),
                    one.volume[0],
                ),
                session_seconds=_seconds(hours, hours.close_at),
                silent=silent_halves(listing),
            )
        return path

    def _daily(self, listing: Listing, start: int, stop: int) -> DailyCandles:
        """Whole days, in the units of today's shares, without those on which nothing was traded."""
        today = self.today
        candles = daily_candles(self._seed, listing, self._closes_of(listing, today), start, stop)
        candles = in_units(candles, units_on(listing, today))
        return without_days(candles, {midnight_ms(day) for day in silent_days(listing)})

    def _rows(self, listing: Listing, at: datetime) -> tuple[int, int]:
        """The first row of the table with a candle of this listing, and the first one not opened by then."""
        day = _new_york_date(at)
        stop = self._table.count_until(day)
        if self._table.dates[stop - 1] == day and trading_day(day).open_at > at:
            stop -= 1
        for last in (listing.delisted_on, last_trading_day(listing)):
            if last is not None:
                stop = min(stop, self._table.count_until(last))
        first = (
            0 if listing.listed_on is None else self._table.count_until(listing.listed_on - timedelta(days=1))
        )
        return min(first, stop), stop

    def _closes_of(self, listing: Listing, today: date) -> array[int]:
        days = self._table.count_until(today)
        closes = self._closes.get(listing.symbol)
        if closes is None or len(closes) < days:
            closes = self._closes[listing.symbol] = closing_cents(self._seed, listing, days)
        return closes


def _new_york_date(instant: datetime) -> date:
    return instant.astimezone(NEW_YORK).date()


def _seconds(hours: TradingDay, at: datetime) -> int:
    """Whole seconds since the opening."""
    return int((at - hours.open_at).total_seconds())


def _without_last(candles: DailyCandles) -> DailyCandles:
    columns = attrs.asdict(candles, recurse=False)
    return attrs.evolve(candles, **{name: column and column[:-1] for name, column in columns.items()})


def _with_last(candles: DailyCandles, so_far: Bar) -> DailyCandles:
    """The candles with their last one replaced by what has been traded of it."""
    high, low, close = so_far.high / _CENTS, so_far.low / _CENTS, so_far.close / _CENTS
    return attrs.evolve(
        candles,
        open=[*candles.open[:-1], so_far.open / _CENTS],
        high=[*candles.high[:-1], high],
        low=[*candles.low[:-1], low],
        close=[*candles.close[:-1], close],
        volume=[*candles.volume[:-1], so_far.volume],
        vwap=candles.vwap and [*candles.vwap[:-1], round((high + low + close) / 3, 4)],
    )
