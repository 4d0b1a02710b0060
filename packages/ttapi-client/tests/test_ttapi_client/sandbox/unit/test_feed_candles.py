# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candle histories on the feed: rows, flags, frames, limits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from test_ttapi_client.sandbox.wire import (
    BEGIN,
    CANDLE_FIELDS,
    END,
    REMOVE,
    FeedClient,
    RestClient,
    until_asleep,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ttapi_core.clock import ManualClock

    OpenFeed = Callable[..., Awaitable[FeedClient]]

SDK_FIELD_NAMES = """
    eventSymbol eventTime eventFlags index time sequence count volume vwap bidVolume askVolume impVolatility
    openInterest open high low close
"""
SDK_FIELDS = SDK_FIELD_NAMES.split()


def _ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize("contract", ["AUTO", "HISTORY"])
async def test_a_short_history_comes_newest_first_with_a_closing_row(feed: OpenFeed, contract: str) -> None:
    """BEGIN on the newest, END on a placeholder before everything asked for (API facts 7.5)."""
    client = await feed(contract=contract)
    await client.subscribe("AAPL{=d,tho=true}", from_time=_ms("2026-11-16"))
    snapshot = await client.snapshot()
    days = [datetime.fromtimestamp(row["time"] / 1000, UTC).date().isoformat() for row in snapshot.rows]
    assert days == ["2026-11-20", "2026-11-19", "2026-11-18", "2026-11-17", "2026-11-16", "2026-11-15"]
    assert [row["eventFlags"] for row in snapshot.rows] == [BEGIN, 0, 0, 0, 0, REMOVE | END]
    closing = snapshot.rows[-1]
    assert [closing[name] for name in ("open", "high", "low", "close", "volume")] == ["NaN"] * 5
    assert {row["eventSymbol"] for row in snapshot.rows} == {"AAPL{=d,tho=true}"}


async def test_the_index_is_made_of_the_time(feed: OpenFeed) -> None:
    """Seconds shifted by 32 bits, as the facts compute it by example."""
    client = await feed()
    await client.subscribe("SPY{=d}", from_time=_ms("2026-06-15"))
    rows = {row["time"]: row["index"] for row in (await client.snapshot()).rows}
    assert rows[1781481600000] == 7651405210425753600


async def test_ten_years_arrive_whole_in_frames_of_limited_size(rest: RestClient, feed: OpenFeed) -> None:
    """Every trading day once, no frame above 65,536 bytes, BEGIN and END once, at the ends."""
    client = await feed(fields={"Candle": SDK_FIELDS})
    await client.subscribe("AAPL{=d,tho=true}", from_time=_ms("2016-11-21"))
    snapshot = await client.snapshot()
    assert max(snapshot.frames) <= 65_536
    assert len(snapshot.frames) > 3
    assert [row["eventFlags"] for row in snapshot.rows] == [
        BEGIN,
        *[0] * (len(snapshot.rows) - 2),
        REMOVE | END,
    ]
    times = [row["time"] for row in snapshot.candles]
    assert times == sorted(set(times), reverse=True)
    assert len(times) == await _count_trading_days(rest, 2016, 2026)
    counts = await rest.statistics()
    assert counts["candle_rows"] == len(snapshot.rows)
    assert counts["candle_snapshots"] == 1
    assert counts["largest_frame_bytes"] == max(snapshot.frames)


async def test_columns_follow_the_request(feed: OpenFeed) -> None:
    """Any order, repeated or unknown names: one column each, "NaN" where nothing is known."""
    names = [
        "close",
        "nonsense",
        "time",
        "VWAP",
        "eventSymbol",
        "vwap",
        "eventFlags",
        "openInterest",
        "close",
    ]
    client = await feed(fields={"Candle": names})
    await client.subscribe("AAPL{=d}", from_time=_ms("2026-11-20"))
    data = (await client.receive())["data"]
    assert data[0] == "Candle"
    row = data[1][: len(names)]
    assert row[0] == row[8]
    assert row[1] == row[7] == "NaN"
    assert row[3] == row[5]
    assert row[2] == _ms("2026-11-20")
    assert row[4] == "AAPL{=d}"


async def test_without_a_setup_the_layout_is_announced_before_data(rest: RestClient, feed: OpenFeed) -> None:
    """FULL by default: objects with their type, fields without a value left out."""
    client = await feed()
    await client.send(type="CHANNEL_REQUEST", channel=3, service="FEED", parameters={"contract": "AUTO"})
    await client.receive()
    add = [{"type": "Candle", "symbol": "AAPL{=d}", "fromTime": _ms("2026-11-20")}]
    await client.send(type="FEED_SUBSCRIPTION", channel=3, add=add)
    config = await client.receive()
    assert (config["type"], config["dataFormat"]) == ("FEED_CONFIG", "FULL")
    assert "VWAP" in config["eventFields"]["Candle"]
    data = (await client.receive())["data"]
    assert [event["eventType"] for event in data] == ["Candle", "Candle"]
    assert data[0]["eventFlags"] == BEGIN
    assert "openInterest" not in data[0]
    assert data[1]["close"] == "NaN"


