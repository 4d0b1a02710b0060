# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi sandbox`: serves until told to stop, and a collection can use it."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner

from test_ttapi_onboarding.terminals import TTAPI, run
from ttapi_onboarding.cli import ttapi

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@contextmanager
def serving(*arguments: str) -> Generator[subprocess.Popen[str]]:
    """A sandbox in a process of its own, ended with the block if it still runs."""
    with subprocess.Popen(
        [*TTAPI, "sandbox", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def stop(process: subprocess.Popen[str], number: int) -> tuple[int, str]:
    """Send a signal; exit code and what was said at the end."""
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    return process.returncode, err


def test_it_says_how_to_connect_and_serves_until_a_signal(tmp_path: Path) -> None:
    """What it prints works when it is pasted into another terminal; being told to stop is a good end."""
    with serving() as process:
        assert process.stdout is not None
        shown = ""
        while "ctrl-C" not in shown:
            shown += process.stdout.readline()
        assert "sandbox-secret" in shown
        assert "sandbox-refresh" in shown
        variables = dict(re.findall(r"(TTAPI_\w+)=(\S+)", shown))
        assert variables.keys() == {
            "TTAPI_ENVIRONMENT",
            "TTAPI_API_URL",
            "TTAPI_CLIENT_SECRET",
            "TTAPI_REFRESH_TOKEN",
        }
        done = run("collect", "--only", "accounts", "--json", "--data-dir", str(tmp_path), **variables)
        assert done.returncode == 0, done.stderr
        assert done.stderr.startswith(f"Simulated data from the sandbox at {variables['TTAPI_API_URL']}")
        assert json.loads(done.stdout)["source"] == variables["TTAPI_API_URL"]
        assert stop(process, signal.SIGTERM) == (0, "sandbox stopped\n")


def test_the_commands_that_it_shows_do_what_they_say() -> None:
    """Three answers of 429, and a market that is an hour further."""
    with serving("--at", "2026-11-20T10:30", "--speed", "0") as process:
        assert process.stdout is not None
        shown = ""
        while "ctrl-C" not in shown:
            shown += process.stdout.readline()
        assert "2026-11-20T15:30:00.000+00:00" in shown
        answers = []
        for url, body in re.findall(r"curl (\S+) -d '(.+)'", shown):
            asked = Request(url, data=body.encode())  # noqa: S310 - our own address
            with urlopen(asked, timeout=30) as answer:  # noqa: S310 - as above
                answers.append(json.load(answer))
        assert answers == [
            {"numbers": [1]},
            {"now": "2026-11-20T16:30:00.000+00:00", "speed": 0, "is_open": True},
        ]


def test_a_recorded_folder_is_served_with_all_of_its_history(tmp_path: Path, candles: Path) -> None:
    """The printed command reaches back to its first day."""
    with serving("--replay", str(candles)) as process:
        assert process.stdout is not None
        shown = ""
        while "ctrl-C" not in shown:
            shown += process.stdout.readline()
        assert "replayed data from 2018-12-28 to 2018-12-31" in shown
        variables = dict(re.findall(r"(TTAPI_\w+)=(\S+)", shown))
        (command,) = re.findall(r"  ttapi (collect .*)", shown)
        done = run(*command.split(), "--json", "--data-dir", str(tmp_path), **variables)
        assert done.returncode == 0, done.stderr
        rows = {each["dataset"]: each["rows"] for each in json.loads(done.stdout)["datasets"]}
        assert rows["eod_data"] == 2


def test_as_json_it_prints_one_object() -> None:
    """For programs that start it."""
    with serving("--json", "--seed", "8") as process:
        assert process.stdout is not None
        text = ""
        while not text.endswith("}\n"):
            text += process.stdout.readline()
        record = json.loads(text)
        assert record["url"].startswith("http://127.0.0.1:")
        assert (record["environment"], record["client_secret"]) == ("sandbox", "sandbox-secret")
        assert record["first_date"] < record["last_date"]
        assert stop(process, signal.SIGINT) == (0, "sandbox stopped\n")


def test_a_network_is_refused_unless_it_is_allowed() -> None:
    """With what to add; and then there is a warning with the published credentials."""
    shown = CliRunner().invoke(ttapi, ["sandbox", "--host", "0.0.0.0"])
    assert shown.exit_code == 5
    assert "does not listen on '0.0.0.0'" in shown.stderr
    assert "--allow-network" in shown.stderr
    with serving("--json", "--host", "0.0.0.0", "--allow-network") as process:
        assert process.stderr is not None
        warning = process.stderr.readline()
        assert warning.startswith("warning: the sandbox listens on 0.0.0.0")
        assert "sandbox-secret" in warning
        assert process.stdout is not None
        while process.stdout.readline() != "}\n":
            pass
        assert stop(process, signal.SIGTERM) == (0, "sandbox stopped\n")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--at", "yesterday"], "'yesterday' is neither an instant"),
        (["--at", "2007-01-01"], "outside the simulated time"),
        (["--speed", "-1"], "--speed"),
        (["--at", "2026-11-20", "--replay", "x"], "--at and --replay exclude each other"),
        (["--seed", "1", "--replay", "x"], "--seed and --replay exclude each other"),
    ],
)
def test_what_cannot_be_asked_for_is_a_matter_of_usage(arguments: list[str], complaint: str) -> None:
    """Exit code 2, before anything is served."""
    shown = CliRunner().invoke(ttapi, ["sandbox", *arguments])
    assert shown.exit_code == 2
    assert complaint in shown.stderr


def test_a_port_in_use_is_one_clear_line() -> None:
    """Exit code 1 and what to try."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        shown = CliRunner().invoke(ttapi, ["sandbox", "--port", str(port)])
    assert shown.exit_code == 1
    error, hint = shown.stderr.splitlines()
    assert error == f"error: port {port} on 127.0.0.1 is in use"
    assert hint.startswith("hint: choose another port")


def test_a_folder_that_cannot_be_replayed_is_named(tmp_path: Path) -> None:
    """Exit code 5 when it is not there."""
    shown = CliRunner().invoke(ttapi, ["sandbox", "--replay", str(tmp_path / "nowhere")])
    assert shown.exit_code == 5
    assert str(tmp_path / "nowhere") in shown.stderr
