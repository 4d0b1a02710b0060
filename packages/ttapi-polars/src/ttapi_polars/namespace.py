# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The ``.tt`` namespaces: our functions as methods on Polars' own objects; importing this registers them."""

from __future__ import annotations

from typing import overload

import polars as pl

from ttapi_polars import adjustments, returns, volatility


@pl.api.register_expr_namespace("tt")
class ExprNamespace:
    """Functions of one column, as ``pl.col("close").tt`` or ``tt(pl.col("close"))``."""

    def __init__(self, expr: pl.Expr) -> None:
        self._expr = expr

    def simple_return(self) -> pl.Expr:
        """As ``returns.simple``."""
        return returns.simple(self._expr)

    def log_return(self) -> pl.Expr:
        """As ``returns.log``."""
        return returns.log(self._expr)

    def close_to_close(
        self, *, ddof: int = 1, periods_per_year: float = volatility.TRADING_DAYS_PER_YEAR
    ) -> pl.Expr:
        """As ``volatility.close_to_close``."""
        return volatility.close_to_close(self._expr, ddof=ddof, periods_per_year=periods_per_year)


@pl.api.register_lazyframe_namespace("tt")
class LazyFrameNamespace:
    """Queries on candles, as ``frame.tt`` or ``tt(frame)``."""

    def __init__(self, frame: pl.LazyFrame) -> None:
        self._frame = frame

    def price_dispersion(self, *, min_days: int = 30) -> pl.LazyFrame:
        """As ``volatility.price_dispersion``."""
        return volatility.price_dispersion(self._frame, min_days=min_days)

    def adjusted(self) -> pl.LazyFrame:
        """As ``adjustments.adjusted``."""
        return adjustments.adjusted(self._frame)


@pl.api.register_dataframe_namespace("tt")
class DataFrameNamespace:
    """Queries on candles in memory, as ``frame.tt`` or ``tt(frame)``; answered at once."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def price_dispersion(self, *, min_days: int = 30) -> pl.DataFrame:
        """As ``volatility.price_dispersion``."""
        return volatility.price_dispersion(self._frame.lazy(), min_days=min_days).collect()

    def adjusted(self) -> pl.DataFrame:
        """As ``adjustments.adjusted``."""
        return adjustments.adjusted(self._frame)


@overload
def tt(subject: pl.Expr) -> ExprNamespace: ...
@overload
def tt(subject: pl.LazyFrame) -> LazyFrameNamespace: ...
@overload
def tt(subject: pl.DataFrame) -> DataFrameNamespace: ...
def tt(
    subject: pl.Expr | pl.LazyFrame | pl.DataFrame,
) -> ExprNamespace | LazyFrameNamespace | DataFrameNamespace:
    """
    What ``.tt`` gives, in a way that type checkers see.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [100.0, 110.0]})
    >>> prices.select(tt(pl.col("close")).simple_return().round(6)).to_series().to_list()
    [None, 0.1]
    >>> prices.select(pl.col("close").tt.simple_return().round(6)).to_series().to_list()
    [None, 0.1]
    """
    if isinstance(subject, pl.Expr):
        return ExprNamespace(subject)
    if isinstance(subject, pl.LazyFrame):
        return LazyFrameNamespace(subject)
    return DataFrameNamespace(subject)
