# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Policies: how patient, how quick and how careful the client is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
from attrs.validators import ge, gt

from ttapi_client.dxlink.policy import FeedPolicy

if TYPE_CHECKING:
    from ttapi_core.settings import Settings

_LOCAL_STARTS_A_SECOND = 1_000
# The service does not publish its limits; bursts of 30 at 10 a second were seen to pass (API facts 1.7).
_REMOTE_STARTS_A_SECOND = 10


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """When and how often a request is sent again; spans in seconds."""

    attempts: int = attrs.field(default=3, validator=ge(1))  # sends, the first included
    first_wait_seconds: float = attrs.field(default=0.5, validator=ge(0))  # doubled each time, full jitter
    longest_wait_seconds: float = 20.0
    deadline_seconds: float = 60.0  # from the first send to the start of the last
    longest_retry_after_seconds: float = 120.0  # more than that is not believed
    budget: int = 500  # tokens shared by all requests of a client; a retry costs some, a success earns one
    cost: int = 5
    cost_after_timeout: int = 10


@attrs.frozen(kw_only=True)
class BreakerPolicy:
    """When a family of endpoints is left alone, and how it is tried again."""

    failures_to_open: int = attrs.field(default=5, validator=ge(1))  # in a row
    open_seconds: float = attrs.field(default=30.0, validator=gt(0))
    probes: int = attrs.field(default=1, validator=ge(1))  # at once, when half open
    successes_to_close: int = attrs.field(default=1, validator=ge(1))
    probe_timeout_seconds: float = attrs.field(default=60.0, validator=gt(0))  # then its place is free again


@attrs.frozen(kw_only=True)
class RateLimitPolicy:
    """Never more than this many starts in any window of that length."""

    starts: int = attrs.field(default=_REMOTE_STARTS_A_SECOND, validator=ge(1))
    window_seconds: float = attrs.field(default=1.0, validator=gt(0))


@attrs.frozen(kw_only=True)
class Policies:
    """All of them for one client."""

    retry: RetryPolicy = attrs.field(factory=RetryPolicy)
    breaker: BreakerPolicy = attrs.field(factory=BreakerPolicy)
    rate_limit: RateLimitPolicy = attrs.field(factory=RateLimitPolicy)
    max_in_flight: int = attrs.field(default=100, validator=ge(1))
    timeout_seconds: float = attrs.field(default=30.0, validator=gt(0))  # for one answer
    connect_timeout_seconds: float = attrs.field(default=10.0, validator=gt(0))  # of it, for the connection
    longest_answer_bytes: int = attrs.field(default=64 * 2**20, validator=ge(1))  # decompressed
    largest_expansion: int = attrs.field(default=100, validator=ge(1))  # of compressed bytes, to one
    deepest_answer: int = attrs.field(default=64, validator=ge(1))  # objects and lists in one another
    feed: FeedPolicy = attrs.field(factory=FeedPolicy)

    @classmethod
    def of(cls, settings: Settings) -> Policies:
        """
        What the settings ask for.

        Examples
        --------
        >>> from ttapi_core.settings import Environment, Settings
        >>> Policies.of(Settings(environment=Environment.PRODUCTION)).rate_limit.starts
        10
        """
        usual = _LOCAL_STARTS_A_SECOND if settings.environment.is_local else _REMOTE_STARTS_A_SECOND
        return cls(
            retry=RetryPolicy(attempts=settings.retry_attempts),
            rate_limit=RateLimitPolicy(starts=settings.requests_per_second or usual),
            max_in_flight=settings.max_in_flight,
            timeout_seconds=settings.timeout_seconds,
        )
