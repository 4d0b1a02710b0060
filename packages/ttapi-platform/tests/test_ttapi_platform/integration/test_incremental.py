# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Daily candles kept up to date: whatever happened, an updated lake equals one that is collected anew."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import attrs
import polars as pl
import pytest

from test_ttapi_platform.candle_parts import by_year
from test_ttapi_platform.integration.few_names import small_world
from ttapi_client.sandbox import SandboxServer
from ttapi_client.sandbox.faults import Fault, FaultKind
from ttapi_client.sandbox.world.market_clock import MarketClock
from ttapi_core import Settings
from ttapi_core.clock import SystemClock
from ttapi_platform import Platform, lake_parts
from ttapi_platform.freshness import Stored
from ttapi_platform.lake_parts import Limits
from ttapi_platform.prepared import prepare
from ttapi_platform.run_summary import DatasetResult, DatasetStatus, EventKind
from ttapi_platform.verification import FindingKind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from ttapi_client.sandbox import World

MONDAY = datetime(2026, 11, 30, 22, 0, tzinfo=UTC)  # an hour after the close
DAY = timedelta(days=1)
OLD_NAME, NEW_NAME, DELISTED, SPLIT = "QUPUC", "XNEU", "QUREG", "QOVAL"
SYMBOLS = ("AAPL", "BRK/B", "IBM", "KO", "SPY", DELISTED, SPLIT)
OVERLAP = 5
# Two symbols a range, and four weeks until what is recent is cut into ranges too.
SMALL = Limits(rows_of_a_range=600, rows_to_a_recent_one=17)


class ClockOf(SystemClock):
    """The wall time of a market, and a machine's own passing of time."""

    def __init__(self, market: MarketClock) -> None:
        self._market = market

    def now(self) -> datetime:
        """The market's time."""
        return self._market.now()


@attrs.define
class Desk:
    """A sandbox whose market stands still until it is stepped, and lakes that are collected from it."""

    server: SandboxServer
    world: World
    market: MarketClock
    folder: Path
    symbols: Sequence[str] = SYMBOLS

    def platform(self, lake: str = "updated") -> Platform:
        """The platform over one lake."""
        settings = Settings(
            data_dir=self.folder / lake, api_url=self.server.url, history_years=1, retry_attempts=1
        )
        return Platform(settings, symbols=self.symbols, clock=ClockOf(self.market))

    async def update(self) -> DatasetResult:
        """Collect the daily candles and what they need, and how it went with them."""
        summary = await self.platform().collect(only=["eod_data"])
        return next(result for result in summary.results if result.dataset == "eod_data")

    async def candles(self) -> pl.DataFrame:
        """All candles of a lake that is collected anew now."""
        platform = self.platform(f"anew {self.market.now():%d}")
        await platform.collect(only=["eod_data"])
        return rows_of(platform)

    def step_to(self, when: datetime) -> None:
        """Let the market's time go on."""
        self.market.step((when - self.market.now()).total_seconds())


def files_of(desk: Desk) -> dict[str, int]:
    """Which file each part of the candles is."""
    folder = desk.platform().lake.directory / "eod_data"
    return {path.stem: path.stat().st_ino for path in folder.glob("*.parquet")}


def rows_of(platform: Platform, *, without: str = "") -> pl.DataFrame:
    """The stored candles of the last year, without what only those know who saw it happen."""
    rows = platform.lake.read("eod_data").drop("split_factor").sort("symbol", "date")
    return rows.filter(pl.col("date") > date(2025, 12, 31), pl.col("symbol") != without)


@pytest.fixture(params=[Limits(), SMALL], ids=["in one file", "in many files"])
def limits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Limits:
    """What all candles fit into, or what makes an update leave most of them as they are."""
    monkeypatch.setattr(lake_parts, "LIMITS", request.param)
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
async def desk(tmp_path: Path, limits: Limits) -> AsyncIterator[Desk]:
    """On a Monday evening."""
    market = MarketClock(SystemClock(), start=MONDAY, speed=0)
    world = small_world([*SYMBOLS, OLD_NAME, NEW_NAME, "MSFT"], clock=market)
    async with SandboxServer(world) as server:
        yield Desk(server, world, market, tmp_path)


async def test_the_second_day_asks_only_for_what_is_missing(desk: Desk) -> None:
    """A candle more of each symbol, after five that are compared."""
    await desk.update()
    rows, snapshots = desk.server.statistics.candle_rows, desk.server.statistics.candle_snapshots
    desk.step_to(MONDAY + DAY)
    result = await desk.update()
    assert (result.status, result.asked, result.events) == (DatasetStatus.COLLECTED, len(SYMBOLS), ())
    assert desk.server.statistics.candle_snapshots - snapshots == len(SYMBOLS)
    placeholder = 1
    assert desk.server.statistics.candle_rows - rows == len(SYMBOLS) * (OVERLAP + 1 + placeholder)
    assert rows_of(desk.platform()).equals(await desk.candles())


