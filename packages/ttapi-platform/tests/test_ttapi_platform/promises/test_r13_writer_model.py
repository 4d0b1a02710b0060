# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R13: accepted is not durable, the queue is bounded, and no write is lost in silence."""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs
import pytest
from hypothesis import given, settings
from hypothesis.strategies import booleans, builds, integers, just, lists, one_of
from scale import scale

from ttapi_core.clock import SystemClock
from ttapi_core.errors import WriteError
from ttapi_platform.writer import BackgroundWriter, WriteCounts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ttapi_platform.tickets import Ticket

MOST_ROWS: Final = 10
LARGER: Final = 5_000  # rows of a write that no queue has room for but an empty one
LONGEST_SECONDS: Final = 60  # a test that hangs fails


@attrs.frozen
class Submit:
    """Somebody wants something written; ``asks`` for what became of it."""

    rows: int
    fails: bool
    asks: bool


@attrs.frozen
class Cancel:
    """One of those who wait for room gives up."""

    which: int


@attrs.frozen
class Finish:
    """The disk gets on: so many writes end."""

    count: int


@attrs.frozen
class Flush:
    """Somebody waits for all that is accepted by now."""


Step: TypeAlias = Submit | Cancel | Finish | Flush
STEPS: Final = lists(
    one_of(
        builds(Submit, rows=integers(0, 14), fails=booleans(), asks=booleans()),
        builds(Submit, rows=integers(1, 4), fails=just(value=False), asks=booleans()),
        builds(Cancel, which=integers(0, 9)),
        builds(Finish, count=integers(1, 4)),
        just(Flush()),
    ),
    min_size=10,
    max_size=60,
)


@attrs.define
class Model:
    """What the writer has to do, with nothing but lists."""

    line: list[tuple[str, Submit]] = attrs.field(factory=list[tuple[str, Submit]])
    in_flight: list[tuple[str, Submit]] = attrs.field(factory=list[tuple[str, Submit]])
    accepted: list[tuple[str, Submit]] = attrs.field(factory=list[tuple[str, Submit]])
    ended: list[tuple[str, Submit]] = attrs.field(factory=list[tuple[str, Submit]])
    cancelled: int = 0

    @property
    def rows_in_flight(self) -> int:
        """Accepted and not ended."""
        return sum(wish.rows for _, wish in self.in_flight)

    def submit(self, name: str, wish: Submit) -> None:
        """Stand in line, and be accepted at once where nobody else does and there is room."""
        self.line.append((name, wish))
        self.accept()

    def cancel(self, which: int) -> str:
        """Leave the line; the name of who does."""
        name, _ = self.line.pop(which % len(self.line))
        self.cancelled += 1
        self.accept()
        return name

    def finish(self, count: int) -> int:
        """End the oldest writes, as many as there are; how many that is."""
        ended = self.in_flight[:count]
        for each in ended:
            self.in_flight.remove(each)
            self.ended.append(each)
            self.accept()
        return len(ended)

    def accept(self) -> None:
        """Accept those in front of the line, until one has no room."""
        while self.line:
            rows = self.line[0][1].rows
            if self.rows_in_flight and self.rows_in_flight + rows > MOST_ROWS:
                return
            self.accepted.append(self.line[0])
            self.in_flight.append(self.line.pop(0))


def counts(writes: Sequence[tuple[str, Submit]]) -> WriteCounts:
    """As the writer counts them."""
    return WriteCounts(len(writes), sum(wish.rows for _, wish in writes))


class Comparison:
    """One writer whose disk gets on step by step, and the model beside it."""

    def __init__(self) -> None:
        self.model = Model()
        self.writer = BackgroundWriter(max_rows=MOST_ROWS)
        self.ran = list[str]()
        self.told = list[str]()
        self._disk = threading.Semaphore(0)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._flushes: list[tuple[asyncio.Task[None], list[tuple[str, Submit]]]] = []

    async def run(self, steps: Sequence[Step]) -> list[str]:
        """The names of the failures that the end of the block told of."""
        try:
            async with asyncio.timeout(LONGEST_SECONDS), self.writer, asyncio.TaskGroup() as group:
                for number, step in enumerate(steps):
                    self._do(group, str(number), step)
                    await self._settle()
                    self._compare()
                while self.model.in_flight or self.model.line:
                    self._do(group, "", Finish(1))
                    await self._settle()
                    self._compare()
        except WriteError as error:
            return re.findall(r"no room for (\d+)", error.message)
        return []

    def _do(self, group: asyncio.TaskGroup, name: str, step: Step) -> None:
        match step:
            case Submit():
                self.model.submit(name, step)
                self._tasks[name] = group.create_task(self._submit(name, step))
            case Cancel() if self.model.line:
                self._tasks[self.model.cancel(step.which)].cancel()
            case Finish():
                self._disk.release(max(1, count)) if (count := self.model.finish(step.count)) else None
            case Flush():
                self._flushes.append((group.create_task(self.writer.flush()), list(self.model.accepted)))
            case _:
                pass

    async def _submit(self, name: str, wish: Submit) -> None:
        ticket = await self.writer.submit(name, partial(self._write, name, fails=wish.fails), rows=wish.rows)
        if wish.asks:
            try:
                await ticket.committed()
            except WriteError:
                self.told.append(name)

    def _write(self, name: str, *, fails: bool) -> None:
        self._disk.acquire()
        self.ran.append(name)
        if fails:
            raise WriteError(f"no room for {name}", path=Path(name))

    async def _settle(self) -> None:
        """Let everybody go on until nobody can."""
        while self.writer.durable.writes + self.writer.failed.writes < len(self.model.ended):
            await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=0.0001)
        for _ in range(8):  # from a write's end over its waiters to the next submission and its acceptance
            await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=0)

    def _compare(self) -> None:
        model, writer = self.model, self.writer
        failed = [each for each in model.ended if each[1].fails]
        assert self.ran == [name for name, _ in model.ended]
        assert writer.accepted == counts(model.accepted)
        assert writer.failed == counts(failed)
        assert writer.durable == counts([each for each in model.ended if not each[1].fails])
        assert writer.rows_in_flight == model.rows_in_flight
        assert list(writer.failures) == [name for name, _ in failed]
        for task, accepted in self._flushes:
            assert task.done() == all(each in model.ended for each in accepted)


