# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Two writers of one lake in an object store: the lock keeps them apart, and a late one changes nothing."""

from __future__ import annotations

import json
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from test_ttapi_platform.crash.versions import commit, seen
from test_ttapi_platform.object_store.stores import LOCK, OF_THE_LOCK, assert_in_order
from ttapi_core.errors import LockedError, StorageError
from ttapi_platform.object_store import lease
from ttapi_platform.object_store.lease import LEASE_SECONDS
from ttapi_polars.object_server import Fault, FaultKind

if TYPE_CHECKING:
    from test_ttapi_platform.object_store.stores import Store
    from ttapi_platform.lake import Lake

MANIFEST = ".ttapi/versions/quotes.json"


def take_over(store: Store) -> bytes:
    """Make the lock another's, as if ours had run out; gives its content."""
    content = json.dumps({**store.get_json(LOCK), "owner": "another", "host": "elsewhere", "pid": 1}).encode()
    store.put(LOCK, content)
    return content


def overtaken(lake: Lake, store: Store, dataset: str, version: int) -> tuple[Lake, BaseException | None]:
    """A commit of quotes arrives when another lake has taken over and committed: that, and the failure."""
    with lake.writing():
        commit(lake, "quotes", 1)

    def write_late() -> None:
        with lake.writing():
            commit(lake, "quotes", 2)

    with ThreadPoolExecutor(1) as threads:
        held = store.script(Fault(kind=FaultKind.HELD, methods="PUT", key=MANIFEST, times=1))
        late = threads.submit(write_late)
        assert held.wait() == 1
        store.let_locks_expire()
        other = store.lake()
        with other.writing():
            commit(other, dataset, version)
        held.end()
        return other, late.exception()


def test_the_second_is_told_who_writes_and_until_when(lake: Lake, store: Store) -> None:
    """At once; when the first has ended, it may."""
    with lake.writing():
        until = datetime.fromisoformat(store.get_json(LOCK)["expires_at"])
        with pytest.raises(LockedError) as caught, store.lake().writing():
            pass
    said = f"{caught.value.message} {caught.value.hint}"
    assert socket.gethostname() in said
    assert str(os.getpid()) in said
    assert until.astimezone(UTC).strftime("%H:%M") in said
    with store.lake().writing():
        pass


def test_the_lock_is_given_back_at_the_end(lake: Lake, store: Store) -> None:
    """Also when the end is an error."""
    for trouble in (None, ZeroDivisionError()):
        with suppress(ZeroDivisionError), lake.writing():
            assert LOCK in store.names()
            if trouble is not None:
                raise trouble
        assert set(store.names()) <= OF_THE_LOCK
        with store.lake().writing():
            pass


def test_of_many_that_begin_at_once_one_writes(store: Store) -> None:
    """The others are refused, not held up."""
    together, done = Barrier(6), Barrier(6)

    def write() -> bool:
        lake = store.lake()
        together.wait()
        try:
            with lake.writing():
                done.wait()
        except LockedError:
            done.wait()
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        began = [threads.submit(write) for _ in range(6)]
        assert sum(each.result() for each in began) == 1


def test_a_reader_neither_needs_nor_takes_the_lock(lake: Lake, store: Store) -> None:
    """And changes nothing."""
    with lake.writing():
        commit(lake, "quotes", 1)
        store.server.forget_requests()
        assert seen(store.lake(), "quotes") == 1
        assert store.requests("PUT POST DELETE") == []
        assert LOCK not in store.asked("GET HEAD")


def test_a_lock_that_has_run_out_is_taken_over(lake: Lake, store: Store) -> None:
    """What its owner left is put in order, and told."""
    with lake.writing():
        commit(lake, "quotes", 1)
        held = store.get(LOCK)
    store.put(LOCK, held)
    store.put("quotes/20260101T000000Z-dead/quotes.parquet", b"half")
    store.server.let_time_pass(LEASE_SECONDS - 5)
    with pytest.raises(LockedError), store.lake().writing():
        pass
    store.let_locks_expire()
    with store.lake().writing() as told:
        assert store.get(LOCK) != held
        assert len(told) == 1
    assert_in_order(store, lake)


