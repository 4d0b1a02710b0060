# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the feed pushes after the first data: it moves with the market's clock, and with nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from test_ttapi_client.sandbox.wire import until_asleep
from ttapi_core.clock import ManualClock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from test_ttapi_client.sandbox.wire import FeedClient, RestClient
    from ttapi_client.sandbox import World

    OpenFeed = Callable[..., Awaitable[FeedClient]]

QUOTE = ["eventSymbol", "bidPrice", "askPrice", "bidSize", "askSize", "bidTime"]
TRADE = ["eventSymbol", "price", "size", "time", "dayVolume", "dayId"]
FIELDS = {"Quote": QUOTE, "Trade": TRADE}
# Monday, ten o'clock in New York.
MORNING = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.fixture
def market_clock() -> ManualClock:
    """The clock that the market moves with."""
    return ManualClock(MORNING)


async def test_a_quote_follows_the_market(
    rest: RestClient, feed: OpenFeed, market_clock: ManualClock
) -> None:
    """Each new one is that of the REST route at the same instant."""
    client = await feed(contract="AUTO", fields=FIELDS)
    await client.subscribe("AAPL", event_type="Quote")
    seen = [(await client.events("Quote"))[0][0]]
    for _ in range(5):
        await _advance(market_clock, 60)
        (row,), _ = await client.events("Quote")
        quote = (await rest.get("/market-data/Equity/AAPL")).data
        assert [row["bidPrice"], row["askPrice"]] == [float(quote["bid"]), float(quote["ask"])]
        assert [row["bidSize"], row["askSize"]] == [float(quote["bid-size"]), float(quote["ask-size"])]
        seen.append(row)
    assert len({(row["bidPrice"], row["askPrice"]) for row in seen}) > 3
    assert [row["bidTime"] for row in seen] == sorted({row["bidTime"] for row in seen})


async def test_a_trade_follows_the_market(
    rest: RestClient, feed: OpenFeed, market_clock: ManualClock
) -> None:
    """Price, size and the day's volume, as on the other way in."""
    client = await feed(contract="TICKER", fields=FIELDS)
    await client.subscribe("SPY", event_type="Trade")
    before = (await client.events("Trade"))[0][0]
    await _advance(market_clock, 90)
    (row,), _ = await client.events("Trade")
    quote = (await rest.get("/market-data/Equity/SPY")).data
    assert row["price"] == float(quote["last"])
    assert row["dayVolume"] == float(quote["volume"]) > before["dayVolume"]
    assert row["time"] == quote["last-trade-time"] > before["time"]


async def test_nothing_moves_while_the_clock_stands(feed: OpenFeed, market_clock: ManualClock) -> None:
    """Nor when it moves by less than a second, in which nothing happens."""
    client = await feed(contract="AUTO", fields=FIELDS)
    await client.subscribe("AAPL", event_type="Quote")
    await client.events("Quote")
    await client.heard()
    for _ in range(4):
        await _advance(market_clock, 0.2)
        await client.heard()


async def test_nothing_is_sent_when_nothing_has_changed(feed: OpenFeed, market_clock: ManualClock) -> None:
    """Over the weekend the clock moves, and the market does not."""
    market_clock.advance(5 * 86_400)  # Saturday
    client = await feed(contract="AUTO", fields={"Quote": QUOTE, "Trade": TRADE, "Summary": ["dayId"]})
    for event_type in ("Quote", "Trade", "Summary"):
        await client.subscribe("AAPL", "SPY", event_type=event_type)
        for _ in range(2):
            await client.events(event_type)
    for _ in range(3):
        await _advance(market_clock, 3600)
        await until_asleep(market_clock, 1)
        await client.heard()


async def test_a_step_by_hand_is_felt_at_once(
    feed: OpenFeed, world: World, market_clock: ManualClock
) -> None:
    """The market's clock is stepped while the one underneath stands still."""
    client = await feed(contract="AUTO", fields=FIELDS)
    await client.subscribe("AAPL", event_type="Quote")
    before = (await client.events("Quote"))[0][0]
    await until_asleep(market_clock, 1)
    world.market.clock.step(120)
    after = (await client.events("Quote"))[0][0]
    assert after["bidTime"] >= before["bidTime"] + 60_000


@pytest.mark.parametrize("event_type", ["Quote", "Trade"])
async def test_a_stream_has_every_event_and_a_ticker_the_last(
    feed: OpenFeed, market_clock: ManualClock, event_type: str
) -> None:
    """Ten seconds at once: the ticker leaves out what the stream has."""
    ticker, stream = [await feed(contract=contract, fields=FIELDS) for contract in ("TICKER", "STREAM")]
    for client in (ticker, stream):
        await client.subscribe("AAPL", event_type=event_type)
        await client.events(event_type)
    await _advance(market_clock, 10, connections=2)
    last, every = [(await client.events(event_type))[0] for client in (ticker, stream)]
    assert len(last) == 1
    assert 3 < len(every) <= 10
    assert every[-1] == last[0]
    price = "bidPrice" if event_type == "Quote" else "price"
    assert len({row[price] for row in every}) > 1


