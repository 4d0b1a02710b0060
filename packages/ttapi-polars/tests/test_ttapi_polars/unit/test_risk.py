# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Ratios of return and risk against Empyrical, pandas and NumPy, and on returns that say nothing."""

from __future__ import annotations

import math

import empyrical
import numpy as np
import pandas as pd
import polars as pl
import pytest

from ttapi_polars import returns
from ttapi_polars.risk import beta, calmar, correlation, sharpe, sortino

GENERATOR = np.random.default_rng(5)
MARKET = GENERATOR.normal(0.0004, 0.01, 250)
MINE = 1.2 * MARKET + GENERATOR.normal(0, 0.008, 250)
FRAME = pl.DataFrame({"mine": MINE, "market": MARKET})
NAN, INFINITY = float("nan"), float("inf")
# A hundred days at one percent each: the returns of such prices differ in their last bits.
EVEN = [1.01**day for day in range(100)]
EXPRESSIONS = {
    "beta": beta("mine", "market"),
    "correlation": correlation("mine", "market"),
    "sharpe": sharpe("mine"),
    "sortino": sortino("mine"),
}
EACH = pytest.mark.parametrize("expression", EXPRESSIONS.values(), ids=EXPRESSIONS)


def pairs(mine: list[float | None], market: list[float | None] | None = None) -> pl.DataFrame:
    """Two columns of returns; the second is like the first if it is not given."""
    columns = {"mine": mine, "market": mine if market is None else market}
    return pl.DataFrame(columns, schema={"mine": pl.Float64, "market": pl.Float64})


def test_beta_is_the_slope_of_a_regression() -> None:
    """NumPy's line of degree 1, and Empyrical's beta."""
    found = FRAME.select(beta("mine", "market")).item()
    assert found == pytest.approx(np.polyfit(MARKET, MINE, 1)[0], rel=1e-9)
    assert found == pytest.approx(empyrical.beta(MINE, MARKET), rel=1e-9)


def test_correlation_is_pearsons() -> None:
    """NumPy's corrcoef."""
    found = FRAME.select(correlation("mine", "market")).item()
    assert found == pytest.approx(np.corrcoef(MINE, MARKET)[0, 1], rel=1e-12)


def test_rows_count_where_both_are_there() -> None:
    """As pandas has it, which drops the others."""
    mine, market = [*MINE], [*MARKET]
    mine[3], mine[50], market[7], market[50] = NAN, INFINITY, NAN, -INFINITY
    frame = pairs([*mine, None, 0.5], [*market, 0.5, None])
    both = pd.DataFrame({"mine": mine, "market": market}).replace([INFINITY, -INFINITY], NAN).dropna()
    assert frame.select(correlation("mine", "market")).item() == pytest.approx(
        both["mine"].corr(both["market"]), rel=1e-12
    )
    assert frame.select(beta("mine", "market")).item() == pytest.approx(
        both["mine"].cov(both["market"]) / both["market"].var(), rel=1e-12
    )


@pytest.mark.parametrize("risk_free", [0.0, 0.04, -0.01])
@pytest.mark.parametrize("periods", [252, 52])
def test_sharpe_is_empyricals(risk_free: float, periods: int) -> None:
    """Which takes the rate of a period."""
    found = FRAME.select(sharpe("mine", risk_free=risk_free, periods_per_year=periods)).item()
    expected = empyrical.sharpe_ratio(MINE, risk_free=risk_free / periods, annualization=periods)
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("required", [0.0, 0.1, -0.1])
@pytest.mark.parametrize("periods", [252, 52])
def test_sortino_is_empyricals(required: float, periods: int) -> None:
    """Which takes the required return of a period."""
    found = FRAME.select(sortino("mine", required_return=required, periods_per_year=periods)).item()
    expected = empyrical.sortino_ratio(MINE, required_return=required / periods, annualization=periods)
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("periods", [252, 52])
def test_calmar_is_empyricals(periods: int) -> None:
    """Which takes returns; their prices begin with one unit."""
    frame = pl.DataFrame({"close": [1.0, *np.cumprod(1 + MINE)]})
    found = frame.select(calmar("close", periods_per_year=periods)).item()
    assert found == pytest.approx(empyrical.calmar_ratio(MINE, annualization=periods), rel=1e-12)


