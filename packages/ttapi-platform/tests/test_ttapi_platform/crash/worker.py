# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A process that uses a lake as it is told, line by line, and tells what came of it."""

from __future__ import annotations

import json
import os
import select
import sys
import traceback
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa  # noqa: F401 - the first fingerprint would import it, in every child again

from test_ttapi_platform.candle_parts import in_parts
from test_ttapi_platform.crash.counting import NAME, count_up, counts_in
from test_ttapi_platform.crash.shim import Action, Kind, Order, Shim
from test_ttapi_platform.crash.versions import (
    DATASETS,
    START,
    candles,
    commit,
    open_lake,
    version_in,
    version_stored,
)
from ttapi_core.clock import SystemClock
from ttapi_core.errors import LockedError, TTError
from ttapi_platform.prepared import prepare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_platform.lake import Lake

Command = dict[str, Any]


def tell(**said: object) -> None:
    """Say something to who gave the command, in one system call: killed or not, a line is whole."""
    os.write(1, json.dumps(said).encode() + b"\n")


def commands() -> Iterator[Command]:
    """What is told, without reading ahead: who forks must not hold what its child is to read."""
    with open(0, "rb", buffering=0, closefd=False) as lines:
        while line := lines.readline():
            yield json.loads(line)


def write_versions(lake: Lake, command: Command, shim: Shim) -> None:
    """Commit one version after the other; each dataset is acknowledged once the call has returned."""
    for version in range(command["first"], command["first"] + command["count"]):
        with lake.writing():
            for dataset in DATASETS:
                commit(lake, dataset, version)
                tell(acknowledged=dataset, version=version)


def write_one(lake: Lake, command: Command, shim: Shim) -> None:
    """Commit one version of one dataset."""
    with lake.writing():
        commit(lake, command["dataset"], command["version"])


def write_ranges(lake: Lake, command: Command, shim: Shim) -> None:
    """Commit a candle a symbol of so many symbols: two files each."""
    days = ((f"S{number:05}", date(2024, 7, 1), number) for number in range(1, command["ranges"] + 1))
    rows = prepare("eod_data", in_parts(candles(days), until=date(2024, 7, 1)))
    with lake.writing():
        lake.commit(DATASETS["eod_data"], rows, inputs={}, collected_at=START)


def recover(lake: Lake, command: Command, shim: Shim) -> None:
    """Begin to write, which puts in order what a crash left."""
    with lake.writing():
        pass


def count(lake: Lake, command: Command, shim: Shim) -> None:
    """Count up to a number in turns with others; tell each count, and the seconds until its turn."""
    clock = SystemClock()
    before = clock.monotonic()
    while True:
        try:
            with lake.writing():
                waited = clock.monotonic() - before
                counted = count_up(lake, command["process"], until=command["until"])
        except LockedError:
            select.select([], [], [], 0.01)
            continue
        if counted is None:
            return
        tell(counted=counted, waited=waited)
        # The lock knows no order: who has had a turn lets others try first.
        select.select([], [], [], 0.02)
        before = clock.monotonic()


def watch_counts(lake: Lake, command: Command, shim: Shim) -> None:
    """Read what others count, again and again until something is told; what was seen may never go."""
    reads, last = 0, dict[int, int]()
    while not select.select([0], [], [], 0.005)[0]:  # the writers share these processors
        counts = counts_in(lake.read(NAME))
        assert all(counts[process] >= reached for process, reached in last.items()), f"{last}, then {counts}"
        reads, last = reads + 1, counts
    os.read(0, 1024)
    tell(reads=reads)


def watch_versions(lake: Lake, command: Command, shim: Shim) -> None:
    """Read candles that a writer replaces, again and again: each time one version, never an earlier."""
    reads, last, versions = 0, 0, set[int]()
    while not select.select([0], [], [], 0)[0]:
        for found in (version_in(lake.read("eod_data")), version_stored(lake, "eod_data")):
            if found is not None:
                assert found >= last, f"version {last} is seen, then {found}"
                last = found
                versions.add(found)
        reads += 1
    os.read(0, 1024)
    tell(reads=reads, versions=len(versions))


def obey(command: Command, shim: Shim) -> None:
    """Do one thing, with the library between us and libc armed as the command says, and tell the end."""
    lake = open_lake(Path(command["root"]))
    number, action, error, kinds = command["order"]
    shim.trace(Path(command["trace"]) if command["trace"] else None)
    shim.arm(Order(number=number, action=Action(action), error=error, kinds=Kind(kinds)))
    shim.watch(Path(command["root"]))
    ended: dict[str, object] = {"error": None}
    try:
        TASKS[command["task"]](lake, command, shim)
    except TTError as failed:
        ended = {"error": type(failed).__name__, "message": failed.message, "hint": failed.hint}
    except BaseException as other:  # noqa: BLE001 - what is not ours is what the tests look for
        way = [f"{Path(at.filename).name}:{at.lineno}" for at in traceback.extract_tb(other.__traceback__)]
        ended = {"error": "untyped", "message": f"{other!r} by way of {', '.join(way)}", "hint": None}
    shim.watch(None)
    tell(ended=ended, calls=shim.count, fired=shim.has_fired)


TASKS = {
    task.__name__: task
    for task in (write_versions, write_one, write_ranges, recover, count, watch_counts, watch_versions)
}


def main(mode: str) -> None:
    """
    Obey what comes, each command in a child of its own when ``mode`` is ``forking``.

    A fork has everything imported. It must not come after the first query: Polars then has threads, which no
    child inherits.
    """
    shim = Shim()
    for command in commands():
        if mode == "forking":
            if child := os.fork():
                _, status = os.waitpid(child, 0)
                tell(status=os.waitstatus_to_exitcode(status))
                continue
            tell(started=os.getpid())
        obey(command, shim)
        if mode == "forking":
            os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
