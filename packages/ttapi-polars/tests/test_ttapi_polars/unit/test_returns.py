# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Returns against plain arithmetic, and on prices that nobody should have."""

from __future__ import annotations

import math
from itertools import pairwise

import empyrical
import numpy as np
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


FROM_THE_ROW_BEFORE = pytest.mark.parametrize(
    "expression",
    [returns.simple("close"), returns.log("close"), returns.total("close", "dividend")],
    ids=["simple", "log", "total"],
)
UNUSABLE = pytest.mark.parametrize("unusable", [None, 0.0, -1.0, NAN, INFINITY, -INFINITY])


def days(closes: list[float | None], dividends: list[float | None] | None = None) -> pl.DataFrame:
    """Closes, and dividends if there are any."""
    columns = {"close": closes, "dividend": dividends or [None] * len(closes)}
    return pl.DataFrame(columns, schema={"close": pl.Float64, "dividend": pl.Float64})


def values(frame: pl.DataFrame, expression: pl.Expr) -> list[float | None]:
    """What it gives for each row, rounded to twelve digits."""
    found: list[float | None] = frame.select(expression.round(12)).to_series().to_list()
    return found


@FROM_THE_ROW_BEFORE
@UNUSABLE
def test_a_price_that_is_none_has_no_return_on_either_side(
    expression: pl.Expr, unusable: float | None
) -> None:
    """A gap is not bridged."""
    found = days([1.0, 2.0, unusable, 2.0, 4.0]).select(expression).to_series()
    assert found.is_null().to_list() == [True, False, True, True, False]


@pytest.mark.parametrize("prices", [[], [1.0]])
def test_too_few_prices_have_no_return(prices: list[float]) -> None:
    """An empty frame stays empty, one row gives null."""
    for expression in (returns.simple("close"), returns.log("close"), returns.total("close", "dividend")):
        assert values(days([*prices]), expression) == [None] * len(prices)


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


def test_a_dividend_is_part_of_the_total_return_of_its_day() -> None:
    """From 100 to 98 with 3 paid is a gain of one percent."""
    frame = days([100.0, 98.0, 49.0], [None, 3.0, None])
    assert values(frame, returns.total("close", "dividend")) == [None, 0.01, -0.5]


@pytest.mark.parametrize("none", [None, 0.0, -3.0, NAN, INFINITY, -INFINITY])
def test_a_dividend_that_nobody_is_paid_is_none(none: float | None) -> None:
    """The total return is the price's."""
    frame = days([100.0, 98.0, 49.0], [none] * 3)
    assert values(frame, returns.total("close", "dividend")) == values(frame, returns.simple("close"))
    assert values(frame, returns.cumulative_total("close", "dividend")) == [0.0, -0.02, -0.51]


@UNUSABLE
def test_growth_is_since_the_first_usable_price(unusable: float | None) -> None:
    """With and without dividends; the row of an unusable price has none, and those after it have theirs."""
    frame = days([unusable, 4.0, unusable, 5.0, 3.0])
    for expression in (returns.cumulative("close"), returns.cumulative_total("close", "dividend")):
        assert values(frame, expression) == [None, 0.0, None, 0.25, -0.25]


def test_dividends_reinvested_are_shares_bought_on_the_day() -> None:
    """One share that becomes more, counted dividend by dividend in Python."""
    dividends = [5.0, 3.0, None, 12.5, 40.0]
    shares, worth = 1.0, [0.0]
    for close, dividend in zip(CLOSES[1:], dividends[1:], strict=True):
        shares += shares * (dividend or 0.0) / close
        worth.append(shares * close / CLOSES[0] - 1)
    found = values(days([*CLOSES], [*dividends]), returns.cumulative_total("close", "dividend"))
    assert found == pytest.approx(worth, rel=1e-11)


def test_dividends_in_a_gap_wait_for_the_next_price() -> None:
    """Both of them together: 100 becomes 90 and 5 + 4; what comes before the first price is nobody's."""
    closes = [None, 100.0, None, None, 90.0, 45.0, None]
    dividends = [7.0, 8.0, 5.0, 4.0, None, None, 3.0]
    found = values(days([*closes], [*dividends]), returns.cumulative_total("close", "dividend"))
    assert found == [None, 0.0, None, None, -0.01, -0.505, None]


def test_compounding_is_a_product() -> None:
    """Of one and each return so far; a missing return changes nothing after it."""
    frame = pl.DataFrame({"return": [None, 0.1, -0.5, NAN, 1.0, INFINITY, -1.0, 0.3]})
    found = values(frame, returns.compounded("return"))
    assert found == [None, 0.1, -0.45, None, 0.1, None, -1.0, -1.0]


def test_growth_beyond_float64_is_null() -> None:
    """Not infinite, and not NaN where a total loss follows."""
    frame = pl.DataFrame({"return": [1e200, 1e200, -1.0]})
    assert values(frame, returns.compounded("return")) == [1e200, None, None]


def test_annualised_is_the_geometric_mean_to_the_power_of_a_year() -> None:
    """As Empyrical has it, on a hundred returns."""
    some = [0.02 * math.sin(day) + 0.001 for day in range(100)]
    found = pl.DataFrame({"return": some}).select(
        year=returns.annualised("return"), quarter=returns.annualised("return", periods_per_year=63)
    )
    assert found["year"].item() == pytest.approx(empyrical.annual_return(np.array(some)), rel=1e-12)
    assert (1 + found["quarter"].item()) ** 4 - 1 == pytest.approx(found["year"].item(), rel=1e-12)


@pytest.mark.parametrize(
    ("some", "growth"),
    [
        ([], None),
        ([None, NAN, INFINITY], None),
        ([-1.0, 0.5], -1.0),
        ([-1.5, 0.5], None),
        ([-1.5, -1.5], None),
        ([0.0, 0.0], 0.0),
    ],
)
def test_annualised_of_what_cannot_compound(some: list[float | None], growth: float | None) -> None:
    """A total loss stays one; no price loses more than all of it."""
    frame = pl.DataFrame({"return": some}, schema={"return": pl.Float64})
    assert frame.select(returns.annualised("return")).item() == growth
