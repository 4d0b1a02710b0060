# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The feed's websocket: reads what the client says, sends what it asked for, and watches both clocks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import orjson
from aiohttp import ClientConnectionResetError, WSCloseCode, WSMsgType, web
from loguru import logger

from ttapi_client.sandbox.dxlink.channel import Subscription
from ttapi_client.sandbox.dxlink.conversation import Conversation, Hangup, Message, Outgoing
from ttapi_client.sandbox.dxlink.event_families import CANDLE, is_served
from ttapi_client.sandbox.dxlink.first_data import first_frames, open_series
from ttapi_client.sandbox.dxlink.live import LiveFeed
from ttapi_client.sandbox.dxlink.subjects import SubjectFinder
from ttapi_client.sandbox.faults import FEED_KINDS, FEED_ROUTE, FaultKind
from ttapi_client.sandbox.hangup import hang_up
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_client.sandbox.dxlink.series import Series
    from ttapi_client.sandbox.faults import Fault
    from ttapi_client.sandbox.sandbox_state import SandboxState

_WAITING_MESSAGES: Final = 1024  # when so much waits to be sent, the client is not read any more
_GOODBYE_SECONDS: Final = 1.0
_LONGEST_NAP_SECONDS: Final = 1.0  # SETUP may shorten both timeouts at any moment
_KEEPALIVE: Final[Message] = {"type": "KEEPALIVE", "channel": 0}
_SUBSCRIPTION_KINDS: Final = FEED_KINDS - {FaultKind.REFUSE_TOKEN}
_BREAKING_KINDS: Final = frozenset({FaultKind.DROP, FaultKind.RESET, FaultKind.CLOSE, FaultKind.MUTE})


class _Tick:
    """Time to look for what has changed; in the queue, so that all data is sent in one order."""


_TICK: Final = _Tick()


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
        self._subjects = SubjectFinder(state.world)
        self._live = LiveFeed(state.clock, state.world.market)
        self._outbox: asyncio.Queue[Outgoing | _Tick] = asyncio.Queue(maxsize=_WAITING_MESSAGES)
        self._has_tick = False
        self._is_touched = False
        self._heard_at = self._spoke_at = state.clock.monotonic()
        self._is_mute = False

    async def serve(self) -> None:
        """Talk until the client goes or is sent away."""
        async with TaskRegistry(on_failure=self._fail) as tasks:
            _ = tasks.spawn("sandbox feed writer", self._write())
            _ = tasks.spawn("sandbox feed keepalive", self._watch())
            _ = tasks.spawn("sandbox feed ticks", self._tick())
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
                hang_up(self._request)
                return
            if now - self._spoke_at >= conversation.speak_every_seconds:
                self._spoke_at = now
                await self._outbox.put(_KEEPALIVE)
            drop_at = self._heard_at + conversation.drop_after_seconds
            speak_at = self._spoke_at + conversation.speak_every_seconds
            await clock.sleep(min(drop_at - now, speak_at - now, _LONGEST_NAP_SECONDS))

    async def _tick(self) -> None:
        """Look for news as often as the client wants them, and whenever the market is moved by hand."""
        clock, market = self._state.clock, self._state.world.market
        while True:
            nap_seconds, began = self._live.nap_seconds, clock.monotonic()
            await market.clock.wait(nap_seconds)
            # Woken before its time: somebody stepped the market, and waits for what that brings.
            self._is_touched = self._is_touched or clock.monotonic() - began < nap_seconds / 2
            if not self._has_tick:
                self._has_tick = True
                await self._outbox.put(_TICK)

    async def _write(self) -> None:
        try:
            while True:
                outgoing = await self._outbox.get()
                if isinstance(outgoing, Hangup):
                    await self._websocket.close(code=outgoing.code, message=outgoing.reason.encode())
                    return
                if isinstance(outgoing, _Tick):
                    await self._send_news()
                elif isinstance(outgoing, Subscription):
                    await self._answer(outgoing)
                    # Histories take milliseconds each: let REST requests in between.
                    await self._pause()
                else:
                    await self._send(orjson.dumps(outgoing))
                    if outgoing["type"] == "FEED_CONFIG":
                        self._live.configure(outgoing)
        except ClientConnectionResetError:
            logger.debug("sandbox feed client went away")

    async def _send_news(self) -> None:
        is_touched, self._is_touched, self._has_tick = self._is_touched, False, False
        async for frame in self._live.frames(is_touched=is_touched):
            await self._send(frame)

    async def _answer(self, subscription: Subscription) -> None:
        """The first data of a subscription, with whatever trouble was scripted for it."""
        if subscription.is_over() or not is_served(subscription.event_type):
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
        elif FaultKind.SILENT not in faults and not subscription.is_over():
            series = open_series(
                subscription, self._subjects.find(subscription.market_symbol), pause=self._pause
            )
            await self._send_first_data(subscription, series, struck)
            if series is not None:
                self._live.add(subscription, series)

    async def _send_first_data(
        self, subscription: Subscription, series: Series | None, struck: Sequence[Fault]
    ) -> None:
        breaking = next((fault for fault in struck if fault.kind in _BREAKING_KINDS), None)
        statistics, is_candle = self._state.statistics, subscription.event_type == CANDLE
        frames = await first_frames(subscription, series, struck)
        for number, (frame, rows) in enumerate(frames):
            if subscription.is_over():
                return
            if breaking is not None and number >= breaking.after_frames:
                break
            if is_candle:
                statistics.candle_rows += rows
            await self._send(frame)
        if breaking is not None:
            await self._break(breaking)
        elif is_candle:
            statistics.candle_snapshots += 1

    async def _pause(self) -> None:
        await self._state.clock.sleep(0)

    async def _break(self, fault: Fault) -> None:
        if fault.kind is FaultKind.MUTE:
            self._is_mute = True
        elif fault.kind is FaultKind.CLOSE:
            await self._websocket.close(code=fault.close_code)
        else:
            hang_up(self._request, is_reset=fault.kind is FaultKind.RESET)

    def _fail(self, name: str, error: BaseException) -> None:
        logger.opt(exception=error).bind(task=name).error("sandbox task failed")
        hang_up(self._request)

    async def _send(self, frame: bytes) -> None:
        if self._is_mute:
            return
        self._spoke_at = self._state.clock.monotonic()
        self._state.statistics.frame(len(frame))
        await self._websocket.send_frame(frame, WSMsgType.TEXT)
