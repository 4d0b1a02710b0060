# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
The circuit breaker: an asyncio gate over pybreaker's states, storage and listeners.

pybreaker's own entry points do not fit coroutines (its decorator never opens on them, its context manager
lets every concurrent call through when half open), so they are not used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
    from collections.abc import Sequence

    from ttapi_client.policies import BreakerPolicy
    from ttapi_core.clock import Clock

# Trouble of the service: no answer, whether or not the request had left; 408, 429 and 5xx.
_FAILURES: Final = (ServerError, RateLimitError, TransportError)


class BreakerGate:
    """
    One family of endpoints: closed, open after failures in a row, half open with a few probes.

    A call asks with ``admit`` and says with the permit it got how it ended; nothing is held in between. A
    cancelled call and any error that is no trouble of the service count neither as failure nor as success. A
    result that comes after the state has changed, or after a probe has lost its place, counts for nothing.
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
        self._last_permit = 0
        self._permit = 0  # of all calls while closed: one for each time that it closes
        self._opens_until = 0.0
        self._probes: dict[int, float] = {}  # permit of each, and when it was given

    @property
    def state(self) -> str:
        """closed, open or half-open; an open gate turns half open with the first call after its time."""
        return self._storage.state

    def admit(self) -> int:
        """
        Let one call in and give it a permit.

        Raises
        ------
        CircuitOpenError
            When the call is not to be made now.
        """
        if self._storage.state == STATE_CLOSED:
            return self._permit
        now = self._clock.monotonic()
        if self._storage.state == STATE_OPEN:
            if now < self._opens_until:
                raise self._refusal()
            self._change_state(STATE_HALF_OPEN)
        # A probe that hangs gives up its place after a while.
        patience = self._policy.probe_timeout_seconds
        self._probes = {permit: at for permit, at in self._probes.items() if now < at + patience}
        if len(self._probes) >= self._policy.probes:
            raise self._refusal()
        permit = self._next_permit()
        self._probes[permit] = now
        return permit

    def confirm(self, permit: int) -> None:
        """
        Ask once more right before sending, for calls that had to wait after they were let in.

        Raises
        ------
        CircuitOpenError
            When the gate has opened since, or tries itself with other calls than this one.
        """
        if self._storage.state != STATE_CLOSED and permit not in self._probes:
            raise self._refusal()

    def succeeded(self, permit: int) -> None:
        """A call went well."""
        if not self._counts(permit):
            return
        self._storage.reset_counter()
        if self._probes.pop(permit, None) is not None:
            self._storage.increment_success_counter()
            if self._storage.success_counter >= self._policy.successes_to_close:
                self._change_state(STATE_CLOSED)

    def ended(self, permit: int, error: BaseException, *, is_known: bool = False) -> None:
        """
        A call came to an error, or to nothing.

        Parameters
        ----------
        permit
            That of the call.
        error
            What it came to.
        is_known
            Whether it says only what another has said already, such as each further 429 of one burst. A
            probe counts nevertheless.
        """
        counts = self._counts(permit)
        is_probe = self._probes.pop(permit, None) is not None
        if not counts or not isinstance(error, _FAILURES) or (is_known and not is_probe):
            return
        self._storage.increment_counter()
        if is_probe or self._storage.counter >= self._policy.failures_to_open:
            self._opens_until = self._clock.monotonic() + self._policy.open_seconds
            self._change_state(STATE_OPEN)

    def _counts(self, permit: int) -> bool:
        return permit == self._permit or permit in self._probes

    def _next_permit(self) -> int:
        self._last_permit += 1
        return self._last_permit

    def _change_state(self, state: str) -> None:
        self._permit = self._next_permit()  # those given before count for nothing
        self._probes.clear()
        self._storage.reset_counter()
        self._storage.reset_success_counter()
        self._storage.state = state
        self._circuit.state = state  # tells the listeners; pybreaker leaves the storage to its caller

    def _refusal(self) -> CircuitOpenError:
        seconds = max(0.0, self._opens_until - self._clock.monotonic())
        when = f"next try in {seconds:.0f} s" if seconds else "others are trying it again right now"
        return CircuitOpenError(
            f"not sent: {self._family} failed too often just now, {when}",
            retry_in_seconds=seconds,
            hint="wait, then run the command again",
        )
