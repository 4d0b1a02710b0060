# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Retry, decision by decision: whether there is a next send, after how long, and what it costs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ttapi_client.policies import RetryPolicy
from ttapi_client.resilience.retry import Retries, RetryBudget, parse_retry_after
from ttapi_core.errors import (
    AuthError,
    RateLimitError,
    ServerError,
    TransportError,
    TransportTimeoutError,
    TTError,
)

NOW = datetime(2026, 8, 24, 18, 0, tzinfo=UTC)
DOWN = ServerError("down", status=503)
LATE = TransportTimeoutError("late")


def whole(seconds: float) -> float:
    """No jitter: the longest wait."""
    return seconds


def retries(
    policy: RetryPolicy | None = None, budget: RetryBudget | None = None, *, repeatable: bool = True
) -> Retries:
    """Of one request, with a budget that is large enough unless the test gives one."""
    wanted = policy or RetryPolicy(attempts=10)
    return Retries(wanted, budget or RetryBudget(1_000), repeatable=repeatable, jitter=whole)


@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_there_are_as_many_sends_as_the_policy_says(attempts: int) -> None:
    """The first included, so one fewer wait."""
    mine = retries(RetryPolicy(attempts=attempts))
    waits = [mine.seconds_before_next(DOWN, 0.0) for _ in range(attempts)]
    assert None not in waits[:-1]
    assert waits[-1] is None


def test_the_waits_double_from_the_first_to_the_longest() -> None:
    """Then they stay."""
    mine = retries(RetryPolicy(attempts=9, first_wait_seconds=0.25, longest_wait_seconds=3.0))
    waits = [mine.seconds_before_next(DOWN, 0.0) for _ in range(6)]
    assert waits == [0.25, 0.5, 1.0, 2.0, 3.0, 3.0]


def test_a_wait_is_a_random_part_of_the_longest_unless_said_otherwise() -> None:
    """Full jitter: of 200 first waits none is longer than a second, and they differ."""
    policy = RetryPolicy(first_wait_seconds=1.0)
    waits = [
        Retries(policy, RetryBudget(500), repeatable=True).seconds_before_next(DOWN, 0.0) for _ in range(200)
    ]
    assert all(wait is not None and 0.0 <= wait <= 1.0 for wait in waits)
    assert len(set(waits)) > 100


@pytest.mark.parametrize(
    "error",
    [
        RateLimitError("many", retry_after_seconds=7.0),
        ServerError("down", status=503, retry_after_seconds=7.0),
    ],
)
def test_what_the_service_asks_for_is_waited_instead(error: TTError) -> None:
    """Also when that is less than what would be waited else."""
    assert retries().seconds_before_next(error, 0.0) == 7.0
    patient = retries(RetryPolicy(first_wait_seconds=19.0))
    assert patient.seconds_before_next(error, 0.0) == 7.0


def test_a_wait_that_the_service_asks_for_is_no_longer_than_is_believed() -> None:
    """An hour is not."""
    mine = retries(RetryPolicy(longest_retry_after_seconds=30.0))
    error = RateLimitError("many", retry_after_seconds=3_600.0)
    assert mine.seconds_before_next(error, 0.0) == 30.0


def test_a_429_that_asks_for_nothing_waits_as_usual() -> None:
    """Half a second, the first of the usual policy."""
    assert retries().seconds_before_next(RateLimitError("many"), 0.0) == 0.5


def test_a_service_that_asks_for_no_wait_at_all_gets_none() -> None:
    """Zero is a number of seconds, not nothing."""
    error = RateLimitError("many", retry_after_seconds=0.0)
    assert retries().seconds_before_next(error, 0.0) == 0.0


def test_waits_that_the_service_asked_for_do_not_hold_up_the_doubling() -> None:
    """The wait after is that of its number."""
    mine = retries()
    mine.seconds_before_next(RateLimitError("many", retry_after_seconds=1.0), 0.0)
    assert mine.seconds_before_next(DOWN, 0.0) == 1.0


def test_the_time_of_sends_and_waits_is_taken_from_the_deadline() -> None:
    """And what is left is told."""
    mine = retries(RetryPolicy(attempts=9, deadline_seconds=30.0, first_wait_seconds=1.0))
    assert mine.seconds_left == 30.0
    mine.seconds_before_next(DOWN, 4.0)
    assert mine.seconds_left == 25.0
    mine.seconds_before_next(DOWN, 3.0)
    assert mine.seconds_left == 20.0


