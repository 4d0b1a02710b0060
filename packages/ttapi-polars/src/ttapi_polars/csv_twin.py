# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The CSV twin of a Parquet file: the same rows for eyes and spreadsheets, and back without a loss."""

from __future__ import annotations

import hashlib
import io
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, cast

import polars as pl

from ttapi_core.object_paths import ObjectPath
from ttapi_polars.object_files import content_of, sha256_of_object
from ttapi_polars.storage_errors import reading, writing
from ttapi_polars.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from io import FileIO
    from pathlib import Path

    from ttapi_core.object_paths import DataPath
    from ttapi_polars.schemas import DatasetSchema

# So many are written while another thread makes the digest of those before them: neither holds the GIL.
_ROWS_AT_A_TIME: Final = 1_000_000
_BYTES_AT_A_TIME: Final = 256 * 1024

# Polars writes a number from the first up to the second without an exponent, and all others with one.
_PLAIN_FROM: Final = 1e-5
_PLAIN_BELOW: Final = 1e16

_INSTANT_FORMAT: Final = "%Y-%m-%dT%H:%M:%S%.6fZ"

# What a spreadsheet may take for a formula, whatever white space or unseen characters stand before it, the
# full-width signs of East Asian keyboards included (CWE-1236). And the apostrophe itself: so that every cell
# that begins with one in the file was given it by us.
_RUNS_AS_FORMULA: Final = r"^(?:'|[\s\p{C}]*[=+\-@\t\r\x00\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}])"
# That, and what stands in quotes in a CSV file.
_UNUSUAL: Final = rf'{_RUNS_AS_FORMULA}|[",\r\n]|^$'


def write_csv_twin(
    frame: pl.DataFrame, schema: DatasetSchema, path: Path, *, escape_formulas: bool = True
) -> str:
    """
    Write the frame as CSV, see it safe on the disk, and give back the SHA-256 of the file.

    UTF-8, comma, line feed, a header. Dates and instants are ISO 8601 (``2026-07-01``,
    ``2026-07-01T13:30:00.000000Z``). A number has the fewest digits that read back as the same number, and
    never an exponent. Null is an empty cell, an empty text ``""``.

    Parameters
    ----------
    frame
        Rows that pass ``check`` for ``schema``, written in their order.
    schema
        The dataset.
    path
        Where to; what lies there is overwritten.
    escape_formulas
        Put an apostrophe before a text that a spreadsheet would run as a formula.

    Raises
    ------
    WriteError
        When the disk refuses.
    """
    digest = hashlib.sha256()
    with (
        writing(path),
        path.open("wb", buffering=0) as file,
        path.open("rb", buffering=0) as written,
        ThreadPoolExecutor(1) as beside,
    ):
        taken_in: list[Future[None]] = []
        for start in range(0, max(frame.height, 1), _ROWS_AT_A_TIME):
            rows, before = frame.select(schema.names).slice(start, _ROWS_AT_A_TIME), file.tell()
            write_rows(rows, file, header=start == 0, escape_formulas=escape_formulas)
            taken_in.append(beside.submit(_take_in, written, file.tell() - before, digest.update))
        os.fsync(file.fileno())
        for each in taken_in:
            each.result()
    return digest.hexdigest()


def read_csv_twin(path: DataPath, schema: DatasetSchema, *, escaped_formulas: bool = True) -> pl.DataFrame:
    """
    The rows of a file that ``write_csv_twin`` wrote, equal to those of its Parquet file.

    The header tells which version of the schema it was written with: columns that came later are null.

    Parameters
    ----------
    path
        The file.
    schema
        Its dataset.
    escaped_formulas
        As the file was written.

    Raises
    ------
    StorageError
        When it is not there or may not be read.
    CorruptFileError
        When a cell or the header is not what the schema says.
    SchemaError
        When the rows break the schema.
    """
    source = content_of(path) if isinstance(path, ObjectPath) else path
    with reading(path):
        header = pl.read_csv(source, n_rows=0, infer_schema=False, glob=False).columns
        # Polars refuses a header that fits none and names what differs: least from the nearest.
        versions = map(schema.as_of, range(schema.version, 0, -1))
        nearest = min(versions, key=lambda version: len({*header} ^ {*version.names}))
        cells = pl.read_csv(source, schema=nearest.polars_schema, glob=False)
    if escaped_formulas:
        cells = cells.with_columns(pl.col(pl.String).str.strip_prefix("'"))
    return validate(cells, schema)


