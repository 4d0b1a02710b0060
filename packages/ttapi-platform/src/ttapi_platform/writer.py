# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The background writer: writes accepted at once, done off the event loop, and no failure overlooked."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from loguru import logger

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

T = TypeVar("T")

DEFAULT_MAX_ROWS = 20_000_000


class Ticket(Generic[T]):
    """
    One accepted write. Accepted is not durable: only ``committed()`` says that.

    Awaiting ``committed()`` returns what the write returned, or raises what it raised.
    """

    def __init__(self, name: str, future: asyncio.Future[T]) -> None:
        self.name = name
        self._future = future

    async def committed(self) -> T:
        """Wait until the write is durable; a cancelled waiter leaves the write alone."""
        return await asyncio.shield(self._future)


class BackgroundWriter:
    """
    Runs writes one after the other on a thread of its own.

    At most ``max_rows`` rows are in flight: a submission beyond waits, except that one write alone
    is always accepted. Leaving the block waits until all that was accepted has ended.

    Examples
    --------
    >>> async def main() -> int:
    ...     async with BackgroundWriter() as writer:
    ...         ticket = await writer.submit("three", lambda: 3, rows=1)
    ...         return await ticket.committed()
    >>> asyncio.run(main())
    3
    """

    def __init__(self, *, max_rows: int = DEFAULT_MAX_ROWS) -> None:
        self._max_rows = max_rows
        self._rows_in_flight = 0
        self._room = asyncio.Event()
        self._accepted: set[asyncio.Future[Any]] = set()
        self._failures: dict[str, BaseException] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ttapi-writer")

    @property
    def rows_in_flight(self) -> int:
        """Rows accepted and not yet written."""
        return self._rows_in_flight

    @property
    def failures(self) -> dict[str, BaseException]:
        """What went wrong so far, by the name it was submitted under."""
        return dict(self._failures)

    async def submit(self, name: str, write: Callable[[], T], *, rows: int) -> Ticket[T]:
        """Accept a write; waits only while the queue is full."""
        while self._rows_in_flight and self._rows_in_flight + rows > self._max_rows:
            self._room.clear()
            await self._room.wait()
        self._rows_in_flight += rows
        future = asyncio.get_running_loop().run_in_executor(self._thread, write)
        self._accepted.add(future)
        future.add_done_callback(lambda done: self._ended(name, rows, done))
        return Ticket(name, future)

    async def flush(self) -> None:
        """Wait until all that was accepted before has ended; failures are in ``failures``."""
        if accepted := tuple(self._accepted):
            await asyncio.wait(accepted)

    async def __aenter__(self) -> Self:
        """Accept writes until the block ends."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Wait for what was accepted, then end the thread."""
        await self.flush()
        self._thread.shutdown()

    def _ended(self, name: str, rows: int, future: asyncio.Future[T]) -> None:
        self._accepted.discard(future)
        self._rows_in_flight -= rows
        if not future.cancelled() and (error := future.exception()) is not None:
            self._failures[name] = error
            logger.bind(write=name, error=str(error)).error("background write failed")
        self._room.set()
