# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The composition root: builds the parts of a run from the settings, starts and stops them in order."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import attrs

from ttapi_core.clock import SystemClock
from ttapi_core.errors import LockedError
from ttapi_core.settings import Environment
from ttapi_platform.catalog import COLLECTORS, datasets
from ttapi_platform.collection_job import Again
from ttapi_platform.engines import LOCAL
from ttapi_platform.freshness import Missing, MissingItem, Stored, Verdict, decide_all
from ttapi_platform.health import LoopWatch
from ttapi_platform.lake import Lake
from ttapi_platform.pipeline import Pipeline, is_due
from ttapi_platform.plans import Plan, Planner
from ttapi_platform.progress import Silent
from ttapi_platform.recordings import Recording
from ttapi_platform.repair import Repair, again_for_holes, mend_files
from ttapi_platform.run_records import ErrorRecord, RunRecords
from ttapi_platform.run_summary import RunSummary
from ttapi_platform.service import Service, source_of
from ttapi_platform.universe import EVERYTHING, Universe, load_universe, universe_of
from ttapi_platform.verification import EOD_DATA, verify
from ttapi_platform.writer import BackgroundWriter

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from ttapi_core.clock import Clock
    from ttapi_core.object_paths import DataPath
    from ttapi_core.settings import Settings
    from ttapi_platform.engines import Engine
    from ttapi_platform.progress import Progress
    from ttapi_platform.run_summary import DatasetResult
    from ttapi_platform.verification import Finding

# Of one process one task at a time asks for a lake's lock: the others wait for that one, not for the lock.
_TURNS: Final = WeakKeyDictionary[asyncio.AbstractEventLoop, dict["DataPath", asyncio.Lock]]()


@attrs.frozen(kw_only=True)
class DatasetState:
    """One dataset as it lies in the lake."""

    dataset: str
    verdict: Verdict
    stored: Stored | None
    failure: ErrorRecord | None  # why it could not be collected when it was last tried

    @property
    def missing(self) -> Mapping[str, MissingItem]:
        """Items that the last collection did not get."""
        return {} if self.stored is None else self.stored.missing


