# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The CSV twin of a Parquet file: the same rows for eyes and spreadsheets, and back without a loss."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Final

import polars as pl

from ttapi_polars.checks import check
from ttapi_polars.storage_errors import reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ttapi_polars.schemas import DatasetSchema

_INSTANT_FORMAT: Final = "%Y-%m-%dT%H:%M:%S%.6fZ"

# What a spreadsheet may take for a formula, whatever white space or unseen characters stand before it, the
# full-width signs of East Asian keyboards included (CWE-1236). And the apostrophe itself: so that every cell
# that begins with one in the file was given it by us.
_RUNS_AS_FORMULA: Final = r"^(?:'|[\s\p{C}]*[=+\-@\t\r\x00\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}])"


def write_csv_twin(
    frame: pl.DataFrame, schema: DatasetSchema, path: Path, *, escape_formulas: bool = True
) -> str:
    """
    Write the frame as CSV, see it safe on the disk, and give back the SHA-256 of the file.

    UTF-8, comma, line feed, a header. Dates and instants are ISO 8601 (``2026-07-01``,
    ``2026-07-01T13:30:00.000000Z``). A number has the fewest digits that read back as the same number,
    and no exponent from 0.00001 up to 10 to the 16th. Null is an empty cell, an empty text ``""``.

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
    cells = frame.select(_escaped(frame, schema) if escape_formulas else schema.names)
    with writing(path):
        with path.open("wb") as file:
            cells.write_csv(file, datetime_format=_INSTANT_FORMAT)
            file.flush()
            os.fsync(file.fileno())
        return sha256_of(path)


def read_csv_twin(path: Path, schema: DatasetSchema, *, escaped_formulas: bool = True) -> pl.DataFrame:
    """
    The rows of a file that ``write_csv_twin`` wrote, equal to those of its Parquet file.

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
    with reading(path):
        cells = pl.read_csv(path, schema=schema.polars_schema, glob=False)
    if escaped_formulas:
        cells = cells.with_columns(pl.col(pl.String).str.strip_prefix("'"))
    return check(cells, schema)


def sha256_of(path: Path) -> str:
    """
    SHA-256 of a file's bytes, as 64 hexadecimal digits.

    Raises
    ------
    StorageError
        When the file is not there or may not be read.
    """
    with reading(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _escaped(frame: pl.DataFrame, schema: DatasetSchema) -> Iterator[pl.Expr]:
    for column in schema.columns:
        value = pl.col(column.name)
        # Most columns hold no such text: asking the distinct ones is much cheaper than rewriting them all.
        if column.dtype == pl.String and frame[column.name].unique().str.contains(_RUNS_AS_FORMULA).any():
            value = pl.when(value.str.contains(_RUNS_AS_FORMULA)).then("'" + value).otherwise(value)
        yield value.alias(column.name)
