# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The account streamer on a real socket: what it tells, and when it ends."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import aiohttp
import orjson
import pytest

from test_ttapi_client.sandbox.streamer_wire import StreamerClient, open_streamer
from test_ttapi_client.sandbox.wire import RestClient, until_asleep

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ttapi_client.sandbox import SandboxServer
    from ttapi_core.clock import ManualClock

ALL = ("SBX00001", "SBX00002", "SBX00003")
UNTIL_MONDAY = 64 * 3600  # ten in the morning


@pytest.fixture
async def streamer(rest: RestClient) -> AsyncIterator[StreamerClient]:
    """A connection with a token that holds."""
    client = await open_streamer(rest)
    yield client
    await client.websocket.close()


async def test_it_needs_no_header_of_any_kind(server: SandboxServer, rest: RestClient) -> None:
    """One client connects to the bare address, another to the path; neither sends a token or its name."""
    nameless = aiohttp.ClientSession(server.url, skip_auto_headers=["User-Agent"])
    async with nameless as http:
        for path in ("/", "/account-streamer"):
            client = await open_streamer(RestClient(http), path)
            client.token = rest.headers["Authorization"]
            assert (await client.ask("connect", value=["SBX00003"]))["status"] == "ok"
            await client.websocket.close()


async def test_without_an_upgrade_there_is_nothing(rest: RestClient) -> None:
    """404 in the envelope, marked as every answer is."""
    for path in ("/", "/account-streamer"):
        answer = await rest.get(path)
        assert answer.status == 404
        assert answer.error.keys() == {"code", "message"}
        assert answer.headers["X-TTAPI-Sandbox"] == "1"


async def test_a_connection_begins_with_everything_there_is(
    rest: RestClient, streamer: StreamerClient
) -> None:
    """Trading status, balance and positions of each account, the very objects of REST."""
    notifications = await streamer.connect(*ALL)
    expected = []
    for number in ALL:
        path = f"/accounts/{number}"
        expected.append(("TradingStatus", (await rest.get(f"{path}/trading-status")).data))
        expected.append(("AccountBalance", (await rest.get(f"{path}/balances/USD")).data))
        expected += [("CurrentPosition", item) for item in (await rest.get(f"{path}/positions")).items]
    assert [(one["type"], one["data"]) for one in notifications] == expected
    assert {one["timestamp"] for one in notifications} == {1795215600000}


async def test_what_the_market_moves_is_told(
    rest: RestClient, streamer: StreamerClient, market_clock: ManualClock
) -> None:
    """Whole objects again, equal to those of REST at that instant."""
    await streamer.connect("SBX00001")
    await until_asleep(market_clock, 1)
    market_clock.advance(UNTIL_MONDAY)
    told = Counter[str]()
    path = "/accounts/SBX00001"
    positions = {item["symbol"]: item for item in (await rest.get(f"{path}/positions")).items}
    for _ in range(1 + len(positions)):
        one = await streamer.receive()
        told[one["type"]] += 1
        if one["type"] == "AccountBalance":
            assert one["data"] == (await rest.get(f"{path}/balances/USD")).data
        else:
            assert one["data"] == positions[one["data"]["symbol"]]
    assert told == {"AccountBalance": 1, "CurrentPosition": 6}


async def test_an_account_at_rest_is_not_mentioned(
    rest: RestClient, streamer: StreamerClient, market_clock: ManualClock
) -> None:
    """Time alone is no news: on a weekend nothing moves, and cash never does."""
    await streamer.connect(*ALL)
    for seconds in (3600, 24 * 3600):
        await until_asleep(market_clock, 1)
        market_clock.advance(seconds)
    await until_asleep(market_clock, 1)
    await streamer.send("heartbeat")
    assert (await streamer.receive())["action"] == "heartbeat"


