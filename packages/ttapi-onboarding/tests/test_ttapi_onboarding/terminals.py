# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Ways to give the command: in this process, or in one of its own, on a real pseudo-terminal or without."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from contextlib import contextmanager
from select import select
from typing import TYPE_CHECKING, Final

from click.testing import CliRunner

from ttapi_onboarding.cli import ttapi

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from click.testing import Result

TTAPI: Final = [sys.executable, "-m", "ttapi_onboarding"]
LONGEST_SECONDS: Final = 60

# Makes the terminal given first the controlling one, so that ctrl-C typed there is a signal.
_LOGIN: Final = "import os, sys; os.login_tty(int(sys.argv[1])); os.execv(sys.argv[2], sys.argv[2:])"


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command without a terminal, until it ends."""
    return subprocess.run(
        [*TTAPI, *arguments],
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )


def ask(*arguments: str) -> Result:
    """The command in this process."""
    return CliRunner().invoke(ttapi, arguments)


@contextmanager
def started(
    command: Sequence[str | Path],
    *,
    stdin: int | None = None,
    stderr: int | None = None,
    env: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[str]]:
    """A process whose stdout is read; killed where the test fails, which would else wait for it for ever."""
    with subprocess.Popen(
        command, stdin=stdin, stdout=subprocess.PIPE, stderr=stderr, env=env, text=True
    ) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


class Terminal:
    """A process whose three streams are a terminal; what it shows is read as it comes."""

    def __init__(self, *command: str, **variables: str) -> None:
        self._screen, line = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen(
            [sys.executable, "-c", _LOGIN, str(line), *command],
            pass_fds=[line],
            env={**os.environ, "COLUMNS": "120", **variables},
        )
        os.close(line)

    def press(self, keys: str) -> None:
        """Type something."""
        os.write(self._screen, keys.encode())

    def wait_for(self, is_there: Callable[[str], bool]) -> None:
        """Read until what is shown is as wanted, or the process has ended."""
        while not is_there(self.shown) and self._read():
            pass

    def finish(self) -> int:
        """Read to the end; the exit code."""
        while self._read():
            pass
        os.close(self._screen)
        return self.process.wait(LONGEST_SECONDS)

    def _read(self) -> bool:
        if not select([self._screen], [], [], LONGEST_SECONDS)[0]:
            self.process.kill()
            self.process.wait()
            raise TimeoutError(f"nothing more is shown after {self.shown[-200:]!r}")
        try:
            # Half a character at a border is of no interest to any test.
            self.shown += os.read(self._screen, 4096).decode(errors="replace")
        except OSError:  # as Linux tells the end
            return False
        return True
