# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""An event loop on which hours pass at once: when nothing is left to do, time leaps to the next timer."""

from __future__ import annotations

import asyncio
import selectors
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")


class _LeapingSelector(selectors.DefaultSelector):
    """Does not wait: it says for how long the loop wanted to."""

    leapt_seconds = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise AssertionError("every task waits for something that nobody will do")
        if not ready and timeout is not None:
            self.leapt_seconds += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its time is the sum of the leaps."""

    def __init__(self) -> None:
        self._leaping = _LeapingSelector()
        super().__init__(self._leaping)

    def time(self) -> float:
        """Seconds leapt so far."""
        return self._leaping.leapt_seconds


class VirtualClock:
    """The clock of such a loop; no part may sleep a negative time on it."""

    def __init__(self) -> None:
        self._stepped_seconds = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Wall time, which may step."""
        seconds = self.monotonic() + self._stepped_seconds
        return datetime(2026, 8, 24, 18, 0, tzinfo=UTC) + timedelta(seconds=seconds)

    def monotonic(self) -> float:
        """Time of the loop."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Wait on the loop."""
        assert seconds >= 0
        self.slept.append(seconds)
        await asyncio.sleep(seconds)  # noqa: TID251 - on a loop whose time leaps

    def step_wall(self, seconds: float) -> None:
        """Step wall time alone."""
        self._stepped_seconds += seconds


def run_at_once(main: Coroutine[object, object, T]) -> T:
    """Run it on such a loop."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
