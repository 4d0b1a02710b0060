# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R10: a writer that is killed at any moment leaves the old rows or the new ones, and nothing else."""

from __future__ import annotations

import os
import select
import signal
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from scale import scale

from test_ttapi_platform.crash.shim import Action, Kind, Order
from test_ttapi_platform.crash.versions import DATASETS, assert_in_order, open_lake, seen
from ttapi_core.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from test_ttapi_platform.crash.processes import Worker

pytestmark = [pytest.mark.crash, pytest.mark.promise("R10")]

KILLS = (Action.KILL_BEFORE, Action.KILL_HALFWAY, Action.KILL_AFTER)
OF_NAMES = Kind.RENAME | Kind.UNLINK | Kind.MKDIR | Kind.RMDIR
RANGES = scale(250, long=5_000)
MANY = 200  # versions, of which a process that is to be killed does not reach the last


class Killing:
    """One lake, and what is known of it: it goes from kill to kill, put in order between them or not."""

    def __init__(self, forking: Worker, lasting: Worker, root: Path, random: Random) -> None:
        self.forking = forking
        self.lasting = lasting
        self.lake = open_lake(root)
        self.random = random
        self.versions: dict[str, int | None] = dict.fromkeys(DATASETS)
        self.kills = 0
        self.kills_of_recovery = 0

    @property
    def next_version(self) -> int:
        """The version that the next process begins with."""
        return max((version for version in self.versions.values() if version is not None), default=0) + 1

    def learn(self, said: list[dict[str, Any]]) -> None:
        """See that each dataset is as it was acknowledged, or as the one commit in flight wanted it."""
        first = self.next_version
        steps = [(dataset, version) for version in range(first, first + MANY) for dataset in DATASETS]
        done = [(line["acknowledged"], line["version"]) for line in said if "acknowledged" in line]
        assert done == steps[: len(done)]
        in_flight = steps[len(done) : len(done) + 1]
        for dataset, before in self.versions.items():
            acknowledged = dict(done).get(dataset, before)
            allowed = {acknowledged, *(version for name, version in in_flight if name == dataset)}
            found = seen(self.lake, dataset)
            assert found in allowed, f"{dataset} {found} is seen, not one of {allowed}"
            self.versions[dataset] = found

    def recover(self) -> None:
        """See that the next start puts all in order and that a reader sees what it saw before."""
        assert self.lasting.do("recover", self.lake.directory)["ended"] == {"error": None}
        assert {dataset: seen(self.lake, dataset) for dataset in DATASETS} == self.versions
        assert_in_order(self.lake, self.versions)

    def kill_in_recovery(self, order: Order) -> None:
        """See that a reader sees what it saw before when the next start is killed as well."""
        said = self.forking.do_in_child("recover", self.lake.directory, order=order)
        self.kills_of_recovery += said[-1]["status"] == -signal.SIGKILL
        assert {dataset: seen(self.lake, dataset) for dataset in DATASETS} == self.versions

    def go_on(self) -> None:
        """Leave it to the next writer to put things in order, or do it now, or be killed at that."""
        chance = self.random.random()
        if chance < 0.4:
            order = Order(number=self.random.randint(1, 12), action=self.random.choice(KILLS))
            self.kill_in_recovery(order)
        if chance < 0.7:
            self.recover()


def calls_of_two_versions(forking: Worker, root: Path) -> dict[Kind, int]:
    """How many calls of any kind, and how many that change names, there are to be killed at."""
    counted = {}
    for kinds in (Kind.ANY, OF_NAMES):
        said = forking.do_in_child("write_versions", root, first=10, count=2, order=Order(kinds=kinds))
        counted[kinds] = next(line["calls"] for line in said if "ended" in line)
    return counted


