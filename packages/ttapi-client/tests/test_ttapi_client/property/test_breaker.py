# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The circuit breaker against a reference that is too plain to be wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
from hypothesis import settings
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
)
from hypothesis.strategies import sampled_from

from ttapi_client.policies import BreakerPolicy
from ttapi_client.resilience.breaker import BreakerGate, Permit
from ttapi_core.clock import ManualClock
from ttapi_core.errors import (
    AuthError,
    CircuitOpenError,
    DecodeError,
    RateLimitError,
    RejectedError,
    ServerError,
    TransportError,
)

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

POLICY = BreakerPolicy(
    failures_to_open=3, open_seconds=30.0, probes=2, successes_to_close=2, probe_timeout_seconds=60.0
)
FAILURES = [
    ServerError("down", status=503),
    ServerError("slow", status=408),
    RateLimitError("too many"),
    TransportError("lost"),
]
NEUTRAL = [
    RejectedError("no", status=422),
    AuthError("who"),
    DecodeError(path="a", expected="b", found="c"),
    ValueError("ours"),
    KeyboardInterrupt(),
]


@attrs.define(eq=False)
class Call:
    """One call that the gate let in, with what the reference knows of it."""

    guard: AbstractContextManager[Permit]
    permit: Permit
    period: int
    given_at: float


@attrs.define
class Reference:
    """Closed, open, half open, written down again from the promise."""

    now: float = 0.0
    state: str = "closed"
    period: int = 0
    failures: int = 0
    successes: int = 0
    open_until: float = 0.0
    probes: list[float] = attrs.field(factory=list[float])

    def turn(self, state: str) -> None:
        """Begin another state."""
        self.state, self.period = state, self.period + 1
        self.failures = self.successes = 0
        self.probes = []

    def admits(self) -> bool:
        """Whether a call is let in now."""
        if self.state == "open" and self.now >= self.open_until:
            self.turn("half-open")
        if self.state == "half-open":
            self.probes = [at for at in self.probes if self.now < at + POLICY.probe_timeout_seconds]
            if len(self.probes) == POLICY.probes:
                return False
            self.probes.append(self.now)
        return self.state != "open"

    def holds(self, call: Call) -> bool:
        """Whether its result counts."""
        if self.state == "half-open":
            return call.period == self.period and call.given_at in self.probes
        return call.period == self.period

    def fail(self, call: Call) -> None:
        """The call ended with trouble of the service."""
        if self.holds(call):
            self.failures += 1
            if self.state == "half-open" or self.failures == POLICY.failures_to_open:
                self.open_until = self.now + POLICY.open_seconds
                self.turn("open")

    def succeed(self, call: Call) -> None:
        """The call ended well."""
        if self.holds(call):
            self.failures = 0
            self.successes += self.state == "half-open"
            if self.successes == POLICY.successes_to_close:
                self.turn("closed")

    def leave(self, call: Call) -> None:
        """The call gives up its place, however it ended."""
        if call.period == self.period and call.given_at in self.probes:
            self.probes.remove(call.given_at)


class BreakerAgainstReference(RuleBasedStateMachine):
    """Calls begin, end well, badly or not at all, while time goes on."""

    calls: Bundle[Call] = Bundle("calls")

    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock()
        self.gate = BreakerGate("family", POLICY, clock=self.clock)
        self.reference = Reference()

    @rule(target=calls)
    def begin(self) -> Call | MultipleResults[Call]:
        """A call asks to be let in."""
        guard = self.gate.call()
        # Every call begins a moment after the one before, so that the reference can tell probes apart.
        self.wait(0.001)
        admitted = self.reference.admits()
        try:
            permit = guard.__enter__()
        except CircuitOpenError as refusal:
            retry_in_seconds = refusal.retry_in_seconds
        else:
            assert admitted
            return Call(guard, permit, self.reference.period, self.reference.now)
        assert not admitted
        assert retry_in_seconds == max(0.0, self.reference.open_until - self.reference.now)
        return multiple()

    @rule(call=calls)
    def confirm(self, call: Call) -> None:
        """A call that was let in asks again."""
        may = self.reference.state == "closed" or (
            self.reference.state == "half-open" and self.reference.holds(call)
        )
        try:
            self.gate.confirm(call.permit)
        except CircuitOpenError:
            assert not may
        else:
            assert may

    @rule(call=consumes(calls))
    def end_well(self, call: Call) -> None:
        """A call ends well."""
        call.guard.__exit__(None, None, None)
        self.reference.succeed(call)
        self.reference.leave(call)

    @rule(call=consumes(calls), error=sampled_from(FAILURES))
    def end_badly(self, call: Call, error: Exception) -> None:
        """A call ends with trouble of the service."""
        assert not call.guard.__exit__(type(error), error, None)
        self.reference.fail(call)
        self.reference.leave(call)

    @rule(call=consumes(calls), error=sampled_from(NEUTRAL))
    def end_otherwise(self, call: Call, error: BaseException) -> None:
        """A call ends with what says nothing about the service."""
        assert not call.guard.__exit__(type(error), error, None)
        self.reference.leave(call)

    @rule(seconds=sampled_from([0.001, 1.0, 29.0, 30.0, 60.0]))
    def wait(self, seconds: float) -> None:
        """Time goes on."""
        self.clock.advance(seconds)
        self.reference.now = self.clock.monotonic()

    @rule(seconds=sampled_from([-86_400.0, -3600.0, 3600.0]))
    def step_the_wall_clock(self, seconds: float) -> None:
        """Which must change nothing."""
        self.clock.step_wall(seconds)

    @invariant()
    def same_state(self) -> None:
        """Gate and reference agree."""
        assert self.gate.state == self.reference.state
        assert len(self.gate._probes) == len(self.reference.probes)


TestBreakerAgainstReference = BreakerAgainstReference.TestCase
# 100 runs of up to 50 steps.
TestBreakerAgainstReference.settings = settings(max_examples=100, stateful_step_count=50, deadline=None)
