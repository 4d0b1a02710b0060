# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
What one candle tells of a period's variance: the terms that the range estimators of volatility average.

A candle counts when its prices are positive finite numbers and possible together: no price of it lies above
its high or below its low. An adjustment by one factor for all four keeps that order, rounding included.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from ttapi_polars.columns import into_expr

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn

# The logarithms are of ratios, and their squares are powers, so that each is worked out once: of two
# expressions that are the same, Polars evaluates both.
_OF_RANGE: Final = 1.0 / (4.0 * math.log(2.0))
_OF_OPEN_TO_CLOSE: Final = 2.0 * math.log(2.0) - 1.0


class OvernightTerms(NamedTuple):
    """Yang and Zhang's terms of each row; all three are null where ``counts`` is not true."""

    counts: pl.Expr
    overnight: pl.Expr  # log return from the close of the row before to the open
    open_to_close: pl.Expr  # log return
    within: pl.Expr  # variance, as of rogers_satchell


def parkinson(high: IntoExprColumn, low: IntoExprColumn) -> pl.Expr:
    """
    Variance of each row's period from its range, ln(high / low)² / (4 ln 2).

    Examples
    --------
    >>> candles = pl.DataFrame({"high": [102.0, 99.0, 100.0], "low": [98.0, 101.0, 100.0]})
    >>> candles.select(parkinson("high", "low").round(8)).to_series().to_list()
    [0.00057723, None, 0.0]
    """
    bottom = _price(low)
    reach = _price(high) / bottom
    is_possible = (bottom > 0.0) & reach.is_between(1.0, math.inf, closed="left")
    return pl.when(is_possible).then(reach.log().pow(2) * _OF_RANGE)


def garman_klass(
    open_: IntoExprColumn, high: IntoExprColumn, low: IntoExprColumn, close: IntoExprColumn
) -> pl.Expr:
    """
    Variance of each row's period, ln(high / low)² / 2 - (2 ln 2 - 1) ln(close / open)²; never negative.

    Examples
    --------
    >>> candle = pl.DataFrame({"open": [100.0], "high": [102.0], "low": [98.0], "close": [101.0]})
    >>> candle.select(garman_klass("open", "high", "low", "close").round(8)).item()
    0.00076197
    """
    first, top, bottom, last = _price(open_), _price(high), _price(low), _price(close)
    variance = 0.5 * (top / bottom).log().pow(2) - _OF_OPEN_TO_CLOSE * (last / first).log().pow(2)
    return pl.when(_is_candle(first, top, bottom, last)).then(variance)


def rogers_satchell(
    open_: IntoExprColumn, high: IntoExprColumn, low: IntoExprColumn, close: IntoExprColumn
) -> pl.Expr:
    """
    Variance of each row's period, ln(high / close) ln(high / open) + ln(low / close) ln(low / open).

    Never negative, and zero where the price went straight from open to close.

    Examples
    --------
    >>> candle = pl.DataFrame({"open": [100.0], "high": [102.0], "low": [98.0], "close": [101.0]})
    >>> candle.select(rogers_satchell("open", "high", "low", "close").round(8)).item()
    0.00080427
    """
    first, top, bottom, last = _price(open_), _price(high), _price(low), _price(close)
    return pl.when(_is_candle(first, top, bottom, last)).then(_drift_free(first, top, bottom, last))


def overnight_terms(
    open_: IntoExprColumn, high: IntoExprColumn, low: IntoExprColumn, close: IntoExprColumn
) -> OvernightTerms:
    """
    Each row's terms of the estimator of Yang and Zhang, in time order, one symbol.

    A row counts that has a candle, as above, and a close before it that is a positive finite number.

    Examples
    --------
    >>> candles = pl.DataFrame(
    ...     {"open": [99.0, 100.0], "high": [99.0, 102.0], "low": [99.0, 98.0], "close": [99.0, 101.0]}
    ... )
    >>> for term in overnight_terms("open", "high", "low", "close"):
    ...     print(candles.select(term.cast(pl.Float64).round(8)).to_series().to_list())
    [None, 1.0]
    [None, 0.01005034]
    [None, 0.00995033]
    [None, 0.00080427]
    """
    first, top, bottom, last = _price(open_), _price(high), _price(low), _price(close)
    gap = first / last.shift(1)
    counts = _is_candle(first, top, bottom, last) & gap.is_between(0.0, math.inf, closed="none")
    return OvernightTerms(
        counts=counts,
        overnight=pl.when(counts).then(gap.log()),
        open_to_close=pl.when(counts).then((last / first).log()),
        within=pl.when(counts).then(_drift_free(first, top, bottom, last)),
    )


def _price(column: IntoExprColumn) -> pl.Expr:
    return into_expr(column).cast(pl.Float64)


def _is_candle(first: pl.Expr, top: pl.Expr, bottom: pl.Expr, last: pl.Expr) -> pl.Expr:
    """The last condition refuses what is infinite, NaN, or too far apart for a ratio."""
    return (
        (bottom > 0.0)
        & first.is_between(bottom, top)
        & last.is_between(bottom, top)
        & (top / bottom < math.inf)
    )


def _drift_free(first: pl.Expr, top: pl.Expr, bottom: pl.Expr, last: pl.Expr) -> pl.Expr:
    """
    The same as the products of the paper, with three logarithms for their four.

    With u, d and c the logarithms of high, low and close over open, u (u - c) + d (d - c) is half of
    (u - d)² + (u + d - c)² - c². The difference may come out below zero by a rounding.
    """
    reach, lean = (top / bottom).log(), (top / first * (bottom / last)).log()
    doubled = reach.pow(2) + lean.pow(2) - (last / first).log().pow(2)
    return (0.5 * doubled).clip(lower_bound=0.0)
