# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Workbooks for spreadsheets: lazy frames as the sheets of one xlsx file, row by row."""

from __future__ import annotations

from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, Final, Protocol, TypeAlias, cast

import polars as pl

from ttapi_core.errors import ConfigError, DataError
from ttapi_polars.exports import batches
from ttapi_polars.storage_errors import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path
    from types import ModuleType


MOST_ROWS: Final = 1_048_576
"""Rows of a sheet, the one of the headings included."""

MOST_LETTERS: Final = 32_767
"""Letters of a cell, as UTF-16 counts them."""

_WriteCell: TypeAlias = "Callable[[int, int, Any], object]"


class _Sheet(Protocol):
    """What is used of a sheet of xlsxwriter, which brings no types of its own."""

    row_data_fh: IO[str]

    def set_column(self, first: int, last: int, width: float, /) -> object: ...

    def freeze_panes(self, row: int, column: int, /) -> object: ...

    def write_string(self, row: int, column: int, text: str, form: object = None, /) -> int: ...

    def write_number(self, row: int, column: int, number: float, /) -> object: ...

    def write_boolean(self, row: int, column: int, boolean: object, /) -> object: ...

    def write_datetime(self, row: int, column: int, day: date, form: object, /) -> object: ...


class _Book(Protocol):
    """What is used of a workbook."""

    def add_worksheet(self, name: str, /) -> _Sheet: ...

    def add_format(self, properties: Mapping[str, object], /) -> object: ...

    def worksheets(self) -> Sequence[_Sheet]: ...

    def close(self) -> None: ...


_HINT: Final = '`pip install "ttapi-onboarding[xlsx]"`'
_OPTIONS: Final = {
    # Rows go to the disk as they come: a sheet may be greater than the memory.
    "constant_memory": True,
    # A text is a text, whatever it looks like.
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_DATE: Final = "yyyy-mm-dd"
_INSTANT: Final = "yyyy-mm-dd hh:mm:ss"
_FIRST_YEAR: Final = 1900  # of the days that spreadsheets know; an earlier one is a text
_TOO_LONG: Final = -2  # what `write_string` gives for a text that it has cut
_WIDTHS: Final[Mapping[type[pl.DataType], float]] = {pl.String: 16, pl.Datetime: 20}
_WIDTH: Final = 12


def write_workbook(sheets: Mapping[str, pl.LazyFrame], path: Path) -> dict[str, int]:
    """
    Write a workbook of these sheets, and tell how many rows each has below its headings.

    Texts are never formulas, numbers are numbers, dates and instants are dates. A sheet has no time zones:
    instants are in UTC, and the heading says so. Headings stay in sight when one scrolls. What is missing or
    not finite is an empty cell.

    Parameters
    ----------
    sheets
        By name, in order; a name has at most 31 characters.
    path
        Where to; what lies there is overwritten.

    Raises
    ------
    ConfigError
        When the package ``xlsxwriter`` is not installed.
    DataError
        When a sheet would have more rows than spreadsheets open, or a text more letters than a cell holds;
        nothing is written.
    WriteError
        When the disk refuses. Trouble with reading the rows is Polars' own: see
        `ttapi_polars.storage_errors.reading`.
    """
    xlsxwriter = _imported()
    for name, rows in sheets.items():
        _require_room(name, rows)
    book: _Book = xlsxwriter.Workbook(path, {**_OPTIONS, "tmpdir": str(path.parent)})
    try:
        counts = {name: _write_sheet(book, name, rows, path) for name, rows in sheets.items()}
        with writing(path):
            book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        with writing(path):
            raise error.args[0] from error  # the system's own error
    finally:
        # It leaves them open when it is not closed itself; what is still to be written there is of no use.
        for sheet in book.worksheets():
            with suppress(OSError):
                sheet.row_data_fh.close()
    return counts


def _imported() -> ModuleType:
    try:
        import xlsxwriter  # noqa: PLC0415 - an extra, and needed by nothing else
    except ImportError as error:
        raise ConfigError(["xlsxwriter is not installed"], hint=_HINT) from error
    return cast("ModuleType", xlsxwriter)


def _require_room(name: str, rows: pl.LazyFrame) -> None:
    count: int = rows.select(pl.len()).collect(engine="streaming").item()
    if count >= MOST_ROWS:
        raise DataError(
            f"{name} has {count:,} rows, and a sheet holds {MOST_ROWS - 1:,} below its headings",
            hint="ask for fewer, such as those of some symbols or days, or write another format",
        )


def _write_sheet(book: _Book, name: str, rows: pl.LazyFrame, path: Path) -> int:
    schema = rows.collect_schema()
    with writing(path):
        sheet = book.add_worksheet(name)
        heading = book.add_format({"bold": True})
        for column, (title, dtype) in enumerate(schema.items()):
            sheet.set_column(column, column, _WIDTHS.get(dtype.base_type(), _WIDTH))
            sheet.write_string(0, column, f"{title} (UTC)" if dtype == pl.Datetime else title, heading)
        sheet.freeze_panes(1, 0)
    writers = [_writer(book, sheet, f"{title} of {name}", dtype) for title, dtype in schema.items()]
    count = 0
    for batch in batches(rows.with_columns(_as_sheets_have_it(schema))):
        with writing(path):
            for values in batch.iter_rows():
                count += 1
                for column, (write, value) in enumerate(zip(writers, values, strict=True)):
                    if value is not None:
                        write(count, column, value)
    return count


def _as_sheets_have_it(schema: pl.Schema) -> list[pl.Expr]:
    """Instants without their zone; what is no number, missing; what has no cell of its own, as a text."""
    changed: list[pl.Expr] = []
    for name, dtype in schema.items():
        values = pl.col(name)
        if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
            changed.append(values.dt.convert_time_zone("UTC").dt.replace_time_zone(None))
        elif dtype.is_float():
            changed.append(pl.when(values.is_finite()).then(values))
    return changed


def _writer(book: _Book, sheet: _Sheet, what: str, dtype: pl.DataType) -> _WriteCell:
    if dtype.is_numeric():
        return sheet.write_number
    if dtype == pl.Boolean:
        return sheet.write_boolean
    if dtype.base_type() in {pl.Date, pl.Datetime}:
        form = book.add_format({"num_format": _DATE if dtype == pl.Date else _INSTANT})

        def write_date(row: int, column: int, value: date) -> None:
            if value.year < _FIRST_YEAR:
                sheet.write_string(row, column, value.isoformat())
            else:
                sheet.write_datetime(row, column, value, form)

        return write_date

    def write_text(row: int, column: int, value: object) -> None:
        if sheet.write_string(row, column, str(value)) == _TOO_LONG:
            raise DataError(
                f"{what} has a text of {len(str(value)):,} letters, and a cell holds {MOST_LETTERS:,}",
                hint="leave the column out, or write another format",
            )

    return write_text
