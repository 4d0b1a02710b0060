# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The summary has each symbol's own figures, as its rows alone would give them."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ttapi_polars import drawdowns, liquidity, returns, risk, rolling, tails, volatility
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.summaries import summary

PRICES = ("open", "high", "low", "close")


def candles(symbols: int = 3, days: int = 60) -> pl.DataFrame:
    """Random walks; the later ones are shorter, and have a hole."""
    generator = np.random.default_rng(5)
    frames = []
    for number in range(symbols):
        count = days - 7 * number
        close = 100.0 * np.exp(np.cumsum(generator.normal(0.0, 0.02, count)))
        frame = pl.DataFrame({"close": close}).with_columns(
            symbol=pl.lit(f"S{number}"),
            date=pl.Series([date(2026, 1, 1) + timedelta(days=7 * number + day) for day in range(count)]),
            open=pl.col("close") * (1.0 + pl.Series(generator.normal(0.0, 0.005, count))),
            volume=pl.Series(generator.integers(0, 10_000, count)),
        )
        frames.append(
            frame.with_columns(
                high=pl.max_horizontal("open", "close") * 1.01, low=pl.min_horizontal("open", "close") * 0.99
            )
        )
    return pl.concat(frames)


ALONE = {
    "first_date": pl.col("date").min(),
    "last_date": pl.col("date").max(),
    "days": pl.col("close").count().cast(pl.Int64),
    "close": pl.col("close").last(),
    "cumulative_return": returns.cumulative("close").last(),
    "annualised_return": returns.annualised(returns.simple("close"), periods_per_year=52),
    "close_to_close": volatility.close_to_close("close", periods_per_year=52),
    "parkinson": volatility.parkinson("high", "low", periods_per_year=52),
    "garman_klass": volatility.garman_klass(*PRICES, periods_per_year=52),
    "rogers_satchell": volatility.rogers_satchell(*PRICES, periods_per_year=52),
    "yang_zhang": volatility.yang_zhang(*PRICES, periods_per_year=52),
    "ewma": rolling.ewma("close", periods_per_year=52).last(),
    "sharpe": risk.sharpe(returns.simple("close"), periods_per_year=52),
    "sortino": risk.sortino(returns.simple("close"), periods_per_year=52),
    "calmar": risk.calmar("close", periods_per_year=52),
    "value_at_risk": tails.value_at_risk(returns.simple("close")),
    "expected_shortfall": tails.expected_shortfall(returns.simple("close")),
    "maximum_drawdown": drawdowns.maximum_drawdown("close"),
    "longest_drawdown": drawdowns.longest_drawdown("close"),
    "dollar_volume": liquidity.dollar_volume("close", "volume").mean(),
    "amihud": liquidity.amihud("close", "volume"),
}


@pytest.mark.parametrize("engine", ["streaming", "in-memory"])
@pytest.mark.parametrize("is_declared_sorted", [True, False])
def test_each_symbol_is_summed_up_alone(engine: pl._typing.EngineType, *, is_declared_sorted: bool) -> None:
    """All columns, whatever the engine and the order of symbols."""
    frame = candles()
    lazy = frame.lazy().set_sorted("symbol") if is_declared_sorted else frame.sort("date").lazy()
    found = summary(lazy, periods_per_year=52).collect(engine=engine)
    expected = pl.concat(
        frame.filter(symbol=symbol).select(pl.lit(symbol).alias("symbol"), **ALONE)
        for symbol in ("S0", "S1", "S2")
    )
    assert_frame_equal(found, expected, check_dtypes=True)


def test_a_benchmark_is_met_on_common_days() -> None:
    """NumPy's slope and correlation over the days that both have returns for."""
    frame = candles()
    found = summary(frame.lazy(), benchmark="S1").collect(engine="streaming")
    wide = frame.pivot(on="symbol", index="date", values="close")
    daily = wide.select(returns.simple(symbol) for symbol in ("S0", "S1", "S2"))
    for number, symbol in enumerate(("S0", "S1", "S2")):
        pair = daily.select(mine=symbol, market="S1").drop_nulls().to_numpy()
        assert found["beta"][number] == pytest.approx(np.polyfit(pair[:, 1], pair[:, 0], 1)[0], rel=1e-9)
        correlation = np.corrcoef(pair[:, 0], pair[:, 1])[0, 1]
        assert found["correlation"][number] == pytest.approx(correlation, rel=1e-9)


def test_without_rows_there_is_no_symbol() -> None:
    """The columns are the same, and those of a benchmark that is not there are null."""
    found = summary(EOD_DATA.empty().lazy(), benchmark="SPY").collect()
    assert found.columns == ["symbol", *ALONE, "beta", "correlation"]
    assert found.is_empty()
    lonely = summary(candles(1).lazy(), benchmark="SPY").collect()
    assert lonely.select("beta", "correlation").row(0) == (None, None)
