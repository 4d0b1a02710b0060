# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Collecting again and again in the foreground, until somebody ends it."""

from __future__ import annotations

import io
import json
import os
import select
import signal
import sys
from contextlib import contextmanager
from dataclasses import replace as changed
from typing import TYPE_CHECKING, Final, NoReturn, Protocol

import click

from ttapi_core.clock import SystemClock
from ttapi_core.errors import TTError
from ttapi_onboarding import collecting, error_report, exit_codes, logs, signals
from ttapi_onboarding.error_report import INTERRUPTED_CODE, ErrorReport
from ttapi_onboarding.exit_codes import ExitCode
from ttapi_onboarding.terminal import emit, note, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from datetime import datetime, timedelta

    from ttapi_core.clock import Clock
    from ttapi_onboarding.options import Request
    from ttapi_platform.runtime import Platform

# No repetition mends these: whoever starts a schedule is to learn of them at once.
_HOPELESS: Final = frozenset({ExitCode.USAGE, ExitCode.NOT_LOGGED_IN, ExitCode.CONFIGURATION})
# A machine that was asleep goes on by its wall clock, and no sleep of a process tells that it is late.
_LONGEST_NAP_SECONDS: Final = 5.0


class Run(Protocol):
    """One run of a schedule."""

    def __call__(self, *, is_first: bool) -> ExitCode:
        """
        Do it, say what came of it, and give its exit code.

        Raises
        ------
        TTError
            When it could not be done.
        Interrupted
            When a signal ended it.
        """
        ...


def collect_every(span: timedelta, request: Request, *, only: tuple[str, ...], refresh: bool) -> NoReturn:
    """
    Collect at once and after each span, for ever.

    Parameters
    ----------
    span
        From the beginning of one run to the beginning of the next.
    request
        What is collected; settings and universe are read anew for each run. A run collects also what would
        go stale in the first half of the time to the next one: what is collected once a day, and fresh for a
        day, would else be found fresh by a hair on every second day.
    only, refresh
        As for ``Platform.collect``.

    Raises
    ------
    UsageError
        For the replay environment without anything to replay.
    Interrupted
        When a signal ended it.
    """
    request = changed(request, slack=span / 2)

    def run(*, is_first: bool) -> ExitCode:
        platform = collecting.source_said(request) if is_first else request.connected()
        return _run_once(request, platform, only=only, refresh=refresh)

    context, schedule = click.get_current_context(), Schedule(span, run, as_json=request.as_json)
    try:
        context.exit(schedule.follow())
    except signals.Interrupted as interrupted:
        if not request.as_json:
            raise
        message = one_line(interrupted.message)
        report = ErrorReport(code=INTERRUPTED_CODE, message=message, hint=None, request_id=None)
        emit(_line(report, interrupted.exit_code))
        context.exit(interrupted.exit_code)


class Schedule:
    """
    Runs at once and after each span, by the wall clock.

    Parameters
    ----------
    span
        From one beginning to the next.
    run
        What is done.
    as_json
        Whether what ends a run is told as one JSON object on a line of stdout.
    clock
        The system's by default.
    wait
        Waits until an instant; by default in a way that a signal ends.
    """

    def __init__(
        self,
        span: timedelta,
        run: Run,
        *,
        as_json: bool = False,
        clock: Clock | None = None,
        wait: Callable[[datetime], None] | None = None,
    ) -> None:
        self._span = span
        self._run = run
        self._as_json = as_json
        self._clock = clock or SystemClock()
        self._wait = wait or self._wait_until
        self._has_told_lateness = False

    def follow(self) -> ExitCode:
        """
        Go on for ever; the exit code of a first run that is hopeless, or success when nobody reads on.

        Raises
        ------
        Interrupted
            When a signal ended a run, or the waiting.
        """
        begun, is_first, out = self._clock.now(), True, _stdout_identity()
        while True:
            code = self._run_and_tell(is_first=is_first)
            if is_first and code in _HOPELESS:
                return code
            if _stdout_identity() != out:  # as ``emit`` leaves it when its reader has gone
                return ExitCode.OK
            is_first = False
            begun += self._span
            if begun > self._clock.now():
                with _between_runs():
                    note(f"next run at {when_words(begun)}")
                    self._wait(begun)
                if not _has_reader():
                    return ExitCode.OK
            elif not self._has_told_lateness:
                self._has_told_lateness = True
                note("the run took longer than the span; the next one begins at once")
            # What was missed, by a long run or while the machine slept, is not made up for.
            begun += (self._clock.now() - begun) // self._span * self._span

    def _run_and_tell(self, *, is_first: bool) -> ExitCode:
        try:
            return self._run(is_first=is_first)
        except TTError as error:
            logs.log_failure(error)
            code = exit_codes.of_error(error)
            report = error_report.of_error(error)
            if self._as_json:
                emit(_line(report, code))
            else:
                error_report.show(report, code, as_json=False)
            return code

    def _wait_until(self, due: datetime) -> None:
        signals.run(self._naps(due))

    async def _naps(self, due: datetime) -> None:
        while (left := (due - self._clock.now()).total_seconds()) > 0 and _has_reader():
            await self._clock.sleep(min(left, _LONGEST_NAP_SECONDS))


@contextmanager
def _between_runs() -> Generator[None]:
    """Say what a signal means at a time without a run."""
    message = "no run was going on; what was collected is kept"
    try:
        yield
    except KeyboardInterrupt as interrupt:
        raise signals.Interrupted(signal.SIGINT, message) from interrupt
    except signals.Interrupted as interrupted:
        raise signals.Interrupted(interrupted.number, message) from interrupted


def when_words(instant: datetime) -> str:
    """An instant in local time, and in UTC where that is another, to the second."""
    local = instant.astimezone()
    in_utc = f" ({instant:%H:%M:%S} UTC)" if local.utcoffset() else ""
    return f"{local:%Y-%m-%d %H:%M:%S %Z}{in_utc}"


def _run_once(request: Request, platform: Platform, *, only: tuple[str, ...], refresh: bool) -> ExitCode:
    summary = collecting.run(
        platform, lambda watcher: platform.collect(only=only, refresh=refresh, progress=watcher)
    )
    return collecting.told(request, platform, summary, as_text=_one_line)


def _line(report: ErrorReport, code: int) -> str:
    return _one_line({"error": report, "exit_code": int(code)})


def _one_line(record: Mapping[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False, allow_nan=False)


def _stdout_identity() -> tuple[int, int] | None:
    """Which file stdout leads to."""
    descriptor = _stdout_descriptor()
    if descriptor is None:
        return None
    found = os.fstat(descriptor)
    return found.st_dev, found.st_ino


def _has_reader() -> bool:
    """Whether somebody may still read stdout, as far as the system can tell without writing to it."""
    descriptor = _stdout_descriptor()
    if descriptor is None or sys.platform == "win32":
        return True
    watch = select.poll()
    watch.register(descriptor, 0)
    return not watch.poll(0)  # what it tells unasked is that the other end is closed


def _stdout_descriptor() -> int | None:
    try:
        return sys.stdout.fileno()
    except (io.UnsupportedOperation, OSError):  # where something else collects it
        return None
