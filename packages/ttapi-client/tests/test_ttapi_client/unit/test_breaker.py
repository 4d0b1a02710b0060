# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The breaker alone, step by step: what it lets in, what it counts, and when its state changes."""

from __future__ import annotations

import asyncio

import attrs
import pytest
from pybreaker import CircuitBreaker, CircuitBreakerListener, CircuitBreakerState

from ttapi_client.policies import BreakerPolicy
from ttapi_client.resilience.breaker import BreakerGate
from ttapi_core.clock import ManualClock
from ttapi_core.errors import (
    AuthError,
    CircuitOpenError,
    RateLimitError,
    RejectedError,
    ServerError,
    TransportError,
    TransportTimeoutError,
)

DOWN = ServerError("down", status=503)


@attrs.define
class Changes(CircuitBreakerListener):
    """What a listener is told: the name of the breaker, its states before, after, and as it says itself."""

    told: list[tuple[str | None, ...]] = attrs.field(factory=list[tuple[str | None, ...]])

    def state_change(
        self, cb: CircuitBreaker, old_state: CircuitBreakerState | None, new_state: CircuitBreakerState
    ) -> None:
        """Called by pybreaker."""
        before = old_state.name if old_state else None
        self.told.append((cb.name, before, new_state.name, cb.current_state))


@attrs.define
class Stand:
    """A gate on a clock that stands still."""

    policy: BreakerPolicy
    clock: ManualClock = attrs.field(factory=ManualClock)
    changes: Changes = attrs.field(factory=Changes)
    gate: BreakerGate = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        # A clock that has gone on for a while: zero is no time to begin at.
        self.clock.advance(1000.0)
        self.gate = BreakerGate("quotes", self.policy, clock=self.clock, listeners=[self.changes])

    def fail(self, times: int = 1, error: BaseException = DOWN) -> None:
        """So many calls, one after the other, that come to that."""
        for _ in range(times):
            self.gate.ended(self.gate.admit(), error)

    def refusal(self) -> CircuitOpenError:
        """What the next call is told, which is not let in."""
        with pytest.raises(CircuitOpenError) as refused:
            self.gate.admit()
        return refused.value


def stand(**policy: float) -> Stand:
    """Three failures open the gate for 20 seconds; a probe has 60; unless the test wants it otherwise."""
    usual: dict[str, float] = {"failures_to_open": 3, "open_seconds": 20.0, "probe_timeout_seconds": 60.0}
    return Stand(BreakerPolicy(**{**usual, **policy}))  # type: ignore[arg-type]


def opened(**policy: float) -> Stand:
    """One that has opened at this moment."""
    made = stand(**policy)
    made.fail(3)
    assert made.gate.state == "open"
    return made


def half_open(**policy: float) -> tuple[Stand, int]:
    """One that has just let its first probe in, and the probe's permit."""
    made = opened(**policy)
    made.clock.advance(20.0)
    return made, made.gate.admit()


def test_it_opens_at_the_last_of_so_many_failures_in_a_row() -> None:
    """Not one before."""
    made = stand()
    made.fail(2)
    assert made.gate.state == "closed"
    made.fail()
    assert made.gate.state == "open"


def test_a_success_begins_the_count_anew() -> None:
    """Two failures, a success, two failures: closed; a third in a row: open."""
    made = stand()
    made.fail(2)
    made.gate.succeeded(made.gate.admit())
    made.fail(2)
    assert made.gate.state == "closed"
    made.fail()
    assert made.gate.state == "open"


@pytest.mark.parametrize(
    "error", [DOWN, RateLimitError("many"), TransportError("lost"), TransportTimeoutError("late")]
)
def test_trouble_of_the_service_counts(error: Exception) -> None:
    """No answer, 429, 408 and 5xx."""
    made = stand(failures_to_open=1)
    made.fail(error=error)
    assert made.gate.state == "open"


