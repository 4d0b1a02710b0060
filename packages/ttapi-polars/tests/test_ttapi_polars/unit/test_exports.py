# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of exports: other programs read back the rows that were written, and trouble is told as it is."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import openpyxl
import polars as pl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
from polars.exceptions import PolarsError

from test_ttapi_polars.limits import no_file_longer_than
from ttapi_core.errors import ConfigError, DataError, WriteError
from ttapi_polars import exports, workbooks
from ttapi_polars.csv_twin import write_csv_twin
from ttapi_polars.duckdb_files import write_database
from ttapi_polars.schemas import QUOTES
from ttapi_polars.workbooks import write_workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[pl.LazyFrame, Path], object]

# Every kind of value, with what spreadsheets, terminals and XML trip over, and a null in each column.
ROWS = pl.DataFrame(
    {
        "symbol": ["AAPL", "=1+1", None],
        "text": ["http://x.y/z", None, '12"3,\n\x1b[2J_x0041_ \U0001f600'],
        "day": [date(2026, 7, 1), None, date(1899, 12, 31)],
        "at": [datetime(2026, 7, 1, 12, 30, 0, 123000, tzinfo=UTC), None, datetime(1970, 1, 1, tzinfo=UTC)],
        "price": [1.5, -0.25, None],
        "volume": [2**53, None, -1],
        "money": [Decimal("1.10"), None, Decimal("-3.05")],
        "word": ["Call", "it's", None],
        "flag": [True, None, False],
    },
    schema_overrides={
        "at": pl.Datetime("us", "UTC"),
        "money": pl.Decimal(10, 2),
        "word": pl.Enum(["Call", "it's"]),
    },
)
WRITERS: dict[str, Write] = {
    "csv": exports.write_csv,
    "parquet": exports.write_parquet,
    "arrow": exports.write_arrow,
    "duckdb": lambda rows, path: write_database({"x": rows}, path),
    "xlsx": lambda rows, path: write_workbook({"x": rows}, path),
}
every_format = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)


def values(table: pa.Table) -> list[tuple[object, ...]]:
    """The rows of a table."""
    return [tuple(row.values()) for row in table.to_pylist()]


def test_parquet_is_read_by_pyarrow(tmp_path: Path) -> None:
    """Value by value, with the types that they had."""
    path = tmp_path / "rows.parquet"
    assert exports.write_parquet(ROWS.lazy(), path) == 3
    table = pa.parquet.read_table(path)
    assert values(table) == ROWS.rows()
    assert table.schema.field("at").type == pa.timestamp("us", tz="UTC")
    assert table.schema.field("money").type == pa.decimal128(10, 2)
    assert pl.read_parquet(path).equals(ROWS)


def test_arrow_is_mapped_into_the_memory_by_pyarrow(tmp_path: Path) -> None:
    """As nothing in it is compressed; Feather's own reader opens it, too."""
    path = tmp_path / "rows.arrow"
    assert exports.write_arrow(ROWS.lazy(), path) == 3
    with pa.memory_map(str(path)) as mapped:
        before = pa.total_allocated_bytes()
        table = pa.ipc.open_file(mapped).read_all()
        assert pa.total_allocated_bytes() == before
        assert values(table) == ROWS.rows()
        assert table.schema.field("at").type == pa.timestamp("us", tz="UTC")
    assert values(pa.feather.read_table(path)) == ROWS.rows()


def test_a_database_is_read_by_duckdb_with_faithful_types(tmp_path: Path) -> None:
    """Each frame is a table by its name; an enumeration knows its words."""
    path = tmp_path / "rows.duckdb"
    tables = {"rows": ROWS.lazy(), 'no "rows"': ROWS.clear().lazy()}
    assert write_database(tables, path) == {"rows": 3, 'no "rows"': 0}
    with duckdb.connect(path, read_only=True) as database:
        found, empty = database.table("rows"), database.table('no "rows"')
        assert found.columns == ROWS.columns
        assert [str(dtype) for dtype in found.types] == [
            "VARCHAR",
            "VARCHAR",
            "DATE",
            "TIMESTAMP WITH TIME ZONE",
            "DOUBLE",
            "BIGINT",
            "DECIMAL(10,2)",
            "ENUM('Call', 'it''s')",
            "BOOLEAN",
        ]
        assert found.fetchall() == ROWS.rows()
        assert (empty.types, empty.fetchall()) == (found.types, [])
    assert [each.name for each in tmp_path.iterdir()] == ["rows.duckdb"]


