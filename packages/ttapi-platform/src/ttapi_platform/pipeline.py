# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The pipeline: walks the dataset graph, collects what is due side by side, hands frames to the writer."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import attrs
import polars as pl
from loguru import logger

from ttapi_core.errors import DataError, IncompleteDataError, TTError
from ttapi_platform.collectors.base import Collected, CollectorContext
from ttapi_platform.freshness import Fresh, Missing, Stored, Verdict, decide
from ttapi_platform.lake import prepare
from ttapi_platform.run_summary import DatasetResult, DatasetStatus
from ttapi_polars.schemas import SCHEMAS

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

_SHOWN_ITEMS = 3


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
            Collect even what is fresh.

        Raises
        ------
        UnknownDatasetError
            For a name that is not in the registry. What goes wrong with a dataset is in its result.
        """
        wanted = self._registry.closure(only)
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._settle(dataset, refresh=refresh), name=f"dataset {dataset.name}")
                for dataset in self._registry
                if dataset.name in wanted
            ]
        return tuple(task.result() for task in tasks)

    async def _settle(self, dataset: Dataset, *, refresh: bool) -> DatasetResult:
        for name in dataset.depends_on:
            await self._settled[name].done.wait()
        started = self._clock.monotonic()
        stored = self._lake.stored(dataset.name)
        inputs = {
            name: fingerprint
            for name in dataset.depends_on
            if (fingerprint := self._settled[name].fingerprint) is not None
        }
        verdict = decide(dataset, stored, inputs=inputs, now=self._clock.now())
        absent = tuple(name for name in dataset.depends_on if name not in inputs)
        try:
            if absent:
                raise DataError(f"it is built from {' and '.join(absent)}, which could not be collected")
            if isinstance(verdict, Fresh) and isinstance(stored, Stored) and not refresh:
                self._settled[dataset.name].fingerprint = stored.fingerprint
                result = DatasetResult(
                    dataset=dataset.name,
                    status=DatasetStatus.HIT,
                    verdict=verdict,
                    rows=stored.rows,
                    seconds=0.0,
                )
            else:
                result = await self._collect(dataset, stored, verdict, inputs, started)
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
                error=error,
                blocked_by=absent,
            )
        finally:
            self._settled[dataset.name].done.set()
        self._progress.finished(result)
        return result

    async def _collect(
        self,
        dataset: Dataset,
        stored: Stored | Missing,
        verdict: Verdict,
        inputs: Mapping[str, str],
        started: float,
    ) -> DatasetResult:
        collected = await self._collectors[dataset.name](await self._context(dataset))
        self._check_threshold(dataset, collected)
        frame, kept = collected.frame, 0
        if collected.failures and isinstance(stored, Stored):
            frame, kept = await asyncio.to_thread(self._with_last_good_rows, dataset, stored, collected)
        rows = await asyncio.to_thread(prepare, dataset.name, frame)
        settled = self._settled[dataset.name]
        settled.fingerprint, settled.frame = rows.fingerprint, frame
        # Dependants may begin while the rows are being written; if that fails, their inputs will not match.
        settled.done.set()
        collected_at = self._clock.now()
        ticket = await self._writer.submit(
            dataset.name,
            lambda: self._lake.commit(dataset, rows, inputs=inputs, collected_at=collected_at),
            rows=frame.height,
        )
        await ticket.committed()
        return DatasetResult(
            dataset=dataset.name,
            status=DatasetStatus.PARTIAL if collected.failures else DatasetStatus.COLLECTED,
            verdict=verdict,
            rows=frame.height,
            seconds=self._clock.monotonic() - started,
            asked=collected.asked,
            failures=collected.failures,
            kept_from_before=kept,
        )

    async def _context(self, dataset: Dataset) -> CollectorContext:
        connection = await self._service.connect()
        frames = {name: await self._frame(name) for name in dataset.depends_on}
        return CollectorContext(
            client=connection.client,
            inputs=frames,
            universe=self._universe,
            now=connection.now or self._clock.now(),
            history_start=connection.history_start,
            chain_days=connection.chain_days,
            progress=self._progress,
        )

    async def _frame(self, name: str) -> pl.DataFrame:
        frame = self._settled[name].frame
        return await asyncio.to_thread(self._lake.read, name) if frame is None else frame

    def _check_threshold(self, dataset: Dataset, collected: Collected) -> None:
        missing = len(collected.failures)
        if missing <= self._max_missing_ratio * collected.asked:
            return
        codes = Counter(error.code for error in collected.failures.values())
        common = codes.most_common(1)[0][0]
        example = next(error for error in collected.failures.values() if error.code == common)
        shown = ", ".join(sorted(collected.failures)[:_SHOWN_ITEMS]) + (
            " …" if missing > _SHOWN_ITEMS else ""
        )
        message = (
            f"{missing} of {collected.asked} are missing from {dataset.name}, more than the allowed"
            f" {self._max_missing_ratio:.0%}: {shown} ({example.message})"
        )
        raise IncompleteDataError(
            message, hint=example.hint or "what was stored before is untouched"
        ) from example

    def _with_last_good_rows(
        self, dataset: Dataset, stored: Stored, collected: Collected
    ) -> tuple[pl.DataFrame, int]:
        """The collected rows, and of each failed item the rows that were stored before."""
        if stored.parameters.get("source") != dataset.parameters.get("source"):
            return collected.frame, 0
        item, schema = dataset.item_column, SCHEMAS[dataset.name]
        before = self._lake.read(dataset.name).filter(pl.col(item).is_in(list(collected.failures)))
        merged = pl.concat([collected.frame, before]).sort(schema.sort_by)
        return merged, before.get_column(item).n_unique()
