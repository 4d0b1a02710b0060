# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Market events: what the live feed says of a symbol the moment it happens (API facts 7.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from ttapi_core.candles import CandleInterval


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteTick:
    """
    The best bid and ask; a side that nobody quotes is ``None``, never zero.

    In this and all other events: ``symbol`` is the streamer spelling, prices are per unit in the instrument's
    currency, numbers are floats as the feed has them, instants are UTC, and words and codes are the service's
    own. What the service left out, or said is not a number, is ``None``.

    Examples
    --------
    >>> quote = QuoteTick(symbol="AAPL", bid=201.0, ask=201.5)
    >>> quote.mid, quote.bid_size
    (201.25, None)
    """

    symbol: str
    bid: float | None = None
    ask: float | None = None
    bid_size: float | None = None
    ask_size: float | None = None
    bid_at: datetime | None = None  # when that side last changed
    ask_at: datetime | None = None
    bid_exchange: str | None = None
    ask_exchange: str | None = None
    event_at: datetime | None = None  # seldom said

    @property
    def mid(self) -> float | None:
        """Halfway between bid and ask, if there are both."""
        return None if self.bid is None or self.ask is None else (self.bid + self.ask) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeTick:
    """The last trade, and the day's volume with it; of the extended hours alone if those were asked for."""

    symbol: str
    price: float | None = None
    size: float | None = None
    change: float | None = None  # against the close of the day before
    day_volume: float | None = None
    day_turnover: float | None = None
    traded_at: datetime | None = None
    trading_date: date | None = None
    exchange: str | None = None
    tick_direction: str | None = None
    is_extended_hours: bool | None = None
    sequence: int | None = None  # of trades at one instant
    event_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAndSale:
    """One sale, and the quote at its time; ``type`` says whether it is new, corrects or cancels another."""

    symbol: str
    price: float | None = None
    size: float | None = None
    bid: float | None = None
    ask: float | None = None
    sold_at: datetime | None = None
    index: int | None = None  # which sale a correction or cancellation is about
    sequence: int | None = None
    type: str | None = None
    exchange: str | None = None
    aggressor_side: str | None = None
    sale_conditions: str | None = None
    trade_through_exempt: str | None = None
    is_spread_leg: bool | None = None
    is_extended_hours: bool | None = None
    is_valid_tick: bool | None = None  # whether it may move the last, high and low prices
    event_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeks:
    """An option's sensitivities; ``volatility`` is implied, annualized and a fraction."""

    symbol: str
    price: float | None = None  # theoretical
    volatility: float | None = None
    delta: float | None = None
    gamma: float | None = None
    theta: float | None = None
    rho: float | None = None
    vega: float | None = None
    computed_at: datetime | None = None
    event_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySummary:
    """The day's prices so far, and the close before it."""

    symbol: str
    trading_date: date | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    close: float | None = None
    close_price_type: str | None = None
    prev_trading_date: date | None = None
    prev_close: float | None = None
    prev_close_price_type: str | None = None
    prev_volume: float | None = None
    open_interest: float | None = None  # contracts
    event_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentProfile:
    """What is known of an instrument for longer than a moment: its status, limits and fundamentals."""

    symbol: str
    description: str | None = None
    trading_status: str | None = None
    status_reason: str | None = None
    short_sale_restriction: str | None = None
    halt_start_at: datetime | None = None
    halt_end_at: datetime | None = None
    high_limit: float | None = None  # beyond the limits trading pauses
    low_limit: float | None = None
    year_high: float | None = None
    year_low: float | None = None
    beta: float | None = None
    shares: float | None = None  # outstanding
    free_float: float | None = None
    earnings_per_share: float | None = None
    ex_dividend_date: date | None = None
    ex_dividend_amount: float | None = None  # a share
    dividend_frequency: float | None = None  # times a year
    event_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderlyingVolatility:
    """What an underlying's options say of it; volatilities are implied, annualized and fractions."""

    symbol: str
    volatility: float | None = None
    front_volatility: float | None = None  # of the first expiration
    back_volatility: float | None = None  # of the second
    call_volume: float | None = None
    put_volume: float | None = None
    option_volume: float | None = None
    put_call_ratio: float | None = None
    computed_at: datetime | None = None
    event_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TheoreticalPrice:
    """An option's theoretical price, and what it was computed from."""

    symbol: str
    price: float | None = None
    underlying_price: float | None = None
    delta: float | None = None
    gamma: float | None = None
    dividend: float | None = None  # yield, a fraction
    interest: float | None = None  # rate, a fraction
    computed_at: datetime | None = None
    event_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CandleUpdate:
    """
    How a candle is now: a finished one, the one that still grows, or one that has been taken back.

    An update of the same symbol, interval and ``start_at`` replaces the one before it.
    """

    symbol: str  # streamer spelling, as asked, without what belongs to candles alone
    interval: CandleInterval
    start_at: datetime  # UTC; of a daily candle midnight of its date
    open: float | None = None
    high: float | None = None
    low: float | None = None
    close: float | None = None
    volume: float | None = None
    vwap: float | None = None
    implied_volatility: float | None = None  # annualized, a fraction
    is_snapshot: bool = False  # it stood so when it was asked for; False: it has just become so
    is_removed: bool = False  # the service has taken it back: it has no numbers
