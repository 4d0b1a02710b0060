# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Balance snapshots and the history of the net liquidating value."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from ttapi_core.market_calendar import trading_dates

if TYPE_CHECKING:
    from test_ttapi_client.sandbox.wire import RestClient
    from ttapi_client.sandbox import World
    from ttapi_core.clock import ManualClock

SNAPSHOTS = "/accounts/SBX00001/balance-snapshots"
HISTORY = "/accounts/SBX00001/net-liq/history"
PRICES = ("open", "high", "low", "close")
CENT = Decimal("0.01")


async def test_each_day_has_a_snapshot_with_every_key_of_a_balance(rest: RestClient) -> None:
    """At its end and at its beginning, oldest first; days without a market have none."""
    balance = (await rest.get("/accounts/SBX00001/balances/USD")).data
    for time_of_day in ("EOD", "BOD"):
        days = (
            await rest.get(SNAPSHOTS, time_of_day=time_of_day, start_date="2026-11-01", end_date="2026-12-24")
        ).items
        assert [day["snapshot-date"] for day in days] == [
            day.isoformat() for day in trading_dates(date(2026, 11, 1), date(2026, 11, 20))
        ]
        assert {day["time-of-day"] for day in days} == {time_of_day}
        assert all(day.keys() == balance.keys() for day in days)


async def test_a_snapshot_is_cash_then_and_positions_then(rest: RestClient, world: World) -> None:
    """Worked out from the transactions up to that day, and the market's own closes of it."""
    lines = (await rest.get("/accounts/SBX00001/transactions", per_page="2000", sort="Asc")).items
    days = trading_dates(date(2026, 9, 1), date(2026, 11, 20))
    answer = await rest.get(SNAPSHOTS, time_of_day="EOD", start_date="2026-09-01")
    for day, snapshot in zip(days, answer.items, strict=True):
        past = [line for line in lines if line["transaction-date"] <= day.isoformat()]
        cash = sum((_signed(line, "net-value") for line in past), start=Decimal(0))
        assert Decimal(snapshot["cash-balance"]) == cash
        quantities: dict[str, Decimal] = {}
        for line in past:
            if "symbol" in line:
                sign = 1 if line["action"].startswith("Buy") else -1
                before = quantities.get(line["symbol"], Decimal(0))
                quantities[line["symbol"]] = before + sign * Decimal(line["quantity"])
        worth = sum(
            (
                quantity * Decimal(repr(_close(world, symbol, day))) * (100 if " " in symbol else 1)
                for symbol, quantity in quantities.items()
                if quantity
            ),
            start=cash,
        )
        assert abs(worth - Decimal(snapshot["net-liquidating-value"])) < CENT


async def test_a_day_begins_as_the_one_before_it_ended(rest: RestClient) -> None:
    """But for money that moved in between, which there was none of in these days."""
    asked = {"start_date": "2026-11-10", "end_date": "2026-11-20"}
    ends = (await rest.get(SNAPSHOTS, time_of_day="EOD", **asked)).items
    begins = (await rest.get(SNAPSHOTS, time_of_day="BOD", **asked)).items
    for before, after in zip(ends, begins[1:], strict=False):
        for key in ("cash-balance", "net-liquidating-value", "long-equity-value", "maintenance-requirement"):
            assert before[key] == after[key]


async def test_without_dates_there_are_the_latest_and_the_present(rest: RestClient) -> None:
    """On the evening of a day both are worth the same."""
    balance = (await rest.get("/accounts/SBX00001/balances/USD")).data
    for time_of_day in ("EOD", "BOD"):
        latest, present = (await rest.get(SNAPSHOTS, time_of_day=time_of_day)).items
        assert latest["snapshot-date"] == "2026-11-20"
        assert (latest["time-of-day"], present["time-of-day"]) == (time_of_day, "Intraday")
        assert present["net-liquidating-value"] == balance["net-liquidating-value"]
    (present,) = (await rest.get(SNAPSHOTS, time_of_day="Intraday")).items
    assert present["net-liquidating-value"] == balance["net-liquidating-value"]


