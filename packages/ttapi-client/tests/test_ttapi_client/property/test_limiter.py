# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The rate limit and the line against a plain reference: who starts when, with windows in one another."""

from __future__ import annotations

import asyncio
from math import inf
from typing import TYPE_CHECKING

import attrs
from hypothesis import given
from hypothesis.strategies import builds, floats, integers, lists, sampled_from, sets
from scale import examples

from test_ttapi_client.promises.virtual_time import VirtualClock, run_at_once
from ttapi_client import ClientStatistics
from ttapi_client.policies import RateLimitPolicy
from ttapi_client.resilience.limiter import SlidingWindow
from ttapi_client.resilience.line import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

# Eighths of a second, so that sums of times are exact and two things may fall on one moment.
EIGHTH = 0.125
WHOLE, SLOW = RateLimitPolicy(starts=4, window_seconds=1.0), RateLimitPolicy(starts=2, window_seconds=1.5)


@attrs.frozen(kw_only=True)
class Call:
    """One that comes so long after the one before, in one of the lanes, and is on its way for so long."""

    after: float
    lane: str
    takes: float


CALLS = lists(
    builds(
        Call,
        after=integers(0, 8).map(lambda number: number * EIGHTH),
        lane=sampled_from(["quick", "quick", "slow", "other"]),
        takes=integers(1, 24).map(lambda number: number * EIGHTH),
    ),
    max_size=40,
)


def expected_starts(calls: Sequence[Call], *, places: int) -> list[float]:
    """When each starts: at every eighth of a second, all who may, in the order of coming."""
    comes_at, starts = list[float](), list[float]()
    for call in calls:
        comes_at.append((comes_at[-1] if comes_at else 0.0) + call.after)
        starts.append(inf)
    now = 0.0
    while inf in starts:
        for number, call in enumerate(calls):
            begun = [at for at in starts if at <= now]
            of_lane = [
                at for at, each in zip(starts, calls, strict=True) if each.lane == call.lane and at <= now
            ]
            is_on_its_way = [at + each.takes > now >= at for at, each in zip(starts, calls, strict=True)]
            may_start = (
                starts[number] == inf
                and comes_at[number] <= now
                and sum(is_on_its_way) < places
                and sum(at > now - WHOLE.window_seconds for at in begun) < WHOLE.starts
                and (
                    call.lane == "quick"
                    or sum(at > now - SLOW.window_seconds for at in of_lane) < SLOW.starts
                )
            )
            if may_start:
                starts[number] = now
        now += EIGHTH
    return starts


