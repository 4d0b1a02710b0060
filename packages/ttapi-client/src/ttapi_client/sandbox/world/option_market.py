# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The options of a market: chains around its prices, and what one contract is worth and was worth."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.draws import fraction
from ttapi_client.sandbox.world.expirations import ListedExpiration, OptionRoot, option_roots
from ttapi_client.sandbox.world.listings import OptionProgram
from ttapi_client.sandbox.world.option_history import option_candles, past_day
from ttapi_client.sandbox.world.option_pricing import (
    PricingDay,
    around,
    reference_price,
    valued_at,
    years_until,
)
from ttapi_client.sandbox.world.trading_table import midnight_ms
from ttapi_client.sandbox.world.volatility_surface import INDEX_YEARS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_client.sandbox.world.listings import Listing
    from ttapi_client.sandbox.world.market import DailyCandles, Dividend, Market, MarketQuote

_PAST: Final = timedelta(days=365)  # as far as an option's candles reach back
_LISTED_MS: Final = 92 * 86_400_000  # so long a strike stays listed, wherever the price goes
_EARLIER_MS: Final = 10 * 86_400_000  # long enough to hold a trading day
_HALF_SPREADS: Final = {
    OptionProgram.NONE: 0.02,
    OptionProgram.MONTHLY: 0.02,
    OptionProgram.WEEKLY: 0.01,
    OptionProgram.BROAD: 0.004,
}
_MOST_CONTRACTS: Final = 200  # at one side of a quote
_OPTION_SYMBOL: Final = re.compile(
    r"(?P<root>[A-Z][A-Z0-9]{0,5}) *(?P<date>\d{6})(?P<kind>[CP])(?P<strike>\d{8})", re.ASCII
)
_OPTION_SYMBOL_LENGTH: Final = 21
_STREAMER_SYMBOL: Final = re.compile(
    r"\.(?P<root>[A-Z][A-Z0-9]{0,5})(?P<date>\d{6})(?P<kind>[CP])(?P<strike>\d{1,5}(\.\d{1,3})?)", re.ASCII
)


@attrs.frozen(kw_only=True)
class OptionContract:
    """One listed option."""

    root: OptionRoot
    expiration: ListedExpiration
    kind: str  # C or P
    strike: int  # thousandths of a dollar

    @property
    def symbol(self) -> str:
        """The 21-character spelling."""
        return f"{self.root.root:<6}{self.expiration.date:%y%m%d}{self.kind}{self.strike:08d}"

    @property
    def streamer_symbol(self) -> str:
        """The feed's spelling: no padding, the strike without trailing zeros."""
        return f".{self.root.root}{self.expiration.date:%y%m%d}{self.kind}{strike_text(self.strike)}"

    @property
    def strike_price(self) -> float:
        """In dollars, never quite nothing: there is no volatility for that."""
        return max(1, self.strike) / 1000

    @property
    def expires_at(self) -> datetime:
        """When it is settled, UTC: at the close of its last day, or at the opening for AM settlement."""
        return self.expiration.expires_at


@attrs.frozen(kw_only=True)
class OptionQuote:
    """
    What one contract is worth, in dollars a share.

    It follows the last price of the underlying, and rests with it: the time that is left is counted from
    ``updated_at``. Mark and last are the value by Black and Scholes at ``implied_volatility``, rounded to the
    tick, whatever the exercise style.
    """

    contract: OptionContract
    underlying: MarketQuote
    bid: float | None  # 0: nobody pays anything
    ask: float | None  # None: nobody offers, as for an illiquid underlying
    bid_size: int  # contracts
    ask_size: int
    mark: float
    last: float
    open: float
    day_high: float
    day_low: float
    prev_close: float | None  # None before its second day
    volume: int  # contracts
    open_interest: int
    implied_volatility: float  # a fraction a year
    delta: float  # units as in OptionValue
    gamma: float
    theta: float
    rho: float
    vega: float
    updated_at: datetime  # UTC


@attrs.frozen
class _QuoteDays:
    """The pricing of a quote's day and of the one before, for as long as the day lasts."""

    key: tuple[date, float, float]
    today: PricingDay
    before: PricingDay | None


