# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A lake served as if it came from the service: each of its six datasets, as it was recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import aiohttp
import orjson
import pytest

from test_ttapi_client.sandbox.recorded_lake import CANDLES_2026, QUOTES, write_lake
from test_ttapi_client.sandbox.recordings import write_recording
from test_ttapi_client.sandbox.wire import RestClient, connect_feed
from ttapi_client.sandbox import SandboxServer, replay_world
from ttapi_core.clock import ManualClock
from ttapi_core.market_calendar import trading_dates

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

CANDLE_FIELDS = ["eventFlags", "time", "open", "high", "low", "close", "volume", "vwap", "impVolatility"]


@pytest.fixture
async def replay(tmp_path: Path) -> AsyncIterator[RestClient]:
    """A server of the hand-written lake."""
    world = replay_world(write_lake(tmp_path / "lake"), clock=ManualClock())
    async with (
        SandboxServer(world) as server,
        aiohttp.ClientSession(base_url=server.url, headers={"User-Agent": "tests/1.0"}) as http,
    ):
        client = RestClient(http)
        await client.log_in()
        yield client


async def test_equities_are_the_recorded_ones(replay: RestClient) -> None:
    """All columns as they were, a formula without its guard; what was null is left out."""
    items = {item["symbol"]: item for item in (await replay.get("/instruments/equities/active")).items}
    assert list(items) == ["AGG", "BRK/B", "SPX"]
    assert items["AGG"]["description"] == "=BONDS(1)"
    assert items["AGG"]["borrow-rate"] == "12.75"
    assert items["AGG"]["lendability"] == "Locate Required"
    assert (items["AGG"]["is-etf"], items["AGG"]["is-illiquid"]) == (True, True)
    assert items["BRK/B"]["description"] == 'Berkshire "B", the cheap one'
    assert items["BRK/B"]["streamer-symbol"] == "BRKb"
    assert "listed-market" not in items["BRK/B"]
    spx = (await replay.get("/instruments/equities/SPX")).data
    assert (spx["instrument-type"], spx["is-index"], spx["is-closing-only"]) == ("Index", True, True)
    assert not {"listed-market", "lendability", "borrow-rate"} & set(spx)
    assert spx["active"] is True
    only = (await replay.get("/instruments/equities/active", lendability="Locate Required")).items
    assert [item["symbol"] for item in only] == ["AGG"]


async def test_sessions_are_the_recorded_days(replay: RestClient) -> None:
    """With their own hours, whatever the rules of the calendar say."""
    items = (await replay.get("/market-time/sessions", from_date="2026-11-01", to_date="2026-12-31")).items
    hours = [(item["open-at"][:16], item["close-at"][11:16]) for item in items]
    assert hours == [
        ("2026-11-24T14:30", "21:00"),
        ("2026-11-25T14:30", "21:00"),
        ("2026-11-27T15:30", "18:15"),
        ("2026-12-18T14:30", "21:00"),
    ]
    current = (await replay.get("/market-time/equities/sessions/current")).data
    assert current["open-at"][:10] == "2026-11-25"
    assert current["next-session"]["session-date"] == "2026-11-27"
    assert current["next-session"]["open-at"][11:16] == "15:30"


async def test_quotes_are_the_recorded_ones(replay: RestClient) -> None:
    """Every number to the digit, what was null left out, and an index as it was answered: as an equity."""
    items = {
        item["symbol"]: item
        for item in (await replay.get("/market-data/by-type", equity="AGG,BRK/B,SPX")).items
    }
    brk = items["BRK/B"]
    assert (brk["bid"], brk["ask"], brk["bid-size"], brk["ask-size"]) == ("499.1", "499.3", "2.0", "1.5")
    assert (brk["mid"], brk["mark"], brk["last"], brk["open"]) == ("499.2", "499.21", "499.25", "0.1")
    assert (brk["day-high-price"], brk["day-low-price"]) == ("10000000000000000000000", "0.00001")
    assert (brk["volume"], brk["close-price-type"]) == ("1234567.0", "Regular")
    assert (brk["is-trading-halted"], brk["summary-date"], brk["prev-close-date"]) == (
        True,
        "2026-11-25",
        "2026-11-24",
    )
    assert brk["updated-at"] == "2026-11-25T21:30:00.000Z"
    assert items["AGG"]["updated-at"] == "2026-11-25T20:59:59.123456Z"
    assert not {"bid", "ask", "mid", "mark", "last", "volume", "summary-date", "is-trading-halted"} & set(
        items["AGG"]
    )
    assert items["SPX"]["instrument-type"] == "Index"
    assert (await replay.get("/market-data/by-type", index="SPX")).items == [items["SPX"]]
    assert (await replay.get("/market-data/by-type", index="AGG")).items == []
    assert (await replay.get("/market-data/Equity/BRK/B")).data == brk