def actual_starts(calls: Sequence[Call], *, places: int, cancelled: set[int]) -> list[float]:
    """By the line; ``inf`` for those that were cancelled before they started."""
    starts = [inf] * len(calls)

    async def main() -> None:
        clock = VirtualClock()
        line, whole = Line(places=places, clock=clock, statistics=ClientStatistics()), SlidingWindow(WHOLE)
        lanes = {"quick": line.lane(whole)}
        lanes |= {name: line.lane(whole, SlidingWindow(SLOW)) for name in ("slow", "other")}

        async def work(number: int, call: Call) -> None:
            lane = lanes[call.lane]
            started_at = line.start(lane)
            if started_at is None:
                started_at = await line.start_in_turn(lane)
            assert started_at == clock.monotonic()
            starts[number] = started_at
            try:
                await clock.sleep(call.takes)
            finally:
                line.leave()

        async with asyncio.TaskGroup() as group:
            tasks = list[asyncio.Task[None]]()
            for number, call in enumerate(calls):
                await clock.sleep(call.after)
                tasks.append(group.create_task(work(number, call)))
                if number in cancelled:
                    tasks[number // 2].cancel()

    run_at_once(main())
    return starts


@examples(times=8)
@given(calls=CALLS, places=integers(1, 5))
def test_each_starts_at_the_first_moment_at_which_it_may(calls: list[Call], places: int) -> None:
    """Neither earlier nor later, and nobody before who came first and might start, too."""
    assert actual_starts(calls, places=places, cancelled=set()) == expected_starts(calls, places=places)


@examples(times=8)
@given(calls=CALLS, places=integers(1, 5), cancelled=sets(integers(0, 40)))
def test_the_cancelled_use_up_nothing_and_no_window_holds_too_many(
    calls: list[Call], places: int, cancelled: set[int]
) -> None:
    """Everybody else starts, those of one lane as they came, and every window holds."""
    starts = actual_starts(calls, places=places, cancelled=cancelled)
    given_up = {number // 2 for number in cancelled if number < len(calls)}
    assert {number for number, at in enumerate(starts) if at == inf} <= given_up
    for lane in ("quick", "slow", "other"):
        of_lane = [at for at, call in zip(starts, calls, strict=True) if call.lane == lane and at < inf]
        assert of_lane == sorted(of_lane)
        if lane != "quick":
            assert_within(SLOW, of_lane)
    assert_within(WHOLE, sorted(at for at in starts if at < inf))


def assert_within(policy: RateLimitPolicy, starts: Sequence[float]) -> None:
    """Any N+1 starts span at least the window."""
    for first, last in zip(starts, starts[policy.starts :], strict=False):
        assert last - first >= policy.window_seconds


@given(
    starts=integers(1, 1_000),
    factor=floats(0.01, 1.0),
    recovery=floats(0.001, 1.0),
    window_seconds=floats(0.1, 60.0),
    told=lists(floats(0.0, 5.0), max_size=30),
    looks=lists(floats(0.0, 100.0), max_size=30),
)
def test_the_allowance_stays_between_one_and_the_policy(
    starts: int, factor: float, recovery: float, window_seconds: float, told: list[float], looks: list[float]
) -> None:
    """Whatever comes in, and it is whole again after as many windows as the recovery says."""
    window = SlidingWindow(
        RateLimitPolicy(
            starts=starts,
            window_seconds=window_seconds,
            slow_down_factor=factor,
            recovery_per_window=recovery,
        )
    )
    now = 0.0
    for seconds in told:
        now += seconds
        before = window.allowed(now)
        is_news = window.slow_down(now, started_at=now - 0.05)
        assert 1 <= window.allowed(now) <= before
        if not is_news:
            assert window.allowed(now) == before
    allowed = window.allowed(now)
    for seconds in looks:
        now += seconds
        assert allowed <= window.allowed(now) <= starts, "it only grows"
        allowed = window.allowed(now)
    assert window.allowed(now + window_seconds * (1 / recovery + 1)) == starts


def test_a_burst_of_429s_slows_down_once_and_the_next_burst_again() -> None:
    """What had started before the slow-down had its effect tells nothing new."""
    window = SlidingWindow(RateLimitPolicy(starts=16, window_seconds=1.0))
    assert window.slow_down(10.0, started_at=9.8)
    assert window.allowed(10.0) == 8
    for late in (10.1, 10.4, 11.5):
        assert not window.slow_down(late, started_at=9.9)
    assert not window.slow_down(11.6, started_at=10.9), "the window still held the old starts"
    assert window.allowed(11.6) == 9, "0.8 of a start a second comes back"
    assert window.slow_down(11.7, started_at=11.0)
    assert window.allowed(11.7) == 4
    assert [window.allowed(at) for at in (12.0, 12.2, 25.8, 25.9)] == [4, 5, 15, 16]


def test_a_hold_ends_when_the_service_said_or_the_policy_says() -> None:
    """The longest of several holds; and the allowance grows only from then on."""
    window = SlidingWindow(RateLimitPolicy(starts=10, window_seconds=1.0, longest_hold_seconds=30.0))
    window.slow_down(0.0, started_at=0.0, retry_after_seconds=5.0)
    window.slow_down(1.0, started_at=0.0, retry_after_seconds=1.0)
    assert window.seconds_until_room(2.0) == 3.0
    assert window.allowed(5.0) == 5
    assert window.seconds_until_room(5.0) == 0.0
    assert window.allowed(7.0) == 6
    window.slow_down(8.0, started_at=7.0, retry_after_seconds=1e9)
    assert window.seconds_until_room(8.0) == 30.0