@pytest.mark.parametrize(
    "error", [RejectedError("no", status=422), AuthError("who"), asyncio.CancelledError(), ValueError("ours")]
)
def test_what_is_no_trouble_of_the_service_counts_neither_way(error: BaseException) -> None:
    """It does not open the gate, and does not begin the count anew."""
    made = stand()
    made.fail(2)
    made.fail(10, error)
    assert made.gate.state == "closed"
    made.fail()
    assert made.gate.state == "open"


def test_a_failure_that_is_known_already_is_not_counted_again() -> None:
    """Of a burst of 429s the first counts."""
    made = stand()
    made.fail(2)
    made.gate.ended(made.gate.admit(), RateLimitError("many"), is_known=True)
    assert made.gate.state == "closed"
    made.gate.ended(made.gate.admit(), RateLimitError("many"), is_known=False)
    assert made.gate.state == "open"


def test_a_failure_that_is_known_already_counts_for_a_probe() -> None:
    """Else the gate would stay half open."""
    made, probe = half_open()
    made.gate.ended(probe, RateLimitError("many"), is_known=True)
    assert made.gate.state == "open"


def test_an_open_gate_says_for_how_long() -> None:
    """In the message, in words, and as a number for who waits; with what to try."""
    made = opened()
    made.clock.advance(5.0)
    refused = made.refusal()
    assert refused.message == "not sent: quotes failed too often just now, next try in 15 s"
    assert refused.retry_in_seconds == 15.0
    assert refused.hint == "wait, then run the command again"


def test_an_open_gate_lets_a_probe_in_at_the_very_end_of_its_time() -> None:
    """Not a moment before."""
    made = opened()
    made.clock.advance(19.75)
    assert made.refusal().retry_in_seconds == 0.25
    assert made.gate.state == "open"
    made.clock.advance(0.25)
    made.gate.admit()
    assert made.gate.state == "half-open"


@pytest.mark.parametrize("probes", [1, 3])
def test_a_half_open_gate_lets_in_so_many_and_tells_the_others_why(probes: int) -> None:
    """Each probe has a permit of its own."""
    made, first = half_open(probes=probes)
    permits = {first, *(made.gate.admit() for _ in range(probes - 1))}
    assert len(permits) == probes
    refused = made.refusal()
    assert (
        refused.message == "not sent: quotes failed too often just now, others are trying it again right now"
    )
    assert refused.retry_in_seconds == 0.0


def test_a_probe_that_goes_well_closes_the_gate() -> None:
    """Then everybody is let in."""
    made, probe = half_open()
    made.gate.succeeded(probe)
    assert made.gate.state == "closed"
    for _ in range(100):
        made.gate.admit()


def test_a_probe_that_goes_well_leaves_its_place_to_the_next() -> None:
    """Until so many have gone well."""
    made, probe = half_open(successes_to_close=3)
    for state in ("half-open", "half-open", "closed"):
        made.gate.succeeded(probe)
        assert made.gate.state == state
        probe = made.gate.admit()


def test_a_probe_that_fails_opens_the_gate_for_its_whole_time_again() -> None:
    """Counted from then."""
    made, probe = half_open()
    made.clock.advance(7.0)
    made.gate.ended(probe, DOWN)
    assert made.gate.state == "open"
    assert made.refusal().retry_in_seconds == 20.0


def test_successes_before_a_failure_of_a_probe_are_forgotten() -> None:
    """The service has to go well so often in a row."""
    made, probe = half_open(successes_to_close=2)
    made.gate.succeeded(probe)
    made.gate.ended(made.gate.admit(), DOWN)
    made.clock.advance(20.0)
    made.gate.succeeded(made.gate.admit())
    assert made.gate.state == "half-open"


def test_a_gate_that_has_closed_takes_as_many_failures_as_ever_to_open() -> None:
    """Those from before count no more."""
    made, probe = half_open()
    made.gate.succeeded(probe)
    made.fail(2)
    assert made.gate.state == "closed"
    made.fail()
    assert made.gate.state == "open"


