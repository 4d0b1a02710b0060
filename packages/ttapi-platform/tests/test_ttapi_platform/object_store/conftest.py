# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""An object store on this machine: one server for the session, a fresh bucket for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from test_ttapi_platform.object_store.stores import Store, fresh_store
from ttapi_polars.object_server import ObjectServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_platform.lake import Lake


@pytest.fixture(scope="session")
def object_server() -> Iterator[ObjectServer]:
    """A server that speaks S3, whose requests and faults the tests can reach."""
    with ObjectServer() as server:
        yield server


@pytest.fixture
def store(object_server: ObjectServer) -> Iterator[Store]:
    """A bucket of this test's own, which the environment gives access to, and a server without faults."""
    with fresh_store(object_server) as fresh:
        yield fresh


@pytest.fixture
def bucket(store: Store) -> str:
    """The name of that bucket."""
    return store.bucket


@pytest.fixture
def s3_root(store: Store) -> str:
    """A prefix in that bucket, with what a URL must not be built from carelessly."""
    return store.root


@pytest.fixture
def lake(store: Store) -> Lake:
    """A lake below that prefix, of which nothing is there yet."""
    return store.lake()
