# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The socket that carries JSON: what it says when the other side is not there, or too slow."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from yarl import URL

from test_ttapi_client.local_service import serving
from test_ttapi_client.streamer_stub import StreamerStub
from ttapi_client.json_socket import SocketLimits, open_json_socket
from ttapi_core.errors import TransportError, TransportTimeoutError

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from aiohttp import web

    from ttapi_client.json_socket import JsonSocket


def opened(address: URL, **limits: float) -> AbstractAsyncContextManager[JsonSocket]:
    """A socket to that address."""
    return open_json_socket(
        address,
        service="the stub",
        user_agent="tests/1.0",
        limits=SocketLimits(**limits),  # type: ignore[arg-type]
    )


async def test_messages_go_both_ways() -> None:
    """One JSON object a frame."""
    async with StreamerStub() as stub, opened(stub.address) as socket:
        await socket.send({"action": "connect", "request-id": 7})
        assert await socket.receive() == {
            "status": "ok",
            "action": "connect",
            "request-id": 7,
            "web-socket-session-id": "s-1",
        }
    assert stub.user_agents == ["tests/1.0"]


async def test_a_server_that_never_answers_is_not_waited_for() -> None:
    """The limit is the caller's."""

    async def never(_request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with serving(never) as url:
        with pytest.raises(TransportTimeoutError, match=r"the stub at 127.0.0.1 did not answer in 0.05 sec"):
            async with opened(URL(url).with_scheme("ws"), connect_timeout_seconds=0.05):
                pass


async def test_sending_over_a_closed_socket_is_a_transport_error() -> None:
    """Not one of the library's."""
    async with StreamerStub() as stub, opened(stub.address) as socket:
        await socket._websocket.close()
        with pytest.raises(TransportError, match=r"the stub at 127\.0\.0\.1 was lost while sending"):
            await socket.send({"action": "connect"})


async def test_a_frame_above_the_limit_ends_the_connection() -> None:
    """Before it is decoded."""

    class Long(StreamerStub):
        async def on_connect(self, link: object, request: dict[str, object]) -> None:
            await link.send({"x": "y" * 2_000})  # type: ignore[attr-defined]

    async with Long() as stub, opened(stub.address, largest_frame_bytes=1_000) as socket:
        await socket.send({"action": "connect"})
        with pytest.raises(TransportError, match="code 1009"):
            await socket.receive()


async def test_a_server_that_never_says_goodbye_does_not_hold_up_who_leaves() -> None:
    """The closing frame is sent and no answer waited for beyond the limit."""
    left = asyncio.Event()

    class Deaf(StreamerStub):
        async def on_connect(self, link: object, request: dict[str, object]) -> None:
            await left.wait()

    async with Deaf() as stub:
        async with opened(stub.address, close_timeout_seconds=0.05) as socket:
            await socket.send({"action": "connect"})
        left.set()
        assert len(stub.links) == 1
