# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A lake's datasets by name, for whoever has the files and nothing else of TTAPI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ttapi_core.errors import DataError, UnknownDatasetError
from ttapi_core.object_paths import parse_data_path
from ttapi_polars.lake_versions import current_version
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from ttapi_core.object_paths import DataPath
    from ttapi_polars.footers import FileFooter


def scan(
    dataset: str,
    root: DataPath | str,
    *,
    symbols: str | Collection[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    columns: Sequence[str] | None = None,
) -> pl.LazyFrame:
    """
    The rows of a dataset as they are now, lazily: only what is asked for is read.

    Rows of files that are known to be sorted are declared sorted; collect queries over many of them with
    ``engine="streaming"``. A writer may replace the files before the query is collected; what was opened by
    then is read to its end, else the query fails and is to be asked again. Readers take no lock.

    Parameters
    ----------
    dataset
        accounts, symbols, trading_days, quotes, eod_data or expiration_series.
    root
        Directory of one environment's lake, such as ``lake/sandbox``, or where it lies in an object store,
        such as ``s3://market/lakes/sandbox``; that needs the extra ``cloud``.
    symbols
        Rows of these alone; files that cannot hold them are not opened again.
    since, until
        First and last date of the rows.
    columns
        These alone, in this order.

    Raises
    ------
    UnknownDatasetError
        When there is no such dataset.
    DataError
        When it has not been collected, its files are not of one commit, or it has no such column.
    StorageError, CorruptFileError, SchemaError
        When a file cannot be read, is damaged, or was written by a newer version of TTAPI.
    ValueError
        When ``root`` is an address that can be none.

    Examples
    --------
    >>> scan("eod_date", "lake/sandbox")
    Traceback (most recent call last):
    ...
    ttapi_core.errors.UnknownDatasetError: there is no dataset 'eod_date'
    """
    schema = SCHEMAS.get(dataset)
    if schema is None:
        there = ", ".join(SCHEMAS)
        raise UnknownDatasetError(f"there is no dataset {dataset!r}", hint=f"there are {there}")
    asked = {"symbol": symbols, "date": since or until}
    wanted = [*(name for name, value in asked.items() if value is not None), *(columns or ())]
    if lacking := [name for name in wanted if name not in schema.names]:
        raise DataError(f"{dataset} has no column {lacking[0]}")
    version = current_version(parse_data_path(root) if isinstance(root, str) else root, dataset)
    if version is None:
        raise DataError(f"there is no {dataset} in {root}", hint="run `ttapi collect` first")
    names = {symbols} if isinstance(symbols, str) else None if symbols is None else set(symbols)
    parts = [part for part, footer in version.footers.items() if names is None or _may_hold(footer, names)]
    rows = version.scan(schema, parts or list(version.pairs)[:1])
    if names is not None:
        rows = rows.filter(pl.col("symbol").is_in(sorted(names)))
    if since is not None:
        rows = rows.filter(pl.col("date") >= since)
    if until is not None:
        rows = rows.filter(pl.col("date") <= until)
    return rows if columns is None else rows.select(columns)


def _may_hold(footer: FileFooter, symbols: Collection[str]) -> bool:
    """Whether a file may have a row of one of these: its span of symbols says so, or nothing does."""
    if footer.sorted_by[:1] != ("symbol",) or footer.sorted_from is None or footer.sorted_to is None:
        return True
    return any(footer.sorted_from <= symbol <= footer.sorted_to for symbol in symbols)
