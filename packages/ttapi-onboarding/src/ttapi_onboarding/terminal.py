# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The two streams: data to stdout, words to stderr, and what each of them can show."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import TextIO


def emit(text: str) -> None:
    """
    Write data to stdout, with a line end; a reader who has left is no error.

    Raises
    ------
    WriteError
        When stdout cannot be written, as on a full disk.
    """
    with _to_stdout():
        click.echo(text)


def emit_file(path: Path) -> None:
    """
    Copy a file's bytes to stdout; otherwise as ``emit``.

    Raises
    ------
    WriteError
        When stdout cannot be written, as on a full disk.
    """
    import shutil

    with path.open("rb") as file, _to_stdout():
        shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.buffer.flush()


def note(text: str) -> None:
    """Write words to stderr; that nobody reads them stops nothing."""
    try:
        click.echo(text, err=True)
    except OSError:
        _discard(sys.stderr)


def is_confirmed(question: str) -> bool:
    """The answer of whoever sits at the terminal; silence and everything but yes mean no."""
    click.echo(f"{question} [y/N] ", err=True, nl=False)
    # Not click's own prompt: that one makes an ordinary end of ctrl-C.
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def one_line(text: str) -> str:
    r"""
    The text on one line, without characters that a terminal would act on.

    Examples
    --------
    >>> one_line("first\nsecond\x1b[2J")
    'first second?[2J'
    """
    return "".join(letter if letter.isprintable() else "?" for letter in " ".join(text.split()))


def is_terminal(stream: TextIO) -> bool:
    """Whether the stream is a terminal that can redraw a line."""
    return stream.isatty() and os.environ.get("TERM") not in {"dumb", "unknown"}


def is_coloured(stream: TextIO) -> bool:
    """Whether the stream is a terminal and the user has not asked for no colour (NO_COLOR)."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


@contextmanager
def _to_stdout() -> Generator[None]:
    try:
        yield
    except BrokenPipeError:
        _discard(sys.stdout)
    except OSError as error:
        from ttapi_core.errors import WriteError

        _discard(sys.stdout)
        message = f"cannot write to standard output: {error.strerror or error}"
        raise WriteError(message, path=Path("/dev/stdout"), hint="make room, or send it elsewhere") from error


def _discard(stream: TextIO) -> None:
    # What is still buffered would fail again when the interpreter flushes at its end.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
