# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The candle feed when all goes well, and when its consumer is slow, leaves early or closes it."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

import pytest

from test_ttapi_client.dxlink_feeds import (
    QUICK,
    SINCE,
    NoToken,
    collect,
    drained,
    feed_from,
    history_of,
    unpacked,
)
from test_ttapi_client.dxlink_stub import (
    DxLinkStub,
    Link,
    snapshot,
    times,
)
from ttapi_client.dxlink import CandleFeed, FeedPolicy
from ttapi_core.candles import CandleInterval, CandleUnit
from ttapi_core.clock import ManualClock, SystemClock
from ttapi_core.errors import (
    TransportError,
    UnknownSymbolError,
)
from ttapi_core.outcome import Ok
from ttapi_core.tasks import TaskRegistry


async def test_every_symbol_comes_once_with_its_candles_oldest_first() -> None:
    """The ordinary case, with a repeated symbol and one that has nothing."""
    stub = DxLinkStub({"AAPL": 3, "BRK/B": 2})
    got = await history_of(stub, ["AAPL", "BRK/B", "NONE", "AAPL"])
    assert got.keys() == {"AAPL", "BRK/B", "NONE"}
    assert got["AAPL"].to_lists() == {
        "time": times(3),
        "open": [101.0, 100.0, 99.0],
        "high": [103.0, 102.0, 101.0],
        "low": [100.0, 99.0, 98.0],
        "close": [102.0, 101.0, 100.0],
        "volume": [102, 101, 100],
        "vwap": [101.5, 100.5, 99.5],
        "implied_volatility": [None, None, None],
    }
    assert got["BRK/B"].symbol == "BRK/B"
    assert len(got["BRK/B"]) == 2
    assert len(got["NONE"]) == 0
    assert set(got["NONE"].columns) == set(got["AAPL"].columns)


async def test_the_conversation_follows_the_protocol_to_the_letter() -> None:
    """Order of messages, odd channels, what is asked, and a goodbye."""
    stub = DxLinkStub({"AAPL": 3})
    await history_of(stub, ["AAPL"])
    (link,) = stub.links
    assert stub.user_agents == ["ttapi-test/1.0"]
    assert link.kinds() == [
        "SETUP", "AUTH", "CHANNEL_REQUEST", "FEED_SETUP", "FEED_SUBSCRIPTION", "FEED_SUBSCRIPTION",
        "CHANNEL_CANCEL",
    ]  # fmt: skip
    setup, auth, request, feed_setup, add, remove, cancel = link.received
    assert setup == {
        "type": "SETUP",
        "channel": 0,
        "version": "0.1-ttapi-test/1.0",
        "keepaliveTimeout": 60.0,
        "acceptKeepaliveTimeout": 60.0,
    }
    assert auth == {"type": "AUTH", "channel": 0, "token": "dx-token-1"}
    assert request["channel"] == 1
    assert request["parameters"] == {"contract": "HISTORY"}
    assert feed_setup["acceptDataFormat"] == "COMPACT"
    assert feed_setup["acceptEventFields"]["Candle"][:4] == ["eventSymbol", "eventFlags", "index", "time"]
    subscription = {"type": "Candle", "symbol": "AAPL{=d,tho=true}", "fromTime": 1_451_606_400_000}
    assert add["add"] == [subscription]
    assert remove["remove"] == [subscription]
    assert cancel["channel"] == 1


async def test_without_symbols_nothing_is_opened() -> None:
    """No connection for nothing."""
    stub = DxLinkStub({})
    assert await history_of(stub, []) == {}
    assert stub.links == []


async def test_a_text_that_is_no_streamer_symbol_fails_alone() -> None:
    """Braces would change what is asked for."""
    stub = DxLinkStub({"AAPL": 1})
    got = await history_of(stub, ["AAPL{=m}", "AAPL", ""])
    assert isinstance(got["AAPL{=m}"], UnknownSymbolError)
    assert isinstance(got[""], UnknownSymbolError)
    assert len(got["AAPL"]) == 1


