# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The pipeline: walks the dataset graph, collects what is due side by side, hands frames to the writer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import attrs
import polars as pl
from loguru import logger

from ttapi_core.errors import DataError, TTError
from ttapi_platform.collection_job import Again, CollectionJob
from ttapi_platform.collectors.base import CollectorContext
from ttapi_platform.freshness import Fresh, Missing, Stored, Verdict, decide
from ttapi_platform.run_summary import DatasetResult, DatasetStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ttapi_core.clock import Clock
    from ttapi_platform.collectors.base import Collector
    from ttapi_platform.datasets import Dataset, DatasetRegistry
    from ttapi_platform.lake import Lake
    from ttapi_platform.progress import Progress
    from ttapi_platform.service import Service
    from ttapi_platform.universe import Universe
    from ttapi_platform.writer import BackgroundWriter


def is_due(verdict: Verdict, *, refresh: bool) -> bool:
    """Whether a run collects a dataset of this verdict; ``refresh`` is for what is fresh, too."""
    return refresh or not isinstance(verdict, Fresh)


@attrs.define
class _Settled:
    """What dependants may use of a dataset that this run is done with."""

    done: asyncio.Event = attrs.field(factory=asyncio.Event)
    fingerprint: str | None = None  # None: there is nothing to use
    frame: pl.DataFrame | None = None  # None: read it from the lake


