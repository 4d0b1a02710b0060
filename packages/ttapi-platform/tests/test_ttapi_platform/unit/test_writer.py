# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the background writer."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from pathlib import Path

import pytest

from ttapi_core.errors import WriteError
from ttapi_platform.writer import BackgroundWriter


async def test_accepted_is_not_durable_until_committed() -> None:
    """Submitting returns while the write still waits; the ticket says when it is done."""
    gate = threading.Event()
    async with BackgroundWriter() as writer:
        ticket = await writer.submit("held", gate.wait, rows=5)
        assert writer.rows_in_flight == 5
        gate.set()
        assert await ticket.committed() is True
        assert writer.rows_in_flight == 0


async def test_a_full_queue_makes_the_next_submission_wait() -> None:
    """Back-pressure by rows in flight: nothing is accepted beyond the bound."""
    gate = threading.Event()
    async with BackgroundWriter(max_rows=10) as writer, asyncio.TaskGroup() as group:
        await writer.submit("first", gate.wait, rows=8)
        second = group.create_task(writer.submit("second", lambda: 2, rows=8))
        for _ in range(5):
            await asyncio.wait([second], timeout=0)
        assert not second.done()
        gate.set()
        assert await (await second).committed() == 2


async def test_one_write_larger_than_the_bound_is_accepted_alone() -> None:
    """A frame larger than the queue does not wait for ever."""
    async with BackgroundWriter(max_rows=1) as writer:
        assert await (await writer.submit("large", lambda: "done", rows=100)).committed() == "done"


async def test_a_failed_write_is_raised_and_remembered() -> None:
    """The failure reaches whoever waits, and stays visible for whoever does not."""

    def fail() -> None:
        raise WriteError("cannot write x: No space left on device", path=Path("x"))

    async with BackgroundWriter() as writer:
        ticket = await writer.submit("quotes", fail, rows=1)
        with pytest.raises(WriteError, match="No space left"):
            await ticket.committed()
        assert list(writer.failures) == ["quotes"]


async def test_flush_waits_for_all_that_was_accepted() -> None:
    """After flush every accepted write has run, in the order of submission."""
    ran: list[int] = []
    async with BackgroundWriter() as writer:
        for number in range(20):
            await writer.submit(str(number), partial(ran.append, number), rows=1)
        await writer.flush()
        assert ran == list(range(20))
        await writer.flush()


async def test_leaving_the_block_drains_the_queue_even_when_cancelled() -> None:
    """What was accepted is written although the task that accepted it is cancelled."""
    ran: list[str] = []
    gate = threading.Event()

    async def run() -> None:
        async with BackgroundWriter() as writer:
            await writer.submit("held", gate.wait, rows=1)
            ticket = await writer.submit("last", lambda: ran.append("last"), rows=1)
            await ticket.committed()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(run())
        for _ in range(5):
            await asyncio.wait([task], timeout=0)
        task.cancel()
        gate.set()
    assert task.cancelled()
    assert ran == ["last"]