async def test_a_position_given_up_is_told_with_nothing_in_it(
    rest: RestClient, streamer: StreamerClient, market_clock: ManualClock
) -> None:
    """An option rolled on: the old contract is closed, and the new one appears."""
    first = {one["data"].get("symbol") for one in await streamer.connect("SBX00001")}
    told: dict[str, Any] = {}
    for _ in range(40):
        await until_asleep(market_clock, 1)
        market_clock.advance(86_400)
        await until_asleep(market_clock, 1)
        await streamer.send("heartbeat")
        while "status" not in (one := await streamer.receive()):
            if one["type"] == "CurrentPosition":
                told[one["data"]["symbol"]] = one["data"]
        if any(item["quantity-direction"] == "Zero" for item in told.values()):
            break
    closed = [item for item in told.values() if item["quantity-direction"] == "Zero"]
    held = {item["symbol"] for item in (await rest.get("/accounts/SBX00001/positions")).items}
    assert closed
    assert {item["symbol"] for item in closed} == first - held - {None}
    assert held - first <= told.keys()


async def test_one_account_may_come_without_a_list(streamer: StreamerClient) -> None:
    """One client sends a lone number so; the older word for connecting is understood too."""
    answer = await streamer.ask("account-subscribe", value="SBX00003")
    assert answer == {
        "status": "ok",
        "action": "account-subscribe",
        "web-socket-session-id": answer["web-socket-session-id"],
        "request-id": 1,
        "value": ["SBX00003"],
    }


async def test_another_connect_adds_accounts(
    streamer: StreamerClient, rest: RestClient, market_clock: ManualClock
) -> None:
    """What was connected before is told on."""
    await streamer.connect("SBX00002")
    await streamer.connect("SBX00001")
    await until_asleep(market_clock, 1)
    market_clock.advance(UNTIL_MONDAY)
    numbers = {(await streamer.receive())["data"]["account-number"] for _ in range(4 + 7)}
    assert numbers == {"SBX00001", "SBX00002"}


async def test_other_actions_are_acknowledged(streamer: StreamerClient) -> None:
    """Though nothing ever comes of them."""
    await streamer.connect("SBX00003")
    for action in ("public-watchlists-subscribe", "quote-alerts-subscribe", "user-message-subscribe"):
        answer = await streamer.ask(action, value="x")
        assert (answer["status"], answer["action"]) == ("ok", action)


async def test_a_client_without_a_heartbeat_is_sent_away(
    streamer: StreamerClient, clock: ManualClock
) -> None:
    """A minute after its last one, not before."""
    await streamer.connect("SBX00003")
    await until_asleep(clock, 1)
    clock.advance(59)
    assert (await streamer.ask("heartbeat"))["status"] == "ok"
    clock.advance(59)
    assert (await streamer.ask("heartbeat"))["status"] == "ok"
    await until_asleep(clock, 1)
    clock.advance(59)
    await until_asleep(clock, 1)
    clock.advance(1)
    message = await streamer.receive_raw()
    assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, aiohttp.WSCloseCode.OK)


async def test_a_heartbeat_needs_a_token_that_holds(streamer: StreamerClient, clock: ManualClock) -> None:
    """Once the token has expired it is an error, and does not keep the connection."""
    await streamer.connect("SBX00003")
    for _ in range(15):
        await until_asleep(clock, 1)
        clock.advance(50)
        assert (await streamer.ask("heartbeat"))["status"] == "ok"
    for seconds in (50, 50, 49):
        await until_asleep(clock, 1)
        clock.advance(seconds)
        assert (await streamer.ask("heartbeat"))["status"] == "ok"
    await until_asleep(clock, 1)
    clock.advance(30)
    answer = await streamer.ask("heartbeat")
    assert (answer["status"], answer["action"]) == ("error", "heartbeat")
    await until_asleep(clock, 1)
    clock.advance(30)
    assert (await streamer.receive_raw()).type is aiohttp.WSMsgType.CLOSE


async def test_a_ping_is_a_sign_of_life(streamer: StreamerClient, clock: ManualClock) -> None:
    """One client sends no heartbeats and pings instead."""
    await streamer.connect("SBX00003")
    for _ in range(3):
        await until_asleep(clock, 1)
        clock.advance(59)
        await streamer.websocket.ping(b"still here")
        assert (await streamer.ask("nonsense"))["status"] == "error"


async def test_the_server_says_goodbye(server: SandboxServer, streamer: StreamerClient) -> None:
    """When it stops, with the code for that."""
    await streamer.connect("SBX00001")
    await server.__aexit__(None, None, None)
    message = await streamer.receive_raw()
    assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, aiohttp.WSCloseCode.GOING_AWAY)