def sha256_of(path: DataPath) -> str:
    """
    SHA-256 of a file's bytes, as 64 hexadecimal digits.

    Raises
    ------
    StorageError
        When the file is not there or may not be read.
    """
    if isinstance(path, ObjectPath):
        return sha256_of_object(path)
    with reading(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_rows(rows: pl.DataFrame, file: FileIO, *, header: bool, escape_formulas: bool) -> None:
    """Add rows to an open file, spelled as ``write_csv_twin`` has it, after a header where one is wanted."""
    unusual = [texts.name for texts in rows.select(pl.col(pl.String)) if not _are_plain(texts)]
    cells = rows.with_columns(
        *map(_without_exponents, rows.select(pl.col(pl.Float64))),
        *map(_spelled_once, rows.select(pl.col(pl.Date))),
        *(escaped(name) for name in unusual if escape_formulas),
    )
    cells.write_csv(
        file,
        include_header=header,
        datetime_format=_INSTANT_FORMAT,
        quote_style="necessary" if unusual else "never",  # the same, without a look at each cell
    )


def _take_in(file: FileIO, size: int, update: Callable[[memoryview], None]) -> None:
    view = memoryview(bytearray(_BYTES_AT_A_TIME))
    while size and (count := file.readinto(view[:size])):
        update(view[:count])
        size -= count


def _are_plain(texts: pl.Series) -> bool:
    # Rows in order repeat their texts: asking the distinct ones is much cheaper than asking all.
    distinct = texts.filter(texts.ne_missing(texts.shift())).unique()
    return not distinct.str.contains(_UNUSUAL).any()


def escaped(name: str) -> pl.Expr:
    """The texts of a column, with an apostrophe before those that a spreadsheet would run as a formula."""
    text = pl.col(name)
    return pl.when(text.str.contains(_RUNS_AS_FORMULA)).then("'" + text).otherwise(text).alias(name)


def _without_exponents(values: pl.Series) -> pl.Series:
    # The usual column holds nothing but prices; zero and negative numbers take a second look.
    if values.is_between(_PLAIN_FROM, _PLAIN_BELOW, closed="left").all():
        return values
    sizes = values.abs()
    exponential = ((sizes < _PLAIN_FROM) & (sizes > 0)) | (sizes >= _PLAIN_BELOW)
    if not exponential.any():
        return values
    lines = io.BytesIO()
    numbers = pl.DataFrame({"number": values.filter(exponential)})
    numbers.write_csv(lines, include_header=False, float_scientific=False)
    lines.seek(0)
    texts = pl.read_csv(lines, schema={"number": pl.String}, has_header=False)["number"]
    whole = pl.when(~texts.str.contains(".", literal=True)).then(pl.lit(".0")).otherwise(pl.lit(""))
    return values.cast(pl.String).scatter(exponential.arg_true(), pl.select(texts + whole).to_series())


def _spelled_once(dates: pl.Series) -> pl.Series:
    """Each day of the span as a text, once: half the time for rows of many symbols on the same days."""
    days = dates.to_physical()
    first, last = cast("tuple[int | None, int | None]", (days.min(), days.max()))
    if first is None or last is None or last - first > dates.len():
        return dates
    span = pl.int_range(first, last + 1, dtype=pl.Int32, eager=True).cast(pl.Date)
    return span.dt.to_string("iso").gather(days - first).alias(dates.name)
