# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The lake: what is stored of each dataset, how it is read, and how it is replaced as a whole."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from polars.exceptions import PanicException, PolarsError

from ttapi_core.errors import ConfigError, CorruptFileError, DataError, StorageError
from ttapi_platform.directory_storage import DirectoryStorage
from ttapi_platform.freshness import Missing
from ttapi_platform.lake_layout import Layout
from ttapi_platform.lake_storage import given_up
from ttapi_platform.object_store.storage import ObjectStorage
from ttapi_platform.stored_state import head_extra, state_of
from ttapi_polars import lake_files
from ttapi_polars.lake_versions import BOOKKEEPING, Version, current_version, parts_of
from ttapi_polars.schemas import SCHEMAS
from ttapi_polars.storage_errors import is_of_store, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Mapping
    from datetime import datetime

    import polars as pl

    from ttapi_core.object_paths import DataPath
    from ttapi_core.settings import Environment
    from ttapi_platform.datasets import Dataset
    from ttapi_platform.freshness import MissingItem, Stored
    from ttapi_platform.lake_storage import Staging, Storage
    from ttapi_platform.prepared import Prepared

T = TypeVar("T")

_READS: Final = 20  # of a dataset that is replaced while it is being read
# What a replacement may look like to who is reading. A panic of Polars, which damaged pages or an odd query
# can cause, is no Exception.
_TROUBLE: Final = (DataError, OSError, PolarsError, PanicException)


class Lake:
    """
    The datasets of one environment below one directory, or below one address in an object store.

    Readers need no lock and see one version of a dataset, whole, whatever a writer is doing; so do they after
    a crash. A dataset in several files has its state in the footer of the last one, the head, which names the
    fingerprint of every part.
    """

    def __init__(self, root: DataPath, *, environment: Environment) -> None:
        self.storage: Storage = (
            DirectoryStorage(Layout(root)) if isinstance(root, Path) else ObjectStorage(root)
        )
        self._environment = environment

    @property
    def root(self) -> DataPath:
        """Where the files lie."""
        return self.storage.root

    @property
    def directory(self) -> Path:
        """
        The same of a lake in a directory.

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

    def version(self, dataset: str) -> Version | None:
        """
        The files that make up a dataset now, or ``None`` when it has not been collected.

        Raises
        ------
        StorageError, DataError
            When they cannot be read, are damaged, or are not of one commit.
        """
        return current_version(self.root, dataset)

    def stored(self, dataset: str) -> Stored | Missing:
        """
        What the footers say of a dataset; no row is read.

        Raises
        ------
        StorageError
            When an object store cannot be reached, or refuses: nobody knows what is stored there.
        """
        try:
            version = self.version(dataset)
        except (StorageError, DataError) as error:
            if is_of_store(error):
                raise
            return Missing(error.message)
        if version is None:
            return Missing()
        return state_of(version)

    def scan(self, dataset: str) -> pl.LazyFrame:
        """
        A dataset's rows, lazily, as they are now: a writer may replace them before they are collected.

        ``answer`` gives an answer that is sure to be of one version.

        Raises
        ------
        DataError
            When it has not been collected, or its files are not of one commit.
        CorruptFileError
            When a file cannot be opened; damage further inside shows when the rows are read.
        """
        version = self._existing(dataset)
        with _healed_by_collect():
            return version.scan(SCHEMAS[dataset])

    def read(self, dataset: str) -> pl.DataFrame:
        """
        A dataset's rows, all of one version.

        Raises
        ------
        DataError
            When it has not been collected, or its files are not of one commit.
        CorruptFileError
            When a file is damaged.
        """
        return self.answer(dataset, lambda rows: rows)

    def answer(self, dataset: str, query: Callable[[pl.LazyFrame], pl.LazyFrame]) -> pl.DataFrame:
        """
        The answer to a query over a dataset, all of one version of it.

        It is asked again when the dataset was replaced in the meantime.

        Raises
        ------
        DataError
            When it has not been collected, or its files are not of one commit.
        CorruptFileError
            When a file that it needs is damaged.
        """

        def asked() -> pl.DataFrame:
            with self.collecting():
                return query(self.scan(dataset)).collect(engine="streaming")

        return self.answer_from([dataset], asked)

    @contextmanager
    def collecting(self) -> Generator[None]:
        """
        Turn trouble with rows that are collected within it into ours, with what heals them.

        Raises
        ------
        StorageError
            When a file may not be read, or was replaced.
        CorruptFileError
            When one is damaged.
        """
        try:
            with reading(self.root):
                yield
        except CorruptFileError as error:
            error.hint = "`ttapi data verify` names the damage, `ttapi data repair` heals it"
            raise

    def answer_from(self, datasets: Collection[str], question: Callable[[], T]) -> T:
        """
        What a question gives that reads these datasets, all as the lake had them at one time.

        It is asked again when one of them was replaced in the meantime, whether it gave an answer or failed.

        Parameters
        ----------
        datasets
            Those that it reads.
        question
            Reads them when it is called, by ``scan`` or otherwise, within ``collecting``.

        Raises
        ------
        DataError
            When one has not been collected, or its files are not of one commit.
        CorruptFileError
            When a footer is damaged. Whatever the question raises is raised as it is.
        """
        before = self._versions(datasets)
        for _ in range(_READS):
            answers: list[T] = []
            trouble = None
            try:
                answers.append(question())
            except _TROUBLE as error:
                if isinstance(error, StorageError) and error.retryable:
                    raise  # a store that cannot be reached will not be so by being asked at once
                trouble = error
            after = self._versions(datasets)
            if all(after[name].identity == before[name].identity for name in datasets):
                if trouble is None:
                    return answers[0]
                if all(after[name].paths == before[name].paths for name in datasets):
                    raise trouble
            before = after
        names = ", ".join(datasets)
        raise StorageError(f"{names}: replaced faster than can be read", path=self.root)

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

    def _existing(self, dataset: str) -> Version:
        with _healed_by_collect():
            version = self.version(dataset)
        if version is None:
            raise DataError(f"there is no {dataset} in {self.root} yet", hint="run `ttapi collect` first")
        return version

    def _versions(self, datasets: Collection[str]) -> Mapping[str, Version]:
        return {name: self._existing(name) for name in datasets}

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


@contextmanager
def _healed_by_collect() -> Generator[None]:
    try:
        yield
    except CorruptFileError as error:
        error.hint = "`ttapi collect` puts it aside and collects it again"
        raise
