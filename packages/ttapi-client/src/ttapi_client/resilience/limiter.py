# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
The rate limiter: never more than N starts in any sliding window, first come, first served.

Of the well-kept libraries, ``aiolimiter`` is a leaky bucket that lets nearly 2 N pass in some windows, and
``limits`` counts without queueing; the exact window is these few lines.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ttapi_client.policies import RateLimitPolicy
    from ttapi_core.clock import Clock


class SlidingWindowLimiter:
    """Lets callers start one after the other, each as soon as the window has room."""

    def __init__(self, policy: RateLimitPolicy, *, clock: Clock) -> None:
        self._policy = policy
        self._clock = clock
        self._starts: deque[float] = deque()
        self._turn = asyncio.Lock()  # asyncio's lock is fair: it wakes waiters in the order they came

    async def wait_for_start(self) -> bool:
        """Return when the caller may start, and whether it had to wait; who is cancelled uses up nothing."""
        has_waited = False
        async with self._turn:
            while (seconds := self._seconds_until_room()) > 0:
                has_waited = True
                await self._clock.sleep(seconds)
            self._starts.append(self._clock.monotonic())
        return has_waited

    def _seconds_until_room(self) -> float:
        now, window = self._clock.monotonic(), self._policy.window_seconds
        while self._starts and self._starts[0] + window <= now:
            self._starts.popleft()
        return self._starts[0] + window - now if len(self._starts) >= self._policy.starts else 0.0
