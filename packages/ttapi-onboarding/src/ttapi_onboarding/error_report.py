# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a user reads, or a program parses, when a command does not come to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict

import click

from ttapi_onboarding import __version__, near_misses
from ttapi_onboarding.render import json_text
from ttapi_onboarding.terminal import emit, note, one_line

if TYPE_CHECKING:
    from ttapi_core.errors import TTError
    from ttapi_onboarding.exit_codes import ExitCode
    from ttapi_onboarding.signals import Interrupted

USAGE_CODE: Final = "usage"
BUG_CODE: Final = "bug"
INTERRUPTED_CODE: Final = "interrupted"


class ErrorReport(TypedDict):
    """An error as JSON values; each text is one line."""

    code: str
    message: str
    hint: str | None
    request_id: str | None


def of_usage(error: click.ClickException) -> ErrorReport:
    """A command line that cannot be understood; the hint says what may have been meant."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context is not None else "ttapi"
    meant = near_misses.of_usage(error)
    hint = f"{'' if meant is None else f'{meant} '}`{path} --help` shows what there is"
    return _report(USAGE_CODE, near_misses.words_of(error), hint=hint)


def of_error(error: TTError) -> ErrorReport:
    """Trouble that the libraries know and explain."""
    return _report(error.code, error.message, hint=error.hint, request_id=error.request_id)


def of_bug(error: BaseException) -> ErrorReport:
    """Anything else is a mistake of ours."""
    return _report(
        BUG_CODE,
        f"{type(error).__name__}: {error} (this is a bug in ttapi {__version__})",
        hint="please report it, with the output of the same command with -vv",
    )


def show(report: ErrorReport, code: ExitCode, *, as_json: bool) -> None:
    """One line that says what happened and one that says what to try; or one JSON object on stdout."""
    if as_json and _is_emitted(report, code):
        return
    request = f" (request {report['request_id']})" if report["request_id"] else ""
    note(f"error: {report['message']}{request}")
    if report["hint"]:
        note(f"hint: {report['hint']}")


def show_interruption(interrupted: Interrupted, *, as_json: bool) -> None:
    """The same for a command that was asked to end."""
    if as_json:
        report = _report(INTERRUPTED_CODE, interrupted.message, hint=None)
        emit(json_text({"error": report, "exit_code": interrupted.exit_code}))
    else:
        note(f"interrupted: {interrupted.message}")


def _is_emitted(report: ErrorReport, code: ExitCode) -> bool:
    from ttapi_core.errors import WriteError

    try:
        emit(json_text({"error": report, "exit_code": int(code)}))
    except WriteError:  # of two errors the first is the one to tell, in words
        return False
    return True


def _report(code: str, message: str, *, hint: str | None, request_id: str | None = None) -> ErrorReport:
    return ErrorReport(
        code=code,
        message=one_line(message),
        hint=None if hint is None else one_line(hint),
        request_id=request_id,
    )