@pytest.mark.parametrize("seed", range(4))
def test_a_kill_at_any_call_leaves_old_rows_or_new(
    forking: Worker,
    lasting: Worker,
    tmp_path: Path,
    seed: int,
    record_property: Callable[[str, object], None],
) -> None:
    """Before, in the middle of or after a call that is drawn at random, of any kind or of those of names."""
    calls = calls_of_two_versions(forking, tmp_path / "counted")
    killing = Killing(forking, lasting, tmp_path / "lake", Random(seed))
    wanted = scale(20, long=300)
    while killing.kills < wanted:
        kinds = killing.random.choice([*calls])
        number = killing.random.randint(1, calls[kinds])
        order = Order(number=number, action=killing.random.choice(KILLS), kinds=kinds)
        try:
            said = forking.do_in_child(
                "write_versions", killing.lake.directory, first=killing.next_version, count=MANY, order=order
            )
            assert said[-1]["status"] == -signal.SIGKILL, str(said)
            killing.learn(said)
            killing.kills += 1
            killing.go_on()
        except Exception as error:
            error.add_note(f"seed {seed}, kill {killing.kills}: {order}; versions {killing.versions}")
            raise
    killing.recover()
    record_property("promise", figure(killing, f"at calls drawn with seed {seed}"))


@pytest.mark.parametrize("seed", [10, 11])
def test_a_kill_at_any_instant_leaves_old_rows_or_new(
    forking: Worker,
    lasting: Worker,
    tmp_path: Path,
    seed: int,
    record_property: Callable[[str, object], None],
) -> None:
    """From outside, some milliseconds after a commit that is drawn at random too."""
    killing = Killing(forking, lasting, tmp_path / "lake", Random(seed))
    wanted = scale(10, long=100)
    while killing.kills < wanted:
        after, seconds = killing.random.randrange(6), killing.random.uniform(0, 0.02)
        try:
            forking.tell("write_versions", killing.lake.directory, first=killing.next_version, count=MANY)
            said = [*forking.until("started")]
            said += [forking.hear() for _ in range(after)]
            select.select([], [], [], seconds)
            os.kill(said[0]["started"], signal.SIGKILL)
            said += forking.until("status")
            killing.learn(said)
            killing.kills += said[-1]["status"] == -signal.SIGKILL
            killing.go_on()
        except Exception as error:
            what = f"{seconds * 1000:.1f} ms after acknowledgement {after}"
            error.add_note(f"seed {seed}, kill {killing.kills}: {what}; versions {killing.versions}")
            raise
    killing.recover()
    record_property("promise", figure(killing, f"from outside, drawn with seed {seed}"))


@pytest.mark.parametrize(
    ("state", "order"),
    [
        ("staged", Order(number=2 * RANGES, action=Action.KILL_AFTER, kinds=Kind.CREATE)),
        ("committed", Order(number=1, action=Action.KILL_AFTER, kinds=Kind.RENAME)),
    ],
)
def test_many_files_that_a_crash_left_are_put_in_order(
    forking: Worker, tmp_path: Path, state: str, order: Order, record_property: Callable[[str, object], None]
) -> None:
    """Those of a commit cut short when nearly all were written, and of one whose files had yet to move."""
    said = forking.do_in_child("write_ranges", tmp_path, ranges=RANGES, order=order)
    assert said[-1]["status"] == -signal.SIGKILL
    left = sum(path.suffix in {".csv", ".parquet"} for path in tmp_path.rglob("*"))
    assert left >= 2 * RANGES - 2
    lake, clock = open_lake(tmp_path), SystemClock()
    before = clock.monotonic()
    with lake.writing() as warnings:
        seconds = clock.monotonic() - before
    assert len(warnings) == 1
    files = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 1 + (left if state == "committed" else 0)
    rate = seconds / left * 10_000
    record_property(
        "promise", f"R10: {left:,} {state} files put in order in {seconds:.2f} s, {rate:.2f} s per 10,000"
    )


def figure(killing: Killing, how: str) -> str:
    """What was shown, in words."""
    return (
        f"R10: {killing.kills} kills {how}, {killing.kills_of_recovery} more in recovery: 0 mixed or torn "
        "datasets seen, 0 acknowledged lost, 0 pairs that disagree, 0 orphans after the next start"
    )
