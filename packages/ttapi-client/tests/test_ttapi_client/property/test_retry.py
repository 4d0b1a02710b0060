# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Retry: how often, after how long, and when not at all."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import attrs
from hypothesis import example, given
from hypothesis.strategies import (
    booleans,
    builds,
    datetimes,
    floats,
    integers,
    just,
    lists,
    none,
    one_of,
    text,
)
from scale import examples

from ttapi_client import ClientStatistics, Policies
from ttapi_client.policies import BreakerPolicy, RateLimitPolicy, RetryPolicy
from ttapi_client.resilience.chain import Chain
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


@attrs.define
class LeapingClock:
    """A clock on which sleeping takes no time but its own."""

    elapsed: float = 0.0
    slept: list[float] = attrs.field(factory=list[float])

    def now(self) -> datetime:
        """Wall time."""
        return NOW + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        """Seconds slept."""
        return self.elapsed

    async def sleep(self, seconds: float) -> None:
        """Leap."""
        assert seconds >= 0
        self.slept.append(seconds)
        self.elapsed += seconds


SERVER, TIMEOUT, UNSENT = (
    ServerError("down", status=503),
    TransportTimeoutError("late"),
    TransportError("refused", sent=False),
)
TROUBLE = one_of(
    just(SERVER),
    just(TIMEOUT),
    just(UNSENT),
    builds(
        lambda seconds: RateLimitError("many", retry_after_seconds=seconds), one_of(none(), floats(0, 1e9))
    ),
    just(AuthError("who")),
)
POLICIES = builds(
    RetryPolicy,
    attempts=integers(1, 6),
    first_wait_seconds=floats(0, 4),
    longest_wait_seconds=floats(0, 20),
    deadline_seconds=floats(0.01, 300),
    longest_retry_after_seconds=floats(0, 120),
    budget=integers(0, 60),
)


@examples(times=12)
@given(policy=POLICIES, script=lists(TROUBLE, max_size=8), repeatable=booleans())
def test_every_run_keeps_to_its_policy(policy: RetryPolicy, script: list[TTError], repeatable: bool) -> None:
    """Attempts, deadline, waits and budget, whatever the service says."""
    clock, sent = LeapingClock(), list[int]()
    policies = Policies(
        retry=policy,
        breaker=BreakerPolicy(failures_to_open=1_000),
        rate_limit=RateLimitPolicy(starts=1_000, slow_down_factor=1, longest_hold_seconds=0),
        timeout_seconds=0.01,
    )

    async def send(number: int) -> str:
        sent.append(number)
        if number <= len(script):
            raise script[number - 1]
        return "answer"

    ended: object = None
    chain = Chain(policies, clock=clock, statistics=ClientStatistics())
    try:
        ended = asyncio.run(chain.run("quotes", send, repeatable=repeatable))
    except TTError as caught:
        ended = caught
    results: list[object] = [*script, "answer"]
    assert ended is results[len(sent) - 1]
    repeated = script[: len(sent) - 1]
    assert sent == list(range(1, len(sent) + 1))
    assert len(sent) <= policy.attempts
    assert clock.elapsed <= policy.deadline_seconds
    assert len(clock.slept) == len(repeated)
    assert sum(10 if error is TIMEOUT else 5 for error in repeated) <= policy.budget
    for seconds, error in zip(clock.slept, repeated, strict=True):
        assert error.retryable
        assert repeatable or error is UNSENT
        if isinstance(error, RateLimitError) and error.retry_after_seconds is not None:
            assert seconds == min(error.retry_after_seconds, policy.longest_retry_after_seconds)
        else:
            assert seconds <= policy.longest_wait_seconds


@given(waits=integers(1, 12))
def test_the_waits_double_up_to_the_longest(waits: int) -> None:
    """Half a second, one, two, and so on to twenty, each the upper end of the jitter."""
    policy = RetryPolicy(attempts=waits + 1, deadline_seconds=1_000.0)
    retries = Retries(policy, RetryBudget(500), repeatable=True, jitter=lambda seconds: seconds)
    waited = [retries.seconds_before_next(SERVER, 0.0) for _ in range(waits)]
    assert waited == [min(20.0, 0.5 * 2**number) for number in range(waits)]
    assert retries.seconds_before_next(SERVER, 0.0) is None


def test_time_on_the_way_counts_for_the_deadline() -> None:
    """As the waits do: what is left is for the next send."""
    policy = RetryPolicy(attempts=10, deadline_seconds=30.0, first_wait_seconds=1.0)
    retries = Retries(policy, RetryBudget(500), repeatable=True, jitter=lambda seconds: seconds)
    assert retries.seconds_before_next(SERVER, 10.0) == 1.0
    assert retries.seconds_left == 19.0
    assert retries.seconds_before_next(SERVER, 16.9) == 2.0
    assert retries.seconds_before_next(SERVER, 0.1) is None, "the next wait alone would be too long"


@given(spent=lists(integers(1, 20), max_size=50), earned=integers(0, 50))
def test_a_budget_is_never_overdrawn_nor_overfull(spent: list[int], earned: int) -> None:
    """It gives out no more than it holds and grows no further than it began."""
    budget = RetryBudget(30)
    paid = sum(tokens for tokens in spent if budget.spend(tokens))
    assert paid <= 30
    for _ in range(earned):
        budget.earn()
    left = min(30, 30 - paid + earned)
    assert not budget.spend(left + 1)
    assert budget.spend(left)


@given(seconds=integers(0, 10**9 - 1))
def test_a_number_of_seconds_is_read(seconds: int) -> None:
    """As the header's first form."""
    assert parse_retry_after(f" {seconds} ", now=NOW) == seconds


@given(at=datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0)))  # noqa: DTZ001
def test_a_date_is_read_as_the_time_until_then(at: datetime) -> None:
    """Past dates are now."""
    instant = at.replace(tzinfo=UTC)
    found = parse_retry_after(format_datetime(instant, usegmt=True), now=NOW)
    assert found == max(0.0, (instant - NOW).total_seconds())


@given(header=text(max_size=60))
@example("Wed, 01 Jul 99999999999999999999 12:00:00 GMT")
@example("Wed, 01 Jul 2026 12:00:00 +99999999999999999999")
@example("Wed, 01 Jul 2026 12:00:00 -0000")
@example("9" * 5000)
@example("²")
@example("-5")
@example("")
def test_nonsense_is_no_wait_at_all_and_no_crash(header: str) -> None:
    """Then the usual wait holds."""
    found = parse_retry_after(header, now=NOW)
    assert found is None or found >= 0
