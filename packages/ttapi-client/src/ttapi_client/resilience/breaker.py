# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
The circuit breaker: an asyncio gate over pybreaker's states, storage and listeners.

pybreaker's own entry points do not fit coroutines (its decorator never opens on them, its context manager
lets every concurrent call through when half open), so they are not used.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import attrs
from pybreaker import (
    STATE_CLOSED,
    STATE_HALF_OPEN,
    STATE_OPEN,
    CircuitBreaker,
    CircuitBreakerListener,
    CircuitMemoryStorage,
)

from ttapi_core.errors import CircuitOpenError, RateLimitError, ServerError, TransportError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ttapi_client.policies import BreakerPolicy
    from ttapi_core.clock import Clock


@attrs.frozen(eq=False)
class Permit:
    """Leave to make one call, given in one period between two changes of state."""

    period: int
    given_at: float  # monotonic seconds


class BreakerGate:
    """
    One family of endpoints: closed, open after failures in a row, half open with a few probes.

    Failures are trouble of the service: no answer, 408, 429 and 5xx. A cancelled call and any other error
    count neither as failure nor as success. A result that arrives after the state has changed, or after a
    probe has lost its place, counts for nothing.
    """

    def __init__(
        self,
        family: str,
        policy: BreakerPolicy,
        *,
        clock: Clock,
        listeners: Sequence[CircuitBreakerListener] = (),
    ) -> None:
        self._family = family
        self._policy = policy
        self._clock = clock
        self._storage = CircuitMemoryStorage(STATE_CLOSED)
        self._circuit = CircuitBreaker(name=family, state_storage=self._storage, listeners=list(listeners))
        self._period = 0
        self._opens_until = 0.0
        self._probes: set[Permit] = set()

    @property
    def state(self) -> str:
        """closed, open or half-open; an open gate turns half open with the first call after its time."""
        return self._circuit.current_state

    @contextmanager
    def call(self) -> Iterator[Permit]:
        """
        Guard one call: nothing is held while it runs.

        Raises
        ------
        CircuitOpenError
            When the call is not to be made now.
        """
        permit = self._admit()
        try:
            yield permit
        except (ServerError, RateLimitError, TransportError):
            self._failed(permit)
            raise
        else:
            self._succeeded(permit)
        finally:
            self._probes.discard(permit)

    def confirm(self, permit: Permit) -> None:
        """
        Ask once more right before sending, for calls that had to wait after they were let in.

        Raises
        ------
        CircuitOpenError
            When the gate has opened since, or tries itself with other calls than this one.
        """
        if self.state != STATE_CLOSED and permit not in self._probes:
            raise self._refusal()

    def _admit(self) -> Permit:
        now = self._clock.monotonic()
        if self.state == STATE_OPEN:
            if now < self._opens_until:
                raise self._refusal()
            self._change_state(STATE_HALF_OPEN)
        permit = Permit(self._period, now)
        if self.state == STATE_HALF_OPEN:
            # A probe that hangs gives up its place after a while.
            hung = {
                probe for probe in self._probes if now >= probe.given_at + self._policy.probe_timeout_seconds
            }
            self._probes -= hung
            if len(self._probes) >= self._policy.probes:
                raise self._refusal()
            self._probes.add(permit)
        return permit

    def _failed(self, permit: Permit) -> None:
        if not self._counts(permit):
            return
        self._storage.increment_counter()
        if self.state == STATE_HALF_OPEN or self._storage.counter >= self._policy.failures_to_open:
            self._opens_until = self._clock.monotonic() + self._policy.open_seconds
            self._change_state(STATE_OPEN)

    def _succeeded(self, permit: Permit) -> None:
        if not self._counts(permit):
            return
        self._storage.reset_counter()
        if self.state == STATE_HALF_OPEN:
            self._storage.increment_success_counter()
            if self._storage.success_counter >= self._policy.successes_to_close:
                self._change_state(STATE_CLOSED)

    def _counts(self, permit: Permit) -> bool:
        if self.state == STATE_HALF_OPEN:
            return permit in self._probes
        return permit.period == self._period

    def _change_state(self, state: str) -> None:
        self._period += 1
        self._probes.clear()
        self._storage.reset_counter()
        self._storage.reset_success_counter()
        self._storage.state = state
        self._circuit.state = state  # tells the listeners; pybreaker leaves the storage to its caller

    def _refusal(self) -> CircuitOpenError:
        seconds = max(0.0, self._opens_until - self._clock.monotonic())
        return CircuitOpenError(
            f"not sent: {self._family} failed too often just now, next try in {seconds:.0f} s",
            retry_in_seconds=seconds,
            hint="wait, then run the command again",
        )
