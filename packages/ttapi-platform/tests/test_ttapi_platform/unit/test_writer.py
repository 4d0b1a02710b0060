# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the background writer."""

from __future__ import annotations

import asyncio
import sys
import threading
import weakref
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ttapi_core.errors import WriteError
from ttapi_platform.writer import BackgroundWriter, WriteCounts

if TYPE_CHECKING:
    from ttapi_platform.tickets import Ticket


class Rows:
    """Something large that a write holds on to."""


def refuse(what: str) -> None:
    """Fail as a full disk does."""
    raise WriteError(f"cannot write {what}: No space left on device", path=Path(what), hint="make room")


async def turns(count: int = 5) -> None:
    """Let every task go on as far as it can."""
    for _ in range(count):
        await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=0)


async def until_begun(writer: BackgroundWriter, gate: threading.Event) -> Ticket[bool]:
    """A write that has begun and is held by the gate."""
    begun = threading.Event()

    def write() -> bool:
        begun.set()
        return gate.wait()

    ticket = await writer.submit("held", write, rows=1)
    await asyncio.to_thread(begun.wait)
    return ticket


async def test_accepted_is_not_durable_until_committed() -> None:
    """Submitting returns while the write still waits; the ticket says when it is done."""
    gate = threading.Event()
    async with BackgroundWriter() as writer:
        ticket = await writer.submit("held", gate.wait, rows=5)
        assert (writer.rows_in_flight, ticket.is_durable) == (5, False)
        assert (writer.accepted, writer.durable) == (WriteCounts(1, 5), WriteCounts())
        gate.set()
        assert await ticket.committed() is True
        assert (writer.rows_in_flight, ticket.is_durable) == (0, True)
        assert (writer.accepted, writer.durable) == (WriteCounts(1, 5), WriteCounts(1, 5))


async def test_a_full_queue_makes_the_next_submission_wait() -> None:
    """Back-pressure by rows in flight: nothing is accepted beyond the bound."""
    gate = threading.Event()
    async with BackgroundWriter(max_rows=10) as writer, asyncio.TaskGroup() as group:
        await writer.submit("first", gate.wait, rows=8)
        second = group.create_task(writer.submit("second", lambda: 2, rows=8))
        await turns()
        assert not second.done()
        gate.set()
        assert await (await second).committed() == 2


async def test_one_write_larger_than_the_bound_is_accepted_alone() -> None:
    """A frame larger than the queue does not wait for ever."""
    async with BackgroundWriter(max_rows=1) as writer:
        assert await (await writer.submit("large", lambda: "done", rows=100)).committed() == "done"


async def test_a_failed_write_is_raised_and_remembered() -> None:
    """The failure reaches whoever waits, and stays visible for whoever does not."""
    async with BackgroundWriter() as writer:
        ticket = await writer.submit("quotes", partial(refuse, "x"), rows=1)
        with pytest.raises(WriteError, match="No space left"):
            await ticket.committed()
        assert list(writer.failures) == ["quotes"]
        assert (writer.durable, writer.failed) == (WriteCounts(), WriteCounts(1, 1))
        assert not ticket.is_durable


async def test_flush_waits_for_all_that_was_accepted() -> None:
    """After flush every accepted write has run, in the order of submission."""
    ran: list[int] = []
    async with BackgroundWriter() as writer:
        for number in range(20):
            await writer.submit(str(number), partial(ran.append, number), rows=1)
        await writer.flush()
        assert ran == list(range(20))
        await writer.flush()


async def test_whoever_waits_for_room_is_served_in_order() -> None:
    """A large write is not passed by small ones that would fit, nor by one that comes at the last moment."""
    gate, ran = threading.Event(), list[str]()

    async def submit(writer: BackgroundWriter, name: str, rows: int) -> None:
        await (await writer.submit(name, partial(ran.append, name), rows=rows)).committed()

    async with BackgroundWriter(max_rows=10) as writer, asyncio.TaskGroup() as group:
        held = await writer.submit("held", gate.wait, rows=6)
        for name, rows in [("large", 9), ("small", 1), ("middle", 3)]:
            group.create_task(submit(writer, name, rows))
        await turns()
        assert writer.rows_in_flight == 6
        gate.set()
        await held.committed()
        group.create_task(submit(writer, "late", 1))
    assert ran == ["large", "small", "middle", "late"]


