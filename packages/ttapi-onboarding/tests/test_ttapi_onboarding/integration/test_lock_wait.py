# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a run does while another process is writing to the lake."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from test_ttapi_onboarding.conftest import writing
from test_ttapi_onboarding.terminals import LONGEST_SECONDS, TTAPI, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("command", [["collect"], ["data", "repair"]])
def test_a_run_gives_up_after_the_seconds_it_is_to_wait(tmp_path: Path, command: list[str]) -> None:
    """Exit code 7, with what to do."""
    with writing(tmp_path / "sandbox"):
        done = run(*command, "--wait", "0.2", "--data-dir", str(tmp_path))
    assert (done.returncode, done.stdout) == (7, "")
    error, hint = done.stderr.splitlines()[-2:]
    assert error == f"error: another ttapi process is writing to {tmp_path / 'sandbox'}"
    assert hint.startswith("hint: wait for it to end")


def test_a_run_says_once_that_it_waits(tmp_path: Path) -> None:
    """And for how long."""
    with writing(tmp_path / "sandbox"):
        done = run("collect", "--wait", "0.2", "--data-dir", str(tmp_path))
    assert done.stderr.count("waiting for another ttapi process, up to 0.2 s\n") == 1


def test_a_run_goes_on_when_the_other_process_ends(tmp_path: Path) -> None:
    """It says that it waits, and then does what it was asked for."""
    arguments = ["--symbols", "SPY", "--only", "symbols", "--wait", str(LONGEST_SECONDS)]
    with (
        writing(tmp_path / "sandbox") as end,
        subprocess.Popen(
            [*TTAPI, "collect", *arguments, "--data-dir", str(tmp_path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        assert any(line.startswith("waiting for another ttapi process") for line in lines)
        end()
        out, err = process.communicate(timeout=LONGEST_SECONDS)
    assert process.returncode == 0, err
    assert "symbols: " in err
    assert "hit rate" in out
