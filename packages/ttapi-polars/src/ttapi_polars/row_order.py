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
    follows = pl.lit(not strictly)
    for name in reversed(by):
        value = pl.col(name)
        previous = value.shift(1)
        greater = (value > previous).fill_null(value.is_not_null() & previous.is_null())
        follows = greater | (value.eq_missing(previous) & follows)
    # The first row has no row before it.
    return frame.height < 2 or bool(frame.select(follows.slice(1).all()).item())  # noqa: PLR2004 - a pair


def in_order(frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """
    The rows in ascending order of these columns, nulls first; a frame that is in order comes back as it is.

    Examples
    --------
    >>> in_order(pl.DataFrame({"day": [2, None, 1]}), ["day"])["day"].to_list()
    [None, 1, 2]
    """
    return frame if ascends(frame, by) else frame.sort(by, maintain_order=True)
