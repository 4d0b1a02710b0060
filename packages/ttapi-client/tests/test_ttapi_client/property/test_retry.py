# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Retry: how often, after how long, and when not at all."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import attrs
from hypothesis import example, given, settings
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

from ttapi_client.policies import RetryPolicy
from ttapi_client.resilience.retry import Retry, RetryBudget, parse_retry_after
from ttapi_core.errors import (
    AuthError,
    CircuitOpenError,
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
    just(CircuitOpenError("open", retry_in_seconds=1.0)),
)
POLICIES = builds(
    RetryPolicy,
    attempts=integers(1, 6),
    first_wait_seconds=floats(0, 4),
    longest_wait_seconds=floats(0, 20),
    deadline_seconds=floats(0, 300),
    longest_retry_after_seconds=floats(0, 120),
    budget=integers(0, 60),
)


@settings(max_examples=300, deadline=None)
@given(policy=POLICIES, script=lists(TROUBLE, max_size=8), repeatable=booleans())
def test_every_run_keeps_to_its_policy(policy: RetryPolicy, script: list[TTError], repeatable: bool) -> None:
    """Attempts, deadline, waits and budget, whatever the service says."""
    clock, sent = LeapingClock(), list[int]()

    async def send(number: int) -> str:
        sent.append(number)
        if number <= len(script):
            raise script[number - 1]
        return "answer"

    ended: object = None
    try:
        ended = asyncio.run(Retry(policy, clock=clock).run(send, repeatable=repeatable))
    except TTError as caught:
        ended = caught
    results: list[object] = [*script, "answer"]
    # Where a breaker opened between two sends, the error that opened it is told.
    refused_later = isinstance(results[len(sent) - 1], CircuitOpenError) and len(sent) > 1
    assert ended is results[len(sent) - 1 - refused_later]
    repeated = script[: len(sent) - 1]
    assert sent == list(range(1, len(sent) + 1))
    assert len(sent) <= policy.attempts
    assert clock.elapsed <= policy.deadline_seconds
    assert len(clock.slept) == len(repeated)
    assert sum(10 if error is TIMEOUT else 5 for error in repeated) <= policy.budget
    for seconds, error in zip(clock.slept, repeated, strict=True):
        assert error.retryable
        assert not isinstance(error, CircuitOpenError)
        assert repeatable or error is UNSENT
        if isinstance(error, RateLimitError) and error.retry_after_seconds is not None:
            assert seconds == min(error.retry_after_seconds, policy.longest_retry_after_seconds)
        else:
            assert seconds <= policy.longest_wait_seconds


@given(waits=integers(1, 12))
def test_the_waits_double_up_to_the_longest(waits: int) -> None:
    """Half a second, one, two, and so on to twenty, each the upper end of the jitter."""
    clock = LeapingClock()
    policy = RetryPolicy(attempts=waits + 1, deadline_seconds=1e6)

    async def send(number: int) -> None:
        if number <= waits:
            raise SERVER

    asyncio.run(Retry(policy, clock=clock, jitter=lambda seconds: seconds).run(send, repeatable=True))
    assert clock.slept == [min(20.0, 0.5 * 2**number) for number in range(waits)]


async def test_a_service_that_is_down_gets_hardly_more_than_the_calls() -> None:
    """10,000 calls to a dead service: the budget for retries is spent once."""
    clock, sent = LeapingClock(), list[int]()
    retry = Retry(RetryPolicy(), clock=clock)

    async def send(number: int) -> None:
        sent.append(number)
        raise SERVER

    for _ in range(10_000):
        try:
            await retry.run(send, repeatable=True)
        except ServerError:
            continue
    assert len(sent) == 10_000 + 500 / 5


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
