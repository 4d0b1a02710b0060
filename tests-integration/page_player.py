# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Plays the blocks of one page in order, as a reader does: one shell, one Python, one folder.

Started by test_documentation.py as a process of its own, with a home of its own. Ends with 1 at the first
block that does not do what the page says, and says which.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import types
from pathlib import Path
from typing import Any, Final, TypeAlias

BASH: Final = shutil.which("bash") or "/bin/bash"
Block: TypeAlias = dict[str, Any]

_PORT: Final = re.compile(r"(?:--port[ =]|localhost:|127\.0\.0\.1:)(\d{4,5})\b")
_START_SECONDS: Final = 60
# What is printed after each block, before the exit code of its last command and how many failed.
_END: Final = "--- end of block ---"
_SHELL_START: Final = """\
set -o pipefail
shopt -s expand_aliases
trap 'failures=$((failures + 1))' ERR
"""


class PageError(Exception):
    """A block that does something else than the page says."""


class Shell:
    """A bash that keeps folder, variables and functions from block to block."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [BASH, "--noprofile", "--norc"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        self._logs: list[Path] = []
        self._send(_SHELL_START)

    def run(self, text: str) -> tuple[str, int, int]:
        """What the commands print, the exit code of the last one, and how many failed."""
        self._send(f"failures=0\n{{\n{text}\n}} </dev/null\nprintf '\\n%s %d %d\\n' '{_END}' $? $failures\n")
        assert self._process.stdout is not None
        printed: list[str] = []
        for line in self._process.stdout:
            if line.startswith(_END):
                code, failures = map(int, line.removeprefix(_END).split())
                return "".join(printed).removesuffix("\n"), code, failures
            printed.append(line)
        raise PageError("ended the shell", "".join(printed))

    def begin(self, text: str, port: int) -> None:
        """Start a command that goes on, and wait until it listens."""
        log = Path(os.environ["TMPDIR"], f"background-{len(self._logs)}.log")
        self._logs.append(log)
        self.run(f"( exec {text} ) >'{log}' 2>&1 &")
        for _ in range(_START_SECONDS * 10):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return
            if self.run("sleep 0.1; jobs -r %+ 2>/dev/null")[0] == "":
                break  # it ended
        raise PageError(f"does not listen on port {port}", log.read_text("utf-8"))

    def surroundings(self) -> tuple[str, dict[str, str]]:
        """The folder that it is in, and the variables that it exports."""
        place = Path(os.environ["TMPDIR"], "environment")
        self.run(f"pwd > '{place}.folder'; env -0 > '{place}'")
        pairs = (pair.partition("=") for pair in place.read_text("utf-8").split("\0") if pair)
        return Path(f"{place}.folder").read_text("utf-8").strip(), {name: value for name, _, value in pairs}

    def end(self) -> None:
        """End it, with what it started."""
        # One that waits for what has just ended may take no notice of being told to end.
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            self._process.wait()
        self._process.communicate()

    def _send(self, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(text)
        self._process.stdin.flush()


class Player:
    """Plays blocks."""

    def __init__(self, page: str, *, alone: bool) -> None:
        self._page = page
        self._alone = alone
        self._shell = Shell()
        self._module = types.ModuleType("__main__")

    def play(self, blocks: list[Block]) -> None:
        """
        All blocks, to the first that fails.

        Raises
        ------
        PageError
            With file and line.
        """
        try:
            for block in blocks:
                try:
                    self._play(block)
                except PageError as error:
                    raise PageError(f"{self._page}:{block['line']}: the block", *error.args) from error
        finally:
            self._shell.end()

    def _play(self, block: Block) -> None:
        orders = block["orders"]
        if "file" in orders:
            folder, _ = self._shell.surroundings()
            written = Path(folder, orders["file"])
            written.parent.mkdir(parents=True, exist_ok=True)
            written.write_text(block["text"], "utf-8")
        elif "background" in orders:
            self._shell.begin(block["text"].strip(), int(orders["background"]))
        elif block["language"] == "python":
            self._run_python(block)
        elif block["language"] == "console":
            self._run_session(block["text"], int(orders.get("exit", 0)))
        else:
            self._run_commands(block["text"], int(orders.get("exit", 0)))

    def _run_commands(self, text: str, exit_code: int) -> str:
        printed, code, failures = self._shell.run(text)
        if code != exit_code:
            raise PageError(f"ends with exit code {code}, not {exit_code}", printed)
        if failures > (exit_code != 0):
            raise PageError("has a command that fails", printed)
        return printed

    def _run_session(self, text: str, exit_code: int) -> None:
        steps = re.split(r"^\$ ", text, flags=re.MULTILINE)
        if steps.pop(0).strip() or not steps:
            raise PageError("is to begin with `$ `")
        for number, step in enumerate(steps, 1):
            lines = step.splitlines()
            depth = next(
                (at for at, line in enumerate(lines[1:], 1) if not line.startswith("> ")), len(lines)
            )
            command = "\n".join([lines[0], *(line.removeprefix("> ") for line in lines[1:depth])])
            printed = self._run_commands(command, exit_code if number == len(steps) else 0)
            compare("\n".join(lines[depth:]), printed)

    def _run_python(self, block: Block) -> None:
        folder, variables = self._shell.surroundings()
        os.chdir(folder)
        os.environ.update(variables)
        if self._alone:
            self._module = types.ModuleType("__main__")
        sys.modules["__main__"] = self._module
        text = "\n" * (block["line"] - 1) + block["text"]  # so that a traceback names the line of the page
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(text, self._page, "exec", dont_inherit=True), vars(self._module))  # noqa: S102 - our pages
        except Exception as error:
            raise PageError(f"raises {error!r}", printed.getvalue()) from error
        if block["prints"] is not None:
            compare(block["prints"], printed.getvalue())


def compare(shown: str, printed: str) -> None:
    """
    Hold what the page shows against what was printed, as doctest does.

    Raises
    ------
    PageError
        With both.
    """
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    if not doctest.OutputChecker().check_output(f"{shown.strip()}\n", f"{printed.strip()}\n", options):
        raise PageError(f"does not print\n{shown.strip()}\nbut", printed.strip())


def with_free_ports(script: str) -> str:
    """The same blocks with other ports: those of the page may be taken on this machine."""
    named = dict.fromkeys(_PORT.findall(script))
    with contextlib.ExitStack() as taken:
        for port in named:
            held = taken.enter_context(socket.create_server(("127.0.0.1", 0)))
            script = re.sub(rf"\b{port}\b", str(held.getsockname()[1]), script)
    return script


def main(script: Path) -> int:
    """Play the page of a script."""
    told = json.loads(with_free_ports(script.read_text("utf-8")))
    try:
        Player(told["page"], alone=told["alone"]).play(told["blocks"])
    except PageError as error:
        sys.excepthook(type(error), error, error.__traceback__)
        sys.stderr.write("\n".join(error.args) + "\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
