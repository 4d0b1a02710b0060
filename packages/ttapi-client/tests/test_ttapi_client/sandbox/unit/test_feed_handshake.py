# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The feed's handshake and channels, step by step (API facts 7.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from test_ttapi_client.sandbox.wire import FeedClient, RestClient, connect_feed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from ttapi_client.sandbox import SandboxServer
    from ttapi_core.clock import ManualClock


@pytest.fixture
async def raw(rest: RestClient) -> AsyncIterator[FeedClient]:
    """A websocket on which nothing has been said yet."""
    client = await connect_feed(rest)
    yield client
    await client.close()


async def test_the_quote_token_leads_to_the_servers_own_address(
    rest: RestClient, server: SandboxServer
) -> None:
    """The address is that of the very server that was asked, the token holds a day (API facts 7.1)."""
    token = (await rest.get("/api-quote-tokens")).data
    assert token["dxlink-url"] == server.url.replace("http://", "ws://") + "/dxlink"
    assert token["level"] == "api"
    assert token["issued-at"] == "2026-11-20T23:00:00.000+00:00"
    assert token["expires-at"] == "2026-11-21T23:00:00.000+00:00"


async def test_the_sequence_of_messages_is_that_of_the_protocol(raw: FeedClient) -> None:
    """SETUP, UNAUTHORIZED, AUTHORIZED, CHANNEL_OPENED, FEED_CONFIG, CHANNEL_CLOSED."""
    await raw.send(type="SETUP", version="0.1", keepaliveTimeout=60, acceptKeepaliveTimeout=60)
    setup = await raw.receive()
    assert {key: setup[key] for key in ("type", "channel", "keepaliveTimeout", "acceptKeepaliveTimeout")} == {
        "type": "SETUP",
        "channel": 0,
        "keepaliveTimeout": 60,
        "acceptKeepaliveTimeout": 60,
    }
    assert await raw.receive() == {"type": "AUTH_STATE", "channel": 0, "state": "UNAUTHORIZED"}
    await raw.send(type="AUTH", token=raw.token)
    authorized = await raw.receive()
    assert authorized["state"] == "AUTHORIZED"
    assert isinstance(authorized["userId"], str)
    await raw.send(type="CHANNEL_REQUEST", channel=7, service="FEED", parameters={"contract": "TICKER"})
    assert await raw.receive() == {
        "type": "CHANNEL_OPENED",
        "channel": 7,
        "service": "FEED",
        "parameters": {"contract": "TICKER", "subFormat": "LIST"},
    }
    fields = {"Quote": ["eventSymbol", "bidPrice"], "Trade": ["eventSymbol", "price"]}
    await raw.send(
        type="FEED_SETUP",
        channel=7,
        acceptAggregationPeriod=2,
        acceptDataFormat="COMPACT",
        acceptEventFields=fields,
    )
    assert await raw.receive() == {
        "type": "FEED_CONFIG",
        "channel": 7,
        "aggregationPeriod": 2,
        "dataFormat": "COMPACT",
        "eventFields": fields,
    }
    await raw.send(type="CHANNEL_CANCEL", channel=7)
    assert await raw.receive() == {"type": "CHANNEL_CLOSED", "channel": 7}


async def test_authorization_is_said_once(raw: FeedClient) -> None:
    """A second AUTHORIZED would kill a known client (API facts 9.5)."""
    await raw.shake_hands()
    await raw.send(type="AUTH", token=raw.token)
    await raw.send(type="SETUP", keepaliveTimeout=60)
    await raw.send(type="CHANNEL_REQUEST", channel=1, service="FEED")
    assert [(await raw.receive())["type"] for _ in range(2)] == ["SETUP", "CHANNEL_OPENED"]


@pytest.mark.parametrize("token", ["nonsense", "", None, 7])
async def test_a_bad_token_gets_an_error_and_the_end(raw: FeedClient, token: object) -> None:
    """ERROR UNAUTHORIZED, then close: repeating the state would loop a known client."""
    await raw.send(type="SETUP")
    await raw.receive()
    await raw.receive()
    await raw.send(type="AUTH", token=token)
    await _expect_goodbye(raw, error="UNAUTHORIZED")


async def test_a_quote_token_holds_for_a_day(raw: FeedClient, clock: ManualClock) -> None:
    """An older one is refused."""
    clock.advance(59)
    await raw.send(type="SETUP")
    await raw.receive()
    await raw.receive()
    clock.advance(24 * 3600 - 59)
    await raw.send(type="AUTH", token=raw.token)
    messages = []
    while (message := await raw.receive_raw()).type is aiohttp.WSMsgType.TEXT:
        messages.append(message.json())
    assert {message.get("error") for message in messages} & {"UNAUTHORIZED", "TIMEOUT"}
    assert "AUTHORIZED" not in {message.get("state") for message in messages}


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"type": "AUTH", "token": "x"}, "UNSUPPORTED_PROTOCOL"),
        ({"type": "CHANNEL_REQUEST", "channel": 1, "service": "FEED"}, "UNSUPPORTED_PROTOCOL"),
        ({"channel": "one", "type": "SETUP"}, "INVALID_MESSAGE"),
        ({"channel": -1, "type": "SETUP"}, "INVALID_MESSAGE"),
        ({"channel": True, "type": "SETUP"}, "INVALID_MESSAGE"),
    ],
)
async def test_nothing_comes_before_setup(raw: FeedClient, message: dict[str, object], error: str) -> None:
    """The order is strict (API facts 7.2), and so is the form."""
    await raw.send(**message)
    await _expect_goodbye(raw, error=error)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"SETUP"', "{'type': 'SETUP'}"])
