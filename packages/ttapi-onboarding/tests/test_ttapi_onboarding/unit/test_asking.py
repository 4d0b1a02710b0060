# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the exit code for an answer of several items."""

from __future__ import annotations

import pytest

from ttapi_core.errors import ServerError, UnknownSymbolError
from ttapi_onboarding.asking import exit_code_for
from ttapi_onboarding.exit_codes import ExitCode

UNKNOWN = UnknownSymbolError("no quote")
BROKEN = ServerError("status 500", status=500)


def test_all_came_is_ok() -> None:
    """Nothing asked for, too."""
    assert exit_code_for([1], {}) is exit_code_for([], {}) is ExitCode.OK


@pytest.mark.parametrize("error", [UNKNOWN, BROKEN])
def test_some_came_is_partial(error: UnknownSymbolError | ServerError) -> None:
    """Whatever the reason."""
    assert exit_code_for([1], {"X": error}) is ExitCode.PARTIAL


def test_nothing_but_unknown_symbols_is_failed() -> None:
    """The command line was understood: it is no misuse."""
    assert exit_code_for([], {"X": UNKNOWN}) is ExitCode.FAILED


def test_a_service_that_answers_nothing_is_one_failure() -> None:
    """Raised, so that the exit code says what kind; an unknown symbol beside it changes nothing."""
    with pytest.raises(ServerError):
        exit_code_for([], {"X": UNKNOWN, "Y": BROKEN, "Z": BROKEN})
