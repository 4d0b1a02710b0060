# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R20: a number is stored as it was, and both files of a pair say the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import polars as pl
import pytest
from hypothesis import given, settings
from scale import scale

from test_ttapi_polars.promises.other_readers import csv_cells, csv_rows, parquet_rows
from test_ttapi_polars.values import eod, stored
from ttapi_core.errors import SchemaError
from ttapi_polars.csv_twin import read_csv_twin, write_csv_twin
from ttapi_polars.lake_files import load
from ttapi_polars.schemas import EOD_DATA, SCHEMAS
from ttapi_polars.testing import dataset_frames

if TYPE_CHECKING:
    from collections.abc import Callable

    from polars.datatypes import DataTypeClass

    from ttapi_polars.schemas import DatasetSchema

PRICES: Final = ("open", "high", "low", "close")
DECIMALS: Final = 1_000_000
DIGITS: Final = 12
LONGEST: Final = 2**63 - 1


def decimal_texts(random: Random, count: int) -> list[str]:
    """Decimals of up to twelve digits, the point anywhere, spelled without needless zeros."""
    texts: list[str] = []
    for _ in range(count):
        digits = f"{random.randrange(10 ** random.randint(1, DIGITS)):0{DIGITS}}"
        point = random.randint(0, DIGITS)
        whole, fraction = digits[:point].lstrip("0") or "0", digits[point:].rstrip("0")
        sign = "-" if random.random() < 0.1 and (whole, fraction) != ("0", "") else ""
        texts.append(f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}")
    return texts


def candles(texts: list[str]) -> pl.DataFrame:
    """Four of them a row, as floats."""
    numbers = [float(text) for text in texts]
    height = len(texts) // len(PRICES)
    columns = {name: numbers[start::4] for start, name in enumerate(PRICES)}
    days = [date(1990, 1, 1) + timedelta(days=day) for day in range(1_000)]
    return pl.DataFrame(
        {
            "symbol": [f"S{row // 1_000:06}" for row in range(height)],
            "date": [days[row % 1_000] for row in range(height)],
            **columns,
            "volume": [LONGEST - row for row in range(height)],
            **dict.fromkeys(EOD_DATA.names[7:]),
        }
    ).cast(EOD_DATA.polars_schema)


@pytest.mark.promise("R20")
def test_decimals_come_back_as_the_text_they_were(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """From both files, read by other programs: the text, not merely the number."""
    differ = total = 0
    for seed in range(scale(1, long=10)):
        texts = decimal_texts(Random(seed), DECIMALS)
        stored(candles(texts), tmp_path, "a")
        rows = csv_cells(tmp_path / "a.csv")[1:]
        in_csv = [cell.removesuffix(".0") for row in rows for cell in row[2:6]]
        differ += sum(map(str.__ne__, texts, in_csv))
        volumes = [int(row[6]) for row in rows]
        assert volumes == list(range(LONGEST, LONGEST - len(rows), -1))

        by_row = [value for row in parquet_rows(tmp_path / "a.parquet") for value in row[2:6]]
        in_parquet = [repr(value).removesuffix(".0") for value in by_row]
        differ += sum(
            format(Decimal(found), "f") != text if "e" in found else found != text
            for text, found in zip(texts, in_parquet, strict=True)
        )
        total += len(texts)
        assert len(in_csv) == len(texts)
    assert differ == 0
    record_property(
        "promise",
        f"R20: {total:,} decimals of up to {DIGITS} digits stored as Parquet and as CSV: "
        f"{differ} texts changed",
    )


@pytest.mark.promise("R20")
@pytest.mark.parametrize("name", SCHEMAS)
def test_both_files_hold_the_same_rows(name: str, record_property: Callable[[str, object], None]) -> None:
    """Row by row and value by value, of every dataset, whatever its schema allows."""
    schema = SCHEMAS[name]
    compared = 0

    @settings(max_examples=scale(8, long=1_000))
    @given(dataset_frames(schema))
    def the_same(frame: pl.DataFrame) -> None:
        nonlocal compared
        with TemporaryDirectory() as directory:
            stored(frame, Path(directory), "a", schema)
            in_csv = csv_rows(Path(directory) / "a.csv", schema)
            in_parquet = parquet_rows(Path(directory) / "a.parquet")
        assert in_csv == in_parquet
        assert in_parquet == frame.rows()
        compared += sum(map(len, in_csv))

    the_same()
    assert compared > 0
    record_property("promise", f"R20: {compared:,} values of {name} equal in CSV and Parquet")


@pytest.mark.promise("R20")
def test_no_number_is_a_bare_word(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """NaN and the infinities reach no file, from whichever column, and are not read from one."""
    refused = 0
    for schema in SCHEMAS.values():
        row = one_row(schema)
        write_csv_twin(row, schema, tmp_path / "good.csv")
        header, cells = csv_cells(tmp_path / "good.csv")
        numbers = [column.name for column in schema.columns if column.dtype == pl.Float64]
        for name, word in product(numbers, ("NaN", "inf", "-inf")):
            with pytest.raises(SchemaError, match="NaN or infinite"):
                stored(row.with_columns(pl.lit(float(word)).alias(name)), tmp_path, "a", schema)
            assert [path.name for path in tmp_path.glob("a.*")] == []
            place = header.index(name)
            bad = [*cells[:place], word, *cells[place + 1 :]]
            (tmp_path / "bad.csv").write_text(f"{','.join(header)}\n{','.join(bad)}\n")
            with pytest.raises(SchemaError, match="NaN or infinite"):
                read_csv_twin(tmp_path / "bad.csv", schema)
            refused += 1
    assert refused > 0
    record_property("promise", f"R20: {refused} of {refused} NaN and infinite numbers kept out of both files")


def one_row(schema: DatasetSchema) -> pl.DataFrame:
    """A row without a null."""
    values: dict[DataTypeClass, object] = {
        pl.String: "x",
        pl.Float64: 1.5,
        pl.Int64: 1,
        pl.Date: date(2026, 7, 1),
        pl.Datetime: datetime(2026, 7, 1, tzinfo=UTC),
        pl.Boolean: True,
    }
    row = {column.name: [values[column.dtype.base_type()]] for column in schema.columns}
    return pl.DataFrame(row, schema=schema.polars_schema)


@pytest.mark.promise("R20")
def test_counts_are_exact_and_null_is_not_zero(tmp_path: Path) -> None:
    """A volume keeps its last unit beyond what a float could hold, and one that is not known has no cell."""
    volumes = [None, 0, 1, 2**53 + 1, LONGEST, -LONGEST - 1]
    frame = eod({"A": [1.0] * len(volumes)}).with_columns(
        pl.Series("volume", volumes), vwap=pl.Series([None, 0.0, -0.0, None, 0.0, 1.0])
    )
    stored(frame, tmp_path, "a")
    rows = csv_cells(tmp_path / "a.csv")[1:]
    assert [row[6] for row in rows] == ["" if volume is None else str(volume) for volume in volumes]
    assert [row[7] for row in rows] == ["", "0.0", "-0.0", "", "0.0", "1.0"]
    assert [row[6] for row in parquet_rows(tmp_path / "a.parquet")] == volumes
    for read in (load(tmp_path / "a.parquet", EOD_DATA), read_csv_twin(tmp_path / "a.csv", EOD_DATA)):
        assert read["volume"].to_list() == volumes
        assert read["vwap"].is_null().to_list() == [True, False, False, True, False, False]
