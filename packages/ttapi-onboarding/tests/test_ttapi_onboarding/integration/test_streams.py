# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Every command into a pipe that nobody reads, onto a full disk, and where no colours are wanted."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import pytest

from test_ttapi_onboarding import stream_probe
from test_ttapi_onboarding.conftest import forget_settings
from test_ttapi_onboarding.every_command import LINES, NO_KEYRING, arguments
from test_ttapi_onboarding.terminals import TTAPI, Terminal
from ttapi_client.testing import SandboxThread
from ttapi_core.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from test_ttapi_onboarding.stream_probe import Ending

PROBE: Final = [sys.executable, str(stream_probe.__file__)]
COLOUR: Final = re.compile(r"\x1b\[[0-9;:]*m")
# Help and greetings have another way to stdout; and what is as JSON has the same one as what is not.
OTHERS: Final = {
    "greeting": [],
    "--help": ["--help"],
    "--version": ["--version"],
    "status --help": ["status", "--help"],
    "data": ["data"],
    "status --json": ["status", "--json"],
    "misuse as JSON": ["status", "--bogus", "--json"],
}
# Writes its rows to a file, and to stdout for `-`.
TO_STDOUT: Final = {"data export": ["data", "export", "eod_data", "-"]}
# A page takes seconds, and says no more than where it is, by the way of all others; a file is enough for it.
SLOW: Final = {"report"}


class Place(NamedTuple):
    """A folder with a lake that may be changed, and the variables that lead to it and to a sandbox."""

    folder: Path
    variables: dict[str, str]


@pytest.fixture(scope="module")
def place(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One for all tests."""
    folder = tmp_path_factory.mktemp("streams")
    shutil.copytree(data_dir / "sandbox", folder / "sandbox")
    with SandboxThread(at=SystemClock().now().isoformat()) as sandbox, pytest.MonkeyPatch.context() as patch:
        forget_settings(patch, folder)
        lake = {"TTAPI_DATA_DIR": str(folder), "TTAPI_HISTORY_YEARS": "1", "TTAPI_API_URL": sandbox.url}
        yield Place(folder, {**os.environ, **lake, **NO_KEYRING})


def written(kind: str, folder: Path) -> Path:
    """A file with all lines that are given for that kind of stdout."""
    names = [name for name in LINES if kind == "file" or name not in SLOW]
    lines = {**OTHERS, **{name: arguments(name, folder) for name in names}, **TO_STDOUT}
    record = folder / f"{kind}.json"
    record.write_text(json.dumps(lines), encoding="utf-8")
    return record


def endings(kind: str, place: Place, **variables: str) -> dict[str, Ending]:
    """How every line ended with a stdout of that kind."""
    record = written(kind, place.folder)
    environ = {**place.variables, **variables}
    subprocess.run(
        [*PROBE, kind, str(record)], check=True, timeout=120, stdin=subprocess.DEVNULL, env=environ
    )
    return cast("dict[str, Ending]", json.loads(record.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def kept(place: Place) -> dict[str, Ending]:
    """With a file for stdout, although everything asks for colours."""
    return endings("file", place, FORCE_COLOR="1", CLICOLOR_FORCE="1")


@pytest.fixture(scope="module")
def left(kept: dict[str, Ending], place: Place) -> dict[str, Ending]:
    """With a pipe for stdout whose reader has left."""
    return endings("left", place)


@pytest.fixture(scope="module")
def full(kept: dict[str, Ending], place: Place) -> dict[str, Ending]:
    """With a disk for stdout that has no room."""
    return endings("full", place)


NAMES: Final = [*OTHERS, *(name for name in LINES if name not in SLOW)]


@pytest.mark.parametrize("name", [*NAMES, *SLOW])
def test_a_file_has_no_colours(name: str, kept: dict[str, Ending]) -> None:
    """Nor has what is said beside it; and there is something in it."""
    ending = kept[name]
    assert ending["out"]
    assert "\x1b" not in ending["out"] + ending["err"]
    assert "Traceback" not in ending["err"]


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_who_has_left_is_no_error(
    name: str, kept: dict[str, Ending], left: dict[str, Ending]
) -> None:
    """The command ends as it would have ended, and says nothing of it."""
    assert (left[name]["code"], kept[name]["code"]) in {(0, 0), (1, 1), (2, 2)}
    assert not re.search("error|bug|Broken|pipe|Traceback", left[name]["err"])


@pytest.mark.parametrize("name", NAMES)
def test_a_full_disk_is_an_error_that_is_said(name: str, full: dict[str, Ending], full_disk: Path) -> None:
    """In words, for where stdout takes no data it takes no JSON either."""
    ending = full[name]
    if name == "misuse as JSON":
        assert ending["code"] == 2
        assert "error: No such option '--bogus'" in ending["err"]
    else:
        assert ending["code"] == 1
        assert "error: cannot write to standard output: No space left on device\nhint: " in ending["err"]
    assert "bug" not in ending["err"]


@pytest.mark.parametrize(
    ("variable", "forbidden"), [({"NO_COLOR": "1"}, COLOUR), ({"TERM": "dumb"}, re.compile("\x1b"))]
)
def test_a_terminal_where_none_are_wanted_has_no_colours(
    variable: dict[str, str], forbidden: re.Pattern[str], kept: dict[str, Ending], place: Place
) -> None:
    """No command has any: NO_COLOR forbids colours, a dumb terminal everything that moves."""
    record = written("terminal", place.folder)
    variables = {**place.variables, "TERM": "xterm-256color", **variable}
    terminal = Terminal(*PROBE, "terminal", str(record), **variables)
    assert terminal.finish() == 0
    assert "Sum up" in terminal.shown
    assert forbidden.findall(terminal.shown) == []


@pytest.mark.parametrize("words", [["query", "select * from eod_data"], ["--help"], ["status"]])
def test_head_ends_silently(words: list[str], data_dir: Path) -> None:
    """In a pipeline of a shell; the first command has far more to say than a pipe holds."""
    command = ["bash", "-c", '"$@" | head -n 1; exit "${PIPESTATUS[0]}"', "bash", *TTAPI, *words]
    environ = {**os.environ, "TTAPI_DATA_DIR": str(data_dir)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environ)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 1)
    assert [line for line in done.stderr.splitlines() if not line.startswith("hint: ")] == []
