# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The feed's websocket: reads what the client says, sends what it asked for, and watches both clocks."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, Final

import orjson
from aiohttp import ClientConnectionResetError, WSCloseCode, WSMsgType, web
from loguru import logger

from ttapi_client.sandbox.dxlink.candle_rows import CandleRows
from ttapi_client.sandbox.dxlink.channel import Subscription
from ttapi_client.sandbox.dxlink.conversation import Conversation, Hangup, Message, Outgoing
from ttapi_client.sandbox.dxlink.quote_row import quote_columns
from ttapi_client.sandbox.faults import FEED_KINDS, FEED_ROUTE, FaultKind
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ttapi_client.sandbox.faults import Fault
    from ttapi_client.sandbox.sandbox_state import SandboxState

_WAITING_MESSAGES: Final = 1024  # when so much waits to be sent, the client is not read any more
_GOODBYE_SECONDS: Final = 1.0
_LONGEST_NAP_SECONDS: Final = 1.0  # SETUP may shorten both timeouts at any moment
_KEEPALIVE: Final[Message] = {"type": "KEEPALIVE", "channel": 0}
_SUBSCRIPTION_KINDS: Final = FEED_KINDS - {FaultKind.REFUSE_TOKEN}
_BREAKING_KINDS: Final = frozenset({FaultKind.DROP, FaultKind.CLOSE, FaultKind.MUTE})


