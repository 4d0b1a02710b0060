# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How long the event loop is held up while ten million candles are written, beside bare threads."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
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
import polars as pl

from ttapi_core.settings import Environment
from ttapi_platform.datasets import Dataset
from ttapi_platform.lake import Lake
from ttapi_platform.prepared import prepare
from ttapi_platform.writer import BackgroundWriter

sys.path.append(str(Path(__file__).parents[2] / "ttapi-polars" / "benchmarks"))
from generated_candles import generated_candles

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

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


def milliseconds(runs: Sequence[Run], figure: Callable[[Run], float]) -> str:
    """The median of the runs."""
    return f"{median(map(figure, runs)) * 1000:12.2f}"


def report(all_runs: dict[str, list[Run]]) -> None:
    """A column for each way, a line for each figure."""
    figures: dict[str, Callable[[Run], float]] = {
        "longest hold-up": lambda run: max(tick.late for tick in run.ticks),
        "  99.9 % of ticks came within": lambda run: quantiles([tick.late for tick in run.ticks], n=1000)[-1],
        "  99 % of ticks came within": lambda run: quantiles([tick.late for tick in run.ticks], n=100)[-1],
        "longest hold-up but for waits for a CPU": lambda run: max(tick.late_with_cpu for tick in run.ticks),
        "the whole write": lambda run: run.seconds,
    }
    count = len(next(iter(all_runs.values())))
    print(f"\n{f'ms, median of {count} runs':42}" + "".join(f"{name:>12}" for name in all_runs))
    for name, figure in figures.items():
        print(f"{name:42}" + "".join(milliseconds(runs, figure) for runs in all_runs.values()))
    longest = max(run.submit for run in all_runs["ours"]) * 1000
    print(f"\nsubmit took at most {longest:.3f} ms")


def main() -> None:
    """Write the same candles by turns, ours and bare, and print what the loop saw of it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--symbols", type=int, default=2000)
    arguments.add_argument("--days", type=int, default=5000)
    arguments.add_argument("--runs", type=int, default=5)
    wanted = arguments.parse_args()
    frame = generated_candles(symbols=wanted.symbols, days=wanted.days)
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    print(
        f"{frame.height:,} rows, {frame.estimated_size('mb'):,.0f} MB in memory, {os.cpu_count()} CPUs,"
        f" {pl.thread_pool_size()} threads of Polars{load}"
    )
    ways = {"ours": ours, "bare thread": bare}
    all_runs: dict[str, list[Run]] = {name: [] for name in ways}
    for turn in range(wanted.runs + 1):
        for name, way in ways.items():
            with TemporaryDirectory() as directory:
                # The first turn is for what is imported late; a few rows are enough for that.
                run = asyncio.run(way(frame if turn else frame.head(1000), Path(directory)))
            if turn:
                all_runs[name].append(run)
            os.sync()  # or the system would still be busy with the files of this run in the next one
        gc.freeze()  # as the command does: nothing that has been imported is looked at again
    report(all_runs)


if __name__ == "__main__":
    main()
