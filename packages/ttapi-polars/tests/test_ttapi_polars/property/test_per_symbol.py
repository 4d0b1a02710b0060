# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows symbol by symbol are what ``over`` gives, whatever the order of rows and the cut of files."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, strategies as st
from polars.testing import assert_frame_equal

from test_ttapi_polars.values import stored
from ttapi_polars import per_symbol, returns
from ttapi_polars.lake_files import scan
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.testing import eod_frames

ENGINES = pytest.mark.parametrize("engine", ["streaming", "in-memory"])
COLUMNS = {"gain": returns.log("close"), "highest": pl.col("high").cum_max()}


@ENGINES
@given(frame=eod_frames(), shuffled=st.booleans())
def test_it_is_what_over_gives(engine: pl._typing.EngineType, frame: pl.DataFrame, *, shuffled: bool) -> None:
    """For rows in the order of a file, and with the symbols mixed."""
    rows = (
        frame.sort("date", maintain_order=True) if shuffled else frame.lazy().set_sorted("symbol").collect()
    )
    found = per_symbol.select(rows.lazy(), "date", **COLUMNS).collect(engine=engine)
    expected = rows.select("symbol", "date", *(each.over("symbol").alias(n) for n, each in COLUMNS.items()))
    assert_frame_equal(found.sort("symbol", "date"), expected.sort("symbol", "date"))
    assert (
        found["symbol"].unique(maintain_order=True).to_list()
        == rows["symbol"].unique(maintain_order=True).to_list()
    )


@given(frame=eod_frames(), days=st.dates())
def test_files_merged_while_reading_give_the_same(frame: pl.DataFrame, days: object) -> None:
    """A file of what came until a day, and one of what came after it."""
    until = pl.col("date") <= pl.lit(days)
    with TemporaryDirectory() as directory:
        for name, rows in {"base": frame.filter(until), "recent": frame.filter(~until)}.items():
            stored(rows, Path(directory), name)
        paths = [Path(directory) / f"{name}.parquet" for name in ("base", "recent")]
        found = per_symbol.select(scan(paths, EOD_DATA), "date", **COLUMNS).collect(engine="streaming")
    assert_frame_equal(found, per_symbol.select(frame.lazy(), "date", **COLUMNS).collect())
