# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The seam between what is served and where it comes from: a simulated market or recorded candles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from ttapi_client.sandbox.world.listings import Listing
    from ttapi_client.sandbox.world.market_clock import MarketClock
    from ttapi_core.trading_day import TradingDay


@attrs.frozen(kw_only=True)
class DailyCandles:
    """Daily candles of one symbol as columns of equal length, oldest first; dollars, split-adjusted."""

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
class Bars:
    """Bars within one session as columns, oldest first; only those in which something traded."""

    times: list[int]  # milliseconds, start of the bar
    open: list[float]
    high: list[float]
    low: list[float]
    close: list[float]
    volume: list[int]  # shares, above zero


@attrs.frozen(kw_only=True)
class Dividend:
    """One distribution of cash."""

    ex_date: date  # the first day on which a buyer has no right to it; the price opens lower by it
    pay_date: date | None  # None: not known
    amount: float  # dollars a share, adjusted for the splits up to today


@attrs.frozen(kw_only=True)
class Split:
    """One split; the feed's history is in the units of the latest one, so it changes on that day."""

    date: date
    ratio: float  # new shares for an old one; below 1 for a reverse split


@attrs.frozen(kw_only=True)
class EarningsReport:
    """One quarter's result."""

    report_date: date
    quarter_end_date: date
    eps: float  # dollars a share, adjusted for the splits up to today


@attrs.frozen(kw_only=True)
class CorporateActions:
    """What a company did to its shares, by date, oldest first; future dates are announced ones."""

    dividends: tuple[Dividend, ...] = ()
    splits: tuple[Split, ...] = ()
    earnings: tuple[EarningsReport, ...] = ()
    shares_outstanding: int | None = None  # None: a fund, an index, or not known


@attrs.frozen(kw_only=True)
class MarketQuote:
    """The state of one symbol at one instant; None where there is nothing to say."""

    listing: Listing
    bid: float | None
    ask: float | None
    bid_size: int
    ask_size: int
    last: float
    last_size: int  # shares of the last trade
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
    prev_volume: int | None  # of the day before the summary date
    halted_at: datetime | None  # UTC; None: it trades
    updated_at: datetime  # UTC, of the bid and ask
    last_trade_at: datetime  # UTC
    # The quote as a recording has it, by the wire's names; it is answered instead of one made of the above.
    recorded: Mapping[str, object] | None = attrs.field(default=None, eq=False)


class Market(Protocol):
    """What the routes and the feed ask of a market."""

    @property
    def clock(self) -> MarketClock:
        """What the market moves with."""
        ...

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
        """
        The candles at or after a time in milliseconds; None for an unknown symbol.

        While a session goes on, and until its candle is final, the last one is that session's so far.
        """
        ...

    def session(self, day: date) -> TradingDay | None:
        """When the market opens and closes on a day; None for a day on which it does not."""
        ...

    def quote(self, symbol: str, at: datetime | None = None) -> MarketQuote | None:
        """The quote of an active symbol now, or at an earlier instant of today; None for any other."""
        ...

    def bars(
        self, symbol: str, day: date, width_seconds: int, *, start: int = 0, stop: int | None = None
    ) -> Bars | None:
        """
        The bars of one session up to now, which add up to the day's candle exactly.

        A width of 1 (each such bar is one trade, at its close), 60 or 1800 seconds; ``start`` and ``stop``
        are seconds after the opening, multiples of the width. The last bar of a session that goes on holds
        what has been traded of it. None for a symbol or a day that is unknown or still to come.
        """
        ...

    def actions(self, symbol: str) -> CorporateActions:
        """Dividends, splits and earnings of a listing; all empty where nothing is known."""
        ...
