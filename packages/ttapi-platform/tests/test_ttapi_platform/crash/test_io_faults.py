# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R11: whichever call of a commit the system refuses, old rows or new are read, and an error says why."""

from __future__ import annotations

import errno
import re
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from scale import scale

from test_ttapi_platform.crash.shim import Action, Call, Kind, Order, read_trace
from test_ttapi_platform.crash.versions import DATASETS, PERIOD, assert_in_order, open_lake, seen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from test_ttapi_platform.crash.processes import Worker

pytestmark = [pytest.mark.crash, pytest.mark.promise("R11")]

NEW_BLOCKS = Kind.CREATE | Kind.WRITE | Kind.TRUNCATE | Kind.SYNC | Kind.RENAME | Kind.MKDIR
CHANGES = Kind.CREATE | Kind.TRUNCATE | Kind.RENAME | Kind.UNLINK | Kind.MKDIR | Kind.RMDIR
OPENS = Kind.OPEN | Kind.CREATE

# What fails how, and which calls it is that can.
FAULTS = {
    "EIO": Order(error=errno.EIO, kinds=Kind.ANY, action=Action.FAIL),
    "EIO-from-then-on": Order(error=errno.EIO, kinds=Kind.ANY, action=Action.FAIL_FROM),
    "ENOSPC": Order(error=errno.ENOSPC, kinds=NEW_BLOCKS, action=Action.FAIL),
    "ENOSPC-from-then-on": Order(error=errno.ENOSPC, kinds=NEW_BLOCKS, action=Action.FAIL_FROM),
    "ENOSPC-in-a-write": Order(error=errno.ENOSPC, kinds=Kind.WRITE, action=Action.SHORT_WRITE),
    "EROFS": Order(error=errno.EROFS, kinds=CHANGES, action=Action.FAIL),
    "EROFS-from-then-on": Order(error=errno.EROFS, kinds=CHANGES, action=Action.FAIL_FROM),
    "EMFILE": Order(error=errno.EMFILE, kinds=OPENS, action=Action.FAIL),
    "EMFILE-from-then-on": Order(error=errno.EMFILE, kinds=OPENS, action=Action.FAIL_FROM),
    # Some ways to list a directory take this for an empty one, and from Python 3.12 on any error.
    "EACCES": Order(error=errno.EACCES, kinds=OPENS, action=Action.FAIL),
}

# A dataset and its version before the commit. One file; the first range goes; what is recent goes; all go;
# all come by year; they are cut into ranges; a range comes.
COMMITS = [("quotes", 0), *(("eod_data", version) for version in (1, 2, 3, 4, 5, 6))]

# Every call of two commits, and the most different faults of one of them.
SAMPLE = [(commit, "EIO") for commit in COMMITS[:2]] + [
    (COMMITS[1], fault) for fault in ("ENOSPC-from-then-on", "ENOSPC-in-a-write", "EACCES")
]
CASES = scale(SAMPLE, long=[(commit, fault) for commit in COMMITS for fault in FAULTS])


class Refusals:
    """One lake whose commits are refused, one after the other, and what was wrong with that."""

    def __init__(self, lasting: Worker, folder: Path, dataset: str) -> None:
        self.lasting = lasting
        self.folder = folder
        self.lake = open_lake(folder / "lake")
        self.dataset = dataset
        self.refused = self.stored = 0
        self.wrong: list[str] = []

    def write(self, version: int, order: Order, trace: Path | None = None) -> dict[str, Any]:
        """What comes of one commit."""
        return self.lasting.do(
            "write_one", self.lake.directory, dataset=self.dataset, version=version, order=order, trace=trace
        )

    def prepare(self, version: int) -> list[str]:
        """Commit a version that nothing refuses; gives what is wrong when that does not go well."""
        said = self.write(version, Order())["ended"]
        if said["error"] is not None:
            return [f"the next commit fails: {said}"]
        try:
            assert seen(self.lake, self.dataset) == version
            assert_in_order(self.lake, dict.fromkeys(DATASETS) | {self.dataset: version})
        except AssertionError as error:
            return [f"after the next commit: {error}"]
        return []

    def refuse(self, version: int, order: Order, call: Call) -> list[str]:
        """Commit a version of which the system refuses that call; gives what is wrong with how that ends."""
        said = self.write(version, order)
        assert said["fired"], f"there is no such call: {order}"
        ended = said["ended"]
        wrong = faults_of_an_error(ended, order, self.lake.directory) if ended["error"] else []
        try:
            found = seen(self.lake, self.dataset)
        except AssertionError as error:
            return [*wrong, f"seen: {error}"]
        self.refused += ended["error"] is not None
        self.stored += found == version
        if found not in {version, version - 1} or (not ended["error"] and found != version):
            wrong.append(f"{found} is seen after {version - 1}, then {version}: {ended}")
        if call.name in {"write", "sync"} and not ended["error"]:
            wrong.append("what may not be on the disk is called stored")
        return wrong

    def calls_of(self, version: int, kinds: Kind) -> list[Call]:
        """The calls of these kinds in a commit that nothing refuses."""
        trace = self.folder / f"trace-{version}"
        calls = self.write(version, Order(kinds=kinds), trace)["calls"]
        listed = [call for call in read_trace(trace) if Kind[call.name.upper()] in kinds]
        assert len(listed) == calls
        return listed


def faults_of_an_error(ended: dict[str, Any], order: Order, root: Path) -> list[str]:
    """What an error says that it should not, or does not say."""
    if ended["error"] not in {"WriteError", "StorageError"}:
        return [f"{ended['error']}: {ended['message']}"]
    wrong = []
    if str(root) not in ended["message"]:
        wrong.append(f"names no file: {ended['message']}")
    if order.error == errno.ENOSPC and not re.search(r"\d+ bytes", f"{ended['message']} {ended['hint']}"):
        wrong.append(f"says no free bytes: {ended['message']}; {ended['hint']}")
    return wrong


@pytest.mark.parametrize(
    ("commit", "fault"), CASES, ids=lambda part: "-".join(map(str, part)) if isinstance(part, tuple) else part
)
def test_every_call_of_a_commit_is_refused_once(
    lasting: Worker,
    tmp_path: Path,
    commit: tuple[str, int],
    fault: str,
    record_property: Callable[[str, object], None],
) -> None:
    """The first, then the second, and so on, each in a commit of its own with a good one before it."""
    dataset, first = commit
    order = FAULTS[fault]
    refusals = Refusals(lasting, tmp_path, dataset)
    assert refusals.prepare(first) == []
    calls = refusals.calls_of(first + 1, order.kinds)
    for number, call in enumerate(calls, 1):
        version = first + PERIOD * number
        wrong = refusals.prepare(version)
        wrong += refusals.refuse(version + 1, attrs.evolve(order, number=number), call)
        refusals.wrong += [f"{number}, {call.name} {call.path} {call.target}: {each}" for each in wrong]
    assert refusals.prepare(first + PERIOD * (len(calls) + 1)) == []
    assert not refusals.wrong, "\n".join(refusals.wrong)
    record_property(
        "promise",
        f"R11: {fault} at each of {len(calls)} calls of a commit of {dataset} (case {first}): "
        f"{refusals.refused} typed errors, 0 others; {refusals.stored} times new rows, else old, 0 mixed; "
        "each next commit went well",
    )
