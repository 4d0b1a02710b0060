# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A bucket as the tests see it from outside: which objects lie there, and what was asked for."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from test_ttapi_platform.crash.versions import DATASETS, open_lake
from ttapi_core.object_paths import ObjectPath
from ttapi_platform.object_store.lease import LEASE_SECONDS
from ttapi_platform.verification import verify
from ttapi_polars import object_stores
from ttapi_polars.lake_manifests import read_manifest
from ttapi_polars.lake_versions import manifest_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_platform.lake import Lake
    from ttapi_polars.object_server import Fault, ObjectServer, Request, ScriptedFault

PREFIX = "my läke"
LOCK = ".ttapi/lock.json"
OF_THE_LOCK = {LOCK, ".ttapi/clock"}  # what the lock and its expiry need; the objects stay


@attrs.frozen
class Store:
    """One bucket of a server; names are those below the lake's own prefix."""

    server: ObjectServer
    bucket: str
    prefix: str = PREFIX

    @property
    def root(self) -> str:
        """What a data directory is set to."""
        return f"s3://{self.bucket}/{self.prefix}"

    @property
    def lake_root(self) -> ObjectPath:
        """Where the sandbox's lake lies."""
        return ObjectPath.parse(self.root) / "sandbox"

    def lake(self) -> Lake:
        """That lake, as another process opens it."""
        return open_lake(self.lake_root)

    def key(self, name: str) -> str:
        """The key of what lies in the sandbox's lake under that name."""
        return f"{self.prefix}/sandbox/{name}"

    def names(self) -> list[str]:
        """The names of all objects of the lake, sorted."""
        above = self.key("")
        return [key.removeprefix(above) for key in self.server.keys(self.bucket, above)]

    def files_of(self, dataset: str) -> list[str]:
        """The names of a dataset's Parquet files and twins, of whatever commit."""
        return [name for name in self.names() if name.startswith(f"{dataset}/")]

    def get(self, name: str) -> bytes:
        """The content of an object."""
        return self.server.get(self.bucket, self.key(name))

    def put(self, name: str, content: bytes) -> None:
        """Write an object behind the back of everybody."""
        self.server.put(self.bucket, self.key(name), content)

    def delete(self, name: str) -> None:
        """Remove an object behind the back of everybody."""
        self.server.delete(self.bucket, self.key(name))

    def get_json(self, name: str) -> dict[str, Any]:
        """The content of an object that is JSON."""
        found: dict[str, Any] = json.loads(self.get(name))
        return found

    def requests(self, methods: str = "GET HEAD PUT POST DELETE") -> list[Request]:
        """The requests about this bucket, of these methods, in their order."""
        asked = self.server.requests()
        return [each for each in asked if each.bucket == self.bucket and each.method in methods.split()]

    def asked(self, methods: str) -> list[str]:
        """As ``requests``, but the names alone."""
        return [each.key.removeprefix(self.key("")) for each in self.requests(methods)]

    def let_locks_expire(self) -> None:
        """Let more time pass, by the store's clock, than the lock of a writer that is gone holds."""
        self.server.let_time_pass(LEASE_SECONDS + 2)

    def script(self, fault: Fault) -> ScriptedFault:
        """Put a fault in force for this bucket; its key is a name."""
        key = fault.key if fault.key.startswith("*") else self.key(fault.key)
        return self.server.script(replace(fault, key=key, bucket=self.bucket))


@contextmanager
def fresh_store(server: ObjectServer) -> Iterator[Store]:
    """A bucket that nobody has used, a server without faults, and an environment that tells of both."""
    with pytest.MonkeyPatch.context() as patched:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patched.delenv(name)
        for name, value in server.environment.items():
            patched.setenv(name, value)
        server.calm()
        yield Store(server, server.new_bucket())
        server.calm()


@contextmanager
def impatience() -> Iterator[None]:
    """Give up after seconds what would be tried again for a minute: while something is meant to fail."""
    with pytest.MonkeyPatch.context() as patched:
        # Thrice as long as an answer may take: on a busy machine one comes late that nothing keeps back.
        patched.setattr(object_stores, "PATIENCE_SECONDS", 3.0)
        patched.setattr(object_stores, "ANSWER_SECONDS", 1.0)
        yield


def assert_in_order(store: Store, lake: Lake, *, has_been_mended: bool = False) -> None:
    """
    Every file is of the current version or the one before and as it was written; nothing else is there.

    Of the version before a lake that was mended, what was wrong is not there any more.
    """
    current, previous = set[str](), set[str]()
    for dataset in DATASETS:
        found = read_manifest(manifest_path(store.lake_root, dataset))
        if found is None:
            continue
        manifest, _ = found
        current.add(f".ttapi/versions/{dataset}.json")
        current |= files_of(dataset, {(stored.commit, part) for part, stored in manifest.parts.items()})
        previous |= files_of(dataset, manifest.named)
    names = set(store.names()) - OF_THE_LOCK
    least = current if has_been_mended else current | previous
    assert least <= names, f"too few: {sorted(least - names)}"
    assert names <= current | previous, f"too many: {sorted(names - current - previous)}"
    assert verify(lake) == ()


def files_of(dataset: str, parts: set[tuple[str, str]]) -> set[str]:
    """The names of the files of parts, each with the commit that wrote it."""
    return {f"{dataset}/{commit}/{part}.{kind}" for commit, part in parts for kind in ("csv", "parquet")}
