# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The registry of tasks that outlive a call: the only place that starts one, and it ends what it started."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from types import TracebackType

T = TypeVar("T")


class TaskRegistry:
    """
    Owns background tasks: reports each failure once, cancels and awaits what is left on exit.

    Parameters
    ----------
    on_failure
        Called with the task's name and its exception when a task fails, awaited or not. Without it a
        failure that nobody awaits is left to asyncio, which reports it as never retrieved.

    Examples
    --------
    >>> async def main() -> int:
    ...     async def answer() -> int:
    ...         return 42
    ...
    ...     async with TaskRegistry() as tasks:
    ...         return await tasks.spawn("answer", answer())
    >>> asyncio.run(main())
    42
    """

    def __init__(self, *, on_failure: Callable[[str, BaseException], None] | None = None) -> None:
        self._on_failure = on_failure
        self._tasks: set[asyncio.Task[object]] = set()
        self._closed = False

    def spawn(self, name: str, coroutine: Coroutine[object, object, T]) -> asyncio.Task[T]:
        """
        Start a task that this registry owns.

        Raises
        ------
        RuntimeError
            When the registry has been closed; the coroutine is closed, not leaked.
        """
        if self._closed:
            coroutine.close()
            message = f"cannot start task {name!r}: its registry is closed"
            raise RuntimeError(message)
        task = asyncio.get_running_loop().create_task(coroutine, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return task

    def __len__(self) -> int:
        """How many tasks are running."""
        return sum(not task.done() for task in self._tasks)

    async def aclose(self) -> None:
        """Cancel what still runs and wait until it has ended; failures were reported when they happened."""
        self._closed = True
        running = tuple(self._tasks)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for task in running:
            self._forget(task)

    async def __aenter__(self) -> Self:
        """Own tasks until the block ends."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End what is left."""
        await self.aclose()

    def _forget(self, task: asyncio.Task[object]) -> None:
        # From Python 3.12 on, gathering what has ended does not wait until asyncio calls this.
        if task not in self._tasks:
            return
        self._tasks.remove(task)
        # Asking for the exception keeps asyncio from reporting it: only where somebody else does.
        if self._on_failure is not None and not task.cancelled() and (error := task.exception()) is not None:
            self._on_failure(task.get_name(), error)
