# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Volatility from candles against the papers' formulas in plain Python, and against known random walks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from test_ttapi_polars.plain_volatility import FULL_SAMPLE, PLAIN, PRICES, SPX, alike, candle_frame
from ttapi_polars import volatility

if TYPE_CHECKING:
    from test_ttapi_polars.plain_volatility import Candle

NAMES = pytest.mark.parametrize("name", list(FULL_SAMPLE))
ENGINES = pytest.mark.parametrize("engine", ["streaming", "in-memory"])
NAN, INFINITY = float("nan"), float("inf")
TRUE_VOLATILITY = 0.3


@NAMES
def test_real_candles_have_the_volatility_of_the_papers(name: str) -> None:
    """The same numbers from loops."""
    found = candle_frame(SPX).select(FULL_SAMPLE[name]).item()
    assert found == pytest.approx(PLAIN[name](SPX)[1], rel=1e-12)


@NAMES
def test_the_year_may_have_other_periods(name: str) -> None:
    """Weekly candles have 52."""
    function = getattr(volatility, name)
    prices = ("high", "low") if name == "parkinson" else PRICES
    daily, weekly = candle_frame(SPX).select(
        function(*prices).alias("daily"), function(*prices, periods_per_year=52).alias("weekly")
    )
    assert weekly.item() / daily.item() == pytest.approx(math.sqrt(52 / 252), rel=1e-12)


@ENGINES
@NAMES
def test_each_symbol_has_its_own_volatility(name: str, engine: pl._typing.EngineType) -> None:
    """In a group and over a column alike, whatever stands next to it."""
    other: list[Candle] = [(price, 2.0 * price, 0.5 * price, 1.1 * price) for price in (3.0, 5.0, 4.0, 9.0)]
    candles = {"B": SPX, "A": other}
    frame = pl.concat([candle_frame(rows, symbol) for symbol, rows in candles.items()]).lazy()
    expected = {symbol: PLAIN[name](rows)[1] for symbol, rows in candles.items()}
    expression = FULL_SAMPLE[name].alias("found")
    grouped = frame.group_by("symbol").agg(expression).collect(engine=engine)
    over = frame.select("symbol", expression.over("symbol")).unique().collect(engine=engine)
    assert dict(grouped.iter_rows()) == pytest.approx(expected, rel=1e-12)
    assert dict(over.iter_rows()) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "bad",
    [
        (None, 3.0, 1.0, 2.0),
        (2.0, None, 1.0, 2.0),
        (2.0, 3.0, None, 2.0),
        (2.0, 3.0, 1.0, None),
        (NAN, 3.0, 1.0, 2.0),
        (2.0, NAN, 1.0, 2.0),
        (2.0, 3.0, NAN, 2.0),
        (2.0, 3.0, 1.0, NAN),
        (2.0, INFINITY, 1.0, 2.0),
        (INFINITY, INFINITY, INFINITY, INFINITY),
        (2.0, 3.0, -INFINITY, 2.0),
        (0.0, 3.0, 0.0, 2.0),
        (-2.0, -1.0, -3.0, -2.0),
        (0.0, 0.0, 0.0, 0.0),
    ],
)
@NAMES
def test_a_candle_without_usable_prices_does_not_count(name: str, bad: Candle) -> None:
    """At the beginning, between others, at the end; its close, if it is a price, stays the close before."""
    candles = [bad, *SPX[:5], bad, *SPX[5:], bad]
    found = candle_frame(candles).select(FULL_SAMPLE[name]).item()
    assert found == pytest.approx(PLAIN[name](candles)[1], rel=1e-12)
    assert math.isfinite(found)


@pytest.mark.parametrize(
    "impossible", [(2.0, 1.0, 3.0, 2.0), (4.0, 3.0, 1.0, 2.0), (2.0, 3.0, 1.0, 4.0), (0.5, 3.0, 1.0, 2.0)]
)
@pytest.mark.parametrize("name", ["garman_klass", "rogers_satchell", "yang_zhang"])
def test_an_impossible_candle_does_not_count(name: str, impossible: Candle) -> None:
    """High below low, or open or close outside: no root of a negative number is taken."""
    assert candle_frame([impossible] * 9).select(FULL_SAMPLE[name]).item() is None
    candles = [*SPX, impossible]
    found = candle_frame(candles).select(FULL_SAMPLE[name]).item()
    assert found == pytest.approx(PLAIN[name](SPX)[1], rel=1e-12)


def test_a_high_below_its_low_has_no_range() -> None:
    """Its logarithm squared would look like one."""
    frame = pl.DataFrame({"high": [1.0, 2.0], "low": [2.0, 2.0]})
    assert frame.select(FULL_SAMPLE["parkinson"]).item() == 0.0


