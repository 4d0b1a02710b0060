# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One connection at work: the socket, the protocol, the heartbeat and the reading that fills the gap."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Final, Protocol

from ttapi_client.account_streamer.decoding import notification
from ttapi_client.account_streamer.protocol import Acknowledged, Action, Notified, Refused
from ttapi_client.account_streamer.reading import READINGS, read_positions
from ttapi_client.logs import bound
from ttapi_client.tracebacks import without_frames
from ttapi_core.errors import ApiError, AuthError, DecodeError, TransportError, TTError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from ttapi_client.account_streamer.notifications import AccountUpdate
    from ttapi_client.account_streamer.protocol import Event, StreamerProtocol
    from ttapi_client.account_streamer.reading import AccountReader, Read
    from ttapi_client.account_streamer.state import SubscriptionState
    from ttapi_client.json_socket import JsonSocket
    from ttapi_client.pauses import Pauses
    from ttapi_core.clock import Clock
    from ttapi_core.settings import Secret

_TICK_SECONDS: Final = 0.25  # how finely heartbeat and timeouts are kept
# The service's words for a refused token are not documented; one seen spoke of an unknown domain.
_ABOUT_THE_TOKEN: Final = re.compile(r"auth|token|session|credential|domain|login|expired", re.IGNORECASE)


class AccessTokens(Protocol):
    """Whoever keeps an access token good."""

    async def token(self, *, instead_of: Secret | None = None) -> Secret:
        """A token that is good now, and another than one that the service has just refused."""
        ...


class StreamerConnection:
    """
    Talks to the service until the connection ends.

    Parameters
    ----------
    socket
        Open and silent so far.
    protocol
        Fresh.
    state
        What outlives the connection.
    topics
        What is asked for beside the accounts.
    token
        Good now.
    tokens, reader, clock
        Those of the client.
    pauses
        Between the tries of the reading.
    """

    def __init__(
        self,
        *,
        socket: JsonSocket,
        protocol: StreamerProtocol,
        state: SubscriptionState,
        topics: Sequence[Action],
        token: Secret,
        tokens: AccessTokens,
        reader: AccountReader,
        clock: Clock,
        pauses: Pauses,
    ) -> None:
        self._socket = socket
        self._protocol = protocol
        self._state = state
        self._topics = topics
        self._tokens = tokens
        self._reader = reader
        self._clock = clock
        self._pauses = pauses
        self._token = token  # the last that was sent
        self._connected = asyncio.Event()
        self._is_listening = True
        self._ended = asyncio.Event()
        self._trouble: TTError = TransportError("the account streamer is connected")

    async def run(self) -> TTError:
        """Connect, go on until something ends it, and give that."""
        self._state.picture.connected()
        work = (self._connect, self._listen, self._keep_time, self._synchronize)
        try:
            async with asyncio.TaskGroup() as group:
                workers = [group.create_task(self._until_trouble(each)) for each in work]
                await self._ended.wait()
                for worker in workers:
                    worker.cancel()
        finally:
            self._state.statistics.ignored_messages += self._protocol.ignored
        return self._trouble

    async def _until_trouble(self, work: Callable[[], Awaitable[None]]) -> None:
        """Keep errors out of the group, which would forget for them that it was cancelled meanwhile."""
        try:
            await work()
        except TTError as error:
            if not self._ended.is_set():
                self._trouble = without_frames(error)
                self._ended.set()

    async def _connect(self) -> None:
        await self._request(Action.CONNECT)

    async def _listen(self) -> None:
        while True:
            try:
                message = await self._socket.receive()
                for event in self._protocol.receive(message, self._clock.monotonic()):
                    await self._take(event)
            except DecodeError as error:
                # News may have been lost with it: the next connection begins with a reading.
                raise TransportError(f"the account streamer sent what cannot be read: {error}") from error
            await self._clock.sleep(0)  # frames that have piled up must not hold up the loop in one go
            if not self._state.queue.has_room:
                await self._pause()

    async def _pause(self) -> None:
        """Leave the socket unread until the consumer has caught up."""
        self._is_listening = False
        await self._state.queue.wait_for_room()
        self._protocol.resume(self._clock.monotonic())
        self._is_listening = True

    async def _keep_time(self) -> None:
        while True:
            await self._clock.sleep(_TICK_SECONDS)
            now = self._clock.monotonic()
            if self._is_listening:
                self._protocol.check(now)
            if self._protocol.must_beat(now):
                self._token = await self._tokens.token()
                await self._request(Action.HEARTBEAT)

    async def _take(self, event: Event) -> None:
        match event:
            case Notified(message):
                update = notification(message)
                self._state.picture.streamed(update)
                self._state.tell(update)
            case Acknowledged(Action.CONNECT):
                for topic in self._topics:
                    await self._request(topic)
                self._connected.set()
                self._state.accepted()
            case Acknowledged(Action.HEARTBEAT):
                self._state.proved()
            case Acknowledged():
                pass
            case Refused(action, reason):
                self._state.refused(self._token)
                kind = AuthError if _ABOUT_THE_TOKEN.search(reason) else ApiError
                raise kind(f"the account streamer refused {action}: {reason}", retryable=True)

    async def _request(self, action: Action) -> None:
        await self._socket.send(self._protocol.request(action, self._token, self._clock.monotonic()))

    async def _synchronize(self) -> None:
        """Tell everything as it is now, as soon as changes of it would be told as well."""
        await self._connected.wait()
        unread = [
            error
            for account_number in self._state.accounts
            for read in READINGS
            if (error := await self._catch_up(read, account_number)) is not None
        ]
        await self._state.queue.wait_for_room()
        self._state.synchronized(unread)

    async def _catch_up(self, read: Read, account_number: str) -> TTError | None:
        """Read a part of an account and tell it; give the error that no repetition would mend."""
        try:
            updates = await self._patiently(read, account_number)
        except AuthError:
            raise
        except TTError as error:
            return without_frames(error)
        if read is read_positions:
            updates += self._state.picture.given_up(account_number, updates)
        for update in updates:
            await self._state.queue.wait_for_room()
            if self._state.picture.takes(update):
                self._state.tell(update)
        return None

    async def _patiently(self, read: Read, account_number: str) -> list[AccountUpdate]:
        """Read again and again while that may help: the stream goes on meanwhile."""
        while True:
            try:
                updates = await read(self._reader, account_number)
            except TTError as error:
                if not error.retryable:
                    raise
                seconds = self._pauses.after_failure(error)
                bound(code=error.code, seconds=round(seconds, 3)).warning("account not read")
                await self._clock.sleep(seconds)
            else:
                self._pauses.reset()
                return updates
