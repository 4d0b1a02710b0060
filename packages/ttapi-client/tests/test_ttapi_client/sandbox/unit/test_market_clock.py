# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The clock of a market: its speed, its steps, and who waits on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from test_ttapi_client.sandbox.wire import until_asleep
from ttapi_client.sandbox.world.market_clock import MarketClock
from ttapi_core.clock import ManualClock
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from collections.abc import Callable

START = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def test_a_market_runs_at_its_speed_from_its_start() -> None:
    """Changed on the way, it goes on from where it is."""
    below = ManualClock()
    market = MarketClock(below, start=START, speed=60)
    below.advance(2)
    market.set_speed(0)
    below.advance(100)
    assert market.now() == START + timedelta(minutes=2)
    market.set_speed(0.5)
    below.advance(10)
    assert market.now() == START + timedelta(minutes=2, seconds=5)
    assert market.speed == 0.5


def test_a_market_in_real_time_is_the_clock_below() -> None:
    """Also after the machine has slept, when wall time jumps ahead."""
    below = ManualClock(START)
    market = MarketClock(below)
    below.step_wall(3600)
    assert market.now() == below.now() == START + timedelta(hours=1)


def test_a_market_never_goes_back() -> None:
    """When wall time below is set back, it waits."""
    below = ManualClock(START)
    market = MarketClock(below)
    below.advance(60)
    seen = market.now()
    below.step_wall(-30)
    assert market.now() == seen
    below.advance(31)
    assert market.now() == seen + timedelta(seconds=1)


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf"), 1e9])
def test_what_no_market_does_is_refused(wrong: float) -> None:
    """Going back, and steps and speeds that are no numbers."""
    market = MarketClock(ManualClock())
    with pytest.raises(ValueError, match="does not move"):
        market.step(wrong)
    with pytest.raises(ValueError, match="does not move"):
        market.set_speed(wrong)
    with pytest.raises(ValueError, match="does not move"):
        MarketClock(ManualClock(), speed=wrong)


@pytest.mark.parametrize("years", [10, 10_000])
def test_a_market_stands_still_where_the_calendar_ends(years: int) -> None:
    """However fast it gets there, and however long it has been there."""
    below = ManualClock()
    market = MarketClock(below, start=START, speed=1_000_000)
    below.advance(years * 366 * 86_400 / 1_000_000)
    end = datetime(2035, 12, 31, 23, 0, tzinfo=UTC)
    assert market.now() == end
    market.step(1)
    market.set_speed(2)
    below.advance(60)
    assert market.now() == end
    assert MarketClock(below, start=end + timedelta(days=400)).now() == end


async def test_who_waits_is_woken_by_time_or_by_a_step() -> None:
    """And leaves nothing behind on the clock below."""
    below = ManualClock()
    market = MarketClock(below, start=START, speed=0)
    wakes: list[Callable[[], None]] = [
        lambda: below.advance(5),
        lambda: market.step(1),
        lambda: market.set_speed(2),
    ]
    async with TaskRegistry() as tasks:
        for wake in wakes:
            waiting = tasks.spawn("waiting", market.wait(5))
            await until_asleep(below, 1)
            wake()
            await waiting
            assert below.sleepers == 0


async def test_waiting_can_be_given_up() -> None:
    """A cancelled wait leaves no sleeper."""
    below = ManualClock()
    market = MarketClock(below)
    async with TaskRegistry() as tasks:
        waiting = tasks.spawn("waiting", market.wait(5))
        await until_asleep(below, 1)
        waiting.cancel()
    assert below.sleepers == 0