def test_csv_is_what_the_twin_of_a_lake_is(tmp_path: Path) -> None:
    """To the byte, however many batches it is written in."""
    stamps = [datetime(2026, 7, 1, tzinfo=UTC)] * 5
    rows = (
        QUOTES.empty()
        .clear(5)
        .with_columns(
            symbol=pl.Series(["A", "=B", "C,D", "", "E"]),
            instrument_type=pl.lit("Equity"),
            bid=pl.Series([1e-7, 1e17, -0.0, 102.0, None]),
            event_at=pl.Series(stamps, dtype=pl.Datetime("us", "UTC")),
            received_at=pl.Series(stamps, dtype=pl.Datetime("us", "UTC")),
        )
    )
    write_csv_twin(rows, QUOTES, tmp_path / "twin.csv")
    assert exports.write_csv(rows.lazy(), tmp_path / "rows.csv") == 5
    assert (tmp_path / "rows.csv").read_bytes() == (tmp_path / "twin.csv").read_bytes()
    write_csv_twin(rows, QUOTES, tmp_path / "twin.csv", escape_formulas=False)
    exports.write_csv(rows.lazy(), tmp_path / "rows.csv", escape_formulas=False)
    assert (tmp_path / "rows.csv").read_bytes() == (tmp_path / "twin.csv").read_bytes()


def test_a_workbook_is_read_by_openpyxl(tmp_path: Path) -> None:
    """Texts are texts, numbers numbers, instants are in UTC, and a day that no sheet knows is a text."""
    path = tmp_path / "rows.xlsx"
    assert write_workbook({"rows": ROWS.lazy(), "none": ROWS.clear().lazy()}, path) == {"rows": 3, "none": 0}
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["rows", "none"]
    headings, *rows = [[cell.value for cell in row] for row in book["rows"].iter_rows()]
    assert headings == [name if name != "at" else "at (UTC)" for name in ROWS.columns]
    day, at = datetime(2026, 7, 1), datetime(2026, 7, 1, 12, 30, 0, 123000)  # noqa: DTZ001 - as sheets are
    epoch, text = datetime(1970, 1, 1), '12"3,\n_x001B_[2J_x005F_x0041_ \U0001f600'  # noqa: DTZ001
    assert rows == [
        ["AAPL", "http://x.y/z", day, at, 1.5, 2**53, 1.1, "Call", True],
        ["=1+1", None, None, None, -0.25, None, None, "it's", None],
        [None, text, "1899-12-31", epoch, None, -1, -3.05, None, False],
    ]
    assert [cell.data_type for cell in book["rows"][3]] == ["s", "n", "n", "n", "n", "n", "n", "s", "n"]
    assert [cell.value for row in book["none"].iter_rows() for cell in row] == headings
    assert {book[name].freeze_panes for name in book.sheetnames} == {"A2"}