@pytest.mark.parametrize("candles", [[], [SPX[0]], [(None,) * 4] * 5, [(NAN,) * 4] * 5])
@NAMES
def test_too_few_candles_have_no_volatility(name: str, candles: list[Candle]) -> None:
    """Null, neither zero nor NaN; one candle is enough for all but Yang and Zhang."""
    found = candle_frame(candles).select(FULL_SAMPLE[name]).item()
    assert alike([found], [PLAIN[name](candles)[1]])
    assert (found is not None) == (candles == [SPX[0]] and name != "yang_zhang")


@NAMES
def test_prices_that_never_move_have_a_volatility_of_zero(name: str) -> None:
    """Exactly."""
    assert candle_frame([(0.1, 0.1, 0.1, 0.1)] * 9).select(FULL_SAMPLE[name]).item() == 0.0


@pytest.mark.parametrize("dtype", [pl.Float32, pl.Int64, pl.UInt8])
@NAMES
def test_any_number_is_a_price(name: str, dtype: type[pl.DataType]) -> None:
    """Narrow ones are widened before anything is worked out."""
    candles: list[Candle] = [(10, 12, 9, 11), (11, 14, 10, 10), (12, 12, 8, 9), (9, 13, 9, 12)]
    frame = candle_frame(candles).with_columns(pl.col(PRICES).cast(dtype))
    assert frame.select(FULL_SAMPLE[name]).item() == pytest.approx(PLAIN[name](candles)[1], rel=1e-12)


def walks(*, paths: int, days: int, drift: float = 0.0, overnight: float = 0.0) -> pl.DataFrame:
    """Candles of geometric Brownian motion, a thousand steps a day; drift by day, deviation by night."""
    generator, steps = np.random.default_rng(1980), 1000
    daily = TRUE_VOLATILITY / math.sqrt(252)
    moves = generator.normal(drift / steps, daily / math.sqrt(steps), (paths * days, steps))
    within = np.cumsum(moves, axis=1)
    nights = generator.normal(0.0, overnight, paths * days)
    opens = np.cumsum(np.concatenate([[0.0], within[:-1, -1]]) + nights)
    log_prices = {
        "open": opens,
        "high": opens + np.maximum(within.max(axis=1), 0.0),
        "low": opens + np.minimum(within.min(axis=1), 0.0),
        "close": opens + within[:, -1],
    }
    # In logarithms as in prices: adding and max keep open and close within the range.
    frame = pl.DataFrame({name: 100.0 * np.exp(values) for name, values in log_prices.items()})
    return frame.with_columns(symbol=pl.int_range(pl.len()) // days)


def estimated(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per path, a column per estimator."""
    estimators = {**FULL_SAMPLE, "close_to_close": volatility.close_to_close("close")}
    return frame.group_by("symbol").agg(**estimators).drop("symbol")


def test_range_estimators_find_the_true_volatility_and_scatter_less() -> None:
    """
    All within five percent of it, and in the order of efficiency that the papers derive.

    A thousand steps miss a day's extremes by 2 x 0.58 standard deviations of a step (Broadie, Glasserman and
    Kou 1997), 2.3 percent of the mean range. The papers have variances 4.9 (Parkinson), 6.0 (Rogers and
    Satchell) and 7.4 (Garman and Klass) times smaller than that of the classical estimator.
    """
    found = estimated(walks(paths=150, days=20))
    means = found.mean().row(0, named=True)
    assert means == pytest.approx(dict.fromkeys(found.columns, TRUE_VOLATILITY), rel=0.05)
    scatter = found.std().row(0, named=True)
    assert scatter["parkinson"] < scatter["close_to_close"] / 1.6
    assert scatter["rogers_satchell"] < scatter["close_to_close"] / 1.8
    assert scatter["garman_klass"] < min(scatter["parkinson"], scatter["close_to_close"] / 2.0)
    assert scatter["yang_zhang"] < scatter["close_to_close"] / 1.8


def test_a_drift_misleads_parkinson_but_not_rogers_and_satchell() -> None:
    """Two percent a day, about as much as a day's deviation."""
    means = estimated(walks(paths=50, days=20, drift=0.02)).mean().row(0, named=True)
    assert means["rogers_satchell"] == pytest.approx(TRUE_VOLATILITY, rel=0.08)
    assert means["yang_zhang"] == pytest.approx(TRUE_VOLATILITY, rel=0.08)
    assert means["parkinson"] > 1.1 * TRUE_VOLATILITY


def test_only_yang_and_zhang_see_the_nights() -> None:
    """Nights as volatile as days: the whole is the root of two times as much."""
    nights = TRUE_VOLATILITY / math.sqrt(252)
    means = estimated(walks(paths=50, days=20, overnight=nights)).mean().row(0, named=True)
    assert means["yang_zhang"] == pytest.approx(TRUE_VOLATILITY * math.sqrt(2), rel=0.08)
    assert means["rogers_satchell"] == pytest.approx(TRUE_VOLATILITY, rel=0.08)
