# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Gives many command lines one after the other in one process, each with a stdout of the kind that is asked for.

So that the libraries are imported once, and not for each line. Started with the kind and a file of lines in
JSON; writes how each ended into the same file.
"""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stderr
from pathlib import Path
from typing import TypedDict

from ttapi_onboarding.cli import ttapi

STDOUT_NUMBER = 1


class Ending(TypedDict):
    """How one line ended."""

    code: object  # of the exit, as the shell has it
    out: str  # where stdout is a file
    err: str


def turn_stdout(kind: str, file: Path) -> None:
    """Lead the process's stdout to a reader who has left, a disk that is full, or a file."""
    if kind == "left":
        read, target = os.pipe()
        os.close(read)
    else:
        target = os.open("/dev/full" if kind == "full" else file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(target, STDOUT_NUMBER)
    os.close(target)
    sys.stdout = os.fdopen(STDOUT_NUMBER, "w", encoding="utf-8", closefd=False)


def give(arguments: list[str], kind: str, file: Path) -> Ending:
    """One line, to the end of what a process of its own would do."""
    if kind != "terminal":
        turn_stdout(kind, file)
    with redirect_stderr(sys.stderr if kind == "terminal" else io.StringIO()) as said:
        code: object = None
        try:
            ttapi.main(arguments, prog_name="ttapi")
        except SystemExit as end:
            code = end.code
        try:
            sys.stdout.flush()  # as the interpreter does last
        except OSError:
            code = 120
    return Ending(
        code=code,
        out=file.read_text(encoding="utf-8") if kind == "file" else "",
        err=said.getvalue() if isinstance(said, io.StringIO) else "",
    )


if __name__ == "__main__":
    record = Path(sys.argv[2])
    out = record.with_suffix(".out")
    lines = json.loads(record.read_text(encoding="utf-8"))
    endings = {name: give(line, sys.argv[1], out) for name, line in lines.items()}
    record.write_text(json.dumps(endings), encoding="utf-8")
