# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The chain that every request passes: retry, breaker, so many at once, rate limit, send."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from pybreaker import CircuitBreaker, CircuitBreakerListener, CircuitBreakerState

from ttapi_client.logs import bound
from ttapi_client.resilience.breaker import BreakerGate
from ttapi_client.resilience.limiter import SlidingWindow
from ttapi_client.resilience.line import Lane, Line
from ttapi_client.resilience.retry import Retries, RetryBudget
from ttapi_core.errors import CircuitOpenError, RateLimitError, TransportTimeoutError, TTError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ttapi_client.policies import Policies
    from ttapi_client.statistics import ClientStatistics
    from ttapi_core.clock import Clock

T = TypeVar("T")


class _LogChanges(CircuitBreakerListener):
    """Leaves a record whenever a breaker opens or closes."""

    def state_change(
        self, cb: CircuitBreaker, old_state: CircuitBreakerState | None, new_state: CircuitBreakerState
    ) -> None:
        """Called by pybreaker."""
        before = None if old_state is None else old_state.name
        bound(family=cb.name, before=before, after=new_state.name).warning("circuit breaker changed")


class _Road:
    """What one family of endpoints has to itself, or shares with those that have none of their own."""

    __slots__ = ("gate", "lane", "window")

    def __init__(self, gate: BreakerGate, lane: Lane, window: SlidingWindow) -> None:
        self.gate = gate
        self.lane = lane
        self.window = window  # the narrowest that holds for it: a 429 is about that


class Chain:
    """
    One for a client: what is shared by all of its requests lives here.

    A request that starts at once and goes well waits for nothing and makes nothing but its own send.
    """

    def __init__(self, policies: Policies, *, clock: Clock, statistics: ClientStatistics) -> None:
        self._policies = policies
        self._clock = clock
        self._statistics = statistics
        self._budget = RetryBudget(policies.retry.budget)
        # A first send that may take longer than the whole is held to the deadline, too.
        self._first_seconds = (
            policies.retry.deadline_seconds
            if policies.timeout_seconds > policies.retry.deadline_seconds
            else None
        )
        self._line = Line(places=policies.max_in_flight, clock=clock, statistics=statistics)
        self._window = SlidingWindow(policies.rate_limit)
        self._lane = self._line.lane(self._window)
        self._roads: dict[str, _Road] = {}

    async def run(
        self,
        family: str,
        send: Callable[[int], Awaitable[T]],
        *,
        repeatable: bool = True,
        first: bool = False,
    ) -> T:
        """
        Send one request of a family, as often as that makes sense.

        Parameters
        ----------
        family
            Its breaker goes by this, and its rate limit if it has one.
        send
            Makes one attempt, given its number, from 1.
        repeatable
            Whether doing it twice is as good as once; if not, it is sent again only when nothing had left.
        first
            Go before all who stand in line, as a renewal of the token does.

        Raises
        ------
        TTError
            That of the last attempt that was sent; ``CircuitOpenError`` when none was.
        """
        road = self._roads.get(family) or self._new_road(family)
        retries: Retries | None = None
        cause: TTError | None = None  # of the last send
        seconds = self._first_seconds
        number = 1
        while True:
            try:
                permit = road.gate.admit()
                started_at = self._line.start(road.lane)
                if started_at is None:
                    started_at = await self._start_in_turn(road, permit, first=first)
            except CircuitOpenError:
                if cause is None:
                    raise
                # What the service said tells more than that we then stopped asking.
                raise cause from None
            self._statistics.sent(family)
            self._statistics.retries += number > 1
            try:
                result = await (send(number) if seconds is None else _in_time(send(number), family, seconds))
            except BaseException as error:
                now = self._clock.monotonic()
                self._ended(road, permit, error, started_at=started_at, now=now)
                if not isinstance(error, TTError):
                    raise
                if retries is None:
                    retries = Retries(self._policies.retry, self._budget, repeatable=repeatable)
                wait_seconds = retries.seconds_before_next(error, now - started_at)
                if wait_seconds is None:
                    raise
                cause, seconds = error, retries.seconds_left
            else:
                self._statistics.answered()
                self._line.leave()
                road.gate.succeeded(permit)
                self._budget.earn()
                return result
            await self._clock.sleep(wait_seconds)
            number += 1

    def breaker_states(self) -> dict[str, str]:
        """The state of each breaker that has been used."""
        return {family: road.gate.state for family, road in self._roads.items()}

    async def _start_in_turn(self, road: _Road, permit: int, *, first: bool) -> float:
        try:
            return await self._line.start_in_turn(
                road.lane, first=first, confirm=partial(road.gate.confirm, permit)
            )
        except BaseException as error:
            road.gate.ended(permit, error)
            raise

    def _ended(
        self, road: _Road, permit: int, error: BaseException, *, started_at: float, now: float
    ) -> None:
        """A send came to nothing."""
        is_known = False
        if isinstance(error, RateLimitError):
            # A burst of 429s is one signal to the limiter, and so one failure to the breaker: or it would
            # open, and refuse all who wait, where going slower is enough.
            is_known = not road.window.slow_down(
                now, started_at=started_at, retry_after_seconds=error.retry_after_seconds
            )
        before = road.gate.state
        road.gate.ended(permit, error, is_known=is_known)
        if road.gate.state != before:
            self._line.wake(road.lane)
        self._statistics.answered()
        self._line.leave()

    def _new_road(self, family: str) -> _Road:
        gate = BreakerGate(family, self._policies.breaker, clock=self._clock, listeners=[_LogChanges()])
        limit = self._policies.endpoint_limits.get(family)
        if limit is None:
            road = _Road(gate, self._lane, self._window)
        else:
            window = SlidingWindow(limit)
            road = _Road(gate, self._line.lane(self._window, window), window)
        self._roads[family] = road
        return road


async def _in_time(answer: Awaitable[T], family: str, seconds: float) -> T:
    """The answer, if it comes within what is left of the deadline."""
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await answer
    except TimeoutError:
        if not limit.expired():
            raise
        raise TransportTimeoutError(f"{family}: no answer within the time for all attempts") from None
