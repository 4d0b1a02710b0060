# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Drawdowns against plain loops and Empyrical, and on prices that nobody should have."""

from __future__ import annotations

import empyrical
import numpy as np
import polars as pl
import pytest

from test_ttapi_polars.values import FEW_COMP
from ttapi_polars import drawdowns

NAN, INFINITY = float("nan"), float("inf")
GAPS: list[float | None] = [None, 4.0, 2.0, NAN, 4.0, 3.0, 0.0, 5.0, -1.0, 4.0, INFINITY, 1.0, None]


def frame_of(closes: list[float | None]) -> pl.DataFrame:
    """One symbol's closes."""
    return pl.DataFrame({"close": closes}, schema={"close": pl.Float64})


def test_a_drawdown_is_price_over_the_highest_so_far_less_one() -> None:
    """Looking back from each day anew, in Python."""
    by_hand = [close / max(FEW_COMP[: day + 1]) - 1 for day, close in enumerate(FEW_COMP)]
    found = frame_of([*FEW_COMP]).select(drawdowns.drawdown("close")).to_series().to_list()
    assert found == pytest.approx(by_hand, rel=1e-12)
    assert by_hand[5:] == pytest.approx([0.0, -0.026772, -0.028424], abs=1e-6)


def test_the_deepest_drawdown_is_empyricals() -> None:
    """Which is given returns; the first price is its starting unit."""
    closes = np.array([*FEW_COMP, *FEW_COMP[::-1], *FEW_COMP])
    found = frame_of([*closes]).select(drawdowns.maximum_drawdown("close")).item()
    assert found == pytest.approx(empyrical.max_drawdown(closes[1:] / closes[:-1] - 1), rel=1e-12)


def test_a_duration_counts_rows_since_the_latest_peak() -> None:
    """Five new highs, then two days under water."""
    found = frame_of([*FEW_COMP]).select(drawdowns.drawdown_duration("close")).to_series()
    assert found.dtype == pl.Int64
    assert found.to_list() == [0, 0, 0, 0, 0, 0, 1, 2]


def test_reaching_the_old_peak_ends_a_drawdown() -> None:
    """It need not be passed."""
    found = frame_of([2.0, 1.0, 2.0, 1.0]).select(drawdowns.drawdown_duration("close"))
    assert found.to_series().to_list() == [0, 1, 0, 1]


def test_rows_without_a_price_are_time_that_passes() -> None:
    """They have no value of their own, and change no peak."""
    found = frame_of(GAPS).select(
        drawdowns.drawdown("close").round(12).alias("depth"),
        drawdowns.drawdown_duration("close").alias("rows"),
    )
    depths = [None, 0.0, -0.5, None, 0.0, -0.25, None, 0.0, None, -0.2, None, -0.8, None]
    assert found["depth"].to_list() == depths
    assert found["rows"].to_list() == [None, 0, 1, None, 0, 1, None, 0, None, 2, None, 4, None]


def test_the_longest_drawdown_may_be_the_one_that_lasts() -> None:
    """It counts up to the last price."""
    frame = frame_of(GAPS)
    assert frame.select(drawdowns.longest_drawdown("close")).item() == 4
    assert frame[:9].select(drawdowns.longest_drawdown("close")).item() == 1


@pytest.mark.parametrize(
    ("closes", "deepest", "longest"),
    [
        ([], None, None),
        ([None, NAN, 0.0, -2.0, INFINITY], None, None),
        ([3.0], 0.0, 0),
        ([3.0] * 5, 0.0, 0),
        ([1.0, 2.0, 3.0], 0.0, 0),
        ([4.0, 3.0, 1.0], -0.75, 2),
        ([1e300, 1e-300], -1.0, 1),
    ],
)
def test_one_value_for_any_prices(
    closes: list[float | None], deepest: float | None, longest: int | None
) -> None:
    """Null without a price, 0 without a loss."""
    found = frame_of(closes).select(
        drawdowns.maximum_drawdown("close").alias("deepest"),
        drawdowns.longest_drawdown("close").alias("longest"),
    )
    assert found.row(0) == (deepest, longest)
    assert found.schema == {"deepest": pl.Float64, "longest": pl.Int64}
