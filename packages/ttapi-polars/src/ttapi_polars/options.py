# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Prices and greeks of European options after Black, Scholes and Merton, as plain expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ttapi_polars.columns import finite
from ttapi_polars.normal import density, distribution, mills_ratio
from ttapi_polars.option_terms import not_negative, present_values

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn

_CERTAIN = 40.0  # standard deviations: beyond them the normal law says 0 or 1


def price(
    is_call: IntoExprColumn,
    underlying: IntoExprColumn,
    strike: IntoExprColumn,
    years: IntoExprColumn,
    volatility: IntoExprColumn,
    *,
    rate: float | IntoExprColumn = 0.0,
    dividend_yield: float | IntoExprColumn = 0.0,
) -> pl.Expr:
    """
    Price of a European option.

    Parameters
    ----------
    is_call
        Boolean: true for a call, false for a put.
    underlying, strike
        Positive prices in one currency.
    years
        Time to expiration in years, 0 or more: calendar days over 365.
    volatility
        Annualised, 0 or more: 0.2 is twenty percent a year.
    rate, dividend_yield
        Continuously compounded, a year: 0.05 is five percent. A number for all rows, or a column. With both
        equal, the underlying is a future (Black 1976).

    Returns
    -------
    Expr
        Float64, in the currency of the underlying and for one share of it, one value per row, named
        ``price``. At expiration, and where volatility is 0, what exercise is worth, discounted. Null where an
        input is missing, not finite or impossible.

    Notes
    -----
    Black and Scholes 1973, The Pricing of Options and Corporate Liabilities, J. Political Economy 81(3), with
    Merton's dividends (1973, Theory of Rational Option Pricing, Bell J. Economics 4(1)). Of call and put at
    one strike, the one out of the money is computed, in Mills' ratio as in ``implied_volatility``, and the
    other follows by parity: neither is the small difference of large numbers. Early exercise, which American
    options have, is worth more than this at times.

    Examples
    --------
    The example of Hull, Options, Futures, and Other Derivatives: a call is worth 4.76 and a put 0.81.

    >>> options = pl.DataFrame({"is_call": [True, False], "underlying": 42.0, "strike": 40.0, "years": 0.5})
    >>> call_and_put = price("is_call", "underlying", "strike", "years", pl.lit(0.2), rate=0.1)
    >>> options.select(call_and_put.round(2)).to_series().to_list()
    [4.76, 0.81]
    """
    held, owed = pl.field("held"), pl.field("owed")
    d1, d2, near, far = (pl.field(name) for name in ("d1", "d2", "near", "far"))
    one_sided = d1 * d2 >= 0.0
    tails = mills_ratio(near) - pl.when(one_sided).then(1.0).otherwise(-1.0) * mills_ratio(far)
    terms = (
        _terms(is_call, underlying, strike, years, volatility, rate=rate, dividend_yield=dividend_yield)
        .struct.with_fields(
            near=pl.min_horizontal(d1.abs(), d2.abs()).clip(upper_bound=_CERTAIN),
            far=pl.max_horizontal(d1.abs(), d2.abs()).clip(upper_bound=_CERTAIN),
        )
        .struct.with_fields(share=density(near) * tails)
    )
    share = pl.when(one_sided).then(pl.field("share")).otherwise(1.0 - pl.field("share"))
    time_value = (pl.min_horizontal(held, owed) * share).clip(0.0)
    intrinsic = (pl.field("sign") * (held - owed)).clip(0.0)
    return _result(terms, price=time_value + intrinsic)


