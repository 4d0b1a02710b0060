# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Value at risk and expected shortfall against NumPy, Empyrical, a minimisation and by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import empyrical
import numpy as np
import polars as pl
import pytest

from ttapi_polars.tails import Interpolation, expected_shortfall, value_at_risk

if TYPE_CHECKING:
    from collections.abc import Callable

RETURNS = np.random.default_rng(3).standard_t(4, 100) * 0.01
NAN, INFINITY = float("nan"), float("inf")
BOTH = pytest.mark.parametrize("function", [value_at_risk, expected_shortfall])


def frame_of(
    some: list[float | None] | np.ndarray[tuple[int], np.dtype[np.float64]],
) -> pl.DataFrame:
    """One symbol's returns."""
    return pl.DataFrame({"return": some}, schema={"return": pl.Float64})


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.99, 0.123])
@pytest.mark.parametrize("interpolation", get_args(Interpolation))
def test_value_at_risk_is_a_quantile_of_losses(confidence: float, interpolation: Interpolation) -> None:
    """NumPy's, of the same name."""
    found = frame_of(RETURNS).select(
        value_at_risk("return", confidence=confidence, interpolation=interpolation)
    )
    assert found.item() == pytest.approx(np.quantile(-RETURNS, confidence, method=interpolation), rel=1e-12)


def test_value_at_risk_is_empyricals_with_the_sign_of_a_loss() -> None:
    """Which has the quantile of returns, negative for a loss."""
    found = frame_of(RETURNS).select(value_at_risk("return")).item()
    assert found > 0
    assert found == pytest.approx(-empyrical.value_at_risk(RETURNS), rel=1e-12)


def test_a_whole_number_of_worst_returns_has_their_mean() -> None:
    """Five of a hundred, as in Empyrical."""
    found = frame_of(RETURNS).select(expected_shortfall("return")).item()
    assert found == pytest.approx(-empyrical.conditional_value_at_risk(RETURNS), rel=1e-12)
    assert found == pytest.approx(-sum(sorted(RETURNS)[:5]) / 5, rel=1e-12)


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.957, 0.99, 0.999, 0.01])
@pytest.mark.parametrize("number", [1, 7, 99])
def test_expected_shortfall_is_the_least_of_what_bounds_it(confidence: float, number: int) -> None:
    """Rockafellar and Uryasev 2000: the minimum over z of z + mean(max(loss - z, 0)) / (1 - confidence)."""
    losses = -RETURNS[:number]
    bounds = [z + np.maximum(losses - z, 0).mean() / (1 - confidence) for z in losses]
    found = frame_of(RETURNS[:number]).select(expected_shortfall("return", confidence=confidence)).item()
    assert found == pytest.approx(min(bounds), rel=1e-11)


def test_ties_at_the_boundary_do_not_matter() -> None:
    """Two of the three equal losses are among the worst three."""
    frame = frame_of([-0.04, -0.01, -0.01, -0.01, 0.0, 0.0])
    assert frame.select(expected_shortfall("return", confidence=0.5).round(12)).item() == 0.02


def test_the_mildest_of_the_worst_counts_by_its_fraction() -> None:
    """A quarter of six is one and a half: the worst, and half of the next."""
    frame = frame_of([-0.04, -0.01, 0.0, 0.01, 0.02, 0.03])
    assert frame.select(expected_shortfall("return", confidence=0.75).round(12)).item() == 0.03


@BOTH
def test_where_even_the_worst_earned_the_loss_is_negative(function: Callable[..., pl.Expr]) -> None:
    """A gain is a loss below zero."""
    assert frame_of([0.02, 0.02, 0.02]).select(function("return")).item() == pytest.approx(-0.02, rel=1e-12)


@BOTH
def test_what_is_no_return_is_left_out(function: Callable[..., pl.Expr]) -> None:
    """Null, NaN and infinities."""
    with_gaps = frame_of([None, *RETURNS[:30], NAN, INFINITY, -INFINITY])
    without = frame_of(RETURNS[:30])
    assert with_gaps.select(function("return")).item() == without.select(function("return")).item()


@BOTH
@pytest.mark.parametrize("some", [[], [None], [NAN, INFINITY]])
def test_without_returns_there_is_no_loss(function: Callable[..., pl.Expr], some: list[float | None]) -> None:
    """Null, not zero."""
    assert frame_of(some).select(function("return")).item() is None


@BOTH
@pytest.mark.parametrize("confidence", [0.0, 1.0, 95.0, -0.05, NAN])
def test_a_confidence_lies_between_0_and_1(function: Callable[..., pl.Expr], confidence: float) -> None:
    """Percent are refused, with the value."""
    with pytest.raises(ValueError, match=f"confidence is {confidence}; it must lie between 0 and 1"):
        function("return", confidence=confidence)
