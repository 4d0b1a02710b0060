# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Silence in a candle history, and how soon it is known whose it is; how many histories go on at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from test_ttapi_client.dxlink_feeds import QUICK, SINCE, collect, drive, feed_from, history_of, unpacked
from test_ttapi_client.dxlink_stub import DxLinkStub, snapshot
from test_ttapi_client.live_stub import settled, until
from ttapi_client.dxlink import CandleColumns, FeedPolicy
from ttapi_core.clock import ManualClock
from ttapi_core.errors import IncompleteDataError
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from test_ttapi_client.dxlink_stub import Link


async def timed_history(stub: DxLinkStub, symbols: list[str]) -> tuple[dict[str, Any], float]:
    """Columns or error of each symbol, and how long it took by a clock that is driven."""
    clock = ManualClock()
    policy = FeedPolicy(shortest_pause_seconds=0.0, longest_pause_seconds=0.0)
    async with stub, feed_from(stub, clock=clock, policy=policy) as feed, TaskRegistry() as tasks:
        driving = tasks.spawn("drive", drive(clock))
        outcomes = await collect(feed, symbols)
        driving.cancel()
        return {symbol: unpacked(outcome) for symbol, (_, outcome) in outcomes.items()}, clock.monotonic()


async def test_a_symbol_that_is_never_answered_costs_twenty_seconds_where_others_are() -> None:
    """Asked for again after ten, with one that was answered; given up when only that one answers again."""

    class Silent(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            if not symbol.startswith("MUTE"):
                await super().on_add(link, channel, symbol)

    stub = Silent({"AAPL": 3, "SPY": 2})
    got, seconds = await timed_history(stub, ["AAPL", "MUTE1", "SPY", "MUTE2"])
    assert [len(got[symbol]) for symbol in ("AAPL", "SPY")] == [3, 2]
    for symbol in ("MUTE1", "MUTE2"):
        assert isinstance(got[symbol], IncompleteDataError)
        assert "20 seconds" in str(got[symbol])
    assert 20.0 <= seconds <= 30.0
    added = [symbol for message in stub.links[0].changes("add") for symbol in message]
    assert [added.count(f"{symbol}{{=d,tho=true}}") for symbol in ("MUTE1", "MUTE2", "AAPL")] == [2, 2, 1]
    assert len(stub.links) == 1


async def test_a_request_that_was_lost_is_made_good() -> None:
    """The second time it is answered."""

    class Forgetful(DxLinkStub):
        forgotten = 0

        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            if symbol.startswith("MSFT") and not self.forgotten:
                self.forgotten += 1
            else:
                await super().on_add(link, channel, symbol)

    got, seconds = await timed_history(Forgetful({"AAPL": 3, "MSFT": 4}), ["AAPL", "MSFT"])
    assert [len(got[symbol]) for symbol in ("AAPL", "MSFT")] == [3, 4]
    assert seconds <= 15.0


async def test_a_snapshot_that_stops_in_the_middle_begins_anew() -> None:
    """Rows of the first half are not mixed with those of the second try."""

    class Stops(DxLinkStub):
        stopped = 0

        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            if symbol.startswith("MSFT") and not self.stopped:
                self.stopped += 1
                await link.feed(channel, snapshot(symbol, 9)[:5])
            else:
                await super().on_add(link, channel, symbol)

    got, _ = await timed_history(Stops({"AAPL": 3, "MSFT": 4}), ["AAPL", "MSFT"])
    assert len(got["MSFT"]) == 4


async def test_a_mute_connection_is_no_reason_to_give_a_symbol_up() -> None:
    """The witness is silent as well: so it is the connection, and the next one brings the rest."""

    class Mute(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            if link.number > 1 or (symbol.startswith("AAPL") and len(link.changes("add")) < 2):
                await super().on_add(link, channel, symbol)

    stub = Mute({"AAPL": 3, "SPY": 2, "KO": 5})
    got, seconds = await timed_history(stub, ["AAPL", "SPY", "KO"])
    assert [len(got[symbol]) for symbol in ("AAPL", "SPY", "KO")] == [3, 2, 5]
    assert len(stub.links) == 2
    assert seconds > 60.0


async def test_without_any_answer_there_is_no_verdict_before_its_time() -> None:
    """A service that is slow for everybody gets the whole time."""

    class Silent(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            await link.send("KEEPALIVE")

        async def on_other(self, link: Link, message: dict[str, Any]) -> None:
            await link.send("KEEPALIVE")

    got, seconds = await timed_history(Silent({}), ["AAPL"])
    assert isinstance(got["AAPL"], IncompleteDataError)
    assert "75 seconds" in str(got["AAPL"])
    assert 75.0 <= seconds <= 80.0


async def test_no_more_than_three_histories_are_connected_at_once() -> None:
    """The fourth waits until one has ended; all of them end well."""

    class Counting(DxLinkStub):
        most = 0

        async def on_setup(self, link: Link) -> None:
            self.most = max(self.most, sum(not each.socket.closed for each in self.links))
            await settled(20)
            await super().on_setup(link)

        async def on_auth(self, link: Link, token: str) -> None:
            await link.send("AUTH_STATE", state="AUTHORIZED")  # several tokens are good at a time

    stub = Counting({f"S{number}": 2 for number in range(8)})
    async with stub, feed_from(stub, policy=QUICK) as feed:
        results = await asyncio.gather(*(collect(feed, [f"S{number}"]) for number in range(8)))
        assert all(len(result) == 1 for result in results)
        for number, result in enumerate(results):
            candles = unpacked(result[f"S{number}"][1])
            assert isinstance(candles, CandleColumns)
            assert len(candles) == 2
    assert stub.most == 3
    assert len(stub.links) == 8


async def test_a_history_that_is_left_early_lets_the_next_one_begin() -> None:
    """Its place is free again."""

    class Slow(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            if link.number > 1 or symbol.startswith("AAPL"):
                await super().on_add(link, channel, symbol)

    stub = Slow({"AAPL": 2, "SPY": 3})
    policy = FeedPolicy(history_connections=1)
    async with stub, feed_from(stub, policy=policy) as feed:
        first = feed.history(["AAPL", "SPY"], since=SINCE)
        await anext(first)
        async with TaskRegistry() as tasks:
            second = tasks.spawn("second", collect(feed, ["SPY"]))
            await settled()
            assert not second.done()
            assert len(stub.links) == 1
            await first.aclose()
            await until(second.done)
            assert len(await second) == 1


@pytest.mark.parametrize("days", [0, 3])
async def test_nothing_changes_where_everybody_is_answered(days: int) -> None:
    """No symbol is asked for twice."""
    stub = DxLinkStub({"AAPL": 3, "MSFT": days})
    got = await history_of(stub, ["AAPL", "MSFT"])
    assert len(got["MSFT"]) == days
    added = [symbol for message in stub.links[0].changes("add") for symbol in message]
    assert added.count("AAPL{=d,tho=true}") == 1
