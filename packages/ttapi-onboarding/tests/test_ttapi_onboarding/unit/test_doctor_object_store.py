# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the doctor says of an object store: one that keeps conditions, one that does not, one that refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from ttapi_core.errors import StorageError, WriteError
from ttapi_core.object_paths import ObjectPath
from ttapi_core.settings import Settings
from ttapi_onboarding.doctor import object_store
from ttapi_onboarding.doctor.subject import Subject
from ttapi_platform import Platform
from ttapi_platform.object_store.lease import Holder
from ttapi_polars import object_files, object_stores
from ttapi_polars.object_files import StoredObject, Tag

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = ObjectPath("s3", "market", "lakes")
START = datetime(2026, 7, 1, 12, tzinfo=UTC)


class Store:
    """A store in the memory; without conditions it takes what it gets, as some do that imitate S3."""

    def __init__(self, *, keeps_conditions: bool = True) -> None:
        self.objects: dict[ObjectPath, tuple[bytes, StoredObject]] = {}
        self.now = START
        self._keeps_conditions = keeps_conditions
        self._tags = (Tag(f'"{number}"', None) for number in count())

    def read(
        self, path: ObjectPath, *, patience_seconds: float | None = None
    ) -> tuple[bytes, StoredObject] | None:
        """As that of ``object_files``."""
        assert patience_seconds is None or patience_seconds < object_stores.PATIENCE_SECONDS
        return self.objects.get(path)

    def look(self, path: ObjectPath) -> StoredObject | None:
        """As that of ``object_files``."""
        found = self.objects.get(path)
        return None if found is None else found[1]

    def put(self, path: ObjectPath, content: bytes, *, replacing: Tag | None) -> Tag | None:
        """As that of ``object_files``."""
        seen = self.look(path)
        if self._keeps_conditions and replacing != (None if seen is None else seen.tag):
            return None
        tag = next(self._tags)
        self.objects[path] = content, StoredObject(path, len(content), self.now, tag)
        return tag

    def put_anyway(self, path: ObjectPath, content: bytes) -> None:
        """As that of ``object_files``."""
        seen = self.look(path)
        self.put(path, content, replacing=None if seen is None else seen.tag)

    def remove(self, paths: Iterable[ObjectPath]) -> None:
        """As that of ``object_files``."""
        for path in paths:
            self.objects.pop(path, None)


@pytest.fixture
def subject() -> Subject:
    """A lake in a store."""
    return Subject(platform=Platform(Settings(data_dir=ROOT)))


def install(store: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the one that is talked to."""
    for name in ("read", "look", "put", "put_anyway", "remove"):
        monkeypatch.setattr(object_files, name, getattr(store, name))


def test_a_store_that_can_be_read_and_written_is_well(
    subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written to find that out is gone."""
    store = Store()
    install(store, monkeypatch)
    found = list(object_store.store(subject))
    assert [(one.status.value, one.detail) for one in found] == [
        ("ok", f"{ROOT}/sandbox can be reached and read"),
        ("ok", f"{ROOT}/sandbox can be written, and of several writers one wins"),
    ]
    assert store.objects == {}


def test_a_store_without_conditions_is_a_problem(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two writers would not notice each other."""
    store = Store(keeps_conditions=False)
    install(store, monkeypatch)
    _, found = object_store.store(subject)
    assert (found.status.value, found.fix) == (
        "problem",
        "name another place with --data-dir or TTAPI_DATA_DIR",
    )
    assert "two writers would overwrite each other" in found.detail
    assert store.objects == {}


@pytest.mark.parametrize(("what", "before"), [("read", []), ("put", ["ok"])])
def test_a_store_that_refuses_says_what_to_do(
    subject: Subject, monkeypatch: pytest.MonkeyPatch, what: str, before: list[str]
) -> None:
    """At reading, or at writing what may be read."""

    def refuse(path: ObjectPath, *_: object, **__: object) -> None:
        kind = StorageError if what == "read" else WriteError
        raise kind(f"{what}: the store refuses access", path=path, hint="set the variables")

    install(Store(), monkeypatch)
    monkeypatch.setattr(object_files, what, refuse)
    *others, found = object_store.store(subject)
    assert [one.status.value for one in others] == before
    assert (found.status.value, found.detail) == ("problem", f"{what}: the store refuses access")
    assert found.fix == "set the variables"


def test_nobody_is_writing(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no lock."""
    install(Store(), monkeypatch)
    (found,) = object_store.lock(subject)
    assert (found.status.value, found.detail) == ("ok", f"nobody is writing to {ROOT}/sandbox")


@pytest.mark.parametrize(("seconds", "status"), [(29, "warning"), (30, "ok")])
def test_a_writer_is_named_until_its_lock_expires(
    subject: Subject, monkeypatch: pytest.MonkeyPatch, seconds: int, status: str
) -> None:
    """By the store's clock, whatever that of the writer says."""
    store = Store()
    install(store, monkeypatch)
    since = datetime(2031, 1, 1, tzinfo=UTC)
    holder = Holder("4711", "desk", 42, since, since + timedelta(seconds=30), 30.0)
    store.put(ROOT / "sandbox" / ".ttapi" / "lock.json", holder.to_json(), replacing=None)
    store.now += timedelta(seconds=seconds)
    (found,) = object_store.lock(subject)
    assert found.status.value == status
    assert ("process 42 on desk, since 2031-01-01 00:00:00 UTC" in found.detail) is (status == "warning")
