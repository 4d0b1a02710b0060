# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Plans: what is said beforehand is what a run does, and nothing is asked to say it."""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ttapi_core import Settings
from ttapi_core.clock import SystemClock
from ttapi_core.errors import UnknownDatasetError
from ttapi_platform import Platform
from ttapi_platform.lake import Lake
from ttapi_platform.lake_layout import Layout
from ttapi_platform.plans import Extent, Step
from ttapi_platform.run_summary import DatasetStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from test_ttapi_platform.integration.conftest import PlatformFactory, ShiftedClock
    from ttapi_client.sandbox import SandboxServer
    from ttapi_platform.plans import Plan
    from ttapi_platform.run_summary import RunSummary

TODAY = SystemClock().now().date()


def steps(plan: Plan) -> dict[str, Step]:
    """What is to be done about each dataset."""
    return {each.dataset: each.step for each in plan.datasets}


def check_kept(plan: Plan, summary: RunSummary) -> None:
    """The run collected what was planned and nothing else, with as many requests as were promised."""
    collected = {each.dataset for each in summary.results if each.status is not DatasetStatus.HIT}
    named = steps(plan)
    assert {name for name, step in named.items() if step is Step.COLLECT} <= collected
    assert collected <= {name for name, step in named.items() if step is not Step.KEEP}
    assert named.keys() == {each.dataset for each in summary.results}
    assert summary.requests.keys() <= plan.requests.keys()
    for family, expected in plan.requests.items():
        sent = summary.requests.get(family, 0)
        assert expected.least <= sent, family
        assert expected.most is None or sent <= expected.most, family


async def test_every_run_does_what_its_plan_says(
    platform: PlatformFactory, clock: ShiftedClock, sandbox: SandboxServer
) -> None:
    """The first, a fresh one, one after a day, one of a dataset, one that refreshes, one of fewer symbols."""
    runs: list[tuple[float, Collection[str], bool, tuple[str, ...]]] = [
        (0, (), False, ("AAPL", "BRK/B", "SPY")),
        (0, (), False, ("AAPL", "BRK/B", "SPY")),
        (25, (), False, ("AAPL", "BRK/B", "SPY")),
        (0, ("quotes",), False, ("AAPL", "IBM")),
        (0, ("eod_data",), True, ("AAPL", "IBM", "KO")),
        (0, (), True, ("AAPL",)),
    ]
    for hours, only, refresh, symbols in runs:
        clock.shift += timedelta(hours=hours)
        one = platform(symbols=symbols)
        before = dict(sandbox.statistics.requests)
        plan = one.plan(only=only, refresh=refresh)
        assert dict(sandbox.statistics.requests) == before
        check_kept(plan, await one.collect(only=only, refresh=refresh))


async def test_an_empty_lake_is_collected_whole(platform: PlatformFactory, tmp_path: Path) -> None:
    """Symbols are counted, days named, and not even a folder is made."""
    plan = platform().plan()
    assert set(steps(plan).values()) == {Step.COLLECT}
    assert {each.extent for each in plan.datasets} == {Extent.FIRST}
    by_name = {each.dataset: each for each in plan.datasets}
    assert (by_name["eod_data"].items, by_name["quotes"].items) == (10, 10)
    year_ago = TODAY.replace(year=TODAY.year - 1, day=min(TODAY.day, 28))
    first_day = by_name["eod_data"].first_day
    assert first_day is not None
    assert abs((first_day - year_ago).days) <= 3
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - in a coroutine, where Path.iterdir is not liked


async def test_a_plan_needs_no_lock_and_changes_nothing(platform: PlatformFactory) -> None:
    """While another one is writing; what it reads of the lake is as it was."""
    one = platform()
    await one.collect()
    root = one.lake.directory
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    with Lake(root, environment=one.settings.environment).writing():
        plan = one.plan()
    after = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    assert after.keys() - before.keys() <= {Layout(one.lake.directory).lock}
    assert {path: at for path, at in after.items() if path != Layout(one.lake.directory).lock} == {
        path: at for path, at in before.items() if path != Layout(one.lake.directory).lock
    }
    assert set(steps(plan).values()) == {Step.KEEP}
    assert plan.requests == {}


async def test_what_is_built_from_something_due_is_collected_perhaps(
    platform: PlatformFactory, clock: ShiftedClock
) -> None:
    """The run decides, when it has seen whether the other one has changed."""
    await platform().collect()
    clock.shift += timedelta(minutes=1)
    plan = platform(symbols=("AAPL", "KO")).plan()
    found: Mapping[str, Step] = steps(plan)
    assert (found["symbols"], found["quotes"], found["accounts"]) == (Step.COLLECT, Step.PERHAPS, Step.KEEP)
    quotes = next(each for each in plan.datasets if each.dataset == "quotes")
    assert quotes.waits_for == ("symbols",)
    assert plan.requests["market-data/by-type"].least == 0


def test_a_replay_is_planned_without_starting_it(tmp_path: Path) -> None:
    """Its symbols and days are in the recording; what is not known is left open."""
    folder = tmp_path / "candles"
    folder.mkdir()
    (folder / "SPX.csv").write_text(
        "date,open,high,low,close,volume\n2001-09-07,1,1,1,1,1\n", encoding="utf-8"
    )
    plan = Platform(Settings(data_dir=tmp_path / "data"), replay=folder).plan()
    eod_data = next(each for each in plan.datasets if each.dataset == "eod_data")
    assert (eod_data.first_day, eod_data.items) == (None, None)
    first_day = date(2001, 9, 8)
    plan = Platform(Settings(data_dir=tmp_path / "data", since=first_day), replay=folder).plan()
    eod_data = next(each for each in plan.datasets if each.dataset == "eod_data")
    assert eod_data.first_day == first_day


def test_a_dataset_that_is_none_is_refused(platform: PlatformFactory) -> None:
    """As by the run."""
    with pytest.raises(UnknownDatasetError, match="quots"):
        platform().plan(only=["quots"])
