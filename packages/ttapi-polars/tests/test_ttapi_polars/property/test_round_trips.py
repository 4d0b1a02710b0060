# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Whatever a schema allows comes back from Parquet and from CSV as it was, and both say the same."""

from __future__ import annotations

import csv
import math
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, strategies as st
from scale import examples

from test_ttapi_polars.values import eod, stored
from ttapi_polars.csv_twin import read_csv_twin, write_csv_twin
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.lake_files import load, verify
from ttapi_polars.schemas import EOD_DATA, SCHEMAS
from ttapi_polars.testing import dataset_frames


@pytest.mark.parametrize("name", SCHEMAS)
def test_twins_hold_the_same_rows(name: str) -> None:
    """Row by row and value by value, nulls and odd texts included."""
    schema = SCHEMAS[name]

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


@given(st.lists(st.integers(0, 10**10).map(lambda number: Decimal(number) / 10_000), min_size=1, max_size=50))
def test_prices_keep_their_decimal_text(prices: list[Decimal]) -> None:
    """Decimal text, float, CSV text: the same number."""
    assert [Decimal(text) for text in texts_of([float(price) for price in prices])] == prices


HOSTILE = (
    *(5e-324, 2.2250738585072014e-308, 2.225073858507201e-308, 1.7e308, 1.7976931348623157e308),
    *(-0.0, 0.0, 0.1 + 0.2, 123456789.123456789, 1e22, 1e23, 9007199254740993.0, 2.0**63, 2.0**-1074),
    *(1e-5, 9.999999999999999e-06, 1.0000000000000001e-05, 9999999999999998.0, 1e16, 1.0000000000000002e16),
)


@examples(times=2)
@given(
    st.lists(
        st.sampled_from(HOSTILE)
        | st.sampled_from(HOSTILE).map(lambda number: -number)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.floats(1e-12, 1e-4)
        | st.floats(1e15, 1e18),
        min_size=1,
        max_size=50,
    )
)
def test_any_double_is_written_without_an_exponent(numbers: list[float]) -> None:
    """With the digits that Python finds the fewest, and read back to the last bit by us and by others."""
    texts = texts_of(numbers)
    for number, text in zip(numbers, texts, strict=True):
        assert set(text) <= set("-.0123456789")
        assert text.count(".") == 1
        assert text.startswith("-") == (math.copysign(1.0, number) < 0)
        assert Decimal(text) == Decimal(repr(number))
        assert float(text).hex() == number.hex()


def texts_of(closes: list[float]) -> list[str]:
    """The cells that these numbers become; our reader finds the same numbers in them."""
    frame = eod({"A": closes})
    with TemporaryDirectory() as directory:
        path = Path(directory) / "a.csv"
        write_csv_twin(frame, EOD_DATA, path)
        read = read_csv_twin(path, EOD_DATA)["close"].to_list()
        assert [each.hex() for each in read] == [each.hex() for each in closes]
        return [line.split(",")[5] for line in path.read_text().splitlines()[1:]]
