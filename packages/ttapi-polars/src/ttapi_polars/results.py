# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
What a result is where arithmetic has none: null, never NaN, an infinity, or the ratio of two rounding errors.

A condition on the value, as in ``when(value.is_finite()).then(value)``, would have Polars compute it twice;
these functions replace values in what is computed once.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

ROUNDING: Final = 1e-14
"""
Deviations up to this, times 1 + the mean's size, are rounding.

A return is a ratio near 1, less 1, and so has an error of 1e-16; so has, relative to itself, the mean that a
deviation is taken from. Returns of prices that grow evenly differ by as little, and not by more than this.
"""


def in_one_piece(values: pl.Expr) -> pl.Expr:
    """
    The same values; what is summed of them in a group is the same to the last bit, wherever rows were cut.

    A sum of numbers depends on the order in which they are added. What Polars can add up piece by piece it
    does, and where the pieces end is decided by the number of threads, by row groups, files and filters. What
    it has to shift it takes as one piece, all rows of the group in their order.

    Examples
    --------
    >>> import polars as pl
    >>> pl.DataFrame({"close": [1.5, None]}).select(in_one_piece(pl.col("close"))).to_series().to_list()
    [1.5, None]
    """
    return values.shift(0)


def finite_or_null(value: pl.Expr) -> pl.Expr:
    """
    The same values; null where one is NaN or infinite.

    Examples
    --------
    >>> import polars as pl
    >>> quotients = pl.DataFrame({"gain": [1.0, 0.0, 1.0], "risk": [2.0, 0.0, 0.0]})
    >>> quotients.select(finite_or_null(pl.col("gain") / pl.col("risk"))).to_series().to_list()
    [0.5, None, None]
    """
    return value.replace([math.nan, math.inf, -math.inf], None)


def one_finite_or_null(value: pl.Expr) -> pl.Expr:
    """
    The same for one value of many rows, which stays one value of each group.

    Examples
    --------
    >>> import polars as pl
    >>> rows = pl.DataFrame({"symbol": ["A", "B", "B"], "price": [0.0, 1.0, 3.0]})
    >>> ratio = one_finite_or_null(pl.col("price").max() / pl.col("price").min())
    >>> rows.group_by("symbol", maintain_order=True).agg(ratio.alias("ratio")).rows()
    [('A', None), ('B', 3.0)]
    """
    # What has been replaced is a list of one in a group.
    return finite_or_null(value).first()


def deviation(values: pl.Expr) -> pl.Expr:
    """
    Standard deviation with divisor n - 1, one value; null if it is rounding, and of fewer than two values.

    Examples
    --------
    >>> import polars as pl
    >>> rows = pl.DataFrame({"even": [0.1, 0.1, 0.1], "uneven": [0.1, 0.3, 0.2]})
    >>> rows.select(deviation(pl.col("even", "uneven")).round(6)).row(0)
    (None, 0.1)
    """
    return beyond_rounding(values.std(), values.mean())


def beyond_rounding(size: pl.Expr, mean: pl.Expr) -> pl.Expr:
    """
    A deviation of values with this mean, one value; null if it is rounding, or beyond Float64.

    Examples
    --------
    >>> import polars as pl
    >>> rows = pl.DataFrame({"deviation": [0.02]})
    >>> rows.select(beyond_rounding(pl.col("deviation").first(), pl.lit(0.001))).item()
    0.02
    >>> rows.select(beyond_rounding(pl.col("deviation").first() * 1e-15, pl.lit(0.001))).item()
    """
    scale = 1.0 + mean.abs()
    return (size / scale).clip(lower_bound=ROUNDING).replace([ROUNDING, math.inf], None).first() * scale
