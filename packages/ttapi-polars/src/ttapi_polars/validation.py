# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Does a frame keep its dataset's schema? Every problem is found, with counts and examples."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import polars as pl

from ttapi_core.errors import SchemaError
from ttapi_polars.row_order import ascends

if TYPE_CHECKING:
    from collections.abc import Iterator

    from polars.datatypes import DataType, DataTypeClass

    from ttapi_polars.schemas import ColumnSpec, DatasetSchema
    from ttapi_polars.typing import ArrowStream

_EXAMPLES: Final = 3

# What becomes the wanted dtype without losing anything, whatever the values are.
_LOSSLESS: Final[dict[DataTypeClass, tuple[DataType | DataTypeClass, ...]]] = {
    pl.String: (pl.Categorical, pl.Enum, pl.Null),
    pl.Float64: (pl.Float32, pl.Int8, pl.Int16, pl.Int32, pl.UInt8, pl.UInt16, pl.UInt32, pl.Null),
    pl.Int64: (pl.Int8, pl.Int16, pl.Int32, pl.UInt8, pl.UInt16, pl.UInt32, pl.Null),
    pl.Date: (pl.Null,),
    pl.Datetime: (pl.Datetime("ms", "UTC"), pl.Null),
    pl.Boolean: (pl.Null,),
}


def validate(frame: pl.DataFrame | ArrowStream, schema: DatasetSchema) -> pl.DataFrame:
    """
    The frame with the schema's columns in the schema's order and dtypes; the rows stay as they are.

    A narrower dtype is widened where no value can be lost (Int32 to Int64, Categorical to String); nothing
    else is cast. A column that the schema's later versions added is null in rows that lack it.

    Parameters
    ----------
    frame
        A frame, or what hands out Arrow columns, such as a table of pyarrow or a frame of pandas. Columns
        that have the schema's dtype are not copied.
    schema
        One of ``schemas.SCHEMAS``, or of one's own.

    Raises
    ------
    SchemaError
        When a column is missing, unknown or of another dtype, when a value is null where none may be, NaN,
        infinite or an empty text that stands for null, or when two rows share a key. All problems are listed
        with counts and examples.

    Examples
    --------
    >>> from ttapi_polars.schemas import TRADING_DAYS
    >>> validate(TRADING_DAYS.empty().drop("open_at"), TRADING_DAYS)
    Traceback (most recent call last):
    ...
    ttapi_core.errors.SchemaError: trading_days: column 'open_at' is missing
    """
    if not isinstance(frame, pl.DataFrame):
        frame = pl.DataFrame(frame)
    later = [column for column in schema.columns if column.since > 1 and column.name not in frame.columns]
    if later:
        frame = frame.with_columns(pl.lit(None, column.dtype).alias(column.name) for column in later)
    problems = list(_column_problems(frame.schema, schema))
    known = [column for column in schema.columns if _fits(frame.schema.get(column.name), column)]
    rows = frame.select(pl.col(column.name).cast(column.dtype) for column in known)
    problems += _value_problems(rows, known, schema)
    problems += _key_problems(rows, schema)
    if problems:
        raise SchemaError(schema.name, problems)
    return rows


def _fits(dtype: DataType | None, column: ColumnSpec) -> bool:
    return dtype is not None and (dtype == column.dtype or dtype in _LOSSLESS[column.dtype.base_type()])


def _column_problems(found: pl.Schema, schema: DatasetSchema) -> Iterator[str]:
    for column in schema.columns:
        dtype = found.get(column.name)
        if dtype is None:
            yield f"column {column.name!r} is missing"
        elif not _fits(dtype, column):
            yield f"column {column.name!r} is {dtype}, expected {column.dtype}"
    for name in found:
        if name not in schema.names:
            yield f"column {name!r} is unknown"


def _value_problems(rows: pl.DataFrame, columns: list[ColumnSpec], schema: DatasetSchema) -> Iterator[str]:
    for column in columns:
        values = rows[column.name]
        if not column.nullable and values.null_count():
            yield _with_examples(rows, values.is_null(), f"column {column.name!r} is null", schema)
        if column.nullable and column.dtype == pl.String and (values == "").any():
            empty = (values == "").fill_null(value=False)
            yield _with_examples(rows, empty, f"column {column.name!r} is empty instead of null", schema)
        if column.dtype == pl.Float64 and not _are_finite(values):
            unreal = ~values.is_finite().fill_null(value=True)
            yield _with_examples(rows, unreal, f"column {column.name!r} is NaN or infinite", schema)


def _are_finite(values: pl.Series) -> bool:
    # One infinity or NaN makes the sum one, too, which takes a quarter of the time to find out.
    return math.isfinite(values.sum()) or values.is_finite().all()


def _key_problems(rows: pl.DataFrame, schema: DatasetSchema) -> Iterator[str]:
    if not set(schema.key) <= set(rows.columns) or ascends(rows, schema.key, strictly=True):
        return
    repeated = rows.select(schema.key).is_duplicated()
    if repeated.any():
        yield _with_examples(rows, repeated, f"key ({', '.join(schema.key)}) is not unique", schema)


def _with_examples(rows: pl.DataFrame, affected: pl.Series, problem: str, schema: DatasetSchema) -> str:
    key = [name for name in schema.key if name in rows.columns]
    keys = rows.filter(affected).select(key).unique(maintain_order=True).head(_EXAMPLES)
    examples = ", ".join("/".join(str(part) for part in row) for row in keys.rows())
    found = f"{problem} in {affected.sum()} of {rows.height} rows"
    return f"{found}, such as {examples}" if examples else found
