# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""SQL over the lake: the datasets are tables, and what is wrong with a query is said in terms of them."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Final

import polars as pl
from polars.exceptions import PanicException, PolarsError

from ttapi_core.errors import ConfigError, TTError, UnknownDatasetError
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ttapi_platform.lake import Lake

# A panic of Polars, which damaged pages or an odd query can cause, is no Exception.
_TROUBLE: Final = (OSError, PolarsError, PanicException)
# Polars takes these, and changes its own list of tables by them; the answer would look like that of a query.
_CHANGE: Final = re.compile(
    r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*(create|delete|drop|truncate)\b", re.IGNORECASE | re.DOTALL
)
_NO_TABLE: Final = re.compile(
    r"relation '(.+?)' was not found|table '(.+?)' does not exist|no table or struct column named '(.+?)'"
)
_NO_COLUMN: Final = re.compile(r"unable to find column \"(.+?)\"(?:; valid columns: \[(.*)\])?")
_NO_COLUMN_OF_TABLE: Final = re.compile(r"no column named '(.+?)' found in table '(.+?)'")


def query(lake: Lake, sql: str) -> pl.DataFrame:
    """
    The answer to a query in the SQL of Polars, in which each dataset is a table by its name.

    Only the datasets that the query names are opened: one version of each, and all of them as the lake had
    them at one time. It is asked again when one of them was replaced in the meantime. Functions of SQL such
    as ``read_csv`` read any file, so do not run what strangers wrote.

    Raises
    ------
    UnknownDatasetError
        When it names a table that there is not; the hint has the nearest name.
    ConfigError
        When it is wrong otherwise: what Polars cannot parse, an unknown column, types that do not fit.
    DataError
        When a dataset that it names has not been collected.
    CorruptFileError
        When a file that it needs is damaged.
    """
    tables = tables_of(sql)

    def asked() -> pl.DataFrame:
        frames = {name: lake.scan(name) for name in tables}
        return _planned(sql, {**_empty_tables(), **frames}).collect(engine="streaming")

    try:
        return lake.answer_from(tables, asked)
    except TTError:
        raise
    except _TROUBLE as trouble:
        raise _explained(trouble, lake, tables, sql) from trouble


def tables_of(sql: str) -> tuple[str, ...]:
    """
    The datasets that a query names; no file of a lake is read.

    Raises
    ------
    UnknownDatasetError, ConfigError
        As ``query``, for whatever is wrong with it without looking at a row.

    Examples
    --------
    >>> tables_of("select symbol, bid as symbols from quotes join eod_data using (symbol)")
    ('quotes', 'eod_data')
    >>> tables_of("with quotes as (select * from eod_data) select 'symbols' from quotes")
    ('eod_data',)
    >>> tables_of("select * from eod_dat")
    Traceback (most recent call last):
    ...
    ttapi_core.errors.UnknownDatasetError: there is no table 'eod_dat'
    """
    _refuse_what_is_no_query(sql)
    tables = _empty_tables()
    try:
        _planned(sql, tables).collect_schema()
    except _TROUBLE as error:
        raise _wrong(error, sql) from error
    # Named is what it cannot do without: a word in a text, or a name that the query gives, is not.
    return tuple(name for name in SCHEMAS if not _is_planned_without(name, sql, tables))


def _empty_tables() -> Mapping[str, pl.LazyFrame]:
    return {name: schema.empty().lazy() for name, schema in SCHEMAS.items()}


def _planned(sql: str, tables: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    return pl.SQLContext(frames=tables).execute(sql, eager=False)


def _is_planned_without(name: str, sql: str, tables: Mapping[str, pl.LazyFrame]) -> bool:
    try:
        _planned(sql, {other: rows for other, rows in tables.items() if other != name}).collect_schema()
    except _TROUBLE:
        return False
    return True


def _refuse_what_is_no_query(sql: str) -> None:
    try:
        sql.encode()
    except UnicodeEncodeError:
        raise _misused("the query holds bytes that are no text") from None
    if not sql.strip():
        raise _misused("the query is empty")
    if change := _CHANGE.match(sql):
        raise _misused(f"a query only reads: {change[1].upper()} has no place in it")


def _explained(trouble: BaseException, lake: Lake, tables: Collection[str], sql: str) -> TTError:
    """The error for a query that failed on these very files: the disk's trouble, damage, or its own."""
    try:
        for name in tables:
            lake.read(name)
    except TTError as error:
        return error
    # What the query reads by itself may lie anywhere.
    return _wrong(trouble, sql)


def _wrong(trouble: BaseException, sql: str) -> TTError:
    """What Polars says about a query, with the nearest names that there are."""
    # Below the first line it draws its plan, or guesses without knowing of our tables.
    said = next(iter(str(trouble).splitlines()), "") or type(trouble).__name__
    if found := _NO_TABLE.search(said):
        table = next(filter(None, found.groups()))
        return UnknownDatasetError(f"there is no table {table!r}", hint=_hint(_near(table, SCHEMAS)))
    if found := _NO_COLUMN_OF_TABLE.search(said):
        column, table = found.groups()
        schema = SCHEMAS.get(table)
        near = _near(column, schema.names if schema is not None else _all_columns())
        return _misused(f"there is no column {column!r} in {table}", near)
    if found := _NO_COLUMN.search(said):
        column, valid = found.groups()
        near = _near(column, re.findall(r'"(.+?)"', valid) if valid else _all_columns())
        if near is None and f'"{column}"' in sql:
            return _misused(f"there is no column {column!r}; a text stands in single quotes: '{column}'")
        return _misused(f"there is no column {column!r}", near)
    return _misused(f"the query cannot be run: {said.removeprefix('sql parser error: ').rstrip(':')}")


def _misused(problem: str, near: str | None = None) -> ConfigError:
    return ConfigError([problem], hint=_hint(near))


def _hint(near: str | None) -> str:
    tables = f"the tables are {', '.join(SCHEMAS)}"
    return tables if near is None else f"did you mean {near}? {tables}"


def _near(name: str, names: Collection[str]) -> str | None:
    return next(iter(difflib.get_close_matches(name.lower(), names, n=1)), None)


def _all_columns() -> list[str]:
    return sorted({name for schema in SCHEMAS.values() for name in schema.names})
