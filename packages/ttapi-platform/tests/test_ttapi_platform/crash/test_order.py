# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R11: the calls of a commit come in the order that a power cut asks for, as a trace of them shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest

from test_ttapi_platform.crash.shim import Call, read_trace

if TYPE_CHECKING:
    from test_ttapi_platform.crash.processes import Worker

pytestmark = [pytest.mark.crash, pytest.mark.promise("R11")]


@attrs.frozen
class Trace:
    """The calls of one commit that went well; a place in it is an index, later is larger."""

    root: Path
    calls: list[Call]

    def places(self, *names: str, path: str | None = None) -> list[int]:
        """Where calls of these names stand, of one path or of all."""
        return [
            place
            for place, call in enumerate(self.calls)
            if call.name in names and (path is None or call.path == path)
        ]

    def is_visible(self, path: str) -> bool:
        """Whether users see a file of this name."""
        name = Path(path).relative_to(self.root)
        return not name.parts[0].startswith(".") and name.suffix in {".csv", ".parquet"}

    @property
    def commit_point(self) -> int:
        """The one rename of a name that no user sees to another such."""
        (place,) = (each for each in self.places("rename") if not self.is_visible(self.calls[each].target))
        return place

    @property
    def publications(self) -> list[int]:
        """Renames to names that users see."""
        return [each for each in self.places("rename") if self.is_visible(self.calls[each].target)]

    @property
    def removals(self) -> list[int]:
        """Visible files that are unlinked."""
        return [each for each in self.places("unlink") if self.is_visible(self.calls[each].path)]


# Over candles of these versions a range comes, the first goes, what is recent goes, all go, all come by year,
# and are cut into ranges.
CASES = [("quotes", 1), *(("eod_data", version) for version in range(12, 18))]


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def trace(request: pytest.FixtureRequest, lasting: Worker, tmp_path: Path) -> Trace:
    """The calls of a commit over an earlier one."""
    dataset, version = request.param
    root = tmp_path / "lake"
    lasting.do("write_one", root, dataset=dataset, version=version)
    lasting.do("write_one", root, dataset=dataset, version=version + 1, trace=tmp_path / "trace")
    return Trace(root, [call for call in read_trace(tmp_path / "trace") if call.went_well])


def test_files_are_written_and_synced_before_they_are_committed(trace: Trace) -> None:
    """Every file that is published: its last write, its sync, then the one rename that commits them all."""
    staged, committed = trace.calls[trace.commit_point].path, trace.calls[trace.commit_point].target
    assert trace.publications
    for each in trace.publications:
        path = staged + trace.calls[each].path.removeprefix(committed)
        writes, syncs = trace.places("create", "write", path=path), trace.places("sync", path=path)
        assert len(writes) > 1, f"nobody was seen to write {path}"
        assert writes[-1] < syncs[-1] < trace.commit_point, path


def test_the_names_of_staged_files_are_synced_before_they_are_committed(trace: Trace) -> None:
    """The directory that is renamed holds all its files by then, on the disk as well."""
    staged = trace.calls[trace.commit_point].path
    last_name = max(each for each in trace.places("create") if trace.calls[each].path.startswith(staged))
    syncs = trace.places("sync", path=staged)
    assert last_name < syncs[-1] < trace.commit_point


def test_nothing_that_a_user_sees_changes_before_the_commit_is_durable(trace: Trace) -> None:
    """The new name of the directory is synced before any file moves or goes."""
    parent = str(Path(trace.calls[trace.commit_point].target).parent)
    durable = next(each for each in trace.places("sync", path=parent) if each > trace.commit_point)
    assert min(*trace.publications, *trace.removals, len(trace.calls)) > durable


def test_each_twin_is_published_just_before_its_parquet_file(trace: Trace) -> None:
    """A Parquet file in its place has its twin beside it."""
    targets = [trace.calls[each].target for each in trace.publications]
    twins, parquets = targets[::2], targets[1::2]
    assert twins == [str(Path(path).with_suffix(".csv")) for path in parquets]
    assert all(path.endswith(".parquet") for path in parquets)


def test_the_head_is_published_last(trace: Trace) -> None:
    """After all other parts, and after the parts that are no longer wanted have gone."""
    files = trace.root.rglob("*.parquet")
    head = max(path for path in files if trace.is_visible(str(path)))
    last = trace.publications[-1]
    assert trace.calls[last].target == str(head)
    assert max(trace.removals, default=-1) < last


def test_a_part_that_goes_takes_its_twin_first(trace: Trace) -> None:
    """A twin without its Parquet file would be found by nobody."""
    paths = [Path(trace.calls[each].path) for each in trace.removals]
    assert [path.suffix for path in paths] == [".csv", ".parquet"] * (len(paths) // 2)


def test_published_names_are_synced_before_the_commit_is_forgotten(trace: Trace) -> None:
    """The directory of the last move or removal is synced before what tells of the commit is removed."""
    last = max(trace.publications + trace.removals)
    directory = str(Path(trace.calls[trace.publications[-1]].target).parent)
    synced = next(each for each in trace.places("sync", path=directory) if each > last)
    (forgotten,) = trace.places("rmdir", path=trace.calls[trace.commit_point].target)
    assert synced < forgotten


def test_nothing_is_left_to_do_when_the_commit_returns(trace: Trace) -> None:
    """No name that no user sees is left but the lock's."""
    left = {path.relative_to(trace.root).parts[:3] for path in trace.root.rglob("*") if path.is_file()}
    assert {parts[1:] for parts in left if parts[0].startswith(".")} == {("lock",)}


def test_directories_on_the_way_are_durable_before_the_first_commit(lasting: Worker, tmp_path: Path) -> None:
    """Each that a first commit makes is synced into the directory above it before anything counts on it."""
    root, listed = tmp_path / "lake", tmp_path / "trace"
    root.mkdir()
    lasting.do("write_one", root, dataset="eod_data", version=10, trace=listed)
    trace = Trace(root, [call for call in read_trace(listed) if call.went_well])
    commit = trace.calls[trace.commit_point]
    needed = {*Path(commit.target).parents, *Path(trace.calls[trace.publications[-1]].target).parents}
    made = {Path(trace.calls[each].path): each for each in trace.places("mkdir")}
    assert made
    for path in needed & made.keys():
        syncs = [each for each in trace.places("sync", path=str(path.parent)) if each > made[path]]
        assert syncs, f"{path.relative_to(root)} is never synced into {path.parent}"
        assert syncs[0] < trace.commit_point, path
