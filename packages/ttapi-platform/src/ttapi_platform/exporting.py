# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Exporting: rows of one version of a dataset as one file, which is there as a whole or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from ttapi_core.errors import WriteError
from ttapi_platform.atomic_files import rename_durably
from ttapi_polars import exports
from ttapi_polars.duckdb_files import write_database
from ttapi_polars.storage_errors import writing
from ttapi_polars.workbooks import write_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Mapping

    import polars as pl

    from ttapi_platform.lake import Lake


class Format(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    PARQUET = "parquet"
    ARROW = "arrow"  # an IPC file, also known as Feather 2
    DUCKDB = "duckdb"
    XLSX = "xlsx"


OF_SEVERAL: Final = frozenset({Format.DUCKDB, Format.XLSX})
"""The formats whose files hold several datasets."""


def export(
    lake: Lake,
    datasets: Collection[str],
    target: Path,
    *,
    written_as: Format,
    scan: Callable[[str], pl.LazyFrame] | None = None,
    escape_formulas: bool = True,
) -> Mapping[str, int]:
    """
    Write rows of datasets to one file, all as the lake has them at one time, and tell how many of each.

    They are written beside the file, which is replaced in one step: until then it is as it was, and whatever
    goes wrong leaves nothing behind. The rows are streamed, so that they need not fit into the memory.

    Parameters
    ----------
    lake
        Where they are.
    datasets
        One, or several for a format of ``OF_SEVERAL``.
    target
        The file.
    written_as
        Its format. Parquet is compressed by zstd; Arrow is not, so that it can be mapped into the memory.
    scan
        Gives the rows of a dataset that are wanted, lazily; all of them without it.
    escape_formulas
        In CSV, put an apostrophe before a text that a spreadsheet would run as a formula.

    Raises
    ------
    DataError
        When a dataset has not been collected, or is too large for the format.
    CorruptFileError
        When a file that is needed is damaged.
    ConfigError
        When the package that writes the format is not installed.
    WriteError
        When the disk refuses.
    ValueError
        For several datasets and a format that holds one.
    """
    if len(datasets) != 1 and written_as not in OF_SEVERAL:
        raise ValueError(f"{written_as} holds one dataset, not {len(datasets)}")
    rows_of = scan or lake.scan
    with _replaced(target) as path:

        def written() -> Mapping[str, int]:
            path.unlink(missing_ok=True)  # of a version that was replaced meanwhile
            with lake.collecting():
                rows = {name: rows_of(name) for name in datasets}
                return _written(rows, path, written_as, escape_formulas=escape_formulas)

        return lake.answer_from(datasets, written)


def _written(
    tables: Mapping[str, pl.LazyFrame], path: Path, written_as: Format, *, escape_formulas: bool
) -> Mapping[str, int]:
    match written_as:
        case Format.DUCKDB:
            return write_database(tables, path)
        case Format.XLSX:
            return write_workbook(tables, path)
        case _:
            ((name, rows),) = tables.items()
    match written_as:
        case Format.CSV:
            return {name: exports.write_csv(rows, path, escape_formulas=escape_formulas)}
        case Format.PARQUET:
            return {name: exports.write_parquet(rows, path)}
        case Format.ARROW:
            return {name: exports.write_arrow(rows, path)}


@contextmanager
def _replaced(target: Path) -> Generator[Path]:
    """A file in a folder of its own beside the target, which replaces the target in the end."""
    with writing(target), TemporaryDirectory(prefix=".ttapi-export-", dir=target.parent) as folder:
        path = Path(folder) / target.name
        try:
            yield path
            with writing(path), path.open("rb") as file:
                os.fsync(file.fileno())
        except WriteError as error:
            if error.path != path:
                raise
            message = error.message.replace(str(path), str(target))
            raise WriteError(message, path=target, hint=error.hint) from error
        rename_durably(path, target)
