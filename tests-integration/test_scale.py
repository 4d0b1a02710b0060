# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How much the tests do: the same little at each change, at night far more, and never the same."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import islice

import pytest
import scale
from hypothesis import settings

NIGHT, DAY = settings.get_profile("nightly"), settings.get_profile("ci")
SAYS = (
    "from hypothesis import settings; import scale; "
    "print(settings().max_examples, scale.scale(1, long=2), next(scale.seeds()))"
)


def run(**variables: str) -> list[str]:
    """Number of examples, scale and first seed of a process with these variables."""
    kept = {name: text for name, text in os.environ.items() if name not in {"HYPOTHESIS_PROFILE", "CI"}}
    kept.pop("TTAPI_TEST_SCALE", None)
    environment = {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **variables}
    done = subprocess.run(
        [sys.executable, "-c", SAYS], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@pytest.mark.parametrize("variables", [{}, {"CI": "true"}, {"HYPOTHESIS_PROFILE": "ci"}])
def test_a_change_is_judged_by_the_same_examples_everywhere(variables: dict[str, str]) -> None:
    """On a service that says of itself that it is one, too, for which Hypothesis has settings of its own."""
    assert run(**variables) == [str(DAY.max_examples), "1", "0"]
    assert DAY.derandomize


@pytest.mark.parametrize(
    ("variables", "factor"), [({"TTAPI_TEST_SCALE": "long"}, "2"), ({"HYPOTHESIS_PROFILE": "nightly"}, "1")]
)
def test_a_night_has_examples_of_its_own(variables: dict[str, str], factor: str) -> None:
    """In two runs not the same ones; the other figures are long where that is asked for."""
    (*first, seed), (*second, other) = run(**variables), run(**variables)
    assert first == second == [str(NIGHT.max_examples), factor]
    assert seed != other
    assert not NIGHT.derandomize


def test_a_night_has_at_least_ten_times_the_examples() -> None:
    """For whatever says how many it wants, as for what does not."""
    assert NIGHT.max_examples >= 10 * DAY.max_examples
    assert scale.examples(times=4).max_examples == 4 * settings().max_examples


def test_rounds_have_different_seeds() -> None:
    """Else a machine that runs until it has seen enough would see the same for ever."""
    assert len(set(islice(scale.seeds(), 100))) == 100
