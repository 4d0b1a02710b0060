# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the object server: it answers as S3 does, and goes wrong as it is told."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from textwrap import dedent
from threading import Barrier
from typing import TYPE_CHECKING

import obstore
import pytest
from obstore.exceptions import (
    AlreadyExistsError,
    GenericError,
    PermissionDeniedError,
    PreconditionError,
)
from obstore.store import from_url

from ttapi_core.errors import ConfigError
from ttapi_polars.object_server import Fault, FaultKind, ObjectServer

if TYPE_CHECKING:
    from obstore.store import ObjectStore

CONTENT = b"x" * 100_000


@pytest.fixture
def store(s3_root: str) -> ObjectStore:
    """A client that does not try again."""
    return from_url(s3_root, retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=5)})


def get(store: ObjectStore, key: str) -> bytes:
    """The content of an object."""
    return bytes(obstore.get(store, key).bytes())


def test_objects_come_back_and_requests_are_listed(
    object_server: ObjectServer, store: ObjectStore, bucket: str
) -> None:
    """Whatever letters are in the key."""
    obstore.put(store, "eod_data/a+b é&.csv", CONTENT)
    assert get(store, "eod_data/a+b é&.csv") == CONTENT
    key = "my läke/eod_data/a+b é&.csv"
    assert [(asked.method, asked.bucket, asked.key, asked.status) for asked in object_server.requests()] == [
        ("PUT", bucket, key, 200),
        ("GET", bucket, key, 200),
    ]
    assert [asked.is_change for asked in object_server.requests()] == [True, False]
    assert object_server.keys(bucket) == [key]
    assert object_server.get(bucket, key) == CONTENT
    object_server.delete(bucket, key)
    object_server.put(bucket, "other", b"y")
    assert object_server.keys(bucket) == ["other"]
    assert len(object_server.requests()) == 2


def test_a_large_object_is_stored_in_parts(
    object_server: ObjectServer, store: ObjectStore, bucket: str
) -> None:
    """As clients do on their own from some size on."""
    content = b"0123456789" * 1_300_000
    obstore.put(store, "large", content, use_multipart=True, chunk_size=6 * 1024 * 1024)
    assert object_server.get(bucket, "my läke/large") == content
    assert [asked.query.split("=")[0] for asked in object_server.requests() if asked.method == "PUT"] == [
        "partNumber"
    ] * 3


def test_an_object_is_created_once_and_replaced_only_as_it_was_seen(
    object_server: ObjectServer, store: ObjectStore
) -> None:
    """By If-None-Match and If-Match."""
    first = obstore.put(store, "k", b"1", mode="create")
    with pytest.raises(AlreadyExistsError):
        obstore.put(store, "k", b"2", mode="create")
    obstore.put(store, "k", b"3", mode={"e_tag": first["e_tag"]})
    with pytest.raises(PreconditionError):
        obstore.put(store, "k", b"4", mode={"e_tag": first["e_tag"]})
    assert get(store, "k") == b"3"
    assert [asked.condition for asked in object_server.requests()] == [
        "If-None-Match *",
        "If-None-Match *",
        f"If-Match {first['e_tag']}",
        f"If-Match {first['e_tag']}",
        "",
    ]


@pytest.mark.parametrize("round_number", range(5))
def test_of_many_writers_at_once_one_wins(store: ObjectStore, round_number: int) -> None:
    """However close they come."""
    seen = obstore.put(store, "k", b"before")
    together = Barrier(8)

    def replace(number: int) -> bool:
        together.wait()
        try:
            obstore.put(store, "k", f"{number}".encode(), mode={"e_tag": seen["e_tag"]})
        except PreconditionError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(replace, range(8)))
    assert sum(won) == 1
    assert get(store, "k") == f"{won.index(True)}".encode()


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [
        (FaultKind.SLOW_DOWN, "503.*SlowDown"),
        (FaultKind.INTERNAL_ERROR, "500.*InternalError"),
        (FaultKind.DENIED, "403.*AccessDenied"),
        (FaultKind.CUT_UPLOAD, "error sending request"),
        (FaultKind.RESET, "error sending request"),
    ],
)
def test_what_is_refused_or_cut_is_not_stored(
    object_server: ObjectServer, store: ObjectStore, bucket: str, kind: FaultKind, refusal: str
) -> None:
    """It says why, or nothing; the next request is served."""
    error = PermissionDeniedError if kind is FaultKind.DENIED else GenericError
    with (
        object_server.script(Fault(kind=kind, methods="PUT", key="*/k", times=1)) as fault,
        pytest.raises(error, match=rf"(?s){refusal}"),
    ):
        obstore.put(store, "k", CONTENT)
    assert fault.struck == 1
    assert object_server.keys(bucket) == []
    obstore.put(store, "k", CONTENT)
    assert get(store, "k") == CONTENT


