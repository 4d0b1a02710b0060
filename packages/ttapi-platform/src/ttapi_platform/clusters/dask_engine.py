# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The engine on ``dask.distributed``: questions in pieces go out to its workers, their answers come back."""

from __future__ import annotations

from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final, Self, TypeVar, cast

import polars as pl

from ttapi_core.errors import ClusterError, DataError, StorageError, TTError
from ttapi_platform.clusters import tasks
from ttapi_platform.clusters.connection import connected
from ttapi_platform.clusters.tasks import Task
from ttapi_platform.clusters.versions import PACKAGES, require_the_same
from ttapi_platform.engines import ByDate
from ttapi_polars.schemas import SCHEMAS
from ttapi_polars.storage_errors import is_of_store

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from types import TracebackType

    from ttapi_platform.clusters.connection import Client, Future
    from ttapi_platform.engines import Question
    from ttapi_platform.lake import Lake
    from ttapi_polars.lake_versions import Version

T = TypeVar("T")
R = TypeVar("R")

WORKERLESS_SECONDS: Final = 30
"""How long a cluster may be without any worker."""

# So that a worker that is slow, or lost, holds up little. Each piece of a question by date reads all days
# before it, too: there as many pieces as workers are the least work.
_PIECES_BY_SYMBOL: Final = 3  # for each thread of a worker
_LOOK_SECONDS: Final = 5  # between two looks at whether there still are workers


class DaskEngine:
    """
    Answers questions on a Dask cluster, with the very functions of ``ttapi_polars`` that answer them here.

    Within its ``with`` block it may be asked as often as wanted. Only pieces of questions and of answers
    travel: every worker reads the lake itself, and so has to see it at the same place, on a file system that
    all share or in an object store. When a worker is lost others do its work again.

    Dask trusts whoever reaches its ports, and runs what they send: let nobody else reach them, or have it
    encrypt and ask for certificates, by its own configuration.

    Parameters
    ----------
    scheduler
        Its address, such as ``tcp://10.0.0.7:8786``; without one, processes on this machine are started for
        the block.
    workers
        How many such processes; as many as there are processors without it.

    Examples
    --------
    ``with DaskEngine() as engine: analyses.volatility(lake, engine=engine)`` asks processes on this machine.
    A script that does so has to keep its main part under ``if __name__ == "__main__":``, since each of them
    imports it.
    """

    def __init__(self, *, scheduler: str | None = None, workers: int | None = None) -> None:
        self._scheduler = scheduler
        self._workers = workers
        self._resources = ExitStack()
        self._client: Client | None = None
        self._known: frozenset[str] = frozenset()  # workers whose versions are those of this process

    def __enter__(self) -> Self:
        """
        Connect to the cluster, or start it.

        Raises
        ------
        ConfigError
            When the package ``distributed`` is not installed.
        ClusterError
            When it cannot be reached or started, has no workers, or they have other versions.
        """
        with ExitStack() as resources:
            self._client = resources.enter_context(connected(self._scheduler, workers=self._workers))
            self._threads()
            self._check_versions()
            self._resources = resources.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave the cluster; end it when it was started here."""
        self._client, self._known = None, frozenset()
        self._resources.__exit__(kind, error, traceback)

    def answer(self, lake: Lake, question: Question) -> pl.DataFrame:
        """As ``Engine.answer``; the question is asked again when its dataset was replaced in the meantime."""

        def asked() -> pl.DataFrame:
            version = lake.version(question.dataset)
            if version is None:
                raise DataError(f"{question.dataset} has been removed from {lake.root}")
            with lake.collecting():
                pieces = self._pieces(question, version)
                if not pieces:
                    return Task.of(lake.root, question, version).answer()
                sent = [Task.of(lake.root, piece, version) for piece in pieces]
                return pl.concat(map(tasks.unpacked, self.each(tasks.answer, sent)))

        return lake.answer_from([question.dataset], asked)

    def each(self, work: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """As ``Engine.each``."""
        client = self._connected()
        packages = [tasks.packed(work, item) for item in items]
        found: list[object] = []
        with self._explaining():
            # Not pure: Dask would answer from memory what is asked again, of a lake that was replaced.
            futures = client.map(tasks.done, packages, pure=False)
            try:
                failure = next(filter(None, map(self._failure_of, futures)), None)
                if failure is None:
                    found = client.gather(futures)
            finally:
                for future in futures:
                    future.release()
        # A worker that came later may have other versions of what failed, or of what did not.
        self._check_versions()
        if failure is not None:
            if isinstance(failure, StorageError) and is_of_store(failure):
                failure.hint = f"{failure.hint}; it was a worker who asked, by its own environment"
            raise failure
        return cast("list[R]", found)

    def _pieces(self, question: Question, version: Version) -> list[Question]:
        rows = version.scan(SCHEMAS[question.dataset])
        weights = question.weights(rows).collect(engine="streaming")
        number = self._threads() * (1 if isinstance(question, ByDate) else _PIECES_BY_SYMBOL)
        return [*question.pieces(weights, number)]

    def _failure_of(self, future: Future[object]) -> Exception | None:
        """What a piece of work ran into itself, once it is done."""
        from distributed import KilledWorker  # noqa: PLC0415 - an extra, and it takes half a second

        while True:
            try:
                failure = future.exception(timeout=_LOOK_SECONDS)
            except TimeoutError:
                self._threads()
                continue
            if isinstance(failure, KilledWorker):
                raise failure
            return failure

    def _threads(self) -> int:
        """How many pieces of work can be done at a time; there is at least one worker, or soon will be."""
        client = self._connected()
        with self._explaining():
            try:
                client.wait_for_workers(1, timeout=WORKERLESS_SECONDS)
            except TimeoutError as error:
                message = f"the cluster has had no worker for {WORKERLESS_SECONDS} seconds"
                raise ClusterError(message, hint="`dask worker` starts one") from error
            return sum(client.nthreads().values())

    def _check_versions(self) -> None:
        """Refuse workers with others than this process has; those of each are asked for once."""
        client = self._connected()
        with self._explaining():
            there = frozenset(client.nthreads())
            if there <= self._known:
                return
            found = client.get_versions(packages=PACKAGES)
        workers = {address: each["packages"] for address, each in found["workers"].items()}
        require_the_same(found["client"]["packages"], workers)
        self._known = there

    def _connected(self) -> Client:
        if self._client is None:
            raise RuntimeError("a DaskEngine is used within its with block")
        return self._client

    @contextmanager
    def _explaining(self) -> Generator[None]:
        """Trouble with the cluster in our words."""
        from distributed import KilledWorker  # noqa: PLC0415 - an extra, and it takes half a second

        try:
            yield
        except TTError:
            raise
        except KilledWorker as error:
            message = "a piece of the work ended every worker that took it"
            raise ClusterError(
                message, hint="they may lack memory: give them more, or ask for less"
            ) from error
        except (CancelledError, OSError) as error:
            raise ClusterError(
                "the scheduler has gone away", hint="try again, or without a cluster"
            ) from error
