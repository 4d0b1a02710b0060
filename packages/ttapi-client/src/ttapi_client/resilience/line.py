# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The line of calls that want to start: as they came, once there is a place and room in their windows."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ttapi_client.resilience.limiter import SlidingWindow
    from ttapi_client.statistics import ClientStatistics
    from ttapi_core.clock import Clock


class Lane:
    """Calls for which the same windows hold; those of one lane start strictly as they came."""

    __slots__ = ("waiting", "windows")

    def __init__(self, windows: tuple[SlidingWindow, ...]) -> None:
        self.windows = windows
        self.waiting: deque[_Waiter] = deque()

    def seconds_until_room(self, now: float) -> float:
        """How long until all of the windows have room."""
        return max([window.seconds_until_room(now) for window in self.windows])


class _Waiter:
    """A call in a lane."""

    __slots__ = ("has_turn", "is_gone", "number", "signal", "sleeps_until")

    def __init__(self, number: int) -> None:
        self.number = number  # in the order of coming
        self.has_turn = False
        self.is_gone = False
        self.sleeps_until = -inf
        self.signal: asyncio.Future[None] | None = None  # while it waits for something other than the time

    def wake(self) -> None:
        if self.signal is not None and not self.signal.done():
            self.signal.set_result(None)


class Line:
    """
    Lets calls start in the order in which they came, in so many places.

    Only a call whose own lane has to wait is passed: endpoints with a slow window do not hold up the others.
    The head of each lane sleeps until its windows have room; whoever wakes up gives all turns that are due.

    A renewal of the token goes before everybody: behind hundreds of calls at a few a second it would come
    minutes late, and each of them would be sent with a token that is no good.

    Parameters
    ----------
    places
        For calls that have started and not yet left.
    clock
        Measures the windows.
    statistics
        Of the client: how many starts the windows held back.
    """

    def __init__(self, *, places: int, clock: Clock, statistics: ClientStatistics) -> None:
        self._free = places
        self._clock = clock
        self._statistics = statistics
        self._lanes: list[Lane] = []
        self._waiting = 0
        self._numbers = itertools.count(1)

    def lane(self, *windows: SlidingWindow) -> Lane:
        """One more lane; of the windows, all have to have room."""
        self._lanes.append(Lane(windows))
        return self._lanes[-1]

    def start(self, lane: Lane) -> float | None:
        """Start now and say when that was; ``None`` when the call has to wait for its turn."""
        if self._waiting or not self._free:
            return None
        now = self._clock.monotonic()
        for window in lane.windows:
            if window.seconds_until_room(now):
                return None
        for window in lane.windows:
            window.start(now)
        self._free -= 1
        return now

    async def start_in_turn(
        self, lane: Lane, *, first: bool = False, confirm: Callable[[], None] = lambda: None
    ) -> float:
        """
        Wait for one's turn, start, and say when that was.

        Parameters
        ----------
        lane
            Where to wait.
        first
            Be the next, whoever waits.
        confirm
            Raises when the call is not to start any more; asked each time that the call is woken.
        """
        waiter = _Waiter(0 if first else next(self._numbers))
        if first:
            lane.waiting.appendleft(waiter)
        else:
            lane.waiting.append(waiter)
        self._waiting += 1
        if lane.seconds_until_room(self._clock.monotonic()):
            self._statistics.limiter_waits += 1
        try:
            self._give_turns()
            while not waiter.has_turn:
                await self._wait(lane, waiter)
                confirm()
                self._give_turns()
            # By the clock of now, not of when the turn was given: it is the moment of sending that counts.
            now = self._clock.monotonic()
            for window in lane.windows:
                window.start(now)
        except BaseException:
            if waiter.has_turn:
                self._free += 1
            else:
                waiter.is_gone = True
                self._waiting -= 1
            raise
        else:
            return now
        finally:
            if waiter.has_turn:
                for window in lane.windows:
                    window.release()
            self._go_on()

    def leave(self) -> None:
        """A call that had started has ended: its place is free."""
        self._free += 1
        if self._waiting:
            self._go_on()

    def wake(self, lane: Lane) -> None:
        """Have all who wait in the lane ask again whether they are to start at all."""
        for waiter in lane.waiting:
            waiter.wake()

    async def _wait(self, lane: Lane, waiter: _Waiter) -> None:
        """At the head of the lane sleep until its windows have room; behind it, or for a place, be woken."""
        if self._free and lane.waiting[0] is waiter:
            now = self._clock.monotonic()
            seconds = lane.seconds_until_room(now)
            if seconds < inf:
                waiter.sleeps_until = now + seconds
                await self._clock.sleep(seconds)
                waiter.sleeps_until = -inf
                return
        waiter.signal = asyncio.get_running_loop().create_future()
        await waiter.signal

    def _go_on(self) -> None:
        self._give_turns()
        for lane in self._lanes:
            if lane.waiting:
                lane.waiting[0].wake()

    def _give_turns(self) -> None:
        """Give a turn to each who may start now, in the order of coming."""
        now = self._clock.monotonic()
        while self._free and (lane := self._next_lane(now)) is not None:
            waiter = lane.waiting.popleft()
            for window in lane.windows:
                window.promise()
            self._free -= 1
            self._waiting -= 1
            waiter.has_turn = True
            waiter.wake()

    def _next_lane(self, now: float) -> Lane | None:
        """That whose head came first, of those that have room."""
        found: Lane | None = None
        for lane in self._lanes:
            while lane.waiting and lane.waiting[0].is_gone:
                lane.waiting.popleft()
            if not lane.waiting or now < lane.waiting[0].sleeps_until:
                continue
            is_earlier = found is None or lane.waiting[0].number < found.waiting[0].number
            if is_earlier and not lane.seconds_until_room(now):
                found = lane
        return found