async def test_a_stream_looks_back_a_minute_at_most(feed: OpenFeed, market_clock: ManualClock) -> None:
    """Whoever steps by an hour is not sent thousands of quotes."""
    client = await feed(contract="STREAM", fields=FIELDS)
    await client.subscribe("AAPL", event_type="Quote")
    await client.events("Quote")
    await _advance(market_clock, 3600)
    rows, _ = await client.events("Quote")
    assert 10 < len(rows) <= 61
    assert rows[0]["bidTime"] >= _ms(MORNING) + 3_539_000


async def test_what_is_removed_is_not_pushed(feed: OpenFeed, market_clock: ManualClock) -> None:
    """By remove, by reset, and with its channel; the rest goes on."""
    client = await feed(contract="AUTO", fields=FIELDS)
    await client.open_channel(3, fields=FIELDS)
    await client.subscribe("AAPL", "SPY", event_type="Quote")
    await client.subscribe("QQQ", event_type="Quote", channel=3)
    for _ in range(3):
        await client.events("Quote")
    await client.unsubscribe("AAPL", event_type="Quote")
    await client.heard()
    await _advance(market_clock, 60)
    assert await _symbols(client, 2) == {"SPY", "QQQ"}
    await client.send(type="FEED_SUBSCRIPTION", channel=1, reset=True)
    await client.heard()
    await _advance(market_clock, 60)
    assert await _symbols(client, 1) == {"QQQ"}
    await client.send(type="CHANNEL_CANCEL", channel=3)
    assert (await client.receive())["type"] == "CHANNEL_CLOSED"
    await _advance(market_clock, 60)
    await until_asleep(market_clock, 1)
    await client.heard()


async def test_many_symbols_of_one_type_come_in_one_frame(feed: OpenFeed, market_clock: ManualClock) -> None:
    """One type and one array, as clients read them (API facts 9.5)."""
    client = await feed(contract="AUTO", fields=FIELDS)
    await client.subscribe("AAPL", "SPY", "MSFT", event_type="Quote")
    await client.subscribe("AAPL", "SPY", event_type="Trade")
    for event_type in ["Quote"] * 3 + ["Trade"] * 2:
        await client.events(event_type)
    await _advance(market_clock, 60)
    quotes, _ = await client.events("Quote")
    trades, _ = await client.events("Trade")
    assert [row["eventSymbol"] for row in quotes] == ["AAPL", "SPY", "MSFT"]
    assert [row["eventSymbol"] for row in trades] == ["AAPL", "SPY"]


async def test_full_form_is_pushed_as_objects(feed: OpenFeed, market_clock: ManualClock) -> None:
    """With the type in each of them."""
    client = await feed(contract="AUTO", fields=FIELDS, data_format="FULL")
    await client.subscribe("AAPL", "SPY", event_type="Quote")
    for _ in range(2):
        await client.receive()
    await _advance(market_clock, 60)
    events = (await client.receive())["data"]
    assert [(event["eventType"], event["eventSymbol"]) for event in events] == [
        ("Quote", "AAPL"),
        ("Quote", "SPY"),
    ]
    assert events[0].keys() == {"eventType", *QUOTE}


async def test_a_new_setup_holds_for_what_is_subscribed_already(
    feed: OpenFeed, market_clock: ManualClock
) -> None:
    """From the FEED_CONFIG on, per type (API facts 7.3)."""
    client = await feed(contract="AUTO", fields=FIELDS)
    await client.subscribe("AAPL", event_type="Quote")
    await client.subscribe("AAPL", event_type="Trade")
    for event_type in ("Quote", "Trade"):
        await client.events(event_type)
    await client.send(type="FEED_SETUP", channel=1, acceptEventFields={"Quote": ["askPrice", "eventSymbol"]})
    assert (await client.receive())["eventFields"] == {"Quote": ["askPrice", "eventSymbol"]}
    client.fields = {"Quote": ["askPrice", "eventSymbol"], "Trade": TRADE}
    await _advance(market_clock, 60)
    (quote,), _ = await client.events("Quote")
    (trade,), _ = await client.events("Trade")
    assert quote["eventSymbol"] == trade["eventSymbol"] == "AAPL"
    await client.send(type="FEED_SETUP", channel=1, acceptDataFormat="FULL")
    await client.receive()
    await _advance(market_clock, 60)
    (event,) = (await client.receive())["data"]
    assert event.keys() == {"eventType", "askPrice", "eventSymbol"}


