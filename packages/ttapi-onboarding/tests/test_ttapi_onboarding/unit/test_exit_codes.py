# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of which error ends the command with which code."""

from __future__ import annotations

from pathlib import Path

import pytest

from test_ttapi_onboarding.runs import FINDING, lost, result, summary
from ttapi_core.errors import (
    AuthError,
    CircuitOpenError,
    ConfigError,
    CorruptFileError,
    DataError,
    DecodeError,
    IncompleteDataError,
    LockedError,
    NotFoundError,
    RateLimitError,
    RejectedError,
    SchemaError,
    ServerError,
    TransportError,
    TransportTimeoutError,
    TTError,
    UnknownDatasetError,
    UnknownSymbolError,
    WriteError,
)
from ttapi_onboarding.exit_codes import ExitCode, decisive_failure, of_error, of_repair, of_run
from ttapi_platform.repair import Repair
from ttapi_platform.run_summary import DatasetStatus

PATH = Path("lake")
FAILED = DatasetStatus.FAILED


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TTError("x"), 1),
        (DataError("x"), 1),
        (SchemaError("quotes", ["x"]), 1),
        (DecodeError(path="data", expected="a list", found="null"), 1),
        (NotFoundError("x", status=404), 1),
        (RejectedError("x", status=422), 1),
        (WriteError("x", path=PATH), 1),
        (UnknownDatasetError("x"), 2),
        (UnknownSymbolError("x"), 2),
        (AuthError("x"), 4),
        (ConfigError(["x"]), 5),
        (TransportError("x"), 6),
        (TransportTimeoutError("x"), 6),
        (ServerError("x", status=503), 6),
        (RateLimitError("x"), 6),
        (CircuitOpenError("x", retry_in_seconds=1.0), 6),
        (LockedError("x", path=PATH), 7),
        (CorruptFileError("x", path=PATH), 8),
        (ZeroDivisionError(), 1),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_each_error_has_its_code(error: Exception, code: int) -> None:
    """As the design lists them; what nobody expected is a plain failure."""
    assert of_error(error) == code


def caused_by(cause: Exception | None) -> IncompleteDataError:
    """An error that says that too much is missing, because of another one."""
    error = IncompleteDataError("400 of 507 are missing")
    error.__cause__ = cause
    return error


def test_incomplete_data_counts_as_what_made_it_so() -> None:
    """The reason is what the user can act on; without one it is a plain failure."""
    assert of_error(caused_by(AuthError("refused"))) is ExitCode.NOT_LOGGED_IN
    assert of_error(caused_by(None)) is ExitCode.FAILED


def test_a_run_without_failures_is_ok_or_partial() -> None:
    """Hits and collected datasets are fine; missing items are told by the code."""
    fine = [result("accounts"), result("symbols", DatasetStatus.HIT)]
    assert of_run(summary(*fine)) is ExitCode.OK
    partial = result("quotes", DatasetStatus.PARTIAL, missing={"X": lost()})
    assert of_run(summary(*fine, partial)) is ExitCode.PARTIAL
    assert decisive_failure([*fine, partial]) is None


def test_the_failure_that_the_user_can_act_on_first_decides() -> None:
    """A refused login beats what only follows from it, wherever it stands."""
    refused = result("symbols", FAILED, error=caused_by(AuthError("refused")))
    follows = result("quotes", FAILED, error=DataError("quotes needs symbols"))
    unknown = result("eod_data", FAILED)
    for order in ([refused, follows, unknown], [unknown, follows, refused]):
        assert of_run(summary(*order)) is ExitCode.NOT_LOGGED_IN
        assert decisive_failure(order) is refused


def test_a_symbol_that_the_service_does_not_know_is_no_misuse() -> None:
    """Only what the command line itself cannot mean is a usage error."""
    failed = result("symbols", FAILED, error=caused_by(UnknownSymbolError("no NOPE")))
    assert of_run(summary(failed)) is ExitCode.FAILED


def test_a_repair_is_told_by_what_remains() -> None:
    """Anything wrong still is 8; else it is as for a run: a failure, missing items, or fine."""
    partial = result("quotes", DatasetStatus.PARTIAL, missing={"X": lost()})
    failed = result("quotes", FAILED, error=ServerError("x", status=503))
    codes = [
        of_repair(Repair(found=(FINDING,), done=(), results=results, remaining=remaining))
        for results, remaining in [
            ((), ()),
            ((partial,), ()),
            ((partial, failed), ()),
            ((), (FINDING,)),
            ((failed,), (FINDING,)),
        ]
    ]
    assert codes == [0, 3, 6, 8, 8]