async def test_interval_and_hours_reach_the_subscription() -> None:
    """Other intervals, and all hours."""

    class AnyHours(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            await link.feed(channel, snapshot(symbol, 2))

    stub = AnyHours({})
    async with stub, feed_from(stub) as feed:
        five_minutes = CandleInterval(unit=CandleUnit.MINUTE, count=5)
        histories = feed.history(["SPY"], since=SINCE, interval=five_minutes, regular_hours_only=False)
        assert [symbol async for symbol, _ in histories] == ["SPY"]
    assert stub.links[0].changes("add") == [["SPY{=5m}"]]


async def test_never_more_than_the_window_is_subscribed_and_changes_come_in_batches() -> None:
    """Counted at the server, in the order in which it hears of them."""

    class Counting(DxLinkStub):
        subscribed = most = 0

        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            self.subscribed += 1
            self.most = max(self.most, self.subscribed)
            await super().on_add(link, channel, symbol)

        async def on_remove(self, link: Link, channel: int, symbol: str) -> None:
            self.subscribed -= 1

    symbols = [f"S{number}" for number in range(100)]
    stub = Counting(dict.fromkeys(symbols, 2))
    got = await history_of(stub, symbols, policy=FeedPolicy(window=20))
    assert all(len(candles) == 2 for candles in got.values())
    assert len(got) == 100
    assert stub.most == 20
    assert stub.subscribed == 0
    assert len(stub.links[0].changes("add")) <= 1 + 80 // 5


async def test_leaving_early_unsubscribes_and_closes_at_once() -> None:
    """The server hears the end of the channel before the end of the connection."""
    stub = DxLinkStub(dict.fromkeys(("AAPL", "SPY", "QQQ"), 3))
    async with stub, feed_from(stub, policy=FeedPolicy(window=1)) as feed:
        async with aclosing(feed.history(["AAPL", "SPY", "QQQ"], since=SINCE)) as histories:
            async for symbol, _ in histories:
                assert symbol == "AAPL"
                break
        link = stub.links[0]
        await drained(link)
        assert link.kinds()[-1] == "CHANNEL_CANCEL"
        assert link.socket.close_code == 1000


async def test_closing_the_feed_turns_what_is_left_into_errors() -> None:
    """Nobody waits for ever for a feed that is gone."""
    stub = DxLinkStub({"AAPL": 3})
    stub_silent = {"SPY", "QQQ"}

    class Silent(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            if not symbol.startswith(tuple(stub_silent)):
                await super().on_add(link, channel, symbol)

    stub = Silent({"AAPL": 3})
    got: dict[str, Any] = {}
    async with stub, feed_from(stub) as feed:
        async for symbol, outcome in feed.history(["AAPL", "SPY", "QQQ"], since=SINCE):
            got[symbol] = unpacked(outcome)
            await feed.aclose()
    assert len(got["AAPL"]) == 3
    assert all(isinstance(got[symbol], TransportError) for symbol in stub_silent)


async def test_while_the_consumer_is_behind_the_socket_is_not_read_but_kept_alive() -> None:
    """Minutes of pause: no symbol is given up, KEEPALIVE goes on, and the backlog is bounded."""
    clock = ManualClock()
    symbols = [f"S{number}" for number in range(30)]
    stub = DxLinkStub(dict.fromkeys(symbols, 5))
    policy = FeedPolicy(window=10, outcomes_ahead=2, symbol_timeout_seconds=20)
    async with stub, feed_from(stub, clock=clock, policy=policy) as feed:
        histories = feed.history(symbols, since=SINCE)
        got = [(await anext(histories))[0]]
        for _ in range(600):  # seconds of the clock, in which the loop runs freely
            clock.advance(0.5)
            await clock.sleep(0)
        ended = feed.statistics.candles // 5
        assert ended < 10
        assert stub.links[0].kinds().count("KEEPALIVE") >= 4
        async for symbol, outcome in histories:
            assert isinstance(outcome, Ok)
            got.append(symbol)
    assert sorted(got) == sorted(symbols)
    assert len(stub.links) == 1


async def test_a_mistake_of_ours_is_not_swallowed() -> None:
    """An error that is none of the tree leaves as it is, and the task is gone."""
    tokens = NoToken(SystemClock(), ZeroDivisionError())  # type: ignore[arg-type]
    async with TaskRegistry() as tasks:
        feed = CandleFeed(tokens, clock=SystemClock(), tasks=tasks, user_agent="t/1", policy=QUICK)
        with pytest.raises(ZeroDivisionError):
            await collect(feed, ["AAPL"])
        assert len(tasks) == 0
