# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A WebSocket that carries JSON, to one host and no other, its troubles told as errors of ours."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

import aiohttp
import attrs
import orjson

from ttapi_core.errors import DecodeError, RejectedError, TransportError, TransportTimeoutError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from aiohttp import ClientHandlerType, ClientRequest, ClientResponse
    from yarl import URL

_SWITCHING = HTTPStatus.SWITCHING_PROTOCOLS


@attrs.frozen(kw_only=True)
class SocketLimits:
    """What one socket may cost; seconds are those of the event loop."""

    connect_timeout_seconds: float = 10.0
    close_timeout_seconds: float = 2.0
    largest_frame_bytes: int = 1024 * 1024  # decodes in 10 ms


class JsonSocket:
    """
    One open socket: a JSON message per frame.

    Parameters
    ----------
    websocket
        Open; closed by whoever opened it.
    service
        Who is at the other end, for messages: a name and a host.
    """

    def __init__(self, websocket: aiohttp.ClientWebSocketResponse, *, service: str) -> None:
        self._websocket = websocket
        self._service = service

    async def send(self, message: Mapping[str, object]) -> None:
        """
        Send one message.

        Raises
        ------
        TransportError
            When the socket is closed or closing.
        """
        try:
            await self._websocket.send_str(orjson.dumps(message).decode())
        except (aiohttp.ClientError, OSError) as error:
            raise TransportError(f"{self._service} was lost while sending: {error}") from error

    async def receive(self) -> object:
        """
        Wait for the next message.

        Raises
        ------
        TransportError
            When the socket has been closed, with the server's code.
        DecodeError
            When a frame is no JSON; it does not show the frame, which may be an account's.
        """
        frame = await self._websocket.receive()
        if frame.type not in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
            code = self._websocket.close_code
            raise TransportError(f"{self._service} closed the connection, code {code}")
        try:
            return orjson.loads(frame.data)
        except orjson.JSONDecodeError as error:
            found = f"{len(frame.data)} characters that are none"
            raise DecodeError(path=f"frame of {self._service}", expected="JSON", found=found) from error


@asynccontextmanager
async def open_json_socket(
    address: URL, *, service: str, user_agent: str, limits: SocketLimits
) -> AsyncGenerator[JsonSocket, None]:
    """
    Connect, and close cleanly at the end of the block, whatever the end.

    A redirect is not followed: what is sent over the socket is meant for this host alone.

    Parameters
    ----------
    address
        Checked by the caller to be one that a token may be sent to.
    service
        The service's name, for messages.
    user_agent
        Who we are, as ``product/version``.
    limits
        Times and size.

    Raises
    ------
    TransportError
        When the server cannot be reached or is in trouble.
    RejectedError
        When it refuses to open a socket here.
    """
    named = f"{service} at {address.host}"
    # A session of its own: only a session can be told not to follow the redirects of a WebSocket, and the
    # socket, open for hours, takes no place from the requests.
    async with aiohttp.ClientSession(middlewares=(_without_redirects,)) as session:
        websocket = await _connect(session, address, named=named, user_agent=user_agent, limits=limits)
        try:
            yield JsonSocket(websocket, service=named)
        finally:
            # A server that never answers the closing frame must not hold up whoever leaves.
            with suppress(TimeoutError):
                async with asyncio.timeout(limits.close_timeout_seconds):
                    await websocket.close()


async def _connect(
    session: aiohttp.ClientSession, address: URL, *, named: str, user_agent: str, limits: SocketLimits
) -> aiohttp.ClientWebSocketResponse:
    try:
        async with asyncio.timeout(limits.connect_timeout_seconds):
            return await session.ws_connect(
                address, headers={"User-Agent": user_agent}, max_msg_size=limits.largest_frame_bytes
            )
    except aiohttp.WSServerHandshakeError as error:
        trouble = f"{named} did not open a socket: status {error.status}"
        if HTTPStatus.MULTIPLE_CHOICES <= error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise RejectedError(trouble, status=error.status) from error
        raise TransportError(trouble) from error
    except TimeoutError as error:
        seconds = limits.connect_timeout_seconds
        raise TransportTimeoutError(f"{named} did not answer in {seconds:g} seconds") from error
    except (aiohttp.ClientError, OSError) as error:
        raise TransportError(f"{named} cannot be reached: {error}", sent=False) from error


async def _without_redirects(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    response = await handler(request)
    if response.status != _SWITCHING:
        response.close()
        raise aiohttp.WSServerHandshakeError(
            response.request_info,
            (),
            status=response.status,
            message="no WebSocket",
            headers=response.headers,
        )
    return response
