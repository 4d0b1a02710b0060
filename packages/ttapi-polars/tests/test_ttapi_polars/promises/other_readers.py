# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A pair of files as other programs see it: the CSV by Python's csv module, the Parquet by pyarrow."""

from __future__ import annotations

import csv
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow.parquet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from polars.datatypes import DataTypeClass

    from ttapi_polars.schemas import ColumnSpec, DatasetSchema

VALUE_OF: dict[DataTypeClass, Callable[[str], object]] = {
    pl.String: lambda cell: cell.removeprefix("'"),
    pl.Float64: float,
    pl.Int64: int,
    pl.Date: date.fromisoformat,
    pl.Datetime: datetime.fromisoformat,
    pl.Boolean: {"true": True, "false": False}.__getitem__,
}


def csv_cells(path: Path) -> list[list[str]]:
    """Header and rows as they stand there."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def csv_rows(path: Path, schema: DatasetSchema) -> list[tuple[object, ...]]:
    """The rows as values, by nothing but Python's own readers of numbers, dates and instants."""
    header, *rows = csv_cells(path)
    columns = [schema[name] for name in header]
    return [tuple(map(_value, columns, row)) for row in rows]


def parquet_rows(path: Path) -> list[tuple[object, ...]]:
    """The rows as values."""
    columns: list[list[Any]] = [column.to_pylist() for column in pyarrow.parquet.read_table(path).columns]
    return list(zip(*columns, strict=True))


def _value(column: ColumnSpec, cell: str) -> object:
    # Where null is allowed, there is no empty text, and the other way round.
    return None if cell == "" and column.nullable else VALUE_OF[column.dtype.base_type()](cell)
