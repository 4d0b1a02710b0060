# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Volatility cones against numpy, symbol by symbol and window by window."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from test_ttapi_polars.plain_volatility import alike
from ttapi_polars.volatility_cones import WINDOWS, volatility_cone

NAN = float("nan")
ENGINES = pytest.mark.parametrize("engine", ["streaming", "in-memory"])
COLUMNS = ["lowest", "lower_quartile", "median", "upper_quartile", "highest", "latest"]
SCHEMA = {"symbol": pl.String, "window": pl.Int64} | dict.fromkeys(COLUMNS, pl.Float64)


def walk(days: int, seed: int) -> list[float]:
    """Closes of a random walk whose volatility changes slowly."""
    generator = np.random.default_rng(seed)
    scale = 0.01 * (1.5 + np.sin(np.arange(days) / 40.0))
    closes: list[float] = (100.0 * np.exp(np.cumsum(generator.normal(0.0, scale)))).round(2).tolist()
    return closes


def candles(closes: dict[str, list[float]]) -> pl.DataFrame:
    """Symbol by symbol."""
    frames = [pl.DataFrame({"symbol": symbol, "close": prices}) for symbol, prices in closes.items()]
    return pl.concat(frames)


def by_numpy(closes: list[float], window: int, *, ddof: int = 1, periods: int = 252) -> list[float]:
    """The six figures of a line."""
    log_returns = np.diff(np.log(closes))
    windows = np.lib.stride_tricks.sliding_window_view(log_returns, window)
    volatilities = windows.std(axis=1, ddof=ddof) * math.sqrt(periods)
    return [*np.quantile(volatilities, [0.0, 0.25, 0.5, 0.75, 1.0]), volatilities[-1]]


@ENGINES
def test_each_line_of_each_cone_is_what_numpy_finds(engine: pl._typing.EngineType) -> None:
    """Of two symbols, in five windows, sorted by both."""
    closes = {"MSFT": walk(600, 1), "AAPL": walk(400, 2)}
    found = volatility_cone(candles(closes).lazy()).collect(engine=engine)
    assert found.schema == SCHEMA
    assert found.select("symbol", "window").rows() == [
        (symbol, window) for symbol in ("AAPL", "MSFT") for window in WINDOWS
    ]
    for symbol, window, *figures in found.rows():
        assert alike(figures, by_numpy(closes[symbol], window), rel=1e-9)


def test_windows_divisor_and_periods_are_the_callers() -> None:
    """Windows come in the order of their length, not of their digits or of the argument."""
    closes = walk(150, 3)
    frame = candles({"A": closes}).lazy()
    found = volatility_cone(frame, windows=[100, 5, 20], ddof=0, periods_per_year=52).collect()
    assert found["window"].to_list() == [5, 20, 100]
    for _, window, *figures in found.rows():
        assert alike(figures, by_numpy(closes, window, ddof=0, periods=52), rel=1e-9)


@ENGINES
def test_symbols_may_lie_anywhere_while_their_own_days_ascend(engine: pl._typing.EngineType) -> None:
    """Rows by day give what rows by symbol give."""
    by_symbol = candles({"B": walk(80, 4), "A": walk(80, 5)})
    by_day = by_symbol.with_columns(day=pl.int_range(pl.len()).over("symbol")).sort("day", "symbol")
    found, expected = (volatility_cone(frame.lazy(), windows=[5, 20]) for frame in (by_day, by_symbol))
    assert found.collect(engine=engine).equals(expected.collect(engine=engine))


@ENGINES
def test_a_window_longer_than_the_history_has_null_figures(engine: pl._typing.EngineType) -> None:
    """The line is there, beside those that have figures."""
    found = volatility_cone(candles({"A": walk(21, 6)}).lazy(), windows=[20, 21]).collect(engine=engine)
    (_, _, *short), (_, _, *long) = found.rows()
    assert short == [short[0]] * 6
    assert short[0] is not None
    assert long == [None] * 6


@pytest.mark.parametrize("bad", [None, NAN, 0.0, -1.0])
def test_windows_with_a_gap_do_not_count(bad: float | None) -> None:
    """What lies before and after the gap does, and the latest window has left it behind."""
    before, after = walk(30, 7), walk(40, 8)
    found = volatility_cone(
        pl.LazyFrame({"symbol": "A", "close": [*before, bad, *after]}), windows=[10]
    ).collect()
    volatilities = [
        figure
        for closes in (before, after)
        for start in range(len(closes) - 10)
        for figure in by_numpy(closes[start : start + 11], 10)[:1]
    ]
    expected = [*np.quantile(volatilities, [0.0, 0.25, 0.5, 0.75, 1.0]), volatilities[-1]]
    assert alike(found.select(COLUMNS).row(0), expected, rel=1e-9)


def test_the_latest_window_is_the_one_that_ends_today() -> None:
    """When today has no close there is none, rather than an older one."""
    frame = pl.LazyFrame({"symbol": "A", "close": [*walk(30, 9), None]})
    *figures, latest = volatility_cone(frame, windows=[10]).select(COLUMNS).collect().row(0)
    assert latest is None
    assert None not in figures


@ENGINES
def test_no_candles_make_no_cone(engine: pl._typing.EngineType) -> None:
    """And the right columns."""
    frame = pl.LazyFrame(schema={"symbol": pl.String, "close": pl.Float64})
    found = volatility_cone(frame).collect(engine=engine)
    assert found.is_empty()
    assert found.schema == SCHEMA


@pytest.mark.parametrize("windows", [[], [20, 20], [20, 1]])
def test_windows_that_cannot_work_are_refused(windows: list[int]) -> None:
    """None, one twice, one too short for its divisor."""
    with pytest.raises(ValueError, match="window"):
        volatility_cone(pl.LazyFrame({"symbol": ["A"], "close": [1.0]}), windows=windows)


def test_a_cone_reads_two_columns_only() -> None:
    """Of however many there are."""
    frame = candles({"A": walk(30, 10)}).with_columns(open="close", high="close", low="close")
    assert "2/5 COLUMNS" in volatility_cone(frame.lazy()).explain()