def test_an_answer_may_be_lost_though_it_was_done(
    object_server: ObjectServer, store: ObjectStore, bucket: str
) -> None:
    """Which the client cannot tell from a request that never arrived."""
    with (
        object_server.script(Fault(kind=FaultKind.LOST_ANSWER, times=1)),
        pytest.raises(GenericError, match="error sending request"),
    ):
        obstore.put(store, "k", CONTENT)
    assert object_server.keys(bucket) == ["my läke/k"]
    assert [asked.status for asked in object_server.requests()] == [None]


def test_an_answer_may_be_cut(object_server: ObjectServer, store: ObjectStore) -> None:
    """In its middle, or after so many bytes."""
    obstore.put(store, "k", CONTENT)
    for after_bytes in (None, 10):
        with (
            object_server.script(Fault(kind=FaultKind.CUT_DOWNLOAD, times=1, after_bytes=after_bytes)),
            pytest.raises(GenericError, match="request or response body error"),
        ):
            get(store, "k")


def test_a_request_is_held_until_it_is_let_go(object_server: ObjectServer, store: ObjectStore) -> None:
    """And then meets with what else was scripted."""
    obstore.put(store, "k", b"1")
    with ThreadPoolExecutor(1) as threads:
        refused = object_server.script(Fault(kind=FaultKind.DENIED, methods="GET"))
        with object_server.script(Fault(kind=FaultKind.HELD, methods="GET")) as held:
            answer = threads.submit(get, store, "k")
            assert held.wait() == 1
            assert not answer.done()
        with pytest.raises(PermissionDeniedError):
            answer.result()
        assert refused.struck == 1
    with object_server.script(Fault(kind=FaultKind.HELD, methods="HEAD", seconds=0.01)):
        assert obstore.head(store, "k")["size"] == 1


def test_faults_strike_only_what_they_are_about(
    object_server: ObjectServer, store: ObjectStore, bucket: str
) -> None:
    """By method, key and bucket; after some that pass, and so many times."""
    others = Fault(kind=FaultKind.DENIED, bucket="another-bucket"), Fault(kind=FaultKind.DENIED, key="k")
    for other in others:
        object_server.script(other)
    fault = object_server.script(
        Fault(kind=FaultKind.DENIED, methods="PUT DELETE", bucket=bucket, key="*/k?", skip=1, times=2)
    )
    obstore.put(store, "k", b"1")
    obstore.put(store, "k1", b"1")
    for attempt in range(2):
        with pytest.raises(PermissionDeniedError):
            obstore.put(store, "k2", f"{attempt}".encode())
    obstore.put(store, "k2", b"2")
    assert get(store, "k2") == b"2"
    assert fault.struck == 2


def test_time_can_be_let_pass(object_server: ObjectServer, store: ObjectStore) -> None:
    """What was written before keeps its time."""
    obstore.put(store, "before", b"1")
    object_server.let_time_pass(3600)
    obstore.put(store, "after", b"2")
    before, after = (obstore.head(store, key)["last_modified"] for key in ("before", "after"))
    assert timedelta(seconds=3600) <= after - before <= timedelta(seconds=3660)
    assert obstore.get(store, "after").meta["last_modified"] == after


def test_it_ends_with_the_process_that_started_it() -> None:
    """Even when that is killed: the pipe that it reads from ends, and with it those that it holds."""
    code = """
        from ttapi_polars.object_server import ObjectServer
        with ObjectServer() as server:
            print(server.url, flush=True)
            input()
    """
    with subprocess.Popen(
        [sys.executable, "-P", "-c", dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline().startswith(b"http://127.0.0.1:")
        child.kill()
        assert child.stderr.read() == b""  # at its end: nobody has it any more


def test_what_keeps_it_from_starting_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """As no interpreter would."""
    monkeypatch.setattr(sys, "executable", "/bin/true")
    with pytest.raises(ConfigError, match="ended before it was ready"), ObjectServer():
        pass