@pytest.mark.parametrize("has_been_called", [False, True])
async def test_a_cancelled_submission_takes_no_room_and_passes_its_turn_on(*, has_been_called: bool) -> None:
    """Also when it is cancelled just as it was about to be accepted."""
    gate, ran = threading.Event(), list[str]()
    async with BackgroundWriter(max_rows=10) as writer, asyncio.TaskGroup() as group:
        held = await writer.submit("held", gate.wait, rows=10)
        given_up = group.create_task(writer.submit("given up", partial(ran.append, "given up"), rows=10))
        next_one = group.create_task(writer.submit("next", partial(ran.append, "next"), rows=10))
        await turns()
        if has_been_called:  # in the same turn of the loop, so that it does not go on before it is cancelled
            held._accepted.outcome.add_done_callback(lambda _: given_up.cancel())
        else:
            given_up.cancel()
            await turns()
        gate.set()
        await (await next_one).committed()
        assert given_up.cancelled()
        assert writer.accepted == WriteCounts(2, 20)
        assert writer.rows_in_flight == 0
    assert ran == ["next"]


async def test_what_a_write_holds_on_to_is_let_go_on_the_writers_thread() -> None:
    """Before anyone is told of its end: freeing a large frame is no work for the loop."""
    rows = Rows()
    freed_on = list[str]()
    weakref.finalize(rows, lambda: freed_on.append(threading.current_thread().name))
    async with BackgroundWriter() as writer:
        write = partial(id, rows)
        del rows
        ticket = await writer.submit("large", write, rows=1)
        del write
        await ticket.committed()
        assert freed_on == ["ttapi-writer"]


@pytest.mark.parametrize("error", [StopIteration, asyncio.CancelledError, SystemExit])
async def test_whatever_a_write_raises_is_its_failure(error: type[BaseException]) -> None:
    """Even what means something else to those who wait."""
    async with BackgroundWriter() as writer:
        ticket = await writer.submit("odd", iter(list[int]()).__next__, rows=1)
        with pytest.raises(RuntimeError, match="write 'odd' raised StopIteration"):
            await ticket.committed()

        def write() -> None:
            raise error

        other = await writer.submit("other", write, rows=1)
        with pytest.raises((RuntimeError, SystemExit)):
            await other.committed()
        assert await (await writer.submit("next", lambda: 3, rows=1)).committed() == 3


async def test_a_failure_that_nobody_was_told_of_is_raised_at_the_end() -> None:
    """As it was raised by the write."""
    with pytest.raises(WriteError, match="cannot write quotes: No space") as caught:
        async with BackgroundWriter() as writer:
            await writer.submit("quotes", partial(refuse, "quotes"), rows=1)
            await writer.submit("symbols", lambda: 3, rows=1)
    assert caught.value.hint == "make room"
    assert writer.durable == WriteCounts(1, 1)


async def test_several_failures_that_nobody_was_told_of_are_one_error_that_names_them() -> None:
    """With the first one as its cause."""
    with pytest.raises(WriteError, match=r"2 background .*quotes: cannot.*; symbols: integer div") as caught:
        async with BackgroundWriter() as writer:
            await writer.submit("quotes", partial(refuse, "quotes"), rows=1)
            await writer.submit("symbols", lambda: 1 // 0, rows=1)
    assert (caught.value.path, caught.value.hint) == (Path("quotes"), "make room")
    assert isinstance(caught.value.__cause__, WriteError)


async def test_another_exception_on_its_way_is_not_hidden_and_notes_the_failures() -> None:
    """They are not lost for that."""
    with pytest.raises(KeyError, match="ours") as caught:
        async with BackgroundWriter() as writer:
            await writer.submit("quotes", partial(refuse, "quotes"), rows=1)
            raise KeyError("ours")
    (note,) = caught.value.__notes__
    assert note == "background write 'quotes' failed: cannot write quotes: No space left on device"


async def test_nothing_is_accepted_outside_of_the_block() -> None:
    """Neither before nor after it."""
    writer = BackgroundWriter()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="'early' was not accepted: its writer is not open"):
            await writer.submit("early", lambda: 3, rows=1)
        async with writer:
            pass
    assert writer.accepted == WriteCounts()


