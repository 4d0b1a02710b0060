# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Live quotes on a board, from the sandbox over real sockets: all types, losses, and the end of patience."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import attrs
import pytest

from ttapi_client import TTClient
from ttapi_client.dxlink import FeedPolicy
from ttapi_client.dxlink.live import LiveState
from ttapi_client.policies import Policies
from ttapi_client.testing import SandboxThread
from ttapi_core.clock import SystemClock
from ttapi_core.errors import TransportError, UnknownSymbolError
from ttapi_core.outcome import Err, Ok
from ttapi_core.settings import Settings
from ttapi_core.tasks import TaskRegistry
from ttapi_platform.live_quotes import LiveQuotes, streamer_symbols
from ttapi_platform.quote_board import QuoteBoard
from ttapi_platform.quote_lookup import quotes_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from ttapi_platform.live_quotes import Link

AT: Final = "2026-11-20T11:30"  # a Friday, while the market is open
CLOCK: Final = SystemClock()
LONGEST_SECONDS: Final = 30


@asynccontextmanager
async def client_of(url: str) -> AsyncIterator[TTClient]:
    """A client that does not wait long before it connects again."""
    settings = Settings(api_url=url, retry_attempts=1)
    feed = FeedPolicy(shortest_pause_seconds=0.05, longest_pause_seconds=0.1, refusal_timeout_seconds=0.2)
    async with TTClient(settings, policies=attrs.evolve(Policies.of(settings), feed=feed)) as client:
        yield client


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(LONGEST_SECONDS):
        while not is_so():
            await CLOCK.sleep(0.01)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


async def test_the_service_says_how_the_feed_calls_what_is_no_share() -> None:
    """Asked for by type; names are never made up."""
    asked = ["AAPL", "SPX", "/ESZ6", "BTC/USD", "AAPL  261218C00300000"]
    with SandboxThread(at=AT) as sandbox:
        async with client_of(sandbox.url) as client:
            quotes = await quotes_of(client, asked)
            found = [each.value for each in quotes.values() if isinstance(each, Ok)]
            names = await streamer_symbols(client, found)
            sandbox.add_fault("/instruments/futures", "status", status=503)
            refused = await streamer_symbols(client, found)
    assert names == {
        "AAPL": Ok("AAPL"),
        "SPX": Ok("SPX"),
        "/ESZ6": Ok("/ESZ26:XCME"),
        "BTC/USD": Ok("BTC/USD:CXTALP"),
        "AAPL  261218C00300000": Ok(".AAPL261218C300"),
    }
    assert [symbol for symbol, each in refused.items() if isinstance(each, Err)] == ["/ESZ6"]


async def test_a_name_that_the_service_does_not_say_is_an_error_of_that_symbol() -> None:
    """The others go on."""
    with SandboxThread(at=AT) as sandbox:
        async with client_of(sandbox.url) as client:
            quotes = await quotes_of(client, ["BTC/USD", "AAPL"])
            found = [each.value for each in quotes.values() if isinstance(each, Ok)]
            named = replace(found[0], symbol="NOSUCH/USD")
            names = await streamer_symbols(client, [named, found[1]])
    error = names["NOSUCH/USD"]
    assert isinstance(error, Err)
    assert isinstance(error.error, UnknownSymbolError)
    assert names["AAPL"] == Ok("AAPL")


async def test_the_board_follows_the_market() -> None:
    """Quotes, trades and the day's prices; and whether the market is open."""
    board = QuoteBoard({"AAPL": "AAPL", "/ESZ6": "/ESZ26:XCME"})
    with SandboxThread(at=AT) as sandbox:
        async with client_of(sandbox.url) as client, TaskRegistry() as tasks:
            live = LiveQuotes(client, board, clock=CLOCK)
            states = [live.link.state]
            _ = tasks.spawn("live", live.run())
            await until(lambda: all(row.last and row.bid and row.high for row in board.rows))
            await until(lambda: live.market_state is not None)
            assert live.market_state == "Open"
            states.append(live.link.state)
            assert states == [LiveState.CONNECTING, LiveState.CONNECTED]
            before = [(row.bid, row.last) for row in board.rows]
            sandbox.step(600)
            await until(lambda: [(row.bid, row.last) for row in board.rows] != before)
    for row in board.rows:
        assert row.low is not None
        assert row.high is not None
        assert row.bid is not None
        assert row.ask is not None
        assert row.low <= row.high
        assert row.bid <= row.ask
        assert row.volume
        assert row.prev_close


async def test_a_lost_connection_makes_rows_stale_until_it_is_back() -> None:
    """Attempts are counted meanwhile; nobody has to do anything."""
    board, port = QuoteBoard({"AAPL": "AAPL", "SPY": "SPY"}), free_port()
    seen: list[Link] = []
    async with client_of(f"http://127.0.0.1:{port}") as client, TaskRegistry() as tasks:
        live = LiveQuotes(client, board, clock=CLOCK)
        with SandboxThread(at=AT, port=port):
            _ = tasks.spawn("live", live.run())
            await until(lambda: all(row.bid for row in board.rows))
            connected = live.link
        await until(lambda: live.link.state is LiveState.RECONNECTING and live.link.tries >= 2)
        seen.append(live.link)
        assert all(board.is_stale(row) for row in board.rows)
        with SandboxThread(at=AT, port=port):
            await until(lambda: live.link.state is LiveState.CONNECTED)
            await until(lambda: not any(board.is_stale(row) for row in board.rows))
            again = live.link
    assert connected.since is not None
    assert seen[0].since is not None
    assert again.since is not None
    assert connected.since <= seen[0].since < again.since
    assert again.tries == 0


async def test_a_service_that_does_not_come_back_is_given_up() -> None:
    """With what the connection was lost by, how often it was tried, and a hint."""
    board, port = QuoteBoard({"AAPL": "AAPL"}), free_port()
    async with client_of(f"http://127.0.0.1:{port}") as client, TaskRegistry() as tasks:
        live = LiveQuotes(client, board, clock=CLOCK, longest_loss=timedelta(seconds=1))
        with SandboxThread(at=AT, port=port):
            run = tasks.spawn("live", live.run())
            await until(lambda: bool(board.rows[0].bid))
        with suppress(TransportError):
            await run
    error = run.exception()
    assert isinstance(error, TransportError)
    assert "did not come back" in error.message
    assert "tries in 1 s" in error.message
    assert error.hint is not None


async def test_a_service_that_was_never_there_is_an_error() -> None:
    """After as many tries as the policy allows."""
    board = QuoteBoard({"AAPL": "AAPL"})
    async with client_of(f"http://127.0.0.1:{free_port()}") as client:
        with pytest.raises(TransportError, match="the live feed was lost 5 times in a row"):
            await LiveQuotes(client, board, clock=CLOCK).run()


async def test_a_symbol_that_the_service_refuses_is_out_and_the_others_go_on() -> None:
    """Its row says why."""
    board = QuoteBoard({"AAPL": "AAPL", "SPY": "SPY"})
    with SandboxThread(at=AT) as sandbox:
        sandbox.add_fault("dxlink", "error", symbols=["SPY"])
        async with client_of(sandbox.url) as client, TaskRegistry() as tasks:
            _ = tasks.spawn("live", LiveQuotes(client, board, clock=CLOCK).run())
            await until(lambda: board.rows[1].failure is not None)
            await until(lambda: bool(board.rows[0].bid))
    assert board.rows[0].failure is None
    assert board.is_stale(board.rows[1])
