# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Outcomes: plain values that are told apart by their class."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError

import pytest

from ttapi_core import Err, Ok, Outcome, TTError
from ttapi_core.errors import NotFoundError


def described(outcome: Outcome[int]) -> str:
    """What a caller does: look at both cases."""
    match outcome:
        case Ok(value):
            return f"value {value}"
        case Err(error):
            return f"error {error}"


def test_both_cases_are_matched_by_position() -> None:
    """``case Ok(value)`` and ``case Err(error)`` take the content apart."""
    assert described(Ok(3)) == "value 3"
    assert described(Err(TTError("no quote"))) == "error no quote"


def test_outcomes_are_values() -> None:
    """Equal content is equal, an Ok is never an Err, and both can be keys."""
    error = TTError("no quote")
    assert Ok(3) == Ok(3) != Ok(4)
    assert Err(error) == Err(error) != Err(TTError("no quote"))
    outcomes: list[Outcome[TTError]] = [Ok(error), Err(error)]
    assert outcomes[0] != outcomes[1]
    assert len({Ok(3), Ok(3), Err(error), Err(error)}) == 2


def test_outcomes_cannot_be_changed() -> None:
    """A result is what it was."""
    with pytest.raises(FrozenInstanceError):
        Ok(3).value = 4  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        Err(TTError("x")).error = TTError("y")  # type: ignore[misc]


def test_outcomes_survive_pickling() -> None:
    """A batch can come back from a worker process, failures included."""
    batch: list[Outcome[int]] = [Ok(3), Err(NotFoundError("no symbol 'NOPE'", status=404))]
    fine, failed = pickle.loads(pickle.dumps(batch))  # noqa: S301 - our own bytes
    assert fine == Ok(3)
    assert described(failed) == "error no symbol 'NOPE'"
