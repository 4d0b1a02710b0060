# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
The community SDK `tastytrade`, unmodified, finds in the sandbox everything that it can read.

Its checks are in the folder community_sdk and run in one process with the SDK's own environment;
here each is a test, known by its name in the text of that folder, which nothing of ours imports.
"""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import pytest

from community_sdk_environment import sdk_interpreter, sdk_variables
from ttapi_client.sandbox.process import SandboxProcess

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CHECKS = [
    f"{path.stem}.{name}"
    for path in sorted((HERE / "community_sdk").glob("*.py"))
    for name in re.findall(r"^async def (check_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
]
INSTANT = "2026-06-17T11:30:00-04:00"  # the middle of a Wednesday's session
SPEED = 20.0  # of the moving market: fast enough for several minutes of it in a check of some seconds
LONGEST_RUN_SECONDS = 300


class Line(TypedDict):
    """What the process in the SDK's environment says about one check."""

    check: str
    problem: str | None
    seconds: float


@pytest.fixture(scope="module")
def sdk_python() -> Path:
    """The interpreter of the SDK's environment."""
    return sdk_interpreter()


@pytest.fixture(scope="module")
def report(sdk_python: Path) -> Mapping[str, Line]:
    """Every check's outcome, from one run against a market that stands still and one that moves."""
    lines = [json.loads(line) for line in asyncio.run(run_checks(sdk_python)).splitlines()]
    return {line["check"]: line for line in lines}


async def run_checks(sdk_python: Path) -> str:
    """Give what the checks print, while the two sandboxes run."""
    async with (
        SandboxProcess(at=INSTANT, speed=0) as still,
        SandboxProcess(at=INSTANT, speed=SPEED) as moving,
    ):
        child = await asyncio.create_subprocess_exec(
            str(sdk_python),
            *("-m", "community_sdk", still.url, moving.url, INSTANT),
            cwd=HERE,
            env=sdk_variables(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(LONGEST_RUN_SECONDS):
                printed, complaints = await child.communicate()
        except TimeoutError:
            child.kill()
            printed, complaints = await child.communicate()
            pytest.fail(f"the checks did not end within {LONGEST_RUN_SECONDS} s: {printed.decode()[-500:]}")
    if child.returncode:
        pytest.fail(f"the checks did not run to their end:\n{complaints.decode()}", pytrace=False)
    return printed.decode()


@pytest.mark.parametrize("check", CHECKS)
def test_the_sdk_finds(report: Mapping[str, Line], check: str) -> None:
    """One check, with the traceback from the other process when it failed there."""
    if problem := report[check]["problem"]:
        pytest.fail(problem, pytrace=False)


def test_the_example_of_the_readme_runs(sdk_python: Path) -> None:
    """As it stands in the client's README, but for the port."""
    text = (ROOT / "packages/ttapi-client/README.md").read_text("utf-8")
    (example,) = re.findall(r"```python sdk\n(.*?)```", text, re.DOTALL)
    printed = asyncio.run(run_example(sdk_python, example))
    assert "event_symbol='SPY'" in printed
    assert re.search(r"^\d+ expirations$", printed, re.MULTILINE)


async def run_example(sdk_python: Path, example: str) -> str:
    """Give what a script prints that expects a sandbox on port 8123."""
    async with SandboxProcess() as sandbox:
        child = await asyncio.create_subprocess_exec(
            str(sdk_python),
            "-c",
            example.replace("http://127.0.0.1:8123", sandbox.url),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        printed, complaints = await child.communicate()
    assert child.returncode == 0, complaints.decode()
    return printed.decode()


def test_no_check_was_left_out(report: Mapping[str, Line]) -> None:
    """What ran is what stands in the folder."""
    assert sorted(report) == sorted(CHECKS)
