# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The two streams: data to stdout, words to stderr, and what each of them can show."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import TextIO

    from ttapi_core.errors import WriteError

_STDOUT: Final = Path("/dev/stdout")


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


def open_closed_streams() -> None:
    """Give a process that was started without stdout or stderr one that leads nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open to the end, as streams are
            setattr(sys, name, nowhere)


def is_confirmed(question: str) -> bool:
    """The answer of whoever sits at the terminal; silence and everything but yes mean no."""
    return read_line(f"{question} [y/N] ").strip().lower() in {"y", "yes"}


def read_line(prompt: str) -> str:
    """
    A line that is typed at the terminal; empty at the end of the input.

    Ctrl-C raises KeyboardInterrupt at whatever instant it comes.
    """
    line = ""
    try:
        # Not click's own prompt: that one makes an ordinary end of ctrl-C.
        click.echo(prompt, err=True, nl=False)
        if sys.platform != "win32":
            _wait_for_a_line()
        line = sys.stdin.readline()
    finally:
        if not line:
            note("")  # what is said next begins on a line of its own
    return line


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


def failure_of_stdout(error: OSError) -> WriteError | BrokenPipeError | None:
    """
    The error as one of stdout, if it is that.

    Help and greetings are written by click, whose function then is where the error comes from.
    """
    from ttapi_core.errors import WriteError

    if isinstance(error, WriteError):
        return error if error.path == _STDOUT else None
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None or last.tb_frame.f_code is not click.echo.__code__:
        return None
    _discard(sys.stdout)
    return error if isinstance(error, BrokenPipeError) else _write_error(error)


@contextmanager
def _to_stdout() -> Generator[None]:
    try:
        yield
    except BrokenPipeError:
        _discard(sys.stdout)
    except OSError as error:
        _discard(sys.stdout)
        raise _write_error(error) from error


def _write_error(error: OSError) -> WriteError:
    from ttapi_core.errors import WriteError

    message = f"cannot write to standard output: {error.strerror or error}"
    return WriteError(message, path=_STDOUT, hint="make room, or send it elsewhere")


def _wait_for_a_line() -> None:
    """
    Wait until there is something to read, or a signal, which is told when this returns.

    A read may go on after a signal: Polars puts a handler of its own in front of Python's, which has the
    system do so. And one that comes just before the read begins would be noticed after it.
    """
    import select
    import signal
    import socket

    sleeper, waker = socket.socketpair()
    with sleeper, waker:
        waker.settimeout(0)  # a handler must not wait
        before = signal.set_wakeup_fd(waker.fileno())
        try:
            select.select([sys.stdin, sleeper], [], [])
        finally:
            signal.set_wakeup_fd(before)


def _discard(stream: TextIO) -> None:
    # What is still buffered would fail again when the interpreter flushes at its end.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
