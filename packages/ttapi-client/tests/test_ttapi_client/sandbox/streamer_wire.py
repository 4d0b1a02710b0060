# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The tests' own reading of the account streamer: plain JSON messages, one after the other."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import attrs
import orjson

from test_ttapi_client.sandbox.wire import PATIENCE_SECONDS

if TYPE_CHECKING:
    from test_ttapi_client.sandbox.wire import RestClient


@attrs.define
class StreamerClient:
    """One websocket, spoken to message by message."""

    websocket: aiohttp.ClientWebSocketResponse
    token: str | None
    sent: int = 0

    async def send(self, action: str, **more: object) -> None:
        """One message with the token and a number of its own; None leaves the token out."""
        self.sent += 1
        message = {"action": action, "request-id": self.sent, "source": "tests/1.0", **more}
        if self.token is not None:
            message["auth-token"] = self.token
        await self.websocket.send_str(orjson.dumps(message).decode())

    async def receive(self) -> Any:
        """The next message; closing of the socket fails the test."""
        message = await self.receive_raw()
        assert message.type is aiohttp.WSMsgType.TEXT, message
        return orjson.loads(message.data)

    async def receive_raw(self) -> aiohttp.WSMessage:
        """The next frame, whatever it is."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.websocket.receive()

    async def ask(self, action: str, **more: object) -> Any:
        """The answer to one message; notifications that come before it are dropped."""
        await self.send(action, **more)
        while "status" not in (answer := await self.receive()):
            pass
        return answer

    async def connect(self, *numbers: str) -> list[dict[str, Any]]:
        """The first notifications of some accounts, which end with the last account's last position."""
        answer = await self.ask("connect", value=list(numbers))
        assert answer["status"] == "ok", answer
        await self.send("heartbeat")
        notifications = []
        while "status" not in (message := await self.receive()):
            notifications.append(message)
        return notifications


async def open_streamer(rest: RestClient, path: str = "/account-streamer") -> StreamerClient:
    """A websocket on which nothing has been said yet; like the service's own, it takes no header."""
    websocket = await rest.http.ws_connect(path)
    return StreamerClient(websocket, rest.headers.get("Authorization"))
