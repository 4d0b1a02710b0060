# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R7: never more starts than allowed in any window, in the order of coming, and the rate is used."""

from __future__ import annotations

import asyncio
from bisect import bisect, insort
from collections import deque
from random import Random
from typing import TYPE_CHECKING

import attrs
import pytest
from scale import scale

from test_ttapi_client.promises.virtual_time import VirtualClock, run_at_once
from ttapi_client import ClientStatistics, Policies
from ttapi_client.policies import BreakerPolicy, RateLimitPolicy, RetryPolicy
from ttapi_client.resilience.chain import Chain
from ttapi_core.errors import RateLimitError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TASKS = 100
EPSILON = 1e-9  # of sums of seconds


@attrs.define
class Service:
    """Counts for itself what comes in a window, and answers 429 to what is too much."""

    clock: VirtualClock
    random: Random
    limit: int  # starts in a second, which it does not tell
    retry_after: Sequence[float | None] = (None,)
    arrivals: deque[float] = attrs.field(factory=deque[float])
    refused: int = 0

    async def send(self) -> None:
        """One request."""
        now = self.clock.monotonic()
        while self.arrivals and self.arrivals[0] + 1.0 <= now:
            self.arrivals.popleft()
        self.arrivals.append(now)
        too_many = len(self.arrivals) > self.limit
        await self.clock.sleep(self.random.uniform(0.01, 0.4))
        if too_many:
            self.refused += 1
            raise RateLimitError("slow down", retry_after_seconds=self.random.choice(self.retry_after))


@attrs.define
class Run:
    """What happened in the order of the starts."""

    asked: list[int] = attrs.field(factory=list[int])  # the number of the call, in the order of coming
    started_at: list[float] = attrs.field(factory=list[float])


def most_in_a_window(started_at: Sequence[float], window_seconds: float) -> int:
    """Of all windows, wherever they begin."""
    most, inside = 0, deque[float]()
    for at in started_at:
        inside.append(at)
        while inside[0] + window_seconds <= at + EPSILON:
            inside.popleft()
        most = max(most, len(inside))
    return most


def most_passed_by(asked: Sequence[int]) -> int:
    """By how many that came later the worst treated was passed."""
    most, before = 0, list[int]()
    for number in asked:
        most = max(most, len(before) - bisect(before, number))
        insort(before, number)
    return most


def limited(rate_limit: RateLimitPolicy, **changes: object) -> Policies:
    """Policies of which only the rate limit matters."""
    usual: dict[str, object] = {
        "rate_limit": rate_limit,
        "retry": RetryPolicy(attempts=1),
        "breaker": BreakerPolicy(failures_to_open=1_000_000),
        "max_in_flight": TASKS,
    }
    return Policies(**{**usual, **changes})  # type: ignore[arg-type]


async def saturate(chain: Chain, service: Service, run: Run, events: int, family: str = "quotes") -> None:
    """A hundred tasks that call again as soon as they have been answered, well or not."""
    coming = iter(range(events))

    async def work() -> None:
        for number in coming:

            async def send(_attempt: int, number: int = number) -> None:
                run.asked.append(number)
                run.started_at.append(service.clock.monotonic())
                await service.send()

            await asyncio.gather(chain.run(family, send), return_exceptions=True)

    async with asyncio.TaskGroup() as group:
        for _ in range(TASKS):
            group.create_task(work())


@pytest.mark.promise("R7")
def test_no_window_holds_too_many_nobody_is_passed_and_the_rate_is_used(
    record_property: Callable[[str, object], None],
) -> None:
    """With a service that says 429 more and less often, with and without Retry-After, as its load changes."""
    events, policy, random = scale(10_000, long=100_000), RateLimitPolicy(starts=50), Random(7)
    run, used, possible = Run(), 0, 0.0

    async def main() -> Service:
        nonlocal used, possible
        clock = VirtualClock()
        service = Service(clock, random, limit=1_000, retry_after=[None, None, None, 0.0, 1.5])
        chain = Chain(limited(policy), clock=clock, statistics=ClientStatistics())

        async def load() -> None:
            while True:
                await clock.sleep(random.uniform(5, 60))
                service.limit = random.choice([10, 20, 30, 45, 1_000])

        async def watch() -> None:
            nonlocal used, possible
            started, step_seconds = 0, 0.1
            while True:
                before = chain._window.allowed(clock.monotonic())
                is_held = clock.monotonic() < chain._window.held_until
                await clock.sleep(step_seconds)
                fresh, started = len(run.started_at) - started, len(run.started_at)
                used += fresh
                if not is_held:
                    possible += before * step_seconds / policy.window_seconds

        async with asyncio.TaskGroup() as group:
            helpers = [group.create_task(load()), group.create_task(watch())]
            await saturate(chain, service, run, events)
            for helper in helpers:
                helper.cancel()
        return service

    service = run_at_once(main())
    assert len(run.asked) == events
    most, passed = most_in_a_window(run.started_at, policy.window_seconds), most_passed_by(run.asked)
    assert most <= policy.starts
    assert passed == 0
    assert service.refused > events / 1_000, "there was feedback"
    assert used / possible >= 0.95
    record_property(
        "promise",
        f"R7: {events:,} starts of {TASKS} tasks, {service.refused:,} answers of 429, at most {most} of "
        f"{policy.starts} in any window, nobody passed by more than {passed}, "
        f"{used / possible:.1%} of the allowed rate used",
    )