def test_a_lock_is_renewed_while_its_owner_works(
    lake: Lake, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the store's clock it never gets old."""
    monkeypatch.setattr(lease, "LEASE_SECONDS", 0.3)
    with lake.writing(), store.script(Fault(kind=FaultKind.HELD, methods="PUT", key=LOCK, seconds=0)) as put:
        first = store.get(LOCK)
        assert put.wait(at_least=3) >= 3
        assert store.get(LOCK) != first
    assert {asked.status for asked in store.requests("PUT") if asked.key.endswith(LOCK)} == {200}


def test_renewals_that_fail_for_a_while_do_no_harm(
    lake: Lake, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does an answer to one that is lost: what was written was ours."""
    monkeypatch.setattr(lease, "LEASE_SECONDS", 0.3)
    for kind in (FaultKind.LOST_ANSWER, FaultKind.SLOW_DOWN, FaultKind.RESET):
        with lake.writing():
            with store.script(Fault(kind=kind, methods="PUT", key=LOCK, times=2)) as trouble:
                assert trouble.wait(at_least=2) == 2
            commit(lake, "quotes", 1)
    assert seen(lake, "quotes") == 1


@pytest.mark.parametrize("content", [b"", b"{}", b"no JSON", b'{"owner": 1}', b"\xff"])
def test_a_lock_that_nobody_can_read_holds_for_its_time_and_no_longer(
    lake: Lake, store: Store, content: bytes
) -> None:
    """Somebody has written it, and may still be there."""
    store.put(LOCK, content)
    with pytest.raises(LockedError), lake.writing():
        pass
    store.let_locks_expire()
    with lake.writing():
        commit(lake, "quotes", 1)
    assert seen(lake, "quotes") == 1


@pytest.mark.parametrize("dataset", ["quotes", "eod_data"])
def test_who_has_lost_the_lock_cannot_commit(lake: Lake, store: Store, dataset: str) -> None:
    """It says so; the version stays, and the lock is the other's."""
    with lake.writing():
        commit(lake, dataset, 1)
        others = take_over(store)
        with pytest.raises(LockedError, match="lost to another"):
            commit(lake, dataset, 2)
    assert seen(lake, dataset) == 1
    assert store.get(LOCK) == others
    store.let_locks_expire()
    with store.lake().writing():
        pass
    assert_in_order(store, lake)


def test_who_has_lost_the_lock_cannot_remove_or_rewrite(lake: Lake, store: Store) -> None:
    """Nor put anything in order."""
    with lake.writing():
        commit(lake, "quotes", 1)
        take_over(store)
        store.server.forget_requests()
        with pytest.raises(StorageError, match="lock"):
            lake.remove("quotes")
        with pytest.raises(StorageError, match="lock"):
            lake.rewrite("quotes", {})
        assert [name for name in store.asked("PUT POST DELETE") if name == MANIFEST] == []
    assert seen(lake, "quotes") == 1


def test_a_commit_that_is_late_loses_against_the_one_of_who_took_over(lake: Lake, store: Store) -> None:
    """It is on its way to the store when its lock is gone; the other's version stands."""
    other, failure = overtaken(lake, store, "quotes", 3)
    assert isinstance(failure, StorageError)
    assert seen(other, "quotes") == 3
    with other.writing():
        pass
    assert_in_order(store, other)


def test_a_commit_that_is_late_is_whole_or_nothing_when_its_files_were_taken_for_litter(
    lake: Lake, store: Store
) -> None:
    """The other has put the lake in order meanwhile, but did not commit that dataset itself."""
    other, failure = overtaken(lake, store, "eod_data", 1)
    assert failure is None or isinstance(failure, StorageError)
    assert seen(other, "quotes") == (1 if failure else 2)
    with other.writing():
        pass
    assert_in_order(store, other)


def test_an_upload_that_is_late_leaves_nothing_that_stays(lake: Lake, store: Store) -> None:
    """Its files arrive after the other has put the lake in order; the next one removes them."""
    with lake.writing():
        commit(lake, "quotes", 1)

    def write_late() -> None:
        with lake.writing():
            commit(lake, "quotes", 2)

    with ThreadPoolExecutor(1) as threads:
        held = store.script(Fault(kind=FaultKind.HELD, methods="PUT", key="*/quotes.parquet", times=1))
        late = threads.submit(write_late)
        assert held.wait() == 1
        store.let_locks_expire()
        other = store.lake()
        with other.writing():
            commit(other, "quotes", 3)
        held.end()
        with pytest.raises(StorageError):
            late.result()
    assert seen(other, "quotes") == 3
    with other.writing():
        pass
    assert_in_order(store, other)
