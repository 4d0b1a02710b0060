# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Returns against plain arithmetic, and on prices that nobody should have."""

from __future__ import annotations

import math
from itertools import pairwise

import polars as pl
import pytest

from ttapi_polars import returns

# S&P 500 index, first closes of January 1999.
CLOSES = [1228.099976, 1244.780029, 1272.339966, 1269.729980, 1275.089966]
NAN, INFINITY = float("nan"), float("inf")


def test_simple_returns_are_price_over_price_less_one() -> None:
    """Computed price by price in Python."""
    found = pl.DataFrame({"close": CLOSES}).select(returns.simple("close")).to_series().to_list()
    by_hand = [later / earlier - 1 for earlier, later in pairwise(CLOSES)]
    assert found[0] is None
    assert found[1:] == pytest.approx(by_hand, rel=1e-12)


def test_log_returns_add_up_to_the_whole_way() -> None:
    """What simple returns do not."""
    found = pl.DataFrame({"close": CLOSES}).select(returns.log("close")).to_series()
    assert found[0] is None
    assert found.sum() == pytest.approx(math.log(CLOSES[-1] / CLOSES[0]), rel=1e-12)


@pytest.mark.parametrize("function", [returns.simple, returns.log])
@pytest.mark.parametrize("unusable", [None, 0.0, -1.0, NAN, INFINITY, -INFINITY])
def test_a_price_that_is_none_has_no_return_on_either_side(function: object, unusable: float | None) -> None:
    """A gap is not bridged."""
    assert function in {returns.simple, returns.log}
    expression = returns.simple("close") if function is returns.simple else returns.log("close")
    found = pl.DataFrame({"close": [1.0, 2.0, unusable, 2.0, 4.0]}).select(expression).to_series()
    assert found.is_null().to_list() == [True, False, True, True, False]


@pytest.mark.parametrize("prices", [[], [1.0]])
def test_too_few_prices_have_no_return(prices: list[float]) -> None:
    """An empty frame stays empty, one row gives null."""
    frame = pl.DataFrame({"close": prices}, schema={"close": pl.Float64})
    for expression in (returns.simple("close"), returns.log("close")):
        assert frame.select(expression).to_series().to_list() == [None] * len(prices)


def test_whole_numbers_are_prices_too() -> None:
    """The result is a float."""
    found = pl.DataFrame({"close": [2, 3]}).select(returns.simple("close")).to_series()
    assert found.dtype == pl.Float64
    assert found.to_list() == [None, 0.5]


def test_a_column_may_be_given_in_three_ways() -> None:
    """By name, as an expression, as values."""
    frame = pl.DataFrame({"close": [1.0, 2.0]})
    for column in ("close", pl.col("close"), frame["close"]):
        assert frame.select(returns.simple(column)).to_series().to_list() == [None, 1.0]


def test_over_symbols_no_return_crosses_the_border() -> None:
    """The first day of each symbol has none."""
    frame = pl.DataFrame({"symbol": ["A", "A", "B", "B"], "close": [1.0, 2.0, 10.0, 5.0]})
    found = frame.select(returns.simple("close").over("symbol")).to_series().to_list()
    assert found == [None, 1.0, None, -0.5]
