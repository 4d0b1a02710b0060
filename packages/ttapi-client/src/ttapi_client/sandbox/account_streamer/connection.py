# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The account streamer's websocket: answers a client, tells it what changed, listens for its heartbeat."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING, Final

import orjson
from aiohttp import ClientConnectionResetError, WSCloseCode, WSMsgType, web
from loguru import logger

from ttapi_client.sandbox.account_streamer.changes import AccountChanges
from ttapi_client.sandbox.account_streamer.dialogue import Dialogue
from ttapi_client.sandbox.faults import STREAMER_KINDS, STREAMER_ROUTE, FaultKind
from ttapi_client.sandbox.hangup import hang_up
from ttapi_client.sandbox.rest.envelope import Refusal
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from ttapi_client.sandbox.account_streamer.dialogue import Message
    from ttapi_client.sandbox.faults import Fault
    from ttapi_client.sandbox.sandbox_state import SandboxState

STREAMER_PATHS: Final = ("/", "/account-streamer")  # the service's own address has no path
_WAITING_MESSAGES: Final = 1024  # when so much waits to be sent, the client is not read any more
_LONGEST_MESSAGE_BYTES: Final = 1 << 16
_GOODBYE_SECONDS: Final = 1.0
_HEARTBEAT_SECONDS: Final = 60.0
_LOOK_EVERY_SECONDS: Final = 1.0  # at the market, by the clock below it
_MESSAGE_KINDS: Final = STREAMER_KINDS - {FaultKind.REFUSE_TOKEN}


class AccountStreamerService:
    """All of the account streamer's websockets in one sandbox."""

    def __init__(self, state: SandboxState) -> None:
        self._state = state
        self._open: set[web.WebSocketResponse] = set()
        self._numbers = count(1)

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one client until it goes; whoever does not ask for a websocket finds nothing here."""
        websocket = web.WebSocketResponse(
            compress=False, timeout=_GOODBYE_SECONDS, autoping=False, max_msg_size=_LONGEST_MESSAGE_BYTES
        )
        if not websocket.can_prepare(request).ok:
            raise Refusal(404, "not_found", f"{request.method} {request.path} is a websocket")
        await websocket.prepare(request)
        self._open.add(websocket)
        try:
            with self._state.statistics.websocket():
                session_id = f"sandbox-{next(self._numbers)}"
                await StreamerConnection(self._state, websocket, request, session_id).serve()
        finally:
            self._open.discard(websocket)
        return websocket

    async def aclose(self) -> None:
        """Say goodbye to everyone."""
        await asyncio.gather(*(one.close(code=WSCloseCode.GOING_AWAY) for one in tuple(self._open)))


class StreamerConnection:
    """One client's websocket."""

    def __init__(
        self, state: SandboxState, websocket: web.WebSocketResponse, request: web.Request, session_id: str
    ) -> None:
        self._state = state
        self._websocket = websocket
        self._request = request
        self._book = state.world.accounts
        self._dialogue = Dialogue(
            session_id,
            authorizes=self._authorizes,
            known={account.number for account in self._book.accounts},
        )
        self._changes: dict[str, AccountChanges] = {}
        self._outbox: asyncio.Queue[Message] = asyncio.Queue(maxsize=_WAITING_MESSAGES)
        self._heard_at = state.clock.monotonic()
        self._breaking: Fault | None = None
        self._frames_left = 0

    async def serve(self) -> None:
        """Talk until the client goes or is sent away."""
        async with TaskRegistry(on_failure=self._fail) as tasks:
            _ = tasks.spawn("sandbox streamer writer", self._write())
            _ = tasks.spawn("sandbox streamer market", self._follow())
            _ = tasks.spawn("sandbox streamer heartbeat", self._watch())
            async for message in self._websocket:
                if message.type is WSMsgType.PING:
                    # One client never says heartbeat and pings instead.
                    self._heard_at = self._state.clock.monotonic()
                    await self._websocket.pong(message.data)
                elif message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                    await self._receive(message.data)

    async def _receive(self, text: str | bytes) -> None:
        await self._strike()
        reply = self._dialogue.receive(text)
        if reply.is_alive:
            self._heard_at = self._state.clock.monotonic()
        await self._outbox.put(reply.message)
        for number in reply.has_connected:
            account = self._book.account(number)
            if account is not None:
                changes = AccountChanges(self._state.world, account)
                for message in changes.everything():
                    await self._outbox.put(message)
                self._changes[number] = changes

    def _authorizes(self, token: str) -> bool:
        refused = self._state.faults.strike(STREAMER_ROUTE, (), {FaultKind.REFUSE_TOKEN})
        return not refused and self._state.authorizes(token)

    async def _strike(self) -> None:
        """Scripted trouble begins with a message of the client; ``after_frames`` counts from there."""
        for fault in self._state.faults.strike(STREAMER_ROUTE, (), _MESSAGE_KINDS):
            if fault.kind is FaultKind.DELAY:
                await self._state.clock.sleep(fault.delay_seconds)
            elif self._breaking is None:
                self._breaking, self._frames_left = fault, fault.after_frames

    async def _follow(self) -> None:
        """Tell what has changed whenever the market has moved."""
        while True:
            await self._state.world.market.clock.wait(_LOOK_EVERY_SECONDS)
            for changes in tuple(self._changes.values()):
                for message in changes.news():
                    await self._outbox.put(message)

    async def _watch(self) -> None:
        """Send a client away that shows no sign of life for a minute."""
        clock = self._state.clock
        while (left := self._heard_at + _HEARTBEAT_SECONDS - clock.monotonic()) > 0:
            await clock.sleep(left)
        try:
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await self._websocket.close(code=WSCloseCode.OK, message=b"no heartbeat for a minute")
        except TimeoutError:  # the client does not read either
            hang_up(self._request)

    async def _write(self) -> None:
        try:
            while True:
                message = await self._outbox.get()
                if self._breaking is not None and self._frames_left == 0:
                    await self._break(self._breaking)
                    return
                self._frames_left -= self._breaking is not None
                frame = orjson.dumps(message)
                self._state.statistics.frame(len(frame))
                await self._websocket.send_frame(frame, WSMsgType.TEXT)
        except ClientConnectionResetError:
            logger.debug("sandbox streamer client went away")

    async def _break(self, fault: Fault) -> None:
        match fault.kind:
            case FaultKind.MUTE:
                while True:
                    _ = await self._outbox.get()
            case FaultKind.CLOSE:
                await self._websocket.close(code=fault.close_code)
            case FaultKind.RESET:
                hang_up(self._request, is_reset=True)
            case _:
                hang_up(self._request)

    def _fail(self, name: str, error: BaseException) -> None:
        logger.opt(exception=error).bind(task=name).error("sandbox task failed")
        hang_up(self._request)
