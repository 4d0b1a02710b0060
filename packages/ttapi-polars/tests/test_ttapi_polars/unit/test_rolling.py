# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Rolling statistics against pandas, TA-Lib, arch, empyrical and plain Python."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import empyrical
import numpy as np
import pandas as pd
import polars as pl
import pytest
import talib
from arch.univariate import EWMAVariance

from test_ttapi_polars.plain_volatility import (
    PLAIN,
    PRICES,
    SPX,
    alike,
    candle_frame,
    plain_rolling,
    rolled,
    rolled_returns,
    values,
)
from test_ttapi_polars.values import COMP
from ttapi_polars import returns, rolling

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from test_ttapi_polars.plain_volatility import Candle

NAN, INFINITY = float("nan"), float("inf")
ENGINES = pytest.mark.parametrize("engine", ["streaming", "in-memory"])
WINDOW = 4


def everything(window: int) -> dict[str, pl.Expr]:
    """All functions of the module over one window, on the columns of ``market``."""
    return {
        **rolled(window),
        "close_to_close": rolling.close_to_close("close", window=window),
        "ewma": rolling.ewma("close"),
        **rolled_returns(window),
    }


EVERYTHING = everything(WINDOW)
NAMES = pytest.mark.parametrize("name", list(EVERYTHING))


def market(candles: Sequence[Candle], closes: Sequence[float | None], symbol: str = "A") -> pl.DataFrame:
    """Candles, their returns and those of a benchmark."""
    benchmark = pl.Series("benchmark", closes, dtype=pl.Float64)
    frame = candle_frame(candles, symbol).with_columns(benchmark)
    return frame.with_columns(returns.simple("benchmark"), returns.simple("close").alias("return"))


def missing(series: pd.Series[float]) -> list[float | None]:
    """As pandas has them, with None for what is not there."""
    return [None if math.isnan(value) else value for value in series]


@pytest.mark.parametrize("window", [2, 3, 12])
@pytest.mark.parametrize("name", list(PLAIN))
def test_candles_of_each_window_have_the_volatility_of_the_papers(name: str, window: int) -> None:
    """Each window worked out by itself, in loops."""
    assert alike(values(candle_frame(SPX), rolled(window)[name]), plain_rolling(name, SPX, window))


@pytest.mark.parametrize("ddof", [0, 1])
def test_close_to_close_is_what_pandas_rolls(ddof: int) -> None:
    """Its rolling std of log returns."""
    log_returns = np.log(pd.Series(COMP)).diff()
    expected = missing(log_returns.rolling(WINDOW).std(ddof=ddof) * math.sqrt(252))
    found = values(pl.DataFrame({"close": COMP}), rolling.close_to_close("close", window=WINDOW, ddof=ddof))
    assert alike(found, expected, rel=1e-9)
    assert found.index(found[WINDOW]) == WINDOW


def test_ewma_is_the_variance_of_arch() -> None:
    """Whose value of a row is the forecast that was known the row before."""
    log_returns = np.diff(np.log(COMP))
    forecasts = EWMAVariance(lam=0.94).compute_variance(
        np.empty(0),
        np.append(log_returns, 0.0),
        np.zeros(len(COMP)),
        log_returns[0] ** 2,
        np.array([[0.0, np.inf]] * len(COMP)),
    )
    found = values(pl.DataFrame({"close": COMP}), rolling.ewma("close"))
    assert alike(found, [None, *np.sqrt(forecasts[1:] * 252)])


@pytest.mark.parametrize("decay", [0.0, 0.5, 0.97])
def test_ewma_carries_its_variance_over_gaps(decay: float) -> None:
    """Null without a return; then on as if the gap were not there."""
    closes = [None, 1.0, 2.0, None, NAN, 2.0, 3.0, 0.0, INFINITY, 5.0, 4.0]
    first, second, third = (math.log(ratio) ** 2 for ratio in (2.0 / 1.0, 3.0 / 2.0, 4.0 / 5.0))
    later = decay * first + (1 - decay) * second
    last = decay * later + (1 - decay) * third
    variances = [None, None, first, None, None, None, later, None, None, None, last]
    expected = [None if variance is None else math.sqrt(variance * 52) for variance in variances]
    frame = pl.DataFrame({"close": closes})
    found = values(frame, rolling.ewma("close", decay=decay, periods_per_year=52))
    assert alike(found, expected)


def test_beta_is_what_ta_lib_and_pandas_find() -> None:
    """TA-Lib makes the returns itself, and takes the benchmark first."""
    frame = market(SPX, COMP)
    found = values(frame, EVERYTHING["beta"])
    closes = frame["close"].to_numpy()
    assert alike(found, missing(pd.Series(talib.BETA(np.array(COMP), closes, timeperiod=WINDOW))), rel=1e-9)
    mine, other = pd.Series(closes).pct_change(), pd.Series(COMP).pct_change()
    assert alike(found, missing(mine.rolling(WINDOW).cov(other) / other.rolling(WINDOW).var()), rel=1e-9)


def test_correlation_is_what_ta_lib_and_pandas_find() -> None:
    """Of the returns that both are given."""
    frame = market(SPX, COMP)
    mine, other = (frame[name].to_numpy()[1:] for name in ("return", "benchmark"))
    found = values(frame.slice(1), EVERYTHING["correlation"])
    assert alike(found, missing(pd.Series(talib.CORREL(mine, other, timeperiod=WINDOW))), rel=1e-9)
    assert alike(found, missing(pd.Series(mine).rolling(WINDOW).corr(pd.Series(other))), rel=1e-9)


