# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the options of one underlying cost, and how busy they are, on one trading day."""

from __future__ import annotations

from datetime import timedelta
from math import exp, log, sqrt
from typing import TYPE_CHECKING, Final, Self

import attrs

from ttapi_client.sandbox.world.black_scholes import RISK_FREE_RATE, OptionValue, option_price, option_value
from ttapi_client.sandbox.world.draws import fraction
from ttapi_client.sandbox.world.listings import OptionProgram
from ttapi_client.sandbox.world.volatility_surface import INDEX_YEARS, VolatilitySurface
from ttapi_core.trading_day import TradingDay, trading_day_on

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from ttapi_client.sandbox.world.listings import Listing
    from ttapi_client.sandbox.world.market import Dividend, MarketQuote
    from ttapi_client.sandbox.world.option_market import OptionContract

_YEAR: Final = timedelta(days=365)
_HIGHEST_YIELD: Final = 0.2
_COARSE_CENTS: Final = 300  # from there on, prices are multiples of five cents
_COARSE_TICK: Final = 5
# Of the shares that change hands, how many do so through one contract at the money; and its open interest.
_TRADED_SHARES: Final = {
    OptionProgram.NONE: 0.001,
    OptionProgram.MONTHLY: 0.001,
    OptionProgram.WEEKLY: 0.004,
    OptionProgram.BROAD: 0.02,
}
_USUAL_INTEREST: Final = {
    OptionProgram.NONE: 150,
    OptionProgram.MONTHLY: 150,
    OptionProgram.WEEKLY: 2000,
    OptionProgram.BROAD: 25_000,
}


@attrs.frozen(kw_only=True)
class PricingDay:
    """Everything but the price of the underlying and the hour that makes a price on one day."""

    listing: Listing
    hours: TradingDay
    reference: float  # the last price before that day, in dollars
    surface: VolatilitySurface
    dividend_yield: float  # a fraction a year

    @classmethod
    def of(
        cls,
        listing: Listing,
        day: date,
        *,
        reference: float,
        implied_volatility: float,
        dividends: Sequence[Dividend],
    ) -> Self:
        """The pricing of a day; the yield is that of the dividends of the year up to it."""
        paid = sum(dividend.amount for dividend in dividends if day - _YEAR < dividend.ex_date <= day)
        return cls(
            listing=listing,
            hours=trading_day_on(day),
            reference=reference,
            surface=VolatilitySurface.of_listing(listing, implied_volatility),
            dividend_yield=min(paid / reference, _HIGHEST_YIELD),
        )

    def value(self, contract: OptionContract, spot: float, at: datetime) -> OptionValue:
        """The exact value with its greeks at a price of the underlying and an instant of this day."""
        years = years_until(contract.expires_at, at)
        return option_value(
            contract.kind,
            spot=spot,
            strike=contract.strike_price,
            years=years,
            volatility=self.volatility(contract, spot, years),
            dividend_yield=self.dividend_yield,
        )

    def price(self, contract: OptionContract, spot: float, at: datetime) -> float:
        """The value as it is quoted: a whole number of ticks, at least one."""
        years = years_until(contract.expires_at, at)
        return to_tick(
            option_price(
                contract.kind,
                spot=spot,
                strike=contract.strike_price,
                years=years,
                volatility=self.volatility(contract, spot, years),
                dividend_yield=self.dividend_yield,
            )
        )

    def volatility(self, contract: OptionContract, spot: float, years: float) -> float:
        """The volatility of a contract, a fraction a year."""
        forward = spot * exp((RISK_FREE_RATE - self.dividend_yield) * years)
        return self.surface.volatility(contract.strike_price / forward, years)

    def extremes(
        self, contract: OptionContract, *, open_price: float, high: float, low: float
    ) -> tuple[float, float, float]:
        """
        The opening price, the highest and the lowest of a contract, from those of its underlying so far.

        The highest is what the best price of the underlying was worth at the opening, the lowest what the
        worst will be worth at the close: time works against the buyer, so neither is ever exceeded.
        """
        best, worst = (high, low) if contract.kind == "C" else (low, high)
        opened = self.price(contract, open_price, self.hours.open_at)
        highest = self.price(contract, best, self.hours.open_at)
        lowest = self.price(contract, worst, self.hours.close_at)
        return opened, highest, lowest

    def volume(self, contract: OptionContract, shares: int) -> int:
        """Contracts that have been traded while so many shares were; it grows with them."""
        day = self.hours.date
        crowd = _TRADED_SHARES[self.listing.options] * 2 * fraction(f"{contract.symbol}/{day}/volume")
        return int(shares / contract.root.shares_per_contract * crowd * self._interest(contract))

    def open_interest(self, contract: OptionContract) -> int:
        """Contracts that are open on this day, a whole number that lasts for it."""
        crowd = _USUAL_INTEREST[self.listing.options] * (0.2 + 1.8 * fraction(f"{contract.symbol}/interest"))
        return int(crowd * sqrt(self._interest(contract)))

    def _interest(self, contract: OptionContract) -> float:
        """From 1 at the money and about to expire, down to 0 far away from either."""
        years = max(0, (contract.expiration.date - self.hours.date).days) / 365
        deviation = self.surface.volatility(1.0, INDEX_YEARS) * sqrt(years + INDEX_YEARS / 4)
        distance = log(contract.strike_price / self.reference) / deviation
        return exp(-(distance**2) / 4) / (1 + 4 * years)


def valued_at(quote: MarketQuote) -> datetime:
    """The instant of a quote's last price: that of the last trade or, once its day is over, the close."""
    return quote.last_trade_at if quote.close is None else trading_day_on(quote.summary_date).close_at


def reference_price(quote: MarketQuote) -> float:
    """The last price before the quote's day, or its first one where there is nothing before."""
    return quote.open if quote.prev_close is None else quote.prev_close


def years_until(expires_at: datetime, at: datetime) -> float:
    """
    Years of 365 days from one instant to another, in fractions; zero once it is reached.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    >>> years_until(noon + timedelta(days=73), noon), years_until(noon, noon + timedelta(days=1))
    (0.2, 0.0)
    """
    return max(0.0, (expires_at - at) / _YEAR)


def to_tick(price: float) -> float:
    """
    The nearest price that can be quoted: whole cents below three dollars, else multiples of five cents.

    Examples
    --------
    >>> to_tick(0.0), to_tick(2.994), to_tick(2.996), to_tick(3.02), to_tick(3.03)
    (0.01, 2.99, 3.0, 3.0, 3.05)
    """
    cents = round(price * 100)
    if cents >= _COARSE_CENTS:
        cents = round(price * 100 / _COARSE_TICK) * _COARSE_TICK
    return max(1, cents) / 100


def around(mark: float, half_spread: float) -> tuple[float, float]:
    """
    Bid and ask around a mark, on the grid of prices that can be quoted, a bid of nothing being zero.

    Examples
    --------
    >>> around(0.01, 0.01), around(2.98, 0.03), around(6.0, 0.04)
    ((0.0, 0.02), (2.95, 3.05), (5.95, 6.05))
    """
    middle, half = round(mark * 100), max(1, round(half_spread * 100))
    bid, ask = max(0, middle - half), middle + half
    if bid >= _COARSE_CENTS:
        bid -= bid % _COARSE_TICK
    if ask >= _COARSE_CENTS:
        ask += -ask % _COARSE_TICK
    return bid / 100, ask / 100
