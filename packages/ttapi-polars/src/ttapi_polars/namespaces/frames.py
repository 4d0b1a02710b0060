# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The ``.tt`` namespaces of frames: queries on candles and chains, lazy on lazy frames, else at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_polars import (
    adjustments,
    correlations,
    option_chains,
    per_symbol,
    resampling,
    summaries,
    volatility,
    volatility_cones,
)
from ttapi_polars.returns import TRADING_DAYS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from ttapi_polars.typing import IntoExprColumn


class LazyFrameNamespace:
    """Queries, as ``frame.tt`` or ``tt(frame)``."""

    def __init__(self, frame: pl.LazyFrame) -> None:
        self._frame = frame

    def select_per_symbol(self, *columns: IntoExprColumn, **named: IntoExprColumn) -> pl.LazyFrame:
        """As ``per_symbol.select``."""
        return per_symbol.select(self._frame, *columns, **named)

    def summary(
        self, *, benchmark: str | None = None, periods_per_year: float = TRADING_DAYS_PER_YEAR
    ) -> pl.LazyFrame:
        """As ``summaries.summary``."""
        return summaries.summary(self._frame, benchmark=benchmark, periods_per_year=periods_per_year)

    def price_dispersion(self, *, min_days: int = 30) -> pl.LazyFrame:
        """As ``volatility.price_dispersion``."""
        return volatility.price_dispersion(self._frame, min_days=min_days)

    def volatility_cone(
        self,
        *,
        windows: Sequence[int] = volatility_cones.WINDOWS,
        ddof: int = 1,
        periods_per_year: float = TRADING_DAYS_PER_YEAR,
    ) -> pl.LazyFrame:
        """As ``volatility_cones.volatility_cone``."""
        return volatility_cones.volatility_cone(
            self._frame, windows=windows, ddof=ddof, periods_per_year=periods_per_year
        )

    def correlation_matrix(
        self, *, column: IntoExprColumn = "return", symbol: str = "symbol", date: str = "date"
    ) -> pl.DataFrame:
        """As ``correlations.correlation_matrix``."""
        return correlations.correlation_matrix(self._frame, column=column, symbol=symbol, date=date)

    def adjusted(self) -> pl.LazyFrame:
        """As ``adjustments.adjusted``."""
        return adjustments.adjusted(self._frame)

    def weekly(self) -> pl.LazyFrame:
        """As ``resampling.weekly``."""
        return resampling.weekly(self._frame)

    def monthly(self) -> pl.LazyFrame:
        """As ``resampling.monthly``."""
        return resampling.monthly(self._frame)

    def intraday(self, trading_days: pl.DataFrame | pl.LazyFrame, *, minutes: int) -> pl.LazyFrame:
        """As ``resampling.intraday``."""
        return resampling.intraday(self._frame, trading_days, minutes=minutes)

    def at_the_money_term_structure(
        self, *, rate: float | IntoExprColumn = 0.0, dividend_yield: float | IntoExprColumn = 0.0
    ) -> pl.LazyFrame:
        """As ``option_chains.at_the_money_term_structure``."""
        return option_chains.at_the_money_term_structure(
            self._frame, rate=rate, dividend_yield=dividend_yield
        )

    def skew(
        self,
        *,
        delta: float = 0.25,
        rate: float | IntoExprColumn = 0.0,
        dividend_yield: float | IntoExprColumn = 0.0,
    ) -> pl.LazyFrame:
        """As ``option_chains.skew``."""
        return option_chains.skew(self._frame, delta=delta, rate=rate, dividend_yield=dividend_yield)


class DataFrameNamespace:
    """The same queries on a frame in memory, as ``frame.tt`` or ``tt(frame)``; answered at once."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame
        self._lazy = LazyFrameNamespace(frame.lazy())

    def select_per_symbol(self, *columns: IntoExprColumn, **named: IntoExprColumn) -> pl.DataFrame:
        """As ``per_symbol.select``."""
        return self._lazy.select_per_symbol(*columns, **named).collect()

    def summary(
        self, *, benchmark: str | None = None, periods_per_year: float = TRADING_DAYS_PER_YEAR
    ) -> pl.DataFrame:
        """As ``summaries.summary``."""
        return self._lazy.summary(benchmark=benchmark, periods_per_year=periods_per_year).collect()

    def price_dispersion(self, *, min_days: int = 30) -> pl.DataFrame:
        """As ``volatility.price_dispersion``."""
        return self._lazy.price_dispersion(min_days=min_days).collect()

    def volatility_cone(
        self,
        *,
        windows: Sequence[int] = volatility_cones.WINDOWS,
        ddof: int = 1,
        periods_per_year: float = TRADING_DAYS_PER_YEAR,
    ) -> pl.DataFrame:
        """As ``volatility_cones.volatility_cone``."""
        return self._lazy.volatility_cone(
            windows=windows, ddof=ddof, periods_per_year=periods_per_year
        ).collect()

    def correlation_matrix(
        self, *, column: IntoExprColumn = "return", symbol: str = "symbol", date: str = "date"
    ) -> pl.DataFrame:
        """As ``correlations.correlation_matrix``."""
        return self._lazy.correlation_matrix(column=column, symbol=symbol, date=date)

    def adjusted(self) -> pl.DataFrame:
        """As ``adjustments.adjusted``."""
        return self._lazy.adjusted().collect()

    def weekly(self) -> pl.DataFrame:
        """As ``resampling.weekly``."""
        return self._lazy.weekly().collect()

    def monthly(self) -> pl.DataFrame:
        """As ``resampling.monthly``."""
        return self._lazy.monthly().collect()

    def intraday(self, trading_days: pl.DataFrame | pl.LazyFrame, *, minutes: int) -> pl.DataFrame:
        """As ``resampling.intraday``."""
        return self._lazy.intraday(trading_days, minutes=minutes).collect()

    def at_the_money_term_structure(
        self, *, rate: float | IntoExprColumn = 0.0, dividend_yield: float | IntoExprColumn = 0.0
    ) -> pl.DataFrame:
        """As ``option_chains.at_the_money_term_structure``."""
        return self._lazy.at_the_money_term_structure(rate=rate, dividend_yield=dividend_yield).collect()

    def skew(
        self,
        *,
        delta: float = 0.25,
        rate: float | IntoExprColumn = 0.0,
        dividend_yield: float | IntoExprColumn = 0.0,
    ) -> pl.DataFrame:
        """As ``option_chains.skew``."""
        return self._lazy.skew(delta=delta, rate=rate, dividend_yield=dividend_yield).collect()