async def test_full_form_says_the_same_as_compact(feed: OpenFeed) -> None:
    """Row by row and field by field."""
    compact, full = await feed(), await feed(data_format="FULL")
    await compact.subscribe("KO{=d}", from_time=_ms("2026-09-01"))
    await full.subscribe("KO{=d}", from_time=_ms("2026-09-01"))
    rows = (await compact.snapshot()).rows
    events: list[dict[str, Any]] = []
    while not events or not events[-1]["eventFlags"] & END:
        message = await full.receive_raw()
        assert len(message.data.encode()) <= 65_536
        events += orjson.loads(message.data)["data"]
    assert [{"eventType": "Candle", **row} for row in rows] == events


@pytest.mark.parametrize(
    ("asked", "echoed"),
    [
        ("AAPL{=1d,tho=true}", "AAPL{=d,tho=true}"),
        ("AAPL{=d,tho=true,a=m,price=last}", "AAPL{=d,tho=true}"),
        ("AAPL{=d,tho=false}", "AAPL{=d}"),
        ("BRK/B{=d,tho=true,a=s}", "BRK/B{=d,a=s,tho=true}"),
    ],
)
async def test_the_echo_is_canonical(feed: OpenFeed, asked: str, echoed: str) -> None:
    """Defaults are left out, a count of one too (API facts 7.4)."""
    client = await feed()
    await client.subscribe(asked, from_time=_ms("2026-11-18"))
    assert {row["eventSymbol"] for row in (await client.snapshot()).rows} == {echoed}


@pytest.mark.parametrize("from_time", [_ms("2026-11-21"), 1 << 60, None])
@pytest.mark.parametrize("symbol", ["AAPL{=d}"])
async def test_a_history_that_begins_now_is_empty(feed: OpenFeed, symbol: str, from_time: int | None) -> None:
    """One row that is begin, end and removal at once (API facts 7.5 and 10, 9)."""
    client = await feed()
    await client.subscribe(symbol, from_time=from_time)
    (row,) = (await client.snapshot()).rows
    assert row["eventFlags"] == BEGIN | REMOVE | END
    assert row["close"] == "NaN"
    assert row["eventSymbol"] == symbol


async def test_an_unknown_symbol_has_an_empty_history(feed: OpenFeed) -> None:
    """The same single row; silence would leave the caller waiting."""
    client = await feed()
    await client.subscribe("NOPE{=d}")
    assert [row["eventFlags"] for row in (await client.snapshot()).rows] == [BEGIN | REMOVE | END]


@pytest.mark.parametrize(
    "symbol",
    [
        "AAPL",
        "AAPL{=t}",
        "AAPL{=100t}",
        "AAPL{=o}",
        "AAPL{=y}",
        "AAPL{=1000v}",
        "AAPL{=0.5p}",
        "AAPL{=pr}",
        "AAPL{=0d}",
        "AAPL{=d,price=bid}",
        "AAPL{=5m,pl=0.1}",
        "AAPL{=d,tho=maybe}",
        "AAPL{=d,a=x}",
        "AAPL{=d",
        "{=d}",
    ],
)
async def test_what_is_not_simulated_is_refused_by_name(feed: OpenFeed, symbol: str) -> None:
    """ERROR BAD_ACTION with the symbol in it; the channel goes on."""
    client = await feed()
    await client.subscribe(symbol)
    refusal = await client.receive()
    assert refusal["error"] == "BAD_ACTION"
    assert refusal["channel"] == 1
    assert symbol in refusal["message"]
    assert "s, m, h, d, w, mo" in refusal["message"]
    await client.subscribe("AAPL{=d}", from_time=_ms("2026-11-20"))
    assert len((await client.snapshot()).candles) == 1


@pytest.mark.parametrize(
    "item", [{}, {"type": "Candle"}, {"symbol": "AAPL{=d}"}, "AAPL{=d}", {"type": 1, "symbol": 2}]
)
async def test_an_item_without_type_or_symbol_is_refused(feed: OpenFeed, item: object) -> None:
    """In add it is an error, in remove it is ignored."""
    client = await feed()
    await client.send(type="FEED_SUBSCRIPTION", channel=1, remove=[item], add=[item])
    assert (await client.receive())["error"] == "BAD_ACTION"