async def test_a_snapshot_is_taken_when_the_day_is_over(rest: RestClient, market_clock: ManualClock) -> None:
    """On Monday morning the day has begun and not ended."""
    market_clock.advance(64 * 3600)
    asked = {"snapshot_date": "2026-11-23"}
    assert (await rest.get(SNAPSHOTS, time_of_day="EOD", **asked)).items == []
    assert len((await rest.get(SNAPSHOTS, time_of_day="BOD", **asked)).items) == 1
    market_clock.advance(6 * 3600)
    assert len((await rest.get(SNAPSHOTS, time_of_day="EOD", **asked)).items) == 1


async def test_snapshots_come_in_pages(rest: RestClient) -> None:
    """All since the account was opened; none before, none at a weekend, none in another currency."""
    first = await rest.get(SNAPSHOTS, time_of_day="EOD", start_date="2000-01-01", per_page="100")
    assert first.json["pagination"]["total-items"] == len(trading_dates(date(2025, 1, 6), date(2026, 11, 20)))
    assert first.items[0]["snapshot-date"] == "2025-01-06"
    last = await rest.get(
        SNAPSHOTS, time_of_day="EOD", start_date="2000-01-01", per_page="100", page_offset="4"
    )
    assert last.items[-1]["snapshot-date"] == "2026-11-20"
    for asked in (
        {"end_date": "2025-01-05"},
        {"snapshot_date": "2026-11-21"},
        {"currency": "EUR"},
        {"start_date": "2026-11-30"},
    ):
        for time_of_day in ("BOD", "EOD", "Intraday"):
            assert (await rest.get(SNAPSHOTS, time_of_day=time_of_day, **asked)).items == []


@pytest.mark.parametrize(
    ("params", "domain"),
    [
        ({}, "time-of-day"),
        ({"time-of-day": "noon"}, "time-of-day"),
        ({"time-of-day": "EOD", "snapshot-date": "x"}, "snapshot-date"),
        ({"time-of-day": "EOD", "start-date": "2026-13-01"}, "start-date"),
        ({"time-of-day": "EOD", "per-page": "2001"}, "per-page"),
    ],
)
async def test_a_wrong_question_about_snapshots_is_refused(
    rest: RestClient, params: dict[str, str], domain: str
) -> None:
    """422, with the parameter at fault."""
    answer = await rest.call("GET", SNAPSHOTS, params=params)
    assert answer.status == 422
    assert answer.error["errors"][0]["domain"] == domain


@pytest.mark.parametrize(
    ("span", "first"),
    [
        ("1w", "2026-11-16 14:30:00+00"),
        ("1m", "2026-10-21 13:30:00+00"),
        ("3m", "2026-08-21 13:30:00+00"),
        ("6m", "2026-05-22 13:30:00+00"),
        ("1y", "2025-11-20 14:30:00+00"),
        ("all", "2025-01-06 14:30:00+00"),
    ],
)
async def test_the_net_liquidating_value_has_a_bar_for_each_day(
    rest: RestClient, span: str, first: str
) -> None:
    """In the form that no other answer has, daylight saving time included (API facts 3.6)."""
    items = (await rest.get(HISTORY, time_back=span)).items
    keys = {*PRICES, *(f"{part}-{price}" for part in ("pending-cash", "total") for price in PRICES), "time"}
    assert all(item.keys() == keys for item in items)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:30:00\+00", item["time"]) for item in items)
    days = trading_dates(date.fromisoformat(first[:10]), date(2026, 11, 20))
    assert [item["time"][:10] for item in items] == [day.isoformat() for day in days]
    assert items[0]["time"] == first
    for item in items:
        low, high = Decimal(item["low"]), Decimal(item["high"])
        assert low <= Decimal(item["open"]) <= high
        assert low <= Decimal(item["close"]) <= high
        assert item["total-close"] == item["close"]