class Pipeline:
    """One run over the datasets of a registry."""

    def __init__(
        self,
        *,
        registry: DatasetRegistry,
        collectors: Mapping[str, Collector],
        lake: Lake,
        writer: BackgroundWriter,
        service: Service,
        universe: Universe,
        max_missing_ratio: float,
        clock: Clock,
        progress: Progress,
    ) -> None:
        self._registry = registry
        self._collectors = collectors
        self._lake = lake
        self._writer = writer
        self._service = service
        self._universe = universe
        self._max_missing_ratio = max_missing_ratio
        self._clock = clock
        self._progress = progress
        self._settled = {dataset.name: _Settled() for dataset in registry}

    async def run(self, only: Collection[str], *, refresh: bool) -> tuple[DatasetResult, ...]:
        """
        Bring the named datasets, and all they are built from, up to date; every dataset for no name.

        Parameters
        ----------
        only
            Names of datasets.
        refresh
            Collect even what is fresh, and all of it.

        Raises
        ------
        UnknownDatasetError
            For a name that is not in the registry. What goes wrong with a dataset is in its result.
        """
        return await self._walk(self._registry.closure(only), {}, refresh=refresh)

    async def run_again(
        self, again: Mapping[str, Again], failed: Collection[str]
    ) -> tuple[DatasetResult, ...]:
        """
        Ask again for some items of some datasets; what they are built from is used as it is stored.

        Parameters
        ----------
        again
            The items by dataset.
        failed
            Datasets that are to be collected as a whole, as far as they are not fresh.
        """
        return await self._walk({*again, *failed}, again, refresh=False)

    async def _walk(
        self, wanted: Collection[str], again: Mapping[str, Again], *, refresh: bool
    ) -> tuple[DatasetResult, ...]:
        for dataset in self._registry:
            if dataset.name not in wanted:
                self._settle_as_stored(dataset)
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(
                    self._settle(dataset, again.get(dataset.name), refresh=refresh),
                    name=f"dataset {dataset.name}",
                )
                for dataset in self._registry
                if dataset.name in wanted
            ]
        return tuple(task.result() for task in tasks)

    def _settle_as_stored(self, dataset: Dataset) -> None:
        stored, settled = self._lake.stored(dataset.name), self._settled[dataset.name]
        settled.fingerprint = stored.fingerprint if isinstance(stored, Stored) else None
        settled.done.set()

    async def _settle(self, dataset: Dataset, again: Again | None, *, refresh: bool) -> DatasetResult:
        for name in dataset.depends_on:
            await self._settled[name].done.wait()
        started = self._clock.monotonic()
        inputs = {
            name: fingerprint
            for name in dataset.depends_on
            if (fingerprint := self._settled[name].fingerprint) is not None
        }
        absent = tuple(name for name in dataset.depends_on if name not in inputs)
        stored: Stored | Missing = Missing()
        verdict: Verdict = Missing()
        try:
            stored = await asyncio.to_thread(self._lake.stored, dataset.name)
            verdict = decide(dataset, stored, inputs=inputs, now=self._clock.now())
            if absent:
                raise DataError(f"it is built from {' and '.join(absent)}, which could not be collected")
            if isinstance(stored, Stored) and again is None and not is_due(verdict, refresh=refresh):
                self._settled[dataset.name].fingerprint = stored.fingerprint
                result = DatasetResult(
                    dataset=dataset.name,
                    status=DatasetStatus.HIT,
                    verdict=verdict,
                    rows=stored.rows,
                    seconds=0.0,
                    missing=stored.missing,
                )
            else:
                job = await asyncio.to_thread(
                    CollectionJob.of,
                    dataset,
                    stored,
                    lake=self._lake,
                    inputs=inputs,
                    again=again,
                    refresh=refresh,
                )
                result = await self._collect(job, verdict, started)
        except TTError as error:
            logger.bind(dataset=dataset.name, code=error.code, error=error.message).error("dataset failed")
            kept = stored if isinstance(stored, Stored) else None
            self._settled[dataset.name].fingerprint = kept.fingerprint if kept else None
            result = DatasetResult(
                dataset=dataset.name,
                status=DatasetStatus.FAILED,
                verdict=verdict,
                rows=kept.rows if kept else 0,
                seconds=self._clock.monotonic() - started,
                missing=kept.missing if kept else {},
                error=error,
                blocked_by=absent,
            )
        finally:
            self._settled[dataset.name].done.set()
        self._progress.finished(result)
        return result

    async def _collect(self, job: CollectionJob, verdict: Verdict, started: float) -> DatasetResult:
        name = job.dataset.name
        collected = await self._collectors[name](await self._context(job))
        job.check(collected, max_missing_ratio=self._max_missing_ratio)
        missing = await asyncio.to_thread(job.missing_after, collected)
        rows = await asyncio.to_thread(job.prepared, collected)
        settled = self._settled[name]
        settled.fingerprint = rows.fingerprint
        if isinstance(collected.rows, pl.DataFrame):
            settled.frame = pl.concat(rows.parts.values())
            # Dependants may begin while these are being written; if that fails, their inputs will not match.
            settled.done.set()
        inputs, collected_at = job.origin(self._clock.now())
        ticket = await self._writer.submit(
            name,
            lambda: self._lake.commit(
                job.dataset,
                rows,
                inputs=inputs,
                collected_at=collected_at,
                missing=missing,
                notes=job.notes(collected),
                is_giving_up=self._writer.is_giving_up,
            ),
            rows=sum(frame.height for frame in rows.parts.values()),
        )
        await ticket.committed()
        committed = await asyncio.to_thread(self._lake.stored, name)
        return DatasetResult(
            dataset=name,
            status=DatasetStatus.PARTIAL if missing else DatasetStatus.COLLECTED,
            verdict=verdict,
            rows=committed.rows if isinstance(committed, Stored) else 0,
            seconds=self._clock.monotonic() - started,
            asked=collected.asked,
            missing=missing,
            events=collected.events,
        )

    async def _context(self, job: CollectionJob) -> CollectorContext:
        connection = await self._service.connect()
        frames = {name: await self._frame(name) for name in job.dataset.depends_on}
        return CollectorContext(
            client=connection.client,
            inputs=frames,
            universe=self._universe,
            now=connection.now or self._clock.now(),
            history_start=connection.history_start,
            chain_days=connection.chain_days,
            progress=self._progress,
            before=job.before,
            stored=job.increments,
            items=None if job.again is None else job.again.items,
            since={} if job.again is None else job.again.since,
            history_moved=job.is_extension,
        )

    async def _frame(self, name: str) -> pl.DataFrame:
        frame = self._settled[name].frame
        return await asyncio.to_thread(self._lake.read, name) if frame is None else frame
