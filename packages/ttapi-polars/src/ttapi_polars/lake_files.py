# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One file of the lake: Parquet that is its own manifest, with a CSV twin; write, scan, load, verify."""

from __future__ import annotations

import importlib.metadata
import os
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from ttapi_core.errors import SchemaError
from ttapi_core.object_paths import ObjectPath
from ttapi_polars.csv_twin import write_csv_twin
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.footers import FileFooter, footer_if_ours, read_footer
from ttapi_polars.object_files import look
from ttapi_polars.object_stores import reading_options
from ttapi_polars.row_order import in_order
from ttapi_polars.schemas import SCHEMAS
from ttapi_polars.storage_errors import damaged, reading, writing
from ttapi_polars.validation import validate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ttapi_core.object_paths import DataPath
    from ttapi_polars.schemas import DatasetSchema

# One giant row group reads twice as slowly with seven times the memory; 5,000 rows of a symbol still prune.
_ROW_GROUP_ROWS: Final = 122_000
_MERGED_RUNS: Final = 2  # with each more, merging costs as much again


def write_pair(
    frame: pl.DataFrame,
    schema: DatasetSchema,
    *,
    parquet_path: Path,
    csv_path: Path,
    environment: str,
    source: str,
    collected_at: datetime,
    inputs: Mapping[str, str] | None = None,
    extra: Mapping[str, str] | None = None,
    known_fingerprint: str | None = None,
) -> FileFooter:
    """
    Write the CSV twin, then the Parquet file with its manifest; both are safe on the disk when this returns.

    The rows are checked and put in the schema's order. The names are written to directly: to replace a file
    in one step, write beside it and rename, the CSV first, the Parquet last.

    Parameters
    ----------
    frame
        The rows.
    schema
        Their dataset.
    parquet_path, csv_path
        Where to; what lies there is overwritten.
    environment
        sandbox, replay, certification or production.
    source
        Where the rows came from, for people.
    collected_at
        When they were collected, an aware instant.
    inputs
        Fingerprint of each dataset that they were built from.
    extra
        What else the footer should remember.
    known_fingerprint
        What ``fingerprint`` gave for these very rows; it is asked when this is not known.

    Returns
    -------
    FileFooter
        What the Parquet file now says of itself.

    Raises
    ------
    SchemaError
        When the rows break the schema; nothing is written.
    WriteError
        When the disk refuses.
    ValueError
        When ``collected_at`` has no time zone.
    """
    if collected_at.tzinfo is None:
        raise ValueError(f"collected_at {collected_at} has no time zone")
    rows = in_order(validate(frame, schema), schema.sort_by)
    leading = rows[schema.sort_by[0]]
    footer = FileFooter(
        dataset=schema.name,
        schema_version=schema.version,
        writer_version=importlib.metadata.version("ttapi-polars"),
        environment=environment,
        source=source,
        collected_at=collected_at,
        rows=rows.height,
        fingerprint=known_fingerprint or fingerprint(rows, schema),
        csv_sha256=write_csv_twin(rows, schema, csv_path),
        sorted_by=schema.sort_by,
        sorted_from=None if rows.is_empty() else str(leading[0]),
        sorted_to=None if rows.is_empty() else str(leading[-1]),
        inputs=inputs or {},
        extra=extra or {},
    )
    with writing(parquet_path), parquet_path.open("wb") as file:
        rows.write_parquet(
            file,
            compression="zstd",
            compression_level=1,
            row_group_size=_ROW_GROUP_ROWS,
            metadata=footer.to_metadata(),
        )
        file.flush()
        os.fsync(file.fileno())
    return footer


def scan(
    paths: DataPath | Sequence[DataPath],
    schema: DatasetSchema | None = None,
    *,
    footers: Sequence[FileFooter] | None = None,
) -> pl.LazyFrame:
    """
    The rows of one or several files of a dataset, lazily; filters and column choices reach into the files.

    Rows come file after file. Where the footers prove that they are sorted so, the leading column is declared
    sorted, which makes aggregations by symbol several times faster. Where they prove two such sequences, as
    in a lake that keeps what is recent beside the rest, the two are merged while they are read, for each
    symbol the rows of the first before those of the second, and declared sorted too. A foreign file, or files
    that overlap more often, such as one per year, are read without it and give the same answers.
    Columns that a file of an earlier schema version lacks are null. Collect it within
    ``storage_errors.reading`` to have damaged pages reported as ``CorruptFileError``.

    Parameters
    ----------
    paths
        Files; a name is taken as it is, without patterns.
    schema
        When given, the files must have its columns.
    footers
        What the files say of themselves, where that is known and cannot have changed: none of them is opened
        before the rows are collected, and so their columns are not looked at either.

    Raises
    ------
    StorageError
        When a file is not there or may not be read.
    CorruptFileError
        When a file is no Parquet file.
    SchemaError
        When a newer version of TTAPI wrote a file, or columns are missing or of another dtype.
    ValueError
        Without any path.
    """
    files = [paths] if isinstance(paths, Path | ObjectPath) else list(paths)
    if not files:
        raise ValueError("scan needs at least one file")
    known = [footer_if_ours(file) for file in files] if footers is None else footers
    if schema is not None and footers is None:
        for file in files:
            _require_columns(file, schema)
    column, runs = _sorted_runs(known)
    widened = _schema_to_widen_to(known)
    if widened is None and schema is not None and footers is not None:
        widened = schema.polars_schema  # or Polars would open a file to learn it
    first, *others = (
        pl.scan_parquet(
            _sources(files[run.start : run.stop]),
            glob=False,
            hive_partitioning=False,
            schema=widened,
            missing_columns="insert",
            storage_options=reading_options(files[0]),
        )
        for run in runs
    )
    if column is None:
        return first
    for other in others:
        first = first.merge_sorted(other, key=column, maintain_order=True)
    return first.set_sorted(column)


