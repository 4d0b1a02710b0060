# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Retry: when a failed request is sent again, and after how long.

The one face of ``backoff``, of which the waits and the jitter are used: its decorators sleep and measure on
clocks of their own, ours are injected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import backoff

from ttapi_client.logs import bound
from ttapi_client.server_time import http_date
from ttapi_core.errors import RateLimitError, ServerError, TransportError, TransportTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ttapi_client.policies import RetryPolicy
    from ttapi_core.errors import TTError


_SHORTEST_SEND_SECONDS: Final = 0.001


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
        if self._tokens < self._most:
            self._tokens += 1


class Retries:
    """
    The further sends of one request; made when the first has failed, so that the others pay nothing for it.

    Time counts while the request is on its way or waits to be repeated, not while it stands in our own line:
    or the last of a long line would never be repeated.

    Parameters
    ----------
    policy
        How many, and after how long.
    budget
        That of the client.
    repeatable
        Whether doing it twice is as good as once; if not, it is sent again only when nothing had left.
    jitter
        Makes a random wait of the longest one.
    """

    def __init__(
        self,
        policy: RetryPolicy,
        budget: RetryBudget,
        *,
        repeatable: bool,
        jitter: Callable[[float], float] = backoff.full_jitter,
    ) -> None:
        self._policy = policy
        self._budget = budget
        self._repeatable = repeatable
        self._jitter = jitter
        self._waits = backoff.expo(factor=policy.first_wait_seconds, max_value=policy.longest_wait_seconds)
        next(self._waits)  # the generator's first value is for backoff's own use
        self._sent = 0
        self.seconds_left = policy.deadline_seconds

    def seconds_before_next(self, error: TTError, took_seconds: float) -> float | None:
        """
        How long to wait before the next send; ``None`` when there is to be none.

        Parameters
        ----------
        error
            What the last send came to.
        took_seconds
            For how long that was on its way.
        """
        self._sent += 1
        seconds = self._wait_seconds(error)
        self.seconds_left -= took_seconds + seconds
        is_late = self.seconds_left < _SHORTEST_SEND_SECONDS
        if is_late or self._sent >= self._policy.attempts or not self._is_worth_it(error):
            return None
        bound(attempt=self._sent, code=error.code, wait_seconds=round(seconds, 3)).info("request retried")
        return seconds

    def _is_worth_it(self, error: TTError) -> bool:
        if not error.retryable:
            return False
        if not self._repeatable and not (isinstance(error, TransportError) and not error.sent):
            return False
        timed_out = isinstance(error, TransportTimeoutError)
        return self._budget.spend(self._policy.cost_after_timeout if timed_out else self._policy.cost)

    def _wait_seconds(self, error: TTError) -> float:
        usual = self._jitter(next(self._waits))
        if isinstance(error, RateLimitError | ServerError) and error.retry_after_seconds is not None:
            return min(error.retry_after_seconds, self._policy.longest_retry_after_seconds)
        return usual


def parse_retry_after(text: str | None, *, now: datetime) -> float | None:
    """
    Seconds that a Retry-After header asks for, as a number or as a date; ``None`` for none or nonsense.

    Parameters
    ----------
    text
        The header.
    now
        By the clock of whoever wrote the date: the ``Date`` of the same answer, if it has one.

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
    instant = http_date(text)
    return None if instant is None else max(0.0, (instant - now).total_seconds())
