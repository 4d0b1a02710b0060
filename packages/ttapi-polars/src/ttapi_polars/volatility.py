# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How much prices vary: volatility from closes, and the dispersion of closes per symbol."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from ttapi_polars import returns

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn

TRADING_DAYS_PER_YEAR = 252


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


def price_dispersion(frame: pl.LazyFrame, *, min_days: int = 30) -> pl.LazyFrame:
    """
    Per symbol: population standard deviation and mean of close, and how many days they rest on.

    Parameters
    ----------
    frame
        Candles with columns symbol and close, in any order. Rows declared sorted by symbol, as
        ``lake_files.scan`` does on evidence, are aggregated several times faster.
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
    close = pl.col("close")
    return (
        frame.group_by("symbol")
        .agg(
            close.std(ddof=0).alias("close_std"),
            close.mean().alias("close_mean"),
            close.count().cast(pl.Int64).alias("days"),
        )
        .filter(pl.col("days") > min_days)
        .sort("symbol")
    )