async def test_what_is_no_json_object_ends_the_conversation(raw: FeedClient, text: str) -> None:
    """ERROR INVALID_MESSAGE, then close."""
    await raw.websocket.send_str(text)
    await _expect_goodbye(raw, error="INVALID_MESSAGE")


async def test_nothing_may_be_requested_before_authorization(raw: FeedClient) -> None:
    """As the real service does since it became strict (API facts 10, 3)."""
    await raw.send(type="SETUP")
    await raw.receive()
    await raw.receive()
    await raw.send(type="CHANNEL_REQUEST", channel=1, service="FEED")
    await _expect_goodbye(raw, error="UNAUTHORIZED")


@pytest.mark.parametrize(
    ("channel", "service", "contract"),
    [
        (2, "FEED", "AUTO"),
        (0, "FEED", "AUTO"),
        (3, "DOM", "AUTO"),
        (3, "FEED", "SOMETIMES"),
        (1, "FEED", "AUTO"),
    ],
)
async def test_channels_that_cannot_be_are_refused_and_the_rest_goes_on(
    raw: FeedClient, channel: int, service: str, contract: str
) -> None:
    """Even numbers, unknown services and contracts, and a channel that is open already."""
    await raw.shake_hands()
    await raw.open_channel(1)
    await raw.send(
        type="CHANNEL_REQUEST", channel=channel, service=service, parameters={"contract": contract}
    )
    refusal = await raw.receive()
    assert (refusal["type"], refusal["error"], refusal["channel"]) == ("ERROR", "BAD_ACTION", channel)
    await raw.open_channel(9)


async def test_a_channel_that_is_not_open_is_refused(raw: FeedClient) -> None:
    """Before it was requested, and after it was cancelled."""
    await raw.shake_hands()
    for _ in range(2):
        await raw.send(type="FEED_SUBSCRIPTION", channel=1, add=[])
        assert (await raw.receive())["error"] == "BAD_ACTION"
        await raw.open_channel(1)
        await raw.send(type="CHANNEL_CANCEL", channel=1)
        assert (await raw.receive())["type"] == "CHANNEL_CLOSED"


@pytest.mark.parametrize(
    "setup",
    [
        {"acceptDataFormat": "XML"},
        {"acceptEventFields": ["Quote"]},
        {"acceptEventFields": {"Quote": "bidPrice"}},
        {"acceptEventFields": {"Quote": []}},
        {"acceptEventFields": {"Quote": ["x"] * 201}},
    ],
)
async def test_a_setup_that_cannot_be_is_refused(raw: FeedClient, setup: dict[str, object]) -> None:
    """ERROR INVALID_MESSAGE on the channel, which goes on as it was."""
    await raw.shake_hands()
    await raw.open_channel(1)
    await raw.send(type="FEED_SETUP", channel=1, **setup)
    assert (await raw.receive())["error"] == "INVALID_MESSAGE"
    await raw.send(type="FEED_SETUP", channel=1, acceptAggregationPeriod="fast")
    config = await raw.receive()
    assert config == {"type": "FEED_CONFIG", "channel": 1, "aggregationPeriod": 0.1, "dataFormat": "COMPACT"}


async def test_an_unknown_message_ends_the_conversation(raw: FeedClient) -> None:
    """After a protocol error there is nothing left to talk about."""
    await raw.shake_hands()
    await raw.open_channel(1)
    await raw.send(type="DOM_SETUP", channel=1)
    await _expect_goodbye(raw, error="INVALID_MESSAGE")


async def test_the_administration_counts_connections(
    rest: RestClient, feed: Callable[..., Awaitable[FeedClient]]
) -> None:
    """Ever opened, and open now."""
    one, two = await feed(), await feed()
    counts = await rest.statistics()
    assert (counts["websocket_connections"], counts["open_websockets"]) == (2, 2)
    assert counts["requests"].keys() == {"POST /oauth/token", "GET /api-quote-tokens"}
    await one.close()
    await two.close()


async def test_a_stopping_server_says_goodbye(rest: RestClient, server: SandboxServer) -> None:
    """1001, and quickly."""
    client = await connect_feed(rest)
    await client.shake_hands()
    await server.__aexit__(None, None, None)
    message = await client.receive_raw()
    assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1001)


async def _expect_goodbye(client: FeedClient, *, error: str) -> Any:
    message = await client.receive()
    assert (message["type"], message["error"]) == ("ERROR", error)
    closing = await client.receive_raw()
    assert (closing.type, closing.data, closing.extra) == (aiohttp.WSMsgType.CLOSE, 1000, "Bye")