async def test_a_channel_has_its_news_once_in_its_period(
    feed: OpenFeed, market_clock: ManualClock, clock: ManualClock
) -> None:
    """The slow channel waits, the quick one beside it does not."""
    client = await feed(contract="AUTO", fields=FIELDS)
    await client.open_channel(3, fields=FIELDS)
    await client.send(type="FEED_SETUP", channel=1, acceptAggregationPeriod=5)
    assert (await client.receive())["aggregationPeriod"] == 5
    await client.subscribe("AAPL", event_type="Quote", channel=1)
    await client.subscribe("SPY", event_type="Quote", channel=3)
    for _ in range(2):
        await client.events("Quote")
    pushed: list[list[str]] = []
    for _ in range(10):
        await until_asleep(market_clock, 1)
        clock.advance(1)
        market_clock.advance(1)
        await until_asleep(market_clock, 1)
        await client.send(type="FEED_SUBSCRIPTION", channel=99)
        pushed.append([])
        while (message := await client.receive())["type"] == "FEED_DATA":
            pushed[-1].append(message["data"][1][0])
    assert sum("AAPL" in symbols for symbols in pushed) == 2
    assert sum("SPY" in symbols for symbols in pushed) > 5


async def test_a_mute_socket_pushes_nothing(
    rest: RestClient, feed: OpenFeed, market_clock: ManualClock
) -> None:
    """Neither answers nor news (API facts 10, 39)."""
    client, other = [await feed(contract="AUTO", fields=FIELDS) for _ in range(2)]
    for one in (client, other):
        await one.subscribe("AAPL", event_type="Quote")
        await one.events("Quote")
    await rest.add_fault("dxlink", "mute", times=1)
    await client.subscribe("SPY", event_type="Quote")
    await _advance(market_clock, 60, connections=2)
    await other.events("Quote")
    with pytest.raises(TimeoutError):
        await client.websocket.receive(timeout=0.05)


async def test_a_silent_subscription_has_no_news_either(
    rest: RestClient, feed: OpenFeed, market_clock: ManualClock
) -> None:
    """It was accepted, and never says anything."""
    client = await feed(contract="AUTO", fields=FIELDS)
    await rest.add_fault("dxlink", "silent", symbols=["SPY"])
    await client.subscribe("SPY", "AAPL", event_type="Quote")
    await client.events("Quote")
    await _advance(market_clock, 60)
    assert await _symbols(client, 1) == {"AAPL"}


async def test_a_subscription_may_be_repeated(feed: OpenFeed, market_clock: ManualClock) -> None:
    """The first data comes again, and the news once."""
    client = await feed(contract="AUTO", fields=FIELDS)
    for _ in range(2):
        await client.subscribe("AAPL", event_type="Quote")
        await client.events("Quote")
    await _advance(market_clock, 60)
    rows, _ = await client.events("Quote")
    assert len(rows) == 1
    await client.heard()


async def test_a_hundred_symbols_are_pushed_at_once(
    rest: RestClient, feed: OpenFeed, market_clock: ManualClock
) -> None:
    """In frames of the usual size, every one that has moved."""
    listed = (await rest.get("/instruments/equities/active", per_page="1000")).items
    symbols = [item["symbol"] for item in listed if item["id"] < 10_000][:100]
    client = await feed(contract="AUTO", fields=FIELDS)
    await client.subscribe(*symbols, event_type="Quote")
    for _ in symbols:
        await client.events("Quote")
    await _advance(market_clock, 60)
    rows, size = await client.events("Quote")
    assert len(rows) > 90
    assert size < 65_536
    await client.heard()


async def test_a_stream_does_not_look_back_over_midnight(feed: OpenFeed, market_clock: ManualClock) -> None:
    """A quote of the day before is no quote of today."""
    market_clock.advance(14 * 3600 - 10)  # ten seconds to midnight in New York
    client = await feed(contract="STREAM", fields=FIELDS)
    await client.subscribe("AAPL", event_type="Quote")
    await client.events("Quote")
    await _advance(market_clock, 20)
    rows, _ = await client.events("Quote")
    assert rows[0]["bidTime"] >= _ms(MORNING) + 14 * 3_600_000


async def _advance(market_clock: ManualClock, seconds: float, *, connections: int = 1) -> None:
    """Let the market's time pass once every connection waits for it."""
    await until_asleep(market_clock, connections)
    market_clock.advance(seconds)


async def _symbols(client: FeedClient, count: int) -> set[str]:
    rows: list[Any] = []
    while len(rows) < count:
        rows += (await client.events("Quote"))[0]
    return {row["eventSymbol"] for row in rows}


def _ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