class Platform:
    """
    A lake and the means to keep it up to date.

    Parameters
    ----------
    settings
        Where the lake lies, what is collected, and how.
    symbols
        Instead of the universe of the settings.
    replay
        What to serve as if it were the service: a lake that was collected earlier, or a folder of daily
        candles.
    clock
        The system's by default.

    Raises
    ------
    ConfigError
        For a universe that cannot be read, or a replay folder that is not there or holds nothing to replay.

    Examples
    --------
    ``await Platform(load_settings()).collect()`` fills the lake from the sandbox when there is no account.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        symbols: Sequence[str] = (),
        replay: Path | None = None,
        clock: Clock | None = None,
    ) -> None:
        if replay is not None:
            settings = replace(settings, environment=Environment.REPLAY)
        recording = None if replay is None else Recording.at(replay, own_lake=settings.lake_dir)
        self.settings = settings
        self.lake = Lake(settings.lake_dir, environment=settings.environment)
        self.source = source_of(settings, recording) or self._stored_source()
        self.universe = _universe(settings, symbols, recording)
        self.registry = datasets(settings, universe=self.universe, source=self.source)
        self._recording = recording
        self._clock = clock or SystemClock()
        self._records = RunRecords(self.lake.runs_dir)

    async def collect(
        self, *, only: Collection[str] = (), refresh: bool = False, progress: Progress | None = None
    ) -> RunSummary:
        """
        Bring the lake up to date and say what was done.

        Of several that want the same at once, in this process or in others, one collects; the others wait for
        it and find everything fresh.

        Parameters
        ----------
        only
            Names of datasets to look at, with all they are built from; every dataset for none.
        refresh
            Collect even what is fresh, and all of it.
        progress
            Told as things happen.

        Raises
        ------
        UnknownDatasetError
            For a name in ``only`` that is no dataset.
        LockedError
            When another process is still writing after ``Settings.lock_wait_seconds``.
        ConfigError, WriteError
            When the lake cannot be written. What goes wrong with one dataset is in its result.
        """
        wanted = self.registry.closure(only)

        def needs_nothing() -> bool:
            verdicts = decide_all(self.registry, self._stored(), self._clock.now())
            return not any(is_due(verdicts[name], refresh=refresh) for name in wanted)

        return await self._run(
            lambda pipeline: pipeline.run(only, refresh=refresh), progress, needs_nothing=needs_nothing
        )

    def plan(self, *, only: Collection[str] = (), refresh: bool = False) -> Plan:
        """
        What ``collect`` would do now; reads the lake, asks no service, takes no lock and changes nothing.

        Parameters
        ----------
        only, refresh
            As for ``collect``.

        Raises
        ------
        UnknownDatasetError
            For a name in ``only`` that is no dataset.
        """
        planner = Planner(
            settings=self.settings,
            registry=self.registry,
            lake=self.lake,
            universe=self.universe,
            recording=self._recording,
            stored=self._stored(),
            now=self._clock.now(),
        )
        return planner.plan(only, refresh=refresh)

    async def retry(self, *, progress: Progress | None = None) -> RunSummary:
        """
        Ask again for what the last collections did not get, and for nothing else.

        Items that are missing from a dataset are asked for one by one, datasets that failed as a whole are
        collected if they are not fresh.

        Raises
        ------
        LockedError, ConfigError, WriteError
            As ``collect``.
        """

        async def again(pipeline: Pipeline) -> tuple[DatasetResult, ...]:
            states = {state.dataset: state for state in self.status()}
            items = {
                name: Again(items=frozenset(state.missing)) for name, state in states.items() if state.missing
            }
            failed = {name for name, state in states.items() if state.failure is not None}
            return await pipeline.run_again(items, failed)

        def needs_nothing() -> bool:
            return not any(state.missing or state.failure for state in self.status())

        return await self._run(again, progress, needs_nothing=needs_nothing)

    def verify(self, *, engine: Engine = LOCAL) -> tuple[Finding, ...]:
        """
        Everything that is wrong with the lake; reads it whole, takes no lock and changes nothing.

        Parameters
        ----------
        engine
            What reads the files; what is found is the same.

        Raises
        ------
        StorageError
            When an object store cannot be reached, or refuses.
        ClusterError
            When the engine has a cluster, and that does not work.
        """
        return verify(self.lake, engine=engine)

    async def repair(self, *, progress: Progress | None = None) -> Repair:
        """
        Heal what is wrong with the lake.

        Files are healed from their twins, what cannot be healed is collected again, and days that lack a
        candle are asked for; those that the service has none of are known from then on, and no holes.

        Raises
        ------
        LockedError, ConfigError, WriteError
            As ``collect``.
        """
        # Before the lake's own recovery puts the worst aside: what is lost by that is to be collected again.
        before = await asyncio.to_thread(self.verify)
        done: list[str] = []

        async def heal(pipeline: Pipeline) -> tuple[DatasetResult, ...]:
            found = await asyncio.to_thread(self.verify)
            done.extend(await asyncio.to_thread(lambda: list(mend_files(self.lake, found))))
            unwell = {finding.dataset for finding in (*before, *found)}
            lost = {name for name in unwell if isinstance(self.lake.stored(name), Missing)}
            again = await asyncio.to_thread(again_for_holes, self.lake, found)
            whole = EOD_DATA in lost
            return await pipeline.run_again({EOD_DATA: again} if again and not whole else {}, lost)

        summary = await self._run(heal, progress)
        return Repair(
            found=before,
            done=(*summary.warnings, *done),
            results=summary.results,
            remaining=await asyncio.to_thread(self.verify),
        )

    def status(self) -> tuple[DatasetState, ...]:
        """Every dataset's freshness and reason; reads footers only, takes no lock and changes nothing."""
        stored, failed = self._stored(), self._records.failed()
        return tuple(
            DatasetState(
                dataset=name,
                verdict=verdict,
                stored=None if isinstance(found := stored[name], Missing) else found,
                failure=failed.get(name),
            )
            for name, verdict in decide_all(self.registry, stored, self._clock.now()).items()
        )

    async def _run(
        self,
        walk: Callable[[Pipeline], Awaitable[tuple[DatasetResult, ...]]],
        progress: Progress | None,
        *,
        needs_nothing: Callable[[], bool] = lambda: False,
    ) -> RunSummary:
        started_at, started = self._clock.now(), self._clock.monotonic()
        progress = progress or Silent()
        async with self._turn(needs_nothing, progress) as warnings:
            async with (
                LoopWatch() as watch,
                BackgroundWriter() as writer,
                Service(self.settings, recording=self._recording, clock=self._clock) as service,
            ):
                results = await walk(
                    Pipeline(
                        registry=self.registry,
                        collectors=COLLECTORS,
                        lake=self.lake,
                        writer=writer,
                        service=service,
                        universe=self.universe,
                        max_missing_ratio=self.settings.max_missing_ratio,
                        clock=self._clock,
                        progress=progress,
                    )
                )
                await writer.flush()
                seconds = self._clock.monotonic() - started
                requests = dict(service.requests)
            summary = RunSummary(
                started_at=started_at,
                source=self.source,
                results=results,
                seconds=seconds,
                requests=requests,
                longest_hold_up_seconds=watch.longest_seconds,
                cold_seconds=self._records.cold_seconds([result.dataset for result in results]),
                warnings=tuple(warnings),
            )
            self._records.save(summary)
        return summary

    @asynccontextmanager
    async def _turn(self, needs_nothing: Callable[[], bool], progress: Progress) -> AsyncGenerator[list[str]]:
        """Be the only writer, or one of many readers where nothing is to be written."""
        turns = _TURNS.setdefault(asyncio.get_running_loop(), {})
        async with turns.setdefault(self.lake.root, asyncio.Lock()), AsyncExitStack() as stack:
            longest = self.settings.lock_wait_seconds
            until, waits = self._clock.monotonic() + longest, False
            while True:
                if needs_nothing():
                    yield []
                    return
                try:
                    warnings = stack.enter_context(self.lake.writing())
                except LockedError:
                    if self._clock.monotonic() >= until:
                        raise
                    if not waits:
                        progress.waiting(longest)
                        waits = True
                    await self._clock.sleep(self.lake.storage.lock_poll_seconds)
                else:
                    yield warnings
                    return

    def _stored(self) -> dict[str, Stored | Missing]:
        return {dataset.name: self.lake.stored(dataset.name) for dataset in self.registry}

    def _stored_source(self) -> str:
        """Whose recording the lake holds, for a look at it that does not name the folder."""
        stored = (self.lake.stored(name) for name in COLLECTORS)
        return next(
            (found.parameters["source"] for found in stored if isinstance(found, Stored)), "no replay yet"
        )


def _universe(settings: Settings, symbols: Sequence[str], recording: Recording | None) -> Universe:
    if symbols:
        return universe_of(symbols)
    if settings.environment is Environment.REPLAY and "universe" not in settings.origins:
        return EVERYTHING if recording is None else recording.universe
    return load_universe(settings.universe)
