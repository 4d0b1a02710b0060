# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Policies: how patient, how quick and how careful the client is."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import attrs
from attrs.validators import and_, deep_mapping, ge, gt, instance_of, le, matches_re

from ttapi_client.dxlink.policy import FeedPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ttapi_core.settings import Settings

_LOCAL_STARTS_A_SECOND: Final = 1_000
# The service does not publish its limits; bursts of 30 at 10 a second were seen to pass (API facts 1.7).
# Nor does it name limits of single endpoints: so there are none by default, and a 429 teaches the rest.
_REMOTE_STARTS_A_SECOND: Final = 10
_DAY_SECONDS: Final = 86_400.0
_MANY: Final = 1_000_000_000


def _count(least: int, most: int = _MANY) -> Callable[[object, attrs.Attribute[int], int], None]:
    return and_(instance_of(int), ge(least), le(most))


def _span(*, may_be_none: bool = False) -> Callable[[object, attrs.Attribute[float], float], None]:
    """Seconds, up to a day; neither infinite nor NaN, which no comparison holds for."""
    return and_(ge(0) if may_be_none else gt(0), le(_DAY_SECONDS))


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """
    When and how often a request is sent again; spans in seconds.

    Examples
    --------
    >>> RetryPolicy(attempts=0)
    Traceback (most recent call last):
    ...
    ValueError: 'attempts' must be >= 1: 0
    """

    attempts: int = attrs.field(default=3, validator=_count(1, 100))  # sends, the first included
    first_wait_seconds: float = attrs.field(default=0.5, validator=_span(may_be_none=True))
    """Doubled for each further one; of each, a random part is waited (full jitter)."""
    longest_wait_seconds: float = attrs.field(default=20.0, validator=_span(may_be_none=True))
    deadline_seconds: float = attrs.field(default=60.0, validator=_span())
    """From the first send to the end of the last; what a call stands in our own line is not counted."""
    longest_retry_after_seconds: float = attrs.field(default=120.0, validator=_span(may_be_none=True))
    """A Retry-After of more than that is not believed."""
    budget: int = attrs.field(default=500, validator=_count(0))
    """Tokens shared by all requests of a client; a retry costs some, a success earns one."""
    cost: int = attrs.field(default=5, validator=_count(0))
    cost_after_timeout: int = attrs.field(default=10, validator=_count(0))


@attrs.frozen(kw_only=True)
class BreakerPolicy:
    """When a family of endpoints is left alone, and how it is tried again."""

    failures_to_open: int = attrs.field(default=5, validator=_count(1))  # in a row
    open_seconds: float = attrs.field(default=30.0, validator=_span())
    probes: int = attrs.field(default=1, validator=_count(1))  # at once, when half open
    successes_to_close: int = attrs.field(default=1, validator=_count(1))
    probe_timeout_seconds: float = attrs.field(
        default=60.0, validator=_span()
    )  # then its place is free again


@attrs.frozen(kw_only=True)
class RateLimitPolicy:
    """
    Never more than this many starts in any window of that length; fewer for a while after a 429.

    A 429 takes the starts of a window down by a factor, once for all the 429s of a burst; from then on a part
    of ``starts`` comes back with each window that passes.

    Examples
    --------
    Five a second after the first 429, and ten again ten seconds later:

    >>> policy = RateLimitPolicy(starts=10)
    >>> policy.starts * policy.slow_down_factor, policy.starts * policy.recovery_per_window
    (5.0, 0.5)
    """

    starts: int = attrs.field(default=_REMOTE_STARTS_A_SECOND, validator=_count(1))
    window_seconds: float = attrs.field(default=1.0, validator=_span())
    slow_down_factor: float = attrs.field(default=0.5, validator=[gt(0), le(1)])
    """What a 429 leaves of the starts, but never less than one; 1 is not to slow down at all."""
    recovery_per_window: float = attrs.field(default=0.05, validator=[gt(0), le(1)])
    """The part of ``starts`` that comes back with each window."""
    longest_hold_seconds: float = attrs.field(default=120.0, validator=_span(may_be_none=True))
    """For so long at most all starts are held back when a 429 comes with a Retry-After."""


def _own(limits: Mapping[str, RateLimitPolicy]) -> Mapping[str, RateLimitPolicy]:
    """A copy that nobody can change."""
    return MappingProxyType(dict(limits))


@attrs.frozen(kw_only=True)
class Policies:
    """
    All of them for one client.

    Examples
    --------
    Quotes at two a second, within the ten a second that hold for everything together:

    >>> policies = Policies(endpoint_limits={"market-data/by-type": RateLimitPolicy(starts=2)})
    >>> policies.endpoint_limits["market-data/by-type"].starts, policies.rate_limit.starts
    (2, 10)
    """

    retry: RetryPolicy = attrs.field(factory=RetryPolicy, validator=instance_of(RetryPolicy))
    breaker: BreakerPolicy = attrs.field(factory=BreakerPolicy, validator=instance_of(BreakerPolicy))
    rate_limit: RateLimitPolicy = attrs.field(factory=RateLimitPolicy, validator=instance_of(RateLimitPolicy))
    endpoint_limits: Mapping[str, RateLimitPolicy] = attrs.field(
        factory=dict[str, RateLimitPolicy],
        converter=_own,
        validator=deep_mapping(
            key_validator=matches_re(r"[^/{}]+(/[^/{}]+)*"), value_validator=instance_of(RateLimitPolicy)
        ),
    )
    """By family, as ``ClientStatistics.requests`` names them; beside ``rate_limit``, not instead of it."""
    max_in_flight: int = attrs.field(default=100, validator=_count(1))
    timeout_seconds: float = attrs.field(default=30.0, validator=_span())  # for one answer
    connect_timeout_seconds: float = attrs.field(default=10.0, validator=_span())  # of it, for the connection
    longest_answer_bytes: int = attrs.field(default=64 * 2**20, validator=_count(1, 2**40))  # decompressed
    largest_expansion: int = attrs.field(default=100, validator=_count(1))  # of compressed bytes, to one
    deepest_answer: int = attrs.field(
        default=64, validator=_count(1, 1_000)
    )  # objects and lists in one another
    feed: FeedPolicy = attrs.field(factory=FeedPolicy, validator=instance_of(FeedPolicy))

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
        usual_retry = RetryPolicy(attempts=settings.retry_attempts)
        return cls(
            # One answer may always take the whole of its own time.
            retry=attrs.evolve(
                usual_retry, deadline_seconds=max(usual_retry.deadline_seconds, settings.timeout_seconds)
            ),
            rate_limit=RateLimitPolicy(starts=settings.requests_per_second or usual),
            max_in_flight=settings.max_in_flight,
            timeout_seconds=settings.timeout_seconds,
        )
