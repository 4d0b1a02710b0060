# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Asking the service from a command: one connection for the question, and an exit code for what came."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ttapi_core.clock import SystemClock
from ttapi_onboarding import error_report, exit_codes, signals
from ttapi_onboarding.exit_codes import ExitCode
from ttapi_onboarding.terminal import note
from ttapi_platform.recordings import Recording
from ttapi_platform.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine, Mapping

    from ttapi_core.errors import TTError
    from ttapi_onboarding.error_report import ErrorReport
    from ttapi_onboarding.options import Request
    from ttapi_platform.runtime import Platform
    from ttapi_platform.service import Connection

T = TypeVar("T")


def ask(
    request: Request, platform: Platform, question: Callable[[Connection], Coroutine[object, object, T]]
) -> T:
    """
    What the service answers; where a sandbox is meant and none is named, one is started for it and ended.

    Raises
    ------
    TTError
        When the service cannot be asked, or as the question raises it.
    Interrupted
        When a signal cancelled it.
    """
    settings, replay = platform.settings, request.replay
    recording = None if replay is None else Recording.at(replay, own_lake=settings.lake_dir)

    async def asked() -> T:
        async with Service(settings, recording=recording, clock=SystemClock()) as service:
            return await question(await service.connect())

    return signals.run(asked())


def exit_code_for(came: Collection[object], errors: Mapping[str, TTError]) -> ExitCode:
    """
    The code for an answer of several items: partial where some did not come, failed where none did.

    Raises
    ------
    TTError
        When none came and the service is to blame: that is one failure, not one for each item.
    """
    if not errors:
        return ExitCode.OK
    if came:
        return ExitCode.PARTIAL
    for error in errors.values():
        if exit_codes.of_error(error) is not ExitCode.USAGE:
            raise error
    return ExitCode.FAILED


def say_errors(reports: Mapping[str, ErrorReport]) -> None:
    """Each item that did not come, on stderr, with what to try."""
    for report in reports.values():
        note(f"error: {report['message']}")
        if report["hint"]:
            note(f"hint: {report['hint']}")


def reports_of(errors: Mapping[str, TTError]) -> dict[str, ErrorReport]:
    """Each item's error as JSON values."""
    return {item: error_report.of_error(error) for item, error in errors.items()}
