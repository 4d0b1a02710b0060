# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Filling the lake from a command: the source said first, progress meanwhile, the report at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeVar

import click

from ttapi_onboarding import exit_codes, run_report, signals
from ttapi_onboarding.progress_bars import progress
from ttapi_onboarding.render import json_text
from ttapi_onboarding.terminal import emit, note

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from datetime import datetime

    from ttapi_onboarding.exit_codes import ExitCode
    from ttapi_onboarding.options import Request
    from ttapi_platform.progress import Progress
    from ttapi_platform.run_summary import RunSummary
    from ttapi_platform.runtime import Platform

T = TypeVar("T")


def source_said(request: Request) -> Platform:
    """
    The platform of a request, after a line on stderr that says where its data comes from.

    Raises
    ------
    UsageError
        For the replay environment without anything to replay.
    ConfigError
        As ``Request.platform``.
    """
    settings = request.settings()
    if request.replay is None and settings.environment == "replay" and settings.api_url is None:
        raise click.UsageError("the replay environment needs --replay DIR, the folder to replay.")
    note(run_report.notice(settings, request.replay))
    return request.connected()


def run(
    platform: Platform,
    work: Callable[[Progress], Coroutine[object, object, T]],
    *,
    before: str = "what was stored before is untouched",
) -> T:
    """
    What the work gives; its progress is shown on stderr.

    Parameters
    ----------
    platform
        Whose lake is filled.
    work
        Is told where to tell its progress.
    before
        What an interruption means for the rows that were stored before.

    Raises
    ------
    Interrupted
        When a signal cancelled it, with what is kept all the same.
    """
    from ttapi_core.clock import SystemClock

    started_at = SystemClock().now()
    try:
        with progress([dataset.name for dataset in platform.registry]) as watcher:
            return signals.run(work(watcher))
    except signals.Interrupted as interrupted:
        command = click.get_current_context().command_path
        given_up: list[str] = getattr(interrupted.__cause__, "__notes__", [])
        kept = "; ".join([_kept(platform, started_at), *given_up])
        message = f"{kept}; {before}, and `{command}` goes on from here"
        raise signals.Interrupted(interrupted.number, message) from interrupted


def report(request: Request, platform: Platform, summary: RunSummary) -> NoReturn:
    """Say what a run did and end with its exit code."""
    click.get_current_context().exit(told(request, platform, summary))


def told(
    request: Request,
    platform: Platform,
    summary: RunSummary,
    *,
    as_text: Callable[[dict[str, object]], str] = json_text,
) -> ExitCode:
    """
    Say what a run did, and give its exit code.

    Parameters
    ----------
    request, platform, summary
        The run.
    as_text
        How a record is written where JSON is asked for.
    """
    code = exit_codes.of_run(summary)
    if request.as_json:
        emit(as_text(run_report.summary_record(summary, platform.lake.root, code)))
    elif summary.results:
        emit(run_report.summary_text(summary, platform.settings, request.replay))
    else:
        emit("nothing is missing")
    run_report.say_failures(summary.results, warnings=summary.warnings)
    return code


def _kept(platform: Platform, started_at: datetime) -> str:
    """What a run that was cut short leaves behind, as the lake itself has it."""
    names = [
        state.dataset
        for state in platform.status()
        if state.stored is not None and state.stored.collected_at >= started_at
    ]
    return f"{', '.join(names)} collected and kept" if names else "no dataset was complete"
