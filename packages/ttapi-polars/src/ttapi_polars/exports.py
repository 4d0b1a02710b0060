# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Exports: the rows of a lazy frame as one file for other programs, streamed: CSV, Parquet or Arrow."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, Protocol, cast

import polars as pl
import pyarrow.ipc
import pyarrow.parquet

from ttapi_polars.csv_twin import write_rows
from ttapi_polars.storage_errors import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


ROWS_AT_A_TIME: Final = 122_000
"""
How many rows are written at a time; in Parquet and Arrow they are a group, of which a reader can take some.

In batches, not by the sinks of Polars: those are little faster, can be stopped by ctrl-C alone, and do not
tell whether it was reading or writing that failed.
"""


class _Table(Protocol):
    """What is used of a table of pyarrow, which brings no types of its own."""

    schema: object
    num_rows: int


class _Writer(Protocol):
    """What the writers of both formats have in common."""

    def write_table(self, table: _Table, /) -> None: ...

    def close(self) -> None: ...


class _Ipc(Protocol):
    """What is used of ``pyarrow.ipc``."""

    def new_file(self, sink: Path, schema: object, /) -> _Writer: ...


class _Parquet(Protocol):
    """What is used of ``pyarrow.parquet``."""

    def ParquetWriter(  # noqa: N802 - it is a class
        self,
        where: Path,
        schema: object,
        /,
        *,
        compression: str,
        compression_level: int,
        use_dictionary: list[str],
    ) -> _Writer: ...


def batches(rows: pl.LazyFrame, *, size: int = ROWS_AT_A_TIME) -> Iterator[pl.DataFrame]:
    """
    The rows in their order, a frame of so many at a time; one without rows where there are none.

    Examples
    --------
    >>> [batch["a"].to_list() for batch in batches(pl.LazyFrame({"a": [1, 2, 3]}), size=2)]
    [[1, 2], [3]]
    """
    is_empty = True
    for batch in rows.collect_batches(chunk_size=size, maintain_order=True, engine="streaming"):
        yield batch
        is_empty = False
    if is_empty:
        yield rows.collect_schema().to_frame()


def write_csv(rows: pl.LazyFrame, path: Path, *, escape_formulas: bool = True) -> int:
    r"""
    Write CSV as `ttapi_polars.csv_twin.write_csv_twin` does, and tell how many rows there are.

    Parameters
    ----------
    rows
        Columns of any dtype that has a text; instants in UTC.
    path
        Where to; what lies there is overwritten.
    escape_formulas
        Put an apostrophe before a text that a spreadsheet would run as a formula.

    Raises
    ------
    WriteError
        When the disk refuses. Trouble with reading the rows is Polars' own: see
        `ttapi_polars.storage_errors.reading`.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "rows.csv"
    >>> write_csv(pl.LazyFrame({"symbol": ["=A", "B"], "close": [1.5, None]}), path)
    2
    >>> path.read_text()
    "symbol,close\n'=A,1.5\nB,\n"
    """
    count = 0
    with writing(path):
        file = path.open("wb", buffering=0)
    with file:
        for batch in batches(rows):
            with writing(path):
                write_rows(batch, file, header=file.tell() == 0, escape_formulas=escape_formulas)
            count += batch.height
    return count


def write_parquet(rows: pl.LazyFrame, path: Path) -> int:
    """
    Write Parquet, compressed by zstd, and tell how many rows there are.

    Raises
    ------
    WriteError
        As ``write_csv``.
    """
    # To look for repetitions in prices and find none would take nearly half of the time.
    repeated = [
        name for name, dtype in rows.collect_schema().items() if dtype.base_type() in {pl.String, pl.Date}
    ]
    parquet = cast("_Parquet", pyarrow.parquet)
    return _write(
        rows,
        path,
        lambda schema: parquet.ParquetWriter(
            path, schema, compression="zstd", compression_level=1, use_dictionary=repeated
        ),
    )


def write_arrow(rows: pl.LazyFrame, path: Path) -> int:
    """
    Write an Arrow IPC file, also known as Feather 2, and tell how many rows there are.

    Not compressed, so that a reader can map it into its memory instead of reading it; Parquet is the small
    one. Texts are of the type that every version of Arrow knows.

    Raises
    ------
    WriteError
        As ``write_csv``.
    """
    ipc = cast("_Ipc", pyarrow.ipc)
    return _write(rows, path, lambda schema: ipc.new_file(path, schema))


def _write(rows: pl.LazyFrame, path: Path, new_writer: Callable[[object], _Writer]) -> int:
    source = map(_as_arrow, batches(rows))
    first, count = next(source), 0
    with writing(path):
        writer = new_writer(first.schema)
    try:
        for table in chain([first], source):
            with writing(path):
                writer.write_table(table)
            count += table.num_rows
    finally:
        with writing(path):
            writer.close()
    return count


def _as_arrow(batch: pl.DataFrame) -> _Table:
    return cast("_Table", batch.to_arrow(compat_level=pl.CompatLevel.oldest()))
