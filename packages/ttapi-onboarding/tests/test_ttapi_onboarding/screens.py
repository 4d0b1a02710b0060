# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A pseudo-terminal with a screen: what really stands there, as an independent emulator reads it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from typing import TYPE_CHECKING, Final

import pyte

from ttapi_core.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_SECONDS: Final = 60
CLOCK: Final = SystemClock()
CTRL_C: Final = "\x03"
CTRL_S: Final = "\x13"
CTRL_Z: Final = "\x1a"
UP: Final = "\x1b[A"
DOWN: Final = "\x1b[B"
PAGE_UP: Final = "\x1b[5~"
PAGE_DOWN: Final = "\x1b[6~"

_ALTERNATE: Final = 1049 << 5  # as the emulator keeps private modes
_WRAPPING: Final = 7 << 5
# Makes the terminal given first the controlling one, so that ctrl-C typed there is a signal.
_LOGIN: Final = "import os, sys; os.login_tty(int(sys.argv[1])); os.execv(sys.argv[2], sys.argv[2:])"


class ScreenTerminal:
    """
    A process at a terminal of a given size.

    Parameters
    ----------
    command
        What to start.
    columns, lines
        The size of the window.
    variables
        Of the environment, beside those of this process.
    """

    def __init__(self, *command: str, columns: int = 120, lines: int = 24, **variables: str) -> None:
        self._master, line = pty.openpty()
        self._modes_before = termios.tcgetattr(self._master)
        self._resize(columns, lines)
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.process = subprocess.Popen(
            [sys.executable, "-c", _LOGIN, str(line), *command],
            pass_fds=[line],
            env={**os.environ, **variables},
        )
        os.close(line)

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, without the blanks at the ends."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        """The same as one text."""
        return "\n".join(self.lines)

    @property
    def is_borrowed(self) -> bool:
        """Whether the alternate screen is shown, without a cursor and without wrapping."""
        modes = self.screen.mode
        return _ALTERNATE in modes and self.screen.cursor.hidden and _WRAPPING not in modes

    @property
    def is_given_back(self) -> bool:
        """Whether everything is as before: screen, cursor, wrapping, echo and whole lines."""
        modes = self.screen.mode
        is_cooked = termios.tcgetattr(self._master) == self._modes_before
        is_plain = _ALTERNATE not in modes and _WRAPPING in modes
        return is_plain and not self.screen.cursor.hidden and is_cooked

    def row(self, symbol: str) -> str:
        """The line that begins with a symbol; empty where there is none."""
        return next((line for line in self.lines if line.startswith(f"{symbol} ")), "")

    def press(self, keys: str) -> None:
        """Type something."""
        os.write(self._master, keys.encode())

    def resize(self, columns: int, lines: int) -> None:
        """Drag the window to another size; the process is told by SIGWINCH."""
        self.screen.resize(lines, columns)
        self._resize(columns, lines)

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Read until something is so; fails when it takes too long or the process ends before."""
        until = CLOCK.monotonic() + LONGEST_SECONDS
        while not is_so():
            is_open = self._read()
            assert is_so() or (is_open and CLOCK.monotonic() < until), self.text

    def wait_until_shown(self, text: str) -> None:
        """Read until a text stands on the screen."""
        self.wait_until(lambda: text in self.text)

    def finish(self) -> int:
        """Read to the end; the exit code. A process that does not end in time is killed."""
        until = CLOCK.monotonic() + LONGEST_SECONDS
        while CLOCK.monotonic() < until and self._read():
            pass
        if CLOCK.monotonic() >= until:
            self.process.kill()
        return self.process.wait(LONGEST_SECONDS)

    def close(self) -> None:
        """Let go of the terminal, and of a process that a failed test left behind."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(LONGEST_SECONDS)
        os.close(self._master)

    def _resize(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def _read(self) -> bool:
        if not select.select([self._master], [], [], 0.2)[0]:
            return self.process.poll() is None
        try:
            data = os.read(self._master, 65_536)
        except OSError:  # as Linux tells the end
            return False
        self.raw += data
        self._stream.feed(data)
        return True
