# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How much prices vary, one value for all rows: volatility from closes, candles or ticks, and dispersion."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from ttapi_polars import range_variances, returns
from ttapi_polars.results import in_one_piece
from ttapi_polars.returns import TRADING_DAYS_PER_YEAR

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn


def close_to_close(
    close: IntoExprColumn, *, ddof: int = 1, periods_per_year: float = TRADING_DAYS_PER_YEAR
) -> pl.Expr:
    """
    Standard deviation of log returns, annualised: 0.2 is twenty percent a year.

    Parameters
    ----------
    close
        Closing prices in time order, one symbol; for several, ``group_by("symbol")`` or ``.over("symbol")``.
    ddof
        The divisor is the number of returns less this: 1 to estimate from a sample, 0 to describe them all.
    periods_per_year
        Rows in a year; 252 for daily closes.

    Returns
    -------
    Expr
        Float64, one value. Null without more than ``ddof`` returns; a return counts where both of its prices
        are positive finite numbers.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [100.0, 110.0, 100.0]})
    >>> prices.select(close_to_close("close").round(6)).item()
    2.139708
    """
    return returns.log(close).std(ddof=ddof) * math.sqrt(periods_per_year)


def parkinson(
    high: IntoExprColumn, low: IntoExprColumn, *, periods_per_year: float = TRADING_DAYS_PER_YEAR
) -> pl.Expr:
    """
    Volatility from the range of each period, annualised: 0.2 is twenty percent a year.

    Parameters
    ----------
    high, low
        Highest and lowest prices of each period, in any order, one symbol; for several,
        ``group_by("symbol")`` or ``.over("symbol")``.
    periods_per_year
        Rows in a year; 252 for daily candles.

    Returns
    -------
    Expr
        Float64, one value. A row counts where both prices are positive finite numbers and high is not below
        low; null without one.

    Notes
    -----
    Parkinson 1980, The Extreme Value Method for Estimating the Variance of the Rate of Return, J. Business
    53(1): the root of the mean of ln(high / low)² / (4 ln 2). Moves overnight, from close to open, are not in
    it, and a drift biases it upwards.

    Examples
    --------
    >>> candles = pl.DataFrame({"high": [102.0, 103.0], "low": [98.0, 101.0]})
    >>> candles.select(parkinson("high", "low").round(6)).item()
    0.300341
    """
    return _mean_annualised(range_variances.parkinson(high, low), periods_per_year)


def garman_klass(
    open_: IntoExprColumn,
    high: IntoExprColumn,
    low: IntoExprColumn,
    close: IntoExprColumn,
    *,
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
) -> pl.Expr:
    """
    Volatility from range and open-to-close return of each period, annualised: 0.2 is twenty percent a year.

    Parameters
    ----------
    open_, high, low, close
        Candles in any order, one symbol; for several, ``group_by("symbol")`` or ``.over("symbol")``.
    periods_per_year
        Rows in a year; 252 for daily candles.

    Returns
    -------
    Expr
        Float64, one value. A row counts where all four prices are positive finite numbers and none lies above
        high or below low; null without one.

    Notes
    -----
    Garman and Klass 1980, On the Estimation of Security Price Volatilities from Historical Data, J. Business
    53(1): of their estimators the fifth, the practical one, the root of the mean of
    ln(high / low)² / 2 - (2 ln 2 - 1) ln(close / open)². Moves overnight are not in it, and a drift biases it
    upwards.

    Examples
    --------
    >>> candle = pl.DataFrame({"open": [100.0], "high": [102.0], "low": [98.0], "close": [101.0]})
    >>> candle.select(garman_klass("open", "high", "low", "close").round(6)).item()
    0.438196
    """
    return _mean_annualised(range_variances.garman_klass(open_, high, low, close), periods_per_year)


def rogers_satchell(
    open_: IntoExprColumn,
    high: IntoExprColumn,
    low: IntoExprColumn,
    close: IntoExprColumn,
    *,
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
) -> pl.Expr:
    """
    Volatility from the candle of each period whatever the drift, annualised: 0.2 is twenty percent a year.

    Parameters
    ----------
    open_, high, low, close
        Candles in any order, one symbol; for several, ``group_by("symbol")`` or ``.over("symbol")``.
    periods_per_year
        Rows in a year; 252 for daily candles.

    Returns
    -------
    Expr
        Float64, one value. A row counts where all four prices are positive finite numbers and none lies above
        high or below low; null without one.

    Notes
    -----
    Rogers and Satchell 1991, Estimating Variance from High, Low and Closing Prices, Ann. Appl. Probab. 1(4):
    the root of the mean of ln(high / close) ln(high / open) + ln(low / close) ln(low / open). Moves overnight
    are not in it.

    Examples
    --------
    >>> candle = pl.DataFrame({"open": [100.0], "high": [102.0], "low": [98.0], "close": [101.0]})
    >>> candle.select(rogers_satchell("open", "high", "low", "close").round(6)).item()
    0.450197
    """
    return _mean_annualised(range_variances.rogers_satchell(open_, high, low, close), periods_per_year)


