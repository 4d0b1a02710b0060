# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The rate limiter: in any window at most so many starts, in the order of the callers."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis.strategies import floats, integers, lists, tuples

from ttapi_client.policies import RateLimitPolicy
from ttapi_client.resilience.limiter import SlidingWindowLimiter
from ttapi_core.clock import ManualClock


async def settle() -> None:
    """Let every task run until all of them wait."""
    for _ in range(8):
        await asyncio.sleep(0)  # noqa: TID251 - gives way, waits for nothing


async def starts_of(
    policy: RateLimitPolicy, arrivals: list[tuple[float, int]], cancelled: set[int]
) -> list[tuple[int, float]]:
    """Number and time of each start, for callers that come in groups after some seconds each."""
    clock, started = ManualClock(), list[tuple[int, float]]()
    limiter = SlidingWindowLimiter(policy, clock=clock)

    async def call(number: int) -> None:
        await limiter.wait_for_start()
        started.append((number, clock.monotonic()))

    tasks: list[asyncio.Task[None]] = []
    async with asyncio.TaskGroup() as group:
        for seconds, callers in arrivals:
            clock.advance(seconds)
            await settle()
            tasks += [group.create_task(call(len(tasks) + each)) for each in range(callers)]
            await settle()
        for number in cancelled & set(range(len(tasks))):
            tasks[number].cancel()
        await settle()
        while not all(task.done() for task in tasks):
            clock.advance(policy.window_seconds / 7)
            await settle()
    return started


ARRIVALS = lists(tuples(floats(0.0, 2.0), integers(0, 12)), max_size=8)


@settings(max_examples=60, deadline=None)
@given(starts=integers(1, 5), window=floats(0.5, 3.0), arrivals=ARRIVALS)
def test_no_window_holds_more_starts_than_allowed(
    starts: int, window: float, arrivals: list[tuple[float, int]]
) -> None:
    """However the callers arrive: any N+1 starts span at least the window."""
    policy = RateLimitPolicy(starts=starts, window_seconds=window)
    started = asyncio.run(starts_of(policy, arrivals, set()))
    assert len(started) == sum(callers for _, callers in arrivals)
    times = [at for _, at in started]
    for first, last in zip(times, times[starts:], strict=False):
        assert last - first >= window - 1e-9


@settings(max_examples=60, deadline=None)
@given(arrivals=ARRIVALS, cancelled=lists(integers(0, 40)).map(set))
def test_first_come_is_first_served_and_the_cancelled_use_up_nothing(
    arrivals: list[tuple[float, int]], cancelled: set[int]
) -> None:
    """Nobody is passed by a later caller; who gave up leaves the place to the next."""
    policy = RateLimitPolicy(starts=3, window_seconds=1.0)
    started = asyncio.run(starts_of(policy, arrivals, cancelled))
    numbers = [number for number, _ in started]
    assert numbers == sorted(numbers)
    callers = set(range(sum(count for _, count in arrivals)))
    assert callers - set(numbers) <= cancelled


async def test_a_long_queue_uses_the_whole_rate() -> None:
    """10,000 starts of 100 callers at 50 a second take no longer than they must."""
    clock = ManualClock()
    limiter = SlidingWindowLimiter(RateLimitPolicy(starts=50, window_seconds=1.0), clock=clock)
    times: list[float] = []

    async def caller() -> None:
        for _ in range(100):
            await limiter.wait_for_start()
            times.append(clock.monotonic())

    async with asyncio.TaskGroup() as group:
        for _ in range(100):
            group.create_task(caller())
        while len(times) < 10_000:
            await asyncio.sleep(0)  # noqa: TID251 - gives way, waits for nothing
            if clock.sleepers:
                clock.advance(0.25)
    assert all(last - first >= 1.0 for first, last in zip(times, times[50:], strict=False))
    assert times[-1] == 199.0
