# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The clock as a seam: wall time, monotonic time and sleeping, real or moved by hand."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What every waiting or dating part of TTAPI takes instead of the ``time`` module."""

    def now(self) -> datetime:
        """Wall time, aware, UTC; it may step."""
        ...

    def monotonic(self) -> float:
        """Seconds that never step back; only differences mean anything."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that long; zero or less yields once to other tasks."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        """Wall time, aware, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds of the machine's monotonic clock."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait that long on the running event loop."""
        await asyncio.sleep(max(0.0, seconds))


class ManualClock:
    """
    A clock that stands still until it is advanced; sleepers wake in the order of their times.

    Examples
    --------
    >>> clock = ManualClock(datetime(2026, 7, 1, tzinfo=UTC))
    >>> clock.advance(90)
    >>> clock.now().isoformat(), clock.monotonic()
    ('2026-07-01T00:01:30+00:00', 90.0)
    """

    def __init__(self, start: datetime = datetime(2026, 1, 2, 15, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._wall_step = timedelta(0)
        self._elapsed = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """The start plus what has been advanced, plus what the wall clock was stepped."""
        return self._start + timedelta(seconds=self._elapsed) + self._wall_step

    def monotonic(self) -> float:
        """Seconds advanced so far; steps of the wall clock do not count."""
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has been advanced that far."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, next(self._order), woken))
        await woken

    def advance(self, seconds: float) -> None:
        """Move both clocks on and wake whoever is due; back they cannot go (``ValueError``)."""
        if seconds < 0:
            message = f"a clock is not advanced by {seconds} seconds"
            raise ValueError(message)
        self._elapsed += seconds
        while self._sleepers and self._sleepers[0][0] <= self._elapsed:
            _, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                woken.set_result(None)

    def step_wall(self, seconds: float) -> None:
        """Step wall time alone, as an operator or a time server would."""
        self._wall_step += timedelta(seconds=seconds)

    @property
    def sleepers(self) -> int:
        """How many tasks are asleep on this clock."""
        return sum(not woken.done() for _, _, woken in self._sleepers)
