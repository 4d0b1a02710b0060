# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Outcomes on their way from a connection to whoever iterates over them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ttapi_client.dxlink.wanted import CandleOutcome


class Handoff:
    """
    A queue whose producer asks for room before it makes more; what it has made it can always put.

    Named policy when full: wait. The connection does not read its socket while there is no room, so the
    service's own flow control holds back the rest.

    Parameters
    ----------
    limit
        Outcomes not yet taken at which there is no more room.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._queue: asyncio.Queue[CandleOutcome | None] = asyncio.Queue()
        self._room = asyncio.Event()
        self._room.set()

    def put(self, outcomes: Iterable[CandleOutcome]) -> None:
        """Hand over outcomes; never waits."""
        for outcome in outcomes:
            self._queue.put_nowait(outcome)
        if self._queue.qsize() >= self._limit:
            self._room.clear()

    def close(self) -> None:
        """Nothing more will come."""
        self._queue.put_nowait(None)

    @property
    def is_open(self) -> bool:
        """Whether the producer may make more."""
        return self._room.is_set()

    async def wait(self) -> None:
        """Wait until the consumer has caught up."""
        await self._room.wait()

    async def take(self) -> CandleOutcome | None:
        """Take the next outcome; ``None`` at the end."""
        outcome = await self._queue.get()
        if self._queue.qsize() < self._limit:
            self._room.set()
        return outcome
