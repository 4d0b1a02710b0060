# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A lake and a cluster for all tests of a module, since one takes seconds to start; each test connects."""

from __future__ import annotations

import asyncio
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING

import pytest
from distributed.utils import offload

from test_ttapi_platform.clusters import dask_processes, ragged_lake
from test_ttapi_platform.object_store.stores import Store, fresh_store
from ttapi_platform.clusters import DaskEngine
from ttapi_platform.clusters.plain_errors import keep_plain
from ttapi_polars.object_server import ObjectServer

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from ttapi_platform.lake import Lake

keep_plain()  # in this process other tests look at what pickles of errors hold


@pytest.fixture(scope="session", autouse=True)
def _lasting() -> None:
    """Dask starts a thread for what takes time, and Python a process that counts things: both are kept."""
    resource_tracker.ensure_running()

    async def begin() -> None:
        await offload(int)

    asyncio.run(begin())


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where candles of 150 symbols lie."""
    root = tmp_path_factory.mktemp("lake") / "sandbox"
    ragged_lake.store(root, ragged_lake.candles(150))
    return root


@pytest.fixture
def lake(root: Path) -> Lake:
    """The lake there."""
    return ragged_lake.lake_at(root)


@pytest.fixture(scope="module")
def store() -> Generator[Store]:
    """A bucket that the environment of this process gives access to, and so that of its workers."""
    with ObjectServer() as server, fresh_store(server) as fresh:
        yield fresh


@pytest.fixture(scope="module")
def address(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """That of a scheduler with two workers, who may read the bucket."""
    assert store.server.url
    with (
        dask_processes.scheduler(tmp_path_factory.mktemp("cluster")) as (address, _),
        dask_processes.workers(address, number=2),
    ):
        yield address


@pytest.fixture
def cluster(address: str) -> Generator[DaskEngine]:
    """An engine that asks them."""
    with DaskEngine(scheduler=address) as engine:
        yield engine