def test_calmar_counts_rows_without_a_price_as_time() -> None:
    """Between the first price and the last: 10 percent in four quarters, at a loss of a fifth."""
    frame = pl.DataFrame({"close": [None, NAN, 100.0, 110.0, 88.0, None, 110.0, 0.0]})
    assert frame.select(calmar("close", periods_per_year=4).round(12)).item() == 0.5


@pytest.mark.parametrize(
    "closes", [[], [1.0], [None, NAN, 0.0], [1.0, 2.0, 3.0], [3.0] * 4, [1e-300, 1e-301, 1e300]]
)
def test_without_a_loss_there_is_no_calmar(closes: list[float | None]) -> None:
    """Nor where growth is beyond Float64."""
    frame = pl.DataFrame({"close": closes}, schema={"close": pl.Float64})
    assert frame.select(calmar("close")).item() is None


@EACH
@pytest.mark.parametrize(
    "some",
    [[], [None, NAN, INFINITY], [-0.01], [-0.01, None], [1e308, -1e308, 1e308]],
    ids=["empty", "unusable", "one", "one and null", "beyond Float64"],
)
def test_too_few_returns_say_nothing(expression: pl.Expr, some: list[float | None]) -> None:
    """Null, neither NaN nor zero."""
    assert pairs(some).select(expression).item() is None


@pytest.mark.parametrize("constant", [0.01, 0.1, 1 / 3, 0.0, 1234.567])
@pytest.mark.parametrize("number", [3, 7, 100, 127, 1000])
def test_returns_that_are_all_the_same_say_nothing(constant: float, number: int) -> None:
    """Whatever the rounding of their mean."""
    frame = pairs([constant] * number).with_columns(moving=pl.int_range(number) % 7)
    found = frame.select(
        beta("moving", "market"),
        correlation("mine", "moving").alias("left"),
        correlation("moving", "mine").alias("right"),
        sharpe("mine"),
        sortino("mine").alias("none fell short"),
        sortino("mine", required_return=252 * constant).alias("just as required"),
    )
    assert found.row(0) == (None,) * 6


def test_prices_that_grow_evenly_have_no_risk() -> None:
    """Their returns differ by rounding, and a ratio of that would be astronomical."""
    frame = pl.DataFrame({"close": EVEN}).select(mine=returns.simple("close"))
    assert frame["mine"].n_unique() > 2
    assert frame["mine"].std() != 0.0
    assert frame.select(sharpe("mine")).item() is None
    assert frame.select(correlation("mine", pl.int_range(100))).item() is None


@pytest.mark.parametrize("scale", [1e-9, 1e-6, 1e6])
def test_small_and_large_deviations_are_not_rounding(scale: float) -> None:
    """The ratios do not see the scale."""
    frame = pl.DataFrame({"mine": MINE * scale, "market": MARKET * scale})
    for expression in EXPRESSIONS.values():
        assert frame.select(expression).item() == pytest.approx(FRAME.select(expression).item(), rel=1e-9)


def test_correlation_never_passes_one() -> None:
    """Rounding is cut off."""
    for number in range(2, 60):
        frame = pl.DataFrame({"mine": MINE[:number], "market": MINE[:number] * -3.7})
        found = frame.select(correlation("mine", "market")).item()
        assert -1.0 <= found == pytest.approx(-1.0, abs=1e-12)


def test_sharpe_is_mean_over_deviation_by_hand() -> None:
    """1, 2 and 3 percent above a rate of 1: one deviation, times the root of four periods."""
    frame = pl.DataFrame({"mine": [0.01, 0.02, 0.03]})
    found = frame.select(sharpe("mine", risk_free=0.04, periods_per_year=4)).item()
    assert found == pytest.approx(math.sqrt(4), rel=1e-12)


def test_downside_is_taken_over_all_returns() -> None:
    """One shortfall of 2 percent in four returns has a downside deviation of one percent."""
    frame = pl.DataFrame({"mine": [0.03, -0.02, 0.01, 0.02]})
    assert frame.select(sortino("mine", periods_per_year=1)).item() == pytest.approx(1.0, rel=1e-12)
