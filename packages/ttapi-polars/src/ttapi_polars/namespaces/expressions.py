# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The ``.tt`` namespace of expressions: the functions whose first argument is a column, as methods on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_polars import (
    drawdowns,
    implied_volatility,
    indicators,
    liquidity,
    returns,
    risk,
    rolling,
    tails,
    volatility,
)
from ttapi_polars.returns import TRADING_DAYS_PER_YEAR

if TYPE_CHECKING:
    import polars as pl

    from ttapi_polars.tails import Interpolation
    from ttapi_polars.typing import IntoExprColumn


class ExprNamespace:
    """Functions of a column, as ``pl.col("close").tt`` or ``tt(pl.col("close"))``; further columns follow."""

    def __init__(self, expr: pl.Expr) -> None:
        self._expr = expr

    def simple_return(self) -> pl.Expr:
        """As ``returns.simple``."""
        return returns.simple(self._expr)

    def log_return(self) -> pl.Expr:
        """As ``returns.log``."""
        return returns.log(self._expr)

    def total_return(self, dividend: IntoExprColumn) -> pl.Expr:
        """As ``returns.total``."""
        return returns.total(self._expr, dividend)

    def cumulative_return(self) -> pl.Expr:
        """As ``returns.cumulative``."""
        return returns.cumulative(self._expr)

    def cumulative_total_return(self, dividend: IntoExprColumn) -> pl.Expr:
        """As ``returns.cumulative_total``."""
        return returns.cumulative_total(self._expr, dividend)

    def compounded(self) -> pl.Expr:
        """As ``returns.compounded``."""
        return returns.compounded(self._expr)

    def annualised_return(self, *, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> pl.Expr:
        """As ``returns.annualised``."""
        return returns.annualised(self._expr, periods_per_year=periods_per_year)

    def drawdown(self) -> pl.Expr:
        """As ``drawdowns.drawdown``."""
        return drawdowns.drawdown(self._expr)

    def maximum_drawdown(self) -> pl.Expr:
        """As ``drawdowns.maximum_drawdown``."""
        return drawdowns.maximum_drawdown(self._expr)

    def drawdown_duration(self) -> pl.Expr:
        """As ``drawdowns.drawdown_duration``."""
        return drawdowns.drawdown_duration(self._expr)

    def longest_drawdown(self) -> pl.Expr:
        """As ``drawdowns.longest_drawdown``."""
        return drawdowns.longest_drawdown(self._expr)

    def beta(self, benchmark: IntoExprColumn) -> pl.Expr:
        """As ``risk.beta``."""
        return risk.beta(self._expr, benchmark)

    def correlation(self, other: IntoExprColumn) -> pl.Expr:
        """As ``risk.correlation``."""
        return risk.correlation(self._expr, other)

    def sharpe(self, *, risk_free: float = 0.0, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> pl.Expr:
        """As ``risk.sharpe``."""
        return risk.sharpe(self._expr, risk_free=risk_free, periods_per_year=periods_per_year)

    def sortino(
        self, *, required_return: float = 0.0, periods_per_year: float = TRADING_DAYS_PER_YEAR
    ) -> pl.Expr:
        """As ``risk.sortino``."""
        return risk.sortino(self._expr, required_return=required_return, periods_per_year=periods_per_year)

    def calmar(self, *, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> pl.Expr:
        """As ``risk.calmar``."""
        return risk.calmar(self._expr, periods_per_year=periods_per_year)

    def value_at_risk(self, *, confidence: float = 0.95, interpolation: Interpolation = "linear") -> pl.Expr:
        """As ``tails.value_at_risk``."""
        return tails.value_at_risk(self._expr, confidence=confidence, interpolation=interpolation)

    def expected_shortfall(self, *, confidence: float = 0.95) -> pl.Expr:
        """As ``tails.expected_shortfall``."""
        return tails.expected_shortfall(self._expr, confidence=confidence)

    def close_to_close(self, *, ddof: int = 1, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> pl.Expr:
        """As ``volatility.close_to_close``."""
        return volatility.close_to_close(self._expr, ddof=ddof, periods_per_year=periods_per_year)

    def parkinson(self, low: IntoExprColumn, *, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> pl.Expr:
        """As ``volatility.parkinson``."""
        return volatility.parkinson(self._expr, low, periods_per_year=periods_per_year)

    def garman_klass(
        self,
        high: IntoExprColumn,
        low: IntoExprColumn,
        close: IntoExprColumn,
        *,
        periods_per_year: float = TRADING_DAYS_PER_YEAR,
    ) -> pl.Expr:
        """As ``volatility.garman_klass``."""
        return volatility.garman_klass(self._expr, high, low, close, periods_per_year=periods_per_year)

    def rogers_satchell(
        self,
        high: IntoExprColumn,
        low: IntoExprColumn,
        close: IntoExprColumn,
        *,
        periods_per_year: float = TRADING_DAYS_PER_YEAR,
    ) -> pl.Expr:
        """As ``volatility.rogers_satchell``."""
        return volatility.rogers_satchell(self._expr, high, low, close, periods_per_year=periods_per_year)

    def yang_zhang(
        self,
        high: IntoExprColumn,
        low: IntoExprColumn,
        close: IntoExprColumn,
        *,
        periods_per_year: float = TRADING_DAYS_PER_YEAR,
    ) -> pl.Expr:
        """As ``volatility.yang_zhang``."""
        return volatility.yang_zhang(self._expr, high, low, close, periods_per_year=periods_per_year)

    def realised(self, *, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> pl.Expr:
        """As ``volatility.realised``."""
        return volatility.realised(self._expr, periods_per_year=periods_per_year)

    def ewma(self, *, decay: float = 0.94, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> pl.Expr:
        """As ``rolling.ewma``."""
        return rolling.ewma(self._expr, decay=decay, periods_per_year=periods_per_year)

    def rolling_close_to_close(
        self, *, window: int, ddof: int = 1, periods_per_year: float = TRADING_DAYS_PER_YEAR
    ) -> pl.Expr:
        """As ``rolling.close_to_close``."""
        return rolling.close_to_close(self._expr, window=window, ddof=ddof, periods_per_year=periods_per_year)

    def rolling_parkinson(
        self, low: IntoExprColumn, *, window: int, periods_per_year: float = TRADING_DAYS_PER_YEAR
    ) -> pl.Expr:
        """As ``rolling.parkinson``."""
        return rolling.parkinson(self._expr, low, window=window, periods_per_year=periods_per_year)

    def rolling_garman_klass(
        self,
        high: IntoExprColumn,
        low: IntoExprColumn,
        close: IntoExprColumn,
        *,
        window: int,
        periods_per_year: float = TRADING_DAYS_PER_YEAR,
    ) -> pl.Expr:
        """As ``rolling.garman_klass``."""
        return rolling.garman_klass(
            self._expr, high, low, close, window=window, periods_per_year=periods_per_year
        )

    def rolling_rogers_satchell(
        self,
        high: IntoExprColumn,
        low: IntoExprColumn,
        close: IntoExprColumn,
        *,
        window: int,
        periods_per_year: float = TRADING_DAYS_PER_YEAR,
    ) -> pl.Expr:
        """As ``rolling.rogers_satchell``."""
        return rolling.rogers_satchell(
            self._expr, high, low, close, window=window, periods_per_year=periods_per_year
        )

    def rolling_yang_zhang(
        self,
        high: IntoExprColumn,
        low: IntoExprColumn,
        close: IntoExprColumn,
        *,
        window: int,
        periods_per_year: float = TRADING_DAYS_PER_YEAR,
    ) -> pl.Expr:
        """As ``rolling.yang_zhang``."""
        return rolling.yang_zhang(
            self._expr, high, low, close, window=window, periods_per_year=periods_per_year
        )

    def rolling_beta(self, benchmark: IntoExprColumn, *, window: int) -> pl.Expr:
        """As ``rolling.beta``."""
        return rolling.beta(self._expr, benchmark, window=window)

    def rolling_correlation(self, other: IntoExprColumn, *, window: int) -> pl.Expr:
        """As ``rolling.correlation``."""
        return rolling.correlation(self._expr, other, window=window)

    def rolling_sharpe(
        self, *, window: int, risk_free: float = 0.0, periods_per_year: float = TRADING_DAYS_PER_YEAR
    ) -> pl.Expr:
        """As ``rolling.sharpe``."""
        return rolling.sharpe(
            self._expr, window=window, risk_free=risk_free, periods_per_year=periods_per_year
        )

    def mid(self, ask: IntoExprColumn) -> pl.Expr:
        """As ``liquidity.mid``."""
        return liquidity.mid(self._expr, ask)

    def spread(self, ask: IntoExprColumn) -> pl.Expr:
        """As ``liquidity.spread``."""
        return liquidity.spread(self._expr, ask)

    def spread_bps(self, ask: IntoExprColumn) -> pl.Expr:
        """As ``liquidity.spread_bps``."""
        return liquidity.spread_bps(self._expr, ask)

    def dollar_volume(self, volume: IntoExprColumn) -> pl.Expr:
        """As ``liquidity.dollar_volume``."""
        return liquidity.dollar_volume(self._expr, volume)

    def turnover(self, shares_outstanding: IntoExprColumn) -> pl.Expr:
        """As ``liquidity.turnover``."""
        return liquidity.turnover(self._expr, shares_outstanding)

    def amihud(self, volume: IntoExprColumn) -> pl.Expr:
        """As ``liquidity.amihud``."""
        return liquidity.amihud(self._expr, volume)

    def roll_spread(self) -> pl.Expr:
        """As ``liquidity.roll_spread``."""
        return liquidity.roll_spread(self._expr)

    def corwin_schultz(self, low: IntoExprColumn, *, close: IntoExprColumn | None = None) -> pl.Expr:
        """As ``liquidity.corwin_schultz``."""
        return liquidity.corwin_schultz(self._expr, low, close=close)

    def sma(self, *, window: int) -> pl.Expr:
        """As ``indicators.sma``."""
        return indicators.sma(self._expr, window=window)

    def ema(self, *, window: int) -> pl.Expr:
        """As ``indicators.ema``."""
        return indicators.ema(self._expr, window=window)

    def rsi(self, *, window: int = 14) -> pl.Expr:
        """As ``indicators.rsi``."""
        return indicators.rsi(self._expr, window=window)

    def macd(self, *, fast: int = 12, slow: int = 26, signal: int = 9) -> pl.Expr:
        """As ``indicators.macd``."""
        return indicators.macd(self._expr, fast=fast, slow=slow, signal=signal)

    def bollinger(self, *, window: int = 20, deviations: float = 2.0) -> pl.Expr:
        """As ``indicators.bollinger``."""
        return indicators.bollinger(self._expr, window=window, deviations=deviations)

    def true_range(self, low: IntoExprColumn, close: IntoExprColumn) -> pl.Expr:
        """As ``indicators.true_range``."""
        return indicators.true_range(self._expr, low, close)

    def atr(self, low: IntoExprColumn, close: IntoExprColumn, *, window: int = 14) -> pl.Expr:
        """As ``indicators.atr``."""
        return indicators.atr(self._expr, low, close, window=window)

    def implied_volatility(
        self,
        is_call: IntoExprColumn,
        underlying: IntoExprColumn,
        strike: IntoExprColumn,
        years: IntoExprColumn,
        *,
        rate: float | IntoExprColumn = 0.0,
        dividend_yield: float | IntoExprColumn = 0.0,
    ) -> pl.Expr:
        """As ``implied_volatility.implied_volatility``."""
        return implied_volatility.implied_volatility(
            self._expr, is_call, underlying, strike, years, rate=rate, dividend_yield=dividend_yield
        )

    def implied_volatility_reason(
        self,
        is_call: IntoExprColumn,
        underlying: IntoExprColumn,
        strike: IntoExprColumn,
        years: IntoExprColumn,
        *,
        rate: float | IntoExprColumn = 0.0,
        dividend_yield: float | IntoExprColumn = 0.0,
    ) -> pl.Expr:
        """As ``implied_volatility.implied_volatility_reason``."""
        return implied_volatility.implied_volatility_reason(
            self._expr, is_call, underlying, strike, years, rate=rate, dividend_yield=dividend_yield
        )
