# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Plans over a lake of three symbols: what is due, how much of it, and how many requests that takes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import attrs
import polars as pl
import pytest

from ttapi_core.errors import UnknownDatasetError
from ttapi_core.market_calendar import trading_dates
from ttapi_core.settings import Environment, Settings
from ttapi_core.testing import (
    make_account,
    make_balance,
    make_equity,
    make_expiration_series,
    make_position,
    make_quote,
)
from ttapi_core.trading_day import trading_day
from ttapi_platform.catalog import datasets
from ttapi_platform.expected_requests import Expected
from ttapi_platform.freshness import Fresh, Missing, MissingItem, Stale, Stored
from ttapi_platform.lake import Lake
from ttapi_platform.plans import Extent, Planner, Step
from ttapi_platform.prepared import prepare
from ttapi_platform.recordings import Recording
from ttapi_platform.universe import EVERYTHING, Universe, universe_of
from ttapi_polars.frames import (
    accounts_frame,
    expiration_series_frame,
    quotes_frame,
    symbols_frame,
    trading_days_frame,
)
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.validation import validate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ttapi_platform.plans import Plan, PlannedDataset

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)  # a Wednesday, before the opening
TUESDAY, MONDAY = date(2026, 6, 30), date(2026, 6, 29)
YEAR_AGO = date(2025, 7, 1)
SYMBOLS = ("AAPL", "IBM", "SPY")
NAMES = ("accounts", "symbols", "trading_days", "quotes", "eod_data", "expiration_series")
LONG_AGO = timedelta(days=30)
TOKEN = {"api-quote-tokens": Expected(0, 1)}
DIVIDENDS = "market-metrics/historic-corporate-events/dividends"


def damage(path: Path) -> None:
    """Break the rows of a Parquet file; its footer stays as it was."""
    content = bytearray(path.read_bytes())
    content[4:400] = bytes(396)
    path.write_bytes(content)


def candles(**spans: tuple[date, date]) -> pl.DataFrame:
    """A candle for each symbol on each trading day of its span."""
    days = {symbol: trading_dates(first, last) for symbol, (first, last) in spans.items()}
    keys = [(symbol, day) for symbol in sorted(days) for day in days[symbol]]
    columns: dict[str, list[object]] = {
        "symbol": [symbol for symbol, _ in keys],
        "date": [day for _, day in keys],
        **{price: [10.0] * len(keys) for price in ("open", "high", "low", "close")},
        "volume": [100] * len(keys),
        "vwap": [None] * len(keys),
        "implied_volatility": [None] * len(keys),
    }
    return validate(pl.DataFrame(columns, schema_overrides=EOD_DATA.as_of(1).polars_schema), EOD_DATA)


@cache
def frames() -> dict[str, pl.DataFrame]:
    """The rows of each dataset, with every candle there can be."""
    calendar = trading_days_frame(
        trading_day(day) for day in trading_dates(date(2025, 1, 1), date(2026, 12, 31))
    )
    return {
        "accounts": accounts_frame(
            [make_account("SBX00001"), make_account("SBX00002")],
            [make_balance("SBX00001"), make_balance("SBX00002")],
            [make_position("SBX00001", symbol=symbol) for symbol in SYMBOLS],
        ),
        # Of the four that are listed three are collected.
        "symbols": symbols_frame([make_equity(symbol) for symbol in (*SYMBOLS, "ZZZ")], SYMBOLS),
        "trading_days": calendar,
        "quotes": quotes_frame([make_quote(symbol) for symbol in SYMBOLS]),
        "eod_data": candles(**dict.fromkeys(SYMBOLS, (YEAR_AGO, TUESDAY))),
        "expiration_series": expiration_series_frame([make_expiration_series()], calendar, TUESDAY),
    }


