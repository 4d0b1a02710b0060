# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
A pytest plugin, and the home of how much the tests do: a sample at each change, much more at night.

``TTAPI_TEST_SCALE=long`` asks for the long form of everything. Hypothesis has a profile for each form:

- ``ci`` draws the same examples in every run. A change is judged by what it changes: it neither fails by an
  example that nobody has seen before nor passes for want of one, and its coverage can be held to a floor.
- ``nightly`` draws others in every run, thirty times as many, and first tries again what failed before.

``HYPOTHESIS_PROFILE=nightly`` gives that profile to tests that are otherwise as short as ever.
"""

from __future__ import annotations

import os
from itertools import count
from random import SystemRandom
from typing import TYPE_CHECKING, Final, TypeVar

from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")

IS_LONG: Final = os.environ.get("TTAPI_TEST_SCALE") == "long"
EXAMPLES: Final = 15
NIGHTLY: Final = 34  # times that many

settings.register_profile(
    "ci",
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    print_blob=True,
    # A busy machine may be slow; how long an example takes is no property of ours.
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "nightly",
    settings(settings.get_profile("ci"), derandomize=False, max_examples=NIGHTLY * EXAMPLES),
    database=settings.get_profile("default").database,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("nightly" if IS_LONG else "ci"))


def scale(sample: T, *, long: T) -> T:
    """Give what is for this run: the long form where it is asked for, the sample in all others."""
    return long if IS_LONG else sample


def examples(*, times: float) -> settings:
    """Settings, and a decorator, for a test that wants another number of examples than most."""
    return settings(max_examples=round(times * settings().max_examples))


def seeds() -> Iterator[int]:
    """Seeds for a machine that runs in rounds until it has seen enough: in ``ci`` always the same."""
    return count(0 if settings().derandomize else SystemRandom().getrandbits(64))
