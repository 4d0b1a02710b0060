# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The background writer: writes accepted at once, done off the event loop, and no failure overlooked."""

from __future__ import annotations

import asyncio
import sys
import threading
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final, Self, TypeVar, cast

import attrs
from loguru import logger

from ttapi_core.errors import StorageError, TTError, WriteError
from ttapi_platform.tickets import AcceptedWrite, Ticket

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

T = TypeVar("T")

DEFAULT_MAX_ROWS: Final = 20_000_000
DEFAULT_DRAIN_SECONDS: Final = 600.0
# With what a rolled back write needs, well within the five seconds that an interrupted command may take.
DEFAULT_HURRIED_DRAIN_SECONDS: Final = 2.5
ROLL_BACK_SECONDS: Final = 1.0

# For so long one thread may keep the interpreter while the loop waits for it. Python's own 5 ms, with what
# the system takes to wake a thread, make hold-ups of more than 10 ms.
_SWITCH_SECONDS: Final = 0.001


@attrs.frozen
class WriteCounts:
    """A number of writes, and of the rows in them."""

    writes: int = 0
    rows: int = 0

    def plus(self, rows: int) -> WriteCounts:
        """One write of so many rows more."""
        return WriteCounts(self.writes + 1, self.rows + rows)


class BackgroundWriter:
    """
    Runs writes one after the other, in the order of submission, on a thread of its own.

    At most ``max_rows`` rows are in flight: a submission beyond waits, first come, first served, except that
    one write alone is always accepted. At every moment ``accepted`` is ``durable`` plus ``failed`` plus what
    is in flight.

    Leaving the block waits until all that was accepted has ended, for ``drain_seconds``. Leaving it because
    of a cancellation, or a cancellation while it waits, leaves ``hurried_drain_seconds``; another one ends
    the waiting. Then what has not begun is given up, and what has begun is asked to roll back (see
    ``is_giving_up``) and left behind if it does not within a second. Whatever was not written is a failure
    as any other.

    A failure that nobody was told of by ``Ticket.committed()`` is raised when the block ends. Where another
    exception is on its way already, it is in that one's notes.

    Parameters
    ----------
    max_rows
        Bound of the rows in flight.
    drain_seconds
        How long the end of the block waits for what was accepted.
    hurried_drain_seconds
        The same after a cancellation.

    Raises
    ------
    TTError, WriteError
        From the end of the block, for writes that failed and that nobody was told of: the error itself when
        there is one, a ``WriteError`` that names them all when there are more.

    Notes
    -----
    While the block runs, a thread hands the interpreter over to another one that waits for it after 1 ms
    (``sys.setswitchinterval``), for the event loop's sake.

    Examples
    --------
    >>> async def main() -> int:
    ...     async with BackgroundWriter() as writer:
    ...         ticket = await writer.submit("three", lambda: 3, rows=1)
    ...         return await ticket.committed()
    >>> asyncio.run(main())
    3
    """

    def __init__(
        self,
        *,
        max_rows: int = DEFAULT_MAX_ROWS,
        drain_seconds: float = DEFAULT_DRAIN_SECONDS,
        hurried_drain_seconds: float = DEFAULT_HURRIED_DRAIN_SECONDS,
    ) -> None:
        self._max_rows = max_rows
        self._drain_seconds = drain_seconds
        self._hurried_drain_seconds = hurried_drain_seconds
        self._is_open = False
        self._gives_up = threading.Event()
        # Submissions that wait, in order: the future of each is done when it is its turn.
        self._line: dict[asyncio.Future[None], int] = {}
        self._queue: SimpleQueue[AcceptedWrite[object] | None] = SimpleQueue()
        self._in_flight: dict[AcceptedWrite[object], None] = {}
        self._unsuccessful: list[AcceptedWrite[object]] = []
        self._accepted = self._durable = self._failed = WriteCounts()
        self._rows_in_flight = 0
        self._switch_seconds = sys.getswitchinterval()

    @property
    def accepted(self) -> WriteCounts:
        """What was accepted so far."""
        return self._accepted

    @property
    def durable(self) -> WriteCounts:
        """Of that, what is safe on the disk."""
        return self._durable

    @property
    def failed(self) -> WriteCounts:
        """Of that, what failed or was given up."""
        return self._failed

    @property
    def rows_in_flight(self) -> int:
        """Rows accepted and not yet written."""
        return self._rows_in_flight

    @property
    def failures(self) -> dict[str, BaseException]:
        """What went wrong so far, by the name it was submitted under; the last for a name given twice."""
        return {each.name: _error_of(each) for each in self._unsuccessful}

    def is_giving_up(self) -> bool:
        """
        Whether a write that can still roll back should do so, and raise, because its time is over.

        For writes of several steps, which ask it between two of them, on the writer's thread. After that
        nobody waits for them, and others may be allowed to write where they do.
        """
        return self._gives_up.is_set()

    async def submit(self, name: str, write: Callable[[], T], *, rows: int) -> Ticket[T]:
        """
        Accept a write; waits only while the queue is full, and costs the same for any number of rows.

        A submission that is cancelled while it waits was not accepted.

        Parameters
        ----------
        name
            What it is called in messages.
        write
            Called on the writer's thread; when it returns, everything is durable.
        rows
            What it counts against the bound.

        Raises
        ------
        ValueError
            For fewer than no rows.
        RuntimeError
            Outside of the block, or when it ends before there is room.
        """
        if rows < 0:
            raise ValueError(f"write {name!r} cannot have {rows} rows")
        if self._line or not self._has_room(rows):
            await self._turn(rows)
        if not self._is_open:
            raise RuntimeError(f"write {name!r} was not accepted: its writer is not open")
        accepted = AcceptedWrite(name, rows, asyncio.get_running_loop().create_future(), write)
        self._take(cast("AcceptedWrite[object]", accepted))
        return Ticket(accepted)

    async def flush(self) -> None:
        """Wait until all that was accepted before has ended; failures are in ``failures``."""
        if self._in_flight:
            await asyncio.wait([each.outcome for each in self._in_flight])

    async def __aenter__(self) -> Self:
        """Accept writes until the block ends."""
        self._is_open = True
        self._switch_seconds = sys.getswitchinterval()
        sys.setswitchinterval(min(_SWITCH_SECONDS, self._switch_seconds))
        # A daemon: a write that hangs, on a disk that is gone, must not keep the process from ending.
        threading.Thread(
            target=self._work, args=[asyncio.get_running_loop()], name="ttapi-writer", daemon=True
        ).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Wait for what was accepted, then end the thread."""
        self._is_open = False
        for turn in self._line:
            if not turn.done():
                turn.set_result(None)  # and find it closed
        cancelled = await self._drain(in_a_hurry=kind is not None and not issubclass(kind, Exception))
        self._queue.put(None)
        # Another writer may have found it shortened: the longer one is what it was before both.
        sys.setswitchinterval(max(self._switch_seconds, sys.getswitchinterval()))
        unseen = [each for each in self._unsuccessful if not each.is_seen]
        under_way = cancelled or error
        if under_way is not None:
            for each in unseen:
                under_way.add_note(f"background write {each.name!r} failed: {_error_of(each)}")
            if cancelled is not None:
                raise cancelled
        elif unseen:
            raise _failure_of(unseen)

    def _has_room(self, rows: int) -> bool:
        return not self._rows_in_flight or self._rows_in_flight + rows <= self._max_rows

    async def _turn(self, rows: int) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._line[turn] = rows
        try:
            await turn
        except BaseException:
            del self._line[turn]
            self._call_next()
            raise
        # Only now, so that whoever came meanwhile stands behind.
        del self._line[turn]

    def _take(self, accepted: AcceptedWrite[object]) -> None:
        self._in_flight[accepted] = None
        self._rows_in_flight += accepted.rows
        self._accepted = self._accepted.plus(accepted.rows)
        self._queue.put(accepted)
        self._call_next()

    def _call_next(self) -> None:
        """Tell the first in the line, if there is room for it; it will call the next one."""
        turn, rows = next(iter(self._line.items()), (None, 0))
        if turn is not None and not turn.done() and self._has_room(rows):
            turn.set_result(None)

    async def _drain(self, *, in_a_hurry: bool) -> asyncio.CancelledError | None:
        """Wait for what was accepted, then give the rest up; the cancellation that came meanwhile, if any."""
        cancelled: asyncio.CancelledError | None = None
        try:
            await self._wait(self._hurried_drain_seconds if in_a_hurry else self._drain_seconds)
        except asyncio.CancelledError as again:
            cancelled = again
            if not in_a_hurry:
                with suppress(asyncio.CancelledError):
                    await self._wait(self._hurried_drain_seconds)
        if self._in_flight:
            self._give_up_what_has_not_begun()
            self._gives_up.set()
            try:
                await self._wait(ROLL_BACK_SECONDS)
            except asyncio.CancelledError as again:
                cancelled = cancelled or again
            for left_behind in tuple(self._in_flight):
                self._ended(left_behind, _given_up(left_behind.name, "was still being written"))
        return cancelled

    async def _wait(self, seconds: float) -> None:
        if self._in_flight:
            await asyncio.wait([each.outcome for each in self._in_flight], timeout=seconds)

    def _give_up_what_has_not_begun(self) -> None:
        with suppress(Empty):
            while (accepted := self._queue.get_nowait()) is not None:
                accepted.write = None
                self._ended(accepted, _given_up(accepted.name, "had not begun"))

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        while (accepted := self._queue.get()) is not None:
            self._perform(accepted, loop)
            del accepted  # or the last one would be kept while there is nothing to do

    def _perform(self, accepted: AcceptedWrite[object], loop: asyncio.AbstractEventLoop) -> None:
        write = cast("Callable[[], object]", accepted.write)
        result, error = None, None
        try:
            result = write()
        except BaseException as caught:  # noqa: BLE001 - whoever waits is told, whatever it is
            error = caught
        # What the write holds on to is let go here: to free a large frame takes time that the loop has not.
        del write
        accepted.write = None
        # A loop that is closed has left this write behind, and said so.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(self._ended, accepted, error, result)

    def _ended(
        self, accepted: AcceptedWrite[object], error: BaseException | None, result: object = None
    ) -> None:
        if accepted.outcome.done():
            return  # it was left behind, and is a failure
        del self._in_flight[accepted]
        self._rows_in_flight -= accepted.rows
        if error is None:
            self._durable = self._durable.plus(accepted.rows)
            accepted.outcome.set_result(result)
        else:
            self._failed = self._failed.plus(accepted.rows)
            self._unsuccessful.append(accepted)
            if isinstance(error, StopIteration | asyncio.CancelledError):
                # To those who wait these would mean something else.
                error = _told_as_bug(accepted.name, error)
            accepted.outcome.set_exception(error)
            logger.bind(write=accepted.name, error=str(error)).error("background write failed")
        self._call_next()


def _error_of(accepted: AcceptedWrite[object]) -> BaseException:
    return cast("BaseException", accepted.outcome.exception())


def _told_as_bug(name: str, error: BaseException) -> RuntimeError:
    bug = RuntimeError(f"write {name!r} raised {type(error).__name__}")
    bug.__cause__ = error
    return bug


def _given_up(name: str, state: str) -> WriteError:
    message = f"{name} {state} when the time to end was over; it was given up"
    return WriteError(message, path=Path(name), hint="run the same again")


def _failure_of(unseen: Sequence[AcceptedWrite[object]]) -> BaseException:
    """One error for all of them."""
    first = _error_of(unseen[0])
    if len(unseen) == 1:
        return first
    told = "; ".join(f"{each.name}: {_error_of(each)}" for each in unseen)
    failure = WriteError(
        f"{len(unseen)} background writes failed: {told}",
        path=first.path if isinstance(first, StorageError) else Path(unseen[0].name),
        hint=first.hint if isinstance(first, TTError) else None,
    )
    failure.__cause__ = first
    return failure
