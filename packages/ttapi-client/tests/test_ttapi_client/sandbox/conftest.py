# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A sandbox that stands still on one evening, and ways to talk to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import aiohttp
import pytest

from test_ttapi_client.sandbox.wire import FeedClient, RestClient, connect_feed
from ttapi_client.sandbox import SandboxServer, World
from ttapi_core.clock import ManualClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

# Friday evening in New York, after the candle of 20 November 2026 is final.
EVENING = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)


@pytest.fixture
def market_clock() -> ManualClock:
    """The clock that the market moves with."""
    return ManualClock(EVENING)


@pytest.fixture
def clock() -> ManualClock:
    """The server's clock, for tokens, timeouts and delays."""
    return ManualClock(EVENING)


@pytest.fixture
def world(market_clock: ManualClock) -> World:
    """The usual simulated world."""
    return World.seeded(clock=market_clock)


@pytest.fixture
async def server(world: World, clock: ManualClock) -> AsyncIterator[SandboxServer]:
    """A server on a free port."""
    async with SandboxServer(world, clock=clock) as running:
        yield running


@pytest.fixture
async def http(server: SandboxServer) -> AsyncIterator[aiohttp.ClientSession]:
    """A bare HTTP session without any token."""
    async with aiohttp.ClientSession(base_url=server.url, headers={"User-Agent": "tests/1.0"}) as session:
        yield session


@pytest.fixture
async def rest(http: aiohttp.ClientSession) -> RestClient:
    """Calls with a token that holds."""
    client = RestClient(http)
    await client.log_in()
    return client


@pytest.fixture
async def feed(rest: RestClient) -> AsyncIterator[Callable[..., Awaitable[FeedClient]]]:
    """Opens feed connections, authorized and with one channel, and closes them at the end."""
    opened: list[FeedClient] = []

    async def open_feed(
        *, contract: str = "HISTORY", fields: dict[str, list[str]] | None = None, data_format: str = "COMPACT"
    ) -> FeedClient:
        client = await connect_feed(rest)
        opened.append(client)
        await client.shake_hands()
        await client.open_channel(1, contract=contract, fields=fields, data_format=data_format)
        return client

    yield open_feed
    for client in opened:
        await client.close()