def delta(
    is_call: IntoExprColumn,
    underlying: IntoExprColumn,
    strike: IntoExprColumn,
    years: IntoExprColumn,
    volatility: IntoExprColumn,
    *,
    rate: float | IntoExprColumn = 0.0,
    dividend_yield: float | IntoExprColumn = 0.0,
) -> pl.Expr:
    """
    Change of the price per 1.00 of the underlying: from 0 to 1 for a call, from -1 to 0 for a put.

    Parameters
    ----------
    is_call, underlying, strike, years, volatility, rate, dividend_yield
        As for ``price``.

    Returns
    -------
    Expr
        Float64, one value per row, named ``delta``. At expiration, and where volatility is 0, its limit: all
        or nothing, and half where forward and strike are equal. Null where ``price`` is.

    Notes
    -----
    Hull, Options, Futures, and Other Derivatives, chapter on the Greek letters; here and in the functions
    below.

    Examples
    --------
    >>> options = pl.DataFrame(
    ...     {"is_call": [True, False], "underlying": 49.0, "strike": 50.0, "years": 0.3846}
    ... )
    >>> options.select(
    ...     delta("is_call", "underlying", "strike", "years", pl.lit(0.2), rate=0.05).round(3)
    ... ).to_series().to_list()
    [0.522, -0.478]
    """
    terms = _terms(is_call, underlying, strike, years, volatility, rate=rate, dividend_yield=dividend_yield)
    sign = pl.field("sign")
    share = distribution(sign * pl.field("d1"))
    return _result(terms, delta=sign * share * pl.field("held") / pl.field("underlying"))


def gamma(
    is_call: IntoExprColumn,
    underlying: IntoExprColumn,
    strike: IntoExprColumn,
    years: IntoExprColumn,
    volatility: IntoExprColumn,
    *,
    rate: float | IntoExprColumn = 0.0,
    dividend_yield: float | IntoExprColumn = 0.0,
) -> pl.Expr:
    """
    Change of delta per 1.00 of the underlying; the same for call and put.

    Parameters
    ----------
    is_call, underlying, strike, years, volatility, rate, dividend_yield
        As for ``price``.

    Returns
    -------
    Expr
        Float64, one value per row, named ``gamma``. At expiration, and where volatility is 0, its limit: 0,
        and null where forward and strike are equal, as it is infinite there. Null where ``price`` is.

    Examples
    --------
    >>> options = pl.DataFrame({"is_call": [True], "underlying": 49.0, "strike": 50.0, "years": 0.3846})
    >>> options.select(
    ...     gamma("is_call", "underlying", "strike", "years", pl.lit(0.2), rate=0.05).round(3)
    ... ).item()
    0.066
    """
    terms = _terms(is_call, underlying, strike, years, volatility, rate=rate, dividend_yield=dividend_yield)
    return _result(terms, gamma=pl.field("held") * _peak() / pl.field("underlying").pow(2))


def vega(
    is_call: IntoExprColumn,
    underlying: IntoExprColumn,
    strike: IntoExprColumn,
    years: IntoExprColumn,
    volatility: IntoExprColumn,
    *,
    rate: float | IntoExprColumn = 0.0,
    dividend_yield: float | IntoExprColumn = 0.0,
) -> pl.Expr:
    """
    Change of the price per 1.00 of volatility; the same for call and put.

    Traders quote it per percentage point: a hundredth of this.

    Parameters
    ----------
    is_call, underlying, strike, years, volatility, rate, dividend_yield
        As for ``price``.

    Returns
    -------
    Expr
        Float64, in the currency of the underlying, one value per row, named ``vega``. At expiration 0; where
        volatility is 0, its limit. Null where ``price`` is.

    Examples
    --------
    >>> options = pl.DataFrame({"is_call": [True], "underlying": 49.0, "strike": 50.0, "years": 0.3846})
    >>> options.select(
    ...     vega("is_call", "underlying", "strike", "years", pl.lit(0.2), rate=0.05).round(1)
    ... ).item()
    12.1
    """
    terms = _terms(is_call, underlying, strike, years, volatility, rate=rate, dividend_yield=dividend_yield)
    return _result(terms, vega=pl.field("held") * density(pl.field("d1")) * pl.field("years").sqrt())


