# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""An object store on this machine: one server for the session, a fresh bucket for each test."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ttapi_polars import object_stores
from ttapi_polars.object_server import ObjectServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def object_server() -> Iterator[ObjectServer]:
    """A server that speaks S3, whose requests and faults the tests can reach."""
    with ObjectServer() as server:
        yield server


@pytest.fixture
def bucket(object_server: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket of this test's own, which the environment gives access to, and a server without faults."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in object_server.environment.items():
        monkeypatch.setenv(name, value)
    fresh = object_server.new_bucket()
    object_server.calm()
    yield fresh
    object_server.calm()


@pytest.fixture
def s3_root(bucket: str) -> str:
    """A prefix in that bucket, with what a URL must not be built from carelessly."""
    return f"s3://{bucket}/my läke"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up within a second what would be tried again for a minute."""
    monkeypatch.setattr(object_stores, "PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(object_stores, "ANSWER_SECONDS", 0.5)
