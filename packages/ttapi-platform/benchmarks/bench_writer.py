# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How long the event loop is held up while ten million candles are written, beside bare threads."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Final

import attrs

from generated_candles import generated_candles
from ttapi_core.settings import Environment
from ttapi_platform.datasets import Dataset
from ttapi_platform.lake import Lake
from ttapi_platform.prepared import prepare
from ttapi_platform.writer import BackgroundWriter

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    import polars as pl

    from side_by_side import Bench

BARE: Final = "bare thread, Polars"
GOALS: Final = {"longest hold-up of the loop": 0.010}
_TICK_SECONDS: Final = 0.001
_DATASET: Final = Dataset(name="eod_data", ttl=timedelta(days=1), parameters={"source": "a benchmark"})


@attrs.frozen
class Tick:
    """How late one tick came, and the part of it in which loop and writer had a CPU or needed none."""

    late: float
    late_with_cpu: float


@attrs.frozen
class Run:
    """One dual write: how long it took, how late its ticks came, how long the loop was in ``submit``."""

    seconds: float
    ticks: Sequence[Tick]
    submit: float = 0.0


class CpuWait:
    """For how long threads were ready and had no CPU, as Linux counts it; elsewhere nothing is known."""

    def __init__(self, *threads: int) -> None:
        paths = [Path(f"/proc/self/task/{thread}/schedstat") for thread in threads]
        self._files = [os.open(path, os.O_RDONLY) for path in paths if path.exists()]

    def seconds(self) -> float:
        """All threads together, since they began."""
        return sum(int(os.pread(file, 100, 0).split()[1]) for file in self._files) / 1e9

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            os.close(file)


def dual_write(frame: pl.DataFrame, directory: Path) -> None:
    """Fingerprinted, cut into parts, checked, both files of each written and seen safe on the disk."""
    rows = prepare(_DATASET.name, frame)
    lake = Lake(directory, environment=Environment.SANDBOX)
    lake.commit(_DATASET, rows, inputs={}, collected_at=datetime(2026, 7, 1, tzinfo=UTC))


def bare_write(frame: pl.DataFrame, directory: Path) -> None:
    """Both files by Polars alone."""
    frame.write_csv(directory / "bare.csv")
    frame.write_parquet(directory / "bare.parquet")


async def ours(frame: pl.DataFrame, directory: Path) -> Run:
    """By the writer."""
    async with BackgroundWriter() as writer:
        thread = await (await writer.submit("", threading.get_native_id, rows=0)).committed()
        started = perf_counter()
        ticket = await writer.submit("candles", partial(dual_write, frame, directory), rows=frame.height)
        submitted = perf_counter()
        ticks = await ticks_until(ticket.committed(), thread)
        return Run(perf_counter() - started, ticks, submitted - started)


async def bare(frame: pl.DataFrame, directory: Path) -> Run:
    """By a bare thread."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as pool:
        thread = await loop.run_in_executor(pool, threading.get_native_id)
        started = perf_counter()
        ticks = await ticks_until(loop.run_in_executor(pool, bare_write, frame, directory), thread)
        return Run(perf_counter() - started, ticks)


async def ticks_until(work: Awaitable[object], thread: int) -> Sequence[Tick]:
    """Tick every millisecond on this loop until the work on that thread has ended."""
    ticks: list[Tick] = []
    waits = CpuWait(threading.get_native_id(), thread)
    task = asyncio.ensure_future(work)
    try:
        while not task.done():
            waited, due = waits.seconds(), perf_counter() + _TICK_SECONDS
            await asyncio.sleep(_TICK_SECONDS)
            late = perf_counter() - due
            ticks.append(Tick(late, max(0.0, late - (waits.seconds() - waited))))
        await task
    finally:
        waits.close()
    return ticks


# What a run is looked at for.
FIGURES: Final[Mapping[str, Callable[[Run], float]]] = {
    "the whole write": lambda run: run.seconds,
    "longest hold-up of the loop": lambda run: max(tick.late for tick in run.ticks),
    "  99.9 % of ticks came within": lambda run: quantiles([tick.late for tick in run.ticks], n=1000)[-1],
    "  99 % of ticks came within": lambda run: quantiles([tick.late for tick in run.ticks], n=100)[-1],
    "  longest but for waits for a CPU": lambda run: max(tick.late_with_cpu for tick in run.ticks),
}


def bench_hold_up(bench: Bench) -> None:
    """The loop is never held up for more than 10 ms, and ``submit`` returns within one."""
    symbols, days = bench.size((2000, 5000), quick=(50, 400))
    frame = generated_candles(symbols=symbols, days=days)
    all_runs: dict[str, list[Run]] = {"ours": [], BARE: []}
    for turn in range(bench.size(5, quick=2) + 1):
        for name, way in (("ours", ours), (BARE, bare)):
            with TemporaryDirectory() as directory:
                # The first turn is for what is imported late; a few rows are enough for that.
                run = asyncio.run(way(frame if turn else frame.head(1000), Path(directory)))
            if turn:
                all_runs[name].append(run)
            os.sync()  # or the system would still be busy with the files of this run in the next one
        gc.freeze()  # as the command does: nothing that has been imported is looked at again
    size = f"{frame.height:,} rows, {frame.estimated_size('mb'):,.0f} MB"
    for what, figure in FIGURES.items():
        mine, theirs = (list(map(figure, runs)) for runs in all_runs.values())
        bench.compare(what, mine, beside={BARE: theirs}, size=size)
        if what in GOALS:
            bench.show(what, median(mine), size=size, unit="s", goal=GOALS[what])
    longest = max(run.submit for run in all_runs["ours"])
    bench.show("longest submit", longest, size=size, unit="s", goal=0.001)
