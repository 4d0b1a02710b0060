# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What of a subscription outlives its connections."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ttapi_client.account_streamer.notifications import Interrupted, Synchronized
from ttapi_client.account_streamer.picture import AccountPicture
from ttapi_client.account_streamer.statistics import StreamerStatistics

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ttapi_client.account_streamer.notifications import AccountUpdate
    from ttapi_client.account_streamer.update_queue import UpdateQueue
    from ttapi_core.clock import Clock
    from ttapi_core.errors import TTError
    from ttapi_core.settings import Secret


class SubscriptionState:
    """
    The accounts wanted, what the consumer has been told of them, and how the connections fare.

    Parameters
    ----------
    accounts
        Whose changes are wanted.
    queue
        Where updates go.
    clock
        Dates the interruptions.
    """

    def __init__(self, accounts: Sequence[str], *, queue: UpdateQueue, clock: Clock) -> None:
        self.accounts = tuple(accounts)
        self.queue = queue
        self.picture = AccountPicture()
        self.statistics = StreamerStatistics()
        self.is_accepted = False  # by the service, ever
        self.refused_token: Secret | None = None  # by the last connection
        self.refusals = 0  # in a row
        self.is_proved = False  # by a heartbeat that was acknowledged on this connection
        self.decided = asyncio.Event()  # accepted, or ended before that
        self._clock = clock
        self._interrupted_at: datetime | None = None

    def tell(self, update: AccountUpdate) -> None:
        """Hand one update to the consumer."""
        self.statistics.notifications[type(update).__name__] += 1
        self.queue.put(update)

    def accepted(self) -> None:
        """Take note that the service has let us in."""
        self.is_accepted = True
        self.decided.set()

    def proved(self) -> None:
        """Take note that a heartbeat was acknowledged, and with it the token."""
        self.statistics.heartbeats += 1
        self.is_proved = True
        self.refusals = 0

    def refused(self, token: Secret) -> None:
        """Take note of a refusal, for which the token may be the reason."""
        self.refused_token = token
        self.refusals += 1

    def synchronized(self, unread: Sequence[TTError]) -> None:
        """Tell that the consumer knows everything as it is now, but what could not be read."""
        interrupted_at, self._interrupted_at = self._interrupted_at, None
        self.tell(Synchronized(at=self._clock.now(), interrupted_at=interrupted_at, unread=tuple(unread)))

    def interrupted(self, error: TTError) -> None:
        """Take note that a connection was lost; the consumer is told when the interruption begins."""
        self.statistics.lost_connections += 1
        self.is_proved = False
        if self.is_accepted and self._interrupted_at is None:
            self._interrupted_at = self._clock.now()
            self.tell(Interrupted(error=error, at=self._interrupted_at))