async def test_chains_are_the_recorded_ones(replay: RestClient) -> None:
    """Roots, types and days as they were; as many strikes as were counted, from the lowest to the highest."""
    roots = (await replay.get("/option-chains/BRK%2FB/nested")).items
    assert [
        (root["root-symbol"], root["option-chain-type"], root["shares-per-contract"]) for root in roots
    ] == [
        ("BRKB", "Standard", 100),
        ("BRKB1", "Non-standard", 150),
    ]
    listed = [
        (
            one["expiration-date"],
            one["expiration-type"],
            one["settlement-type"],
            one["days-to-expiration"],
            [strike["strike-price"] for strike in one["strikes"]],
        )
        for one in roots[0]["expirations"]
    ]
    assert listed == [
        ("2026-11-27", "End-Of-Month", "PM", 2, ["497.5", "500.0", "502.5"]),
        ("2026-12-18", "Regular", "PM", 23, ["400.0", "400.333", "400.666", "401.0"]),
        ("2026-12-19", "Odd Sort", "PM", 24, []),
    ]
    (adjusted,) = roots[1]["expirations"][0]["strikes"]
    assert adjusted["call"] == "BRKB1 261218C00033330"
    assert adjusted["put-streamer-symbol"] == ".BRKB1261218P33.33"
    assert (await replay.get("/option-chains/AGG/nested")).status == 404
    (spx,) = (await replay.get("/option-chains/SPX")).items[:1]
    assert (spx["exercise-style"], spx["settlement-type"]) == ("European", "AM")


async def test_contracts_are_found_by_their_recorded_roots(replay: RestClient) -> None:
    """Also one of an adjusted root; what has a value has one, what has not is left out."""
    symbol = "BRKB1 261218C00033330"
    (quote,) = (await replay.get("/market-data/by-type", equity_option=symbol)).items
    assert float(quote["mark"]) > 400
    assert (await replay.get("/market-data/by-type", equity_option="BRKB1 261218C00033340")).items == []
    assert (await replay.get("/market-metrics", symbols="AGG,BRK/B,SPX")).status == 200


async def test_accounts_are_the_recorded_ones(replay: RestClient) -> None:
    """Balances in each currency, signed positions, and nothing where nothing was."""
    accounts = [item["account"] for item in (await replay.get("/customers/me/accounts")).items]
    first, second, third = accounts
    assert first["account-number"] == "5WT00001"
    assert first["opened-at"] == "2021-03-04T15:00:00.000+00:00"
    assert not {"nickname", "account-type-name", "margin-or-cash", "opened-at"} & set(second)
    assert (third["nickname"], third["margin-or-cash"]) == ("-", "Cash")
    dollars, canadian = (await replay.get("/accounts/5WT00001/balances")).items
    assert (dollars["currency"], dollars["cash-balance"]) == ("USD", "-250.25")
    assert dollars["maintenance-requirement"] == "10000000000000000"
    assert dollars["updated-at"] == "2026-11-25T21:45:00.654321+00:00"
    assert (canadian["currency"], canadian["cash-balance"]) == ("CAD", "10.5")
    assert not {"net-liquidating-value", "updated-at"} & set(canadian)
    assert (await replay.get("/accounts/5WT00001/balances/CAD")).data == canadian
    assert (await replay.get("/accounts/5WT00002/balances")).items == []
    short, option = (await replay.get("/accounts/5WT00001/positions")).items
    assert (short["quantity"], short["quantity-direction"], short["multiplier"]) == ("10.0", "Short", 1)
    assert short["average-open-price"] == "480.123456789"
    assert (option["symbol"], option["quantity"], option["multiplier"]) == (
        "BRKB  261218C00400000",
        "2.5",
        0.5,
    )
    assert not {"average-open-price", "close-price"} & set(option)
    (closed,) = (await replay.get("/accounts/5WT00003/positions")).items
    assert closed["quantity-direction"] == "Zero"
    assert (await replay.get("/accounts/SBX00001/positions")).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/5WT00001/trading-status",
        "/accounts/5WT00001/transactions",
        "/accounts/5WT00001/net-liq/history?time-back=1m",
        "/accounts/5WT00001/balance-snapshots?time-of-day=EOD",
    ],
)
async def test_what_a_lake_does_not_keep_of_an_account_is_still_answered(
    replay: RestClient, path: str
) -> None:
    """Whatever the account's number looks like."""
    assert (await replay.get(path)).status == 200


