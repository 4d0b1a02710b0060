# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Exit codes: what a script learns from how the command ended."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

from ttapi_core.errors import (
    AuthError,
    CircuitOpenError,
    ClusterError,
    ConfigError,
    CorruptFileError,
    IncompleteDataError,
    LockedError,
    RateLimitError,
    ServerError,
    TransportError,
    UnknownDatasetError,
    UnknownSymbolError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_platform.repair import Repair
    from ttapi_platform.run_summary import DatasetResult, RunSummary


class ExitCode(IntEnum):
    """Every code that the command ends with, but for signals: 130 after SIGINT, 143 after SIGTERM."""

    OK = 0
    FAILED = 1
    USAGE = 2
    PARTIAL = 3  # done, and some items are missing
    NOT_LOGGED_IN = 4
    CONFIGURATION = 5
    UNAVAILABLE = 6  # the service, or a cluster, does not answer, or not now
    LOCKED = 7  # another process is writing to the lake
    DAMAGED = 8  # what is stored does not stand up to verification


_CODES: Final[tuple[tuple[type[BaseException], ExitCode], ...]] = (
    (UnknownDatasetError, ExitCode.USAGE),
    (UnknownSymbolError, ExitCode.USAGE),
    (AuthError, ExitCode.NOT_LOGGED_IN),
    (ConfigError, ExitCode.CONFIGURATION),
    (CircuitOpenError, ExitCode.UNAVAILABLE),
    (ClusterError, ExitCode.UNAVAILABLE),
    (RateLimitError, ExitCode.UNAVAILABLE),
    (ServerError, ExitCode.UNAVAILABLE),
    (TransportError, ExitCode.UNAVAILABLE),
    (LockedError, ExitCode.LOCKED),
    (CorruptFileError, ExitCode.DAMAGED),
)

# When datasets fail for several reasons, the one that the user can act on first decides.
_MOST_TELLING_FIRST: Final = (
    ExitCode.NOT_LOGGED_IN,
    ExitCode.CONFIGURATION,
    ExitCode.LOCKED,
    ExitCode.UNAVAILABLE,
    ExitCode.DAMAGED,
    ExitCode.FAILED,
)


def of_error(error: BaseException) -> ExitCode:
    """
    The code for an error that ended the command.

    Data that is incomplete because of something else counts as that.

    Examples
    --------
    >>> of_error(AuthError("refused")), of_error(ZeroDivisionError())
    (<ExitCode.NOT_LOGGED_IN: 4>, <ExitCode.FAILED: 1>)
    """
    if isinstance(error, IncompleteDataError) and error.__cause__ is not None:
        return of_error(error.__cause__)
    return next((code for kind, code in _CODES if isinstance(error, kind)), ExitCode.FAILED)


def of_run(summary: RunSummary) -> ExitCode:
    """The code for a run that came to its end."""
    return _of_results(summary.results)


def of_repair(repair: Repair) -> ExitCode:
    """The code for a repair that came to its end: what is still wrong counts more than what is missing."""
    return ExitCode.DAMAGED if repair.remaining else _of_results(repair.results)


def decisive_failure(results: Sequence[DatasetResult]) -> DatasetResult | None:
    """The failed dataset that the exit code speaks of, or ``None`` when none failed."""
    failed = [result for result in results if result.status.value == "failed"]
    return min(failed, key=lambda result: _MOST_TELLING_FIRST.index(_of_failure(result)), default=None)


def _of_results(results: Sequence[DatasetResult]) -> ExitCode:
    decisive = decisive_failure(results)
    if decisive is not None:
        return _of_failure(decisive)
    return ExitCode.PARTIAL if any(result.missing for result in results) else ExitCode.OK


def _of_failure(result: DatasetResult) -> ExitCode:
    code = ExitCode.FAILED if result.error is None else of_error(result.error)
    # A symbol that the service does not know is no misuse of the command.
    return ExitCode.FAILED if code is ExitCode.USAGE else code
