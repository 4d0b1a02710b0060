# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of collecting again and again, by a clock that is moved by hand."""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ttapi_core.clock import ManualClock
from ttapi_core.errors import AuthError, ConfigError, LockedError, TransportError
from ttapi_onboarding import signals
from ttapi_onboarding.exit_codes import ExitCode
from ttapi_onboarding.schedule import Schedule, when_words
from ttapi_onboarding.terminal import emit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_core.errors import TTError

START = datetime(2026, 7, 1, 22, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FAILURE = TransportError("no answer", sent=False)
LOCKED = LockedError("locked", path=Path("lock"))


class Sleeper(ManualClock):
    """A clock on which whoever sleeps finds the time gone by."""

    async def sleep(self, seconds: float) -> None:
        """No time for the test."""
        self.advance(seconds)


class Runs:
    """Runs that each take some minutes and end in some way; after the last one a signal ends the schedule."""

    def __init__(self, clock: ManualClock, *outcomes: tuple[float, ExitCode | TTError]) -> None:
        self.clock = clock
        self.outcomes = list(outcomes)
        self.begun: list[float] = []  # minutes since the start

    def __call__(self, *, is_first: bool) -> ExitCode:
        """The next one."""
        assert is_first is (not self.begun)
        if not self.outcomes:
            raise signals.Interrupted(2)
        self.begun.append((self.clock.now() - START).total_seconds() / 60)
        minutes, outcome = self.outcomes.pop(0)
        self.clock.advance(minutes * 60)
        if isinstance(outcome, ExitCode):
            return outcome
        raise outcome


def followed(
    outcomes: Sequence[tuple[float, ExitCode | TTError]], *, as_json: bool = False
) -> tuple[list[float], int]:
    """When each run began, and how the schedule ended."""
    clock = Sleeper(START)
    runs = Runs(clock, *outcomes)
    try:
        return runs.begun, Schedule(HOUR, runs, clock=clock, as_json=as_json).follow()
    except signals.Interrupted as interrupted:
        return runs.begun, interrupted.exit_code


def test_it_runs_at_once_and_then_by_the_clock_without_drift(capsys: pytest.CaptureFixture[str]) -> None:
    """However long each run takes; and it says when it goes on."""
    begun, code = followed([(7, ExitCode.OK), (20, ExitCode.OK), (0.5, ExitCode.OK)])
    assert (begun, code) == ([0, 60, 120], 130)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"next run at {when_words(START + HOUR * number)}" for number in (1, 2, 3)]


def test_after_a_run_longer_than_the_span_the_next_begins_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    """It is said once; then it goes on by the old hours, and what was missed is not made up for."""
    begun, _ = followed([(70, ExitCode.OK), (5, ExitCode.OK), (200, ExitCode.OK), (1, ExitCode.OK)])
    assert begun == [0, 70, 120, 320]
    said = capsys.readouterr().err
    assert said.count("the run took longer than the span; the next one begins at once") == 1
    assert said.count("next run at") == 2  # 24:00 after the second, 04:00 after the last


def test_a_machine_that_slept_runs_once_when_it_wakes() -> None:
    """And then by the old hours."""
    clock = Sleeper(START)
    runs = Runs(clock, (1, ExitCode.OK), (1, ExitCode.OK), (1, ExitCode.OK))

    def wait(due: datetime) -> None:
        late = 150 if len(runs.begun) == 1 else 0
        clock.advance((due - clock.now()).total_seconds() + late * 60)

    with pytest.raises(signals.Interrupted):
        Schedule(HOUR, runs, clock=clock, wait=wait).follow()
    assert runs.begun == [0, 210, 240]


def test_a_failed_run_is_told_and_does_not_end_it(capsys: pytest.CaptureFixture[str]) -> None:
    """At the first run as at later ones; at those even where no repetition mends it."""
    failures = [FAILURE, LOCKED, ConfigError(["universe.txt is gone"]), AuthError("revoked")]
    begun, code = followed([*((1, each) for each in failures), (1, ExitCode.NOT_LOGGED_IN)])
    assert (len(begun), code) == (5, 130)
    said = capsys.readouterr().err
    for words in ("error: no answer", "error: locked", "error: universe.txt is gone", "error: revoked"):
        assert words in said


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (ConfigError(["since is 2099-01-01"]), ExitCode.CONFIGURATION),
        (AuthError("refused"), ExitCode.NOT_LOGGED_IN),
        (ExitCode.NOT_LOGGED_IN, ExitCode.NOT_LOGGED_IN),
        (ExitCode.CONFIGURATION, ExitCode.CONFIGURATION),
    ],
)
def test_what_no_repetition_mends_ends_it_at_the_first_run(
    outcome: ExitCode | TTError, code: ExitCode
) -> None:
    """With its own exit code."""
    assert followed([(1, outcome), (1, ExitCode.OK)]) == ([0], code)


def test_a_failure_is_one_line_of_json_where_json_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """With the exit code that a run by itself would have had."""
    followed([(1, FAILURE), (1, LOCKED)], as_json=True)
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["error"]["message"], each["exit_code"]) for each in records] == [
        ("no answer", 6),
        ("locked", 7),
    ]


def test_it_ends_when_the_reader_of_its_output_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Found out in writing, or while it waits; in silence."""
    clock = Sleeper(START)
    begun: list[datetime] = []

    def run(*, is_first: bool, words: str) -> ExitCode:
        assert is_first
        begun.append(clock.now())
        if words:
            emit(words)
        return ExitCode.OK

    for words in ("a line", ""):
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "w", encoding="utf-8") as stdout, monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", stdout)
            schedule = Schedule(HOUR, partial(run, words=words), clock=clock)
            assert schedule.follow() is ExitCode.OK
    assert len(begun) == 2


def test_a_time_is_told_for_people_and_for_everyone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Local, with the zone's name, and UTC; once where both are the same."""
    try:
        for zone, words in (
            ("America/New_York", "2026-07-01 18:00:00 EDT (22:00:00 UTC)"),
            ("UTC", "2026-07-01 22:00:00 UTC"),
        ):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            assert when_words(START) == words
    finally:
        monkeypatch.undo()
        time.tzset()