async def test_candles_come_from_all_years_and_under_the_feeds_spelling(replay: RestClient) -> None:
    """Digit for digit; a null is not a number."""
    client = await connect_feed(replay)
    await client.shake_hands()
    await client.open_channel(1, contract="HISTORY", fields={"Candle": CANDLE_FIELDS})
    await client.subscribe("BRKb{=d,tho=true}")
    text = (await client.receive_raw()).data
    rows = text.partition('["Candle",[')[2]
    high = orjson.dumps(1e22).decode()  # versions of it spell that differently
    assert f'{_ms("2026-11-25")},498.0,{high},497.123456789,499.25,1234567,"NaN",0.22' in rows
    assert f"{_ms('2026-11-24')},498.0,500.0,0.00001,498.0,9007199254740993,498.66,0.21" in rows
    assert f'{_ms("2025-12-31")},0.1,0.30000000000000004,0.1,0.2,0,"NaN","NaN"' in rows
    await client.subscribe("SPX{=d,tho=true}")
    text = (await client.receive_raw()).data
    assert f'{_ms("2026-11-24")},4980.0,5000.0,4970.0,4990.25,"NaN","NaN","NaN"' in text
    await client.close()


def test_bars_within_a_recorded_day_add_up_to_its_candle(tmp_path: Path) -> None:
    """Of every width, with all the digits of its prices; of an unknown volume, of none, and after the end."""
    market = replay_world(write_lake(tmp_path, eod_data_2026=_plain_candles())).market
    for width in (1, 60, 1800):
        bars = market.bars("BRKb", date(2026, 11, 25), width)
        assert bars is not None
        assert (bars.open[0], bars.close[-1]) == (498.123456, 499.25)
        assert (max(bars.high), min(bars.low)) == (500.5, 497.0)
        assert sum(bars.volume) == 1234567
        assert len(bars.times) <= 23_400 // width
    index = market.bars("SPX", date(2026, 11, 25), 60)
    assert index is not None
    assert (index.open[0], index.close[-1], max(index.high)) == (4990.25, 5000.5, 5010.0)
    idle = market.bars("BRK/B", date(2026, 11, 24), 60)
    assert idle is not None
    assert idle.times == []
    for symbol, day in (
        ("BRK/B", date(2026, 11, 27)),
        ("BRK/B", date(2026, 11, 26)),
        ("X", date(2026, 11, 25)),
    ):
        assert market.bars(symbol, day, 60) is None
    half = market.bars("BRK/B", date(2026, 11, 25), 1800, start=1800, stop=5400)
    assert half is not None
    assert len(half.times) == 2


def test_bars_of_many_days_are_the_same_whenever_they_are_asked_for(tmp_path: Path) -> None:
    """Only the latest days are kept in memory."""
    days = trading_dates(date(2026, 1, 2), date(2026, 6, 30))
    rows = "".join(f"{day},10.5,11.25,10.25,11,900\n" for day in days)
    market = replay_world(write_recording(tmp_path / "bars", X=rows)).market
    before = [market.bars("X", day, 1800) for day in days]
    assert [market.bars("X", day, 1800) for day in days] == before
    assert len({repr(bars and bars.close) for bars in before}) > len(days) / 2


def test_the_market_stands_at_the_newest_instant_that_the_recording_shows(tmp_path: Path) -> None:
    """By the service's stamps, not by when they were received; without any, at the last close."""
    market = replay_world(write_lake(tmp_path / "lake"), clock=ManualClock()).market
    assert market.now() == datetime(2026, 11, 25, 21, 45, 0, 654321, tzinfo=UTC)
    assert (market.first_date, market.last_date, market.today) == (
        date(2025, 12, 31),
        date(2026, 11, 25),
        date(2026, 11, 25),
    )
    market.clock.step(24 * 3600)
    assert market.today == date(2026, 11, 26)
    assert market.actions("BRK/B").dividends == ()
    candles = write_lake(tmp_path / "candles", "trading_days.csv", "eod_data/2026.csv")
    assert replay_world(candles).market.now() == datetime(2026, 11, 25, 21, 0, tzinfo=UTC)
    calendar = write_lake(tmp_path / "calendar", "trading_days.csv")
    assert replay_world(calendar).market.now() == datetime(2024, 12, 18, tzinfo=UTC)


