# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The whole screen of a terminal, borrowed: keys without echo, frames, and given back on every end."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from ttapi_onboarding.watching.keys import KeyReader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from ttapi_onboarding.watching.keys import Key

_ENTER: Final = "\x1b[?1049h"  # the alternate screen
_SETTINGS: Final = "\x1b[?25l\x1b[?7l\x1b[2J"  # no cursor, and no next line at the right border
_LEAVE: Final = "\x1b[?7h\x1b[?25h\x1b[?1049l"
_CLEAR: Final = "\x1b[2J"
_INPUT_FLAGS: Final = 0  # of what tcgetattr gives
_SMALLEST: Final = (80, 24)  # where the terminal does not say how large it is


class Screen:
    """
    The screen in a ``with`` block, on a running event loop.

    It survives a change of size and being stopped and continued (ctrl-Z and ``fg``), and is given back as it
    was on every end of the block, and when the process is stopped or quit.

    Parameters
    ----------
    on_key
        Called for each key.
    on_change
        Called when the frame has to be drawn again although nothing else has changed.
    """

    def __init__(self, *, on_key: Callable[[Key], None], on_change: Callable[[], None]) -> None:
        self._on_key = on_key
        self._on_change = on_change
        self._output = sys.stdout.fileno()
        self._input = sys.stdin.fileno() if sys.stdin.isatty() else None
        self._keys = KeyReader()
        self._shown: tuple[str, ...] = ()  # what stands on the screen
        self._size = (0, 0)  # for which that was drawn
        self._is_lent = False
        self._modes: list[int | list[bytes | int]] | None = None  # of the terminal, before

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines, as the terminal says them now."""
        # Not by the variables COLUMNS and LINES: they do not know of a change.
        with suppress(OSError):
            width, height = os.get_terminal_size(self._output)
            if width and height:
                return width, height
        return _SMALLEST

    def show(self, lines: Sequence[str]) -> bool:
        """
        Draw what differs from what stands there; False where the terminal does not take anything just now.

        Raises
        ------
        WriteError
            When the terminal is gone.
        """
        # A terminal that takes nothing must not stop the feed, too: the next frame will do.
        if not select.select([], [self._output], [], 0)[1]:
            return False
        parts: list[str] = []
        if self._size != self.size:
            self._size, self._shown = self.size, ()
            parts.append(_CLEAR)
        before = self._shown
        for number in range(max(len(lines), len(before))):
            line = lines[number] if number < len(lines) else ""
            if number >= len(before) or before[number] != line:
                # Cleared first: behind a line that is as wide as the window, its last character would go.
                parts.append(f"\x1b[{number + 1};1H\x1b[K{line}")
        self._shown = tuple(lines)
        if parts:
            self._write("".join(parts))
        return True

    def __enter__(self) -> Self:
        """Take the screen."""
        self._borrow()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGWINCH, self._on_change)
        loop.add_signal_handler(signal.SIGCONT, self._continued)
        for number in (signal.SIGTSTP, signal.SIGQUIT):
            loop.add_signal_handler(number, self._stopped, number)
        if self._input is not None:
            loop.add_reader(self._input, self._read, self._input)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Give it back."""
        self._give_back()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGWINCH, signal.SIGCONT, signal.SIGTSTP, signal.SIGQUIT):
            loop.remove_signal_handler(number)
        if self._input is not None:
            loop.remove_reader(self._input)

    def _borrow(self) -> None:
        import termios
        import tty

        if self._input is not None:
            with suppress(termios.error):
                if not self._is_lent:
                    self._modes = termios.tcgetattr(self._input)
                # Keys one by one and unseen; ctrl-C and ctrl-Z stay signals.
                tty.setcbreak(self._input, termios.TCSANOW)
                # Ctrl-S would stop the table, and with it whoever waits for the last codes to be shown.
                modes = termios.tcgetattr(self._input)
                modes[_INPUT_FLAGS] &= ~termios.IXON
                termios.tcsetattr(self._input, termios.TCSANOW, modes)
        # To enter twice would make the terminal forget where its own cursor stood.
        codes = _SETTINGS if self._is_lent else _ENTER + _SETTINGS
        self._is_lent = True
        self._shown = ()
        self._write(codes)

    def _give_back(self) -> None:
        import termios

        if not self._is_lent:
            return
        self._is_lent = False
        with suppress(OSError):
            os.write(self._output, _LEAVE.encode())
        if self._input is not None and self._modes is not None:
            with suppress(termios.error):
                termios.tcsetattr(self._input, termios.TCSANOW, self._modes)

    def _stopped(self, number: int) -> None:
        loop = asyncio.get_running_loop()
        self._give_back()
        loop.remove_signal_handler(number)
        signal.raise_signal(number)
        # It goes on here, when the process is continued.
        loop.add_signal_handler(number, self._stopped, number)
        self._continued()

    def _continued(self) -> None:
        self._borrow()
        self._on_change()

    def _read(self, terminal: int) -> None:
        try:
            data = os.read(terminal, 1024)
        except OSError:
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(terminal)
        for key in self._keys.read(data):
            self._on_key(key)

    def _write(self, text: str) -> None:
        data = text.encode(sys.stdout.encoding or "ascii", errors="replace")
        try:
            while data:
                data = data[os.write(self._output, data) :]
        except OSError as error:
            from pathlib import Path

            from ttapi_core.errors import WriteError

            message = f"cannot write to the terminal: {error.strerror or error}"
            raise WriteError(message, path=Path("/dev/tty"), hint="it may have been closed") from error
