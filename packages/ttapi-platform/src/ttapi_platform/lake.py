# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The lake: what is stored of each dataset, how it is read, and how it is replaced as a whole."""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import attrs
from loguru import logger

from ttapi_core.errors import CorruptFileError, DataError, SchemaError, StorageError
from ttapi_platform.atomic_files import make_directory, rename_durably, writer_lock
from ttapi_platform.freshness import Missing, Stored
from ttapi_platform.lake_layout import FilePair, Layout, split
from ttapi_polars import lake_files
from ttapi_polars.csv_twin import sha256_of, write_csv_twin
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.footers import read_footer
from ttapi_polars.schemas import SCHEMAS
from ttapi_polars.storage_errors import reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    import polars as pl

    from ttapi_core.settings import Environment
    from ttapi_platform.datasets import Dataset
    from ttapi_polars.schemas import DatasetSchema

_PARTS: Final = "parts"
_PARAMETERS: Final = "parameters"


@attrs.frozen
class Prepared:
    """A dataset's rows, cut into the parts that it is stored in, with the fingerprint of each and of all."""

    parts: Mapping[str, pl.DataFrame]
    fingerprints: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        """What ``Lake.stored`` will give once the rows are committed."""
        return _joined(self.fingerprints)


def prepare(dataset: str, frame: pl.DataFrame) -> Prepared:
    """Rows ready to be committed; costs a pass over them, so call it off the event loop."""
    parts, schema = split(dataset, frame), SCHEMAS[dataset]
    return Prepared(parts, {part: fingerprint(rows, schema) for part, rows in parts.items()})


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
            footers = {pair.part: read_footer(pair.parquet) for pair in pairs}
        except (StorageError, SchemaError) as error:
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
        with _healed_by_collect():
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
        with _healed_by_collect("`ttapi collect --refresh` collects it again"), reading(self.root):
            return query.collect(engine="streaming")

    def commit(
        self, dataset: Dataset, rows: Prepared, *, inputs: Mapping[str, str], collected_at: datetime
    ) -> None:
        """
        Replace a dataset by these rows; parts whose rows are the same stay as they are, except the head.

        Raises
        ------
        WriteError
            When the disk refuses; what was stored before is untouched, or whole part by part.
        SchemaError
            When the rows break the dataset's schema; nothing is written.
        """
        name, head = dataset.name, max(rows.parts)
        staging = self._layout.staging / name
        make_directory(staging)
        make_directory(self._layout.directory(name))
        changed = [
            part
            for part in rows.parts
            if part == head or not self._holds(name, part, rows.fingerprints[part])
        ]
        try:
            for part in changed:
                staged = self._layout.staged(name, part)
                extra = {_PARAMETERS: json.dumps(dict(dataset.parameters))}
                if part == head:
                    extra[_PARTS] = json.dumps(dict(rows.fingerprints))
                lake_files.write_pair(
                    rows.parts[part],
                    SCHEMAS[name],
                    parquet_path=staged.parquet,
                    csv_path=staged.csv,
                    environment=self._environment.value,
                    source=dataset.parameters.get("source", ""),
                    collected_at=collected_at,
                    inputs=inputs,
                    extra=extra,
                    known_fingerprint=rows.fingerprints[part],
                )
        except BaseException:
            # Nothing has been renamed yet: without its staging folder this commit never happened.
            shutil.rmtree(staging, ignore_errors=True)
            raise
        for part in changed:
            staged, final = self._layout.staged(name, part), self._layout.pair(name, part)
            rename_durably(staged.csv, final.csv)
            rename_durably(staged.parquet, final.parquet)  # the commit point
        for pair in self._layout.pairs(name):
            if pair.part not in rows.parts:
                with writing(pair.parquet):
                    pair.parquet.unlink()
                    pair.csv.unlink(missing_ok=True)
        shutil.rmtree(staging, ignore_errors=True)

    def _holds(self, dataset: str, part: str, fingerprint: str) -> bool:
        pair = self._layout.pair(dataset, part)
        try:
            return pair.csv.exists() and read_footer(pair.parquet).fingerprint == fingerprint
        except StorageError:
            return False

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
                _mend_twin(pair, SCHEMAS[dataset])
            for orphan in self._layout.orphans(dataset):
                orphan.unlink()
            shutil.rmtree(staging, ignore_errors=True)
            yield f"{dataset}: an earlier run was cut short while it was being stored; put in order"

    def _quarantine_damaged(self) -> Iterator[str]:
        for dataset in SCHEMAS:
            for pair in self._layout.pairs(dataset):
                try:
                    read_footer(pair.parquet)
                except CorruptFileError as error:
                    kept = self._layout.quarantine / dataset
                    make_directory(kept)
                    for path in (pair.parquet, pair.csv):
                        if path.exists():
                            rename_durably(path, kept / path.name)
                    logger.bind(path=str(pair.parquet)).warning("damaged file moved to quarantine")
                    yield f"{dataset}: {error.message}; moved to {kept}, collected again"


@contextmanager
def _healed_by_collect(hint: str = "`ttapi collect` puts it aside and collects it again") -> Iterator[None]:
    try:
        yield
    except CorruptFileError as error:
        error.hint = hint
        raise


def _mend_twin(pair: FilePair, schema: DatasetSchema) -> None:
    """Write a CSV twin again that its Parquet file does not know."""
    try:
        footer = read_footer(pair.parquet)
        if not pair.csv.exists() or sha256_of(pair.csv) != footer.csv_sha256:
            write_csv_twin(lake_files.load(pair.parquet, schema), schema, pair.csv)
    except CorruptFileError:
        logger.bind(path=str(pair.parquet)).warning("damaged file found")


def _joined(parts: Mapping[str, str]) -> str:
    """One fingerprint for the parts together."""
    return hashlib.sha256(json.dumps(dict(parts), sort_keys=True).encode()).hexdigest()
