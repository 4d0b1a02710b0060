# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The same lake collected into a directory and into an object store: the same files, and the same answers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import attrs
import pytest
from polars.testing import assert_frame_equal

from test_ttapi_platform.integration.few_names import small_world
from test_ttapi_platform.integration.test_incremental import SMALL, ClockOf
from test_ttapi_platform.object_store.stores import OF_THE_LOCK, Store, fresh_store
from ttapi_client.sandbox import SandboxServer
from ttapi_client.sandbox.world.market_clock import MarketClock
from ttapi_core import Settings
from ttapi_core.clock import SystemClock
from ttapi_core.object_paths import ObjectPath
from ttapi_platform import Platform, analyses, lake_parts
from ttapi_platform.freshness import Stored
from ttapi_platform.market_overview import market_overview
from ttapi_platform.queries import query
from ttapi_polars.lakes import scan
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from ttapi_core.object_paths import DataPath
    from ttapi_polars.object_server import ObjectServer

MONDAY = datetime(2026, 11, 30, 22, 0, tzinfo=UTC)  # an hour after the close
DAY = timedelta(days=1)
SYMBOLS = ("AAPL", "BRK/B", "KO", "SPY")


@attrs.frozen
class Market:
    """A sandbox whose market stands still until it is stepped."""

    url: str
    clock: MarketClock

    def platform(self, data_dir: DataPath) -> Platform:
        """The platform over a lake of it."""
        settings = Settings(data_dir=data_dir, api_url=self.url, history_years=1, retry_attempts=1)
        return Platform(settings, symbols=SYMBOLS, clock=ClockOf(self.clock))


@attrs.frozen
class Both:
    """Two platforms, and what lies below each."""

    local: Platform
    remote: Platform
    folder: Path
    store: Store