@attrs.define
class World:
    """A lake, and the settings that a plan is made with."""

    lake: Lake
    settings: Settings = attrs.field(factory=lambda: Settings(history_years=1))
    universe: Universe = attrs.field(factory=lambda: universe_of(SYMBOLS))
    recording: Recording | None = None

    def store(
        self,
        *names: str,
        age: timedelta = timedelta(0),
        rows: pl.DataFrame | None = None,
        missing: Mapping[str, MissingItem] | None = None,
    ) -> None:
        """Store these datasets as if they had been collected so long ago, with these rows or their usual."""
        registry = datasets(self.settings, universe=self.universe, source="test")
        for dataset in registry:
            if dataset.name in names:
                frame = frames()[dataset.name] if rows is None else rows
                found = {name: self.lake.stored(name) for name in dataset.depends_on}
                self.lake.commit(
                    dataset,
                    prepare(dataset.name, frame, extract=dataset.extract),
                    inputs={name: one.fingerprint for name, one in found.items() if isinstance(one, Stored)},
                    collected_at=NOW - age,
                    missing=missing,
                )

    def plan(self, *only: str, refresh: bool = False) -> Plan:
        """The plan of a run that begins now."""
        registry = datasets(self.settings, universe=self.universe, source="test")
        planner = Planner(
            settings=self.settings,
            registry=registry,
            lake=self.lake,
            universe=self.universe,
            recording=self.recording,
            stored={dataset.name: self.lake.stored(dataset.name) for dataset in registry},
            now=NOW,
        )
        return planner.plan(only, refresh=refresh)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """With nothing in its lake."""
    lake = Lake(tmp_path / "sandbox", environment=Environment.SANDBOX)
    with lake.writing():
        return World(lake)


@pytest.fixture
def whole(world: World) -> World:
    """With everything in its lake, collected just now."""
    world.store(*NAMES)
    return world


def by_name(plan: Plan) -> dict[str, PlannedDataset]:
    """What is planned about each dataset."""
    return {each.dataset: each for each in plan.datasets}


def steps(plan: Plan) -> dict[str, Step]:
    """What is to be done about each dataset."""
    return {each.dataset: each.step for each in plan.datasets}


def test_of_a_fresh_lake_nothing_is_asked_for(whole: World) -> None:
    """Not even a token."""
    plan = whole.plan()
    assert steps(plan) == dict.fromkeys(NAMES, Step.KEEP)
    assert {name: each.rows for name, each in by_name(plan).items()} == {
        name: frame.height for name, frame in frames().items()
    }
    for each in plan.datasets:
        assert isinstance(each.verdict, Fresh)
        assert (each.waits_for, each.extent, each.items, each.requests) == ((), None, None, {})
    assert (plan.login, plan.requests) == ({}, {})


def test_each_dataset_comes_after_what_it_is_built_from(world: World) -> None:
    """In the order in which a run collects them."""
    order = [each.dataset for each in world.plan().datasets]
    assert sorted(order) == sorted(NAMES)
    assert order.index("symbols") < order.index("quotes")
    assert max(order.index("symbols"), order.index("trading_days")) < order.index("eod_data")


def test_an_empty_lake_is_collected_whole(world: World) -> None:
    """As many symbols as the universe has; whole years of the calendar; candles of a year."""
    plan = world.plan()
    found = by_name(plan)
    assert set(steps(plan).values()) == {Step.COLLECT}
    for each in plan.datasets:
        assert each.verdict == Missing()
        assert (each.extent, each.rows, each.waits_for) == (Extent.FIRST, 0, ())
    assert {name: each.items for name, each in found.items()} == {
        "accounts": None,
        "symbols": 3,
        "trading_days": None,
        "quotes": 3,
        "eod_data": 3,
        "expiration_series": 3,
    }
    assert (found["trading_days"].first_day, found["trading_days"].last_day) == (
        date(2025, 1, 1),
        date(2028, 12, 31),
    )
    assert (found["eod_data"].first_day, found["eod_data"].last_day) == (YEAR_AGO, None)


def test_the_requests_for_an_empty_lake_are_known_as_far_as_one_can(world: World) -> None:
    """Of what depends on the listing there is only an upper bound; of the listing itself none."""
    plan = world.plan()
    found = {name: each.requests for name, each in by_name(plan).items()}
    assert found["accounts"]["customers/me/accounts"] == Expected(1, 1)
    assert found["symbols"] == {
        "instruments/equities/active": Expected(1, None),
        "instruments/equities": Expected(0, 3),
    }
    # 1,461 days in spans of 270.
    assert found["trading_days"] == {"market-time/sessions": Expected(6, 6)}
    assert found["quotes"] == {"market-data/by-type": Expected(0, 1)}
    assert found["eod_data"] == {**TOKEN, DIVIDENDS: Expected(0, 3)}
    assert found["expiration_series"] == {"option-chains/nested": Expected(0, 3)}
    assert plan.login == {"oauth/token": Expected(0, 1)}