@pytest.mark.parametrize("limits", [SMALL], indirect=True)
async def test_an_update_writes_the_recent_days_and_leaves_the_rest_until_all_is_cut_anew(desk: Desk) -> None:
    """The range that was the head is written once more, and that of a symbol with a split on 7 December."""
    await desk.update()
    states = [files_of(desk)]
    for days in (1, 2, 21, 30):
        desk.step_to(MONDAY + days * DAY)
        await desk.update()
        states.append(files_of(desk))
    whole, first, second, third, anew = states
    ranges = sorted(whole)
    assert ranges == [f"range-00{number}" for number in range(4)]
    assert [sorted(each) for each in (first, second, third)] == [[*ranges, "recent"]] * 3
    assert sorted(anew) == ranges
    assert {name for name in ranges if whole[name] != first[name]} == {ranges[-1]}
    assert {name for name in first if first[name] != second[name]} == {"recent"}
    assert {name for name in second if second[name] != third[name]} == {"range-002", "recent"}
    assert not {*third.items()} & {*anew.items()}
    assert rows_of(desk.platform(), without=DELISTED).equals(await desk.candles())


@pytest.mark.parametrize("step", [1, 14], ids=["the next day", "a fortnight later"])
async def test_a_lake_by_year_of_an_earlier_release_is_cut_into_ranges(desk: Desk, step: int) -> None:
    """It is read as it is, and its first update gives the lake that is collected anew."""
    await desk.update()
    lake, stored = desk.platform().lake, desk.platform().lake.stored("eod_data")
    assert isinstance(stored, Stored)
    with lake.writing():
        lake.commit(
            desk.platform().registry["eod_data"],
            prepare("eod_data", by_year(lake.read("eod_data"))),
            inputs=stored.inputs,
            collected_at=stored.collected_at,
        )
    assert sorted(files_of(desk)) == ["2025", "2026"]
    desk.step_to(MONDAY + step * DAY)
    await desk.update()
    assert all(name.startswith("range-") for name in files_of(desk))
    anew = (await desk.candles()).filter(pl.col("symbol") != DELISTED)
    assert rows_of(desk.platform(), without=DELISTED).equals(anew)


async def test_a_weekend_asks_for_nothing(desk: Desk) -> None:
    """A day old and so stale, but no session has closed since: no candle is asked for."""
    desk.step_to(datetime(2026, 12, 5, 12, 0, tzinfo=UTC))
    await desk.update()
    snapshots = desk.server.statistics.candle_snapshots
    desk.step_to(datetime(2026, 12, 6, 13, 0, tzinfo=UTC))
    result = await desk.update()
    assert result.status is DatasetStatus.COLLECTED
    assert str(result.verdict).startswith("stale: 1 d 1 h old")
    assert desk.server.statistics.candle_snapshots == snapshots


async def test_a_split_is_found_and_that_symbol_alone_collected_again(desk: Desk) -> None:
    """Two for one on 7 December: listed as an event, and stored on the day itself."""
    desk.step_to(datetime(2026, 12, 4, 22, 0, tzinfo=UTC))
    await desk.update()
    snapshots = desk.server.statistics.candle_snapshots
    desk.step_to(datetime(2026, 12, 7, 22, 0, tzinfo=UTC))
    result = await desk.update()
    split = [event for event in result.events if event.kind is EventKind.SPLIT]
    assert [event.symbol for event in split] == [SPLIT]
    assert "by 0.5" in split[0].detail
    assert desk.server.statistics.candle_snapshots - snapshots == len(SYMBOLS) + 1
    assert rows_of(desk.platform(), without=DELISTED).equals(await desk.candles())
    stored = desk.platform().lake.read("eod_data").drop_nulls("split_factor")
    assert stored.select("symbol", "date", "split_factor").rows() == [(SPLIT, date(2026, 12, 7), 0.5)]


async def test_a_correction_is_found_and_that_symbol_alone_collected_again(desk: Desk) -> None:
    """Another close of one day within the overlap."""
    await desk.update()
    desk.server.faults.add(
        Fault(
            route="dxlink",
            kind=FaultKind.CORRECT_CANDLE,
            symbols=frozenset({"KO"}),
            days=frozenset({date(2026, 11, 27)}),
            factor=1.02,
        )
    )
    desk.step_to(MONDAY + DAY)
    result = await desk.update()
    assert [(event.symbol, event.kind) for event in result.events] == [("KO", EventKind.CORRECTED)]
    assert rows_of(desk.platform()).equals(await desk.candles())