class FeedService:
    """All websockets of one sandbox."""

    def __init__(self, state: SandboxState) -> None:
        self._state = state
        self._open: set[web.WebSocketResponse] = set()

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one client until it goes."""
        websocket = web.WebSocketResponse(compress=False, timeout=_GOODBYE_SECONDS)
        await websocket.prepare(request)
        self._open.add(websocket)
        try:
            with self._state.statistics.websocket():
                await FeedConnection(self._state, websocket, request).serve()
        finally:
            self._open.discard(websocket)
        return websocket

    async def aclose(self) -> None:
        """Say goodbye to everyone."""
        await asyncio.gather(*(one.close(code=WSCloseCode.GOING_AWAY) for one in tuple(self._open)))


class FeedConnection:
    """One client's websocket."""

    def __init__(self, state: SandboxState, websocket: web.WebSocketResponse, request: web.Request) -> None:
        self._state = state
        self._websocket = websocket
        self._request = request
        self._conversation = Conversation(self._accepts_token)
        self._outbox: asyncio.Queue[Outgoing] = asyncio.Queue(maxsize=_WAITING_MESSAGES)
        self._heard_at = self._spoke_at = state.clock.monotonic()
        self._is_mute = False

    async def serve(self) -> None:
        """Talk until the client goes or is sent away."""
        async with TaskRegistry(on_failure=self._fail) as tasks:
            _ = tasks.spawn("sandbox feed writer", self._write())
            _ = tasks.spawn("sandbox feed keepalive", self._watch())
            async for message in self._websocket:
                self._heard_at = self._state.clock.monotonic()
                if message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                    for outgoing in self._conversation.receive(message.data):
                        await self._outbox.put(outgoing)

    def _accepts_token(self, token: str) -> bool:
        refused = self._state.faults.strike(FEED_ROUTE, (), {FaultKind.REFUSE_TOKEN})
        return not refused and self._state.quote_tokens.holds(token)

    async def _watch(self) -> None:
        """Say KEEPALIVE when there was nothing else to say, and drop a client that says nothing."""
        clock, conversation = self._state.clock, self._conversation
        while True:
            now = clock.monotonic()
            if now - self._heard_at >= conversation.drop_after_seconds:
                text = f"no message for {conversation.drop_after_seconds:g} seconds"
                await self._outbox.put({"type": "ERROR", "channel": 0, "error": "TIMEOUT", "message": text})
                await self._outbox.put(Hangup(WSCloseCode.OK, "Bye"))
                await clock.sleep(_GOODBYE_SECONDS)
                # Still here: the client does not read either, so the goodbye cannot be sent.
                self._abort()
                return
            if now - self._spoke_at >= conversation.speak_every_seconds:
                self._spoke_at = now
                await self._outbox.put(_KEEPALIVE)
            drop_at = self._heard_at + conversation.drop_after_seconds
            speak_at = self._spoke_at + conversation.speak_every_seconds
            await clock.sleep(min(drop_at - now, speak_at - now, _LONGEST_NAP_SECONDS))

    async def _write(self) -> None:
        try:
            while True:
                outgoing = await self._outbox.get()
                if isinstance(outgoing, Hangup):
                    await self._websocket.close(code=outgoing.code, message=outgoing.reason.encode())
                    return
                if isinstance(outgoing, Subscription):
                    await self._answer(outgoing)
                    # Histories take milliseconds each: let REST requests in between.
                    await self._state.clock.sleep(0)
                else:
                    await self._send(orjson.dumps(outgoing))
        except ClientConnectionResetError:
            logger.debug("sandbox feed client went away")

    async def _answer(self, subscription: Subscription) -> None:
        """The first data of a subscription, with whatever trouble was scripted for it."""
        if subscription.is_over() or subscription.event_type not in {"Candle", "Quote"}:
            return
        symbols = (subscription.market_symbol,)
        struck = self._state.faults.strike(FEED_ROUTE, symbols, _SUBSCRIPTION_KINDS)
        faults = {fault.kind: fault for fault in struck}
        if FaultKind.DELAY in faults:
            await self._state.clock.sleep(faults[FaultKind.DELAY].delay_seconds)
        if FaultKind.ERROR in faults:
            text = f"the subscription of {subscription.symbol} is refused"
            refusal = {"channel": subscription.layout.channel, "error": "BAD_ACTION", "message": text}
            await self._send(orjson.dumps({"type": "ERROR", **refusal}))
        elif FaultKind.SILENT not in faults:
            await self._send_data(subscription, faults)

    async def _send_data(self, subscription: Subscription, faults: Mapping[FaultKind, Fault]) -> None:
        breaking = next((fault for kind, fault in faults.items() if kind in _BREAKING_KINDS), None)
        statistics = self._state.statistics
        for number, (frame, rows) in enumerate(self._frames(subscription, faults.keys())):
            if subscription.is_over():
                return
            if breaking is not None and number >= breaking.after_frames:
                break
            if subscription.candle is not None:
                statistics.candle_rows += rows
            await self._send(frame)
        if breaking is not None:
            await self._break(breaking)
        elif subscription.candle is not None:
            statistics.candle_snapshots += 1

    def _frames(
        self, subscription: Subscription, kinds: Collection[FaultKind]
    ) -> Iterator[tuple[bytes, int]]:
        market, layout = self._state.world.market, subscription.layout
        if subscription.candle is None:
            quote = market.quote(subscription.symbol)
            return layout.frames({} if quote is None else quote_columns(quote), rows=int(quote is not None))
        is_empty = FaultKind.EMPTY in kinds
        rows = CandleRows(
            subscription.symbol if FaultKind.VERBATIM_ECHO in kinds else subscription.key,
            None if is_empty else market.candles(subscription.candle.symbol, subscription.from_time),
            from_time=subscription.from_time,
            fields=layout.fields,
        )
        if FaultKind.PLAIN_END in kinds:
            rows.drop_placeholder()
        if FaultKind.SNIP in kinds:
            rows.snip()
        if FaultKind.REORDER in kinds:
            rows.reorder()
        return layout.frames(rows.columns, rows=rows.count)

    async def _break(self, fault: Fault) -> None:
        if fault.kind is FaultKind.MUTE:
            self._is_mute = True
        elif fault.kind is FaultKind.CLOSE:
            await self._websocket.close(code=fault.close_code)
        else:
            self._abort()

    def _fail(self, name: str, error: BaseException) -> None:
        logger.opt(exception=error).bind(task=name).error("sandbox task failed")
        self._abort()

    def _abort(self) -> None:
        transport = self._request.transport
        if transport is not None:
            # Lingering for no time makes the kernel send RST instead of a proper end.
            connected = transport.get_extra_info("socket")
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()

    async def _send(self, frame: bytes) -> None:
        if self._is_mute:
            return
        self._spoke_at = self._state.clock.monotonic()
        self._state.statistics.frame(len(frame))
        await self._websocket.send_frame(frame, WSMsgType.TEXT)