@pytest.fixture(scope="module")
def both(object_server: ObjectServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """A lake in a directory and one in an object store, of one market at one instant, in many parts."""
    folder = tmp_path_factory.mktemp("lake")

    async def collected(store: Store) -> Both:
        market = MarketClock(SystemClock(), start=MONDAY, speed=0)
        async with SandboxServer(small_world(SYMBOLS, clock=market)) as server:
            here = Market(server.url, market)
            local, remote = here.platform(folder), here.platform(ObjectPath.parse(store.root))
            for platform in (local, remote):
                summary = await platform.collect()
                assert [result.error for result in summary.results if result.error] == []
            return Both(local, remote, folder, store)

    with fresh_store(object_server) as store, pytest.MonkeyPatch.context() as patched:
        patched.setattr(lake_parts, "LIMITS", SMALL)
        yield asyncio.run(collected(store))


@pytest.mark.parametrize("dataset", SCHEMAS)
def test_every_dataset_has_the_same_state_and_the_same_rows(both: Both, dataset: str) -> None:
    """Fingerprints, inputs, parameters, and each row in its place."""
    stored = both.local.lake.stored(dataset)
    assert isinstance(stored, Stored)
    assert both.remote.lake.stored(dataset) == stored
    rows = both.local.lake.read(dataset)
    assert_frame_equal(both.remote.lake.read(dataset), rows)
    assert_frame_equal(both.remote.lake.scan(dataset).collect(), both.local.lake.scan(dataset).collect())
    assert_frame_equal(scan(dataset, f"{both.store.root}/sandbox").collect(), rows)


def test_the_files_are_the_same_byte_for_byte(both: Both) -> None:
    """Parquet and CSV: what is in a store can be copied to a disk and read there."""
    local = {
        path.name if path.parent.name == "sandbox" else f"{path.parent.name}/{path.name}": path.read_bytes()
        for kind in ("parquet", "csv")
        for path in (both.folder / "sandbox").rglob(f"*.{kind}")
    }
    remote: dict[str, bytes] = {}
    for dataset in SCHEMAS:
        version = both.remote.lake.version(dataset)
        assert version is not None
        for pair in version.pairs.values():
            for path in (pair.parquet, pair.csv):
                assert isinstance(path, ObjectPath)
                name = f"{dataset}/{path.name}" if dataset == "eod_data" else path.name
                remote[name] = both.store.server.get(path.bucket, path.key)
    assert len([name for name in local if name.startswith("eod_data/")]) > 2
    assert remote.keys() == local.keys()
    assert [name for name in local if local[name] != remote[name]] == []


def test_analyses_and_queries_give_the_same_answers(both: Both) -> None:
    """Over one dataset and over several."""
    local, remote = both.local.lake, both.remote.lake
    assert_frame_equal(analyses.volatility(remote), analyses.volatility(local))
    assert analyses.volatility(remote).height == len(SYMBOLS)
    assert_frame_equal(
        analyses.summary(remote, symbols=["KO", "AAPL"], benchmark="SPY"),
        analyses.summary(local, symbols=["KO", "AAPL"], benchmark="SPY"),
    )
    assert_frame_equal(
        analyses.recent_candles(remote, "BRK/B", days=5), analyses.recent_candles(local, "BRK/B", days=5)
    )
    assert_frame_equal(market_overview(remote), market_overview(local))
    sql = """
        select e.symbol, q.last, avg(e.close) as mean from eod_data e join quotes q using (symbol)
        group by e.symbol, q.last order by e.symbol
    """
    assert query(remote, sql).height == len(SYMBOLS)
    assert_frame_equal(query(remote, sql), query(local, sql))


def test_status_plans_and_verification_agree(both: Both) -> None:
    """All is fresh, nothing is planned, nothing is wrong."""
    assert both.remote.status() == both.local.status()
    assert both.remote.plan() == both.local.plan()
    assert both.remote.verify() == both.local.verify() == ()


def test_what_is_stored_of_a_dataset_costs_one_request(both: Both) -> None:
    """No footer is read, no object listed."""
    both.store.server.forget_requests()
    for dataset in SCHEMAS:
        both.remote.lake.stored(dataset)
    asked = both.store.requests()
    assert {each.method for each in asked} == {"GET"}
    assert sorted(both.store.asked("GET")) == sorted(f".ttapi/versions/{name}.json" for name in SCHEMAS)


def test_status_costs_little_more_than_one_request_a_dataset(both: Both) -> None:
    """What comes on top are the records of the last runs."""
    both.store.server.forget_requests()
    both.remote.status()
    asked = both.store.asked("GET HEAD")
    manifests = [name for name in asked if "versions/" in name]
    assert sorted(manifests) == sorted(
        f".ttapi/versions/{dataset.name}.json" for dataset in both.remote.registry
    )
    assert len(asked) - len(manifests) <= 3
    assert both.store.requests("PUT POST DELETE") == []


def test_only_what_was_collected_lies_in_the_store(both: Both) -> None:
    """Parts with their twins, a manifest a dataset, a record of the run; no token, nothing elsewhere."""
    names = both.store.names()
    manifests = {f".ttapi/versions/{name}.json" for name in SCHEMAS}
    others = [name for name in names if name.startswith(".ttapi/") and name not in manifests | OF_THE_LOCK]
    assert manifests <= set(names)
    assert [name.rpartition("/")[0] for name in others] == [".ttapi/runs"]
    assert [name for name in names if "token" in name] == []
    assert len(both.store.server.keys(both.store.bucket)) == len(names)


@attrs.define
class Desk:
    """A market, and one lake of it in a store."""

    market: Market
    store: Store

    def platform(self) -> Platform:
        """A platform that knows nothing but what is stored."""
        return self.market.platform(ObjectPath.parse(self.store.root))

    async def written_by_an_update(self, step: timedelta) -> set[str]:
        """Let time go on and collect the candles; which of their parts were sent."""
        self.market.clock.step(step.total_seconds())
        self.store.server.forget_requests()
        summary = await self.platform().collect(only=["eod_data"])
        assert [result.error for result in summary.results if result.error] == []
        sent = [name for name in self.store.asked("PUT POST") if name.startswith("eod_data/")]
        parts = {name.rpartition("/")[2].partition(".")[0] for name in sent}
        assert len(sent) == 2 * len(parts)  # each once, with its twin
        assert self.store.asked("PUT").count(".ttapi/versions/eod_data.json") == 1
        return parts


@pytest.fixture
async def desk(store: Store, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """On a Monday evening."""
    monkeypatch.setattr(lake_parts, "LIMITS", SMALL)
    clock = MarketClock(SystemClock(), start=MONDAY, speed=0)
    async with SandboxServer(small_world(SYMBOLS, clock=clock)) as server:
        yield Desk(Market(server.url, clock), store)


async def test_an_update_sends_what_has_changed_and_nothing_else(desk: Desk, tmp_path: Path) -> None:
    """The recent days; of the first update also the range that has been the head."""
    whole = await desk.written_by_an_update(0 * DAY)
    assert whole == {"range-000", "range-001"}
    assert await desk.written_by_an_update(DAY) <= {"range-001", "recent"}
    assert await desk.written_by_an_update(DAY) == {"recent"}
    anew = desk.market.platform(tmp_path)
    await anew.collect(only=["eod_data"])
    columns = [name for name in anew.lake.read("eod_data").columns if name != "split_factor"]
    since = anew.lake.read("eod_data")["date"].min()
    expected = anew.lake.read("eod_data").select(columns).sort("symbol", "date")
    rows = desk.platform().lake.read("eod_data").select(columns).sort("symbol", "date")
    assert_frame_equal(rows.filter(rows["date"] >= since), expected)
    assert desk.platform().verify() == ()


async def test_what_is_fresh_is_not_collected_again(desk: Desk) -> None:
    """No lock is taken, and nothing is written."""
    await desk.platform().collect()
    desk.store.server.forget_requests()
    summary = await desk.platform().collect()
    assert {result.status.value for result in summary.results} == {"hit"}
    changed = [name for name in desk.store.asked("PUT POST DELETE") if not name.startswith(".ttapi/runs")]
    assert changed == []


async def test_an_older_version_but_one_is_removed_by_the_next_commit(desk: Desk) -> None:
    """At any time there is the current version, and the one before for who still reads it."""
    await desk.platform().collect(only=["eod_data"])
    for _ in range(3):
        await desk.written_by_an_update(DAY)
    recent = [name for name in desk.store.files_of("eod_data") if name.endswith("recent.parquet")]
    assert len(recent) == 2