async def test_symbols_come_go_and_change_their_names(desk: Desk) -> None:
    """A new name takes over the rows of the old one; those of a delisted one stay."""
    desk.symbols = (*SYMBOLS, OLD_NAME)
    await desk.update()
    old = desk.platform().lake.read("eod_data").filter(symbol=OLD_NAME)
    desk.symbols = (*SYMBOLS, OLD_NAME, NEW_NAME, "MSFT")
    desk.step_to(datetime(2026, 12, 8, 22, 0, tzinfo=UTC))
    summary = await desk.platform().collect()
    assert {result.dataset: result.missing for result in summary.results if result.missing} == {}
    events = {
        (result.dataset, event.symbol): event.kind for result in summary.results for event in result.events
    }
    assert events[("symbols", OLD_NAME)] is EventKind.DELISTED
    assert events[("symbols", DELISTED)] is EventKind.DELISTED
    assert events[("eod_data", NEW_NAME)] is EventKind.RENAMED
    assert events[("eod_data", "MSFT")] is EventKind.LISTED
    assert events[("eod_data", DELISTED)] is EventKind.DELISTED
    rows = desk.platform().lake.read("eod_data")
    assert rows.filter(symbol=OLD_NAME).is_empty()
    renamed = rows.filter(symbol=NEW_NAME).drop("symbol")
    assert renamed.head(old.height).sort("date").equals(old.drop("symbol").sort("date"))
    assert rows.filter(symbol=DELISTED)["date"].max() == date(2026, 12, 4)
    assert desk.platform().verify() == ()
    again = await desk.platform().collect(refresh=False)
    assert all(not result.events for result in again.results)


async def test_the_dividends_of_an_update_are_those_of_a_new_collection(desk: Desk) -> None:
    """Every ex-date of the year is there with its amount and its factor, new ones too."""
    await desk.update()
    desk.step_to(datetime(2026, 12, 21, 22, 0, tzinfo=UTC))
    await desk.update()
    assert rows_of(desk.platform(), without=DELISTED).equals(await desk.candles())
    paid = desk.platform().lake.read("eod_data").drop_nulls("dividend")
    assert set(paid["symbol"]) >= {"AAPL", "KO", "SPY"}
    for symbol, day, amount in paid.select("symbol", "date", "dividend").rows():
        told = desk.world.market.actions(symbol).dividends
        assert [one.amount for one in told if one.ex_date == day] == [amount]


async def test_holes_are_found_and_healed(desk: Desk) -> None:
    """Days that the feed did not give come with a repair, and nothing else is asked for."""
    lacking = {date(2026, 3, 3), date(2026, 7, 2), date(2026, 11, 27)}
    desk.server.faults.add(
        Fault(route="dxlink", kind=FaultKind.HOLE, symbols=frozenset({"KO"}), days=frozenset(lacking))
    )
    await desk.update()
    (finding,) = desk.platform().verify()
    assert (finding.kind, finding.subject, set(finding.days)) == (FindingKind.HOLES, "KO", lacking)
    desk.server.faults.clear()
    snapshots = desk.server.statistics.candle_snapshots
    repair = await desk.platform().repair()
    assert desk.server.statistics.candle_snapshots - snapshots == 1
    assert repair.remaining == ()
    (result,) = repair.results
    assert [(event.symbol, event.kind) for event in result.events] == [("KO", EventKind.HEALED)]
    assert rows_of(desk.platform()).equals(await desk.candles())


async def test_days_that_the_service_has_no_candle_of_are_known_after_a_repair(desk: Desk) -> None:
    """They are asked for once; then the lake is whole, also after further updates."""
    desk.server.faults.add(
        Fault(
            route="dxlink",
            kind=FaultKind.HOLE,
            symbols=frozenset({"KO"}),
            days=frozenset({date(2026, 3, 3)}),
        )
    )
    await desk.update()
    assert len(desk.platform().verify()) == 1
    repair = await desk.platform().repair()
    assert (len(repair.found), repair.remaining) == (1, ())
    desk.step_to(MONDAY + DAY)
    await desk.update()
    assert desk.platform().verify() == ()


async def test_a_symbol_that_is_taken_out_of_the_universe_is_not_called_delisted(desk: Desk) -> None:
    """An index is in no listing of equities; its rows stay, and nothing is said of it."""
    desk.symbols = ("AAPL", "SPX")
    await desk.update()
    desk.symbols = ("AAPL",)
    desk.step_to(MONDAY + DAY)
    result = await desk.update()
    assert result.events == ()
    assert set(desk.platform().lake.read("eod_data")["symbol"]) == {"AAPL", "SPX"}
