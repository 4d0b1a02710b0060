# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A connection that fetches candles: what the protocol reports, and the plan of a run, brought together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loguru import logger

from ttapi_client.dxlink.columns import CANDLE, CANDLE_FIELDS
from ttapi_client.dxlink.connection import Connection
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
    from collections.abc import Mapping, Sequence

    from ttapi_client.dxlink.events import Contract, Event, Message, Reaction
    from ttapi_client.dxlink.handoff import Handoff
    from ttapi_client.dxlink.history import CandleHistory
    from ttapi_client.dxlink.policy import FeedPolicy
    from ttapi_client.dxlink.protocol import DxLinkProtocol
    from ttapi_client.dxlink.statistics import FeedStatistics
    from ttapi_client.json_socket import JsonSocket
    from ttapi_core.clock import Clock


class CandleConversation(Connection):
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
        socket: JsonSocket,
        protocol: DxLinkProtocol,
        history: CandleHistory,
        handoff: Handoff,
        clock: Clock,
        policy: FeedPolicy,
        statistics: FeedStatistics,
    ) -> None:
        super().__init__(
            socket=socket,
            protocol=protocol,
            room=handoff,
            clock=clock,
            policy=policy,
            statistics=statistics,
        )
        self._history = history
        self._handoff = handoff
        self._contracts: dict[int, Contract] = {}  # by channel
        self._is_authorized = False
        history.connected()

    async def _tick(self) -> None:
        self._handoff.put(self._history.overdue(self._listened()))
        channels = {contract: channel for channel, contract in self._contracts.items()}
        for contract, reason in self._history.dead_contracts(self._listened()):
            await self._end_channel(channels[contract], reason)

    async def _take(self, event: Event) -> None:
        match event:
            case Authorized():
                self._is_authorized = True
            case ChannelOpened(channel):
                self._history.opened(self._contracts[channel])
            case FeedConfigured(channel, fields):
                await self._configure(channel, fields)
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

    async def _carry_out(self, reaction: Reaction) -> None:
        await super()._carry_out(reaction)
        if self._is_authorized:
            await self._send(self._next_requests())
        if not len(self._history):
            self._finished.set()

    async def _configure(self, channel: int, fields: Mapping[str, Sequence[str]]) -> None:
        try:
            self._history.configured(self._contracts[channel], fields)
        except DecodeError as error:
            await self._end_channel(channel, error.message)

    async def _end_channel(self, channel: int, reason: str) -> None:
        self._refuse(channel, reason)
        await self._send(self._protocol.end_channel(channel, self._clock.monotonic()))

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
