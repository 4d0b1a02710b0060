# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A cluster that is not there, goes away, or does not fit is said to be so, in time and in our words."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from test_ttapi_platform.clusters import dask_processes, work
from ttapi_core.errors import ClusterError, ConfigError
from ttapi_platform.clusters import DaskEngine, connection, dask_engine

if TYPE_CHECKING:
    from pathlib import Path

    from ttapi_platform.lake import Lake


def test_a_scheduler_that_is_killed_in_mid_run_is_an_error_at_once(tmp_path: Path, root: Path) -> None:
    """The lake is as it was, and leaving the block is no trouble."""
    before = sorted(path.name for path in root.rglob("*"))
    with (
        dask_processes.scheduler(tmp_path) as (address, scheduler),
        dask_processes.workers(address, number=1),
        DaskEngine(scheduler=address) as engine,
    ):
        assert engine.each(work.square, [3]) == [9]
        with pytest.raises(ClusterError, match="the scheduler has gone away") as caught:
            engine.each(work.end_process, [scheduler.pid, scheduler.pid])
        assert caught.value.retryable
    assert sorted(path.name for path in root.rglob("*")) == before


def test_workers_with_other_versions_are_refused(tmp_path: Path) -> None:
    """Before anything is sent to them; the message says who has what."""
    said = r"workers have other versions: ttapi-polars [\d.]+ here, 9\.9\.9 on tcp://127\.0\.0\.1:\d+$"
    other = tmp_path / "ttapi_polars-9.9.9.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: ttapi-polars\nVersion: 9.9.9\n")
    with (
        dask_processes.scheduler(tmp_path) as (address, _),
        dask_processes.workers(address, number=1, path=tmp_path),
    ):
        with pytest.raises(ClusterError, match=said) as caught:
            DaskEngine(scheduler=address).__enter__()
        assert not caught.value.retryable


def test_a_cluster_without_workers_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A minute or so is for those that are just being started."""
    monkeypatch.setattr(dask_engine, "WORKERLESS_SECONDS", 0.5)
    with (
        dask_processes.scheduler(tmp_path) as (address, _),
        pytest.raises(ClusterError, match=r"the cluster has had no worker for 0\.5 seconds"),
    ):
        DaskEngine(scheduler=address).__enter__()


def test_when_the_last_worker_has_ended_its_work_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing starts another in its place."""
    with (
        dask_processes.scheduler(tmp_path) as (address, _),
        dask_processes.workers(address, number=1, replaces=False),
        DaskEngine(scheduler=address) as engine,
    ):
        monkeypatch.setattr(dask_engine, "WORKERLESS_SECONDS", 0.5)
        monkeypatch.setattr(dask_engine, "_LOOK_SECONDS", 0.1)
        with pytest.raises(ClusterError, match=r"the cluster has had no worker for 0\.5 seconds"):
            engine.each(work.end_process, [0])


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:1", "127.0.0.1:1", "nonsense", "nonsense://127.0.0.1:1", "tcp://"]
)
def test_a_scheduler_that_does_not_answer_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether nobody is there, or it cannot be an address."""
    monkeypatch.setattr(connection, "CONNECTING_SECONDS", 0.5)
    with pytest.raises(ClusterError, match=f"no scheduler answers at {address}: ") as caught:
        DaskEngine(scheduler=address).__enter__()
    assert caught.value.hint is not None
    assert "dask scheduler" in caught.value.hint


@pytest.mark.parametrize("missing", ["dask", "distributed"])
def test_without_dask_the_extra_is_named(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not installed, as nothing else needs it."""
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ConfigError, match=r"dask\.distributed is not installed") as caught:
        DaskEngine().__enter__()
    assert caught.value.hint == '`pip install "ttapi-onboarding[dask]"`'


def test_outside_of_its_block_an_engine_cannot_be_asked(lake: Lake) -> None:
    """That is a mistake in a program."""
    with pytest.raises(RuntimeError, match="within its with block"):
        DaskEngine().each(work.square, [1])
