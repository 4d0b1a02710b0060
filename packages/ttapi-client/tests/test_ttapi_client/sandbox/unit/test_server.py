# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Where the server listens, and where it does not."""

from __future__ import annotations

import asyncio
import socket
from contextlib import AsyncExitStack

import aiohttp
import pytest

from test_ttapi_client.sandbox.wire import PATIENCE_SECONDS, RestClient, connect_feed
from ttapi_client.sandbox import SandboxServer, World
from ttapi_core.clock import SystemClock
from ttapi_core.errors import ConfigError


async def test_it_listens_on_a_free_port_of_this_machine(world: World) -> None:
    """Two at a time, each on its own."""
    async with SandboxServer(world) as one, SandboxServer(world) as two:
        assert one.url.startswith("http://127.0.0.1:")
        assert one.url != two.url


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.com", ""])
def test_it_refuses_every_other_host(world: World, host: str) -> None:
    """Its credentials are published: it is nothing for a network."""
    with pytest.raises(ConfigError) as refused:
        SandboxServer(world, host=host)
    assert repr(host) in refused.value.message
    assert refused.value.hint


async def test_a_network_can_be_allowed(world: World) -> None:
    """For a closed one, such as that of containers; this machine reaches it as well."""
    async with SandboxServer(world, host="0.0.0.0", allow_network=True) as server:
        port = server.url.rpartition(":")[2]
        async with aiohttp.ClientSession(base_url=f"http://127.0.0.1:{port}") as http:
            assert (await RestClient(http).call("GET", "/__admin/faults")).status == 200


def test_names_are_refused_even_where_a_network_is_allowed(world: World) -> None:
    """What a name means is decided elsewhere."""
    with pytest.raises(ConfigError, match=r"does not listen on 'example\.com'"):
        SandboxServer(world, host="example.com", allow_network=True)


async def test_localhost_is_this_machine(world: World) -> None:
    """By name as well as by number."""
    async with SandboxServer(world, host="localhost") as server:
        assert server.url.startswith("http://127.0.0.1:")


async def test_the_newer_loopback_works_where_there_is_one(world: World) -> None:
    """With brackets in its address."""
    if not _has_ipv6_loopback():
        pytest.skip("no IPv6 loopback on this machine")
    async with SandboxServer(world, host="::1") as server, aiohttp.ClientSession(base_url=server.url) as http:
        assert server.url.startswith("http://[::1]:")
        assert (await RestClient(http).call("GET", "/__admin/faults")).status == 200


async def test_a_port_in_use_is_named(world: World) -> None:
    """One clear sentence and what to try."""
    async with SandboxServer(world) as one:
        port = int(one.url.rpartition(":")[2])
        with pytest.raises(ConfigError, match=f"port {port} on 127.0.0.1 is in use"):
            await SandboxServer(world, port=port).__aenter__()


@pytest.mark.parametrize("port", [-1, 65_536])
async def test_a_port_that_cannot_be_is_named(world: World, port: int) -> None:
    """Numbers outside the range."""
    with pytest.raises(ConfigError, match=f"port {port} of 127.0.0.1"):
        await SandboxServer(world, port=port).__aenter__()


async def test_a_port_is_free_again_at_once(world: World) -> None:
    """Also when a client was still connected."""
    async with SandboxServer(world) as one:
        port = int(one.url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /customers/me HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 401")
    writer.close()
    async with SandboxServer(world, port=port) as again:
        assert again.url.endswith(f":{port}")


async def test_it_can_be_asked_in_process(world: World) -> None:
    """Tests look at statistics and faults without a request."""
    async with SandboxServer(world) as server:
        assert server.statistics.requests.total() == 0
        assert server.faults.faults == ()


async def test_leaving_twice_is_no_trouble(world: World) -> None:
    """The second time there is nothing left to close."""
    server = SandboxServer(world)
    async with server:
        pass
    await server.__aexit__(None, None, None)


async def test_a_client_that_does_not_read_holds_nobody_up(world: World) -> None:
    """The server ends although a goodbye cannot be sent, and keeps no socket with unsent data."""
    async with AsyncExitStack() as running, AsyncExitStack() as clients:
        server = await running.enter_async_context(SandboxServer(world))
        http = await clients.enter_async_context(aiohttp.ClientSession(base_url=server.url))
        rest = RestClient(http)
        await rest.log_in()
        listed = (await rest.get("/instruments/equities/active", per_page="100")).items
        feed = await connect_feed(rest)
        await feed.shake_hands()
        await feed.open_channel(1, contract="HISTORY")
        await feed.subscribe(*(f"{item['symbol']}{{=d}}" for item in listed))
        frames = -1
        while frames < server.statistics.feed_frames:
            frames = server.statistics.feed_frames
            await SystemClock().sleep(0.3)
        assert server.statistics.candle_snapshots < 100
        async with asyncio.timeout(PATIENCE_SECONDS):
            await running.aclose()


def _has_ipv6_loopback() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True
