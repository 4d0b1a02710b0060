# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Who is silent for too long is dropped, by the clock alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest

from test_ttapi_client.sandbox.wire import FeedClient, RestClient, connect_feed, until_asleep

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ttapi_core.clock import ManualClock


@pytest.fixture
async def raw(rest: RestClient) -> AsyncIterator[FeedClient]:
    """A websocket on which nothing has been said yet."""
    client = await connect_feed(rest)
    yield client
    await client.close()


async def test_the_server_speaks_twice_within_the_clients_patience(
    raw: FeedClient, clock: ManualClock
) -> None:
    """KEEPALIVE every 30 seconds when there was nothing else to say."""
    await raw.shake_hands()
    for _ in range(3):
        await until_asleep(clock, 1)
        clock.advance(30)
        assert await raw.receive() == {"type": "KEEPALIVE", "channel": 0}
        await raw.send(type="KEEPALIVE")
        await _heard(raw)


async def test_a_silent_client_is_timed_out(raw: FeedClient, clock: ManualClock) -> None:
    """ERROR TIMEOUT, then the close that users of the service have seen (API facts 7.2)."""
    await raw.shake_hands()
    await until_asleep(clock, 1)
    clock.advance(30)
    assert (await raw.receive())["type"] == "KEEPALIVE"
    await until_asleep(clock, 1)
    clock.advance(30)
    timeout = await raw.receive()
    assert (timeout["type"], timeout["error"]) == ("ERROR", "TIMEOUT")
    closing = await raw.receive_raw()
    assert (closing.type, closing.data, closing.extra) == (aiohttp.WSMsgType.CLOSE, 1000, "Bye")


async def test_any_message_counts_as_a_sign_of_life(raw: FeedClient, clock: ManualClock) -> None:
    """Not only KEEPALIVE."""
    await raw.shake_hands()
    for number in (1, 3, 5):
        await until_asleep(clock, 1)
        clock.advance(40)
        assert (await raw.receive())["type"] == "KEEPALIVE"
        await raw.open_channel(number)


async def test_timeouts_are_agreed_on_in_setup(raw: FeedClient, clock: ManualClock) -> None:
    """The server drops when the client asked it to, and speaks as often as the client needs."""
    await raw.send(type="SETUP", keepaliveTimeout=8, acceptKeepaliveTimeout=20)
    assert (await raw.receive())["keepaliveTimeout"] == 20
    await raw.receive()
    await raw.send(type="AUTH", token=raw.token)
    await raw.receive()
    for _ in range(4):
        await until_asleep(clock, 1)
        clock.advance(4)
        assert (await raw.receive())["type"] == "KEEPALIVE"
    await until_asleep(clock, 1)
    clock.advance(4)
    assert (await raw.receive())["error"] == "TIMEOUT"


@pytest.mark.parametrize("wish", [None, 0, -5, 61, "long", True])
async def test_wishes_that_cannot_be_become_a_minute(raw: FeedClient, wish: object) -> None:
    """60 seconds is what the service uses."""
    await raw.send(type="SETUP", acceptKeepaliveTimeout=wish)
    assert (await raw.receive())["keepaliveTimeout"] == 60


async def test_a_client_that_does_not_even_read_is_cut_off(raw: FeedClient, clock: ManualClock) -> None:
    """When the goodbye finds no reader, the connection is torn down."""
    await raw.shake_hands()
    await until_asleep(clock, 1)
    clock.advance(60)
    await until_asleep(clock, 1)
    clock.advance(1)
    seen = [(await raw.receive_raw()).type for _ in range(2)]
    assert aiohttp.WSMsgType.TEXT in seen


async def _heard(client: FeedClient) -> None:
    """Make sure that the server has read everything up to here."""
    await client.send(type="FEED_SUBSCRIPTION", channel=99)
    assert (await client.receive())["error"] == "BAD_ACTION"
