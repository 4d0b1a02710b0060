# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The updates of some accounts as an async iterator, over one connection after the other."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

from ttapi_client.account_streamer.connection import StreamerConnection
from ttapi_client.account_streamer.protocol import StreamerProtocol
from ttapi_client.account_streamer.state import SubscriptionState
from ttapi_client.account_streamer.update_queue import UpdateQueue
from ttapi_client.json_socket import open_json_socket
from ttapi_client.logs import bound
from ttapi_client.pauses import Pauses
from ttapi_client.tracebacks import without_frames
from ttapi_core.errors import ApiError, AuthError, TransportError, TTError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from yarl import URL

    from ttapi_client.account_streamer.connection import AccessTokens
    from ttapi_client.account_streamer.notifications import AccountUpdate
    from ttapi_client.account_streamer.policy import StreamerPolicy
    from ttapi_client.account_streamer.protocol import Action
    from ttapi_client.account_streamer.reading import AccountReader
    from ttapi_client.account_streamer.statistics import StreamerStatistics
    from ttapi_client.dxlink.live.overflow import Overflow
    from ttapi_core.clock import Clock
    from ttapi_core.tasks import TaskRegistry

SERVICE = "the account streamer"
_REFUSALS = 2  # the second comes after one renewal of the token: asking on would only look like an attack


class AccountUpdates:
    """
    Updates as they come; iterating over them ends with an error or when the subscription is left.

    Made by ``AccountStreamer.subscribe``; it connects from then on, in a task of its own.
    """

    def __init__(
        self,
        accounts: Sequence[str],
        *,
        topics: Sequence[Action],
        overflow: Overflow,
        address: URL,
        tokens: AccessTokens,
        reader: AccountReader,
        clock: Clock,
        tasks: TaskRegistry,
        user_agent: str,
        policy: StreamerPolicy,
        random: Random,
    ) -> None:
        self._topics = topics
        self._address = address
        self._tokens = tokens
        self._reader = reader
        self._clock = clock
        self._user_agent = user_agent
        self._policy = policy
        self._random = random
        self._queue = UpdateQueue(policy.updates_ahead, overflow)
        self._state = SubscriptionState(accounts, queue=self._queue, clock=clock)
        self._run = tasks.spawn("account updates", self._stay_connected())

    @property
    def statistics(self) -> StreamerStatistics:
        """What has been counted so far."""
        return self._state.statistics

    async def accepted(self) -> None:
        """
        Wait until the service has accepted the subscription.

        Raises
        ------
        TTError
            When it will not.
        """
        await self._state.decided.wait()
        if not self._state.is_accepted:
            raise await self._end()

    def __aiter__(self) -> Self:
        """Itself: there is one consumer."""
        return self

    async def __anext__(self) -> AccountUpdate:
        """
        Give the next update.

        Raises
        ------
        AuthError
            When the credentials, or two tokens in a row, were refused.
        ApiError
            When the service refuses the accounts, or cannot be reached for as often as the policy says.
        IncompleteDataError
            When the consumer was too slow and the overflow policy is to fail.
        """
        update = await self._queue.take()
        if update is None:
            raise await self._end()
        return update

    async def aclose(self) -> None:
        """End the connection; who iterates gets ``TransportError`` after what has come so far."""
        self._run.cancel()
        await asyncio.wait([self._run])

    async def _end(self) -> TTError:
        await asyncio.wait([self._run])
        if self._run.cancelled():
            return TransportError("the account updates were closed")
        # Raises what was no error of ours, too.
        return self._run.result()

    async def _stay_connected(self) -> TTError:
        """Connect, again and again; give what makes it pointless to go on."""
        policy, state = self._policy, self._state
        pauses = Pauses(policy.shortest_pause_seconds, policy.longest_pause_seconds, random=self._random)
        try:
            while True:
                trouble = await self._converse()
                # A service that lets us in and throws us out again is not asked more and more often.
                if state.is_proved:
                    pauses.reset()
                seconds = pauses.after_failure(trouble)
                tries = policy.reconnection_tries if state.is_accepted else policy.connection_tries
                if not trouble.retryable or state.refusals >= _REFUSALS or pauses.failures == tries:
                    return _final(trouble, pauses.failures)
                state.interrupted(trouble)
                bound(code=trouble.code, seconds=round(seconds, 3)).warning("account streamer lost")
                await self._clock.sleep(seconds)
        except TTError as error:  # the consumer was too slow
            return error
        finally:
            state.decided.set()
            self._queue.close()

    async def _converse(self) -> TTError:
        """Give what ended the connection."""
        policy, agent = self._policy, self._user_agent
        self.statistics.connections += 1
        try:
            token = await self._tokens.token(instead_of=self._state.refused_token)
            async with open_json_socket(
                self._address, service=SERVICE, user_agent=agent, limits=policy.socket
            ) as socket:
                connection = StreamerConnection(
                    socket=socket,
                    protocol=StreamerProtocol(self._state.accounts, agent=agent, policy=policy),
                    state=self._state,
                    topics=self._topics,
                    token=token,
                    tokens=self._tokens,
                    reader=self._reader,
                    clock=self._clock,
                    pauses=Pauses(
                        policy.shortest_pause_seconds, policy.longest_pause_seconds, random=self._random
                    ),
                )
                return await connection.run()
        except TTError as error:
            # The frames of a socket hold what was said on it, the token included.
            return without_frames(error)


def _final(trouble: TTError, failures: int) -> TTError:
    """Say how often a lost connection was tried, and that a refusal is the last word."""
    if isinstance(trouble, TransportError):
        final: TTError = TransportError(
            f"the account streamer was lost {failures} times in a row; the last time: {trouble.message}",
            hint="the service may be in trouble; try again later",
        )
    elif trouble.retryable:
        kind = AuthError if isinstance(trouble, AuthError) else ApiError
        final = kind(trouble.message, hint="check the account numbers and the credentials", retryable=False)
    else:
        return trouble
    final.__cause__ = trouble
    return final
