# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a user reads of the doctor's findings: a line each, with a sign of how bad it is, and what to do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding.doctor.findings import Status
from ttapi_onboarding.figures import counted
from ttapi_onboarding.terminal import is_coloured, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_onboarding.doctor.findings import Finding

_SIGNS: Final = {Status.OK: "✓", Status.WARNING: "!", Status.PROBLEM: "✗"}
_PLAIN_SIGNS: Final = {Status.OK: "ok", Status.WARNING: "! ", Status.PROBLEM: "x "}
_COLOURS: Final = {Status.OK: "green", Status.WARNING: "yellow", Status.PROBLEM: "red"}
_CHECK_WIDTH: Final = 11  # of "credentials", the longest name of a check


def line(finding: Finding) -> str:
    """One finding, in colours where stdout shows them, in ASCII signs where it has no others."""
    signs, arrow = (_SIGNS, "→") if _has_signs(sys.stdout.encoding) else (_PLAIN_SIGNS, "->")
    sign = signs[finding.status]
    if is_coloured(sys.stdout):
        sign = click.style(sign, fg=_COLOURS[finding.status])
    fix = "" if finding.fix is None else f" {arrow} {one_line(finding.fix)}"
    return f"{sign} {finding.check:<{_CHECK_WIDTH}} {one_line(finding.detail)}{fix}"


def record(finding: Finding) -> dict[str, str | None]:
    """One finding as JSON values."""
    return {
        "check": finding.check,
        "status": finding.status.value,
        "detail": one_line(finding.detail),
        "fix": None if finding.fix is None else one_line(finding.fix),
    }


def total(findings: Sequence[Finding]) -> str:
    """How many of each kind there are."""
    warnings, problems = (
        sum(finding.status is status for finding in findings) for status in (Status.WARNING, Status.PROBLEM)
    )
    return f"{counted(problems, 'problem')}, {counted(warnings, 'warning')}"


def _has_signs(encoding: str | None) -> bool:
    try:
        "✓✗→".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
