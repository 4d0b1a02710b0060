# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Commits to an object store that is slow, refuses or breaks off: they succeed, or nothing has happened."""

from __future__ import annotations

import os
import re
from itertools import product
from typing import TYPE_CHECKING

import pytest
from scale import scale

from test_ttapi_platform.crash.versions import DATASETS, START, commit, prepared, seen
from test_ttapi_platform.object_store.stores import LOCK, assert_in_order, impatience
from ttapi_core.errors import CorruptFileError, LockedError, StorageError, TTError, WriteError
from ttapi_core.object_paths import ObjectPath
from ttapi_core.settings import Environment
from ttapi_platform.lake import Lake
from ttapi_polars.object_server import Fault, FaultKind
from ttapi_polars.object_server.process import SECRET

if TYPE_CHECKING:
    from test_ttapi_platform.object_store.stores import Store

# What is tried again because it may go well the next time.
PASSING = [
    FaultKind.SLOW_DOWN,
    FaultKind.INTERNAL_ERROR,
    FaultKind.RESET,
    FaultKind.CUT_UPLOAD,
    FaultKind.LOST_ANSWER,
]
LASTING = [
    FaultKind.SLOW_DOWN,
    FaultKind.INTERNAL_ERROR,
    FaultKind.RESET,
    FaultKind.CUT_UPLOAD,
    FaultKind.HELD,
]
UNREADABLE = [FaultKind.SLOW_DOWN, FaultKind.CUT_DOWNLOAD, FaultKind.RESET]
OBJECTS = {
    "file": "*.parquet",
    "twin": "*.csv",
    "manifest": "*/versions/*.json",
    "lock": "*/lock.json",
}
# All that can happen to the manifest, on which everything depends, and something to each of the others.
OF_FILES = [("file", FaultKind.CUT_UPLOAD), ("file", FaultKind.SLOW_DOWN)]
PASSING_CASES = scale(
    [
        *(("manifest", kind) for kind in PASSING),
        *OF_FILES,
        ("twin", FaultKind.RESET),
        ("lock", FaultKind.LOST_ANSWER),
    ],
    long=list(product(OBJECTS, PASSING)),
)
LASTING_CASES = scale(
    [*(("manifest", kind) for kind in LASTING), *OF_FILES], long=list(product(["file", "manifest"], LASTING))
)
UNREADABLE_CASES = scale(
    [("file", FaultKind.CUT_DOWNLOAD), ("manifest", FaultKind.SLOW_DOWN)],
    long=list(product(["file", "manifest"], UNREADABLE)),
)


def write(lake: Lake, version: int, dataset: str = "eod_data") -> None:
    """One commit, as a run of its own."""
    with lake.writing():
        commit(lake, dataset, version)


def said_by(error: TTError) -> str:
    """All that a user is told."""
    return f"{error.message} {error.hint}"


def assert_told_well(error: TTError, store: Store) -> None:
    """One line that names the place, and no secret."""
    assert store.bucket in error.message
    assert "\n" not in said_by(error)
    assert SECRET not in said_by(error)
    assert len(error.message) < 300


def after_recovery(store: Store) -> Lake:
    """The lake as the next writer leaves it, once a lock that could not be given back has run out."""
    store.server.calm()
    store.let_locks_expire()
    other = store.lake()
    with other.writing():
        pass
    assert_in_order(store, other)
    return other


@pytest.mark.parametrize(("what", "kind"), PASSING_CASES)
def test_what_fails_twice_is_tried_again(lake: Lake, store: Store, what: str, kind: FaultKind) -> None:
    """A commit notices nothing of it, whichever object it is."""
    write(lake, 1)
    with store.script(Fault(kind=kind, methods="PUT", key=OBJECTS[what], times=2)) as fault:
        write(lake, 2)
    # Of a write on a condition the answer to which was lost it is asked whether it was made.
    assert fault.struck == (1 if what == "manifest" and kind is FaultKind.LOST_ANSWER else 2)
    assert seen(store.lake(), "eod_data") == 2
    with lake.writing() as told:
        assert told == []
    assert_in_order(store, lake)


