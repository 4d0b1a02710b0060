# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Side by side: how calls end together, and how many there are at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from ttapi_client.side_by_side import side_by_side
from ttapi_core.errors import ServerError, TTError

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator


class Calls:
    """Calls that wait until they are let go, and what became of them."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.begun: list[int] = []
        self.under_way = 0
        self.peak = 0
        self.cancelled: list[int] = []

    async def one(self, number: int, error: Exception | None = None) -> int:
        """Gives its number back, or fails."""
        self.begun.append(number)
        self.under_way += 1
        self.peak = max(self.peak, self.under_way)
        try:
            if error is not None:
                raise error
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled.append(number)
            raise
        finally:
            self.under_way -= 1
        return number


def down(status: int = 500) -> TTError:
    """What fails outside."""
    return ServerError("down", status=status)


async def test_results_come_in_the_order_of_the_calls() -> None:
    """However many there are, and however few places."""
    calls = Calls()
    calls.gate.set()
    assert await side_by_side((calls.one(number) for number in range(250)), at_once=7) == list(range(250))
    assert calls.peak <= 7
    assert await side_by_side(()) == []


async def test_no_more_calls_are_made_than_are_under_way() -> None:
    """A generator is asked for the next one when a place is free."""
    calls, made = Calls(), 0

    def generated() -> Iterator[Coroutine[object, object, int]]:
        nonlocal made
        for number in range(1000):
            made += 1
            yield calls.one(number)

    async with asyncio.TaskGroup() as group:
        tasks_before = len(asyncio.all_tasks())
        running = group.create_task(side_by_side(generated(), at_once=10))
        while len(calls.begun) < 10:
            await asyncio.wait([running], timeout=0.001)
        assert made == 10
        assert len(asyncio.all_tasks()) - tasks_before == 11
        calls.gate.set()
    assert running.result() == list(range(1000))
    assert made == 1000


async def test_the_first_failure_ends_the_others() -> None:
    """Those under way are cancelled, the rest never begins, and nothing is left that was never awaited."""
    calls = Calls()
    made = [calls.one(0), calls.one(1), calls.one(2, down()), calls.one(3), calls.one(4)]
    with pytest.raises(ServerError):
        await side_by_side(made, at_once=3)
    assert calls.begun == [0, 1, 2]
    assert calls.cancelled == [0, 1]


async def test_the_first_of_several_failures_is_the_error() -> None:
    """As itself, not in a group."""
    calls = Calls()
    with pytest.raises(ServerError) as caught:
        await side_by_side([calls.one(0), calls.one(1, down(502)), calls.one(2, down(503))])
    assert caught.value.status == 502


async def test_a_mistake_is_not_hidden_by_a_failure() -> None:
    """It leaves in a group, as mistakes do."""
    calls = Calls()
    with pytest.raises(ExceptionGroup) as caught:
        await side_by_side([calls.one(0, ValueError("ours")), calls.one(1, down())])
    assert caught.group_contains(ValueError)


async def test_a_cancelled_caller_leaves_nothing_behind() -> None:
    """CancelledError leaves as such; what was under way is cancelled, what was not is closed."""
    calls = Calls()
    made = [calls.one(number) for number in range(9)]
    task = asyncio.get_running_loop().create_task(side_by_side(made, at_once=4))
    while len(calls.begun) < 4:
        await asyncio.wait([task], timeout=0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sorted(calls.cancelled) == [0, 1, 2, 3]
    assert calls.begun == [0, 1, 2, 3]


async def test_a_caller_that_is_cancelled_before_it_begins_leaves_nothing_behind() -> None:
    """Not even a warning about calls that were never awaited."""
    calls = Calls()

    async def cancelled_at_once() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await side_by_side([calls.one(0), calls.one(1)])

    with pytest.raises(asyncio.CancelledError):
        await asyncio.get_running_loop().create_task(cancelled_at_once())
    assert calls.under_way == 0


async def test_a_failure_is_no_cancellation_of_the_caller() -> None:
    """Whoever goes on after it can still have a timeout that is one."""
    calls = Calls()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            with pytest.raises(ServerError):
                await side_by_side([calls.one(0), calls.one(1, down())])
            await calls.gate.wait()
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_a_cancellation_in_the_midst_of_a_failure_is_a_cancellation() -> None:
    """Who wanted the task to end is not told of a failure instead."""
    calls = Calls()
    slow_end = asyncio.Event()

    async def slow() -> int:
        try:
            return await calls.one(0)
        finally:
            await slow_end.wait()

    task = asyncio.get_running_loop().create_task(side_by_side([slow(), calls.one(1, down())]))
    while not calls.cancelled:
        await asyncio.wait([task], timeout=0.001)
    task.cancel()
    slow_end.set()
    with pytest.raises(asyncio.CancelledError):
        await task
