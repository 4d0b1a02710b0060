# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The lake: what can be read of it, and how a dataset is replaced as a whole."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ttapi_core.errors import ConfigError, DataError, StorageError
from ttapi_platform.directory_storage import DirectoryStorage
from ttapi_platform.lake_layout import Layout
from ttapi_platform.lake_reader import LakeReader
from ttapi_platform.lake_storage import given_up
from ttapi_platform.object_store.storage import ObjectStorage
from ttapi_platform.stored_state import head_extra
from ttapi_polars import lake_files
from ttapi_polars.lake_versions import BOOKKEEPING, Version, parts_of
from ttapi_polars.schemas import SCHEMAS
from ttapi_polars.storage_errors import is_of_store

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Mapping
    from datetime import datetime

    import polars as pl

    from ttapi_core.object_paths import DataPath
    from ttapi_core.settings import Environment
    from ttapi_platform.datasets import Dataset
    from ttapi_platform.freshness import MissingItem
    from ttapi_platform.lake_storage import Staging, Storage
    from ttapi_platform.prepared import Prepared


class Lake(LakeReader):
    """
    A lake of one environment that is read and, by one writer at a time, written.

    A commit replaces a dataset as a whole: until its last step the earlier version is what readers see.
    """

    def __init__(self, root: DataPath, *, environment: Environment) -> None:
        super().__init__(root)
        self.storage: Storage = (
            DirectoryStorage(Layout(root)) if isinstance(root, Path) else ObjectStorage(root)
        )
        self._environment = environment

    @property
    def directory(self) -> Path:
        """
        Where the files of a lake in a directory lie.

        Raises
        ------
        ConfigError
            For a lake in an object store.
        """
        if isinstance(self.root, Path):
            return self.root
        raise ConfigError([f"{self.root} is no directory"], hint="name one with --data-dir")

    @property
    def runs_dir(self) -> DataPath:
        """Where the records of runs lie."""
        return self.root / BOOKKEEPING / "runs"

    @contextmanager
    def writing(self) -> Generator[list[str]]:
        """
        Be the lake's only writer; what a crash left behind is put in order first.

        Yields
        ------
        list[str]
            What had to be put in order, in words.

        Raises
        ------
        LockedError
            At once, when another process is writing.
        ConfigError, StorageError
            When the directory or the store cannot be used.
        """
        with self.storage.writing() as put_in_order:
            yield put_in_order

    def commit(
        self,
        dataset: Dataset,
        rows: Prepared,
        *,
        inputs: Mapping[str, str],
        collected_at: datetime,
        missing: Mapping[str, MissingItem] | None = None,
        notes: Mapping[str, Collection[str]] | None = None,
        is_giving_up: Callable[[], bool] = lambda: False,
    ) -> None:
        """
        Replace a dataset by these rows; parts whose rows are the same stay as they are, except heads.

        Parameters
        ----------
        dataset
            Its rules.
        rows
            As ``prepare`` gives them.
        inputs
            Fingerprint of each dataset that they were built from.
        collected_at
            UTC.
        missing
            The items that were asked for and did not come.
        notes
            What the next collection will want to know.
        is_giving_up
            Asked until the commit, whether it is not to happen any more.

        Raises
        ------
        WriteError
            When the disk or the store refuses: the dataset is as it was before, or, as the next reader sees,
            already new. When it is given up: it is as it was before.
        LockedError
            In an object store, when another process has become the writer: it is as that one left it.
        SchemaError
            When the rows break the dataset's schema; nothing is written.
        """
        name, head = dataset.name, max(rows.fingerprints)
        version = self._intact(name)
        # The head is always written: it says when the dataset was collected, and what it consists of. So is
        # the one before it: else it would go on to say so of what there was, and whenever the new head is not
        # there, before it arrives or after it has gone, that would be taken for the dataset.
        heads = {head} if version is None else {head, max(version.pairs)}
        changed = {
            part: rows.parts[part] if part in rows.parts else self._part(name, part)
            for part, fingerprint in rows.fingerprints.items()
            if part in heads or not _holds(version, part, fingerprint)
        }
        of_head = head_extra(
            parameters=dataset.parameters,
            parts=rows.fingerprints,
            used=rows.fingerprint,
            missing=missing or {},
            notes=notes or {},
        )
        with self.storage.committing(name, is_giving_up=is_giving_up) as staging:
            for part, frame in changed.items():
                self._stage(
                    staging,
                    name,
                    part,
                    frame,
                    source=dataset.parameters.get("source", ""),
                    collected_at=collected_at,
                    inputs=inputs,
                    extra=of_head if part == head else {},
                    known_fingerprint=rows.fingerprints[part],
                )
                if is_giving_up():
                    raise given_up(name, self.root)

    def rewrite(self, dataset: str, parts: Mapping[str, pl.DataFrame]) -> None:
        """
        Write parts of a dataset again, with the rows and the state that they have.

        Raises
        ------
        WriteError
            When the disk refuses.
        DataError, CorruptFileError
            When the dataset is not there, or its footers are not whole.
        """
        version = self._existing(dataset)
        last = max(version.pairs)
        with self.storage.committing(dataset, is_giving_up=lambda: False) as staging:
            # The head goes with them: it is what makes a version of the files on their way.
            for part, frame in {last: None, **parts}.items():
                footer = version.footers[part]
                self._stage(
                    staging,
                    dataset,
                    part,
                    self._part(dataset, part) if frame is None else frame,
                    source=footer.source,
                    collected_at=footer.collected_at,
                    inputs=footer.inputs,
                    extra=footer.extra,
                )

    def remove(self, dataset: str) -> int:
        """
        Remove the files of a dataset, and tell how many there were; only for whoever is in ``writing``.

        Raises
        ------
        WriteError
            When the disk or the store refuses; what is left is not taken for the dataset.
        """
        return self.storage.remove(dataset)

    def _stage(
        self,
        staging: Staging,
        dataset: str,
        part: str,
        frame: pl.DataFrame,
        *,
        source: str,
        collected_at: datetime,
        inputs: Mapping[str, str],
        extra: Mapping[str, str],
        known_fingerprint: str | None = None,
    ) -> None:
        staged = staging.pair(part)
        lake_files.write_pair(
            frame,
            SCHEMAS[dataset],
            parquet_path=staged.parquet,
            csv_path=staged.csv,
            environment=self._environment.value,
            source=source,
            collected_at=collected_at,
            inputs=inputs,
            extra=extra,
            known_fingerprint=known_fingerprint,
        )
        staging.written(part)

    def _intact(self, dataset: str) -> Version | None:
        try:
            return self.version(dataset)
        except (StorageError, DataError) as error:
            if is_of_store(error):
                raise
            return None

    def _part(self, dataset: str, part: str) -> pl.DataFrame:
        return lake_files.load(self._existing(dataset).pairs[part].parquet, SCHEMAS[dataset])


def _holds(version: Version | None, part: str, fingerprint: str) -> bool:
    return version is not None and parts_of(version.head).get(part) == fingerprint
