# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Health: how long the event loop was held up while a run was going on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

TICK_SECONDS: Final = 0.001


class LoopWatch:
    """
    Ticks on the running loop and remembers the longest delay of a tick; an ``async with`` block.

    A delay is the time a tick came later than it was due: what any other callback would have
    waited too.
    """

    def __init__(self) -> None:
        self.longest_seconds = 0.0
        self._next: asyncio.TimerHandle | None = None  # the tick that is due

    async def __aenter__(self) -> Self:
        """Begin to tick."""
        self._schedule(asyncio.get_running_loop())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop ticking; a tick that is late already counts."""
        if self._next is not None:
            self._next.cancel()
            self._late_by(asyncio.get_running_loop().time() - self._next.when())

    def _schedule(self, loop: asyncio.AbstractEventLoop) -> None:
        due = loop.time() + TICK_SECONDS
        self._next = loop.call_at(due, self._tick, loop, due)

    def _tick(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        self._late_by(loop.time() - due)
        self._schedule(loop)

    def _late_by(self, seconds: float) -> None:
        self.longest_seconds = max(self.longest_seconds, seconds)