def test_the_requests_of_a_run_are_those_of_its_datasets_and_of_the_login(world: World) -> None:
    """Family by family."""
    assert world.plan("quotes").requests == {
        "oauth/token": Expected(0, 1),
        "instruments/equities/active": Expected(1, None),
        "instruments/equities": Expected(0, 3),
        "market-data/by-type": Expected(0, 1),
    }


def test_requests_of_one_family_by_two_datasets_are_added_up(whole: World) -> None:
    """Two datasets of three symbols each."""
    plan = whole.plan()
    twice = attrs.evolve(
        plan,
        datasets=tuple(attrs.evolve(each, requests={"family": Expected(1, 3)}) for each in plan.datasets[:2]),
    )
    assert twice.requests == {"family": Expected(2, 6)}


def test_only_what_is_named_is_planned_with_what_it_is_built_from(world: World) -> None:
    """Nothing else, and no name stands for all."""
    assert steps(world.plan("quotes")).keys() == {"symbols", "quotes"}
    assert steps(world.plan("accounts")).keys() == {"accounts"}
    assert steps(world.plan()).keys() == set(NAMES)


def test_a_dataset_that_is_none_is_refused(world: World) -> None:
    """With the one that was meant."""
    with pytest.raises(UnknownDatasetError, match="quots") as refused:
        world.plan("quots")
    assert refused.value.hint == "did you mean 'quotes'?"


def test_what_is_built_from_something_due_may_follow(whole: World) -> None:
    """It waits for that one; nothing is sure to be asked for."""
    whole.store("symbols", age=LONG_AGO)
    found = by_name(whole.plan())
    assert steps(whole.plan()) == {
        "accounts": Step.KEEP,
        "symbols": Step.COLLECT,
        "trading_days": Step.KEEP,
        "quotes": Step.PERHAPS,
        "eod_data": Step.PERHAPS,
        "expiration_series": Step.PERHAPS,
    }
    assert found["symbols"].waits_for == ()
    for name in ("quotes", "eod_data", "expiration_series"):
        assert found[name].waits_for == ("symbols",)
        assert isinstance(found[name].verdict, Fresh)
        assert {expected.least for expected in found[name].requests.values()} == {0}
    assert found["quotes"].requests == {"market-data/by-type": Expected(0, 1)}


def test_what_waits_for_two_names_both(whole: World) -> None:
    """In the order in which it names what it is built from."""
    whole.store("symbols", "trading_days", age=LONG_AGO)
    assert by_name(whole.plan())["eod_data"].waits_for == ("symbols", "trading_days")


def test_what_is_stale_itself_waits_for_nothing(whole: World) -> None:
    """It is collected whatever becomes of the other."""
    whole.store("symbols", "quotes", age=LONG_AGO)
    quotes = by_name(whole.plan())["quotes"]
    assert (quotes.step, quotes.waits_for, quotes.extent) == (Step.COLLECT, (), Extent.WHOLE)
    assert isinstance(quotes.verdict, Stale)


def test_a_listing_that_is_collected_again_has_about_as_many_pages_as_it_had(whole: World) -> None:
    """A thousand a page, and one more for what is new."""
    whole.store("symbols", age=LONG_AGO)
    symbols = by_name(whole.plan())["symbols"]
    assert (symbols.extent, symbols.items, symbols.rows) == (Extent.WHOLE, 3, 4)
    assert symbols.requests["instruments/equities/active"] == Expected(1, 2)


def test_of_a_listing_that_stays_the_members_are_known(whole: World) -> None:
    """What is asked for is exact: those of the listing that are collected, three of its four."""
    whole.store("quotes", "expiration_series", age=LONG_AGO)
    found = by_name(whole.plan())
    assert (found["quotes"].items, found["quotes"].requests["market-data/by-type"]) == (3, Expected(1, 1))
    assert found["expiration_series"].requests["option-chains/nested"] == Expected(3, 3)


