# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of what is said when a command does not come to its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from ttapi_core.errors import RejectedError, TTError
from ttapi_onboarding import error_report
from ttapi_onboarding.exit_codes import ExitCode
from ttapi_onboarding.signals import Interrupted

if TYPE_CHECKING:
    import pytest

ERROR = RejectedError("quotes\nrefused: \x1b[2J", status=422, hint="ask for fewer", request_id="r-1.2")


def test_an_error_is_one_line_and_its_hint_another(capsys: pytest.CaptureFixture[str]) -> None:
    """With the request, on stderr alone, and nothing a terminal would act on."""
    error_report.show(error_report.of_error(ERROR), ExitCode.FAILED, as_json=False)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == ["error: quotes refused: ?[2J (request r-1.2)", "hint: ask for fewer"]


def test_without_hint_and_request_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing empty is said."""
    error_report.show(error_report.of_error(TTError("broken")), ExitCode.FAILED, as_json=False)
    assert capsys.readouterr().err == "error: broken\n"


def test_as_json_an_error_is_an_object_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing is on stderr."""
    error_report.show(error_report.of_error(ERROR), ExitCode.FAILED, as_json=True)
    out, err = capsys.readouterr()
    assert err == ""
    assert json.loads(out) == {
        "error": {
            "code": "rejected",
            "message": "quotes refused: ?[2J",
            "hint": "ask for fewer",
            "request_id": "r-1.2",
        },
        "exit_code": 1,
    }


def test_a_mistake_of_ours_asks_to_be_reported() -> None:
    """With the kind of error, its text and our version."""
    report = error_report.of_bug(ZeroDivisionError("division by zero"))
    assert report["message"].startswith("ZeroDivisionError: division by zero (this is a bug in ttapi ")
    assert "please report it" in (report["hint"] or "")


def test_misuse_points_to_the_help_of_the_command() -> None:
    """Of the group where no command is known."""
    context = click.Context(click.Command("collect"), info_name="ttapi collect")
    assert "`ttapi collect --help`" in (error_report.of_usage(click.UsageError("x", context))["hint"] or "")
    assert "`ttapi --help`" in (error_report.of_usage(click.ClickException("x"))["hint"] or "")


def test_an_interruption_says_what_it_means_for_the_data(capsys: pytest.CaptureFixture[str]) -> None:
    """In words on stderr, or as an object on stdout."""
    interrupted = Interrupted(15, "quotes kept")
    error_report.show_interruption(interrupted, as_json=False)
    assert capsys.readouterr() == ("", "interrupted: quotes kept\n")
    error_report.show_interruption(interrupted, as_json=True)
    shown = json.loads(capsys.readouterr().out)
    assert shown["error"]["code"] == "interrupted"
    assert shown["exit_code"] == 143
