# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One connection at work: the socket, the protocol and the plan of a run, brought together."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from loguru import logger

from ttapi_client.dxlink.columns import CANDLE, CANDLE_FIELDS
from ttapi_client.dxlink.events import (
    Authorized,
    ChannelComplained,
    ChannelFailed,
    ChannelOpened,
    ConnectionFailed,
    FeedConfigured,
    FeedData,
    TokenRefused,
)
from ttapi_core.errors import AuthError, DecodeError, TransportError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ttapi_client.dxlink.events import Contract, Event, Message, Reaction
    from ttapi_client.dxlink.handoff import Handoff
    from ttapi_client.dxlink.history import CandleHistory
    from ttapi_client.dxlink.policy import FeedPolicy
    from ttapi_client.dxlink.protocol import DxLinkProtocol
    from ttapi_client.dxlink.socket import DxLinkSocket
    from ttapi_client.dxlink.statistics import FeedStatistics
    from ttapi_core.clock import Clock

_TICK_SECONDS: Final = 0.25  # how finely keepalive and timeouts are kept


class CandleConversation:
    """
    Talks to the server until every symbol of the run has ended, or the connection.

    Parameters
    ----------
    socket
        Open and silent so far.
    protocol
        Fresh.
    history
        What is owed; it outlives the connection.
    handoff
        Where outcomes go.
    clock
        Keeps the times of protocol and history.
    policy
        The figures of the feed.
    statistics
        Where messages are counted.
    """

    def __init__(
        self,
        *,
        socket: DxLinkSocket,
        protocol: DxLinkProtocol,
        history: CandleHistory,
        handoff: Handoff,
        clock: Clock,
        policy: FeedPolicy,
        statistics: FeedStatistics,
    ) -> None:
        self._socket = socket
        self._protocol = protocol
        self._history = history
        self._handoff = handoff
        self._clock = clock
        self._policy = policy
        self._statistics = statistics
        self._contracts: dict[int, Contract] = {}  # by channel
        self._is_authorized = False
        self._paused_at: float | None = None
        self._paused_seconds = 0.0
        self._finished = asyncio.Event()

    async def run(self) -> None:
        """
        Talk until nothing is owed any more, then say goodbye.

        Raises
        ------
        ExceptionGroup
            Of the errors of ours that ended the connection before its time.
        """
        self._history.connected()
        await self._socket.send(self._protocol.start(self._clock.monotonic()))
        try:
            async with asyncio.TaskGroup() as group:
                workers = [group.create_task(self._listen()), group.create_task(self._keep_time())]
                await self._finished.wait()
                for worker in workers:
                    worker.cancel()
        finally:
            self._statistics.ignored_messages += self._protocol.ignored
            await self._say_goodbye()

    async def _say_goodbye(self) -> None:
        """End the channels, if the server is still there to hear it."""
        with suppress(TransportError, TimeoutError):
            async with asyncio.timeout(self._policy.close_timeout_seconds):
                await self._send(self._protocol.end(self._clock.monotonic()))

    async def _listen(self) -> None:
        while True:
            try:
                message = await self._socket.receive()
                self._statistics.frames += 1
                await self._carry_out(self._protocol.receive(message, self._clock.monotonic()))
            except DecodeError as error:
                # Rows may have been lost with it, so this connection is done for; the next may do better.
                raise TransportError(f"DXLink sent what cannot be read: {error.message}") from error
            await self._clock.sleep(0)  # frames that have piled up must not hold up the loop in one go
            if not self._handoff.has_room:
                await self._pause()

    async def _pause(self) -> None:
        """Leave the socket unread until the consumer has caught up."""
        self._paused_at = self._clock.monotonic()
        await self._handoff.wait_for_room()
        now = self._clock.monotonic()
        self._protocol.resume(now)
        self._paused_seconds += now - self._paused_at
        self._paused_at = None

    async def _keep_time(self) -> None:
        while True:
            await self._clock.sleep(_TICK_SECONDS)
            is_listening = self._paused_at is None
            if is_listening:
                self._handoff.put(self._history.overdue(self._listened()))
                await self._give_up_channels()
            await self._carry_out(self._protocol.due(self._clock.monotonic(), is_listening=is_listening))

    async def _carry_out(self, reaction: Reaction) -> None:
        await self._send(reaction.messages)
        for event in reaction.events:
            await self._send(self._take(event))
        if self._is_authorized:
            await self._send(self._next_requests())
        if not len(self._history):
            self._finished.set()

    def _take(self, event: Event) -> tuple[Message, ...]:
        match event:
            case Authorized():
                self._is_authorized = True
            case ChannelOpened(channel):
                self._history.opened(self._contracts[channel])
            case FeedConfigured(channel, fields):
                return self._configure(channel, fields)
            case FeedData(channel, data):
                contract = self._contracts[channel]
                self._handoff.put(self._history.received(contract, data, self._listened()))
            case ChannelFailed(channel, reason):
                self._refuse(channel, reason)
            case ChannelComplained(channel, reason):
                contract = self._contracts[channel]
                logger.bind(contract=contract.value, reason=reason).warning("candle subscription refused")
                self._history.complained(contract, reason, self._listened())
            case ConnectionFailed(reason):
                raise TransportError(f"DXLink gave up on the connection: {reason}")
            case TokenRefused(reason):
                raise AuthError(f"DXLink refused the quote token: {reason}", retryable=True)
        return ()

    async def _give_up_channels(self) -> None:
        channels = {contract: channel for channel, contract in self._contracts.items()}
        for contract, reason in self._history.dead_contracts(self._listened()):
            await self._send(self._end_channel(channels[contract], reason))

    def _configure(self, channel: int, fields: Mapping[str, Sequence[str]]) -> tuple[Message, ...]:
        try:
            self._history.configured(self._contracts[channel], fields)
        except DecodeError as error:
            return self._end_channel(channel, error.message)
        return ()

    def _end_channel(self, channel: int, reason: str) -> tuple[Message, ...]:
        self._refuse(channel, reason)
        return self._protocol.end_channel(channel, self._clock.monotonic())

    def _refuse(self, channel: int, reason: str) -> None:
        contract = self._contracts[channel]
        logger.bind(contract=contract.value, reason=reason).warning("candle channel failed")
        self._handoff.put(self._history.refused(contract, reason))

    def _next_requests(self) -> list[Message]:
        """Channels for the contracts that are needed, and the subscriptions that the plan wants changed."""
        now = self._clock.monotonic()
        channels = {contract: channel for channel, contract in self._contracts.items()}
        messages: list[Message] = []
        for contract in self._history.contracts():
            if contract not in channels:
                channel, request = self._protocol.open_channel(contract, {CANDLE: CANDLE_FIELDS}, now)
                self._contracts[channel] = contract
                messages.append(request)
        for change in self._history.changes(self._listened()):
            channel = channels[change.contract]
            messages += self._protocol.change_subscriptions(
                channel, now, add=change.add, remove=change.remove
            )
        return messages

    def _listened(self) -> float:
        """Give the monotonic seconds less our own pauses: in those nobody was silent but us."""
        until = self._clock.monotonic() if self._paused_at is None else self._paused_at
        return until - self._paused_seconds

    async def _send(self, messages: Iterable[Message]) -> None:
        for message in messages:
            await self._socket.send(message)