def test_of_a_listing_that_cannot_be_read_the_universe_is_taken(world: World) -> None:
    """The run says what is wrong with it."""
    world.universe = universe_of([*SYMBOLS, "KO"])
    world.store("symbols", "trading_days")
    world.store("quotes", "eod_data", age=LONG_AGO)
    damage(world.lake.directory / "symbols.parquet")
    found = by_name(world.plan())
    assert (found["quotes"].items, found["eod_data"].items) == (4, 1)
    assert found["symbols"].step is Step.KEEP


def test_a_symbol_that_is_not_listed_is_not_asked_for(world: World) -> None:
    """While the listing stays; if it comes anew the symbol may be there."""
    world.universe = universe_of([*SYMBOLS, "KO"])
    world.store("symbols", "trading_days")
    assert by_name(world.plan())["eod_data"].items == 3
    world.store("eod_data", age=LONG_AGO)
    assert by_name(world.plan())["eod_data"].items == 0
    world.store("symbols", age=LONG_AGO)
    assert by_name(world.plan())["eod_data"].items == 1


def test_what_a_universe_of_everything_comes_to_is_known_from_the_listing_alone(world: World) -> None:
    """Before it is there nobody knows."""
    world.universe = EVERYTHING
    found = by_name(world.plan())
    assert [found[name].items for name in ("symbols", "quotes", "eod_data")] == [None, None, None]
    assert found["quotes"].requests["market-data/by-type"] == Expected(0, None)
    world.store("symbols")
    assert by_name(world.plan())["quotes"].items == 3


def test_an_update_of_everything_is_open_until_the_listing_is_there(world: World) -> None:
    """Nobody knows which symbols lack something."""
    world.universe = EVERYTHING
    world.store("symbols", age=LONG_AGO)
    world.store("trading_days", "eod_data")
    update = by_name(world.plan())["eod_data"]
    assert (update.step, update.extent, update.items) == (Step.PERHAPS, Extent.INCREMENT, None)
    assert (update.first_day, update.last_day) == (YEAR_AGO, TUESDAY)


def test_accounts_are_counted_not_their_rows(whole: World) -> None:
    """Two, of which one has three positions."""
    whole.store("accounts", age=LONG_AGO)
    accounts = by_name(whole.plan())["accounts"]
    assert (accounts.items, accounts.rows, accounts.extent) == (2, 4, Extent.WHOLE)


def test_a_calendar_that_is_asked_for_again_keeps_its_first_year(whole: World) -> None:
    """There may be candles of it, however few years are wanted now."""
    whole.settings = Settings(since=date(2026, 3, 2))
    calendar = by_name(whole.plan("trading_days"))["trading_days"]
    assert (calendar.first_day, calendar.last_day) == (date(2025, 1, 1), date(2028, 12, 31))


def test_an_update_asks_for_the_days_that_are_lacking(whole: World) -> None:
    """Of the two symbols that lack Tuesday, from the last five days that they have."""
    span = (YEAR_AGO, MONDAY)
    rows = candles(AAPL=span, IBM=span, SPY=(YEAR_AGO, TUESDAY))
    whole.store("eod_data", age=LONG_AGO, rows=rows)
    update = by_name(whole.plan())["eod_data"]
    assert (update.step, update.extent, update.items) == (Step.COLLECT, Extent.INCREMENT, 2)
    assert (update.first_day, update.last_day) == (date(2026, 6, 23), TUESDAY)
    assert update.requests == {**TOKEN, "market-metrics": Expected(0, 1), DIVIDENDS: Expected(0, 3)}


def test_an_update_that_lacks_nothing_asks_for_no_candles(whole: World) -> None:
    """There is no first day then."""
    whole.store("eod_data", age=LONG_AGO)
    update = by_name(whole.plan())["eod_data"]
    assert (update.extent, update.items, update.first_day) == (Extent.INCREMENT, 0, None)
    assert update.last_day == TUESDAY


