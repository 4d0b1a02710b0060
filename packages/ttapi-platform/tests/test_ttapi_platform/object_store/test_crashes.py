# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Writers of an object store that die at any request: readers see one version whole, and nothing stays."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from scale import examples, scale

from test_ttapi_platform.crash.versions import DATASETS, assert_rows, commit, seen, version_stored
from test_ttapi_platform.object_store.stores import Store, assert_in_order
from ttapi_core.errors import StorageError
from ttapi_polars.object_server import Fault, FaultKind
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from ttapi_platform.lake import Lake
    from ttapi_polars.lake_versions import Version

# From a version of the candles to the next: a range comes, one goes, what is recent goes, all go or come.
CHANGES = scale(
    [("quotes", 1), ("eod_data", 1)],
    long=[("quotes", 1), *(("eod_data", version) for version in range(1, 7))],
)


def write(lake: Lake, dataset: str, version: int) -> None:
    """One commit, as a run of its own."""
    with lake.writing():
        commit(lake, dataset, version)


def write_and_die(store: Store, dataset: str, version: int, *, changes: int) -> bool:
    """
    One commit of a process that dies after so many requests that change something; whether it came so far.

    Nothing that it sends after that arrives, no cleaning up either: as from a process that is dead.
    """
    dead = Fault(kind=FaultKind.DENIED, methods="PUT POST DELETE", skip=changes)
    with store.script(dead) as fault:
        try:
            write(store.lake(), dataset, version)
        except StorageError:
            assert fault.struck  # nothing else went wrong
        return bool(fault.struck)


def recover(store: Store) -> Lake:
    """The lake after the next writer has begun, which waits until the lock of the dead one has run out."""
    store.let_locks_expire()
    lake = store.lake()
    with lake.writing():
        pass
    return lake


@pytest.mark.parametrize(("dataset", "before"), CHANGES)
def test_a_writer_that_dies_at_any_request_harms_nothing(store: Store, dataset: str, before: int) -> None:
    """Before the manifest the version is the old one, then the new one; the next writer puts all in order."""
    found_after = list[int]()
    here, has_died = store, True
    while has_died:
        if before not in found_after[-1:]:  # as it was, the lake can be used again
            here = attrs.evolve(store, prefix=f"{store.prefix}/{len(found_after)}")
            write(here.lake(), dataset, before)
        has_died = write_and_die(here, dataset, before + 1, changes=len(found_after))
        found = seen(here.lake(), dataset)
        assert found is not None
        found_after.append(found)
        lake = recover(here)
        assert version_stored(lake, dataset) == found
        assert_in_order(here, lake)
    assert found_after == sorted(found_after)
    assert {*found_after} == {before, before + 1}
    assert len(found_after) > 5


@attrs.frozen
class Begun:
    """A reader that knows its files, and which version it must see in them to the end."""

    dataset: str
    version: Version
    number: int
    commits_before: int


class WritersAndReaders(RuleBasedStateMachine):
    """Writers that end or die, and readers that read at once or later, against what was committed."""

    store: Store
    prefixes = count()
    readers = Bundle("readers")

    def __init__(self) -> None:
        super().__init__()
        self.here = attrs.evolve(self.store, prefix=f"{self.store.prefix}/{next(self.prefixes)}")
        self.number = 0
        self.stored: dict[str, int | None] = dict.fromkeys(DATASETS)
        self.commits: dict[str, int] = dict.fromkeys(DATASETS, 0)

    @initialize()
    def begin(self) -> None:
        """With one version of each."""
        for dataset in DATASETS:
            self.write(dataset)

    @rule(dataset=st.sampled_from(sorted(DATASETS)))
    def write(self, dataset: str) -> None:
        """A writer that comes to its end."""
        self.number += 1
        self.here.let_locks_expire()
        write(self.here.lake(), dataset, self.number)
        self.stored[dataset] = self.number
        self.commits[dataset] += 1

    @rule(dataset=st.sampled_from(sorted(DATASETS)), changes=st.integers(0, 16))
    def write_and_die(self, dataset: str, changes: int) -> None:
        """A writer that may die on the way: the version is the new one or the old one, from then on."""
        self.number += 1
        self.here.let_locks_expire()
        has_died = write_and_die(self.here, dataset, self.number, changes=changes)
        found = seen(self.here.lake(), dataset)
        assert found == self.number or (has_died and found == self.stored[dataset])
        self.commits[dataset] += found == self.number
        self.stored[dataset] = found

    @rule()
    def recover(self) -> None:
        """Nothing lies there any more but the version and the one before."""
        assert_in_order(self.here, recover(self.here))

    @rule(dataset=st.sampled_from(sorted(DATASETS)))
    def read(self, dataset: str) -> None:
        """All rows are of that version."""
        assert seen(self.here.lake(), dataset) == self.stored[dataset]

    @rule(target=readers, dataset=st.sampled_from(sorted(DATASETS)))
    def begin_to_read(self, dataset: str) -> Begun:
        """Learn which files there are."""
        version, number = self.here.lake().version(dataset), self.stored[dataset]
        assert version is not None
        assert number is not None
        return Begun(dataset, version, number, self.commits[dataset])

    @rule(begun=consumes(readers))
    def read_to_the_end(self, begun: Begun) -> None:
        """Read them, unless two commits have gone by."""
        if self.commits[begun.dataset] - begun.commits_before <= 1:
            rows = begun.version.scan(SCHEMAS[begun.dataset]).collect()
            assert_rows(rows, begun.dataset, begun.number)

    @invariant()
    def every_reader_sees_what_was_committed(self) -> None:
        """What is said of the rows is of that version."""
        for dataset, number in self.stored.items():
            assert version_stored(self.here.lake(), dataset) == number


def test_whatever_writers_do_readers_see_one_version(store: Store) -> None:
    """And after the janitor nothing but the current version and the one before lies there."""

    class InThisStore(WritersAndReaders):
        """The machine, over the store of this test."""

    InThisStore.store = store
    steps = scale(8, long=30)
    run_state_machine_as_test(
        InThisStore, settings=settings(examples(times=scale(0.2, long=0.1)), stateful_step_count=steps)
    )
