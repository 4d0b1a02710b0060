# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The manual clock over random sleeps, advances and wall steps, against a sorted list."""

from __future__ import annotations

import asyncio

from hypothesis import given, strategies as st

from ttapi_core.clock import ManualClock

SECONDS = st.integers(1, 20)
STEPS = st.lists(
    st.tuples(st.sampled_from(["sleep", "advance", "step_wall"]), SECONDS), min_size=1, max_size=30
)


@given(STEPS)
def test_sleepers_wake_when_due_and_in_order(steps: list[tuple[str, int]]) -> None:
    """After each step exactly those are awake who are due, in the order of their times."""
    asyncio.run(follow(steps))


async def follow(steps: list[tuple[str, int]]) -> None:
    """Take the steps on the clock and on the model."""
    clock = ManualClock()
    woken: list[int] = []
    due_at: dict[int, int] = {}
    elapsed = 0

    async def sleeper(name: int, seconds: int) -> None:
        await clock.sleep(seconds)
        woken.append(name)

    async with asyncio.TaskGroup() as group:
        for name, (step, seconds) in enumerate(steps):
            if step == "sleep":
                group.create_task(sleeper(name, seconds))
                due_at[name] = elapsed + seconds
            elif step == "advance":
                clock.advance(seconds)
                elapsed += seconds
            else:
                clock.step_wall(seconds - 10)
            await clock.sleep(0)
            due = sorted((at, name) for name, at in due_at.items() if at <= elapsed)
            assert woken == [name for _, name in due]
            assert clock.sleepers == len(due_at) - len(due)
            assert clock.monotonic() == elapsed
        clock.advance(20)
    assert len(woken) == len(due_at)