@pytest.mark.promise("R13")
def test_the_writer_does_what_a_plain_model_does(record_property: Callable[[str, object], None]) -> None:
    """Step by step: who is accepted, in which order writes run, what flush waits for, who is told."""
    seen = Counter[str]()

    @given(STEPS)
    @settings(max_examples=scale(150, long=5_000))
    def compare(steps: list[Step]) -> None:
        comparison = Comparison()
        told_at_end = asyncio.run(comparison.run(steps))
        model = comparison.model
        failed = [name for name, wish in model.ended if wish.fails]
        assert sorted(comparison.told + told_at_end) == sorted(failed)
        assert len(model.ended) == len(model.accepted)
        seen.update(scripts=1, accepted=len(model.accepted), failed=len(failed), cancelled=model.cancelled)

    compare()
    assert min(seen["failed"], seen["cancelled"]) > seen["scripts"] / 4, "there was something to lose"
    record_property(
        "promise",
        f"R13: {seen['scripts']:,} scripts against a model, {seen['accepted']:,} writes accepted, "
        f"{seen['failed']:,} failed and told, {seen['cancelled']:,} cancelled in line: 0 silent losses",
    )


@pytest.mark.promise("R13")
async def test_a_crowd_never_overfills_the_queue_and_loses_nothing(
    record_property: Callable[[str, object], None],
) -> None:
    """With a thread that runs as it likes: the bound holds at every write, in order, none lost."""
    total, most_rows, random = scale(3_000, long=200_000), 1_000, Random(13)
    ran, in_flight = list[int](), list[int]()
    tickets: dict[int, Ticket[int]] = {}
    coming, told = iter(range(total)), set[int]()

    def write(number: int) -> int:
        now = writer.rows_in_flight
        in_flight.append(now)
        assert now <= most_rows or now == LARGER
        if number % 17 == 0:
            raise WriteError(f"no room for {number}", path=Path(str(number)))
        ran.append(number)
        return number

    async def submit(number: int) -> None:
        rows = random.choice([0, 1, 10, 500, 999, 1_000, LARGER])
        tickets[number] = await writer.submit(str(number), partial(write, number), rows=rows)

    async def work(group: asyncio.TaskGroup) -> None:
        for number in coming:
            task = group.create_task(submit(number))
            if number % 7 == 0:
                asyncio.get_running_loop().call_later(random.uniform(0, 0.002), task.cancel)
            await asyncio.wait([task])

    async with asyncio.timeout(10 * LONGEST_SECONDS), BackgroundWriter(max_rows=most_rows) as writer:
        async with asyncio.TaskGroup() as group:
            for _ in range(50):
                group.create_task(work(group))
        await writer.flush()
        for number, ticket in tickets.items():
            try:
                assert await ticket.committed() == number
            except WriteError:
                told.add(number)
    accepted = len(tickets)
    assert ran == [number for number in tickets if number % 17]
    assert told == {number for number in tickets if number % 17 == 0}
    assert (writer.accepted.writes, writer.durable.writes) == (accepted, len(ran))
    assert (writer.failed.writes, writer.rows_in_flight) == (len(told), 0)
    assert set(writer.failures) == {str(number) for number in told}
    within = max(rows for rows in in_flight if rows <= most_rows)
    record_property(
        "promise",
        f"R13: {accepted:,} writes of 50 tasks at once, {total - accepted:,} cancelled in line: at most "
        f"{within:,} of {most_rows:,} rows in flight but for single larger writes, {len(ran):,} durable in "
        f"order, {len(told):,} failed and told, 0 silent losses",
    )


@pytest.mark.promise("R13")
async def test_to_submit_takes_no_longer_for_more_rows(
    record_property: Callable[[str, object], None],
) -> None:
    """The rows themselves are not looked at on the loop."""
    clock, seconds = SystemClock(), list[float]()
    caller, threads = threading.get_ident(), set[int]()

    def write() -> None:
        threads.add(threading.get_ident())

    async with BackgroundWriter() as writer:
        for _ in range(scale(1_000, long=20_000)):
            started = clock.monotonic()
            ticket = await writer.submit("candles", write, rows=10_000_000)
            seconds.append(clock.monotonic() - started)
            await ticket.committed()
    assert caller not in threads
    assert len(threads) == 1
    record_property(
        "promise",
        f"R13: submit of 10 million rows took {median(seconds) * 1000:.3f} ms, at most"
        f" {max(seconds) * 1000:.2f} ms in {len(seconds):,}",
    )