def test_a_slow_store_is_waited_for(lake: Lake, store: Store) -> None:
    """Each request a little late."""
    with store.script(Fault(kind=FaultKind.HELD, seconds=0.05)):
        write(lake, 1, "quotes")
        assert seen(lake, "quotes") == 1


@pytest.mark.parametrize(("what", "kind"), LASTING_CASES)
def test_what_fails_for_ever_is_given_up(lake: Lake, store: Store, what: str, kind: FaultKind) -> None:
    """The version before stands, and the error says that it may go well later."""
    write(lake, 1)
    # What is held arrives when nobody waits for it any more: then it may be made, but as a whole.
    possible = {1, 2} if (what, kind) == ("manifest", FaultKind.HELD) else {1}
    with (
        impatience(),
        store.script(Fault(kind=kind, methods="PUT", key=OBJECTS[what])),
        pytest.raises(WriteError) as caught,
    ):
        write(lake, 2)
    assert caught.value.retryable
    assert_told_well(caught.value, store)
    assert seen(store.lake(), "eod_data") in possible
    assert seen(after_recovery(store), "eod_data") in possible
    write(lake, 3)
    assert seen(lake, "eod_data") == 3


def test_a_commit_whose_answers_are_all_lost_is_made_or_not(lake: Lake, store: Store) -> None:
    """Nobody can know; a reader sees one of the versions, whole."""
    write(lake, 1)
    lost = Fault(kind=FaultKind.LOST_ANSWER, methods="PUT", key=OBJECTS["manifest"])
    with impatience(), store.script(lost):
        try:
            write(lake, 2)
        except WriteError as error:
            assert error.retryable  # noqa: PT017 - it may also find that it was made
    assert seen(store.lake(), "eod_data") in {1, 2}
    after_recovery(store)


@pytest.mark.parametrize("kind", [FaultKind.SLOW_DOWN, FaultKind.RESET, FaultKind.HELD])
def test_a_lock_that_cannot_be_asked_for_is_no_lock_of_another(
    lake: Lake, store: Store, kind: FaultKind
) -> None:
    """Waiting for somebody to end would not help."""
    with (
        impatience(),
        store.script(Fault(kind=kind, key="*/lock.json")),
        pytest.raises(StorageError) as caught,
    ):
        write(lake, 1)
    assert not isinstance(caught.value, LockedError)
    assert caught.value.retryable
    assert_told_well(caught.value, store)


@pytest.mark.parametrize("what", OBJECTS)
def test_who_may_not_write_is_told_which_variables_say_who_asks(lake: Lake, store: Store, what: str) -> None:
    """At once, and without a word of what is in them."""
    write(lake, 1)
    with (
        store.script(Fault(kind=FaultKind.DENIED, methods="PUT", key=OBJECTS[what])),
        pytest.raises(StorageError, match="refuses access") as caught,
    ):
        write(lake, 2)
    assert not isinstance(caught.value, LockedError)
    assert "AWS_SECRET_ACCESS_KEY" in said_by(caught.value)
    assert "an-access-key" not in said_by(caught.value)
    assert_told_well(caught.value, store)
    assert seen(store.lake(), "eod_data") == 1
    after_recovery(store)


def test_who_may_not_read_either_is_not_told_that_nothing_is_there(lake: Lake, store: Store) -> None:
    """Nobody knows: nothing is taken for empty."""
    write(lake, 1)
    with store.script(Fault(kind=FaultKind.DENIED)):
        with pytest.raises(StorageError, match="refuses access"):
            lake.stored("eod_data")
        with pytest.raises(StorageError, match="refuses access") as caught:
            lake.read("eod_data")
        with pytest.raises(StorageError, match="refuses access"):
            write(lake, 2)
    assert not isinstance(caught.value, CorruptFileError)
    assert seen(lake, "eod_data") == 1


