# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R14: processes that write to one lake in turns, some of them killed, lose nothing and hold nobody up."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from random import Random
from typing import TYPE_CHECKING

import attrs
import pytest
from scale import scale

from test_ttapi_platform.crash.counting import NAME, counts_in
from test_ttapi_platform.crash.processes import Worker
from test_ttapi_platform.crash.shim import Action, Order
from test_ttapi_platform.crash.versions import open_lake
from ttapi_core.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.crash, pytest.mark.promise("R14")]

PROCESSES = 8
COMMITS = scale(8, long=1_000)


@attrs.define
class Outcome:
    """What came of one process and its successors: the last count, the longest wait in seconds."""

    counted: int = 0
    waited: float = 0.0
    kills: int = 0


def count_in_turns(forking: Worker, root: Path, process: int) -> Outcome:
    """Have a process count, killed at calls that are drawn at random until one child comes to the end."""
    random, outcome = Random(process), Outcome()
    while True:
        # Who waits for the lock makes calls too: some are killed then, others with the lock in hand.
        number = random.randint(1, 1_500)
        is_killed = process % 2 == 0 and outcome.kills < scale(4, long=60)
        action = random.choice([Action.KILL_BEFORE, Action.KILL_HALFWAY, Action.KILL_AFTER])
        order = Order(number=number, action=action) if is_killed else Order()
        said = forking.do_in_child("count", root, process=process, until=COMMITS, order=order)
        for line in said:
            if "counted" in line:
                assert line["counted"] > outcome.counted, "an acknowledged count is lost"
                outcome.counted, outcome.waited = line["counted"], max(outcome.waited, line["waited"])
        if said[-1]["status"] != -signal.SIGKILL:
            assert said[-2]["ended"] == {"error": None}, str(said[-2])
            return outcome
        outcome.kills += 1


def test_no_count_is_lost_and_nobody_waits_for_the_dead(
    library: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Eight processes read, add and commit in turns; half are killed, and begin again where they were."""
    root = tmp_path / "lake"
    clock = SystemClock()
    with ExitStack() as stack:
        reader = stack.enter_context(Worker(library, mode="lasting"))
        workers = [stack.enter_context(Worker(library, mode="forking")) for _ in range(PROCESSES)]
        workers[0].do_in_child("count", root, process=0, until=1)
        reader.tell("watch_counts", root)
        began = clock.monotonic()
        with ThreadPoolExecutor(PROCESSES) as pool:
            outcomes = list(pool.map(count_in_turns, workers, [root] * PROCESSES, range(PROCESSES)))
        seconds = clock.monotonic() - began
        reader.say("stop")
        heard = list(reader.until("ended"))
    assert heard[-1]["ended"] == {"error": None}, str(heard[-1])
    assert counts_in(open_lake(root).read(NAME)) == dict.fromkeys(range(PROCESSES), COMMITS)
    kills = sum(outcome.kills for outcome in outcomes)
    waited = max(outcome.waited for outcome in outcomes)
    assert kills > PROCESSES / 4
    record_property(
        "promise",
        f"R14: {PROCESSES} processes x {COMMITS} commits on one directory, {kills} kills: 0 updates lost, "
        f"longest wait for the lock {waited:.1f} s of {seconds:.0f}; {heard[0]['reads']:,} reads meanwhile, "
        "0 failed or saw a mix",
    )


def test_a_reader_sees_whole_versions_while_they_are_replaced(
    library: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Years come and go, the head among them; a reader without a lock has all of one version, every time."""
    replaced = scale(30, long=2_000)
    with Worker(library, mode="lasting") as writer, Worker(library, mode="lasting") as reader:
        writer.do("write_one", tmp_path, dataset="eod_data", version=1)
        reader.tell("watch_versions", tmp_path)
        done = writer.do("write_versions", tmp_path, first=2, count=replaced)
        assert done["ended"] == {"error": None}
        reader.say("stop")
        *heard, end = reader.until("ended")
    assert end["ended"] == {"error": None}, str(end)
    assert heard[0]["versions"] > replaced / 10
    record_property(
        "promise",
        f"R14: {heard[0]['reads']:,} reads while {replaced} versions are written one after the other: "
        f"{heard[0]['versions']} of them seen, 0 mixed, 0 reads failed",
    )
