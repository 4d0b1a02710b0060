# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Signals: ctrl-C and SIGTERM end a command in order; a second one ends it at once."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Final, TypeVar, cast

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine
    from types import FrameType

T = TypeVar("T")

_SHOW_CURSOR: Final = b"\x1b[?25h"  # a progress display may have hidden it


class Interrupted(BaseException):
    """The user or the system asked the command to end; ``message`` says what that means for the data."""

    def __init__(self, number: int, message: str = "nothing was changed") -> None:
        super().__init__(message)
        self.number = number
        self.message = message

    @property
    def exit_code(self) -> int:
        """As shells give it: 130 for SIGINT, 143 for SIGTERM."""
        return 128 + self.number


def raise_on_sigterm() -> None:
    """Let SIGTERM raise `Interrupted` wherever the main thread is, as ctrl-C raises KeyboardInterrupt."""
    signal.signal(signal.SIGTERM, _raise_interrupted)


def run(work: Coroutine[object, object, T]) -> T:
    """
    The result of a coroutine, run on a new event loop.

    The first signal cancels it and waits for its clean-up; the second one ends the process on the spot.

    Raises
    ------
    Interrupted
        When a signal cancelled it.
    """
    import asyncio

    handler = signal.getsignal(signal.SIGTERM)
    try:
        return asyncio.run(_cancelled_by_signals(work))
    except KeyboardInterrupt:
        # Where the loop knows no signal handlers (Windows), asyncio itself cancels at ctrl-C.
        raise Interrupted(signal.SIGINT) from None
    finally:
        signal.signal(signal.SIGTERM, handler)


async def _cancelled_by_signals(work: Coroutine[object, object, T]) -> T:
    import asyncio

    received: list[int] = []
    task = cast("asyncio.Task[object]", asyncio.current_task())

    def stop(number: int) -> None:
        if received:
            _end_at_once(number)
        received.append(number)
        task.cancel()

    if sys.platform != "win32":
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop, number)
    try:
        return await work
    except BaseException as error:
        if received:
            # Whatever the clean-up ran into, the signal is why it ended.
            raise Interrupted(received[0]) from error
        raise


def _end_at_once(number: int) -> None:
    if sys.stderr.isatty():
        os.write(sys.stderr.fileno(), _SHOW_CURSOR)
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _raise_interrupted(number: int, _frame: FrameType | None) -> None:
    raise Interrupted(number)
