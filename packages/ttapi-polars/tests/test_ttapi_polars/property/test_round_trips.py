# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Whatever a schema allows comes back from Parquet and from CSV as it was, and both say the same."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

from test_ttapi_polars.values import eod, stored
from ttapi_polars.csv_twin import read_csv_twin, write_csv_twin
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.lake_files import load, verify
from ttapi_polars.schemas import EOD_DATA, SCHEMAS
from ttapi_polars.testing import dataset_frames

EXAMPLES = settings(max_examples=20, deadline=None)


@pytest.mark.parametrize("name", SCHEMAS)
def test_twins_hold_the_same_rows(name: str) -> None:
    """Row by row and value by value, nulls and odd texts included."""
    schema = SCHEMAS[name]

    @EXAMPLES
    @given(dataset_frames(schema))
    def both_come_back(frame: pl.DataFrame) -> None:
        with TemporaryDirectory() as directory:
            parquet_path, csv_path = Path(directory) / "a.parquet", Path(directory) / "a.csv"
            footer = stored(frame, Path(directory), "a", schema)
            assert load(parquet_path, schema).equals(frame)
            assert read_csv_twin(csv_path, schema).equals(frame)
            assert verify(parquet_path, schema) == footer
            assert fingerprint(read_csv_twin(csv_path, schema), schema) == footer.fingerprint
            assert_safe_for_spreadsheets(csv_path, frame)

    both_come_back()


def assert_safe_for_spreadsheets(path: Path, frame: pl.DataFrame) -> None:
    """Read by another reader, no cell of a text column runs as a formula, and no number is a bare word."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert len(rows) == frame.height
    for row in rows:
        for name, cell in zip(header, row, strict=True):
            if frame[name].dtype == pl.String:
                assert not cell.lstrip().startswith(("=", "+", "-", "@"))
                assert not cell.startswith(("\t", "\r", "\x00"))
            assert cell.casefold() not in {"nan", "inf", "-inf"} or frame[name].dtype == pl.String


@EXAMPLES
@given(st.lists(st.integers(0, 10**10).map(lambda number: Decimal(number) / 10_000), min_size=1, max_size=50))
def test_prices_keep_their_decimal_text(prices: list[Decimal]) -> None:
    """Decimal text, float, CSV text: the same number, and never an exponent from 0.0001 up."""
    frame = eod({"A": [float(price) for price in prices]})
    with TemporaryDirectory() as directory:
        write_csv_twin(frame, EOD_DATA, Path(directory) / "a.csv")
        lines = (Path(directory) / "a.csv").read_text().splitlines()[1:]
    texts = [line.split(",")[5] for line in lines]
    assert [Decimal(text) for text in texts] == prices
    assert not any("e" in text for text in texts)
