# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Policies: what follows from the settings, and that no figure is beyond sense."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import attrs
import pytest

from ttapi_client.policies import BreakerPolicy, Policies, RateLimitPolicy, RetryPolicy
from ttapi_core.settings import Environment, Settings

KINDS = (RetryPolicy, BreakerPolicy, RateLimitPolicy, Policies)
FIGURES = [
    (kind, field.name)
    for kind in KINDS
    for field in attrs.fields(kind)
    if isinstance(field.default, int | float)
]


@pytest.mark.parametrize(("kind", "name"), FIGURES)
@pytest.mark.parametrize("value", [-1, nan, inf, -inf, 1e300, "1", None])
def test_no_figure_is_negative_infinite_or_no_number(kind: type[Any], name: str, value: Any) -> None:
    """Of any policy: such a one would show as a client that hangs or storms."""
    with pytest.raises((ValueError, TypeError)):
        kind(**{name: value})


@pytest.mark.parametrize(("kind", "name"), FIGURES)
def test_every_default_is_allowed_and_may_be_given(kind: type[Any], name: str) -> None:
    """And counts are whole numbers."""
    default = getattr(kind(), name)
    assert kind(**{name: default}) == kind()
    if isinstance(default, int):
        with pytest.raises(TypeError):
            kind(**{name: default + 0.5})


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (RetryPolicy, {"attempts": 0}),
        (RetryPolicy, {"deadline_seconds": 0}),
        (BreakerPolicy, {"probes": 0}),
        (BreakerPolicy, {"open_seconds": 0}),
        (RateLimitPolicy, {"starts": 0}),
        (RateLimitPolicy, {"window_seconds": 0}),
        (RateLimitPolicy, {"slow_down_factor": 0}),
        (RateLimitPolicy, {"slow_down_factor": 1.1}),
        (RateLimitPolicy, {"recovery_per_window": 0}),
        (Policies, {"max_in_flight": 0}),
        (Policies, {"retry": BreakerPolicy()}),
        (Policies, {"endpoint_limits": {"/market-data/by-type": RateLimitPolicy()}}),
        (Policies, {"endpoint_limits": {"instruments/equities/{symbol}": RateLimitPolicy()}}),
        (Policies, {"endpoint_limits": {"": RateLimitPolicy()}}),
        (Policies, {"endpoint_limits": {"market-data/by-type": 5}}),
    ],
)
def test_what_cannot_work_is_refused(kind: type[Any], values: dict[str, Any]) -> None:
    """Zero where something has to be, and a limit for a family that can never come."""
    with pytest.raises((ValueError, TypeError)):
        kind(**values)


def test_limits_of_endpoints_cannot_be_changed_from_outside() -> None:
    """The mapping is a copy, and read only."""
    limits = {"market-data/by-type": RateLimitPolicy(starts=2)}
    policies = Policies(endpoint_limits=limits)
    limits.clear()
    assert policies.endpoint_limits["market-data/by-type"].starts == 2
    with pytest.raises(TypeError):
        policies.endpoint_limits["x"] = RateLimitPolicy()  # type: ignore[index]
    assert not Policies().endpoint_limits


def test_the_settings_decide_what_they_name() -> None:
    """And the rest follows from the environment."""
    local = Policies.of(Settings(environment=Environment.SANDBOX))
    remote = Policies.of(Settings(environment=Environment.PRODUCTION))
    assert (local.rate_limit.starts, remote.rate_limit.starts) == (1_000, 10)
    told = Policies.of(
        Settings(requests_per_second=7, retry_attempts=5, max_in_flight=20, timeout_seconds=12.0)
    )
    assert (told.rate_limit.starts, told.retry.attempts, told.max_in_flight) == (7, 5, 20)
    assert (told.timeout_seconds, told.retry.deadline_seconds) == (12.0, 60.0)


def test_one_answer_may_always_take_its_whole_time() -> None:
    """Whoever allows an answer five minutes does not have it cut off after one."""
    assert Policies.of(Settings(timeout_seconds=300.0)).retry.deadline_seconds == 300.0
