# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A collected lake, replayed and collected again: the same lake, fingerprint for fingerprint."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from ttapi_client.sandbox import SandboxServer, World
from ttapi_client.sandbox.faults import Fault, FaultKind
from ttapi_client.sandbox.world.market_clock import MarketClock
from ttapi_core import Settings
from ttapi_core.clock import SystemClock
from ttapi_core.errors import ConfigError
from ttapi_core.settings import Environment
from ttapi_platform import Platform, lake_parts
from ttapi_platform.freshness import Stored
from ttapi_platform.lake_parts import Limits
from ttapi_polars.footers import read_footer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from conftest import Command
    from ttapi_platform.run_summary import RunSummary

DATASETS = ("accounts", "symbols", "trading_days", "quotes", "eod_data", "expiration_series")
# Share classes, indexes (which no quote is given for when they are asked for as equities), an illiquid name,
# one listed four days ago and one in the year before, and what everybody knows.
SYMBOLS = ("AAPL", "AMD", "BRK/B", "KO", "QABAT", "QABE", "QALOC", "SPX", "SPY", "TSLA", "VIX", "XERA")
FRIDAY_EVENING = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)


class EarlierClock(SystemClock):
    """The machine's clock with the wall time of another day."""

    def __init__(self, start: datetime) -> None:
        self.ahead = start - super().now()

    def now(self) -> datetime:
        """Wall time of that day."""
        return super().now() + self.ahead


@dataclass(frozen=True)
class Simulation:
    """A sandbox that stands still until it is moved on, and a platform that collects from it into a lake."""

    server: SandboxServer
    market_clock: MarketClock
    clock: EarlierClock
    platform: Platform

    def move_on(self, days: int) -> None:
        """Let both clocks jump ahead."""
        self.market_clock.step(days * 86_400)
        self.clock.ahead += timedelta(days=days)


@asynccontextmanager
async def simulated(data: Path) -> AsyncIterator[Simulation]:
    """One that begins on a Friday evening."""
    market_clock, clock = (
        MarketClock(SystemClock(), start=FRIDAY_EVENING, speed=0),
        EarlierClock(FRIDAY_EVENING),
    )
    async with SandboxServer(World.seeded(clock=market_clock)) as server:
        settings = Settings(data_dir=data, api_url=server.url, history_years=2, retry_attempts=1)
        platform = Platform(settings, symbols=SYMBOLS, clock=clock)
        yield Simulation(server, market_clock, clock, platform)


async def replayed(lake: Path, data: Path, *only: str) -> tuple[Platform, RunSummary]:
    """A lake that was collected from a replay of another one, years later by the clock on the wall."""
    later = EarlierClock(FRIDAY_EVENING + timedelta(days=800))
    platform = Platform(Settings(data_dir=data), replay=lake, clock=later)
    return platform, await platform.collect(only=only)


def fingerprints(platform: Platform) -> dict[str, str]:
    """Of each dataset, as the footers together say, and of each file."""
    found = {name: platform.lake.stored(name) for name in DATASETS}
    stored = {name: each.fingerprint for name, each in found.items() if isinstance(each, Stored)}
    files = sorted(platform.lake.directory.rglob("*.parquet"))
    return stored | {path.name: read_footer(path).fingerprint for path in files}


def statuses(summary: RunSummary) -> Mapping[str, str]:
    """How each dataset ended."""
    return {result.dataset: result.status.value for result in summary.results}


