# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Signals: ctrl-C and SIGTERM end a command in order; a second one ends it at once."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar, cast

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine
    from types import FrameType

T = TypeVar("T")

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
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

    The first signal cancels it and waits for its clean-up. From then on a signal has the system's own
    action, which needs no loop that runs: the second one ends the process on the spot, whatever hangs.

    Raises
    ------
    Interrupted
        When a signal cancelled it; the process is to end, and the next signal still ends it on the spot.
    """
    import asyncio

    handlers = {number: signal.getsignal(number) for number in _SIGNALS}
    received: list[int] = []
    for number in _SIGNALS:
        # Raised while asyncio starts its loop, an exception would leave that loop half made.
        signal.signal(number, lambda number, _frame: received.append(number))
    # What has been imported by now is never garbage: to look for some there holds the loop up for 40 ms.
    gc.freeze()
    try:
        return asyncio.run(_cancelled_by_signals(work, received))
    except Interrupted:
        handlers = dict.fromkeys(_SIGNALS, signal.SIG_DFL)
        raise
    finally:
        gc.unfreeze()
        for number, handler in handlers.items():
            signal.signal(number, handler)


async def _cancelled_by_signals(work: Coroutine[object, object, T], received: list[int]) -> T:
    import asyncio

    loop = asyncio.get_running_loop()
    task = cast("asyncio.Task[object]", asyncio.current_task())

    # A handler of Python's, not of the loop's: it is called although something holds up the loop.
    def stop(number: int, _frame: FrameType | None) -> None:
        if received:  # the loop tells of the same signal
            return
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        received.append(number)
        if sys.stderr.isatty():
            os.write(sys.stderr.fileno(), _SHOW_CURSOR)
        # A loop that is closed by now has brought the work to its end.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(task.cancel)

    for number in _SIGNALS:
        if sys.platform != "win32":
            # For what it does besides: the system itself wakes the loop. A signal that comes when the loop is
            # about to sleep would else be noticed when something else wakes it. And until the next line it is
            # the only one that is told.
            loop.add_signal_handler(number, stop, number, None)
        signal.signal(number, stop)
    if received:
        work.close()
        raise Interrupted(received[0])
    try:
        return await work
    except BaseException as error:
        if received:
            # Whatever the clean-up ran into, the signal is why it ended.
            raise Interrupted(received[0]) from error
        raise


def _raise_interrupted(number: int, _frame: FrameType | None) -> None:
    raise Interrupted(number)
