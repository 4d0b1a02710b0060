# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of watching the event loop."""

from __future__ import annotations

import asyncio

from ttapi_core.clock import SystemClock
from ttapi_platform.health import TICK_SECONDS, LoopWatch

HELD_SECONDS = 0.03


def hold_up() -> None:
    """Let nothing else run on the loop for a while."""
    clock = SystemClock()
    until = clock.monotonic() + HELD_SECONDS
    while clock.monotonic() < until:
        pass


async def test_the_longest_hold_up_is_remembered() -> None:
    """Ticks that come in time afterwards change nothing."""
    async with LoopWatch() as watch:
        hold_up()
        while not (longest := watch.longest_seconds):
            await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=TICK_SECONDS)
        assert longest >= HELD_SECONDS - TICK_SECONDS
        await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=2 * TICK_SECONDS)
        assert watch.longest_seconds >= longest


async def test_a_hold_up_at_the_very_end_counts() -> None:
    """Although no tick could come after it."""
    async with LoopWatch() as watch:
        hold_up()
    assert watch.longest_seconds >= HELD_SECONDS - TICK_SECONDS
