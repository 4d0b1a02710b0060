# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tracebacks without frames: nothing that stood in a variable is left below an error or its causes."""

from __future__ import annotations

import traceback

import pytest

from ttapi_client.tracebacks import without_frames
from ttapi_core.errors import TransportError


def send(token: str) -> None:
    """Something below that holds a secret."""
    raise OSError(f"lost after {len(token)} characters")


def request() -> None:
    """Something above, which translates."""
    try:
        send("canary")
    except OSError as error:
        try:
            raise ExceptionGroup("both", [error, ValueError("no")])
        except ExceptionGroup as group:
            raise TransportError("the connection was lost") from group


def written(error: BaseException) -> str:
    """All that a talkative logger would write."""
    found = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "".join(found.format(chain=True))


def test_no_variable_is_left_below_an_error() -> None:
    """Of causes, contexts and groups neither; what they say stays."""
    with pytest.raises(TransportError) as caught:
        request()
    assert "canary" in written(caught.value), "there is something to take away"
    shown = written(without_frames(caught.value))
    assert "canary" not in shown
    assert "the connection was lost" in shown
    assert "lost after 6 characters" in shown


def test_errors_that_came_from_each_other_have_an_end() -> None:
    """Chains may be rings."""
    first, second = ValueError("first"), ValueError("second")
    first.__context__, second.__context__ = second, first
    assert without_frames(first) is first
