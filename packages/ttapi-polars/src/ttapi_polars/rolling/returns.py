# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Latest returns against a benchmark's, another's, or their own deviation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from ttapi_polars.columns import finite
from ttapi_polars.results import finite_or_null
from ttapi_polars.returns import TRADING_DAYS_PER_YEAR
from ttapi_polars.windows import whole

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn


def beta(returns: IntoExprColumn, benchmark: IntoExprColumn, *, window: int) -> pl.Expr:
    """
    How much the latest returns have moved for each move of a benchmark's: covariance over its variance.

    Parameters
    ----------
    returns, benchmark
        Returns of the same periods in time order, one symbol; over several symbols add ``.over("symbol")``.
    window
        How many pairs of returns.

    Returns
    -------
    Expr
        Float64, one value per row. Null on the first ``window - 1`` rows, while a return that is null, NaN or
        infinite is in the window, and where the benchmark's returns are all the same.

    Raises
    ------
    ValueError
        When ``window`` is less than 2.

    Notes
    -----
    Sharpe 1964, Capital Asset Prices, J. Finance 19(3); the slope of the least squares line.

    Examples
    --------
    >>> rows = pl.DataFrame({"mine": [0.02, -0.04, 0.06, 0.02], "index": [0.01, -0.02, 0.03, 0.03]})
    >>> rows.select(beta("mine", "index", window=2).round(6)).to_series().to_list()
    [None, 2.0, 2.0, None]
    """
    rows = whole("window", window, least=2)
    mine, other = finite(returns), finite(benchmark)
    covariance = pl.rolling_cov(mine, other, window_size=rows)
    return _quotient(covariance, other.rolling_var(rows))


def correlation(returns: IntoExprColumn, other: IntoExprColumn, *, window: int) -> pl.Expr:
    """
    Pearson's correlation of the latest returns, from -1 to 1.

    Parameters
    ----------
    returns, other
        Returns of the same periods in time order, one symbol; over several symbols add ``.over("symbol")``.
    window
        How many pairs of returns.

    Returns
    -------
    Expr
        Float64, one value per row. Null on the first ``window - 1`` rows, while a return that is null, NaN or
        infinite is in the window, and where the returns of one side are all the same.

    Raises
    ------
    ValueError
        When ``window`` is less than 2.

    Examples
    --------
    >>> rows = pl.DataFrame({"mine": [0.02, -0.04, 0.06, 0.02], "index": [0.01, -0.02, 0.03, 0.03]})
    >>> rows.select(correlation("mine", "index", window=3).round(6)).to_series().to_list()
    [None, None, 1.0, 0.917663]
    """
    rows = whole("window", window, least=2)
    mine, others = finite(returns), finite(other)
    covariance = pl.rolling_cov(mine, others, window_size=rows)
    deviations = mine.rolling_std(rows) * others.rolling_std(rows)
    return _quotient(covariance, deviations).clip(-1.0, 1.0)


def sharpe(
    returns: IntoExprColumn,
    *,
    window: int,
    risk_free: float = 0.0,
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
) -> pl.Expr:
    """
    Mean of the latest returns above the risk-free rate over their standard deviation, annualised.

    Parameters
    ----------
    returns
        Returns in time order, one symbol; over several symbols add ``.over("symbol")``.
    window
        How many returns.
    risk_free
        Rate of a year, as a ratio; a period has this over ``periods_per_year``.
    periods_per_year
        Rows in a year; 252 for daily returns.

    Returns
    -------
    Expr
        Float64, one value per row. Null on the first ``window - 1`` rows, while a return that is null, NaN or
        infinite is in the window, and where all its returns are the same.

    Raises
    ------
    ValueError
        When ``window`` is less than 2.

    Notes
    -----
    Sharpe 1994, The Sharpe Ratio, J. Portfolio Management 21(1), the ex post ratio, times the root of
    ``periods_per_year``; the deviation's divisor is ``window - 1``.

    Examples
    --------
    >>> rows = pl.DataFrame({"return": [0.01, 0.02, 0.03, 0.03]})
    >>> rows.select(sharpe("return", window=2).round(6)).to_series().to_list()
    [None, 33.674916, 56.124861, None]
    """
    rows = whole("window", window, least=2)
    mine = finite(returns)
    excess = mine.rolling_mean(rows) - risk_free / periods_per_year
    return _quotient(excess, mine.rolling_std(rows)) * math.sqrt(periods_per_year)


def _quotient(dividend: pl.Expr, divisor: pl.Expr) -> pl.Expr:
    """Null where there is none: by zero, or of returns so extreme that their squares are not finite."""
    return finite_or_null(dividend / divisor.replace(math.inf, None))
