# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R29: what changed rebuilds exactly what is built from it; what is the same again rebuilds nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import attrs
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis.strategies import composite, sampled_from
from scale import scale

from test_ttapi_platform.property.driven_lake import DrivenLake
from test_ttapi_platform.property.small_world import dataset_of, graphs
from ttapi_client.sandbox import SandboxServer, World
from ttapi_core import Settings, TtlConfig
from ttapi_core.clock import SystemClock
from ttapi_platform import Platform
from ttapi_platform.freshness import Fresh
from ttapi_platform.prepared import prepare
from ttapi_platform.run_summary import DatasetStatus
from ttapi_platform.verification import FindingKind
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn

    from ttapi_platform.datasets import Dataset
    from ttapi_platform.lake import Lake

LONG: Final = timedelta(days=100)


@composite
def changes(draw: DrawFn) -> tuple[list[Dataset], str]:
    """A graph of datasets, and one of them."""
    graph = draw(graphs())
    return graph, draw(sampled_from(graph)).name


def dependants(graph: list[Dataset], changed: str) -> set[str]:
    """All that are built from it, directly or not: the paths of the graph, walked one by one."""
    above = {each.name for each in graph if changed in each.depends_on}
    return above.union(*(dependants(graph, name) for name in above))


async def rebuilt(driven: DrivenLake, graph: list[Dataset], expired: str) -> set[str]:
    """What a run collects when one dataset has expired and no other has."""
    ttls = {expired: timedelta(0)}
    ran = await driven.run([attrs.evolve(each, ttl=ttls.get(each.name, LONG)) for each in graph])
    return set(ran.collections.begun)


@pytest.mark.promise("R29")
def test_a_change_rebuilds_exactly_the_dependants(record_property: Callable[[str, object], None]) -> None:
    """Over random graphs; all of them are told apart by sums that no change leaves the same."""
    seen = Counter[str]()

    async def change_one(directory: Path, graph: list[Dataset], name: str) -> None:
        driven = DrivenLake(directory)
        driven.world.modulus = 10**9
        driven.world.numbers = {each.name: {"A": 1} for each in graph}
        await driven.run(graph)
        assert await rebuilt(driven, graph, name) == {name}, "fetched again and the same"
        driven.world.numbers[name] = {"A": 2}
        above = dependants(graph, name)
        assert await rebuilt(driven, graph, name) == {name} | above
        seen.update(graphs=1, dependants=len(above), others=len(graph) - 1 - len(above))

    @given(changes())
    @settings(max_examples=scale(20, long=1_000))
    def compare(drawn: tuple[list[Dataset], str]) -> None:
        with TemporaryDirectory() as directory:
            asyncio.run(change_one(Path(directory), *drawn))

    compare()
    assert min(seen["dependants"], seen["others"]) > 0
    record_property(
        "promise",
        f"R29: in {seen['graphs']:,} random graphs one dataset changed: its {seen['dependants']:,} "
        f"dependants rebuilt, {seen['others']:,} others untouched; fetched again unchanged: 0 rebuilt",
    )


def of_calendar(*, expired: bool) -> TtlConfig:
    """Nothing expires, but for the calendar."""
    return TtlConfig(
        accounts=LONG,
        symbols=LONG,
        trading_days=timedelta(0) if expired else LONG,
        quotes=LONG,
        eod_data=LONG,
        expiration_series=LONG,
    )


def expiring_in(lake: Lake, days: int) -> dict[tuple[object, ...], int]:
    """Trading days to each expiration that is so many days away or more."""
    series = lake.read("expiration_series").filter(pl.col("days_to_expiration") >= days)
    key = SCHEMAS["expiration_series"].key
    return dict(zip(series.select(key).rows(), series["trading_days_to_expiration"], strict=True))


@pytest.mark.promise("R29")
@pytest.mark.parametrize(("days", "expected"), [(-30, "strays"), (10, "distances")])
async def test_one_changed_holiday_rebuilds_expirations_and_candles_alone(
    days: int, expected: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """A day that was first said to be closed is open: whoever counts trading days is built again."""
    async with SandboxServer(World.seeded()) as server:

        def platform(*, expired: bool) -> Platform:
            settings = Settings(
                data_dir=tmp_path, api_url=server.url, history_years=1, ttl=of_calendar(expired=expired)
            )
            return Platform(settings, symbols=["AAPL", "KO", "SPY"])

        first = platform(expired=False)
        await first.collect(only=["trading_days"])
        calendar = first.lake.read("trading_days")
        holiday = calendar.filter(pl.col("date") >= SystemClock().now().date() + timedelta(days=days))[
            "date"
        ][0]
        with first.lake.writing():
            first.lake.commit(
                first.registry["trading_days"],
                prepare("trading_days", calendar.filter(pl.col("date") != holiday)),
                inputs={},
                collected_at=SystemClock().now(),
            )
        await first.collect()
        assert all(isinstance(state.verdict, Fresh) for state in first.status())
        distances = expiring_in(first.lake, days + 7)
        strays = {finding.days for finding in first.verify() if finding.kind is FindingKind.STRAYS}
        assert strays == ({(holiday,)} if expected == "strays" else set())

        summary = await platform(expired=True).collect()
    left = {result.dataset: result.status for result in summary.results}
    assert left == {
        "accounts": DatasetStatus.HIT,
        "symbols": DatasetStatus.HIT,
        "quotes": DatasetStatus.HIT,
        "trading_days": DatasetStatus.COLLECTED,
        "eod_data": DatasetStatus.COLLECTED,
        "expiration_series": DatasetStatus.COLLECTED,
    }
    assert first.lake.read("trading_days").equals(calendar)
    assert first.verify() == ()
    more = 1 if expected == "distances" else 0
    assert distances
    assert expiring_in(first.lake, days + 7) == {key: count + more for key, count in distances.items()}
    collected = [name for name, status in left.items() if status is DatasetStatus.COLLECTED]
    record_property(
        "promise",
        f"R29: a holiday {abs(days)} days {'ahead' if days > 0 else 'ago'} changed: collected were "
        f"{', '.join(sorted(collected))}, and nothing else",
    )


@pytest.mark.promise("R29")
async def test_what_is_built_from_an_updated_dataset_is_built_from_its_new_rows(tmp_path: Path) -> None:
    """Also while the writer is busy, and the collector gives only the parts that change."""
    driven = DrivenLake(tmp_path)
    graph = [
        dataset_of("eod_data", ttl=timedelta(0)),
        dataset_of("quotes", ttl=LONG, depends_on=("eod_data",)),
    ]
    driven.updated = {"eod_data"}
    driven.world.numbers = {"eod_data": {"A": 1}, "quotes": {"A": 0}}
    await driven.run(graph)
    driven.world.numbers["eod_data"] = {"A": 2}
    driven.busy_seconds = 0.2
    await driven.run(graph)
    assert driven.lake.read("quotes")["bid"].to_list() == [2.0]
