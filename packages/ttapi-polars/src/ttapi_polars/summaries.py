# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What there is to say of each symbol's daily candles, all of it in one pass over them."""

from __future__ import annotations

from typing import Final

import polars as pl

from ttapi_polars import drawdowns, liquidity, returns, risk, rolling, tails, volatility
from ttapi_polars.results import in_one_piece
from ttapi_polars.returns import TRADING_DAYS_PER_YEAR

_PRICES: Final = ("open", "high", "low", "close")


def summary(
    candles: pl.LazyFrame,
    *,
    benchmark: str | None = None,
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
) -> pl.LazyFrame:
    """
    One row per symbol: its days, growth, volatilities, risk and liquidity.

    Each column is what the function of its name gives for the symbol's rows. Rows that are declared sorted
    by symbol, as ``scan`` does on evidence, stream through: collect it with ``engine="streaming"``.

    Parameters
    ----------
    candles
        Columns of ``schemas.EOD_DATA``: symbol, date, open, high, low, close and volume; the days of each
        symbol ascend.
    benchmark
        A symbol among them, for ``beta`` and ``correlation``, which are left out without it.
    periods_per_year
        Rows in a year; 252 for daily candles.

    Returns
    -------
    LazyFrame
        Sorted by symbol, ratios as Float64 where nothing else is said:

        - ``symbol``; ``first_date``, ``last_date``; ``days`` with a close, Int64; ``close``, the last one.
        - ``cumulative_return``, and a year's share of it, ``annualised_return``.
        - ``close_to_close``, ``parkinson``, ``garman_klass``, ``rogers_satchell``, ``yang_zhang``, and of
          ``ewma`` the last value: annualised volatilities.
        - ``sharpe``, ``sortino``, ``calmar``; ``value_at_risk`` and ``expected_shortfall`` of a day, at 95 %.
        - ``maximum_drawdown``; ``longest_drawdown`` in rows, Int64.
        - ``dollar_volume``, the mean of a day, in the price's currency; ``amihud``.
        - ``beta`` and ``correlation``, of daily returns, with a benchmark only.

    Examples
    --------
    >>> from datetime import date
    >>> days = pl.date_range(date(2026, 6, 1), date(2026, 6, 4), eager=True)
    >>> candles = pl.LazyFrame({"symbol": "A", "date": days, "close": [100.0, 110.0, 99.0, 121.0]})
    >>> candles = candles.with_columns(open="close", high="close", low="close", volume=1000)
    >>> found = summary(candles).select("days", "cumulative_return", "maximum_drawdown").collect()
    >>> found.with_columns(pl.col(pl.Float64).round(6)).rows()
    [(4, 0.21, -0.1)]
    """
    measures = _measures(periods_per_year)
    if benchmark is not None:
        # The few days of one symbol, beside each row; left rows keep their order, and so what is known of it.
        market = _returns_by_date(candles.filter(pl.col("symbol") == benchmark))
        candles = candles.join(market, on="date", how="left", maintain_order="left")
        measures |= {
            "beta": risk.beta(returns.simple("close"), "_market"),
            "correlation": risk.correlation(returns.simple("close"), "_market"),
        }
    return candles.group_by("symbol").agg(**measures).sort("symbol")


def _returns_by_date(candles: pl.LazyFrame) -> pl.LazyFrame:
    """
    Daily returns of one symbol, computed by a query of its own within the one that they are part of.

    Were it the same query, Polars would read the candles once for both sides of the join, and keep all of
    them in memory until the last is known not to be of this symbol.
    """
    found = candles.select("date", _market=returns.simple("close")).unique(
        "date", keep="first", maintain_order=True
    )
    return pl.defer(lambda: found.collect(engine="streaming"), schema=found.collect_schema)


def _measures(year: float) -> dict[str, pl.Expr]:
    daily = returns.simple("close")
    return {
        "first_date": pl.col("date").first(),
        "last_date": pl.col("date").last(),
        "days": pl.col("close").count().cast(pl.Int64),
        "close": pl.col("close").drop_nulls().last(),
        "cumulative_return": returns.cumulative("close").drop_nulls().last(),
        "annualised_return": returns.annualised(daily, periods_per_year=year),
        "close_to_close": volatility.close_to_close("close", periods_per_year=year),
        "parkinson": volatility.parkinson("high", "low", periods_per_year=year),
        "garman_klass": volatility.garman_klass(*_PRICES, periods_per_year=year),
        "rogers_satchell": volatility.rogers_satchell(*_PRICES, periods_per_year=year),
        "yang_zhang": volatility.yang_zhang(*_PRICES, periods_per_year=year),
        "ewma": rolling.ewma("close", periods_per_year=year).drop_nulls().last(),
        "sharpe": risk.sharpe(daily, periods_per_year=year),
        "sortino": risk.sortino(daily, periods_per_year=year),
        "calmar": risk.calmar("close", periods_per_year=year),
        "value_at_risk": tails.value_at_risk(daily),
        "expected_shortfall": tails.expected_shortfall(daily),
        "maximum_drawdown": drawdowns.maximum_drawdown("close"),
        "longest_drawdown": drawdowns.longest_drawdown("close"),
        "dollar_volume": in_one_piece(liquidity.dollar_volume("close", "volume")).mean(),
        "amihud": liquidity.amihud("close", "volume"),
    }
