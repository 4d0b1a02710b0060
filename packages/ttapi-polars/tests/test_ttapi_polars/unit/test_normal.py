# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The normal law against the complementary error function of Python and of scipy."""

from __future__ import annotations

import math

import polars as pl
import pytest
from scipy import special

from ttapi_polars.normal import density, distribution, mills_ratio

NAN, INFINITY = float("nan"), float("inf")
NUMBERS = [0.013 * step for step in range(-2884, 700)]  # -37.5 to 9.1
ENGINES = pytest.mark.parametrize("engine", ["streaming", "in-memory"])


@ENGINES
def test_both_tails_are_right_to_the_last_digits(engine: pl._typing.EngineType) -> None:
    """Down to 1e-307, relative to the probability itself."""
    found = pl.LazyFrame({"z": NUMBERS}).select(distribution("z")).collect(engine=engine)
    expected = [float(special.erfc(-number / math.sqrt(2.0))) / 2.0 for number in NUMBERS]
    # The argument -z / sqrt(2) is rounded, which weighs z² times as much in the tail.
    for number, probability, wanted in zip(NUMBERS, found.to_series(), expected, strict=True):
        assert probability == pytest.approx(wanted, rel=2e-15 + 3e-16 * number**2)


def test_probabilities_known_to_many_digits() -> None:
    """Computed in arithmetic of 50 digits."""
    known = {
        -1.0: 0.15865525393145705141,
        -2.0: 0.0227501319481792072,
        -5.0: 2.8665157187919391167e-7,
        -10.0: 7.619853024160526066e-24,
        -20.0: 2.7536241186062336951e-89,
        -30.0: 4.9067139271481870595e-198,
        -37.5: 4.6053530095819548438e-308,
    }
    found = pl.DataFrame({"z": list(known)}).select(distribution("z")).to_series()
    assert found.to_list() == pytest.approx(list(known.values()), rel=1.5e-15)


def test_a_half_lies_on_each_side() -> None:
    """Exactly, and the two sides of any number make 1."""
    frame = pl.DataFrame({"z": [0.0, -0.0, *NUMBERS]})
    below = frame.select(distribution("z")).to_series()
    above = frame.select(distribution(-pl.col("z"))).to_series()
    assert below[:2].to_list() == [0.5, 0.5]
    assert (below + above).to_list() == pytest.approx([1.0] * len(frame), abs=1.2e-16)


def test_density_is_the_bell_curve() -> None:
    """As written in every textbook."""
    found = pl.DataFrame({"z": NUMBERS}).select(density("z")).to_series().to_list()
    wanted = [math.exp(-number * number / 2.0) / math.sqrt(2.0 * math.pi) for number in NUMBERS]
    assert found == pytest.approx(wanted, rel=1e-13)


def test_mills_ratio_is_tail_over_density() -> None:
    """The scaled complementary error function of scipy, near and far."""
    distances = [0.0, 1e-9, *(0.01 * step for step in range(5000)), 1e3, 1e6, 1e10]
    found = pl.DataFrame({"z": distances}).select(mills_ratio(pl.col("z"))).to_series().to_list()
    wanted = [
        math.sqrt(math.pi / 2.0) * float(special.erfcx(distance / math.sqrt(2.0))) for distance in distances
    ]
    assert found == pytest.approx(wanted, rel=2e-15)


def test_no_number_has_no_probability() -> None:
    """Null, never NaN; infinities have limits."""
    frame = pl.DataFrame({"z": [None, NAN, INFINITY, -INFINITY, 1e300, -1e300]})
    assert frame.select(distribution("z")).to_series().to_list() == [None, None, 1.0, 0.0, 1.0, 0.0]
    assert frame.select(density("z")).to_series().to_list() == [None, None, 0.0, 0.0, 0.0, 0.0]


def test_whole_and_short_numbers_are_taken() -> None:
    """And no rows give none."""
    for dtype in (pl.Int32, pl.Float32, pl.Float64):
        frame = pl.DataFrame({"z": [-1, 1]}, schema={"z": dtype})
        assert frame.select(distribution("z")).to_series().to_list() == [
            0.15865525393145707,
            0.8413447460685429,
        ]
        assert frame.clear().select(distribution("z"), density("z")).height == 0
