# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The chain that every request passes: retry, breaker, so many at once, rate limit, send."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from loguru import logger
from pybreaker import CircuitBreaker, CircuitBreakerListener, CircuitBreakerState

from ttapi_client.resilience.breaker import BreakerGate
from ttapi_client.resilience.limiter import SlidingWindowLimiter
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
        logger.bind(family=cb.name, before=before, after=new_state.name).warning("circuit breaker changed")


class Chain:
    """One for a client: what is shared by all of its requests lives here."""

    def __init__(self, policies: Policies, *, clock: Clock, statistics: ClientStatistics) -> None:
        self._policies = policies
        self._clock = clock
        self._statistics = statistics
        self._retry = Retry(policies.retry, clock=clock)
        self._limiter = SlidingWindowLimiter(policies.rate_limit, clock=clock)
        self._places = asyncio.Semaphore(policies.max_in_flight)
        self._gates: dict[str, BreakerGate] = {}

    async def run(self, family: str, send: Callable[[int], Awaitable[T]], *, repeatable: bool = True) -> T:
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

        Raises
        ------
        TTError
            That of the last attempt, or ``CircuitOpenError``.
        """
        gate = self._gate(family)

        async def attempt(number: int) -> T:
            if number > 1:
                self._statistics.retries += 1
            with gate.call() as permit:
                async with self._places:
                    # Last, for it is the moment of sending that the window counts: calls that had started
                    # already and then waited for a place would all leave at once when places fall free.
                    await self._limiter.wait_for_start()
                    gate.confirm(permit)
                    self._statistics.sent(family)
                    try:
                        return await send(number)
                    finally:
                        self._statistics.answered()

        return await self._retry.run(attempt, repeatable=repeatable)

    def breaker_states(self) -> dict[str, str]:
        """The state of each breaker that has been used."""
        return {family: gate.state for family, gate in self._gates.items()}

    def _gate(self, family: str) -> BreakerGate:
        if family not in self._gates:
            self._gates[family] = BreakerGate(
                family, self._policies.breaker, clock=self._clock, listeners=[_LogChanges()]
            )
        return self._gates[family]
