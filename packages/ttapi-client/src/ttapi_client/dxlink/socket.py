# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The socket below DXLink: JSON messages over a WebSocket, its troubles told as errors of ours."""

from __future__ import annotations

import asyncio
import ipaddress
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import aiohttp
import orjson
from yarl import URL

from ttapi_core.errors import DecodeError, RejectedError, TransportError, TransportTimeoutError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ttapi_client.dxlink.events import Message
    from ttapi_client.dxlink.policy import FeedPolicy

# Real frames stay below 64 KiB as far as anyone has seen (API facts 9.5); one of a megabyte decodes in 10 ms.
_LARGEST_FRAME: Final = 1024 * 1024


class DxLinkSocket:
    """
    One open socket: a JSON message per text frame.

    Parameters
    ----------
    websocket
        Open; closed by whoever opened it.
    host
        The server's name, for messages.
    """

    def __init__(self, websocket: aiohttp.ClientWebSocketResponse, *, host: str) -> None:
        self._websocket = websocket
        self._host = host

    async def send(self, message: Message) -> None:
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
            raise TransportError(f"DXLink at {self._host} was lost while sending: {error}") from error

    async def receive(self) -> object:
        """
        Wait for the next message.

        Raises
        ------
        TransportError
            When the socket has been closed, with the server's code.
        DecodeError
            When a frame is no JSON.
        """
        frame = await self._websocket.receive()
        if frame.type not in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
            code = self._websocket.close_code
            raise TransportError(f"DXLink at {self._host} closed the connection, code {code}")
        try:
            return orjson.loads(frame.data)
        except orjson.JSONDecodeError as error:
            found = repr(frame.data[:80])
            raise DecodeError(path="DXLink frame", expected="JSON", found=found) from error


@asynccontextmanager
async def open_socket(
    http: aiohttp.ClientSession, url: str, *, user_agent: str, policy: FeedPolicy
) -> AsyncIterator[DxLinkSocket]:
    """
    Connect, and close cleanly at the end of the block, whatever the end.

    Raises
    ------
    TransportError
        When the server cannot be reached or is in trouble.
    RejectedError
        When it refuses to open a socket here.
    DecodeError
        When the address is none that a token may be sent to.
    """
    address = _checked(url)
    websocket = await _connect(http, address, user_agent=user_agent, policy=policy)
    try:
        yield DxLinkSocket(websocket, host=str(address.host))
    finally:
        # A server that never answers the closing frame must not hold up whoever leaves.
        with suppress(TimeoutError):
            async with asyncio.timeout(policy.close_timeout_seconds):
                await websocket.close()


async def _connect(
    http: aiohttp.ClientSession, address: URL, *, user_agent: str, policy: FeedPolicy
) -> aiohttp.ClientWebSocketResponse:
    host = address.host
    try:
        async with asyncio.timeout(policy.connect_timeout_seconds):
            return await http.ws_connect(
                address, headers={"User-Agent": user_agent}, max_msg_size=_LARGEST_FRAME
            )
    except aiohttp.WSServerHandshakeError as error:
        trouble = f"DXLink at {host} did not open a socket: status {error.status}"
        if error.status < HTTPStatus.INTERNAL_SERVER_ERROR and error.status >= HTTPStatus.BAD_REQUEST:
            raise RejectedError(trouble, status=error.status) from error
        raise TransportError(trouble) from error
    except TimeoutError as error:
        seconds = policy.connect_timeout_seconds
        raise TransportTimeoutError(f"DXLink at {host} did not answer in {seconds:g} seconds") from error
    except (aiohttp.ClientError, OSError) as error:
        raise TransportError(f"DXLink at {host} cannot be reached: {error}", sent=False) from error


def _checked(url: str) -> URL:
    """Give the address if a token may go there: encrypted, or to this very machine."""
    try:
        address = URL(url)
    except ValueError:
        address = URL()
    if address.host and (address.scheme == "wss" or (address.scheme == "ws" and _is_loopback(address.host))):
        return address
    raise DecodeError(path="data.dxlink-url", expected="a wss:// address", found=repr(url)[:80])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
