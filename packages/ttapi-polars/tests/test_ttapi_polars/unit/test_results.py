# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Results that say nothing are null, of one value as of many, in every way of asking."""

from __future__ import annotations

import math

import polars as pl
import pytest

from ttapi_polars.results import ROUNDING, beyond_rounding, deviation, finite_or_null, one_finite_or_null

FRAME = pl.LazyFrame({"symbol": ["A", "A", "B", "B"], "value": [1.0, 0.0, -2.0, math.nan]})
ENGINES = pytest.mark.parametrize("engine", ["streaming", "in-memory"])


def test_nan_and_both_infinities_are_null() -> None:
    """What is null stays so, and numbers of any size too."""
    values = pl.DataFrame({"value": [math.nan, -math.nan, math.inf, -math.inf, None, 1e308, -5e-324, 0.0]})
    found = values.select(finite_or_null(pl.col("value"))).to_series().to_list()
    assert found == [None, None, None, None, None, 1e308, -5e-324, 0.0]


@ENGINES
def test_many_stay_many(engine: pl._typing.EngineType) -> None:
    """A list in a group, a value on each row over a column."""
    quotient = finite_or_null(1.0 / pl.col("value")).alias("quotient")
    grouped = FRAME.group_by("symbol", maintain_order=True).agg(quotient).collect(engine=engine)
    over = FRAME.select(quotient.over("symbol")).collect(engine=engine)
    assert grouped["quotient"].to_list() == [[1.0, None], [-0.5, None]]
    assert over["quotient"].to_list() == [1.0, None, -0.5, None]


@ENGINES
def test_one_stays_one(engine: pl._typing.EngineType) -> None:
    """A value in a group, the same on each row over a column."""
    ratio = one_finite_or_null(pl.col("value").first() / pl.col("value").last()).alias("ratio")
    both = FRAME.with_columns(pl.col("value").fill_nan(4.0))
    grouped = both.group_by("symbol", maintain_order=True).agg(ratio).collect(engine=engine)
    over = both.select(ratio.over("symbol")).collect(engine=engine)
    assert grouped.rows() == [("A", None), ("B", -0.5)]
    assert over["ratio"].to_list() == [None, None, -0.5, -0.5]


@pytest.mark.parametrize(
    ("size", "mean", "found"),
    [
        (ROUNDING, 0.0, None),
        (ROUNDING * 1.01, 0.0, ROUNDING * 1.01),
        (ROUNDING * 100, 100.0, None),
        (ROUNDING * 102, -100.0, ROUNDING * 102),
        (0.0, 0.1, None),
        (0.02, 0.0, 0.02),
        (math.inf, 0.0, None),
        (None, 0.1, None),
    ],
)
def test_rounding_grows_with_the_mean(size: float | None, mean: float, found: float | None) -> None:
    """From 1 upwards, since a return is a ratio less 1."""
    frame = pl.DataFrame({"size": [size], "mean": [mean]}, schema={"size": pl.Float64, "mean": pl.Float64})
    assert frame.select(beyond_rounding(pl.col("size"), pl.col("mean"))).item() == pytest.approx(found)


@pytest.mark.parametrize(
    ("values", "found"), [([], None), ([1.0], None), ([1.0, None], None), ([2.0, 4.0], 2**0.5)]
)
def test_a_deviation_takes_two_values(values: list[float | None], found: float | None) -> None:
    """With divisor n - 1."""
    frame = pl.DataFrame({"value": values}, schema={"value": pl.Float64})
    assert frame.select(deviation(pl.col("value"))).item() == pytest.approx(found)