def test_an_update_that_is_not_sure_to_come_is_planned_as_an_update(whole: World) -> None:
    """Of the symbols of the universe, since the listing may change."""
    whole.store("symbols", age=LONG_AGO)
    whole.universe = universe_of(["AAPL", "IBM", "KO", "SPY"])
    update = by_name(whole.plan())["eod_data"]
    assert (update.step, update.extent, update.items) == (Step.PERHAPS, Extent.INCREMENT, 1)
    assert update.first_day == YEAR_AGO, "of the new one"


def test_a_refresh_asks_for_everything_anew(whole: World) -> None:
    """Fresh or not, and for whole histories."""
    plan = whole.plan(refresh=True)
    found = by_name(plan)
    assert set(steps(plan).values()) == {Step.COLLECT}
    assert {each.extent for each in plan.datasets} == {Extent.WHOLE}
    assert (found["eod_data"].items, found["eod_data"].first_day) == (3, YEAR_AGO)
    assert found["eod_data"].last_day == TUESDAY
    assert found["eod_data"].requests == {**TOKEN, DIVIDENDS: Expected(0, 3)}


def test_a_longer_history_is_asked_for_at_its_beginning(whole: World) -> None:
    """Of every symbol, beside what it lacks at its end."""
    whole.settings = Settings(history_years=2)
    update = by_name(whole.plan("eod_data"))["eod_data"]
    assert (update.step, update.extent, update.items) == (Step.COLLECT, Extent.INCREMENT, 3)
    assert update.first_day == date(2024, 7, 1)


def test_a_symbol_that_did_not_come_is_asked_for_from_the_first_day(whole: World) -> None:
    """It may have candles before those that are stored; of the others it is known that they have none."""
    late = (date(2026, 1, 2), TUESDAY)
    lost = MissingItem(code="server", message="x", hint=None, last_collected_at=NOW)
    rows = candles(AAPL=late, IBM=late, SPY=(YEAR_AGO, TUESDAY))
    whole.store("eod_data", age=LONG_AGO, rows=rows, missing={"IBM": lost})
    update = by_name(whole.plan())["eod_data"]
    assert (update.items, update.first_day) == (1, YEAR_AGO)


def test_candles_that_cannot_be_read_are_planned_as_far_as_one_can(whole: World) -> None:
    """The run says what is wrong with them."""
    whole.store("eod_data", age=LONG_AGO)
    damage(whole.lake.directory / "eod_data" / "range-000.parquet")
    update = by_name(whole.plan())["eod_data"]
    assert (update.step, update.items) == (Step.COLLECT, 3)
    assert (update.first_day, update.last_day) == (YEAR_AGO, TUESDAY)


def test_without_a_calendar_no_last_day_is_known(world: World) -> None:
    """Nor which days are lacking."""
    world.store("symbols", "eod_data")
    update = by_name(world.plan())["eod_data"]
    assert (update.step, update.items, update.first_day, update.last_day) == (
        Step.COLLECT,
        3,
        YEAR_AGO,
        None,
    )


def test_an_update_from_a_recording_asks_for_what_that_has(whole: World, tmp_path: Path) -> None:
    """Its first day is not known."""
    whole.store("eod_data", age=LONG_AGO)
    whole.recording = Recording(tmp_path, is_lake=False)
    update = by_name(whole.plan())["eod_data"]
    assert (update.extent, update.items) == (Extent.INCREMENT, 3)
    assert (update.first_day, update.last_day) == (None, TUESDAY)


def test_in_a_replay_the_recording_decides_which_days_there_are(world: World, tmp_path: Path) -> None:
    """Unless a first day is set."""
    world.recording = Recording(tmp_path, is_lake=False)
    found = by_name(world.plan())
    assert (found["eod_data"].first_day, found["trading_days"].first_day) == (None, None)
    assert found["trading_days"].requests == {"market-time/sessions": Expected(1, None)}
    world.settings = Settings(since=date(2001, 9, 8))
    found = by_name(world.plan())
    assert (found["eod_data"].first_day, found["trading_days"].first_day) == (
        date(2001, 9, 8),
        date(2001, 1, 1),
    )