def test_a_sheet_holds_no_more_rows_than_spreadsheets_open(tmp_path: Path) -> None:
    """One more, with its headings, is refused before anything is written."""
    path = tmp_path / "rows.xlsx"
    rows = pl.LazyFrame({"a": [None]}).select(pl.col("a").repeat_by(workbooks.MOST_ROWS).explode())
    with pytest.raises(
        DataError, match="many has 1,048,576 rows, and a sheet holds 1,048,575 below"
    ) as caught:
        write_workbook({"few": ROWS.lazy(), "many": rows}, path)
    assert caught.value.hint is not None
    assert "write another format" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_the_last_row_that_a_sheet_holds_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is to the row."""
    monkeypatch.setattr(workbooks, "MOST_ROWS", 4)
    write_workbook({"rows": ROWS.lazy()}, tmp_path / "rows.xlsx")
    assert openpyxl.load_workbook(tmp_path / "rows.xlsx")["rows"].max_row == 4
    with pytest.raises(DataError):
        write_workbook({"rows": pl.concat([ROWS, ROWS[:1]]).lazy()}, tmp_path / "rows.xlsx")


@pytest.mark.parametrize("text", ["x" * 32_768, "\U0001f600" * 16_384])
def test_a_text_that_a_cell_would_cut_is_an_error(tmp_path: Path, text: str) -> None:
    """As it would not be what is stored."""
    rows = pl.LazyFrame({"note": ["x" * 32_767, text]})
    with pytest.raises(DataError, match="note of rows has a text of"):
        write_workbook({"rows": rows}, tmp_path / "rows.xlsx")


@pytest.mark.parametrize(
    ("package", "write", "extra"),
    [("duckdb", WRITERS["duckdb"], "duckdb"), ("xlsxwriter", WRITERS["xlsx"], "xlsx")],
)
def test_a_package_that_is_not_installed_is_named_with_what_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, write: Write, extra: str
) -> None:
    """And nothing is written."""
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ConfigError, match=f"{package} is not installed") as caught:
        write(ROWS.lazy(), tmp_path / "rows")
    assert caught.value.hint == f'`pip install "ttapi-onboarding[{extra}]"`'
    assert list(tmp_path.iterdir()) == []


@every_format
def test_rows_in_batches_are_all_there_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    """Of which none but the last is full."""
    numbers = pl.LazyFrame({"n": range(25)})
    batches = exports.batches
    for module in ("exports", "duckdb_files", "workbooks"):
        monkeypatch.setattr(f"ttapi_polars.{module}.batches", lambda rows: batches(rows, size=10))
    path = tmp_path / "rows"
    write(numbers, path)
    assert read_back(path) == list(range(25))


def read_back(path: Path) -> list[int]:
    """The numbers of a file of any format, known by its first bytes."""
    start = path.read_bytes()[:12]
    if start.startswith(b"PAR1"):
        return list(pa.parquet.read_table(path)["n"].to_pylist())
    if start.startswith(b"ARROW1"):
        return list(pa.feather.read_table(path)["n"].to_pylist())
    if start.startswith(b"PK"):
        with path.open("rb") as file:
            _, *rows = openpyxl.load_workbook(file)["x"].iter_rows(values_only=True)
        return [int(str(number)) for (number,) in rows]
    if start[8:] == b"DUCK":
        with duckdb.connect(path, read_only=True) as database:
            return [number for (number,) in database.table("x").fetchall()]
    return [int(line) for line in path.read_text().split()[1:]]


@every_format
def test_a_disk_that_refuses_is_told_with_the_file(tmp_path: Path, write: Write) -> None:
    """In the midst of writing; as a full disk is."""
    numbers = pl.LazyFrame({"n": range(300_000)}).select(n=pl.col("n").hash(1) % 1_000_000_007)
    rows = numbers.head(30_000) if write is WRITERS["xlsx"] else numbers
    path = tmp_path / "rows"
    with no_file_longer_than(200_000), pytest.raises(WriteError) as caught:
        write(rows, path)
    assert caught.value.path == path
    assert caught.value.message == f"cannot write {path}: File too large"


@every_format
def test_a_folder_that_is_not_there_is_told_with_the_file(tmp_path: Path, write: Write) -> None:
    """And not taken for trouble with the rows."""
    path = tmp_path / "no" / "rows"
    with pytest.raises(WriteError, match=r"cannot write .*No such file or directory") as caught:
        write(ROWS.lazy(), path)
    assert caught.value.path == path


@every_format
def test_rows_that_cannot_be_read_are_no_trouble_of_the_file(tmp_path: Path, write: Write) -> None:
    """They are Polars' own error, which the caller knows to explain."""
    with pytest.raises(PolarsError):
        write(pl.LazyFrame({"n": ["x"]}).select(pl.col("n").cast(pl.Int64)), tmp_path / "rows")