def theta(
    is_call: IntoExprColumn,
    underlying: IntoExprColumn,
    strike: IntoExprColumn,
    years: IntoExprColumn,
    volatility: IntoExprColumn,
    *,
    rate: float | IntoExprColumn = 0.0,
    dividend_yield: float | IntoExprColumn = 0.0,
) -> pl.Expr:
    """
    Change of the price per year that passes, all else unchanged: mostly negative.

    Traders quote it per calendar day: this over 365.

    Parameters
    ----------
    is_call, underlying, strike, years, volatility, rate, dividend_yield
        As for ``price``.

    Returns
    -------
    Expr
        Float64, in the currency of the underlying, one value per row, named ``theta``. At expiration, and
        where volatility is 0, its limit; null there where forward and strike are equal. Null where ``price``
        is.

    Examples
    --------
    >>> options = pl.DataFrame({"is_call": [True], "underlying": 49.0, "strike": 50.0, "years": 0.3846})
    >>> options.select(
    ...     theta("is_call", "underlying", "strike", "years", pl.lit(0.2), rate=0.05).round(2)
    ... ).item()
    -4.31
    """
    terms = _terms(is_call, underlying, strike, years, volatility, rate=rate, dividend_yield=dividend_yield)
    sign = pl.field("sign")
    decay = pl.field("held") * _peak() * pl.field("volatility").pow(2) / 2.0
    interest = pl.field("rate") * pl.field("owed") * distribution(sign * pl.field("d2"))
    dividends = pl.field("dividend_yield") * pl.field("held") * distribution(sign * pl.field("d1"))
    return _result(terms, theta=sign * (dividends - interest) - decay)


def rho(
    is_call: IntoExprColumn,
    underlying: IntoExprColumn,
    strike: IntoExprColumn,
    years: IntoExprColumn,
    volatility: IntoExprColumn,
    *,
    rate: float | IntoExprColumn = 0.0,
    dividend_yield: float | IntoExprColumn = 0.0,
) -> pl.Expr:
    """
    Change of the price per 1.00 of the rate; positive for a call, negative for a put.

    Traders quote it per percentage point: a hundredth of this.

    Parameters
    ----------
    is_call, underlying, strike, years, volatility, rate, dividend_yield
        As for ``price``.

    Returns
    -------
    Expr
        Float64, in the currency of the underlying, one value per row, named ``rho``. At expiration 0; where
        volatility is 0, its limit. Null where ``price`` is.

    Examples
    --------
    >>> options = pl.DataFrame({"is_call": [True], "underlying": 49.0, "strike": 50.0, "years": 0.3846})
    >>> options.select(
    ...     rho("is_call", "underlying", "strike", "years", pl.lit(0.2), rate=0.05).round(2)
    ... ).item()
    8.91
    """
    terms = _terms(is_call, underlying, strike, years, volatility, rate=rate, dividend_yield=dividend_yield)
    sign = pl.field("sign")
    share = distribution(sign * pl.field("d2"))
    return _result(terms, rho=sign * share * pl.field("owed") * pl.field("years"))


def _terms(
    is_call: IntoExprColumn,
    underlying: IntoExprColumn,
    strike: IntoExprColumn,
    years: IntoExprColumn,
    volatility: IntoExprColumn,
    *,
    rate: float | IntoExprColumn,
    dividend_yield: float | IntoExprColumn,
) -> pl.Expr:
    """The present values, and where the strike lies in the law of the underlying at expiration: d1 and d2."""
    deviation, drift = pl.field("deviation"), pl.field("drift")
    middle = pl.when(deviation > 0.0).then(drift / deviation).otherwise(drift.sign() * _CERTAIN)
    root_of_years = pl.when(pl.field("sign").is_not_null()).then(pl.field("years").sqrt())
    return (
        present_values(
            is_call,
            underlying,
            strike,
            years,
            rate=rate,
            dividend_yield=dividend_yield,
            volatility=volatility,
        )
        .struct.with_fields(
            deviation=not_negative(pl.field("volatility")) * root_of_years,
            drift=pl.field("distance") * (pl.field("held") - pl.field("owed")).sign(),
        )
        .struct.with_fields(d1=middle + deviation / 2.0, d2=middle - deviation / 2.0)
    )


def _peak() -> pl.Expr:
    """Density at d1 over the deviation: it has no limit where both of its ways to nothing meet."""
    deviation = pl.field("deviation")
    return (
        pl.when(deviation > 0.0)
        .then(density(pl.field("d1")) / deviation)
        .when((deviation == 0.0) & (pl.field("distance") > 0.0))
        .then(0.0)
    )


def _result(terms: pl.Expr, **named: pl.Expr) -> pl.Expr:
    (name,) = named
    no_negative_zero = finite(pl.field(name)) + 0.0
    return (
        terms.struct.with_fields(**named).struct.with_fields(no_negative_zero.alias(name)).struct.field(name)
    )
