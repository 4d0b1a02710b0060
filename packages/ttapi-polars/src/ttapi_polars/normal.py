# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The standard normal law as plain expressions, to double precision and far into the tails."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from ttapi_polars.columns import into_expr

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn

ROOT_OF_TWO_PI = math.sqrt(2.0 * math.pi)

_BEYOND = 40.0  # the probability above it is less than the smallest positive number
_GRID = 16.0  # squares of multiples of a sixteenth are exact

# Mills' ratio as a quotient of polynomials, lowest power first: a Remez exchange over all numbers from 0 on
# left a largest relative error of 1e-17. All are positive, so that no digits are lost in the sums.
_NUMERATOR = (
    1.2533141373155001,
    2.150064109647731,
    1.822246243612669,
    0.9887857478507368,
    0.3773366297831441,
    0.10542747438184429,
    0.021828001791423832,
    0.003313757765160797,
    0.00035477246783582325,
    2.4401469877029083e-05,
    8.31850736372418e-07,
)
_DENOMINATOR = (
    1.0,
    2.513387518627151,
    2.9593352401867232,
    2.1594125414918364,
    1.0878297437654392,
    0.3984634043963367,
    0.10869242922511425,
    0.022181110557503325,
    0.0033381592350405593,
    0.0003556043185721819,
    2.440146987702911e-05,
    8.31850736372418e-07,
)


def density(number: IntoExprColumn) -> pl.Expr:
    """
    Density of the standard normal law.

    Parameters
    ----------
    number
        Any; infinities too.

    Returns
    -------
    Expr
        Float64, one value per row, named ``density``. Null where the number is missing or NaN.

    Examples
    --------
    >>> numbers = pl.DataFrame({"z": [0.0, 1.0, float("inf"), None]})
    >>> numbers.select(density("z").round(6)).to_series().to_list()
    [0.398942, 0.241971, 0.0, None]
    """
    value = into_expr(number).cast(pl.Float64).fill_nan(None)
    return ((value.pow(2) * -0.5).exp() / ROOT_OF_TWO_PI).alias("density")


def distribution(number: IntoExprColumn) -> pl.Expr:
    """
    Probability that a standard normal variable is at most this large.

    Parameters
    ----------
    number
        Any; infinities too.

    Returns
    -------
    Expr
        Float64, one value per row, named ``distribution``. Null where the number is missing or NaN.

    Notes
    -----
    Density times Mills' ratio is the smaller tail; the larger one is what is left to 1. The relative error
    stays near 1e-15 down to the smallest normal number, at about -37.5: the exponent is split so that its
    rounding does not grow with it, as in W. J. Cody, "Rational Chebyshev approximations for the error
    function", Mathematics of Computation 23 (1969).

    Examples
    --------
    >>> numbers = pl.DataFrame({"z": [0.0, 1.959963984540054, -10.0, float("inf"), None]})
    >>> numbers.select(distribution("z")).to_series().to_list()
    [0.5, 0.975, 7.619853024160525e-24, 1.0, None]
    """
    value, size, rounded, tail = (pl.field(name) for name in ("value", "size", "rounded", "tail"))
    capped = value.abs().clip(upper_bound=_BEYOND)
    return (
        pl.struct(value=into_expr(number).cast(pl.Float64).fill_nan(None))
        .struct.with_fields(size=capped, rounded=(capped * _GRID).floor() / _GRID)
        .struct.with_fields(
            tail=(rounded.pow(2) * -0.5).exp()
            * ((rounded - size) * (rounded + size) * 0.5).exp()
            * mills_ratio(size)
            / ROOT_OF_TWO_PI
        )
        .struct.with_fields(distribution=pl.when(value < 0.0).then(tail).otherwise(1.0 - tail))
        .struct.field("distribution")
    )


def mills_ratio(distance: pl.Expr) -> pl.Expr:
    """
    Probability beyond a distance from the middle, over the density there: from 1.2533 at 0 on down.

    Parameters
    ----------
    distance
        Zero to 1e20. It is read many times: give a column, or a field of a struct, not a computation.

    Returns
    -------
    Expr
        Float64, one value per row, to a relative error near 1e-15; null where the distance is.

    Notes
    -----
    J. P. Mills, "Table of the ratio: area to bounding ordinate, for any portion of normal curve", Biometrika
    18 (1926).

    Examples
    --------
    >>> numbers = pl.DataFrame({"z": [0.0, 1.0, 30.0]})
    >>> numbers.select(mills_ratio(pl.col("z")).round(6)).to_series().to_list()
    [1.253314, 0.65568, 0.033296]
    """
    return _polynomial(_NUMERATOR, distance) / _polynomial(_DENOMINATOR, distance)


def _polynomial(coefficients: tuple[float, ...], variable: pl.Expr) -> pl.Expr:
    value = pl.lit(coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        value = value * variable + coefficient
    return value
