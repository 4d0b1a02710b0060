# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Retry: when a failed request is sent again, and after how long.

The one face of ``backoff``, of which the waits and the jitter are used: its decorators sleep and measure on
clocks of their own, ours are injected.
"""

from __future__ import annotations

import itertools
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

import backoff

from ttapi_client.logs import bound
from ttapi_core.errors import (
    CircuitOpenError,
    RateLimitError,
    ServerError,
    TransportError,
    TransportTimeoutError,
    TTError,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from ttapi_client.policies import RetryPolicy
    from ttapi_core.clock import Clock

T = TypeVar("T")


class RetryBudget:
    """
    Tokens shared by all requests of a client: against a service that is down, retries soon stop.

    Examples
    --------
    >>> budget = RetryBudget(8)
    >>> budget.spend(5), budget.spend(5)
    (True, False)
    """

    def __init__(self, tokens: int) -> None:
        self._most = tokens
        self._tokens = tokens

    def spend(self, tokens: int) -> bool:
        """Pay for a retry, if there is enough."""
        if tokens > self._tokens:
            return False
        self._tokens -= tokens
        return True

    def earn(self) -> None:
        """A request went well."""
        self._tokens = min(self._most, self._tokens + 1)


class Retry:
    """Sends again what may go well later, within attempts, deadline and budget."""

    def __init__(
        self, policy: RetryPolicy, *, clock: Clock, jitter: Callable[[float], float] = backoff.full_jitter
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._jitter = jitter
        self._budget = RetryBudget(policy.budget)

    async def run(
        self,
        send: Callable[[int], Awaitable[T]],
        *,
        repeatable: bool,
        waited_seconds: Callable[[], float] = float,
    ) -> T:
        """
        Call ``send`` with the number of the attempt, from 1, until it goes well or is not worth repeating.

        Parameters
        ----------
        send
            Makes one attempt.
        repeatable
            Whether doing it twice is as good as once; if not, it is sent again only when nothing had left.
        waited_seconds
            For how long the attempts were held back on this side so far: the deadline does not count that,
            or the last of a long line of calls would never be repeated.

        Raises
        ------
        TTError
            That of the last attempt that was sent; ``CircuitOpenError`` when none was.
        """
        began = self._clock.monotonic()
        waits = backoff.expo(
            factor=self._policy.first_wait_seconds, max_value=self._policy.longest_wait_seconds
        )
        next(waits)  # the generator's first value is for backoff's own use
        cause: TTError | None = None
        for attempt in itertools.count(1):
            try:
                result = await send(attempt)
            except CircuitOpenError:
                if cause is None:
                    raise
                # What the service said tells more than that we then stopped asking.
                raise cause from None
            except TTError as error:
                cause = error
                seconds = self._wait_seconds(error, self._jitter(next(waits)))
                elapsed = self._clock.monotonic() - began - waited_seconds()
                late = elapsed + seconds > self._policy.deadline_seconds
                if (
                    attempt >= self._policy.attempts
                    or late
                    or not self._worth_repeating(error, repeatable=repeatable)
                ):
                    raise
                bound(attempt=attempt, code=error.code, wait_seconds=round(seconds, 3)).info(
                    "request retried"
                )
                await self._clock.sleep(seconds)
            else:
                self._budget.earn()
                return result
        raise AssertionError  # pragma: no cover - count never ends

    def _worth_repeating(self, error: TTError, *, repeatable: bool) -> bool:
        if not error.retryable:
            return False
        if not repeatable and not (isinstance(error, TransportError) and not error.sent):
            return False
        timed_out = isinstance(error, TransportTimeoutError)
        return self._budget.spend(self._policy.cost_after_timeout if timed_out else self._policy.cost)

    def _wait_seconds(self, error: TTError, usual: float) -> float:
        if isinstance(error, RateLimitError | ServerError) and error.retry_after_seconds is not None:
            return min(error.retry_after_seconds, self._policy.longest_retry_after_seconds)
        return usual


def parse_retry_after(text: str | None, *, now: datetime) -> float | None:
    """
    Seconds that a Retry-After header asks for, as a number or as a date; ``None`` for none or nonsense.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    >>> parse_retry_after("7", now=now), parse_retry_after("Wed, 01 Jul 2026 12:01:00 GMT", now=now)
    (7.0, 60.0)
    >>> parse_retry_after("soon", now=now) is None
    True
    """
    if text is None:
        return None
    if text.strip().isascii() and text.strip().isdigit():
        return float(text.strip()[:9])
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):  # what the parser of dates says to nonsense
        return None