@pytest.mark.parametrize(("what", "kind"), UNREADABLE_CASES)
def test_what_cannot_be_read_now_is_neither_damaged_nor_absent(
    lake: Lake, store: Store, what: str, kind: FaultKind
) -> None:
    """A reader is told to try later; a writer puts nothing aside and takes nothing for new."""
    write(lake, 1)
    with impatience(), store.script(Fault(kind=kind, methods="GET", key=OBJECTS[what])):
        with pytest.raises(StorageError) as caught:
            lake.read("eod_data")
        assert not isinstance(caught.value, CorruptFileError)
        assert caught.value.retryable
        assert_told_well(caught.value, store)
        version = 1
        try:
            write(lake, 2)
            version = 2  # it needs not read the files that it replaces
        except StorageError as error:
            assert error.retryable  # noqa: PT017 - as an error it is of this kind
    assert what == "file" or version == 1
    assert seen(store.lake(), "eod_data") == version
    assert [name for name in store.names() if "quarantine" in name] == []
    after_recovery(store)


def test_a_bucket_that_is_not_there_is_named(store: Store) -> None:
    """When it is read, and when it is written."""
    lake = Lake(ObjectPath("s3", "no-such-bucket", "lake"), environment=Environment.SANDBOX)
    with pytest.raises(StorageError, match="there is no bucket no-such-bucket"):
        lake.read("quotes")
    with pytest.raises(TTError, match="there is no bucket no-such-bucket"), lake.writing():
        pass
    assert store.names() == []


def test_a_server_that_is_gone_is_said_to_be(
    lake: Lake, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens there any more."""
    write(lake, 1, "quotes")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    for use in (lambda: lake.read("quotes"), lambda: write(lake, 2, "quotes")):
        with impatience(), pytest.raises(StorageError, match="cannot be reached") as caught:
            use()
        assert caught.value.retryable
        assert "AWS_ENDPOINT_URL" in said_by(caught.value)
        assert SECRET not in said_by(caught.value)


def test_without_credentials_it_is_said_how_to_give_them(
    lake: Lake, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within seconds: no service of a cloud machine is waited for."""
    for name in [name for name in os.environ if name.startswith("AWS_") and "KEY" in name]:
        monkeypatch.delenv(name)
    # What stands in for the service of a cloud machine that gives credentials: nobody.
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(StorageError) as caught:
        lake.read("quotes")
    assert "AWS_ACCESS_KEY_ID" in said_by(caught.value)


@pytest.mark.parametrize("uploads", [0, 1, 2])
def test_a_commit_is_given_up_between_two_files(lake: Lake, store: Store, uploads: int) -> None:
    """Then nothing has happened, and nothing stays."""
    write(lake, 1)
    store.server.forget_requests()

    def is_giving_up() -> bool:
        return len([name for name in store.asked("PUT") if name.endswith(".parquet")]) >= uploads

    with lake.writing(), pytest.raises(WriteError, match="given up"):
        lake.commit(
            DATASETS["eod_data"],
            prepared("eod_data", 2),
            inputs={},
            collected_at=START,
            is_giving_up=is_giving_up,
        )
    assert [name for name in store.asked("PUT") if "versions/" in name] == []
    assert seen(lake, "eod_data") == 1
    with lake.writing():
        pass
    assert_in_order(store, lake)


def test_what_is_thrown_never_holds_a_secret(lake: Lake, store: Store) -> None:
    """Not in the text, nor in what caused it."""
    for kind in (FaultKind.DENIED, FaultKind.SLOW_DOWN):
        with store.script(Fault(kind=kind, key=LOCK)), pytest.MonkeyPatch.context() as patched:
            from ttapi_polars import object_stores

            patched.setattr(object_stores, "PATIENCE_SECONDS", 0.2)
            with pytest.raises(StorageError) as caught:
                write(lake, 1)
        error: BaseException | None = caught.value
        while error is not None:
            assert SECRET not in repr(error)
            assert not re.search(r"Signature=\w", repr(error))
            error = error.__cause__ or error.__context__
