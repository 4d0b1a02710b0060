# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The lake: what is stored of each dataset, how it is read, and how it is replaced as a whole."""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import polars as pl
from loguru import logger

from ttapi_core.errors import CorruptFileError, DataError, StorageError
from ttapi_platform.atomic_files import (
    explained_write,
    make_directory,
    rename_durably,
    writer_lock,
)
from ttapi_platform.freshness import Missing, Stored
from ttapi_platform.lake_layout import FilePair, Layout, split
from ttapi_polars import lake_files
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from ttapi_core.settings import Environment
    from ttapi_platform.datasets import Dataset

_PARTS: Final = "parts"
_PARAMETERS: Final = "parameters"


class Lake:
    """
    The datasets of one environment below one directory.

    A dataset in several files is committed file by file, its last file, the head, after all others. The
    head's footer names the fingerprint of every part, so that a commit cut short is seen.
    """

    def __init__(self, root: Path, *, environment: Environment) -> None:
        self._layout = Layout(root)
        self._environment = environment

    @property
    def root(self) -> Path:
        """Where the files lie."""
        return self._layout.root

    @property
    def runs_dir(self) -> Path:
        """Where the records of runs lie."""
        return self._layout.runs

    @contextmanager
    def writing(self) -> Iterator[list[str]]:
        """
        Be the lake's only writer; what a crash left behind is put in order first.

        Yields
        ------
        list[str]
            What had to be put in order, in words.

        Raises
        ------
        LockedError
            When another process is writing.
        ConfigError, WriteError
            When the directory cannot be used.
        """
        make_directory(self._layout.lock.parent)
        with writer_lock(self._layout.lock):
            yield [*self._finish_cut_commits(), *self._quarantine_damaged()]

    def stored(self, dataset: str) -> Stored | Missing:
        """What the footers say of a dataset; no row is read."""
        pairs = self._layout.pairs(dataset)
        if not pairs:
            return Missing()
        try:
            footers = {pair.part: lake_files.read_footer(pair.parquet) for pair in pairs}
        except StorageError as error:
            return Missing(error.message)
        head = footers[pairs[-1].part]
        parts: dict[str, str] = json.loads(head.extra.get(_PARTS, "{}"))
        if parts != {part: footer.fingerprint for part, footer in footers.items()}:
            return Missing("its files are not of one commit")
        return Stored(
            collected_at=head.collected_at,
            rows=sum(footer.rows for footer in footers.values()),
            fingerprint=_joined(parts),
            inputs=head.inputs,
            parameters=json.loads(head.extra.get(_PARAMETERS, "{}")),
        )

    def scan(self, dataset: str) -> pl.LazyFrame:
        """
        A dataset's rows, lazily.

        Raises
        ------
        DataError
            When it has not been collected.
        CorruptFileError
            When a file cannot be opened; damage further inside shows when the rows are read.
        """
        pairs = self._layout.pairs(dataset)
        if not pairs:
            raise DataError(f"there is no {dataset} in {self.root} yet", hint="run `ttapi collect` first")
        return lake_files.scan([pair.parquet for pair in pairs])

    def read(self, dataset: str) -> pl.DataFrame:
        """
        A dataset's rows.

        Raises
        ------
        DataError
            When it has not been collected.
        CorruptFileError
            When a file is damaged.
        """
        return self.answer(self.scan(dataset))

    def answer(self, query: pl.LazyFrame) -> pl.DataFrame:
        """
        The answer to a query over this lake.

        Raises
        ------
        CorruptFileError
            When a file that it needs is damaged.
        """
        try:
            return query.collect(engine="streaming")
        except (pl.exceptions.ComputeError, OSError) as error:
            message = f"a file in {self.root} cannot be read: {str(error).splitlines()[0]}"
            raise CorruptFileError(
                message, path=self.root, hint="`ttapi collect --refresh` replaces what is damaged"
            ) from error

    def fingerprint(self, dataset: str, frame: pl.DataFrame) -> str:
        """The fingerprint that ``stored`` will give for these rows once they are committed."""
        schema = SCHEMAS[dataset]
        return _joined(
            {part: lake_files.fingerprint(rows, schema) for part, rows in split(dataset, frame).items()}
        )

    def commit(
        self, dataset: Dataset, frame: pl.DataFrame, *, inputs: Mapping[str, str], collected_at: datetime
    ) -> None:
        """
        Replace a dataset by these rows; parts whose rows are the same stay as they are, except the head.

        Raises
        ------
        WriteError
            When the disk refuses; what was stored before is untouched, or whole part by part.
        SchemaError
            When the rows break the dataset's schema.
        """
        name, schema = dataset.name, SCHEMAS[dataset.name]
        parts = split(name, frame)
        fingerprints = {part: lake_files.fingerprint(rows, schema) for part, rows in parts.items()}
        head = max(parts)
        staging = self._layout.staging / name
        make_directory(staging)
        make_directory(self._layout.directory(name))
        changed = [
            part for part in sorted(parts) if part == head or not self._holds(name, part, fingerprints[part])
        ]
        try:
            for part in changed:
                staged = self._layout.staged(name, part)
                extra = {_PARAMETERS: json.dumps(dict(dataset.parameters))}
                if part == head:
                    extra[_PARTS] = json.dumps(fingerprints)
                lake_files.write_pair(
                    parts[part],
                    schema,
                    parquet_path=staged.parquet,
                    csv_path=staged.csv,
                    environment=self._environment.value,
                    source=dataset.parameters.get("source", ""),
                    collected_at=collected_at,
                    inputs=inputs,
                    fingerprint=fingerprints[part],
                    extra=extra,
                )
        except BaseException:
            # Nothing has been renamed yet: without its staging folder this commit never happened.
            shutil.rmtree(staging, ignore_errors=True)
            raise
        for part in changed:
            self._put_in_place(self._layout.staged(name, part), self._layout.pair(name, part))
        for pair in self._layout.pairs(name):
            if pair.part not in parts:
                _remove(pair)
        shutil.rmtree(staging, ignore_errors=True)

    def _holds(self, dataset: str, part: str, fingerprint: str) -> bool:
        pair = self._layout.pair(dataset, part)
        try:
            return pair.csv.exists() and lake_files.read_footer(pair.parquet).fingerprint == fingerprint
        except StorageError:
            return False

    def _put_in_place(self, staged: FilePair, final: FilePair) -> None:
        rename_durably(staged.csv, final.csv)
        rename_durably(staged.parquet, final.parquet)  # the commit point

    def _finish_cut_commits(self) -> Iterator[str]:
        """
        A staging folder that is still there belongs to a commit that a crash cut short.

        Parquet is the truth: CSV twins that it does not know are written again.
        """
        for dataset in SCHEMAS:
            staging = self._layout.staging / dataset
            if not staging.exists():
                continue
            for pair in self._layout.pairs(dataset):
                if lake_files.is_readable(pair.parquet) and not lake_files.twin_matches(
                    pair.parquet, pair.csv
                ):
                    lake_files.rewrite_twin(pair.parquet, pair.csv, SCHEMAS[dataset])
            for orphan in self._layout.orphans(dataset):
                orphan.unlink()
            shutil.rmtree(staging, ignore_errors=True)
            yield f"{dataset}: an earlier run was cut short while it was being stored; put in order"

    def _quarantine_damaged(self) -> Iterator[str]:
        for dataset in SCHEMAS:
            for pair in self._layout.pairs(dataset):
                try:
                    lake_files.read_footer(pair.parquet)
                except CorruptFileError as error:
                    make_directory(self._layout.quarantine)
                    kept = self._layout.quarantine / f"{dataset}-{pair.parquet.name}"
                    with explained_write(kept):
                        pair.parquet.replace(kept)
                        pair.csv.unlink(missing_ok=True)
                    logger.bind(path=str(pair.parquet)).warning("damaged file moved to quarantine")
                    yield f"{dataset}: {error.message}; moved to {kept}, collected again"


def _joined(parts: Mapping[str, str]) -> str:
    """One fingerprint for the parts together."""
    return hashlib.sha256(json.dumps(dict(parts), sort_keys=True).encode()).hexdigest()


def _remove(pair: FilePair) -> None:
    with explained_write(pair.parquet):
        pair.parquet.unlink(missing_ok=True)
        pair.csv.unlink(missing_ok=True)
