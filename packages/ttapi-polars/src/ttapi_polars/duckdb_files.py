# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""DuckDB's own files: lazy frames as the tables of one database, handed over through Arrow."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import polars as pl

from ttapi_core.errors import ConfigError
from ttapi_polars.exports import batches
from ttapi_polars.storage_errors import writing

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping
    from pathlib import Path
    from types import ModuleType

    from duckdb import DuckDBPyConnection, Expression

_HINT: Final = '`pip install "ttapi-onboarding[duckdb]"`'


def write_database(tables: Mapping[str, pl.LazyFrame], path: Path) -> dict[str, int]:
    """
    Write a database of these tables, and tell how many rows each has.

    Dates are DATE, instants in UTC are TIMESTAMP WITH TIME ZONE, decimals are DECIMAL of the same precision
    and scale, and an enumeration is an ENUM of its words. The rows are streamed, and keep their order.

    Parameters
    ----------
    tables
        By name, in order.
    path
        A file that is not there yet.

    Raises
    ------
    ConfigError
        When the package ``duckdb`` is not installed.
    WriteError
        When the disk refuses. Trouble with reading the rows is Polars' own: see
        `ttapi_polars.storage_errors.reading`.
    """
    duckdb = _imported()
    with _writing(duckdb, path):
        connection = duckdb.connect(path)
    # In the main thread, a signal would end a statement with an error of DuckDB's instead of its own.
    with connection, ThreadPoolExecutor(1) as beside:
        connection.begin()  # all in one: to commit each batch takes five times as long
        counts: dict[str, int] = {}
        for name, rows in tables.items():
            columns, counts[name] = _columns(duckdb, rows), 0
            for batch in batches(rows):
                is_first = counts[name] == 0
                with _writing(duckdb, path):
                    beside.submit(_add, connection, name, batch, columns, is_first=is_first).result()
                counts[name] += batch.height
        with _writing(duckdb, path):
            beside.submit(connection.commit).result()
    return counts


def _imported() -> ModuleType:
    try:
        import duckdb  # noqa: PLC0415 - an extra, and needed by nothing else
    except ImportError as error:
        raise ConfigError(["duckdb is not installed"], hint=_HINT) from error
    return duckdb


def _columns(duckdb: ModuleType, rows: pl.LazyFrame) -> list[Expression]:
    # By itself DuckDB takes the words of an enumeration for texts.
    return [
        duckdb.ColumnExpression(column).cast(duckdb.type(_enum(dtype))).alias(column)
        if isinstance(dtype, pl.Enum)
        else duckdb.ColumnExpression(column)
        for column, dtype in rows.collect_schema().items()
    ]


def _add(
    connection: DuckDBPyConnection,
    name: str,
    batch: pl.DataFrame,
    columns: Iterable[Expression],
    *,
    is_first: bool,
) -> None:
    relation = connection.from_arrow(batch).select(*columns)
    if is_first:
        relation.create(name)
    else:
        relation.insert_into(name)


@contextmanager
def _writing(duckdb: ModuleType, path: Path) -> Generator[None]:
    """As ``writing``, for DuckDB's errors: they have the system's reason as words, without its number."""
    with writing(path):
        try:
            yield
        except duckdb.Error as error:
            numbers = (number for number in errno.errorcode if os.strerror(number) in str(error))
            number = next(numbers, errno.EIO)
            raise OSError(number, os.strerror(number)) from error


def _enum(dtype: pl.Enum) -> str:
    words = (word.replace("'", "''") for word in dtype.categories)
    return "ENUM(" + ", ".join(f"'{word}'" for word in words) + ")"
