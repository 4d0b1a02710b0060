# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Row order as a fact: whether rows ascend, and putting them in order when they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence


def ascends(frame: pl.DataFrame, by: Sequence[str], *, strictly: bool = False) -> bool:
    """
    Whether each row comes after the one before it, in the order of these columns, nulls first.

    Parameters
    ----------
    frame
        Any frame; none or one row ascends.
    by
        Columns, the most significant first.
    strictly
        Equal neighbours do not ascend: true then also proves that no two rows are equal in ``by``.

    Examples
    --------
    >>> candles = pl.DataFrame({"symbol": ["A", "A", "B"], "day": [1, 1, 0]})
    >>> ascends(candles, ["symbol", "day"]), ascends(candles, ["symbol", "day"], strictly=True)
    (True, False)
    """
    if frame.height < 2:  # noqa: PLR2004 - a pair
        return True
    leading, *others = by
    follows = pl.lit(not strictly)
    for name in reversed(others):
        value, previous = pl.col(name), pl.col(name).shift(1)
        follows = _greater(value, previous) | (value.eq_missing(previous) & follows)
    value, previous = pl.col(leading), pl.col(leading).shift(1)
    pairs = frame.select(
        value.alias("value"),
        previous.alias("previous"),
        value.eq_missing(previous).alias("is_same"),
        follows.alias("follows"),
    ).slice(1)  # the first row has no row before it
    if not pairs.select((~pl.col("is_same") | pl.col("follows")).all()).item():
        return False
    # Which of two texts is greater takes twice as long as whether they are the same: few pairs are not.
    others_than_before = pairs.filter(~pl.col("is_same"))
    return bool(others_than_before.select(_greater(pl.col("value"), pl.col("previous")).all()).item())


def _greater(value: pl.Expr, previous: pl.Expr) -> pl.Expr:
    """Nulls are the least of all."""
    return (value > previous).fill_null(value.is_not_null() & previous.is_null())


def in_order(frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """
    The rows in ascending order of these columns, nulls first; a frame that is in order comes back as it is.

    Examples
    --------
    >>> in_order(pl.DataFrame({"day": [2, None, 1]}), ["day"])["day"].to_list()
    [None, 1, 2]
    """
    return frame if ascends(frame, by) else frame.sort(by, maintain_order=True)