@pytest.mark.parametrize("event_type", ["Quote", "Trade", "Summary", "Profile"])
async def test_a_history_needs_a_series(feed: OpenFeed, event_type: str) -> None:
    """Of quotes and the like there is no history; the refusal says so."""
    client = await feed(contract="HISTORY")
    await client.subscribe("AAPL", event_type=event_type)
    refusal = await client.receive()
    assert refusal["error"] == "BAD_ACTION"
    assert f"{event_type} is not served under the contract HISTORY" in refusal["message"]


@pytest.mark.parametrize("contract", ["TICKER", "STREAM"])
@pytest.mark.parametrize(
    ("interval", "since"),
    [
        ("d", "2026-11-18"),
        ("3d", "2026-11-01"),
        ("w", "2026-11-01"),
        ("mo", "2026-09-01"),
        ("5m", "2026-11-20"),
        ("h", "2026-11-20"),
        ("10s", "2026-11-20"),
    ],
)
async def test_without_histories_the_newest_candle_comes(
    feed: OpenFeed, contract: str, interval: str, since: str
) -> None:
    """A ticker has the latest value, a stream what comes: neither has a snapshot (API facts 7.3)."""
    client, history = await feed(contract=contract), await feed(contract="HISTORY")
    await client.subscribe(f"AAPL{{={interval}}}")
    (row,), _ = await client.events()
    assert row["eventFlags"] == 0
    await history.subscribe(f"AAPL{{={interval}}}", from_time=_ms(since))
    newest = (await history.snapshot()).rows[0]
    assert {**newest, "eventFlags": 0} == row


async def test_a_hundred_candle_subscriptions_are_the_limit_at_a_time(
    rest: RestClient, feed: OpenFeed
) -> None:
    """The surplus is refused and stays silent; what is removed makes room (API facts 1.7)."""
    listed = (await rest.get("/instruments/equities/active", per_page="102")).items
    symbols = [f"{item['symbol']}{{=d}}" for item in listed]
    client = await feed()
    await client.subscribe(*symbols, from_time=_ms("2026-11-20"))
    answered: set[str] = set()
    refusal: dict[str, Any] = {}
    while len(answered) < 100 or not refusal:
        message = await client.receive()
        if message["type"] == "ERROR":
            refusal = message
        else:
            answered.add(message["data"][1][0])
    assert refusal["error"] == "BAD_ACTION"
    assert "too large by 2" in refusal["message"]
    assert answered == set(symbols[:100])
    await client.send(type="FEED_SUBSCRIPTION", channel=1, remove=[{"type": "Candle", "symbol": symbols[0]}])
    await client.subscribe(symbols[100], from_time=_ms("2026-11-20"))
    assert (await client.snapshot()).rows[0]["eventSymbol"] == symbols[100]
    await client.subscribe(symbols[101], from_time=_ms("2026-11-20"))
    assert (await client.receive())["error"] == "BAD_ACTION"


async def test_the_limit_counts_all_channels_and_reset_and_cancel_make_room(
    rest: RestClient, feed: OpenFeed
) -> None:
    """It belongs to the connection, not to a channel."""
    listed = (await rest.get("/instruments/equities/active", per_page="100")).items
    client = await feed()
    await client.open_channel(3, contract="AUTO")
    full = [{"type": "Candle", "symbol": f"{item['symbol']}{{=d}}", "fromTime": 1 << 50} for item in listed]
    one = [{"type": "Candle", "symbol": "ZION{=d}", "fromTime": 1 << 50}]
    for release in ({"type": "FEED_SUBSCRIPTION", "reset": True}, {"type": "CHANNEL_CANCEL"}):
        await client.send(type="FEED_SUBSCRIPTION", channel=3, add=full)
        for _ in range(100):
            await client.events()
        await client.send(type="FEED_SUBSCRIPTION", channel=1, add=one)
        assert (await client.receive())["error"] == "BAD_ACTION"
        await client.send(channel=3, **release)
    assert (await client.receive())["type"] == "CHANNEL_CLOSED"
    await client.send(type="FEED_SUBSCRIPTION", channel=1, add=one)
    assert len((await client.snapshot()).rows) == 1


async def test_a_repeated_add_replaces_the_start_and_snapshots_anew(feed: OpenFeed) -> None:
    """Under whatever spelling, and without counting twice (API facts 7.4)."""
    client = await feed()
    await client.subscribe("AAPL{=d}", from_time=_ms("2026-11-20"))
    assert len((await client.snapshot()).candles) == 1
    await client.subscribe("AAPL{=1d,tho=false}", from_time=_ms("2026-11-18"))
    assert len((await client.snapshot()).candles) == 3


