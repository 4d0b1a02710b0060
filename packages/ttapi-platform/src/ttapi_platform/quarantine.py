# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Quarantine: damaged files put aside for whoever wants to look, and their rows taken from an intact twin."""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING

from loguru import logger

from ttapi_core.errors import CorruptFileError, SchemaError, StorageError
from ttapi_platform.atomic_files import make_directory, rename_durably
from ttapi_polars import lake_files
from ttapi_polars.csv_twin import read_csv_twin
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.footers import read_footer
from ttapi_polars.lake_files import size_of
from ttapi_polars.lake_versions import parts_of
from ttapi_polars.schemas import SCHEMAS
from ttapi_polars.storage_errors import is_of_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import polars as pl

    from ttapi_core.object_paths import DataPath
    from ttapi_platform.lake_layout import Layout
    from ttapi_polars.footers import FileFooter
    from ttapi_polars.lake_versions import FilePair
    from ttapi_polars.schemas import DatasetSchema


def put_damaged_aside(layout: Layout) -> Iterator[str]:
    """
    Move files that do not open to quarantine, or write them again from their twins; says what was done.

    Raises
    ------
    WriteError
        When the disk refuses.
    SchemaError
        When a newer version of TTAPI wrote a file: everything is left as it is.
    """
    for dataset, schema in SCHEMAS.items():
        pairs = layout.pairs(dataset)
        for part, pair in pairs.items():
            try:
                read_footer(pair.parquet)
            except CorruptFileError as error:
                logger.bind(path=str(pair.parquet)).warning("damaged file found")
                if _written_again(layout, pair, schema, _head(pairs, but=part)):
                    yield f"{dataset}: {error.message}; written again from its CSV twin"
                else:
                    kept = put_aside(layout, dataset, pair.parquet, pair.csv)
                    yield f"{dataset}: {error.message}; moved to {kept}, collected again"


def put_aside(layout: Layout, dataset: str, *paths: Path) -> Path:
    """Move files of a dataset to quarantine; gives the directory."""
    kept = layout.quarantine / dataset
    make_directory(kept)
    for path in paths:
        if path.exists():
            rename_durably(path, _free_name(kept, path))
    return kept


def _free_name(directory: Path, path: Path) -> Path:
    """The file's own name, numbered where an earlier file of that name is kept."""
    numbered = (directory / f"{path.stem}.{number}{path.suffix}" for number in count(2))
    return next(name for name in chain([directory / path.name], numbered) if not name.exists())


def rows_of_twin(pair: FilePair[DataPath], schema: DatasetSchema, wanted: str | None) -> pl.DataFrame | None:
    """
    The rows of a CSV twin.

    ``None`` unless they have the fingerprint that is wanted: nothing less proves that they are the same.

    Raises
    ------
    StorageError
        When an object store cannot be reached, or refuses: nobody knows then what the twin would tell.
    """
    try:
        rows = read_csv_twin(pair.csv, schema)
    except (StorageError, SchemaError) as error:
        if is_of_store(error) and size_of(pair.csv) is not None:
            raise
        return None
    return rows if fingerprint(rows, schema) == wanted else None


def _head(pairs: Mapping[str, FilePair[Path]], *, but: str) -> FileFooter | None:
    """What the head says, when another part is the damaged one."""
    last = max(pairs)
    if last == but:
        return None
    try:
        return read_footer(pairs[last].parquet)
    except CorruptFileError:
        return None


def _written_again(
    layout: Layout, pair: FilePair[Path], schema: DatasetSchema, head: FileFooter | None
) -> bool:
    rows = None if head is None else rows_of_twin(pair, schema, parts_of(head).get(pair.part))
    if rows is None or head is None:
        return False
    staged = layout.staged(schema.name, pair.part)
    make_directory(staged.parquet.parent)
    lake_files.write_pair(
        rows,
        schema,
        parquet_path=staged.parquet,
        csv_path=staged.csv,
        environment=head.environment,
        source=head.source,
        collected_at=head.collected_at,
        inputs=head.inputs,
    )
    rename_durably(staged.csv, pair.csv)
    rename_durably(staged.parquet, pair.parquet)
    staged.parquet.parent.rmdir()
    return True
