# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the two streams and of what they can show."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ttapi_core.errors import WriteError
from ttapi_onboarding import terminal

if TYPE_CHECKING:
    from pathlib import Path


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\ntwo\r\n  three", "one two three"),
        ("\x1b[31mred\x07", "?[31mred?"),
        ("\u202eright to left", "?right to left"),
        ("Zürich 価格", "Zürich 価格"),
    ],
)
def test_a_text_is_one_line_that_no_terminal_acts_on(text: str, line: str) -> None:
    """Whatever a server or a file put into it."""
    assert terminal.one_line(text) == line


def test_a_terminal_has_colours_unless_the_user_says_no(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR counts when it is not empty."""
    assert terminal.is_terminal(Screen())
    assert terminal.is_coloured(Screen())
    monkeypatch.setenv("NO_COLOR", "")
    assert terminal.is_coloured(Screen())
    monkeypatch.setenv("NO_COLOR", "1")
    assert terminal.is_terminal(Screen())
    assert not terminal.is_coloured(Screen())


def test_files_and_dumb_terminals_get_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even when something forces colours elsewhere."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert not terminal.is_terminal(io.StringIO())
    assert not terminal.is_coloured(io.StringIO())
    monkeypatch.setenv("TERM", "dumb")
    assert not terminal.is_terminal(Screen())


def test_data_and_words_go_their_own_ways(capsys: pytest.CaptureFixture[str]) -> None:
    """Data to stdout, words to stderr."""
    terminal.emit("data")
    terminal.note("words")
    assert capsys.readouterr() == ("data\n", "words\n")


@pytest.mark.parametrize(("function", "stream"), [("emit", "stdout"), ("note", "stderr")])
def test_a_reader_who_has_left_stops_nothing(function: str, stream: str) -> None:
    """The program goes on to its end, quietly, though far more is written than a pipe holds."""
    code = f"""
import os, sys
from ttapi_onboarding import terminal
read, write = os.pipe()
os.dup2(write, sys.{stream}.fileno())
os.close(read)
for _ in range(3):
    terminal.{function}("x" * 200_000)
sys.exit(9)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (9, "", "")


def test_a_file_goes_to_stdout_as_it_is(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """To the byte."""
    path = tmp_path / "rows"
    path.write_bytes(b"PAR1\x00\r\n\xff")
    terminal.emit_file(path)
    assert capfdbinary.readouterr() == (b"PAR1\x00\r\n\xff", b"")


def test_a_reader_who_leaves_in_the_middle_of_a_file_stops_nothing(tmp_path: Path) -> None:
    """As for lines."""
    path = tmp_path / "rows"
    path.write_bytes(b"x" * 1_000_000)
    code = f"""
import os, sys
from pathlib import Path
from ttapi_onboarding import terminal
read, write = os.pipe()
os.dup2(write, sys.stdout.fileno())
os.close(read)
terminal.emit_file(Path({str(path)!r}))
sys.exit(9)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (9, "", "")


@pytest.mark.parametrize(
    ("answer", "is_yes"), [("y\n", True), (" YES \n", True), ("\n", False), ("", False), ("yo\n", False)]
)
def test_only_yes_confirms(
    answer: str,
    is_yes: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The question is no data; an input that has ended says no."""
    typed = tmp_path / "typed"
    typed.write_text(answer)
    with typed.open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert terminal.is_confirmed("Remove it?") is is_yes
    # Whoever typed an answer ended the line with it.
    assert capsys.readouterr() == ("", "Remove it? [y/N] " if answer else "Remove it? [y/N] \n")


def test_a_full_disk_below_stdout_is_an_error(full_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half the data must not pass for all of it."""
    with full_disk.open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(WriteError, match="standard output: No space left"):
            terminal.emit("data")


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_process_without_a_stream_writes_to_nowhere(stream: str) -> None:
    """As where a service manager starts it with closed descriptors."""
    code = f"""
import sys
from ttapi_onboarding import terminal
sys.{stream} = None
terminal.open_closed_streams()
terminal.emit("data")
terminal.note("words")
assert not terminal.is_terminal(sys.{stream})
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    shown = {"stdout": done.stdout, "stderr": done.stderr}
    assert (done.returncode, shown.pop(stream)) == (0, "")
    assert shown in ({"stderr": "words\n"}, {"stdout": "data\n"})


def test_other_files_errors_are_not_those_of_stdout(tmp_path: Path) -> None:
    """Nor is an error of stdout that has its own words said twice."""
    with pytest.raises(OSError, match="nowhere") as caught:
        (tmp_path / "nowhere").read_text(encoding="utf-8")
    assert terminal.failure_of_stdout(caught.value) is None
    assert terminal.failure_of_stdout(WriteError("x", path=tmp_path)) is None
