# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R4: every wait goes by monotonic time: a step of the wall clock changes no moment of any request."""

from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING

import pytest
from scale import scale

from test_ttapi_client.promises.virtual_time import VirtualClock, run_at_once
from ttapi_client import ClientStatistics, Policies
from ttapi_client.policies import BreakerPolicy, RateLimitPolicy, RetryPolicy
from ttapi_client.resilience.chain import Chain
from ttapi_core.errors import CircuitOpenError, RateLimitError, ServerError, TTError

if TYPE_CHECKING:
    from collections.abc import Callable

HOUR, DAY = 3_600.0, 86_400.0


def what_happens(calls: int, *, steps: tuple[float, ...]) -> tuple[list[tuple[float, str]], list[float], int]:
    """Each send and each end of a call with its moment, every sleep, and the steps made; seeded alike."""
    random, wall_random = Random(4), Random(5)
    happened = list[tuple[float, str]]()
    policies = Policies(
        # Without jitter, which does not come from a seed.
        retry=RetryPolicy(attempts=3, first_wait_seconds=0.0, budget=1_000_000),
        breaker=BreakerPolicy(failures_to_open=6, open_seconds=3.0, probe_timeout_seconds=1.5),
        rate_limit=RateLimitPolicy(starts=20),
        endpoint_limits={"slow": RateLimitPolicy(starts=4)},
        max_in_flight=8,
    )

    async def main() -> tuple[list[float], int]:
        clock, stepped = VirtualClock(), 0
        chain = Chain(policies, clock=clock, statistics=ClientStatistics())

        async def call(number: int) -> None:
            script = [(random.uniform(0.0, 1.0), random.randrange(10)) for _ in range(3)]

            async def send(attempt: int) -> None:
                happened.append((clock.monotonic(), f"{number}.{attempt} sent"))
                seconds, fate = script[attempt - 1]
                await clock.sleep(seconds)
                if fate < 4:
                    raise ServerError("down", status=503)
                if fate == 4:
                    raise RateLimitError("too many", retry_after_seconds=random.choice([None, 0.0, 2.0]))

            try:
                await chain.run("slow" if number % 4 == 0 else "quick", send)
            except TTError as error:
                refused = f" for {error.retry_in_seconds}" if isinstance(error, CircuitOpenError) else ""
                happened.append((clock.monotonic(), f"{number} {error.code}{refused}"))
            else:
                happened.append((clock.monotonic(), f"{number} answered"))

        async with asyncio.TaskGroup() as group:
            for number in range(calls):
                group.create_task(call(number))
                await clock.sleep(random.uniform(0.0, 0.1))
                if steps:
                    clock.step_wall(wall_random.choice(steps))
                    stepped += 1
        return clock.slept, stepped

    slept, stepped = run_at_once(main())
    return happened, slept, stepped


@pytest.mark.promise("R4")
def test_steps_of_the_wall_clock_change_no_wait(record_property: Callable[[str, object], None]) -> None:
    """The same run twice, once with a step of an hour or a day to either side before every call."""
    calls = scale(1_000, long=20_000)
    plain, plain_sleeps, _ = what_happens(calls, steps=())
    happened, sleeps, steps = what_happens(calls, steps=(-DAY, -HOUR, HOUR, DAY))
    assert happened == plain
    assert sleeps == plain_sleeps
    kinds = {text.split(" ")[1] for _, text in happened}
    assert kinds >= {"sent", "answered", "server", "circuit_open", "rate_limit"}, "all of it was tried"
    negative = sum(seconds < 0 for seconds in sleeps)
    assert negative == 0
    moved = sum(a != b for a, b in zip(happened, plain, strict=True))
    record_property(
        "promise",
        f"R4: {steps:,} steps of +-1 h and +-1 day, {moved} of {len(happened):,} events early or late, "
        f"{negative} of {len(sleeps):,} sleeps negative",
    )
