# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What returns were earned for what risk, one value for all rows: ratios, and movement with a benchmark."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from ttapi_polars.columns import finite, positive
from ttapi_polars.drawdowns import maximum_drawdown
from ttapi_polars.results import beyond_rounding, deviation, one_finite_or_null
from ttapi_polars.returns import TRADING_DAYS_PER_YEAR

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn


def beta(returns: IntoExprColumn, benchmark: IntoExprColumn) -> pl.Expr:
    """
    How much returns move for each move of a benchmark's: their covariance over its variance.

    Parameters
    ----------
    returns, benchmark
        Returns of the same periods, in any order, one symbol; for several, ``group_by("symbol")`` or
        ``.over("symbol")``.

    Returns
    -------
    Expr
        Float64, one value. Rows count where both are finite numbers; null with fewer than two, and where the
        benchmark's are all the same.

    Notes
    -----
    Sharpe 1964, Capital Asset Prices, J. Finance 19(3); the slope of the least squares line.

    Examples
    --------
    >>> rows = pl.DataFrame({"mine": [0.02, -0.04, 0.06, None], "index": [0.01, -0.02, 0.03, 0.5]})
    >>> rows.select(beta("mine", "index").round(6)).item()
    2.0
    """
    mine, market = finite(returns), finite(benchmark)
    # Of each pair only once more than needed: what is aggregated twice is computed twice.
    of_pairs = pl.when(mine.is_not_null()).then(market)
    return one_finite_or_null(pl.cov(mine, market) / beyond_rounding(of_pairs.std(), market.mean()) ** 2)


def correlation(returns: IntoExprColumn, other: IntoExprColumn) -> pl.Expr:
    """
    Pearson's correlation of two columns of returns, from -1 to 1.

    Parameters
    ----------
    returns, other
        Returns of the same periods, in any order, one symbol; for several, ``group_by("symbol")`` or
        ``.over("symbol")``. For all pairs of symbols there is ``correlations.correlation_matrix``.

    Returns
    -------
    Expr
        Float64, one value. Rows count where both are finite numbers; null with fewer than two, and where all
        of one side are the same.

    Examples
    --------
    >>> rows = pl.DataFrame({"mine": [0.02, -0.04, 0.06, None], "index": [-0.01, 0.02, -0.03, 0.5]})
    >>> rows.select(correlation("mine", "index").round(6)).item()
    -1.0
    """
    mine, others = finite(returns), finite(other)
    of_mine, of_others = (pl.when(o.is_not_null()).then(e) for e, o in ((mine, others), (others, mine)))
    deviations = beyond_rounding(of_mine.std(), mine.mean()) * beyond_rounding(of_others.std(), others.mean())
    return one_finite_or_null((pl.cov(mine, others) / deviations).clip(-1.0, 1.0))


def sharpe(
    returns: IntoExprColumn, *, risk_free: float = 0.0, periods_per_year: float = TRADING_DAYS_PER_YEAR
) -> pl.Expr:
    """
    Mean return above the risk-free rate over the standard deviation of returns, annualised.

    Parameters
    ----------
    returns
        Returns as ratios, in any order, one symbol; for several, ``group_by("symbol")`` or
        ``.over("symbol")``.
    risk_free
        Rate of a year, as a ratio; a period has this over ``periods_per_year``.
    periods_per_year
        Rows in a year; 252 for daily returns.

    Returns
    -------
    Expr
        Float64, one value. Returns that are null, NaN or infinite are left out; null with fewer than two
        others, and where they are all the same.

    Notes
    -----
    Sharpe 1994, The Sharpe Ratio, J. Portfolio Management 21(1), equations 3 to 6, the deviation having
    divisor n - 1; times the root of ``periods_per_year``, which takes returns for independent.

    Examples
    --------
    >>> rows = pl.DataFrame({"return": [0.01, None, 0.02, 0.03]})
    >>> rows.select(sharpe("return", risk_free=0.01, periods_per_year=1).round(6)).item()
    1.0
    """
    usable = finite(returns)
    excess = usable.mean() - risk_free / periods_per_year
    return one_finite_or_null(excess / deviation(usable) * math.sqrt(periods_per_year))


def sortino(
    returns: IntoExprColumn, *, required_return: float = 0.0, periods_per_year: float = TRADING_DAYS_PER_YEAR
) -> pl.Expr:
    """
    Mean return above the required one over the deviation of what fell short of it, annualised.

    Parameters
    ----------
    returns
        Returns as ratios, in any order, one symbol; for several, ``group_by("symbol")`` or
        ``.over("symbol")``.
    required_return
        Return of a year, as a ratio; a period has to earn this over ``periods_per_year``.
    periods_per_year
        Rows in a year; 252 for daily returns.

    Returns
    -------
    Expr
        Float64, one value. Returns that are null, NaN or infinite are left out; null with fewer than two
        others, and where none fell short.

    Notes
    -----
    Sortino and Price 1994, Performance Measurement in a Downside Risk Framework, J. Investing 3(3). The
    downside deviation is the root of the mean of squared shortfalls over all returns, those that were no
    shortfall counting as 0; times the root of ``periods_per_year``.

    Examples
    --------
    >>> rows = pl.DataFrame({"return": [0.03, None, -0.01, 0.01, 0.01]})
    >>> rows.select(sortino("return", periods_per_year=1).round(6)).item()
    2.0
    """
    usable, required = finite(returns), required_return / periods_per_year
    mean = usable.mean()
    downside = ((usable - required).clip(upper_bound=0.0) ** 2).mean().sqrt()
    ratio = (mean - required) / beyond_rounding(downside, mean) * math.sqrt(periods_per_year)
    return pl.when(usable.count() > 1).then(one_finite_or_null(ratio))


def calmar(price: IntoExprColumn, *, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> pl.Expr:
    """
    Growth in a year over the deepest loss from a peak: 2.0 is twenty percent a year at a loss of ten.

    Parameters
    ----------
    price
        Prices in time order, one symbol; for several, ``group_by("symbol")`` or ``.over("symbol")``. Returns
        are to be compounded first: ``1 + returns.compounded("return")``, without the unit they began with.
    periods_per_year
        Rows in a year; 252 for daily prices.

    Returns
    -------
    Expr
        Float64, one value: compound growth from the first price to the last, annualised, over the size of
        ``drawdowns.maximum_drawdown``. Rows without a price that is a positive finite number count as time
        if they lie between. Null where no price is below one before it.

    Notes
    -----
    Young 1991, Calmar Ratio: A Smoother Tool, Futures 20(1). He takes the last 36 months; here the rows given
    are the window.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [100.0, 110.0, None, 88.0, 121.0]})
    >>> prices.select(calmar("close", periods_per_year=4).round(6)).item()
    1.05
    """
    usable, row = positive(price), pl.int_range(pl.len())
    row_of_price = pl.when(usable.is_not_null()).then(row)
    # Not divided by a number: of one row alone Polars divides, of several it multiplies by the reciprocal.
    years = (row_of_price.max() - row_of_price.min()) * (1.0 / periods_per_year)
    grown = usable.last(ignore_nulls=True) / usable.first(ignore_nulls=True)
    loss = -maximum_drawdown(price).replace(0.0, None).first()
    return one_finite_or_null((grown ** (1.0 / years) - 1.0) / loss)
