# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The candle feed when connections, tokens or the way there fail."""

from __future__ import annotations

import asyncio

import attrs
import pytest
from aiohttp import web
from loguru import logger

from test_ttapi_client.dxlink_feeds import (
    QUICK,
    NoToken,
    TokenFor,
    collect,
    drive,
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
from ttapi_client.dxlink import FeedPolicy
from ttapi_core.clock import ManualClock, SystemClock
from ttapi_core.errors import (
    AuthError,
    DecodeError,
    RejectedError,
    ServerError,
    TransportError,
    TransportTimeoutError,
    TTError,
)
from ttapi_core.tasks import TaskRegistry


@pytest.mark.parametrize("code", [1012, 1000, 1006])
async def test_a_connection_lost_in_a_snapshot_loses_and_doubles_nothing(code: int) -> None:
    """Drops in mid-snapshot, again and again, with one more symbol let through each time."""

    class Dropping(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            rows = snapshot(symbol, 6)
            if len(self.done) >= link.number:
                await link.feed(channel, rows[:3])
                if code == 1006:
                    assert link.socket._req is not None
                    assert link.socket._req.transport is not None
                    link.socket._req.transport.abort()
                await link.drop(code)
            else:
                self.done.append(symbol)
                await link.feed(channel, rows)

        done: list[str]

    stub = Dropping({})
    stub.done = []
    symbols = [f"S{number}" for number in range(12)]
    async with stub, feed_from(stub) as feed:
        outcomes = await collect(feed, symbols)
        assert feed.statistics.lost_connections == 11
    assert all(outcomes[symbol][1].value.to_lists()["time"] == times(6) for symbol in symbols)  # type: ignore[union-attr]
    assert len(stub.links) == 12
    assert stub.tokens == [f"dx-token-{number}" for number in range(1, 13)]  # a new one each time
    asked_again = {symbol for message in stub.links[-1].changes("add") for symbol in message}
    assert asked_again == {f"{symbol}{{=d,tho=true}}" for symbol in symbols} - set(stub.done[:11])


async def test_when_the_tries_are_used_up_the_rest_are_transport_errors() -> None:
    """What was complete stays; the message tells how often and why."""

    class OneThenNothing(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            if symbol.startswith("AAPL"):
                await super().on_add(link, channel, symbol)
            else:
                await link.drop()

    stub = OneThenNothing({"AAPL": 3})
    policy = attrs.evolve(QUICK, connection_tries=3)
    got = await history_of(stub, ["AAPL", "SPY", "QQQ"], policy=policy)
    assert len(got["AAPL"]) == 3
    for symbol in ("SPY", "QQQ"):
        assert isinstance(got[symbol], TransportError)
        assert "lost 3 times" in str(got[symbol])
        assert "1012" in str(got[symbol])
        assert isinstance(got[symbol].__cause__, TransportError)
    assert len(stub.links) == 3


async def test_a_refused_token_is_replaced_once_and_then_it_is_an_auth_error() -> None:
    """No loop of refusals."""

    class Refusing(DxLinkStub):
        async def on_auth(self, link: Link, token: str) -> None:
            await link.send("ERROR", error="UNAUTHORIZED", message=f"token {token} is not known here")
            await link.drop(1008)

    stub = Refusing({"AAPL": 3})
    got = await history_of(stub, ["AAPL"])
    assert isinstance(got["AAPL"], AuthError)
    assert len(stub.tokens) == 2
    assert "dx-token" not in str(got["AAPL"])


async def test_unauthorized_repeated_is_a_refusal_and_a_new_token_helps() -> None:
    """The other way in which a server may refuse; the second token is accepted."""

    class RefusingFirst(DxLinkStub):
        async def on_auth(self, link: Link, token: str) -> None:
            if link.number == 1:
                await link.send("AUTH_STATE", state="UNAUTHORIZED")
            else:
                await super().on_auth(link, token)

    stub = RefusingFirst({"AAPL": 3})
    got = await history_of(stub, ["AAPL"])
    assert len(got["AAPL"]) == 3
    assert stub.links[0].kinds() == ["SETUP", "AUTH"]


@pytest.mark.parametrize(
    "rubbish",
    [
        "<html>502</html>",
        "[]",
        '{"type":"FEED_DATA","channel":1}',
        '{"type":"FEED_DATA","channel":1,"data":["Candle",[1,2]]}',
        '{"type":"FEED_CONFIG","channel":1,"eventFields":{"Candle":7}}',
        '{"type":"ERROR","channel":0,"error":"TIMEOUT","message":"no message for 60 seconds"}',
        '{"type":"CHANNEL_CLOSED","channel":1}',
    ],
)
async def test_a_message_that_cannot_be_trusted_costs_the_connection_not_the_run(rubbish: str) -> None:
    """Rows may have been lost with it: the next connection fetches them again."""

    class RubbishFirst(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            rows = snapshot(symbol, 4)
            if link.number == 1:
                await link.feed(channel, rows[:2])
                await link.socket.send_str(rubbish)
            else:
                await link.feed(channel, rows)

    stub = RubbishFirst({})
    assert len((await history_of(stub, ["AAPL"]))["AAPL"]) == 4
    assert len(stub.links) == 2


async def test_a_mute_connection_is_replaced() -> None:
    """Not a word for a minute: the watchdog ends it and the next connection delivers."""
    clock = ManualClock()

    class MuteFirst(DxLinkStub):
        async def on_add(self, link: Link, channel: int, symbol: str) -> None:
            if link.number == 1:
                clock.advance(60)
            else:
                await super().on_add(link, channel, symbol)

    stub = MuteFirst({"AAPL": 3})
    got = await history_of(stub, ["AAPL"], clock=clock)
    assert len(got["AAPL"]) == 3
    assert len(stub.links) == 2


async def test_a_handshake_that_never_ends_is_given_up() -> None:
    """No AUTHORIZED in time."""
    clock = ManualClock()

    class Slow(DxLinkStub):
        async def on_auth(self, link: Link, token: str) -> None:
            clock.advance(10)

    stub = Slow({})
    got = await history_of(stub, ["AAPL"], clock=clock, policy=attrs.evolve(QUICK, connection_tries=2))
    assert "handshake" in str(got["AAPL"])
    assert len(stub.links) == 2


async def test_pauses_between_connections_grow_and_are_never_shorter_than_a_second() -> None:
    """Jitter between one second and twice as much each time."""
    clock = ManualClock()
    tokens = NoToken(clock, ServerError("bad gateway", status=502))
    policy = FeedPolicy(connection_tries=9)
    async with feed_from(tokens, clock=clock, policy=policy) as feed, TaskRegistry() as tasks:
        _ = tasks.spawn("drive", drive(clock))
        outcomes = await collect(feed, ["AAPL"])
    assert isinstance(unpacked(outcomes["AAPL"][1]), ServerError)
    assert len(tokens.asked_at) == 9
    pauses = [later - earlier for earlier, later in zip(tokens.asked_at, tokens.asked_at[1:], strict=False)]
    for number, pause in enumerate(pauses, start=1):
        assert 1.0 <= pause <= min(30.0, 2.0**number) + 0.1
    assert max(pauses) > 8.0


async def test_a_token_that_is_refused_for_good_ends_the_run_at_once() -> None:
    """Asking again would change nothing."""
    tokens = NoToken(SystemClock(), AuthError("the service refused our credentials"))
    async with feed_from(tokens) as feed:
        outcomes = await collect(feed, ["AAPL", "SPY"])
    assert [unpacked(outcome) for _, outcome in outcomes.values()] == [tokens.error] * 2
    assert len(tokens.asked_at) == 1


@pytest.mark.parametrize(
    "url", ["ws://dxlink.example/realtime", "http://127.0.0.1/x", "wss://", "", "ws://[::1", "ws:///x"]
)
async def test_a_token_goes_only_over_an_encrypted_line_or_to_this_machine(url: str) -> None:
    """An address that would show the token is refused before anything is opened."""
    async with feed_from(TokenFor(url)) as feed:
        outcomes = await collect(feed, ["AAPL"])
    error = unpacked(outcomes["AAPL"][1])
    assert isinstance(error, DecodeError)
    assert "dxlink-url" in str(error)


async def test_nobody_listening_is_a_transport_error_of_which_nothing_was_sent() -> None:
    """A port that was free a moment ago."""
    stub = DxLinkStub({})
    async with stub:
        url = stub.url
    async with feed_from(TokenFor(url), policy=attrs.evolve(QUICK, connection_tries=1)) as feed:
        outcomes = await collect(feed, ["AAPL"])
    error = unpacked(outcomes["AAPL"][1])
    assert isinstance(error, TransportError)
    assert isinstance(error.__cause__, TransportError)
    assert not error.__cause__.sent


async def test_a_server_that_accepts_and_says_nothing_is_given_up() -> None:
    """The upgrade has a time limit of its own."""

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # to the end: the client has gone
        writer.close()
        await writer.wait_closed()
        has_gone.set()

    has_gone = asyncio.Event()
    silent = await asyncio.start_server(hold, "127.0.0.1", 0)
    async with silent:
        port = silent.sockets[0].getsockname()[1]
        policy = attrs.evolve(QUICK, connect_timeout_seconds=0.05, connection_tries=1)
        async with feed_from(TokenFor(f"ws://127.0.0.1:{port}/"), policy=policy) as feed:
            outcomes = await collect(feed, ["AAPL"])
        await has_gone.wait()
    error = unpacked(outcomes["AAPL"][1])
    assert isinstance(error, TransportError)
    assert isinstance(error.__cause__, TransportTimeoutError)


@pytest.mark.parametrize(("path", "expected"), [("/absent", RejectedError), ("/gateway", TransportError)])
async def test_an_upgrade_that_is_refused_is_told_from_one_that_failed(
    path: str, expected: type[TTError]
) -> None:
    """404 is final, 502 is not."""

    class Gateway(DxLinkStub):
        async def serve(self, request: web.Request) -> web.WebSocketResponse:
            raise web.HTTPBadGateway

    stub = Gateway({})
    async with stub:
        url = stub.url if path == "/gateway" else stub.url.replace("/dxlink", path)
        async with feed_from(TokenFor(url), policy=attrs.evolve(QUICK, connection_tries=2)) as feed:
            outcomes = await collect(feed, ["AAPL"])
            tried = feed.statistics.connections
    assert type(unpacked(outcomes["AAPL"][1])) is expected
    assert tried == (1 if expected is RejectedError else 2)


async def test_the_token_is_never_logged() -> None:
    """Warnings about lost connections say why, without the secret."""
    lines: list[str] = []
    logger.enable("ttapi_client")
    sink = logger.add(lines.append, format="{message} {extra}", level=0)

    class Refusing(DxLinkStub):
        async def on_auth(self, link: Link, token: str) -> None:
            await link.send("ERROR", error="UNAUTHORIZED", message=f"{token} is not known")

    try:
        await history_of(Refusing({}), ["AAPL"])
    finally:
        logger.remove(sink)
        logger.disable("ttapi_client")
    assert any("candle feed lost" in line for line in lines)
    assert not any("dx-token" in line for line in lines)
