# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Reading a lake: what is stored of each dataset, and answers of one version, whatever a writer is doing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

from polars.exceptions import PanicException, PolarsError

from ttapi_core.errors import CorruptFileError, DataError, StorageError
from ttapi_platform.freshness import Missing
from ttapi_platform.stored_state import state_of
from ttapi_polars.lake_versions import Version, current_version
from ttapi_polars.schemas import SCHEMAS
from ttapi_polars.storage_errors import is_of_store, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Mapping

    import polars as pl

    from ttapi_core.object_paths import DataPath
    from ttapi_platform.freshness import Stored

T = TypeVar("T")

_READS: Final = 20  # of a dataset that is replaced while it is being read
# What a replacement may look like to who is reading. A panic of Polars, which damaged pages or an odd query
# can cause, is no Exception.
_TROUBLE: Final = (DataError, OSError, PolarsError, PanicException)


class LakeReader:
    """
    The datasets of one environment below one directory, or below one address in an object store.

    Readers need no lock and see one version of a dataset, whole, whatever a writer is doing; so do they after
    a crash. A dataset in several files has its state in the footer of the last one, the head, which names the
    fingerprint of every part.
    """

    def __init__(self, root: DataPath) -> None:
        self._root = root

    @property
    def root(self) -> DataPath:
        """Where the files lie."""
        return self._root

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

    def _existing(self, dataset: str) -> Version:
        with _healed_by_collect():
            version = self.version(dataset)
        if version is None:
            raise DataError(f"there is no {dataset} in {self.root} yet", hint="run `ttapi collect` first")
        return version

    def _versions(self, datasets: Collection[str]) -> Mapping[str, Version]:
        return {name: self._existing(name) for name in datasets}


@contextmanager
def _healed_by_collect() -> Generator[None]:
    try:
        yield
    except CorruptFileError as error:
        error.hint = "`ttapi collect` puts it aside and collects it again"
        raise
