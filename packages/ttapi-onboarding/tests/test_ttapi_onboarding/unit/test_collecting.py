# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of running what fills the lake: its result, its interruption, its report."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import click
import pytest

from test_ttapi_onboarding.runs import lost, result, summary
from ttapi_core.settings import Settings
from ttapi_onboarding import collecting, signals
from ttapi_onboarding.options import Request
from ttapi_onboarding.progress_bars import Lines
from ttapi_platform import Platform
from ttapi_platform.run_summary import DatasetStatus

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from ttapi_platform.progress import Progress

REQUEST = Request(flags={}, replay=None, as_json=False)


@pytest.fixture(autouse=True)
def handlers() -> Generator[None]:
    """The handlers of the test run, put back afterwards."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(autouse=True)
def context() -> Generator[None]:
    """The command that is running."""
    with click.Context(click.Command("retry"), info_name="ttapi retry"):
        yield


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    """An empty lake."""
    return Platform(Settings(data_dir=tmp_path), symbols=["SPY"])


async def stopped(_watcher: Progress) -> None:
    """Work that is told to end."""
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.Event().wait()


def test_the_work_is_given_progress_and_its_result_comes_back(platform: Platform) -> None:
    """On a loop of its own."""

    async def work(watcher: Progress) -> type[Progress]:
        return type(watcher)

    assert collecting.run(platform, work) is Lines


def test_an_interruption_says_what_is_kept_and_which_command_goes_on(platform: Platform) -> None:
    """The one that was running, whatever that was."""
    with pytest.raises(signals.Interrupted) as caught:
        collecting.run(platform, stopped)
    assert (caught.value.exit_code, caught.value.message) == (
        143,
        "no dataset was complete; what was stored before is untouched, and `ttapi retry` goes on from here",
    )
    with pytest.raises(signals.Interrupted, match="; every file is whole, and `ttapi retry` goes on"):
        collecting.run(platform, stopped, before="every file is whole")


def test_a_report_ends_with_the_code_of_the_run(
    platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without any result nothing was missing."""
    partial = result("quotes", DatasetStatus.PARTIAL, missing={"X": lost()})
    with pytest.raises(click.exceptions.Exit) as caught:
        collecting.report(REQUEST, platform, summary(partial))
    assert caught.value.exit_code == 3
    assert "missing    quotes: X" in capsys.readouterr().out
    with pytest.raises(click.exceptions.Exit) as caught:
        collecting.report(REQUEST, platform, summary(warnings=("a file was damaged",)))
    assert caught.value.exit_code == 0
    assert capsys.readouterr() == ("nothing is missing\n", "warning: a file was damaged\n")
