# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Updates on their way from a connection to the consumer, never more than a number of them."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from ttapi_client.account_streamer.notifications import Overflowed
from ttapi_client.dxlink.live.overflow import Overflow
from ttapi_core.errors import IncompleteDataError

if TYPE_CHECKING:
    from ttapi_client.account_streamer.notifications import AccountUpdate


class UpdateQueue:
    """
    A queue with a limit and a named policy for what is above it.

    Parameters
    ----------
    limit
        Updates not yet taken at which there is no more room.
    overflow
        Under ``WAIT`` the producer asks for room before it makes more; what it has made it can always put.

    Raises
    ------
    ValueError
        For ``LATEST``, under which the steps of an order would be lost in silence.
    """

    def __init__(self, limit: int, overflow: Overflow) -> None:
        if overflow is Overflow.LATEST:
            raise ValueError(
                "account updates are never replaced by later ones: choose WAIT, DROP_OLDEST or FAIL"
            )
        self._limit = limit
        self._overflow = overflow
        self._updates: deque[AccountUpdate] = deque()
        self._dropped = 0
        self._is_closed = False
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def put(self, update: AccountUpdate) -> None:
        """
        Hand over one update; never waits.

        Raises
        ------
        IncompleteDataError
            When there is no room and the policy is to fail.
        """
        if len(self._updates) >= self._limit:
            if self._overflow is Overflow.FAIL:
                raise IncompleteDataError(
                    f"the consumer is too slow: {self._limit:,} account updates wait to be taken",
                    hint="take them faster, or choose another overflow policy",
                    retryable=False,
                )
            if self._overflow is Overflow.DROP_OLDEST:
                self._updates.popleft()
                self._dropped += 1
        self._updates.append(update)
        self._news.set()
        if len(self._updates) >= self._limit and self._overflow is Overflow.WAIT:
            self._room.clear()

    def close(self) -> None:
        """Nothing more will come."""
        self._is_closed = True
        self._news.set()

    @property
    def has_room(self) -> bool:
        """Whether the producer may make more."""
        return self._room.is_set()

    async def wait_for_room(self) -> None:
        """Wait until the consumer has caught up."""
        await self._room.wait()

    async def take(self) -> AccountUpdate | None:
        """Take the next update; ``None`` at the end."""
        await self._news.wait()
        if self._dropped:
            overflowed, self._dropped = Overflowed(dropped=self._dropped), 0
            return overflowed
        if not self._updates:
            return None
        update = self._updates.popleft()
        if len(self._updates) < self._limit:
            self._room.set()
        if not self._updates and not self._is_closed:
            self._news.clear()
        return update
