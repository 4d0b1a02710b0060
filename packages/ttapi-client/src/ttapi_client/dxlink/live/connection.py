# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A connection that keeps subscriptions: what the protocol reports, and the book of those who listen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loguru import logger

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
    from collections.abc import Callable, Coroutine, Mapping, Sequence

    from ttapi_client.dxlink.events import Event, Message
    from ttapi_client.dxlink.live.book import SubscriptionBook
    from ttapi_client.dxlink.live.overflow import ReadingGate
    from ttapi_client.dxlink.live.statistics import LiveStatistics
    from ttapi_client.dxlink.live.topics import ChannelKey
    from ttapi_client.dxlink.policy import FeedPolicy
    from ttapi_client.dxlink.protocol import DxLinkProtocol
    from ttapi_client.json_socket import JsonSocket
    from ttapi_core.clock import Clock


class LiveConnection(Connection):
    """
    Asks for what the book wants and hands it what comes; it goes on until it is cancelled or lost.

    Parameters
    ----------
    socket
        Open and silent so far.
    protocol
        Fresh.
    book
        What is wanted; it outlives the connection.
    gate
        Shut while somebody who must lose nothing has no room.
    on_authorized
        Called when the token has been accepted.
    on_restored
        Called once, when all that was wanted has been asked for.
    clock
        Keeps the times of protocol and book.
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
        book: SubscriptionBook,
        gate: ReadingGate,
        on_authorized: Callable[[], None],
        on_restored: Callable[[], None],
        clock: Clock,
        policy: FeedPolicy,
        statistics: LiveStatistics,
    ) -> None:
        super().__init__(
            socket=socket,
            protocol=protocol,
            room=gate,
            clock=clock,
            policy=policy,
            statistics=statistics,
        )
        self._book = book
        self._on_authorized = on_authorized
        self._on_restored = on_restored
        self._keys: dict[int, ChannelKey] = {}  # by channel, those that are gone included
        self._channels: dict[ChannelKey, int] = {}
        self._is_authorized = False
        self._is_restored = False
        self._is_over = False

    def stop(self) -> None:
        """Ask for nothing more: whoever comes now gets another connection."""
        self._is_over = True

    def _more_work(self) -> Sequence[Coroutine[object, object, None]]:
        return (self._ask(),)

    async def _tick(self) -> None:
        self._book.overdue(self._listened())
        self._book.changed.set()  # time has made room in the budget of changes

    async def _take(self, event: Event) -> None:
        match event:
            case Authorized():
                self._is_authorized = True
                self._on_authorized()
                self._book.changed.set()
            case ChannelOpened(channel):
                self._book.opened(self._keys[channel])
            case FeedConfigured(channel, fields):
                await self._configure(channel, fields)
            case FeedData(channel, data):
                self._book.received(self._keys[channel], data, self._listened())
            case ChannelFailed(channel, reason):
                self._refuse(channel, reason)
            case ChannelComplained(channel, reason):
                key = self._keys[channel]
                logger.bind(channel=key.event_type, contract=key.contract.value, reason=reason).warning(
                    "live subscription refused"
                )
                self._book.complained(key, reason, self._listened())
            case ConnectionFailed(reason):
                raise TransportError(f"DXLink gave up on the connection: {reason}")
            case TokenRefused(reason):
                raise AuthError(f"DXLink refused the quote token: {reason}", retryable=True)

    async def _configure(self, channel: int, fields: Mapping[str, Sequence[str]]) -> None:
        try:
            self._book.configured(self._keys[channel], fields)
        except DecodeError as error:
            self._refuse(channel, error.message)
            await self._send(self._protocol.end_channel(channel, self._clock.monotonic()))

    def _refuse(self, channel: int, reason: str) -> None:
        key = self._keys[channel]
        logger.bind(channel=key.event_type, contract=key.contract.value, reason=reason).warning(
            "live channel failed"
        )
        # Whoever asks for it next tries a new channel.
        self._channels.pop(key, None)
        self._book.refused(key, reason)

    async def _ask(self) -> None:
        """Send what the book wants asked: one place alone, so that it arrives in the order of the wishes."""
        changed = self._book.changed
        while True:
            await changed.wait()
            changed.clear()
            if self._is_authorized and not self._is_over:
                await self._send(self._next_requests())
                if not self._is_restored and self._book.is_restored:
                    self._is_restored = True
                    self._on_restored()

    def _next_requests(self) -> list[Message]:
        now = self._clock.monotonic()
        messages: list[Message] = []
        for key in self._book.channels():
            if key not in self._channels:
                fields = {key.event_type: self._book.field_names(key)}
                channel, request = self._protocol.open_channel(key.contract, fields, now)
                self._channels[key], self._keys[channel] = channel, key
                messages.append(request)
        for change in self._book.changes(self._listened()):
            channel = self._channels[change.channel]
            messages += self._protocol.change_subscriptions(
                channel, now, add=change.add, remove=change.remove
            )
        return messages
