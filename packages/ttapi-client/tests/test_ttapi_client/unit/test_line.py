# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The line: turns in the order of coming, the urgent before all others, and none is lost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import attrs
import pytest

from ttapi_client import ClientStatistics
from ttapi_client.policies import RateLimitPolicy
from ttapi_client.resilience.limiter import SlidingWindow
from ttapi_client.resilience.line import Lane, Line
from ttapi_core.clock import ManualClock

if TYPE_CHECKING:
    from collections.abc import Callable


async def settle() -> None:
    """Let every task run until all of them wait."""
    for _ in range(12):
        await asyncio.sleep(0)  # noqa: TID251 - gives way, waits for nothing


def window(starts: int, seconds: float = 1.0) -> SlidingWindow:
    """So many starts in so many seconds."""
    return SlidingWindow(RateLimitPolicy(starts=starts, window_seconds=seconds))


@attrs.define
class Place:
    """A line, and who has started."""

    places: int = 1_000
    clock: ManualClock = attrs.field(factory=ManualClock)
    statistics: ClientStatistics = attrs.field(factory=ClientStatistics)
    had: list[str] = attrs.field(factory=list[str])
    line: Line = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.line = Line(places=self.places, clock=self.clock, statistics=self.statistics)

    async def call(
        self, lane: Lane, name: str, *, first: bool = False, confirm: Callable[[], None] = lambda: None
    ) -> None:
        """Start as soon as one may, and have the place for a moment."""
        if self.line.start(lane) is None:
            await self.line.start_in_turn(lane, first=first, confirm=confirm)
        self.had.append(name)
        try:
            await self.clock.sleep(0.25)
        finally:
            self.line.leave()

    async def pass_seconds(self, seconds: float) -> None:
        """In quarters."""
        for _ in range(int(seconds * 4)):
            self.clock.advance(0.25)
            await settle()


async def test_starts_come_in_order_and_the_urgent_is_next() -> None:
    """Whoever has started goes on."""
    place = Place(places=1)
    lane = place.line.lane(window(100))
    async with asyncio.TaskGroup() as group:
        for name in ("a", "b", "c"):
            group.create_task(place.call(lane, name))
        await settle()
        group.create_task(place.call(lane, "urgent", first=True))
        await settle()
        await place.pass_seconds(2)
    assert place.had == ["a", "urgent", "b", "c"]


async def test_the_urgent_goes_before_the_first_of_another_lane() -> None:
    """Whenever that one has come."""
    place = Place(places=1)
    whole = window(100)
    usual, renewals = place.line.lane(whole), place.line.lane(whole)
    async with asyncio.TaskGroup() as group:
        for name in ("a", "b", "c"):
            group.create_task(place.call(usual, name))
        await settle()
        group.create_task(place.call(renewals, "urgent", first=True))
        await settle()
        await place.pass_seconds(2)
    assert place.had == ["a", "urgent", "b", "c"]


async def test_a_place_that_was_given_in_vain_is_free_again() -> None:
    """That one place and no other: three there are before, three after."""
    line = Line(places=3, clock=ManualClock(), statistics=ClientStatistics())
    lane = line.lane(window(100))

    def started() -> list[bool]:
        return [line.start(lane) is not None for _ in range(4)]

    assert started() == [True, True, True, False]
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(line.start_in_turn(lane))
        await settle()
        line.leave()  # its turn, of which it does not know yet
        line.leave()
        waiting.cancel()
        await settle()
    line.leave()
    assert started() == [True, True, True, False]


async def test_who_gives_up_holds_up_nobody() -> None:
    """In the line, with the place in hand, and in the very moment in which the turn is given."""
    place = Place(places=1)
    lane = place.line.lane(window(100))
    async with asyncio.TaskGroup() as group:
        tasks = {name: group.create_task(place.call(lane, name)) for name in "abcd"}
        await settle()
        tasks["c"].cancel()
        tasks["a"].cancel()
        await asyncio.sleep(0)  # noqa: TID251 - the turn has been given to b, who has not run yet
        tasks["b"].cancel()
        await settle()
        await place.pass_seconds(1)
    assert place.had == ["a", "d"]
    assert place.line.start(lane) is not None


async def test_a_turn_that_was_given_in_vain_leaves_its_room_in_the_window() -> None:
    """The window counts who has started, not who might have."""
    place = Place()
    lane = place.line.lane(window(1))
    async with asyncio.TaskGroup() as group:
        tasks = {name: group.create_task(place.call(lane, name)) for name in "abc"}
        await settle()
        place.clock.advance(1.0)  # b wakes up
        tasks["b"].cancel()
        await settle()
        assert place.had == ["a", "c"]
        await place.pass_seconds(1)


