# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi collect --every` in real processes, on a real pseudo-terminal and without."""

from __future__ import annotations

import json
import signal
import subprocess
from typing import TYPE_CHECKING, Final

import pytest
from click.testing import CliRunner

from test_ttapi_onboarding.conftest import SYMBOLS
from test_ttapi_onboarding.terminals import TTAPI, Terminal, run, started
from ttapi_core.clock import SystemClock
from ttapi_onboarding.cli import ttapi

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CTRL_C: Final = "\x03"
CLOCK: Final = SystemClock()
LONGEST_SECONDS: Final = 30


@pytest.fixture
def arguments(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """For a lake in which all is fresh."""
    monkeypatch.setenv("TTAPI_TTL_QUOTES", "1d")
    lake = ["--symbols", SYMBOLS, "--history-years", "1", "--data-dir", str(data_dir)]
    return ["collect", "--every", "1h", *lake]


def test_ctrl_c_ends_the_waiting_at_once(
    arguments: list[str], record_property: Callable[[str, object], None]
) -> None:
    """After the first run, with 130, and without a word about a run that was not going on."""
    terminal = Terminal(*TTAPI, *arguments)
    terminal.wait_for(lambda shown: "next run at " in shown)
    terminal.press(CTRL_C)
    pressed_at = CLOCK.monotonic()
    assert terminal.finish() == 130
    seconds = CLOCK.monotonic() - pressed_at
    assert seconds < 1
    assert "hit rate   100%" in terminal.shown
    assert "interrupted: no run was going on; what was collected is kept" in terminal.shown
    assert "Traceback" not in terminal.shown
    record_property("promise", f"R12: ctrl-C while a schedule waits: exit 130 after {seconds:.2f} s")


def test_sigterm_ends_the_waiting_and_each_line_is_json(arguments: list[str]) -> None:
    """One object a run, and one for the end."""
    with started([*TTAPI, *arguments, "--json"], stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = json.loads(process.stdout.readline())
        assert any("next run at" in line for line in iter(process.stderr.readline, ""))
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=LONGEST_SECONDS)
    assert process.returncode == 143
    assert (first["exit_code"], len(first["datasets"])) == (0, 6)
    (last,) = rest.splitlines()
    record = json.loads(last)
    assert (record["error"]["code"], record["exit_code"]) == ("interrupted", 143)


def test_wrong_settings_end_it_at_the_first_run(tmp_path: Path) -> None:
    """With what is wrong, as without --every."""
    done = run("collect", "--every", "1d", "--universe", "gone.txt", "--data-dir", str(tmp_path))
    assert done.returncode == 5
    assert done.stderr.count("error: ") == 1
    assert "gone.txt" in done.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--every", "59s"], "59s is less than a minute; write a span such as 15m, 6h or 1d."),
        (["--every", "daily"], "write a span such as 90s, 5m, 1h or 7d, not 'daily'."),
        (["--every", "1d", "--dry-run"], "--dry-run and --every exclude each other."),
        (
            ["--since", "2015-01-02", "--history-years", "3"],
            "--since and --history-years exclude each",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(options: list[str], words: str) -> None:
    """And says what to write."""
    shown = CliRunner().invoke(ttapi, ["collect", *options])
    assert shown.exit_code == 2
    assert words in shown.stderr
