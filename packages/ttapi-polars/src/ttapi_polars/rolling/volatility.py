# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Volatility on each row: of the latest rows, or of all rows so far, the newest counting most."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from ttapi_polars import range_variances, returns
from ttapi_polars.returns import TRADING_DAYS_PER_YEAR
from ttapi_polars.windows import whole

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn


def close_to_close(
    close: IntoExprColumn, *, window: int, ddof: int = 1, periods_per_year: float = TRADING_DAYS_PER_YEAR
) -> pl.Expr:
    """
    Standard deviation of the latest log returns, annualised: 0.2 is twenty percent a year.

    Parameters
    ----------
    close
        Closing prices in time order, one symbol; over several symbols add ``.over("symbol")``.
    window
        How many returns; they reach back to the close this many rows before.
    ddof
        The divisor is ``window`` less this.
    periods_per_year
        Rows in a year; 252 for daily closes.

    Returns
    -------
    Expr
        Float64, one value per row. Null on the first ``window`` rows, and where a close that the window needs
        is not a positive finite number.

    Raises
    ------
    ValueError
        When ``window`` is not greater than ``ddof``.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [100.0, 110.0, 100.0, 100.0]})
    >>> prices.select(close_to_close("close", window=2).round(6)).to_series().to_list()
    [None, None, 2.139708, 1.069854]
    """
    rows = whole("window", window, least=ddof + 1)
    return returns.log(close).rolling_std(rows, ddof=ddof) * math.sqrt(periods_per_year)


def parkinson(
    high: IntoExprColumn,
    low: IntoExprColumn,
    *,
    window: int,
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
) -> pl.Expr:
    """
    As ``volatility.parkinson``, of the latest rows.

    Parameters
    ----------
    high, low
        Highest and lowest prices in time order, one symbol; over several symbols add ``.over("symbol")``.
    window
        How many rows.
    periods_per_year
        Rows in a year; 252 for daily candles.

    Returns
    -------
    Expr
        Float64, one value per row. Null on the first ``window - 1`` rows, and while a row that does not count
        is in the window.

    Raises
    ------
    ValueError
        When ``window`` is less than 1.

    Examples
    --------
    >>> candles = pl.DataFrame({"high": [102.0, 103.0], "low": [98.0, 101.0]})
    >>> candles.select(parkinson("high", "low", window=2).round(6)).to_series().to_list()
    [None, 0.300341]
    """
    variance = _mean(range_variances.parkinson(high, low), whole("window", window, least=1))
    return (variance * periods_per_year).sqrt()


def garman_klass(
    open_: IntoExprColumn,
    high: IntoExprColumn,
    low: IntoExprColumn,
    close: IntoExprColumn,
    *,
    window: int,
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
) -> pl.Expr:
    """
    As ``volatility.garman_klass``, of the latest rows.

    Parameters
    ----------
    open_, high, low, close
        Candles in time order, one symbol; over several symbols add ``.over("symbol")``.
    window
        How many rows.
    periods_per_year
        Rows in a year; 252 for daily candles.

    Returns
    -------
    Expr
        Float64, one value per row. Null on the first ``window - 1`` rows, and while a row that does not count
        is in the window.

    Raises
    ------
    ValueError
        When ``window`` is less than 1.

    Examples
    --------
    >>> candle = pl.DataFrame({"open": [100.0], "high": [102.0], "low": [98.0], "close": [101.0]})
    >>> candle.select(garman_klass("open", "high", "low", "close", window=1).round(6)).item()
    0.438196
    """
    variance = _mean(range_variances.garman_klass(open_, high, low, close), whole("window", window, least=1))
    return (variance * periods_per_year).sqrt()


def rogers_satchell(
    open_: IntoExprColumn,
    high: IntoExprColumn,
    low: IntoExprColumn,
    close: IntoExprColumn,
    *,
    window: int,
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
) -> pl.Expr:
    """
    As ``volatility.rogers_satchell``, of the latest rows.

    Parameters
    ----------
    open_, high, low, close
        Candles in time order, one symbol; over several symbols add ``.over("symbol")``.
    window
        How many rows.
    periods_per_year
        Rows in a year; 252 for daily candles.

    Returns
    -------
    Expr
        Float64, one value per row. Null on the first ``window - 1`` rows, and while a row that does not count
        is in the window.

    Raises
    ------
    ValueError
        When ``window`` is less than 1.

    Examples
    --------
    >>> candle = pl.DataFrame({"open": [100.0], "high": [102.0], "low": [98.0], "close": [101.0]})
    >>> candle.select(rogers_satchell("open", "high", "low", "close", window=1).round(6)).item()
    0.450197
    """
    variance = _mean(
        range_variances.rogers_satchell(open_, high, low, close), whole("window", window, least=1)
    )
    return (variance * periods_per_year).sqrt()


