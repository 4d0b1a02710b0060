# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The options of a market: chains around the last price, and what one contract is worth."""

from __future__ import annotations

import re
from math import exp, log, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.expirations import ListedExpiration, OptionRoot, option_roots
from ttapi_core.trading_day import trading_day_on

if TYPE_CHECKING:
    from datetime import date, datetime

    from ttapi_client.sandbox.world.market import Market, MarketQuote

_RISK_FREE_RATE: Final = 0.04
_LEAST_YEARS: Final = 1 / 365 / 24
_OPTION_SYMBOL: Final = re.compile(
    r"(?P<root>[A-Z]{1,6}) *(?P<date>\d{6})(?P<kind>[CP])(?P<strike>\d{8})", re.ASCII
)
_OPTION_SYMBOL_LENGTH: Final = 21
_NORMAL: Final = NormalDist()


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
    def expires_at(self) -> datetime:
        """The close of its last day, UTC."""
        return trading_day_on(self.expiration.date).close_at


@attrs.frozen(kw_only=True)
class OptionQuote:
    """What one contract is worth now, in dollars a share."""

    contract: OptionContract
    underlying: MarketQuote
    mark: float


class OptionMarket:
    """Chains and contract values, derived from nothing but the market's quotes."""

    def __init__(self, market: Market) -> None:
        self._market = market

    def roots(self, underlying: str) -> tuple[OptionRoot, ...] | None:
        """The option roots of a name; empty when it has no options, None for a name without a quote."""
        quote = self._market.quote(underlying)
        if quote is None:
            return None
        # Strikes are listed around the last finished close, so that they stay put during the day.
        spot = quote.prev_close if quote.close is None and quote.prev_close is not None else quote.last
        return option_roots(quote.listing, spot=spot, today=self._market.today)

    def contract(self, symbol: str) -> OptionContract | None:
        """The listed contract of a 21-character symbol, or None."""
        found = _OPTION_SYMBOL.fullmatch(symbol)
        if found is None or len(symbol) != _OPTION_SYMBOL_LENGTH:
            return None
        strike = int(found["strike"])
        for root in self._roots_named(found["root"]):
            for expiration in root.expirations:
                if f"{expiration.date:%y%m%d}" == found["date"] and strike in expiration.strikes:
                    return OptionContract(root=root, expiration=expiration, kind=found["kind"], strike=strike)
        return None

    def quote(self, contract: OptionContract) -> OptionQuote | None:
        """The value of a contract from its underlying's quote and volatility."""
        underlying = self._market.quote(contract.root.underlying)
        if underlying is None:
            return None
        mark = black_scholes_price(
            contract.kind,
            spot=underlying.last,
            strike=contract.strike / 1000,
            years=days_to_expiration(contract.expiration, self._market.today) / 365,
            volatility=underlying.implied_volatility,
        )
        return OptionQuote(contract=contract, underlying=underlying, mark=round(max(mark, 0.01), 2))

    def _roots_named(self, name: str) -> list[OptionRoot]:
        underlyings = {name, name.removesuffix("W"), f"{name[:-1]}/{name[-1]}"}
        return [
            root
            for underlying in sorted(underlyings)
            for root in self.roots(underlying) or ()
            if root.root == name
        ]


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
    """Calendar days that are left."""
    return (expiration.date - today).days


def black_scholes_price(kind: str, *, spot: float, strike: float, years: float, volatility: float) -> float:
    """
    The value of a European option without dividends, in the currency of spot and strike.

    Examples
    --------
    >>> round(black_scholes_price("C", spot=100.0, strike=100.0, years=1.0, volatility=0.2), 4)
    9.9251
    """
    years = max(years, _LEAST_YEARS)
    spread = volatility * sqrt(years)
    upper = (log(spot / strike) + _RISK_FREE_RATE * years) / spread + spread / 2
    discounted = strike * exp(-_RISK_FREE_RATE * years)
    call = spot * _NORMAL.cdf(upper) - discounted * _NORMAL.cdf(upper - spread)
    return call if kind == "C" else call - spot + discounted
