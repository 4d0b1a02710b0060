# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The clock that a market moves with: real time, faster, standing still, or stepped by hand."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from ttapi_core import market_calendar
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from ttapi_core.clock import Clock

_SECOND: Final = timedelta(seconds=1)
_HIGHEST_SPEED: Final = 1_000_000
_LONGEST_STEP_SECONDS: Final = 366 * 24 * 3600
# The evening after which no calendar says when a market opens.
_END: Final = datetime(market_calendar.LAST_YEAR, 12, 31, 23, 0, tzinfo=UTC)


class MarketClock:
    """
    A time of its own over another clock; it never goes back, and stands still at the end of the calendar.

    Parameters
    ----------
    clock
        What runs underneath.
    start
        The market's instant now; that of the clock when it is not given.
    speed
        Seconds of the market in a second of the clock; 0 lets it stand still until it is stepped.

    Examples
    --------
    >>> from ttapi_core.clock import ManualClock
    >>> below = ManualClock()
    >>> market = MarketClock(below, start=datetime(2026, 11, 20, 15, 0, tzinfo=UTC), speed=60)
    >>> below.advance(2)
    >>> market.step(30)
    >>> market.now().isoformat()
    '2026-11-20T15:02:30+00:00'
    """

    def __init__(self, clock: Clock, *, start: datetime | None = None, speed: float = 1.0) -> None:
        self._clock = clock
        # Wall time below, so that a market in real time does not lag behind after the machine has slept.
        self._anchor_below = clock.now()
        self._anchor = self._latest = min((start or self._anchor_below).astimezone(UTC), _END)
        self._speed = _checked_speed(speed)
        self._touched = asyncio.Event()

    @property
    def speed(self) -> float:
        """Seconds of the market in a second of the clock underneath."""
        return self._speed

    def now(self) -> datetime:
        """The market's instant, UTC."""
        passed = (self._clock.now() - self._anchor_below) / _SECOND * self._speed
        # Compared as a number: a fast market would soon pass the last year that a date can have.
        left = (_END - self._anchor) / _SECOND
        self._latest = max(self._latest, self._anchor + timedelta(seconds=min(passed, left)))
        return self._latest

    def set_speed(self, speed: float) -> None:
        """Go on at another speed from now; ``ValueError`` for one below zero."""
        speed = _checked_speed(speed)
        self._go_on_from(self.now())
        self._speed = speed

    def step(self, seconds: float) -> None:
        """Jump so many seconds of the market ahead; ``ValueError`` for fewer than zero."""
        if not 0 <= seconds <= _LONGEST_STEP_SECONDS:
            message = f"a market does not move by {seconds:g} seconds"
            raise ValueError(message)
        self._go_on_from(min(self.now() + timedelta(seconds=seconds), _END))

    async def wait(self, seconds: float) -> None:
        """Until so many seconds of the clock underneath have passed, or the market was stepped."""
        touched = self._touched
        async with TaskRegistry() as tasks:
            pause = tasks.spawn("market pause", self._clock.sleep(seconds))
            touch = tasks.spawn("market touch", touched.wait())
            await asyncio.wait({pause, touch}, return_when=asyncio.FIRST_COMPLETED)

    def _go_on_from(self, now: datetime) -> None:
        self._anchor, self._anchor_below = now, self._clock.now()
        self._touched.set()
        self._touched = asyncio.Event()


def _checked_speed(speed: float) -> float:
    if not 0 <= speed <= _HIGHEST_SPEED:
        message = f"a market does not move at {speed:g} times real time"
        raise ValueError(message)
    return speed