@pytest.mark.parametrize("risk_free", [0.0, 0.05])
def test_sharpe_is_what_empyrical_finds_in_each_window(risk_free: float) -> None:
    """It takes the risk-free rate of a day."""
    frame = market(SPX, COMP).slice(1)
    found = values(frame, rolling.sharpe("return", window=WINDOW, risk_free=risk_free))
    mine = frame["return"].to_numpy()
    expected = [
        float(empyrical.sharpe_ratio(mine[end - WINDOW : end], risk_free=risk_free / 252))
        for end in range(WINDOW, len(mine) + 1)
    ]
    assert alike(found, [*[None] * (WINDOW - 1), *expected], rel=1e-9)


@ENGINES
@NAMES
def test_each_symbol_has_its_own_windows(name: str, engine: pl._typing.EngineType) -> None:
    """Over a column and in a group alike: none reaches back into the symbol before."""
    frames = [market(SPX, COMP, "B"), market(SPX[::-1], COMP[::-1], "A"), market(SPX[:3], COMP[:3], "C")]
    alone = [value for frame in frames for value in values(frame, EVERYTHING[name])]
    lazy, expression = pl.concat(frames).lazy(), EVERYTHING[name].alias("found")
    over = lazy.select(expression.over("symbol")).collect(engine=engine)
    grouped = lazy.group_by("symbol", maintain_order=True).agg(expression).explode("found")
    assert alike(over["found"].to_list(), alone)
    assert alike(grouped.collect(engine=engine)["found"].to_list(), alone)


@pytest.mark.parametrize("bad", [None, NAN, INFINITY, 0.0, -1.0])
@pytest.mark.parametrize("name", sorted({*PLAIN, "close_to_close"}))
def test_a_window_with_a_missing_price_has_no_value(name: str, bad: float | None) -> None:
    """It has one again as soon as the gap has left it."""
    candles = [*SPX[:6], (bad, bad, bad, bad), *SPX[6:]]
    found = values(candle_frame(candles), EVERYTHING[name])
    needs_close_before = name in {"yang_zhang", "close_to_close"}
    first = WINDOW - 1 + needs_close_before
    gap = range(6, 6 + WINDOW + needs_close_before)
    assert [row for row, value in enumerate(found) if value is None] == [*range(first), *gap]
    if name in PLAIN:
        assert alike(found, plain_rolling(name, candles, WINDOW))


@pytest.mark.parametrize("side", ["return", "benchmark"])
@pytest.mark.parametrize("bad", [None, NAN, INFINITY, -INFINITY])
@pytest.mark.parametrize("name", ["beta", "correlation", "sharpe"])
def test_a_window_with_a_missing_return_has_no_value(name: str, bad: float | None, side: str) -> None:
    """On whichever side it is missing."""
    frame = market(SPX, COMP).slice(1)
    is_gap = pl.int_range(pl.len()) == 5
    holed = frame.with_columns(pl.when(is_gap).then(pl.lit(bad, pl.Float64)).otherwise(side).alias(side))
    found, whole = values(holed, EVERYTHING[name]), values(frame, EVERYTHING[name])
    touched = range(5, 5 + WINDOW) if (name, side) != ("sharpe", "benchmark") else range(0)
    assert alike(found, [None if row in touched else value for row, value in enumerate(whole)])


@pytest.mark.parametrize("rows", [0, 1, WINDOW - 1])
@NAMES
def test_fewer_rows_than_a_window_have_no_value(name: str, rows: int) -> None:
    """Only the weighted mean of all returns so far has one with the first of them."""
    found = values(market(SPX[:rows], COMP[:rows]), EVERYTHING[name])
    assert [value is None for value in found] == [name != "ewma" or row == 0 for row in range(rows)]


@pytest.mark.parametrize("dtype", [pl.Float32, pl.Int64])
@NAMES
def test_any_number_is_taken(name: str, dtype: type[pl.DataType]) -> None:
    """Narrow ones are widened before anything is worked out."""
    narrow = market(SPX, COMP).with_columns(
        pl.col(PRICES).cast(dtype), (pl.col("return", "benchmark") * 1000).cast(dtype)
    )
    found = values(narrow, EVERYTHING[name])
    assert alike(
        found, values(narrow.with_columns(pl.selectors.numeric().cast(pl.Float64)), EVERYTHING[name])
    )
    assert sum(value is not None for value in found) > WINDOW


@pytest.mark.parametrize(
    ("function", "least"),
    [
        (lambda window: rolling.close_to_close("close", window=window), 2),
        (lambda window: rolling.close_to_close("close", window=window, ddof=0), 1),
        (lambda window: rolling.parkinson("high", "low", window=window), 1),
        (lambda window: rolling.garman_klass(*PRICES, window=window), 1),
        (lambda window: rolling.rogers_satchell(*PRICES, window=window), 1),
        (lambda window: rolling.yang_zhang(*PRICES, window=window), 2),
        (lambda window: rolling.beta("return", "benchmark", window=window), 2),
        (lambda window: rolling.correlation("return", "benchmark", window=window), 2),
        (lambda window: rolling.sharpe("return", window=window), 2),
    ],
)
def test_a_window_that_never_has_a_value_is_refused(function: Callable[[int], pl.Expr], least: int) -> None:
    """And the shortest that can have one is taken."""
    with pytest.raises(
        ValueError, match=f"window is {least - 1}; it must be a whole number of at least {least}"
    ):
        function(least - 1)
    assert values(market(SPX, COMP), function(least))[-1] is not None


@pytest.mark.parametrize("decay", [-0.1, 1.0, NAN])
def test_a_decay_that_forgets_nothing_or_more_than_all_is_refused(decay: float) -> None:
    """Its variance would never change, or be negative."""
    with pytest.raises(ValueError, match="it must be at least 0 and less than 1"):
        rolling.ewma("close", decay=decay)
