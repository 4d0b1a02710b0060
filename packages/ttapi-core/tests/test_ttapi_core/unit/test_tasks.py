# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The task registry: it reports failures, ends what it started, and starts nothing once closed."""

from __future__ import annotations

import asyncio
import gc
import inspect
from typing import Any

import pytest

from ttapi_core.clock import ManualClock
from ttapi_core.tasks import TaskRegistry


async def fail(message: str) -> None:
    """A task that goes wrong at once."""
    raise ZeroDivisionError(message)


async def test_a_result_can_be_awaited() -> None:
    """Spawning gives an ordinary task, with its name."""

    async def answer() -> int:
        return 42

    async with TaskRegistry() as tasks:
        task = tasks.spawn("answer", answer())
        assert task.get_name() == "answer"
        assert await task == 42


async def test_the_registry_counts_what_runs() -> None:
    """A finished task is forgotten."""
    clock = ManualClock()
    async with TaskRegistry() as tasks:
        _ = tasks.spawn("one", clock.sleep(10))
        _ = tasks.spawn("two", clock.sleep(20))
        await clock.sleep(0)
        assert len(tasks) == 2
        clock.advance(10)
        await clock.sleep(0)
        await clock.sleep(0)
        assert len(tasks) == 1
    assert len(tasks) == 0


async def test_a_task_that_has_just_ended_is_not_counted() -> None:
    """Whether or not asyncio has called back."""
    async with TaskRegistry() as tasks:
        task = tasks.spawn("quick", ManualClock().sleep(0))
        while not task.done():
            await ManualClock().sleep(0)
        assert len(tasks) == 0


async def test_a_failure_is_reported_once_with_the_name_of_its_task() -> None:
    """Nobody has to await a background task to hear of its end."""
    failures: list[tuple[str, str]] = []
    clock = ManualClock()
    async with TaskRegistry(on_failure=lambda name, error: failures.append((name, str(error)))) as tasks:
        _ = tasks.spawn("writer", fail("disk"))
        await clock.sleep(0)
        await clock.sleep(0)
        assert failures == [("writer", "disk")]
    assert failures == [("writer", "disk")]


async def test_a_failure_in_the_last_moment_is_reported_too() -> None:
    """What fails while the registry closes is not lost."""
    failures: list[str] = []
    clock = ManualClock()

    async def fails_when_ended() -> None:
        try:
            await clock.sleep(60)
        finally:
            raise ZeroDivisionError

    async with TaskRegistry(on_failure=lambda name, _: failures.append(name)) as tasks:
        _ = tasks.spawn("just started", fail("at once"))
        _ = tasks.spawn("cleanup", fails_when_ended())
        await clock.sleep(0)
    assert sorted(failures) == ["cleanup", "just started"]


async def test_ending_a_task_is_no_failure() -> None:
    """Cancelled tasks and finished ones are not reported."""
    failures: list[str] = []
    clock = ManualClock()
    async with TaskRegistry(on_failure=lambda name, _: failures.append(name)) as tasks:
        running = tasks.spawn("running", clock.sleep(60))
        _ = tasks.spawn("quick", clock.sleep(0))
        tasks.spawn("cancelled by hand", clock.sleep(60)).cancel()
        await clock.sleep(0)
    assert running.cancelled()
    assert failures == []


async def test_without_a_reporter_asyncio_reports_the_failure() -> None:
    """A failure that nobody awaits is never silent."""
    reported: list[BaseException] = []

    def note(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        reported.append(context["exception"])

    asyncio.get_running_loop().set_exception_handler(note)
    clock = ManualClock()
    async with TaskRegistry() as tasks:
        task = tasks.spawn("writer", fail("disk"))
        await clock.sleep(0)
        await clock.sleep(0)
        del task
        gc.collect()
        assert [str(error) for error in reported] == ["disk"]


async def test_an_awaited_failure_reaches_the_caller() -> None:
    """The registry does not stand between a task and whoever awaits it."""
    async with TaskRegistry() as tasks:
        with pytest.raises(ZeroDivisionError, match="disk"):
            await tasks.spawn("writer", fail("disk"))


async def test_closing_waits_until_cleanup_has_ended() -> None:
    """When the block is left, nothing of it runs any more."""
    clock = ManualClock()
    steps: list[str] = []

    async def with_cleanup() -> None:
        try:
            await clock.sleep(60)
        finally:
            await clock.sleep(0)
            steps.append("cleaned up")

    async with TaskRegistry() as tasks:
        _ = tasks.spawn("with cleanup", with_cleanup())
        await clock.sleep(0)
    steps.append("left")
    assert steps == ["cleaned up", "left"]


async def test_tasks_are_ended_when_the_block_fails() -> None:
    """The error of the block goes on, the tasks do not."""
    clock = ManualClock()
    tasks = TaskRegistry()
    with pytest.raises(ZeroDivisionError):
        async with tasks:
            running = tasks.spawn("running", clock.sleep(60))
            await clock.sleep(0)
            raise ZeroDivisionError
    assert running.cancelled()


async def test_a_closed_registry_refuses_and_leaks_nothing() -> None:
    """No task starts after the end; the coroutine is closed, not left to warn about itself."""
    clock = ManualClock()
    tasks = TaskRegistry()
    await tasks.aclose()
    late = clock.sleep(60)
    with pytest.raises(RuntimeError, match="'late': its registry is closed"):
        _ = tasks.spawn("late", late)
    assert inspect.getcoroutinestate(late) == inspect.CORO_CLOSED
    assert len(tasks) == 0


async def test_closing_twice_is_harmless() -> None:
    """A block around an explicit close is no mistake."""
    async with TaskRegistry() as tasks:
        await tasks.aclose()
    assert len(tasks) == 0


async def test_a_task_that_spawns_while_ending_is_refused() -> None:
    """Closing cannot be outrun."""
    clock = ManualClock()
    failures: list[str] = []

    async def restarting() -> None:
        try:
            await clock.sleep(60)
        finally:
            _ = tasks.spawn("again", clock.sleep(60))

    async with TaskRegistry(on_failure=lambda _, error: failures.append(str(error))) as tasks:
        _ = tasks.spawn("restarting", restarting())
        await clock.sleep(0)
    assert failures == ["cannot start task 'again': its registry is closed"]
