# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The tests' end of a worker: how it is started, told, heard and ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from typing import TYPE_CHECKING, Any, Self

import attrs

from test_ttapi_platform.crash import worker
from test_ttapi_platform.crash.shim import Order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

PATIENCE_SECONDS = 60.0
_NOTHING = Order()


class Worker:
    """A process started with the library between it and libc; it and its children end with the block."""

    def __init__(self, library: Path, *, mode: str) -> None:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "LD_PRELOAD": str(library),
            # Starting threads is most of what a child does: few are enough for a handful of rows.
            "POLARS_MAX_THREADS": "2",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-W", "ignore::DeprecationWarning", worker.__file__, mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=environment,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._heard = b""

    def tell(
        self, task: str, root: Path, *, order: Order = _NOTHING, trace: Path | None = None, **more: object
    ) -> None:
        """Have it begin."""
        command = {"task": task, "root": str(root), "order": attrs.astuple(order), **more}
        command["trace"] = str(trace) if trace else None
        self.say(command)

    def say(self, words: object) -> None:
        """Send a line."""
        self._stdin.write(json.dumps(words).encode() + b"\n")

    def hear(self) -> dict[str, Any]:
        """The next line that it says; a process that says nothing for a long time is taken for stuck."""
        with DefaultSelector() as selector:
            selector.register(self._stdout, EVENT_READ)
            while b"\n" not in self._heard:
                if not selector.select(PATIENCE_SECONDS):
                    raise TimeoutError(f"a worker said nothing for {PATIENCE_SECONDS} s")
                if not (more := os.read(self._stdout.fileno(), 65_536)):
                    raise EOFError(f"a worker ended: {self._process.wait()}")
                self._heard += more
        line, self._heard = self._heard.split(b"\n", 1)
        found: dict[str, Any] = json.loads(line)
        return found

    def until(self, word: str) -> Iterator[dict[str, Any]]:
        """Its lines up to the one with this word."""
        while True:
            line = self.hear()
            yield line
            if word in line:
                return

    def do(self, task: str, root: Path, *, order: Order = _NOTHING, **more: Any) -> dict[str, Any]:
        """Have something done, and give all that was said of it."""
        self.tell(task, root, order=order, **more)
        said: dict[str, Any] = {}
        for line in self.until("ended"):
            said |= line
        return said

    def do_in_child(
        self, task: str, root: Path, *, order: Order = _NOTHING, **more: Any
    ) -> list[dict[str, Any]]:
        """Have a forking worker do something, and give what its child said and how the child ended."""
        self.tell(task, root, order=order, **more)
        return list(self.until("status"))

    def __enter__(self) -> Self:
        """Nothing else to do."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Kill it with its children, if it has any left."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._stdin.close()
        self._stdout.close()
