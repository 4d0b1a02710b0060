# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Clocks: what both promise, and how the manual one is moved."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ttapi_core.clock import Clock, ManualClock, SystemClock

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 7, 1, 13, 30, tzinfo=UTC)


class ClockContract:
    """What every ``Clock`` promises."""

    @pytest.fixture
    def clock(self) -> Clock:
        """The clock under test."""
        raise NotImplementedError

    def test_now_is_aware_and_in_utc(self, clock: Clock) -> None:
        """Nobody has to guess the zone."""
        assert clock.now().tzinfo is UTC

    def test_monotonic_time_never_steps_back(self, clock: Clock) -> None:
        """Differences are never negative."""
        readings = [clock.monotonic() for _ in range(1000)]
        assert readings == sorted(readings)

    @pytest.mark.parametrize("seconds", [0, -1, -1e9, float("-inf")])
    async def test_sleeping_for_no_time_lets_others_run_once(self, clock: Clock, seconds: float) -> None:
        """A wait that is over is still a chance for other tasks, and never an error."""
        order: list[str] = []

        async def other() -> None:
            order.append("other")

        async with asyncio.TaskGroup() as group:
            group.create_task(other())
            await clock.sleep(seconds)
            order.append("sleeper")
        assert order == ["other", "sleeper"]

    async def test_a_sleep_can_be_cancelled(self, clock: Clock) -> None:
        """Cancellation leaves as cancellation, and long before the time is up."""
        async with asyncio.TaskGroup() as group:
            sleeping = group.create_task(clock.sleep(86_400))
            await clock.sleep(0)
            assert not sleeping.done()
            sleeping.cancel()
        assert sleeping.cancelled()


class TestSystemClock(ClockContract):
    """The machine's clocks."""

    @pytest.fixture
    def clock(self) -> Clock:
        """The clock under test."""
        return SystemClock()

    def test_now_agrees_with_the_file_system(self, clock: Clock, tmp_path: Path) -> None:
        """An independent witness of wall time: the time stamp of a file written just now."""
        witness = tmp_path / "witness"
        witness.touch()
        written_at = datetime.fromtimestamp(witness.stat().st_mtime, UTC)
        assert abs(clock.now() - written_at) < timedelta(minutes=1)


class TestManualClock(ClockContract):
    """The clock that is moved by hand."""

    @pytest.fixture
    def clock(self) -> ManualClock:
        """The clock under test."""
        return ManualClock(START)

    def test_it_stands_still(self, clock: ManualClock) -> None:
        """Time passes only by ``advance``."""
        assert {clock.now() for _ in range(100)} == {START}
        assert clock.monotonic() == 0.0

    def test_advance_moves_both_times_alike(self, clock: ManualClock) -> None:
        """Ninety seconds are ninety seconds on both."""
        clock.advance(90)
        clock.advance(0)
        assert clock.now() - START == timedelta(seconds=90)
        assert clock.monotonic() == 90.0

    def test_it_cannot_be_advanced_into_the_past(self, clock: ManualClock) -> None:
        """Monotonic time would step back; nothing has moved after the refusal."""
        clock.advance(10)
        with pytest.raises(ValueError, match="-1 seconds"):
            clock.advance(-1)
        assert clock.monotonic() == 10.0

    @pytest.mark.parametrize("step_seconds", [3600, -3600, 86_400, -86_400])
    async def test_a_step_of_the_wall_clock_wakes_nobody(
        self, clock: ManualClock, step_seconds: float
    ) -> None:
        """Waits are measured on monotonic time (R4)."""
        async with asyncio.TaskGroup() as group:
            sleeping = group.create_task(clock.sleep(60))
            await clock.sleep(0)
            clock.step_wall(step_seconds)
            await clock.sleep(0)
            assert not sleeping.done()
            assert clock.now() - START == timedelta(seconds=step_seconds)
            assert clock.monotonic() == 0.0
            clock.advance(60)
        assert clock.now() - START == timedelta(seconds=step_seconds + 60)

    async def test_sleepers_wake_in_the_order_of_their_times(self, clock: ManualClock) -> None:
        """Whoever is due first wakes first; of two due together, whoever lay down first."""
        woken: list[str] = []

        async def sleeper(name: str, seconds: float) -> None:
            await clock.sleep(seconds)
            woken.append(name)

        async with asyncio.TaskGroup() as group:
            for name, seconds in [("c", 30), ("a", 10), ("d", 30), ("b", 20), ("never", 31)]:
                group.create_task(sleeper(name, seconds))
            await clock.sleep(0)
            assert clock.sleepers == 5
            clock.advance(30)
            await clock.sleep(0)
            assert woken == ["a", "b", "c", "d"]
            assert clock.sleepers == 1
            clock.advance(1)
        assert woken[-1] == "never"

    async def test_a_sleep_counts_from_the_moment_it_began(self, clock: ManualClock) -> None:
        """Time advanced before is not slept."""
        clock.advance(100)
        async with asyncio.TaskGroup() as group:
            sleeping = group.create_task(clock.sleep(10))
            await clock.sleep(0)
            clock.advance(9.75)
            await clock.sleep(0)
            assert not sleeping.done()
            clock.advance(0.25)
        assert sleeping.done()

    async def test_a_cancelled_sleeper_is_neither_counted_nor_woken(self, clock: ManualClock) -> None:
        """The clock passes over a sleeper that has gone."""
        async with asyncio.TaskGroup() as group:
            gone = group.create_task(clock.sleep(10))
            staying = group.create_task(clock.sleep(10))
            await clock.sleep(0)
            gone.cancel()
            await clock.sleep(0)
            assert clock.sleepers == 1
            clock.advance(10)
        assert gone.cancelled()
        assert not staying.cancelled()
        assert clock.sleepers == 0