def test_a_probe_that_is_cancelled_leaves_its_place_and_the_state_as_it_was() -> None:
    """It has shown nothing."""
    made, probe = half_open()
    made.gate.ended(probe, asyncio.CancelledError())
    assert made.gate.state == "half-open"
    other = made.gate.admit()
    made.gate.succeeded(other)
    assert made.gate.state == "closed"


def test_a_probe_that_hangs_keeps_its_place_for_its_time_and_no_longer() -> None:
    """At the very end of it the next one is let in."""
    made, _hung = half_open()
    made.clock.advance(59.75)
    made.refusal()
    made.clock.advance(0.25)
    made.gate.admit()
    made.refusal()


def test_a_probe_that_has_lost_its_place_counts_for_nothing() -> None:
    """Whether it goes well in the end or not."""
    made, hung = half_open()
    made.clock.advance(60.0)
    probe = made.gate.admit()
    made.gate.ended(hung, DOWN)
    made.gate.succeeded(hung)
    assert made.gate.state == "half-open"
    made.gate.confirm(probe)


@pytest.mark.parametrize("is_well", [True, False])
def test_a_result_that_comes_after_the_gate_has_opened_counts_for_nothing(is_well: bool) -> None:
    """Neither while it is open nor when it is half open, nor once it has closed again."""
    made = stand()
    late = [made.gate.admit() for _ in range(9)]

    def results(number: int) -> None:
        for permit in late[number : number + 3]:
            if is_well:
                made.gate.succeeded(permit)
            else:
                made.gate.ended(permit, DOWN)

    made.fail(3)
    results(0)
    assert made.gate.state == "open"
    made.clock.advance(20.0)
    probe = made.gate.admit()
    results(3)
    assert made.gate.state == "half-open"
    made.gate.succeeded(probe)
    made.fail(2)
    results(6)
    assert made.gate.state == "closed"
    made.fail()
    assert made.gate.state == "open"


def test_a_failure_that_comes_after_the_gate_has_opened_keeps_it_open_no_longer() -> None:
    """Not even as many as would open it."""
    made = stand()
    late = [made.gate.admit() for _ in range(3)]
    made.fail(3)
    made.clock.advance(5.0)
    for permit in late:
        made.gate.ended(permit, DOWN)
    assert made.refusal().retry_in_seconds == 15.0


def test_a_result_from_before_the_second_opening_counts_for_nothing_either() -> None:
    """Each time that the gate is closed is told from every other."""
    made, probe = half_open()
    made.gate.succeeded(probe)
    late = made.gate.admit()
    made.fail(3)
    made.clock.advance(20.0)
    made.gate.succeeded(made.gate.admit())
    made.fail(2)
    made.gate.ended(late, DOWN)
    assert made.gate.state == "closed"


def test_a_call_that_has_waited_is_confirmed_while_the_gate_is_closed() -> None:
    """Even one that was let in before it opened and closed again: it may be sent, and counts for nothing."""
    made = stand()
    waited = made.gate.admit()
    made.gate.confirm(waited)
    made.fail(3)
    made.clock.advance(20.0)
    made.gate.succeeded(made.gate.admit())
    made.gate.confirm(waited)


def test_a_call_that_has_waited_is_refused_when_the_gate_has_opened() -> None:
    """Also when it is half open, where the probes alone are confirmed."""
    made = stand()
    waited = made.gate.admit()
    made.fail(3)
    with pytest.raises(CircuitOpenError, match="next try in 20 s"):
        made.gate.confirm(waited)
    made.clock.advance(20.0)
    probe = made.gate.admit()
    with pytest.raises(CircuitOpenError, match="others are trying"):
        made.gate.confirm(waited)
    made.gate.confirm(probe)


def test_listeners_are_told_of_each_change_with_the_name_of_the_family() -> None:
    """In its order, and of nothing else."""
    made, probe = half_open()
    made.gate.succeeded(probe)
    made.gate.succeeded(made.gate.admit())
    assert made.changes.told == [
        ("quotes", "closed", "open", "open"),
        ("quotes", "open", "half-open", "half-open"),
        ("quotes", "half-open", "closed", "closed"),
    ]