def test_a_millisecond_that_is_left_is_enough_for_a_send_and_less_is_not() -> None:
    """Exactly."""
    enough = RetryPolicy(deadline_seconds=0.001, first_wait_seconds=0.0)
    assert retries(enough).seconds_before_next(DOWN, 0.0) == 0.0
    less = RetryPolicy(deadline_seconds=0.0009, first_wait_seconds=0.0)
    assert retries(less).seconds_before_next(DOWN, 0.0) is None


def test_an_error_that_comes_again_anyway_is_not_repeated() -> None:
    """And costs nothing."""
    budget = RetryBudget(5)
    assert retries(budget=budget).seconds_before_next(AuthError("who"), 0.0) is None
    assert budget.spend(5)


@pytest.mark.parametrize("error", [DOWN, LATE, TransportError("lost"), RateLimitError("many")])
def test_what_must_not_happen_twice_is_not_repeated_when_it_may_have_happened(error: TTError) -> None:
    """Such as an order that had left."""
    assert retries(repeatable=False).seconds_before_next(error, 0.0) is None


def test_what_must_not_happen_twice_is_repeated_when_nothing_had_left() -> None:
    """There was no connection."""
    error = TransportError("refused", sent=False)
    assert retries(repeatable=False).seconds_before_next(error, 0.0) == 0.5


@pytest.mark.parametrize(("error", "cost"), [(DOWN, 3), (TransportError("lost"), 3), (LATE, 7)])
def test_a_retry_costs_what_the_policy_says(error: TTError, cost: int) -> None:
    """More after a timeout."""
    policy = RetryPolicy(attempts=9, cost=3, cost_after_timeout=7)
    budget = RetryBudget(20)
    assert retries(policy, budget).seconds_before_next(error, 0.0) is not None
    assert not budget.spend(20 - cost + 1)
    assert budget.spend(20 - cost)


def test_without_budget_there_is_no_retry() -> None:
    """The tokens of one are there, those of two are not."""
    mine = retries(RetryPolicy(attempts=9, cost=5), RetryBudget(9))
    assert mine.seconds_before_next(DOWN, 0.0) is not None
    assert mine.seconds_before_next(DOWN, 0.0) is None


@pytest.mark.parametrize("policy", [RetryPolicy(attempts=1), RetryPolicy(deadline_seconds=0.0001)])
def test_a_retry_that_is_not_made_costs_nothing(policy: RetryPolicy) -> None:
    """Because it was the last, or is too late."""
    budget = RetryBudget(5)
    assert retries(policy, budget).seconds_before_next(DOWN, 0.0) is None
    assert budget.spend(5)


def test_a_budget_gives_out_what_it_holds_and_no_more() -> None:
    """What is refused takes nothing."""
    budget = RetryBudget(8)
    assert not budget.spend(9)
    assert budget.spend(6)
    assert not budget.spend(3)
    assert budget.spend(2)
    assert not budget.spend(1)


def test_a_success_earns_one_token_up_to_what_there_was() -> None:
    """A budget never grows beyond that."""
    budget = RetryBudget(3)
    budget.earn()
    assert not budget.spend(4)
    assert budget.spend(3)
    budget.earn()
    budget.earn()
    assert not budget.spend(3)
    assert budget.spend(2)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("  120 ", 120.0),
        ("123456789", 123_456_789.0),
        ("1234567890", 123_456_789.0),  # no number is so long that it becomes infinite
        ("Mon, 24 Aug 2026 18:01:30 GMT", 90.0),
        ("Mon, 24 Aug 2026 17:59:00 GMT", 0.0),
        ("Mon, 24 Aug 2026 20:01:00 +0200", 60.0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("\u00b2", None),  # a digit to Python, but no number
        ("\u0667", None),  # as this one, which float() would read
    ],
)
def test_a_retry_after_is_read_as_seconds_or_as_a_date(header: str | None, seconds: float | None) -> None:
    """A date that has passed is now; anything else is nothing."""
    assert parse_retry_after(header, now=NOW) == seconds
