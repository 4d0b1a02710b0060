# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The line of calls that want to start: one after the other as they came, but for what all wait for."""

from __future__ import annotations

import asyncio
from collections import deque


class Line:
    """
    Gives turns.

    A renewal of the token goes before everybody: behind hundreds of calls at a few a second it would come
    minutes late, and each of them would be sent with a token that is no good.
    """

    def __init__(self) -> None:
        self._is_taken = False
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def take_turn(self, *, first: bool = False) -> None:
        """
        Wait for one's turn, and have it until ``pass_on``.

        Parameters
        ----------
        first
            Be the next, whoever waits.
        """
        if not self._is_taken:
            self._is_taken = True
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if first:
            self._waiting.appendleft(turn)
        else:
            self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            # Cancelled in the very moment in which the turn was given: it is somebody else's now.
            if not turn.cancelled():
                self.pass_on()
            raise

    def pass_on(self) -> None:
        """Give the turn to the next."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.cancelled():
                turn.set_result(None)
                return
        self._is_taken = False