async def test_a_sleeper_at_the_head_that_is_cancelled_hands_on_its_watch() -> None:
    """Or the next would sleep for ever."""
    place = Place()
    lane = place.line.lane(window(1))
    async with asyncio.TaskGroup() as group:
        tasks = {name: group.create_task(place.call(lane, name)) for name in "abcd"}
        await settle()
        tasks["b"].cancel()
        await settle()
        tasks["c"].cancel()
        await place.pass_seconds(2)
    assert place.had == ["a", "d"]


async def test_a_lane_that_has_to_wait_holds_up_no_other() -> None:
    """The others pass it, in their own order."""
    place = Place()
    whole = window(100)
    quick, slow = place.line.lane(whole), place.line.lane(whole, window(1, 10.0))
    async with asyncio.TaskGroup() as group:
        for name in ("slow 1", "slow 2", "slow 3"):
            group.create_task(place.call(slow, name))
        await settle()
        for name in ("quick 1", "quick 2"):
            group.create_task(place.call(quick, name))
        await settle()
        assert place.had == ["slow 1", "quick 1", "quick 2"]
        await place.pass_seconds(21)
    assert place.had == ["slow 1", "quick 1", "quick 2", "slow 2", "slow 3"]


async def test_lanes_that_share_a_window_take_its_room_in_the_order_of_coming() -> None:
    """However many of the one came first."""
    place = Place()
    whole = window(1)
    one, other = place.line.lane(whole), place.line.lane(whole, window(100))
    names = ["one 1", "one 2", "one 3", "other 1", "one 4", "other 2"]
    async with asyncio.TaskGroup() as group:
        for name in names:
            group.create_task(place.call(one if name.startswith("one") else other, name))
            await settle()
        await place.pass_seconds(8)
    assert place.had == names


async def test_room_that_comes_earlier_than_told_is_left_to_who_sleeps_for_it() -> None:
    """A window that has recovered meanwhile: who comes then does not pass who sleeps."""
    place = Place()
    narrow = window(10, 8.0)
    lane = place.line.lane(narrow)
    async with asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(place.call(lane, f"early {number}"))
        await settle()
        narrow.slow_down(0.0, started_at=0.0)
        group.create_task(place.call(lane, "sleeper"))
        await place.pass_seconds(4)  # the allowance has grown by a quarter of a start: not yet
        narrow._slow_starts = 9.0
        group.create_task(place.call(lane, "late"))
        await place.pass_seconds(8)
    assert place.had[5:] == ["sleeper", "late"]


async def test_who_is_not_to_start_any_more_is_told_at_once_and_takes_no_room() -> None:
    """All who wait are asked, but for the one that sleeps at the head: that one when it wakes up."""
    place, is_closed = Place(), False
    lane = place.line.lane(window(1, 10.0))

    def confirm() -> None:
        if is_closed:
            raise PermissionError

    async with asyncio.TaskGroup() as group:
        group.create_task(place.call(lane, "first"))
        await settle()
        calls = asyncio.gather(
            *(place.call(lane, str(number), confirm=confirm) for number in range(50)), return_exceptions=True
        )
        await settle()
        is_closed = True
        place.line.wake(lane)
        await settle()
        assert len(lane.waiting) >= 1
        is_closed = False
        await place.pass_seconds(11)
    assert place.had == ["first", "0"]
    assert [type(result) for result in await calls] == [type(None)] + [PermissionError] * 49


async def test_those_held_back_by_a_window_are_counted_and_those_by_a_place_are_not() -> None:
    """The statistics tell the one from the other."""
    place = Place(places=2)
    lane, narrow = place.line.lane(window(100)), place.line.lane(window(1))
    async with asyncio.TaskGroup() as group:
        for name in ("a", "b", "waits for a place"):
            group.create_task(place.call(lane, name))
        await place.pass_seconds(2)
        assert place.statistics.limiter_waits == 0
        for name in ("d", "waits for the window", "waits for it, too"):
            group.create_task(place.call(narrow, name))
        await place.pass_seconds(3)
    assert place.statistics.limiter_waits == 2


@pytest.mark.parametrize("waiters", [1, 2_000])
async def test_a_whole_line_that_is_cancelled_leaves_nothing_behind(waiters: int) -> None:
    """As at the end of a program."""
    place = Place(places=1)
    lane = place.line.lane(window(1, 60.0))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(place.call(lane, str(number))) for number in range(waiters + 1)]
        await settle()
        for task in tasks:
            task.cancel()
    assert place.line.start(lane) is None, "the window is still full"
    place.clock.advance(60.0)
    assert place.line.start(lane) == 60.0
