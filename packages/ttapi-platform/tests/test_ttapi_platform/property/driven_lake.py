# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A lake on the disk that pipelines fill from a small world, on a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, TypeAlias

import attrs

from test_ttapi_platform.property.small_world import START, Collections, World, no_service
from ttapi_core.clock import ManualClock
from ttapi_core.settings import Environment
from ttapi_platform.datasets import DatasetRegistry
from ttapi_platform.lake import Lake
from ttapi_platform.pipeline import Pipeline
from ttapi_platform.progress import Silent
from ttapi_platform.run_summary import DatasetResult
from ttapi_platform.universe import EVERYTHING
from ttapi_platform.writer import BackgroundWriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ttapi_platform.datasets import Dataset

MOST_MISSING = 0.4  # two of five items
Walk: TypeAlias = Callable[[Pipeline], Awaitable[tuple[DatasetResult, ...]]]


@attrs.frozen(kw_only=True)
class Ran:
    """What a run says of each dataset, and which collectors it called."""

    results: dict[str, DatasetResult]
    collections: Collections


class DrivenLake:
    """The real lake, writer and pipeline; only what is collected is made up."""

    def __init__(self, directory: Path) -> None:
        self.lake = Lake(directory / "lake", environment=Environment.SANDBOX)
        self.clock = ManualClock(START)
        self.world = World()
        # The datasets that are updated file by file; in the catalog nothing is built from the one that is.
        self.updated: set[str] = set()
        self.busy_seconds = 0.0  # for so long the writer has something else to do first

    async def run(self, graph: Sequence[Dataset], walk: Walk | None = None) -> Ran:
        """One run as a platform does it, over all datasets unless it is told how to walk."""
        collections = Collections(self.world)
        with self.lake.writing():
            async with BackgroundWriter() as writer:
                await writer.submit("other", partial(Event().wait, self.busy_seconds), rows=0)
                pipeline = Pipeline(
                    # The other way round: the order is for the registry to find.
                    registry=DatasetRegistry(reversed(graph)),
                    collectors={
                        each.name: collections.collector(each.name, updates=each.name in self.updated)
                        for each in graph
                    },
                    lake=self.lake,
                    writer=writer,
                    service=no_service(),
                    universe=EVERYTHING,
                    max_missing_ratio=MOST_MISSING,
                    clock=self.clock,
                    progress=Silent(),
                )
                results = await (pipeline.run((), refresh=False) if walk is None else walk(pipeline))
        return Ran(results={result.dataset: result for result in results}, collections=collections)