@pytest.mark.parametrize(
    "release", [{"reset": True}, {"remove": [{"type": "Candle", "symbol": "AAPL{=1d,tho=false}"}]}]
)
async def test_what_is_removed_before_it_was_sent_is_not_sent(
    rest: RestClient, feed: OpenFeed, clock: ManualClock, release: dict[str, object]
) -> None:
    """Under whatever spelling; what is subscribed afterwards is answered."""
    client = await feed()
    await rest.add_fault("dxlink", "delay", delay_seconds=5, symbols=["AAPL"])
    await client.subscribe("AAPL{=d}")
    await until_asleep(clock, 2)  # the keepalive watch is the other one
    await client.send(type="FEED_SUBSCRIPTION", channel=1, **release)
    await client.subscribe("SPY{=d}", from_time=_ms("2026-11-20"))
    for _ in range(5):
        await rest.statistics()  # so that the server has read what was said
    clock.advance(5)
    assert {row["eventSymbol"] for row in (await client.snapshot()).rows} == {"SPY{=d}"}


async def test_one_message_may_reset_remove_and_add(feed: OpenFeed) -> None:
    """In that order, so that what is added stays."""
    client = await feed()
    item = {"type": "Candle", "symbol": "AAPL{=d}", "fromTime": _ms("2026-11-20")}
    await client.send(type="FEED_SUBSCRIPTION", channel=1, reset=True, remove=[item], add=[item])
    assert len((await client.snapshot()).candles) == 1


async def test_todays_candle_appears_with_the_opening(feed: OpenFeed, market_clock: ManualClock) -> None:
    """Not before; from then on it is the newest."""
    client = await feed()
    newest = []
    market_clock.advance(2 * 86_400 + 3600)  # Monday, 00:00 UTC
    for seconds in (14.25 * 3600, 15 * 60 + 1, 6 * 3600):
        market_clock.advance(seconds)
        await client.subscribe("AAPL{=d}", from_time=_ms("2026-11-19"))
        newest.append((await client.snapshot()).rows[0]["time"])
    assert newest == [_ms("2026-11-20"), _ms("2026-11-23"), _ms("2026-11-23")]


async def test_the_last_candle_is_the_quote(rest: RestClient, feed: OpenFeed) -> None:
    """Last price, day's extremes, volume and the close before agree with the history."""
    client = await feed()
    for symbol in ("AAPL", "SPY", "BRK/B"):
        await client.subscribe(f"{symbol}{{=d}}", from_time=_ms("2025-11-19"))
        candles = (await client.snapshot()).candles
        quote = (await rest.get(f"/market-data/Equity/{symbol}")).data
        last, before = candles[0], candles[1]
        assert float(quote["last"]) == float(quote["close"]) == last["close"]
        assert float(quote["open"]) == last["open"]
        assert float(quote["day-high-price"]) == last["high"]
        assert float(quote["day-low-price"]) == last["low"]
        assert float(quote["volume"]) == last["volume"]
        assert float(quote["prev-close"]) == before["close"]
        assert float(quote["year-high-price"]) == max(row["high"] for row in candles[:252])
        assert float(quote["year-low-price"]) == min(row["low"] for row in candles[:252])


async def test_young_and_delisted_names_have_shorter_histories(rest: RestClient, feed: OpenFeed) -> None:
    """Some begin late and some have ended; a delisted one has no quote."""
    listed = []
    for page in range(4):
        listed += (await rest.get("/instruments/equities", page_offset=str(page))).items
    gone = next(item["symbol"] for item in listed if not item["active"])
    client = await feed()
    await client.subscribe(f"{gone}{{=d}}")
    assert (await client.snapshot()).rows[0]["time"] < _ms("2026-09-01")
    assert (await rest.get("/market-data/by-type", equity=gone)).items == []
    assert (await rest.get(f"/option-chains/{gone}/nested")).status == 404


async def _count_trading_days(rest: RestClient, first_year: int, last_year: int) -> int:
    """How many days the sessions route lists from 21 November of one year to the 20th of another."""
    count = 0
    for year in range(first_year, last_year):
        for start, end in (
            (f"{year}-11-21", f"{year + 1}-05-31"),
            (f"{year + 1}-06-01", f"{year + 1}-11-20"),
        ):
            count += len((await rest.get("/market-time/sessions", from_date=start, to_date=end)).items)
    return count


def test_the_fields_of_these_tests_are_a_subset_of_the_known_ones() -> None:
    """So that a typing error in a test cannot pass as an unknown field."""
    assert set(CANDLE_FIELDS) <= set(SDK_FIELDS)
