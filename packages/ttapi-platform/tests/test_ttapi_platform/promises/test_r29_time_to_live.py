# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R29: a dataset is fresh for exactly its time to live, however the clock got there."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers, lists, sampled_from
from scale import scale

from test_ttapi_platform.property.driven_lake import DrivenLake
from test_ttapi_platform.property.small_world import START, dataset_of
from ttapi_core.settings import TtlConfig
from ttapi_platform.freshness import Fresh, Stored, decide
from ttapi_platform.run_summary import DatasetStatus

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOTHING, MOMENT, SECOND = timedelta(0), timedelta(microseconds=1), timedelta(seconds=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TTLS: Final[dict[str, timedelta]] = {each.name: getattr(TtlConfig(), each.name) for each in fields(TtlConfig)}
DETOURS: Final = (NOTHING, HOUR, -HOUR, DAY, -DAY)  # of the wall clock, on the way to an instant


@pytest.mark.promise("R29")
@pytest.mark.parametrize("name", TTLS)
async def test_a_run_collects_at_the_edge_and_not_a_moment_before(
    name: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """A second and a microsecond before it a hit, on it not; after steps of the clock and back, too."""
    driven, runs = DrivenLake(tmp_path), 0
    driven.world.numbers = {name: {"A": 1}}
    graph = [dataset_of(name, ttl=TTLS[name])]

    async def status_at(age: timedelta, *, detour: timedelta) -> DatasetStatus:
        nonlocal runs
        runs += 1
        stored = driven.lake.stored(name)
        assert isinstance(stored, Stored)
        driven.clock.step_wall(detour.total_seconds())
        driven.clock.step_wall((stored.collected_at + age - driven.clock.now()).total_seconds())
        assert driven.clock.now() - stored.collected_at == age
        return (await driven.run(graph)).results[name].status

    await driven.run(graph)
    for detour in DETOURS:
        for left in (DAY, SECOND, MOMENT):
            if left < TTLS[name]:
                assert await status_at(TTLS[name] - left, detour=detour) == DatasetStatus.HIT
        assert await status_at(-HOUR, detour=detour) == DatasetStatus.HIT, "from the future: as if just now"
        for past in (NOTHING, MOMENT, SECOND):
            assert await status_at(TTLS[name] + past, detour=detour) == DatasetStatus.COLLECTED
    record_property("promise", f"R29: the edge of {TTLS[name]} ({name}) exact to 1 µs in {runs} runs")


@pytest.mark.promise("R29")
def test_the_age_alone_decides_however_the_clock_steps(
    record_property: Callable[[str, object], None],
) -> None:
    """Random steps, forwards and backwards, against whole microseconds."""
    decisions = 0
    steps = integers(-(10**6), 10**6) | sampled_from([-(10**10), -1, 0, 1, 10**10])

    @given(ttl=integers(0, 10**6), steps=lists(steps, max_size=30))
    @settings(max_examples=scale(300, long=20_000))
    def compare(ttl: int, steps: list[int]) -> None:
        nonlocal decisions
        dataset = dataset_of("quotes", ttl=ttl * MOMENT)
        stored = Stored(collected_at=START, rows=1, fingerprint="q", inputs={}, parameters=dataset.parameters)
        for age in accumulate(steps, initial=0):
            verdict = decide(dataset, stored, inputs={}, now=START + age * MOMENT)
            assert isinstance(verdict, Fresh) == (max(age, 0) < ttl)
            decisions += 1

    compare()
    record_property("promise", f"R29: {decisions:,} decisions under steps of the clock, 0 off by 1 µs")
