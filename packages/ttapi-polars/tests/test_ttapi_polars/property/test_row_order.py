# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Row order agrees with Python's sorting, nulls first."""

from __future__ import annotations

import polars as pl
from hypothesis import given, strategies as st

from ttapi_polars.row_order import ascends, in_order

ROWS = st.lists(st.tuples(st.none() | st.text("AB", max_size=2), st.none() | st.integers(0, 2)), max_size=6)


def nulls_first(row: tuple[object, ...]) -> tuple[tuple[bool, object], ...]:
    """A key under which Python sorts as Polars does."""
    return tuple((value is not None, value if value is not None else 0) for value in row)


@given(ROWS)
def test_ascending_means_sorted(rows: list[tuple[str | None, int | None]]) -> None:
    """Strictly: and no row twice."""
    frame = pl.DataFrame(rows, schema={"symbol": pl.String, "day": pl.Int64}, orient="row")
    is_sorted = rows == sorted(rows, key=nulls_first)
    assert ascends(frame, ["symbol", "day"]) is is_sorted
    assert ascends(frame, ["symbol", "day"], strictly=True) is (is_sorted and len(set(rows)) == len(rows))
    assert in_order(frame, ["symbol", "day"]).rows() == sorted(rows, key=nulls_first)
