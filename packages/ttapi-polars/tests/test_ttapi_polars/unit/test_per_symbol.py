# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What may be asked for symbol by symbol, and what is read for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from test_ttapi_polars.values import eod, stored
from ttapi_polars import per_symbol, returns
from ttapi_polars.lake_files import scan
from ttapi_polars.schemas import EOD_DATA

if TYPE_CHECKING:
    from pathlib import Path


def test_a_name_stands_for_its_column() -> None:
    """And values of one's own are taken as they are named."""
    frame = eod({"AAPL": [1.0, 2.0], "SPY": [3.0]}).lazy()
    found = per_symbol.select(
        frame, "close", pl.col("volume").alias("traded"), before=pl.col("close").shift(1)
    )
    assert found.collect().rows() == [
        ("AAPL", 1.0, 1000, None),
        ("AAPL", 2.0, 1000, 1.0),
        ("SPY", 3.0, 1000, None),
    ]


def test_only_what_is_asked_for_is_read(tmp_path: Path) -> None:
    """The columns reach the file."""
    stored(eod({"AAPL": [1.0]}), tmp_path)
    plan = per_symbol.select(scan(tmp_path / "2026.parquet"), gain=returns.log("close")).explain()
    assert "PROJECT 2/12 COLUMNS" in plan


def test_no_rows_give_no_rows() -> None:
    """With the columns and their dtypes."""
    found = per_symbol.select(EOD_DATA.empty().lazy(), "date", gain=returns.log("close")).collect()
    assert found.schema == {"symbol": pl.String, "date": pl.Date, "gain": pl.Float64}
    assert found.is_empty()