def load(path: DataPath, schema: DatasetSchema) -> pl.DataFrame:
    """
    All rows of one file.

    Raises
    ------
    StorageError
        When the file is not there or may not be read.
    CorruptFileError
        When it is damaged, as far as reading shows; only ``verify`` is sure.
    SchemaError
        As ``scan``.
    """
    with reading(path):
        return scan(path, schema).select(schema.names).collect()


def size_of(path: DataPath) -> int | None:
    """
    Bytes of a file; ``None`` when it is not there, or was replaced just now.

    Raises
    ------
    StorageError
        When an object store cannot be reached, or refuses.
    """
    if isinstance(path, ObjectPath):
        seen = look(path)
        return None if seen is None else seen.size
    try:
        return path.stat().st_size
    except OSError:
        return None


def verify(path: DataPath, schema: DatasetSchema) -> FileFooter:
    """
    Read the whole file and prove that its rows are those that were written.

    Compression alone does not show every flipped bit; the fingerprint does.

    Raises
    ------
    StorageError
        When the file is not there or may not be read.
    CorruptFileError
        When its rows are not those that its footer tells of.
    SchemaError
        When they break the schema, or a newer version of TTAPI wrote the file.
    """
    footer = read_footer(path)
    rows = validate(load(path, schema), schema)
    if rows.height != footer.rows:
        raise damaged(path, f"it has {rows.height} rows, its footer says {footer.rows}")
    if fingerprint(rows, schema) != footer.fingerprint:
        raise damaged(path, "its rows are not those whose fingerprint its footer tells")
    return footer


def _sources(files: Sequence[DataPath]) -> list[Path] | list[str]:
    paths = [file for file in files if isinstance(file, Path)]
    return paths if len(paths) == len(files) else list(map(str, files))


def _schema_to_widen_to(footers: Sequence[FileFooter | None]) -> pl.Schema | None:
    """The schema of today, when all files are of one dataset and some were written with an earlier one."""
    datasets = {footer.dataset if footer else None for footer in footers}
    schema = SCHEMAS.get(datasets.pop() or "") if len(datasets) == 1 else None
    if schema is None or all(footer is None or footer.schema_version == schema.version for footer in footers):
        return None
    return schema.polars_schema


def _require_columns(path: DataPath, schema: DatasetSchema) -> None:
    with reading(path):
        found = (
            pl.read_parquet_schema(path)
            if isinstance(path, Path)
            else pl.scan_parquet(
                str(path), glob=False, storage_options=reading_options(path)
            ).collect_schema()
        )
    problems = [
        f"column {column.name!r} is {found.get(column.name, 'missing')}, expected {column.dtype}"
        for column in schema.columns
        if found.get(column.name, column.dtype if column.since > 1 else None) != column.dtype
    ]
    if problems:
        raise SchemaError(str(path), problems)


def _sorted_runs(footers: Sequence[FileFooter | None]) -> tuple[str | None, list[range]]:
    """The column by which one or two runs of files ascend, and these runs; else none, and all files."""
    unknown = None, [range(len(footers))]
    leading = {footer.sorted_by[0] if footer else None for footer in footers}
    column = leading.pop() if len(leading) == 1 else None
    if column is None:
        return unknown
    filled = [(place, footer) for place, footer in enumerate(footers) if footer and footer.rows]
    starts = [0, *(place for (_, before), (place, after) in pairwise(filled) if not _ascend(before, after))]
    runs = [range(start, stop) for start, stop in pairwise([*starts, len(footers)])]
    return (column, runs) if len(runs) <= _MERGED_RUNS else unknown


def _ascend(before: FileFooter, after: FileFooter) -> bool:
    last, first = before.sorted_to, after.sorted_from
    return last is not None and first is not None and last <= first
