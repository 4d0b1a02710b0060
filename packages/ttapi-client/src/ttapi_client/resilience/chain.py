# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The chain that every request passes: retry, breaker, so many at once, rate limit, send."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from pybreaker import CircuitBreaker, CircuitBreakerListener, CircuitBreakerState

from ttapi_client.logs import bound
from ttapi_client.resilience.breaker import BreakerGate, Permit
from ttapi_client.resilience.limiter import SlidingWindowLimiter
from ttapi_client.resilience.line import Line
from ttapi_client.resilience.retry import Retry

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


class Chain:
    """One for a client: what is shared by all of its requests lives here."""

    def __init__(self, policies: Policies, *, clock: Clock, statistics: ClientStatistics) -> None:
        self._policies = policies
        self._clock = clock
        self._statistics = statistics
        self._retry = Retry(policies.retry, clock=clock)
        self._limiter = SlidingWindowLimiter(policies.rate_limit, clock=clock)
        self._line = Line()
        self._places = asyncio.Semaphore(policies.max_in_flight)
        self._gates: dict[str, BreakerGate] = {}

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
            Its breaker goes by this.
        send
            Makes one attempt, given its number.
        repeatable
            Whether doing it twice is as good as once.
        first
            Go before all who stand in line, as a renewal of the token does.

        Raises
        ------
        TTError
            That of the last attempt, or ``CircuitOpenError``.
        """
        gate = self._gate(family)
        in_line_seconds = 0.0

        async def attempt(number: int) -> T:
            nonlocal in_line_seconds
            if number > 1:
                self._statistics.retries += 1
            with gate.call() as permit:
                in_line_seconds += await self._start(gate, permit, first=first)
                self._statistics.sent(family)
                try:
                    return await send(number)
                finally:
                    self._statistics.answered()
                    self._places.release()

        return await self._retry.run(attempt, repeatable=repeatable, waited_seconds=lambda: in_line_seconds)

    async def _start(self, gate: BreakerGate, permit: Permit, *, first: bool) -> float:
        """Take a place, which the caller gives back, and say for how many seconds that took."""
        came_at = self._clock.monotonic()
        await self._line.take_turn(first=first)
        try:
            await self._places.acquire()
            try:
                # Before the window, too: calls that are not to be sent any more do not hold up the others.
                gate.confirm(permit)
                # Last, for it is the moment of sending that the window counts: calls that had started
                # already and then waited for a place would all leave at once when places fall free.
                if await self._limiter.wait_for_start():
                    self._statistics.limiter_waits += 1
                gate.confirm(permit)
            except BaseException:
                self._places.release()
                raise
        finally:
            self._line.pass_on()
        return self._clock.monotonic() - came_at

    def breaker_states(self) -> dict[str, str]:
        """The state of each breaker that has been used."""
        return {family: gate.state for family, gate in self._gates.items()}

    def _gate(self, family: str) -> BreakerGate:
        if family not in self._gates:
            self._gates[family] = BreakerGate(
                family, self._policies.breaker, clock=self._clock, listeners=[_LogChanges()]
            )
        return self._gates[family]