@pytest.mark.promise("R7")
def test_without_429s_the_whole_rate_is_used(record_property: Callable[[str, object], None]) -> None:
    """As soon as a start leaves the window another takes its place."""
    events, policy = scale(5_000, long=50_000), RateLimitPolicy(starts=50)
    run = Run()

    async def main() -> None:
        clock = VirtualClock()
        chain = Chain(limited(policy), clock=clock, statistics=ClientStatistics())
        await saturate(chain, Service(clock, Random(7), limit=1_000), run, events)

    run_at_once(main())
    assert most_in_a_window(run.started_at, 1.0) == policy.starts
    assert most_passed_by(run.asked) == 0
    share = (events / policy.starts - 1) / run.started_at[-1]
    assert share >= 0.95
    record_property("promise", f"R7: {events:,} starts without a 429, {share:.1%} of the rate used")


@pytest.mark.promise("R7")
@pytest.mark.parametrize("limit", [8, 20, 35])
def test_the_pace_settles_below_a_limit_that_nobody_told(
    limit: int, record_property: Callable[[str, object], None]
) -> None:
    """Most of what the service can take is taken, and few requests are refused."""
    events, run = scale(4_000, long=40_000), Run()

    async def main() -> Service:
        clock = VirtualClock()
        chain = Chain(limited(RateLimitPolicy(starts=50)), clock=clock, statistics=ClientStatistics())
        service = Service(clock, Random(7), limit=limit)
        await saturate(chain, service, run, events)
        return service

    service = run_at_once(main())
    answered = events - service.refused
    share = answered / (run.started_at[-1] * limit)
    assert service.refused / events < 0.1
    assert share > 0.6
    record_property(
        "promise",
        f"R7: 50 allowed, {limit} taken: {service.refused / events:.1%} refused, {share:.0%} of it used",
    )


@pytest.mark.promise("R7")
def test_a_retry_after_holds_back_every_start(record_property: Callable[[str, object], None]) -> None:
    """Not only the one that was told; and no longer than the policy believes."""
    policy = RateLimitPolicy(starts=50, longest_hold_seconds=30.0)
    started_at, told = list[float](), {40: 12.0, 400: 3_600.0}
    refused_at = list[float]()

    async def main() -> None:
        clock = VirtualClock()
        chain = Chain(limited(policy), clock=clock, statistics=ClientStatistics())

        async def send(_attempt: int) -> None:
            started_at.append(clock.monotonic())
            if (seconds := told.get(len(started_at))) is not None:
                refused_at.append(clock.monotonic())
                raise RateLimitError("not now", retry_after_seconds=seconds)

        calls = (chain.run(("quotes", "chains")[number % 2], send) for number in range(600))
        await asyncio.gather(*calls, return_exceptions=True)

    run_at_once(main())
    early = 0
    for at, seconds in zip(refused_at, (12.0, 30.0), strict=True):
        early += sum(at < start < at + seconds for start in started_at)
        assert min(start for start in started_at if start > at) == pytest.approx(at + seconds)
    assert early == 0
    record_property("promise", f"R7: Retry-After of 12 s and of an hour, {early} starts within 12 s and 30 s")


@pytest.mark.promise("R7")
def test_a_slow_endpoint_keeps_its_own_window_and_holds_up_no_other(
    record_property: Callable[[str, object], None],
) -> None:
    """Both windows hold, and the others use what the slow one cannot."""
    events, whole, slow = scale(5_000, long=50_000), RateLimitPolicy(starts=50), RateLimitPolicy(starts=4)
    runs = {"quotes": Run(), "slow": Run()}

    async def main() -> None:
        clock = VirtualClock()
        policies = limited(whole, endpoint_limits={"slow": slow})
        chain = Chain(policies, clock=clock, statistics=ClientStatistics())
        service = Service(clock, Random(7), limit=1_000)
        async with asyncio.TaskGroup() as group:
            group.create_task(saturate(chain, service, runs["slow"], events // 20, "slow"))
            group.create_task(saturate(chain, service, runs["quotes"], events, "quotes"))

    run_at_once(main())
    together = sorted(runs["quotes"].started_at + runs["slow"].started_at)
    assert most_in_a_window(together, 1.0) == whole.starts
    assert most_in_a_window(runs["slow"].started_at, 1.0) == slow.starts
    assert most_passed_by(runs["quotes"].asked) == most_passed_by(runs["slow"].asked) == 0
    both_until = min(run.started_at[-1] for run in runs.values())
    share = sum(at <= both_until for at in together) / (both_until * whole.starts)
    slow_share = sum(at <= both_until for at in runs["slow"].started_at) / (both_until * slow.starts)
    assert share >= 0.95
    assert slow_share >= 0.95
    record_property(
        "promise",
        f"R7: beside an endpoint of {slow.starts} a second, which used {slow_share:.0%} of that, "
        f"{share:.1%} of {whole.starts} a second were used",
    )
