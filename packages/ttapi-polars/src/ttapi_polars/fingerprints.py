# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Fingerprints: a digest of a dataset's rows that no file layout, row order or library version changes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, Protocol, cast

import polars as pl

from ttapi_polars.row_order import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from polars.datatypes import DataTypeClass

    from ttapi_polars.schemas import DatasetSchema

# Our own words: a dtype's name in Polars may change.
_KINDS: Final[dict[DataTypeClass, str]] = {
    pl.String: "text",
    pl.Float64: "number",
    pl.Int64: "count",
    pl.Date: "date",
    pl.Datetime: "instant",
    pl.Boolean: "flag",
}


class _ArrowArray(Protocol):
    """What is used of a pyarrow array; pyarrow brings no types of its own."""

    offset: int

    def __len__(self) -> int: ...

    def buffers(self) -> list[memoryview | None]: ...


def fingerprint(frame: pl.DataFrame, schema: DatasetSchema) -> str:
    """
    SHA-256 over the rows, as 64 hexadecimal digits.

    The same rows have the same fingerprint in any order and any file, in every process, on every machine,
    with every version of Polars; different rows have different ones. Columns that say when the rows were
    fetched do not count: the same data fetched again is the same. Of a column that a later version of the
    schema added, only what is not null counts: rows of an earlier version stay what they were.

    Parameters
    ----------
    frame
        Rows that pass ``check`` for ``schema``.
    schema
        The dataset; its name and column names are part of the digest.

    Examples
    --------
    >>> from ttapi_polars.schemas import DatasetSchema, ColumnSpec
    >>> column = ColumnSpec(name="symbol", dtype=pl.String, unit="the service's spelling")
    >>> listing = DatasetSchema(
    ...     name="listing", version=1, columns=(column,), key=("symbol",), sort_by=("symbol",)
    ... )
    >>> symbols = pl.DataFrame({"symbol": ["SPY", "BRK/B"]})
    >>> fingerprint(symbols, listing) == fingerprint(symbols.reverse(), listing)
    True
    """
    rows = in_order(frame, schema.sort_by).rechunk()
    total = hashlib.sha256(f"ttapi rows 1\n{schema.name}\n{rows.height}\n".encode())
    for column in schema.columns:
        values = rows[column.name]
        if column.says_when_fetched or (column.since > 1 and values.null_count() == values.len()):
            continue
        total.update(f"{column.name} {_KINDS[column.dtype.base_type()]}\n".encode())
        if column.since > 1:
            total.update(_column_digest(values.is_not_null().arg_true()))
            values = values.drop_nulls()
        total.update(_column_digest(values))
    return total.hexdigest()


def _column_digest(values: pl.Series) -> bytes:
    digest = hashlib.sha256()
    for buffer in _canonical_buffers(values):
        digest.update(buffer)
    return digest.digest()


def _canonical_buffers(values: pl.Series) -> Iterator[memoryview]:
    """Little-endian, fixed width, a null as a zero that a mask tells from a real one."""
    if values.null_count():
        yield _values_buffer(values.is_null().cast(pl.UInt8))
    if values.dtype == pl.String:
        texts = values.fill_null("")
        yield _values_buffer(texts.str.len_bytes().cast(pl.UInt32))
        yield _text_buffer(texts)
    elif values.dtype == pl.Float64:
        numbers = values.fill_null(0.0)
        zero = numbers == 0.0
        yield _values_buffer(numbers.set(zero, 0.0) if zero.any() else numbers)  # a negative zero is zero
    else:
        yield _values_buffer(values.to_physical().cast(pl.Int64).fill_null(0))


def _values_buffer(values: pl.Series) -> memoryview:
    array = _arrow(values)
    width = 1 if values.dtype == pl.UInt8 else 4 if values.dtype == pl.UInt32 else 8
    return _slice(array.buffers()[1], array.offset * width, len(array) * width)


def _text_buffer(values: pl.Series) -> memoryview:
    array = _arrow(values)
    _, offsets, text = array.buffers()
    ends = _slice(offsets, array.offset * 8, (len(array) + 1) * 8).cast("q")
    return _slice(text, ends[0], ends[-1] - ends[0])


def _arrow(values: pl.Series) -> _ArrowArray:
    # The oldest level lays texts out as one run of bytes with offsets; numbers are not copied.
    return cast("_ArrowArray", values.to_arrow(compat_level=pl.CompatLevel.oldest()))


def _slice(buffer: memoryview | None, start: int, size: int) -> memoryview:
    return memoryview(b"" if buffer is None else buffer)[start : start + size]
