# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a European option is worth after Black, Scholes and Merton, and how its value moves."""

from __future__ import annotations

from math import erfc, exp, log, pi, sqrt
from typing import Final

import attrs

RISK_FREE_RATE: Final = 0.04  # a year, compounded continuously; the simulated world has one rate
_DAYS_A_YEAR: Final = 365
_PERCENT: Final = 0.01


@attrs.frozen(kw_only=True)
class OptionValue:
    """The value of one option in dollars a share, and its derivatives in the units that traders quote."""

    price: float
    delta: float  # dollars for a dollar of the underlying: 0 to 1 for calls, -1 to 0 for puts
    gamma: float  # change of delta for a dollar of the underlying
    theta: float  # dollars for a calendar day that passes
    vega: float  # dollars for one point of volatility, 0.01
    rho: float  # dollars for one point of the interest rate, 0.01


def option_price(
    kind: str,
    *,
    spot: float,
    strike: float,
    years: float,
    volatility: float,
    rate: float = RISK_FREE_RATE,
    dividend_yield: float = 0.0,
) -> float:
    """
    The value of an option, in the currency of spot and strike.

    Parameters
    ----------
    kind
        ``C`` or ``P``.
    spot, strike
        Above zero.
    years
        Left until expiration; at zero or below the value is what exercise pays.
    volatility
        A fraction a year, above zero.
    rate, dividend_yield
        Fractions a year, compounded continuously.

    Examples
    --------
    >>> round(option_price("C", spot=100.0, strike=100.0, years=1.0, volatility=0.2), 4)
    9.9251
    """
    sign = 1.0 if kind == "C" else -1.0
    if years <= 0:
        return max(0.0, sign * (spot - strike))
    share, money = spot * exp(-dividend_yield * years), strike * exp(-rate * years)
    deviation = volatility * sqrt(years)
    upper = log(share / money) / deviation + deviation / 2
    value = sign * (share * _chance(sign * upper) - money * _chance(sign * (upper - deviation)))
    return max(0.0, value)  # far from the money two equal parts may leave less than nothing


def option_value(
    kind: str,
    *,
    spot: float,
    strike: float,
    years: float,
    volatility: float,
    rate: float = RISK_FREE_RATE,
    dividend_yield: float = 0.0,
) -> OptionValue:
    """
    The price with its greeks; the parameters are those of ``option_price``.

    At expiration delta is that of what exercise pays, and nothing else moves the value.

    Examples
    --------
    >>> value = option_value("P", spot=100.0, strike=100.0, years=1.0, volatility=0.2)
    >>> round(value.price, 4), round(value.delta, 4), round(value.theta, 5)
    (6.004, -0.3821, -0.0056)
    """
    sign = 1.0 if kind == "C" else -1.0
    price = option_price(
        kind,
        spot=spot,
        strike=strike,
        years=years,
        volatility=volatility,
        rate=rate,
        dividend_yield=dividend_yield,
    )
    if years <= 0:
        delta = sign if sign * (spot - strike) > 0 else 0.0
        return OptionValue(price=price, delta=delta, gamma=0.0, theta=0.0, vega=0.0, rho=0.0)
    kept, discount = exp(-dividend_yield * years), exp(-rate * years)
    share, money = spot * kept, strike * discount
    deviation = volatility * sqrt(years)
    upper = log(share / money) / deviation + deviation / 2
    density = exp(-upper * upper / 2) / sqrt(2 * pi)
    from_share = sign * share * _chance(sign * upper)
    from_money = sign * money * _chance(sign * (upper - deviation))
    decay = share * density * volatility / (2 * sqrt(years))
    return OptionValue(
        price=price,
        delta=sign * kept * _chance(sign * upper),
        gamma=kept * density / (spot * deviation),
        theta=(dividend_yield * from_share - rate * from_money - decay) / _DAYS_A_YEAR,
        vega=share * density * sqrt(years) * _PERCENT,
        rho=from_money * years * _PERCENT,
    )


def _chance(deviations: float) -> float:
    """The normal law's chance of a value below so many deviations; exact in the tails as well."""
    return erfc(-deviations / sqrt(2)) / 2