async def test_who_waits_for_room_when_the_block_ends_was_not_accepted() -> None:
    """And is told so."""
    gate, writer, told = threading.Event(), BackgroundWriter(max_rows=1), list[str]()

    async def submit() -> None:
        try:
            await writer.submit("late", lambda: 3, rows=1)
        except RuntimeError as error:
            told.append(str(error))

    async with asyncio.TaskGroup() as group, writer:
        await writer.submit("held", gate.wait, rows=1)
        group.create_task(submit())
        await turns()
        asyncio.get_running_loop().call_soon(gate.set)
    assert told == ["write 'late' was not accepted: its writer is not open"]
    assert writer.accepted == writer.durable == WriteCounts(1, 1)


async def test_a_number_of_rows_is_not_negative() -> None:
    """It would make room that is not there."""
    async with BackgroundWriter() as writer:
        with pytest.raises(ValueError, match="write 'odd' cannot have -1 rows"):
            await writer.submit("odd", lambda: 3, rows=-1)


async def test_the_interpreter_is_handed_over_sooner_while_the_block_runs() -> None:
    """And as before afterwards, also when two blocks overlap."""
    before = sys.getswitchinterval()
    first, second = BackgroundWriter(), BackgroundWriter()
    await first.__aenter__()
    assert sys.getswitchinterval() == pytest.approx(0.001)
    await second.__aenter__()
    await first.__aexit__(None, None, None)
    await second.__aexit__(None, None, None)
    assert sys.getswitchinterval() == before


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
        await turns()
        task.cancel()
        gate.set()
    assert task.cancelled()
    assert ran == ["last"]


async def test_a_cancellation_while_draining_lets_the_writes_end() -> None:
    """It goes on its way afterwards."""
    ran, gate = list[str](), threading.Event()

    async def run() -> None:
        async with BackgroundWriter() as writer:
            await writer.submit("held", gate.wait, rows=1)
            await writer.submit("last", lambda: ran.append("last"), rows=1)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(run())
        await turns()
        task.cancel()
        await turns()
        assert not task.done()
        gate.set()
    assert task.cancelled()
    assert ran == ["last"]


async def test_at_the_deadline_what_has_not_begun_is_given_up_and_told() -> None:
    """Never run afterwards; what has begun may roll back."""
    ran = list[str]()

    def write(writer: BackgroundWriter, begun: threading.Event) -> None:
        begun.set()
        while not writer.is_giving_up():
            pass
        refuse("rolled back")

    begun = threading.Event()
    writer = BackgroundWriter(drain_seconds=0.0)
    with pytest.raises(WriteError, match="2 background writes failed") as caught:
        async with writer:
            await writer.submit("begun", partial(write, writer, begun), rows=2)
            await writer.submit("waiting", lambda: ran.append("waiting"), rows=3)
            await asyncio.to_thread(begun.wait)
    assert "waiting had not begun when the time to end was over" in caught.value.message
    assert "cannot write rolled back" in caught.value.message
    assert writer.failed == WriteCounts(2, 5)
    assert ran == []


async def test_a_write_that_hangs_is_left_behind_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The block ends although the write does not; what comes of it later changes nothing."""
    monkeypatch.setattr("ttapi_platform.writer.ROLL_BACK_SECONDS", 0.0)
    gate, writer = threading.Event(), BackgroundWriter(drain_seconds=0.0)
    with pytest.raises(WriteError, match="held was still being written when the time to end was over"):
        async with writer:
            ticket = await until_begun(writer, gate)
    assert (writer.rows_in_flight, writer.failed) == (0, WriteCounts(1, 1))
    gate.set()
    await asyncio.to_thread(ended, "ttapi-writer")
    await turns()
    assert (ticket.is_durable, writer.durable) == (False, WriteCounts())


async def test_cancelled_twice_the_block_waits_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second cancellation is the end of the waiting; the failure is in its notes."""
    gate, writer, notes = threading.Event(), BackgroundWriter(), list[str]()
    has_begun = asyncio.Event()

    async def run() -> None:
        try:
            async with writer:
                ticket = await until_begun(writer, gate)
                has_begun.set()
                await ticket.committed()
        except asyncio.CancelledError as cancelled:
            notes.extend(cancelled.__notes__)
            raise

    monkeypatch.setattr("ttapi_platform.writer.ROLL_BACK_SECONDS", 0.0)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(run())
        await has_begun.wait()
        task.cancel()
        await turns()
        assert not task.done()
        task.cancel()
    assert task.cancelled()
    assert [note.partition(" when ")[0] for note in notes] == [
        "background write 'held' failed: held was still being written"
    ]
    gate.set()


def ended(name: str) -> None:
    """Wait until no thread of that name runs."""
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join()
