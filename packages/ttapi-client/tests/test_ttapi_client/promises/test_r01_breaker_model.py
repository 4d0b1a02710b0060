# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R1: the breaker does what a plain reference does, and an open one keeps every request off the wire."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

import attrs
import pytest
from aiohttp import web
from hypothesis import seed, settings
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import sampled_from
from scale import scale, seeds

from test_ttapi_client.local_service import serving
from ttapi_client import Policies, TTClient
from ttapi_client.policies import BreakerPolicy, RateLimitPolicy, RetryPolicy
from ttapi_client.resilience.breaker import BreakerGate
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
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

POLICY = BreakerPolicy(
    failures_to_open=2, open_seconds=30.0, probes=2, successes_to_close=2, probe_timeout_seconds=60.0
)
MOMENT = 1 / 1024  # exact in binary, so that two things may fall on one instant
FAILURES = [
    ServerError("down", status=503),
    ServerError("slow", status=408),
    RateLimitError("too many"),
    TransportError("lost"),
    TransportError("refused", sent=False),
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

    permit: int
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
    probes: list[float] = attrs.field(factory=list[float])  # when each was let in

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

    def fail(self, call: Call, *, is_known: bool) -> None:
        """The call ended with trouble of the service."""
        if self.holds(call) and (self.state == "half-open" or not is_known):
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
    steps = 0
    seen: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock()
        self.gate = BreakerGate("family", POLICY, clock=self.clock)
        self.reference = Reference()
        BreakerAgainstReference.steps -= 1  # the first look is before any step

    @rule(target=calls)
    def begin(self) -> Call | MultipleResults[Call]:
        """A call asks to be let in."""
        # Every call begins a moment after the one before, so that the reference can tell probes apart.
        self.wait(MOMENT)
        admitted = self.reference.admits()
        if admitted:
            return Call(self.gate.admit(), self.reference.period, self.reference.now)
        with pytest.raises(CircuitOpenError) as refusal:
            self.gate.admit()
        left_seconds = self.reference.open_until - self.reference.now
        assert refusal.value.retry_in_seconds == max(0.0, left_seconds)
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
        self.gate.succeeded(call.permit)
        self.reference.succeed(call)
        self.reference.leave(call)

    @rule(call=consumes(calls), error=sampled_from(FAILURES), is_known=sampled_from([False, False, True]))
    def end_badly(self, call: Call, error: Exception, is_known: bool) -> None:
        """A call ends with trouble of the service, be it news or not."""
        self.gate.ended(call.permit, error, is_known=is_known)
        self.reference.fail(call, is_known=is_known)
        self.reference.leave(call)

    @rule(call=consumes(calls), error=sampled_from(NEUTRAL))
    def end_otherwise(self, call: Call, error: BaseException) -> None:
        """A call ends with what says nothing about the service."""
        self.gate.ended(call.permit, error)
        self.reference.leave(call)

    @rule()
    def try_in_vain(self) -> None:
        """As many calls as it takes to open, one after the other, end with trouble."""
        for _ in range(POLICY.failures_to_open):
            self.try_once(well=False)

    @rule(well=sampled_from([True, True, False]))
    def wait_until_it_may_be_tried(self, well: bool) -> None:
        """To the very moment, or to one before it, and then a call."""
        if self.reference.state == "open":
            left_seconds = self.reference.open_until - self.reference.now
            self.wait(max(0.0, left_seconds - MOMENT * (1 if well else 2)))
            self.try_once(well=well)

    @rule()
    def wait_until_a_probe_has_hung(self) -> None:
        """To the moment before its place is free, and then two calls."""
        if self.reference.probes:
            free_at = self.reference.probes[0] + POLICY.probe_timeout_seconds
            self.wait(max(0.0, free_at - self.reference.now - 2 * MOMENT))
            self.begin()
            self.begin()

    @rule(well=sampled_from([True, True, False]))
    def try_once(self, well: bool) -> None:
        """A call asks to be let in, and ends before anything else happens."""
        call = self.begin()
        if isinstance(call, Call):
            if well:
                self.end_well(call)
            else:
                self.end_badly(call, FAILURES[0], is_known=False)

    @rule(seconds=sampled_from([MOMENT, 1.0, 29.0, 30.0, 60.0]))
    def wait(self, seconds: float) -> None:
        """Time goes on."""
        self.clock.advance(seconds)
        self.reference.now = self.clock.monotonic()

    @rule(seconds=sampled_from([-86_400.0, -3600.0, 3600.0, 86_400.0]))
    def step_the_wall_clock(self, seconds: float) -> None:
        """Which must change nothing."""
        self.clock.step_wall(seconds)

    @invariant()
    def same_state(self) -> None:
        """Gate and reference agree."""
        BreakerAgainstReference.steps += 1
        self.seen[self.gate.state] += 1
        assert self.gate.state == self.reference.state
        assert len(self.gate._probes) == len(self.reference.probes)
        assert self.gate._opens_until == self.reference.open_until


@pytest.mark.promise("R1")
def test_the_breaker_and_its_reference_never_differ(record_property: Callable[[str, object], None]) -> None:
    """Over all states, with late results, hung probes and steps of the wall clock in between."""
    goal = scale(10_000, long=200_000)
    BreakerAgainstReference.steps = 0
    BreakerAgainstReference.seen.clear()
    for number in seeds():
        if BreakerAgainstReference.steps >= goal:
            break
        run_state_machine_as_test(
            seed(number)(BreakerAgainstReference), settings=settings(max_examples=50, stateful_step_count=100)
        )
    seen, steps = BreakerAgainstReference.seen, BreakerAgainstReference.steps
    assert min(seen["closed"], seen["open"], seen["half-open"]) > steps / 50, "each state is visited"
    record_property("promise", f"R1: {steps:,} steps of breaker and reference, 0 differences")


@pytest.mark.promise("R1")
async def test_an_open_breaker_keeps_every_request_off_the_wire(
    record_property: Callable[[str, object], None],
) -> None:
    """Counted at the server: as many as it takes to open, and none in 1,000 calls after that."""
    arrived: Counter[str] = Counter()

    async def down(request: web.Request) -> web.Response:
        arrived[request.path] += 1
        if request.path == "/oauth/token":
            return web.json_response({"access_token": "t", "expires_in": 900})
        return web.Response(status=503)

    policies = Policies(
        retry=RetryPolicy(attempts=1),
        breaker=BreakerPolicy(failures_to_open=7, open_seconds=30.0),
        rate_limit=RateLimitPolicy(starts=100_000),
    )
    clock, waits = ManualClock(), list[float]()
    async with (
        serving(down) as url,
        TTClient(Settings(api_url=url), clock=clock, policies=policies) as client,
    ):
        for _ in range(7):
            with pytest.raises(ServerError):
                await client.accounts.list()
        for _ in range(1_000):
            with pytest.raises(CircuitOpenError) as refused:
                await client.accounts.list()
            waits.append(refused.value.retry_in_seconds)
            clock.advance(29.9 / 1_000)
        assert client.breaker_states()["customers/me/accounts"] == "open"
    assert arrived["/customers/me/accounts"] == 7
    assert waits[0] == 30.0
    assert all(later < earlier for earlier, later in pairwise(waits))
    sent = arrived["/customers/me/accounts"]
    record_property("promise", f"R1: opened after {sent} sends, {sent - 7} of 1,000 calls sent while open")