class OptionMarket:
    """Chains and contract values, derived from nothing but the market's quotes, candles and actions."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._roots: dict[str, tuple[date, tuple[OptionRoot, ...]]] = {}
        self._days: dict[str, _QuoteDays] = {}

    def roots(self, underlying: str) -> tuple[OptionRoot, ...] | None:
        """
        The option roots of a name; empty when it has no options, None for a name without a quote.

        Strikes are listed around the closes of the last months: they stay put until midnight in New York, and
        what is listed on one day still is on the next.
        """
        today = self._market.today
        known = self._roots.get(underlying)
        if known is not None and known[0] == today:
            return known[1]
        quote = self._market.quote(underlying)
        if quote is None:
            return None
        roots = self._roots_on(quote.listing, today, spot=quote.last)
        self._roots[underlying] = today, roots
        return roots

    def contract(self, symbol: str, *, with_expired: bool = False) -> OptionContract | None:
        """The listed contract of a 21-character symbol, on demand one of the past as well; or None."""
        found = _OPTION_SYMBOL.fullmatch(symbol)
        if found is None or len(symbol) != _OPTION_SYMBOL_LENGTH:
            return None
        return self._find(found, int(found["strike"]), with_expired=with_expired)

    def contract_by_streamer(self, symbol: str) -> OptionContract | None:
        """The listed contract of a symbol in the feed's spelling, or None."""
        found = _STREAMER_SYMBOL.fullmatch(symbol)
        if found is None:
            return None
        contract = self._find(found, round(float(found["strike"]) * 1000), with_expired=False)
        return contract if contract is not None and contract.streamer_symbol == symbol else None

    def quote(self, contract: OptionContract, at: datetime | None = None) -> OptionQuote | None:
        """The value of a contract now, or at an earlier instant of today; None without its underlying."""
        underlying = self._market.quote(contract.root.underlying, at)
        if underlying is None:
            return None
        days = self._quote_days(underlying)
        instant = valued_at(underlying)
        spot = underlying.last
        opened, high, low = days.today.extremes(
            contract, open_price=underlying.open, high=underlying.day_high, low=underlying.day_low
        )
        is_settled_at_open = contract.expires_at <= days.today.hours.open_at
        if is_settled_at_open:
            spot, high, low = underlying.open, opened, opened
        value = days.today.value(contract, spot, instant)
        mark = days.today.price(contract, spot, instant)
        listing = underlying.listing
        bid, ask = around(mark, mark * _HALF_SPREADS[listing.options])
        sizes = int(fraction(f"{contract.symbol}/{underlying.summary_date}/sizes") * _MOST_CONTRACTS**2)
        return OptionQuote(
            contract=contract,
            underlying=underlying,
            bid=bid,
            ask=None if listing.is_illiquid else ask,
            bid_size=1 + sizes // _MOST_CONTRACTS if bid > 0 else 0,
            ask_size=0 if listing.is_illiquid else 1 + sizes % _MOST_CONTRACTS,
            mark=mark,
            last=mark,
            open=opened,
            day_high=max(high, opened, mark),
            day_low=min(low, opened, mark),
            prev_close=_previous_close(contract, underlying, days.before),
            volume=0 if is_settled_at_open else days.today.volume(contract, underlying.volume),
            open_interest=days.today.open_interest(contract),
            implied_volatility=days.today.volatility(
                contract, spot, years_until(contract.expires_at, instant)
            ),
            delta=value.delta,
            gamma=value.gamma,
            theta=value.theta,
            rho=value.rho,
            vega=value.vega,
            updated_at=instant,
        )

    def implied_volatility_index(self, symbol: str) -> float | None:
        """The volatility at the money, thirty days ahead, a fraction; None for a name without options."""
        quote = self._market.quote(symbol) if self.roots(symbol) else None
        return None if quote is None else self._quote_days(quote).today.surface.volatility(1.0, INDEX_YEARS)

    def expiration_volatilities(self, symbol: str) -> list[tuple[OptionRoot, ListedExpiration, float]]:
        """Each listed expiration with its volatility at the money, a fraction; empty without options."""
        quote = self._market.quote(symbol)
        if quote is None:
            return []
        surface, instant = self._quote_days(quote).today.surface, valued_at(quote)
        return [
            (root, expiration, surface.volatility(1.0, years_until(expiration.expires_at, instant)))
            for root in self.roots(symbol) or ()
            for expiration in root.expirations
        ]

    def candles(self, contract: OptionContract, from_time: int) -> DailyCandles | None:
        """
        Daily candles at or after a time in milliseconds, priced along the underlying's history.

        They begin with the day on which the contract may have been listed, at most a year ago. None when
        the underlying has no quote.
        """
        symbol, expiration = contract.root.underlying, contract.expiration
        first = max(expiration.date - expiration.listed_ahead, self._market.today - _PAST)
        since = max(from_time, midnight_ms(first))
        # Earlier candles hold the close that the first day is measured against.
        history = self._market.candles(symbol, since - _EARLIER_MS)
        quote = self._market.quote(symbol)
        if history is None or quote is None:
            return None
        dividends = self._market.actions(symbol).dividends
        return option_candles(contract, history, quote, since=since, dividends=dividends)

    def _quote_days(self, quote: MarketQuote) -> _QuoteDays:
        symbol = quote.listing.symbol
        key = quote.summary_date, quote.implied_volatility, reference_price(quote)
        known = self._days.get(symbol)
        if known is None or known.key != key:
            dividends = self._market.actions(symbol).dividends
            today = PricingDay.of(
                quote.listing,
                quote.summary_date,
                reference=reference_price(quote),
                implied_volatility=quote.implied_volatility,
                dividends=dividends,
            )
            known = self._days[symbol] = _QuoteDays(key, today, self._day_before(quote, dividends))
        return known

    def _day_before(self, quote: MarketQuote, dividends: Sequence[Dividend]) -> PricingDay | None:
        day, symbol = quote.prev_close_date, quote.listing.symbol
        history = None if day is None else self._market.candles(symbol, midnight_ms(day) - _EARLIER_MS)
        if day is None or history is None:
            return None
        row = bisect_left(history.times, midnight_ms(day))
        # A recording may lack the candle of a day that its quotes speak of.
        is_known = row < len(history.times) and history.times[row] == midnight_ms(day)
        return past_day(history, row, quote, dividends) if is_known else None

    def _find(self, found: re.Match[str], strike: int, *, with_expired: bool) -> OptionContract | None:
        day = _date_in(found["date"])
        if day is None:
            return None
        is_past = with_expired and day < self._market.today
        for underlying in _possible_underlyings(found["root"]):
            for root in (self._past_roots(underlying, day) if is_past else self.roots(underlying)) or ():
                if root.root != found["root"]:
                    continue
                for expiration in root.expirations:
                    if expiration.date == day and strike in expiration.strikes:
                        return OptionContract(
                            root=root, expiration=expiration, kind=found["kind"], strike=strike
                        )
        return None

    def _past_roots(self, underlying: str, day: date) -> tuple[OptionRoot, ...]:
        listing = self._market.listing(underlying)
        return () if listing is None else self._roots_on(listing, day, spot=None)

    def _roots_on(self, listing: Listing, day: date, *, spot: float | None) -> tuple[OptionRoot, ...]:
        """What was listed on a day, in the units of today's shares; the spot is for one without a past."""
        midnight = midnight_ms(day)
        history = self._market.candles(listing.symbol, midnight - _LISTED_MS)
        closes = [] if history is None else history.close[: bisect_left(history.times, midnight)]
        if closes:
            spot = closes[-1]
        if spot is None:
            return ()
        splits = self._market.actions(listing.symbol).splits
        return option_roots(listing, spot=spot, today=day, earlier=closes, splits=splits)


def strike_text(strike: int) -> str:
    """
    A strike in thousandths of a dollar the way streamer symbols spell it.

    Examples
    --------
    >>> strike_text(200_000), strike_text(4_102_500)
    ('200', '4102.5')
    """
    return repr(strike / 1000).removesuffix(".0")


def days_to_expiration(expiration: ListedExpiration, today: date) -> int:
    """Calendar days that are left, or as many as a recording says."""
    return (expiration.date - today).days if expiration.recorded_days is None else expiration.recorded_days


def _previous_close(
    contract: OptionContract, underlying: MarketQuote, before: PricingDay | None
) -> float | None:
    if before is None or underlying.prev_close is None:
        return None
    if before.hours.date < contract.expiration.date - contract.expiration.listed_ahead:
        return None
    return before.price(contract, underlying.prev_close, before.hours.close_at)


def _possible_underlyings(root: str) -> list[str]:
    """The names whose options may have that root: adjusted ones, those of an index, of a share class."""
    plain = root[:-1] if root[-1].isdigit() else root
    return sorted({plain, plain.removesuffix("W"), f"{plain[:-1]}/{plain[-1]}"})


def _date_in(yymmdd: str) -> date | None:
    try:
        return date(2000 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:]))
    except ValueError:
        return None