def yang_zhang(
    open_: IntoExprColumn,
    high: IntoExprColumn,
    low: IntoExprColumn,
    close: IntoExprColumn,
    *,
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
) -> pl.Expr:
    """
    Volatility from candles, moves overnight included and whatever the drift, annualised.

    Parameters
    ----------
    open_, high, low, close
        Candles in time order, one symbol; for several, ``group_by("symbol")`` or ``.over("symbol")``.
    periods_per_year
        Rows in a year; 252 for daily candles.

    Returns
    -------
    Expr
        Float64, one value. A row counts where all four prices and the close of the row before are positive
        finite numbers, and no price of the row lies above its high or below its low; null without two.

    Notes
    -----
    Yang and Zhang 2000, Drift-Independent Volatility Estimation Based on High, Low, Open, and Close Prices,
    J. Business 73(3): the root of V(overnight) + k V(open to close) + (1 - k) V(Rogers and Satchell), where
    the first two are variances of log returns with divisor n - 1, k = 0.34 / (1.34 + (n + 1) / (n - 1)), and
    n is the number of rows that count.

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
    >>> candles.select(yang_zhang("open", "high", "low", "close").round(6)).item()
    0.364221
    """
    terms = range_variances.overnight_terms(open_, high, low, close)
    # k V(open to close) + (1 - k) V(Rogers and Satchell) in a form that has n only once.
    spread, within = terms.open_to_close.var(ddof=0), terms.within.mean()
    daily = (0.34 * spread + 2.0 * within) / (2.34 - 0.34 / terms.counts.sum())
    return _annualised(terms.overnight.var() + daily, periods_per_year)


def realised(price: IntoExprColumn, *, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> pl.Expr:
    """
    Volatility that prices within one span of time have shown, annualised: 0.2 is twenty percent a year.

    For each day, ``group_by("symbol", "date").agg(realised("close"))``.

    Parameters
    ----------
    price
        Prices of one span in time order, such as the closes of a day's five-minute candles.
    periods_per_year
        Such spans, not rows, in a year; 252 for trading days.

    Returns
    -------
    Expr
        Float64, one value. Null without a return; a return counts where both of its prices are positive
        finite numbers.

    Notes
    -----
    Andersen and Bollerslev 1998, Answering the Skeptics: Yes, Standard Volatility Models Do Provide Accurate
    Forecasts, Int. Econ. Rev. 39(4): the root of the sum of squared log returns, no mean taken off. What
    happens before the first price, overnight, is not in it.

    Examples
    --------
    >>> day = pl.DataFrame({"close": [100.0, 101.0, 100.0]})
    >>> day.select(realised("close").round(6)).item()
    0.223384
    """
    squares = returns.log(price).pow(2)
    return _annualised(squares.mean() * squares.count(), periods_per_year)


def _mean_annualised(variances: pl.Expr, periods_per_year: float) -> pl.Expr:
    return _annualised(in_one_piece(variances).mean(), periods_per_year)


def _annualised(variance: pl.Expr, periods_per_year: float) -> pl.Expr:
    return (variance * periods_per_year).sqrt()


def price_dispersion(frame: pl.LazyFrame, *, min_days: int = 30) -> pl.LazyFrame:
    """
    Per symbol: population standard deviation and mean of close, and how many days they rest on.

    Parameters
    ----------
    frame
        Candles with columns symbol and close, in any order. Rows declared sorted by symbol, as
        ``scan`` does on evidence, are aggregated several times faster.
    min_days
        Only symbols with more days than this are given.

    Returns
    -------
    LazyFrame
        ``symbol``; ``close_std``, with divisor n, and ``close_mean``, both in the price's currency; ``days``,
        the number of closes, Int64. Sorted by symbol. A null close is no day; NaN or an infinity, which the
        lake never holds, makes its symbol's figures NaN or infinite. Collect with ``engine="streaming"``.

    Examples
    --------
    >>> candles = pl.LazyFrame({"symbol": ["A", "A", "A", "B"], "close": [1.0, 3.0, None, 7.0]})
    >>> price_dispersion(candles, min_days=1).collect().rows()
    [('A', 1.0, 2.0, 2)]
    """
    close, days = in_one_piece(pl.col("close")), pl.col("close").count()
    return (
        frame.group_by("symbol")
        .agg(
            # Of one null alone Polars would give a deviation of zero.
            pl.when(days > 0).then(close.std(ddof=0)).alias("close_std"),
            close.mean().alias("close_mean"),
            days.cast(pl.Int64).alias("days"),
        )
        .filter(pl.col("days") > min_days)
        .sort("symbol")
    )
