# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A rolling value is that of its window taken alone, whatever the rows are, and depends on nothing else."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import given, strategies as st

from test_ttapi_polars.plain_volatility import (
    FULL_SAMPLE,
    NOT_A_PRICE,
    PLAIN,
    alike,
    candle_frame,
    hostile_candles,
    rolled,
    rolled_returns,
    values,
)
from ttapi_polars import rolling, volatility

if TYPE_CHECKING:
    from test_ttapi_polars.plain_volatility import Candle

CLOSES = st.lists(st.sampled_from(NOT_A_PRICE) | st.floats(0.01, 1e6) | st.just(7.0), max_size=30)
RETURNS = st.none() | st.floats(-1.0, 10.0).map(lambda value: round(value, 4)) | st.just(0.0)
PAIRS = st.lists(st.tuples(RETURNS, RETURNS), max_size=30)
WINDOWS = st.integers(2, 6)


def framed(pairs: list[tuple[float | None, float | None]]) -> pl.DataFrame:
    """Returns, and those of a benchmark."""
    return pl.DataFrame(pairs, schema={"return": pl.Float64, "benchmark": pl.Float64}, orient="row")


@given(hostile_candles(30), WINDOWS)
def test_a_window_of_candles_has_the_volatility_of_a_sample(candles: list[Candle], window: int) -> None:
    """The full-sample function on the rows of the window, where all of them count."""
    frame = candle_frame(candles)
    for name, expression in rolled(window).items():
        reach = window + (name == "yang_zhang")
        expected = []
        for end in range(1, frame.height + 1):
            rows = frame[max(end - reach, 0) : end]
            counted, _ = PLAIN[name](candles[max(end - reach, 0) : end])
            expected.append(rows.select(FULL_SAMPLE[name]).item() if counted == window else None)
        assert alike(values(frame, expression), expected, rel=1e-9, near_zero=1e-12)


@given(CLOSES, WINDOWS, st.integers(0, 1))
def test_a_window_of_closes_has_the_volatility_of_a_sample(
    closes: list[float | None], window: int, ddof: int
) -> None:
    """The full-sample function on as many returns, one close more, where none is missing."""
    frame = pl.DataFrame({"close": closes}, schema={"close": pl.Float64})
    expected = []
    for end in range(1, frame.height + 1):
        rows = closes[max(end - window - 1, 0) : end]
        is_full = len(rows) == window + 1 and all(
            close is not None and 0 < close < math.inf for close in rows
        )
        alone = frame[max(end - window - 1, 0) : end].select(volatility.close_to_close("close", ddof=ddof))
        expected.append(alone.item() if is_full else None)
    found = values(frame, rolling.close_to_close("close", window=window, ddof=ddof))
    assert alike(found, expected, rel=1e-9, near_zero=1e-12)


@given(CLOSES, st.integers(0, 30))
def test_what_comes_later_changes_no_value(closes: list[float | None], rows: int) -> None:
    """A prefix of the prices has the prefix of the values: nothing looks ahead."""
    frame = pl.DataFrame({"close": closes}, schema={"close": pl.Float64})
    for expression in (rolling.ewma("close"), rolling.close_to_close("close", window=3)):
        assert values(frame.head(rows), expression) == values(frame, expression)[:rows]


@given(CLOSES, st.floats(0.0, 0.99))
def test_ewma_lies_between_the_least_and_the_greatest_move(closes: list[float | None], decay: float) -> None:
    """It is an average of squares, and never NaN."""
    frame = pl.DataFrame({"close": closes}, schema={"close": pl.Float64})
    usable = [None if close is None or not 0 < close < math.inf else close for close in closes]
    moves: list[float] = []
    for row, value in enumerate(values(frame, rolling.ewma("close", decay=decay, periods_per_year=1))):
        before, close = usable[row - 1] if row else None, usable[row]
        if before is None or close is None:
            assert value is None
        else:
            moves.append(abs(math.log(close) - math.log(before)))
            assert value is not None
            assert min(moves) * (1 - 1e-9) - 1e-12 <= value <= max(moves) * (1 + 1e-9) + 1e-12


@given(PAIRS, PAIRS, WINDOWS)
def test_what_came_before_changes_no_value(
    before: list[tuple[float | None, float | None]],
    pairs: list[tuple[float | None, float | None]],
    window: int,
) -> None:
    """Rows put in front change nothing in the windows that do not reach them."""
    for expression in rolled_returns(window).values():
        alone = values(framed(pairs), expression)[window - 1 :]
        after = values(framed([*before, *pairs]), expression)[len(before) + window - 1 :]
        assert alike(after, alone, rel=1e-9, near_zero=1e-9)


@given(PAIRS, WINDOWS, st.floats(0.1, 10.0))
def test_leverage_multiplies_beta_and_leaves_the_ratios(
    pairs: list[tuple[float | None, float | None]], window: int, leverage: float
) -> None:
    """Twice the returns: twice the beta, the same correlation and the same Sharpe ratio."""
    frame = framed(pairs)
    levered = frame.with_columns(pl.col("return") * leverage)
    factors = {"beta": leverage, "correlation": 1.0, "sharpe": 1.0}
    for name, expression in rolled_returns(window).items():
        expected = [None if value is None else value * factors[name] for value in values(frame, expression)]
        assert alike(values(levered, expression), expected, rel=1e-7, near_zero=1e-7)