def test_a_stamp_from_the_future_does_not_move_the_clock(tmp_path: Path) -> None:
    """Unless all of them lie there: then it was our own clock that was wrong."""
    wrong = QUOTES.replace("2026-11-25T20:59:59.123456Z", "2038-01-19T03:14:07.000000Z")
    lake = write_lake(tmp_path / "one", "trading_days.csv", quotes=wrong)
    assert replay_world(lake).market.now() == datetime(2026, 11, 25, 21, 30, tzinfo=UTC)
    early = QUOTES.replace("2026-11-25T22", "2026-11-24T22")
    lake = write_lake(tmp_path / "all", "trading_days.csv", quotes=early)
    assert replay_world(lake).market.now() == datetime(2026, 11, 25, 21, 30, tzinfo=UTC)


async def test_what_was_not_recorded_is_made_up_around_the_candles(tmp_path: Path) -> None:
    """Candles alone are enough: symbols, days, quotes, chains and accounts follow from them."""
    world = replay_world(write_lake(tmp_path, "eod_data/2025.csv", "eod_data/2026.csv"))
    market = world.market
    assert [listing.symbol for listing in market.listings()] == ["AGG", "BRK/B", "SPX"]
    assert list(market.trading_dates(date(2025, 1, 1), date(2027, 1, 1))) == [
        date(2025, 12, 31),
        date(2026, 11, 24),
        date(2026, 11, 25),
    ]
    quote = market.quote("BRK/B")
    assert quote is not None
    assert (quote.last, quote.volume, quote.prev_volume) == (499.25, 1234567, 9007199254740993)
    assert quote.implied_volatility == 0.22
    index = market.quote("SPX")
    assert index is not None
    assert (index.last, index.volume, index.prev_volume) == (5000.5, 0, None)
    assert world.options.roots("BRK/B")
    assert [account.number for account in world.accounts.accounts] == ["SBX00001", "SBX00002", "SBX00003"]


def test_symbols_without_candles_or_quotes_are_known_all_the_same(tmp_path: Path) -> None:
    """A symbol that failed when the lake was collected has an empty history and no quote."""
    lake = write_lake(tmp_path, quotes="\n".join(QUOTES.splitlines()[:2]) + "\n")
    (lake / "eod_data" / "2025.csv").unlink()
    market = replay_world(lake).market
    assert market.quote("SPX") is None
    assert market.quote("X") is None
    candles = market.candles("AGG", 0)
    assert candles is not None
    assert list(candles.times) == []
    assert market.candles("X", 0) is None
    quote = market.quote("AGG")
    assert quote is not None
    assert quote.last == 0.0


def test_options_of_a_name_without_any_price_have_no_value(tmp_path: Path) -> None:
    """Its chain is listed, but nothing can be worked out."""
    chain = (
        "underlying,root,chain_type,expiration_date,expiration_type,settlement_type,shares_per_contract,"
        "days_to_expiration,trading_days_to_expiration,is_trading_day,strike_count,lowest_strike,highest_strike\n"
        "AGG,AGG,Standard,2026-12-18,Regular,PM,100,23,2,true,1,100.0,100.0\n"
    )
    lake = write_lake(tmp_path, "symbols.csv", "trading_days.csv", "quotes.csv", expiration_series=chain)
    options = replay_world(lake).options
    contract = options.contract("AGG   261218C00100000")
    assert contract is not None
    assert options.contract_by_streamer(".AGG261218C100") == contract
    assert options.quote(contract) is None
    assert options.implied_volatility_index("AGG") is None
    assert options.expiration_volatilities("AGG") == []


def test_options_have_a_past_where_the_candles_have_gaps(tmp_path: Path) -> None:
    """A volume, a volatility, and the day before the quote's may all be unknown."""
    gaps = _plain_candles().replace(",0,498.66,0.21", ",,498.66,").replace("2026-11-24,498", "2026-11-23,498")
    world = replay_world(write_lake(tmp_path, eod_data_2026=gaps))
    contract = world.options.contract("BRKB  261218P00400333")
    assert contract is not None
    history = world.options.candles(contract, 0)
    assert history is not None
    assert history.volume[-2] == 0
    assert all(close > 0 for close in history.close)
    quote = world.options.quote(contract)
    assert quote is not None
    assert quote.prev_close is None
    assert 0 < quote.mark < 5


def _plain_candles() -> str:
    """Candles with sensible prices."""
    rows = CANDLES_2026.splitlines()
    rows[1] = "BRK/B,2026-11-24,498.0,500.0,497.0,498.0,0,498.66,0.21"
    rows[2] = "BRK/B,2026-11-25,498.123456,500.5,497.0,499.25,1234567,,0.22"
    return "\n".join(rows) + "\n"


def _ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)
