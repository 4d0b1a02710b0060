# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The candle feed when symbols or contracts are refused, empty, cut short or silent."""

from __future__ import annotations

from typing import Any

from test_ttapi_client.dxlink_feeds import (
    SINCE,
    collect,
    drive,
    feed_from,
    history_of,
    unpacked,
)
from test_ttapi_client.dxlink_stub import (
    END,
    SNIP,
    DxLinkStub,
    Link,
    empty_snapshot,
    snapshot,
    times,
)
from ttapi_client.dxlink import FeedPolicy
from ttapi_core.clock import ManualClock
from ttapi_core.errors import (
    ApiError,
    IncompleteDataError,
)
from ttapi_core.outcome import Ok
from ttapi_core.tasks import TaskRegistry


async def test_an_empty_history_is_asked_for_again_under_auto() -> None:
    """HISTORY knows nothing of it, AUTO does; the window holds both."""

    class OnlyAuto(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            if link.contracts[channel] == "HISTORY":
                await link.feed(channel, empty_snapshot(symbol))
            else:
                await super().on_add(link, channel, symbol)

    stub = OnlyAuto({"AAPL": 4})
    async with stub, feed_from(stub) as feed:
        outcomes = await collect(feed, ["AAPL", "NONE"])
        assert feed.statistics.fallbacks == 2
    assert outcomes["AAPL"][1].value.to_lists()["time"] == times(4)  # type: ignore[union-attr]
    assert outcomes["NONE"][1].value.to_lists()["time"] == []  # type: ignore[union-attr]
    assert stub.links[0].contracts == {1: "HISTORY", 3: "AUTO"}


async def test_a_refused_history_channel_falls_back_to_auto() -> None:
    """BAD_ACTION as the answer to the request is that channel's failure, not the connection's."""

    class Refusing(DxLinkStub):
        async def on_channel(self, link: Link, channel: int) -> None:
            if link.contracts[channel] == "AUTO":
                await super().on_channel(link, channel)
            else:
                await link.send("ERROR", channel, error="BAD_ACTION", message="no such contract")

    stub = Refusing({"AAPL": 3, "SPY": 2})
    got = await history_of(stub, ["AAPL", "SPY", "NONE"])
    assert len(got["AAPL"]) == 3
    assert len(got["SPY"]) == 2
    # Empty under AUTO is not believed when HISTORY has not said so (issue 353 of the community SDK).
    assert isinstance(got["NONE"], IncompleteDataError)
    assert len(stub.links) == 1


async def test_one_symbol_that_the_feed_refuses_takes_no_other_with_it() -> None:
    """BAD_ACTION on an open channel: the refused one stays silent there, and is refused under AUTO too."""
    clock = ManualClock()

    class Picky(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            if symbol.startswith("BAD"):
                await link.send("ERROR", channel, error="BAD_ACTION", message="not a symbol of ours")
            else:
                await super().on_add(link, channel, symbol)

    stub = Picky({"AAPL": 3, "SPY": 2})
    async with stub, feed_from(stub, clock=clock) as feed, TaskRegistry() as tasks:
        outcomes = {}
        async for symbol, outcome in feed.history(["BAD", "AAPL", "SPY"], since=SINCE):
            outcomes[symbol] = unpacked(outcome)
            if len(outcomes) == 2:
                _ = tasks.spawn("drive", drive(clock))
    assert len(outcomes["AAPL"]) == 3  # type: ignore[arg-type]
    assert len(outcomes["SPY"]) == 2  # type: ignore[arg-type]
    assert type(outcomes["BAD"]) is ApiError
    assert "not a symbol of ours" in str(outcomes["BAD"])
    assert clock.monotonic() < 30
    assert len(stub.links) == 1


async def test_a_channel_that_is_dead_after_an_error_is_given_up() -> None:
    """Everything under HISTORY is refused, one by one and without an end: AUTO takes over in ten seconds."""
    clock = ManualClock()

    class Dead(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            if link.contracts[channel] == "AUTO":
                await super().on_add(link, channel, symbol)
            else:
                await link.send("ERROR", channel, error="BAD_ACTION", message="no candles here")

    symbols = [f"S{number}" for number in range(40)]
    stub = Dead(dict.fromkeys(symbols, 2))
    policy = FeedPolicy(window=4)
    async with stub, feed_from(stub, clock=clock, policy=policy) as feed, TaskRegistry() as tasks:
        _ = tasks.spawn("drive", drive(clock))
        outcomes = await collect(feed, symbols)
    assert all(isinstance(outcome, Ok) and len(outcome.value) == 2 for _, outcome in outcomes.values())
    assert {1, 3} == {message["channel"] for message in stub.links[0].received if message["channel"]}
    assert stub.links[0].kinds().count("CHANNEL_CANCEL") == 2
    assert clock.monotonic() < 20


async def test_when_both_contracts_are_refused_each_symbol_says_so() -> None:
    """Nothing is left to ask."""

    class Closed(DxLinkStub):
        async def on_channel(self, link: Link, channel: int) -> None:
            await link.send("CHANNEL_CLOSED", channel)

    got = await history_of(Closed({"AAPL": 3}), ["AAPL", "SPY"])
    for symbol, error in got.items():
        assert type(error) is ApiError
        assert repr(symbol) in str(error)
        assert "closed channel" in str(error)


async def test_an_empty_history_stands_when_auto_is_refused() -> None:
    """HISTORY is the authority: its empty answer is an answer."""

    class NoAuto(DxLinkStub):
        async def on_channel(self, link: Link, channel: int) -> None:
            if link.contracts[channel] == "AUTO":
                await link.send("ERROR", channel, error="BAD_ACTION", message="no AUTO today")
            else:
                await super().on_channel(link, channel)

    got = await history_of(NoAuto({"AAPL": 3}), ["NONE", "NADA", "AAPL"], policy=FeedPolicy(window=1))
    assert [len(got[symbol]) for symbol in ("NONE", "NADA", "AAPL")] == [0, 0, 3]


async def test_a_silent_symbol_fails_alone_after_its_time() -> None:
    """The others end as if nothing were; the silent ones say how silent they were."""
    clock = ManualClock()

    class Silent(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            if symbol.startswith("HALF"):
                await link.feed(channel, snapshot(symbol, 5)[:3])
            elif not symbol.startswith("MUTE"):
                await super().on_add(link, channel, symbol)

    stub = Silent({"AAPL": 3, "SPY": 2})
    outcomes: dict[str, Any] = {}
    policy = FeedPolicy(symbol_timeout_seconds=20, idle_seconds=100)
    async with stub, feed_from(stub, clock=clock, policy=policy) as feed:
        async for symbol, outcome in feed.history(["MUTE", "HALF", "AAPL", "SPY"], since=SINCE):
            outcomes[symbol] = unpacked(outcome)
            if symbol == "SPY":  # everything that ever comes has come
                clock.advance(19.9)
                await clock.sleep(0)
                clock.advance(0.1 + 0.25)
    assert len(outcomes["AAPL"]) == 3
    assert isinstance(outcomes["MUTE"], IncompleteDataError)
    assert "silent" in str(outcomes["MUTE"])
    assert isinstance(outcomes["HALF"], IncompleteDataError)
    assert "stopped after 3" in str(outcomes["HALF"])


async def test_a_snipped_history_is_never_taken_as_complete() -> None:
    """SNIP is an end, and not of the history."""

    class Snipping(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            await link.feed(channel, snapshot(symbol, 5, ending=SNIP if symbol.startswith("CUT") else END))

    got = await history_of(Snipping({}), ["CUT", "AAPL"])
    assert isinstance(got["CUT"], IncompleteDataError)
    assert "cut" in str(got["CUT"])
    assert len(got["AAPL"]) == 5
