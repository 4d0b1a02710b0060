# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The account streamer of a client: subscribes to what changes in accounts (API facts 8)."""

from __future__ import annotations

from contextlib import asynccontextmanager
from random import Random
from typing import TYPE_CHECKING, Final

from yarl import URL

from ttapi_client.account_streamer.policy import StreamerPolicy
from ttapi_client.account_streamer.protocol import Action
from ttapi_client.account_streamer.subscription import AccountUpdates
from ttapi_client.dxlink.live.overflow import Overflow
from ttapi_core.settings import Environment

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from ttapi_client.account_streamer.connection import AccessTokens
    from ttapi_client.account_streamer.reading import AccountReader
    from ttapi_core.clock import Clock
    from ttapi_core.tasks import TaskRegistry

STREAMER_ADDRESSES: Final = {
    Environment.PRODUCTION: "wss://streamer.tastyworks.com",
    Environment.CERTIFICATION: "wss://streamer.cert.tastyworks.com",
}
_LOCAL_PATH: Final = "/account-streamer"


def streamer_address(environment: Environment, api_address: str) -> URL:
    """
    Where the streamer of an environment is; a sandbox has it beside its REST routes.

    Parameters
    ----------
    environment
        One that is not local has an address of its own.
    api_address
        Where the REST routes are; checked by the client to be this machine when the environment is local.

    Examples
    --------
    >>> str(streamer_address(Environment.SANDBOX, "http://127.0.0.1:8123"))
    'ws://127.0.0.1:8123/account-streamer'
    >>> str(streamer_address(Environment.PRODUCTION, "https://api.tastyworks.com"))
    'wss://streamer.tastyworks.com'
    """
    if (known := STREAMER_ADDRESSES.get(environment)) is not None:
        return URL(known)
    address = URL(api_address)
    return address.with_scheme("wss" if address.scheme == "https" else "ws").with_path(_LOCAL_PATH)


class AccountStreamer:
    """
    Tells what changes in accounts, for as long as somebody listens.

    Parameters
    ----------
    address
        Of the service's streamer.
    tokens
        Gives the access token for each request and heartbeat.
    reader
        Reads the accounts over REST after each connection.
    clock
        Keeps heartbeat, timeouts and the pauses between connections.
    tasks
        Owns the task of each subscription.
    user_agent
        Who we are, as ``product/version``.
    policy
        The figures; those of the service by default.
    random
        Draws the jitter of the pauses.
    """

    def __init__(
        self,
        address: URL,
        *,
        tokens: AccessTokens,
        reader: AccountReader,
        clock: Clock,
        tasks: TaskRegistry,
        user_agent: str,
        policy: StreamerPolicy | None = None,
        random: Random | None = None,
    ) -> None:
        self._address = address
        self._tokens = tokens
        self._reader = reader
        self._clock = clock
        self._tasks = tasks
        self._user_agent = user_agent
        self._policy = policy or StreamerPolicy()
        self._random = random or Random()
        self._open: set[AccountUpdates] = set()

    @asynccontextmanager
    async def subscribe(
        self,
        account_numbers: Sequence[str],
        *,
        public_watchlists: bool = False,
        quote_alerts: bool = False,
        overflow: Overflow = Overflow.WAIT,
    ) -> AsyncGenerator[AccountUpdates, None]:
        """
        Listen to the changes of accounts until the block ends.

        The block begins when the service has accepted the subscription. First come the accounts as they
        are, then ``Synchronized``, then what changes. A lost connection is replaced: the consumer gets
        ``Interrupted``, then again what is as it is now and ``Synchronized``. A change never waits behind an
        older reading of the same thing.

        Parameters
        ----------
        account_numbers
            Of the accounts; repeated ones count once.
        public_watchlists, quote_alerts
            Whether these are wanted as well; they come as ``UnknownNotification``.
        overflow
            What happens when the consumer is too slow: ``WAIT``, ``DROP_OLDEST`` (told by ``Overflowed``) or
            ``FAIL``. By default the socket is not read until it has caught up, so that nothing is lost in
            silence: a service that gives up on us meanwhile is one more interruption.

        Yields
        ------
        AccountUpdates
            An async iterator, for one consumer.

        Raises
        ------
        AuthError
            When the credentials are refused, or two tokens in a row.
        ApiError
            When the service refuses the accounts or cannot be reached.
        ValueError
            When there is no account number, or the overflow policy is one that loses steps in silence.

        Examples
        --------
        ::

            async with client.account_updates.subscribe([account_number]) as updates:
                async for update in updates:
                    match update:
                        case BalanceChanged(balance=balance):
                            print(balance.net_liquidating_value)
                        case PositionChanged(position=position):
                            print(position.symbol, position.quantity)
                        case Interrupted(error=error):
                            print("for the moment blind:", error)
                        case Synchronized():
                            print("up to date")
        """
        if isinstance(account_numbers, str) or not account_numbers:
            raise ValueError("account_numbers is a list of at least one account number")
        wanted = ((Action.PUBLIC_WATCHLISTS, public_watchlists), (Action.QUOTE_ALERTS, quote_alerts))
        updates = AccountUpdates(
            tuple(dict.fromkeys(account_numbers)),
            topics=[topic for topic, is_wanted in wanted if is_wanted],
            overflow=overflow,
            address=self._address,
            tokens=self._tokens,
            reader=self._reader,
            clock=self._clock,
            tasks=self._tasks,
            user_agent=self._user_agent,
            policy=self._policy,
            random=self._random,
        )
        self._open.add(updates)
        try:
            await updates.accepted()
            yield updates
        finally:
            await updates.aclose()
            self._open.discard(updates)

    async def aclose(self) -> None:
        """End every subscription; who iterates gets ``TransportError``."""
        for updates in tuple(self._open):
            await updates.aclose()
