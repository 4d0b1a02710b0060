# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Findings: what a check of the doctor says, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ttapi_core.errors import TTError


class Status(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"  # it works, and may not for long, or not as well as it could
    PROBLEM = "problem"  # something does not work


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check says of one thing."""

    check: str
    status: Status
    detail: str
    fix: str | None = None  # what to do, a command where there is one; None when all is well


def ok(check: str, detail: str) -> Finding:
    """That all is well."""
    return Finding(check=check, status=Status.OK, detail=detail)


def warning(check: str, detail: str, *, fix: str) -> Finding:
    """What may hurt later."""
    return Finding(check=check, status=Status.WARNING, detail=detail, fix=fix)


def problem(check: str, detail: str, *, fix: str) -> Finding:
    """What hurts now."""
    return Finding(check=check, status=Status.PROBLEM, detail=detail, fix=fix)


def of_error(check: str, error: TTError, *, fix: str) -> Finding:
    """
    A problem that came as an error; its own hint, where it has one, is the fix.

    Examples
    --------
    >>> from ttapi_core.errors import AuthError
    >>> of_error("login", AuthError("refused"), fix="try again").fix
    'try again'
    """
    return problem(check, error.message, fix=error.hint or fix)