async def test_a_replayed_lake_is_the_same_lake_again(tmp_path: Path) -> None:
    """All six datasets, cell for cell but for when quotes were received; and once more from that lake."""
    async with simulated(tmp_path / "first") as simulation:
        original = simulation.platform
        collected = await original.collect()
    first = fingerprints(original)
    assert set(DATASETS) < set(first)
    assert statuses(collected)["quotes"] == "collected"
    lake = original.lake.directory
    for generation in ("second", "third"):
        platform, summary = await replayed(lake, tmp_path / generation)
        assert fingerprints(platform) == first
        assert statuses(summary) == statuses(collected)
        assert {result.dataset: set(result.missing) for result in summary.results} == {
            result.dataset: set(result.missing) for result in collected.results
        }
        for name in DATASETS:
            before, after = original.lake.read(name), platform.lake.read(name)
            assert after.drop("received_at", strict=False).equals(before.drop("received_at", strict=False))
        lake = platform.lake.directory
    members = original.lake.read("symbols").filter("in_universe")["symbol"].to_list()
    assert members == sorted(SYMBOLS)
    newly_listed = original.lake.read("eod_data").filter(pl.col("symbol") == "QALOC")
    assert newly_listed.height == 5


async def test_candles_in_many_files_come_back_as_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ranges of symbols, and a recent part of one more day; once more collected, none are recent."""
    monkeypatch.setattr(lake_parts, "LIMITS", Limits(rows_of_a_range=600))
    async with simulated(tmp_path / "data") as simulation:
        platform = simulation.platform
        await platform.collect(only=["eod_data"])
        simulation.move_on(days=3)
        await platform.collect(only=["eod_data"])
    files = {path.stem for path in (platform.lake.directory / "eod_data").glob("*.csv")}
    assert files > {"range-000", "range-001", "recent"}
    again, summary = await replayed(platform.lake.directory, tmp_path / "again", "eod_data")
    assert not summary.failed
    assert {path.stem for path in (again.lake.directory / "eod_data").glob("*.csv")} == files - {"recent"}
    before, after = (each.lake.read("eod_data").sort("symbol", "date") for each in (platform, again))
    assert after.equals(before)


async def test_datasets_of_different_ages_come_back_as_they_are(tmp_path: Path) -> None:
    """Two chains of one Friday, the others of the Wednesday after, quotes and candles of a week later."""
    async with simulated(tmp_path / "data") as simulation:
        platform = simulation.platform
        await platform.collect()
        simulation.move_on(days=5)
        for symbol in ("AAPL", "SPY"):
            fault = Fault(route=f"/option-chains/{symbol}/*", kind=FaultKind.STATUS, status=500)
            simulation.server.faults.add(fault)
        partial = await platform.collect(only=["expiration_series"], refresh=True)
        simulation.move_on(days=6)
        # Only these two: what they are built from stays as it is.
        later = await platform.collect(only=["quotes", "accounts"], refresh=True)
    assert partial.results[-1].kept_from_before == 2
    assert not later.failed
    counted_from = pl.col("expiration_date") - pl.duration(days=pl.col("days_to_expiration"))
    days = platform.lake.read("expiration_series").select(counted_from.alias("day"))["day"]
    assert sorted(str(day) for day in days.unique()) == ["2026-11-20", "2026-11-25"]
    again, summary = await replayed(platform.lake.directory, tmp_path / "again")
    assert not summary.failed
    assert fingerprints(again) == fingerprints(platform)


async def test_a_lake_without_some_datasets_gives_the_others_again(tmp_path: Path) -> None:
    """What was not collected is made up around the candles, and marked by nothing but the replay."""
    async with simulated(tmp_path / "data") as simulation:
        platform = simulation.platform
        await platform.collect(only=["eod_data"])
    recorded = fingerprints(platform)
    assert set(recorded) & set(DATASETS) == {"symbols", "trading_days", "eod_data"}
    again, summary = await replayed(platform.lake.directory, tmp_path / "again")
    assert not summary.failed
    assert {name: fingerprints(again)[name] for name in recorded} == recorded
    assert again.lake.read("accounts")["account_number"].str.starts_with("SBX").all()
    only, _ = await replayed(platform.lake.directory, tmp_path / "only", "eod_data")
    assert fingerprints(only) == recorded


def test_the_command_replays_the_folder_above_a_lake(ttapi: Command, tmp_path: Path) -> None:
    """With the universe of the recording, into the environment replay; a second run has nothing to do."""
    data, again = tmp_path / "data", tmp_path / "again"
    few = ("--symbols", "AAPL,BRK/B,SPY", "--history-years", "1")
    assert ttapi("collect", "--data-dir", str(data), *few).returncode == 0
    done = ttapi("collect", "--replay", str(data), "--data-dir", str(again))
    assert done.returncode == 0, done.stderr
    files = sorted((data / "sandbox").rglob("*.parquet"))
    assert len(files) == len(DATASETS)
    for path in files:
        copy = again / "replay" / path.relative_to(data / "sandbox")
        assert read_footer(copy).fingerprint == read_footer(path).fingerprint
        assert read_footer(copy).environment == "replay"
        assert read_footer(copy).source.startswith(f"replay of {data / 'sandbox'} (")
    warm = json.loads(ttapi("collect", "--replay", str(data), "--data-dir", str(again), "--json").stdout)
    assert warm["hit_rate"] == 1.0
    into_itself = ttapi("collect", "--replay", str(again / "replay"), "--data-dir", str(again))
    assert into_itself.returncode == 5
    assert "into itself" in into_itself.stderr
    # The lake that is written to is not the one that is meant.
    beside = ttapi("collect", "--replay", str(data), "--data-dir", str(data))
    assert beside.returncode == 0, beside.stderr
    assert ttapi("collect", "--replay", str(data), "--data-dir", str(data)).returncode == 0
    ambiguous = ttapi("collect", "--replay", str(data), "--data-dir", str(again))
    assert ambiguous.returncode == 5
    assert "replay and sandbox" in ambiguous.stderr


def test_the_command_names_a_damaged_cell(ttapi: Command, tmp_path: Path) -> None:
    """File, line, column and value; the lake that was there before stays."""
    data = tmp_path / "data"
    few = ("--symbols", "AAPL", "--history-years", "1", "--data-dir", str(data))
    assert ttapi("collect", *few).returncode == 0
    quotes = data / "sandbox" / "quotes.csv"
    text = quotes.read_text(encoding="utf-8")
    quotes.write_text(text.replace("Equity,", "Equity,one", 1), encoding="utf-8")
    refused = ttapi("collect", "--replay", str(data / "sandbox"), "--data-dir", str(tmp_path / "again"))
    assert refused.returncode == 5
    assert f"{quotes}, line 2: bid 'one" in refused.stderr


async def test_a_changed_file_of_candles_makes_another_source(tmp_path: Path) -> None:
    """Those of a lake lie a folder deeper, and count as well."""
    async with simulated(tmp_path / "data") as simulation:
        platform = simulation.platform
        await platform.collect(only=["eod_data"])
    lake, settings = platform.lake.directory, Settings(data_dir=tmp_path / "again")
    source = Platform(settings, replay=lake).source
    assert Platform(settings, replay=lake).source == source
    candles = lake / "eod_data" / "range-000.csv"
    candles.write_text(candles.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert Platform(settings, replay=lake).source != source


def test_a_recording_that_cannot_be_looked_at_is_left_to_who_serves_it(tmp_path: Path) -> None:
    """Which universe it has is not known then; an empty folder and a file are refused at once."""
    lake = tmp_path / "lake"
    lake.mkdir()
    settings = replace(Settings(data_dir=tmp_path / "data"), environment=Environment.REPLAY)
    with pytest.raises(ConfigError, match="holds nothing to replay"):
        Platform(settings, replay=lake)
    (lake / "symbols.csv").write_text("something else\n1,2,3\n", encoding="utf-8")
    assert Platform(settings, replay=lake).universe.symbols == ()
    (lake / "symbols.csv").write_text(f'symbol,in_universe\n"{"x" * 200_000}",true\n', encoding="utf-8")
    assert Platform(settings, replay=lake).universe.symbols is None
    (lake / "symbols.csv").unlink()
    (lake / "quotes.csv").write_text("", encoding="utf-8")
    assert Platform(settings, replay=lake).universe.symbols is None
