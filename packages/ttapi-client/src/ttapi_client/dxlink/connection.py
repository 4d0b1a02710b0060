# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One connection at work: the socket and the protocol brought together, whatever it is about."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from ttapi_core.errors import DecodeError, TransportError, TTError

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Coroutine, Iterable, Sequence

    from ttapi_client.dxlink.events import Event, Message, Reaction
    from ttapi_client.dxlink.policy import FeedPolicy
    from ttapi_client.dxlink.protocol import DxLinkProtocol
    from ttapi_client.json_socket import JsonSocket
    from ttapi_core.clock import Clock

_TICK_SECONDS: Final = 0.25  # how finely keepalive and timeouts are kept


class FrameStatistics(Protocol):
    """Where frames are counted."""

    frames: int
    ignored_messages: Counter[str]


class Room(Protocol):
    """Whether what comes next can be put somewhere."""

    @property
    def is_open(self) -> bool:
        """Whether it can."""
        ...

    async def wait(self) -> None:
        """Until it can."""
        ...


class Connection(ABC):
    """
    Talks to the server: reads, keeps the time, and says goodbye at the end.

    Parameters
    ----------
    socket
        Open and silent so far.
    protocol
        Fresh.
    room
        The socket is left unread while there is none.
    clock
        Keeps the times of the protocol.
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
        room: Room,
        clock: Clock,
        policy: FeedPolicy,
        statistics: FrameStatistics,
    ) -> None:
        self._socket = socket
        self._protocol = protocol
        self._room = room
        self._clock = clock
        self._policy = policy
        self._frames = statistics
        self._paused_at: float | None = None
        self._paused_seconds = 0.0
        self._trouble: TTError | None = None
        self._finished = asyncio.Event()

    async def run(self) -> None:
        """
        Talk until it is finished, then say goodbye.

        Raises
        ------
        TTError
            What ended the connection before its time.
        """
        await self._socket.send(self._protocol.start(self._clock.monotonic()))
        try:
            async with asyncio.TaskGroup() as group:
                work = (self._listen(), self._keep_time(), *self._more_work())
                workers = [group.create_task(self._until_trouble(one)) for one in work]
                await self._finished.wait()
                for worker in workers:
                    worker.cancel()
        finally:
            self._frames.ignored_messages += self._protocol.ignored
            await self._say_goodbye()
        if self._trouble is not None:
            raise self._trouble

    @abstractmethod
    async def _take(self, event: Event) -> None:
        """Act on what has happened."""

    @abstractmethod
    async def _tick(self) -> None:
        """Do what time alone demands; called only while the socket is being read."""

    def _more_work(self) -> Sequence[Coroutine[object, object, None]]:
        """What else goes on while the connection lasts."""
        return ()

    def _listened(self) -> float:
        """Give the monotonic seconds less our own pauses: in those nobody was silent but us."""
        until = self._clock.monotonic() if self._paused_at is None else self._paused_at
        return until - self._paused_seconds

    async def _until_trouble(self, work: Coroutine[object, object, None]) -> None:
        """Keep errors out of the group, which would forget for them that it was cancelled meanwhile."""
        try:
            await work
        except TTError as error:
            self._trouble = self._trouble or error
            self._finished.set()

    async def _send(self, messages: Iterable[Message]) -> None:
        for message in messages:
            await self._socket.send(message)

    async def _listen(self) -> None:
        while True:
            try:
                message = await self._socket.receive()
                self._frames.frames += 1
                await self._carry_out(self._protocol.receive(message, self._clock.monotonic()))
            except DecodeError as error:
                # Rows may have been lost with it, so this connection is done for; the next may do better.
                raise TransportError(f"DXLink sent what cannot be read: {error.message}") from error
            await self._clock.sleep(0)  # frames that have piled up must not hold up the loop in one go
            if not self._room.is_open:
                await self._pause()

    async def _pause(self) -> None:
        """Leave the socket unread until the consumer has caught up."""
        self._paused_at = self._clock.monotonic()
        await self._room.wait()
        now = self._clock.monotonic()
        self._protocol.resume(now)
        self._paused_seconds += now - self._paused_at
        self._paused_at = None

    async def _keep_time(self) -> None:
        while True:
            await self._clock.sleep(_TICK_SECONDS)
            is_listening = self._paused_at is None
            if is_listening:
                await self._tick()
            await self._carry_out(self._protocol.due(self._clock.monotonic(), is_listening=is_listening))

    async def _carry_out(self, reaction: Reaction) -> None:
        await self._send(reaction.messages)
        for event in reaction.events:
            await self._take(event)

    async def _say_goodbye(self) -> None:
        """End the channels, if the server is still there to hear it."""
        with suppress(TransportError, TimeoutError):
            async with asyncio.timeout(self._policy.close_timeout_seconds):
                await self._send(self._protocol.end(self._clock.monotonic()))