async def test_each_day_closes_as_its_snapshot(rest: RestClient) -> None:
    """The history and the snapshots tell the same story, to the last digit."""
    items = (await rest.get(HISTORY, time_back="all")).items
    days = (await rest.get(SNAPSHOTS, time_of_day="EOD", start_date="2025-01-01", per_page="2000")).items
    assert [item["close"] for item in items] == [day["net-liquidating-value"] for day in days]


async def test_one_day_comes_by_half_hours(rest: RestClient, market_clock: ManualClock) -> None:
    """The latest session; on Monday morning what of it has begun; at a weekend all of Friday's."""
    friday = (await rest.get(HISTORY, time_back="1d")).items
    assert len(friday) == 13
    assert friday[0]["time"] == "2026-11-20 14:30:00+00"
    balance = (await rest.get("/accounts/SBX00001/balances/USD")).data
    assert friday[-1]["close"] == balance["net-liquidating-value"]
    market_clock.advance(40 * 3600)
    assert (await rest.get(HISTORY, time_back="1d")).items == friday
    market_clock.advance(24.5 * 3600)
    monday = (await rest.get(HISTORY, time_back="1d")).items
    assert [item["time"] for item in monday] == ["2026-11-23 14:30:00+00", "2026-11-23 15:00:00+00"]
    balance = (await rest.get("/accounts/SBX00001/balances/USD")).data
    assert monday[-1]["close"] == balance["net-liquidating-value"]


async def test_a_start_time_goes_before_a_span(rest: RestClient) -> None:
    """As one client spells it; an end may be given too, and a start to come finds nothing."""
    items = (await rest.get(HISTORY, start_time="2026-11-10T12:00:00Z", time_back="all")).items
    assert [item["time"][:10] for item in items][:2] == ["2026-11-10", "2026-11-11"]
    items = (
        await rest.get(HISTORY, start_time="2026-11-10T12:00:00Z", end_time="2026-11-12T15:00:00Z")
    ).items
    assert [item["time"][:10] for item in items] == ["2026-11-10", "2026-11-11", "2026-11-12"]
    assert (await rest.get(HISTORY, start_time="2027-01-01T00:00:00Z")).items == []
    assert len((await rest.get(HISTORY, start_time="2026-11-20T20:10:00Z")).items) == 2


@pytest.mark.parametrize(
    ("params", "domain"),
    [
        ({}, "time-back"),
        ({"time-back": "2d"}, "time-back"),
        ({"start-time": "then"}, "start-time"),
        ({"time-back": "1d", "end-time": "never"}, "end-time"),
    ],
)
async def test_a_wrong_question_about_the_history_is_refused(
    rest: RestClient, params: dict[str, str], domain: str
) -> None:
    """422, with the parameter at fault."""
    answer = await rest.call("GET", HISTORY, params=params)
    assert answer.status == 422
    assert answer.error["errors"][0]["domain"] == domain


async def test_the_present_value_is_an_object(rest: RestClient) -> None:
    """The same number as in the balance."""
    value = (await rest.get("/accounts/SBX00002/net-liq")).data
    balance = (await rest.get("/accounts/SBX00002/balances/USD")).data
    assert value["net-liquidating-value"] == balance["net-liquidating-value"]
    for path in (SNAPSHOTS, HISTORY, "/accounts/SBX00001/net-liq"):
        assert (await rest.get(path.replace("SBX00001", "NOPE"))).status == 404


def _close(world: World, symbol: str, day: date) -> float:
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
    if " " in symbol:
        contract = world.options.contract(symbol, with_expired=True)
        assert contract is not None, symbol
        candles = world.options.candles(contract, midnight)
    else:
        candles = world.market.candles(symbol, midnight)
    assert candles is not None
    assert candles.times[0] == midnight
    return candles.close[0]


def _signed(item: dict[str, Any], name: str) -> Decimal:
    return Decimal(item[name]) * {"Credit": 1, "Debit": -1, "None": 0}[item[f"{name}-effect"]]
