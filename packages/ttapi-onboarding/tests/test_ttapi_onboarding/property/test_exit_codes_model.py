# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What holds for the exit code of every run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, strategies as st

from test_ttapi_onboarding.runs import lost, result, summary
from ttapi_core.errors import (
    AuthError,
    CircuitOpenError,
    ConfigError,
    CorruptFileError,
    DataError,
    IncompleteDataError,
    LockedError,
    TTError,
    UnknownDatasetError,
    UnknownSymbolError,
)
from ttapi_onboarding.exit_codes import ExitCode, decisive_failure, of_run
from ttapi_platform.run_summary import DatasetStatus

if TYPE_CHECKING:
    from ttapi_platform.run_summary import DatasetResult


def incomplete(cause: TTError) -> TTError:
    """An error that something else caused."""
    error = IncompleteDataError("too much is missing")
    error.__cause__ = cause
    return error


errors = st.sampled_from(
    [
        AuthError("x"),
        CircuitOpenError("x", retry_in_seconds=1.0),
        ConfigError(["x"]),
        CorruptFileError("x", path=Path("lake")),
        DataError("x"),
        IncompleteDataError("x"),
        LockedError("x", path=Path("lake")),
        UnknownDatasetError("x"),
        UnknownSymbolError("x"),
    ]
)
failures = st.one_of(st.none(), errors, errors.map(incomplete))
results: st.SearchStrategy[DatasetResult] = st.one_of(
    st.sampled_from([DatasetStatus.HIT, DatasetStatus.COLLECTED]).map(
        lambda status: result("quotes", status)
    ),
    # What is missing since an earlier run is missing still, when the dataset is found fresh.
    st.sampled_from([DatasetStatus.HIT, DatasetStatus.PARTIAL]).map(
        lambda status: result("quotes", status, missing={"X": lost()})
    ),
    failures.map(lambda error: result("quotes", DatasetStatus.FAILED, error=error)),
)


@given(st.lists(results, max_size=6))
def test_the_code_tells_failed_partial_and_fine_apart_in_any_order(
    given_results: list[DatasetResult],
) -> None:
    """Zero means that nothing is wrong, 3 that items are missing; a failure is never hidden nor misuse."""
    code = of_run(summary(*given_results))
    statuses = {each.status for each in given_results}
    if DatasetStatus.FAILED in statuses:
        assert code not in {ExitCode.OK, ExitCode.PARTIAL, ExitCode.USAGE}
        assert decisive_failure(given_results) is not None
    else:
        lacking = any(each.missing for each in given_results)
        assert code is (ExitCode.PARTIAL if lacking else ExitCode.OK)
    assert of_run(summary(*reversed(given_results))) is code


@given(st.lists(results, max_size=6), failures)
def test_one_more_failure_never_makes_a_run_look_better(
    given_results: list[DatasetResult], error: TTError | None
) -> None:
    """Once failed, failed, whatever else is added."""
    more = [*given_results, result("accounts", DatasetStatus.FAILED, error=error)]
    assert of_run(summary(*more)) not in {ExitCode.OK, ExitCode.PARTIAL}