def yang_zhang(
    open_: IntoExprColumn,
    high: IntoExprColumn,
    low: IntoExprColumn,
    close: IntoExprColumn,
    *,
    window: int,
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
) -> pl.Expr:
    """
    As ``volatility.yang_zhang``, of the latest rows.

    Parameters
    ----------
    open_, high, low, close
        Candles in time order, one symbol; over several symbols add ``.over("symbol")``.
    window
        How many rows, each with a row before it.
    periods_per_year
        Rows in a year; 252 for daily candles.

    Returns
    -------
    Expr
        Float64, one value per row. Null on the first ``window`` rows, and while a row that does not count is
        in the window.

    Raises
    ------
    ValueError
        When ``window`` is less than 2.

    Examples
    --------
    >>> candles = pl.DataFrame(
    ...     {
    ...         "open": [100.0, 101.0, 103.0],
    ...         "high": [102.0, 103.0, 104.0],
    ...         "low": [98.0, 100.0, 100.0],
    ...         "close": [101.0, 102.0, 101.0],
    ...     }
    ... )
    >>> found = candles.select(yang_zhang("open", "high", "low", "close", window=2).round(6))
    >>> found.to_series().to_list()
    [None, None, 0.364221]
    """
    rows = whole("window", window, least=2)
    terms = range_variances.overnight_terms(open_, high, low, close)
    weight = 0.34 / (1.34 + (rows + 1) / (rows - 1))
    variance = (
        terms.overnight.rolling_var(rows)
        + weight * terms.open_to_close.rolling_var(rows)
        + (1.0 - weight) * _mean(terms.within, rows)
    )
    return (variance * periods_per_year).sqrt()


def ewma(
    close: IntoExprColumn, *, decay: float = 0.94, periods_per_year: float = TRADING_DAYS_PER_YEAR
) -> pl.Expr:
    """
    Exponentially weighted volatility of all log returns so far, annualised: 0.2 is twenty percent a year.

    Parameters
    ----------
    close
        Closing prices in time order, one symbol; over several symbols add ``.over("symbol")``.
    decay
        The weight of the variance before; the newest squared return has the rest.
    periods_per_year
        Rows in a year; 252 for daily closes.

    Returns
    -------
    Expr
        Float64, one value per row: known after that row's close, and so the forecast for the next. Null on a
        row without a return, and going on after it as if that row were not there; a return counts where both
        of its prices are positive finite numbers.

    Raises
    ------
    ValueError
        When ``decay`` is not at least 0 and less than 1.

    Notes
    -----
    J.P. Morgan and Reuters 1996, RiskMetrics Technical Document, 4th edition, section 5.2: the variance is
    decay x the variance before + (1 - decay) x squared return, the mean taken for zero, 0.94 for days. It
    begins with the first squared return.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [100.0, 101.0, 100.0, None, 100.0, 103.0]})
    >>> prices.select(ewma("close").round(6)).to_series().to_list()
    [None, 0.157957, 0.157957, None, None, 0.191478]
    """
    if not 0.0 <= decay < 1.0:
        raise ValueError(f"decay is {decay}; it must be at least 0 and less than 1")
    squares = returns.log(close).pow(2)
    variance = squares.ewm_mean(alpha=1.0 - decay, adjust=False, ignore_nulls=True)
    return (variance * periods_per_year).sqrt()


def _mean(variances: pl.Expr, rows: int) -> pl.Expr:
    """
    Mean of values of which none is negative.

    What went through a rolling sum can leave a rest of either sign in it, about 2e-16 times its size: next to
    nothing, but the root of next to nothing is 1e-9. So the sum counts for nothing where no value in the
    window is above zero, which a sum of ones tells exactly.
    """
    moves = (variances > 0.0).cast(pl.Float64).rolling_sum(rows)
    return variances.rolling_mean(rows).clip(lower_bound=0.0) * moves.clip(upper_bound=1.0)