async def test_connections_are_counted(rest: RestClient, streamer: StreamerClient) -> None:
    """With those of the feed."""
    await streamer.connect("SBX00001")
    assert (await rest.statistics())["open_websockets"] == 1


@pytest.mark.parametrize(
    ("after_frames", "passed"), [(0, 0), (3, 3)], ids=["at once", "after three messages"]
)
async def test_a_fault_closes_the_socket(
    rest: RestClient, streamer: StreamerClient, after_frames: int, passed: int
) -> None:
    """With the code that was asked for, so many messages after the client's own."""
    await rest.add_fault("account-streamer", "close", close_code=1012, after_frames=after_frames)
    await streamer.send("connect", value=list(ALL))
    for _ in range(passed):
        _ = await streamer.receive()
    message = await streamer.receive_raw()
    assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1012)


@pytest.mark.parametrize("kind", ["drop", "reset"])
async def test_a_fault_ends_the_connection_without_a_word(
    rest: RestClient, streamer: StreamerClient, kind: str
) -> None:
    """No goodbye, and the next connection works."""
    await rest.add_fault("account-streamer", kind, times=1, after_frames=2)
    await streamer.send("connect", value=list(ALL))
    for _ in range(2):
        _ = await streamer.receive()
    message = await streamer.receive_raw()
    assert message.type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR, aiohttp.WSMsgType.CLOSING}
    again = await open_streamer(rest)
    assert await again.connect("SBX00003")
    await again.websocket.close()


async def test_a_fault_makes_it_mute(
    rest: RestClient, streamer: StreamerClient, clock: ManualClock, market_clock: ManualClock
) -> None:
    """It stays open and says nothing any more, until the heartbeats run out."""
    await rest.add_fault("account-streamer", "mute", times=1)
    await streamer.send("connect", value=["SBX00001"])
    await streamer.send("heartbeat")
    await until_asleep(market_clock, 1)
    market_clock.advance(UNTIL_MONDAY)
    await until_asleep(market_clock, 1)
    await until_asleep(clock, 1)
    clock.advance(60)
    assert (await streamer.receive_raw()).type is aiohttp.WSMsgType.CLOSE


async def test_a_fault_refuses_a_token(rest: RestClient, streamer: StreamerClient) -> None:
    """Once; the client may try again on the same connection."""
    await rest.add_fault("account-streamer", "refuse_token", times=1)
    assert (await streamer.ask("connect", value=["SBX00003"]))["status"] == "error"
    assert (await streamer.ask("connect", value=["SBX00003"]))["status"] == "ok"


async def test_a_fault_delays_an_answer(
    rest: RestClient, streamer: StreamerClient, clock: ManualClock
) -> None:
    """By the server's clock."""
    await rest.add_fault("account-streamer", "delay", times=1, delay_seconds=5)
    await streamer.send("connect", value=["SBX00003"])
    await until_asleep(clock, 2)
    clock.advance(5)
    assert (await streamer.receive())["status"] == "ok"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "7", '"connect"', "{}", '{"action": null}', "\u0000", "[" * 5000]
)
async def test_what_is_no_message_is_an_error(streamer: StreamerClient, text: str) -> None:
    """And the connection goes on."""
    await streamer.websocket.send_str(text)
    answer = await streamer.receive()
    assert answer["status"] == "error"
    assert answer["web-socket-session-id"]
    assert (await streamer.ask("connect", value=["SBX00003"]))["status"] == "ok"


async def test_a_message_in_binary_is_read_too(streamer: StreamerClient) -> None:
    """Bytes that are no text are an error like others."""
    await streamer.websocket.send_bytes(b"\xff\xfe\x00")
    assert (await streamer.receive())["status"] == "error"
    message = {"action": "connect", "value": ["SBX00003"], "auth-token": streamer.token}
    await streamer.websocket.send_bytes(orjson.dumps(message))
    assert (await streamer.receive())["status"] == "ok"


async def test_a_message_without_end_ends_the_connection(streamer: StreamerClient) -> None:
    """More than any message needs: the code for too much."""
    await streamer.websocket.send_str("x" * (1 << 17))
    message = await streamer.receive_raw()
    assert (message.type, message.data) == (
        aiohttp.WSMsgType.CLOSE,
        aiohttp.WSCloseCode.MESSAGE_TOO_BIG,
    )
