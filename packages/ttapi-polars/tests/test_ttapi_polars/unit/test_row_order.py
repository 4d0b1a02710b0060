# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether rows ascend, and how they are made to."""

from __future__ import annotations

import polars as pl
import pytest

from ttapi_polars.row_order import ascends, in_order


@pytest.mark.parametrize(
    ("rows", "loosely", "strictly"),
    [
        ([], True, True),
        ([("B", 1)], True, True),
        ([("A", 1), ("A", 2), ("B", 0)], True, True),
        ([("A", 1), ("A", 1)], True, False),
        ([("A", 2), ("A", 1)], False, False),
        ([("B", 1), ("A", 2)], False, False),
        ([(None, 1), ("A", 0)], True, True),
        ([("A", 0), (None, 1)], False, False),
        ([(None, 1), (None, 2)], True, True),
        ([(None, None), (None, None)], True, False),
        ([("A", None), ("A", 1), ("B", None)], True, True),
    ],
)
def test_order_is_lexicographic_with_nulls_first(
    rows: list[tuple[str | None, int | None]], loosely: bool, strictly: bool
) -> None:
    """Nulls equal each other and come before everything."""
    frame = pl.DataFrame(rows, schema={"symbol": pl.String, "day": pl.Int64}, orient="row")
    assert ascends(frame, ["symbol", "day"]) is loosely
    assert ascends(frame, ["symbol", "day"], strictly=True) is strictly


def test_ordered_rows_are_not_copied() -> None:
    """The common case costs a look, not a sort."""
    frame = pl.DataFrame({"day": [1, 2]})
    assert in_order(frame, ["day"]) is frame


def test_unordered_rows_are_sorted() -> None:
    """Rows move as wholes."""
    frame = pl.DataFrame({"day": [2, None, 1], "close": [20, 0, 10]})
    assert in_order(frame, ["day"]).rows() == [(None, 0), (1, 10), (2, 20)]
