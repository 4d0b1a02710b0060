# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The chain: what goes on the wire when many calls meet a service in trouble."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import attrs
import pytest
from loguru import logger

from test_ttapi_client.promises.virtual_time import VirtualClock, run_at_once
from ttapi_client.policies import BreakerPolicy, Policies, RateLimitPolicy, RetryPolicy
from ttapi_client.resilience.chain import Chain
from ttapi_client.statistics import ClientStatistics
from ttapi_core.clock import ManualClock
from ttapi_core.errors import (
    CircuitOpenError,
    RateLimitError,
    RejectedError,
    ServerError,
    TransportError,
    TransportTimeoutError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loguru import Message

DOWN = ServerError("down", status=503)


async def settle() -> None:
    """Let every task run until all of them wait."""
    for _ in range(12):
        await asyncio.sleep(0)  # noqa: TID251 - gives way, waits for nothing


@attrs.define
class Wire:
    """A chain, and a service behind it that answers when and how the test says."""

    policies: Policies
    clock: ManualClock = attrs.field(factory=ManualClock)
    sent_at: list[float] = attrs.field(factory=list[float])
    in_flight: int = 0
    peak: int = 0
    trouble: Exception | None = None
    gate: asyncio.Event = attrs.field(factory=asyncio.Event)
    statistics: ClientStatistics = attrs.field(factory=ClientStatistics)
    chain: Chain = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.chain = Chain(self.policies, clock=self.clock, statistics=self.statistics)
        self.gate.set()

    async def call(self, family: str = "quotes", *, repeatable: bool = True) -> str:
        """One call through the chain."""
        return await self.chain.run(family, self._send, repeatable=repeatable)

    async def _send(self, _number: int) -> str:
        self.sent_at.append(self.clock.monotonic())
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            await self.gate.wait()
            if self.trouble is not None:
                raise self.trouble
        finally:
            self.in_flight -= 1
        return "answer"


def patient(**changes: object) -> Policies:
    """Policies that neither retry nor hold back, but for the changes."""
    usual: dict[str, object] = {
        "retry": RetryPolicy(attempts=1),
        "rate_limit": RateLimitPolicy(starts=1_000_000),
        "breaker": BreakerPolicy(failures_to_open=5, open_seconds=30.0),
    }
    return Policies(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.fixture
def warnings() -> Iterator[list[tuple[str, dict[str, object]]]]:
    """Text and fields of each record from warnings on."""
    found: list[tuple[str, dict[str, object]]] = []

    def keep(message: Message) -> None:
        found.append((message.record["message"], dict(message.record["extra"])))

    logger.enable("ttapi_client")
    sink = logger.add(keep, level="WARNING")
    yield found
    logger.remove(sink)
    logger.disable("ttapi_client")


async def test_each_change_of_a_breaker_is_recorded(
    warnings: list[tuple[str, dict[str, object]]],
) -> None:
    """With its family, and its states before and after."""
    wire = Wire(patient(breaker=BreakerPolicy(failures_to_open=1, open_seconds=30.0)), trouble=DOWN)
    await asyncio.gather(wire.call("accounts"), return_exceptions=True)
    wire.clock.advance(30.0)
    wire.trouble = None
    await wire.call("accounts")
    assert warnings == [
        ("circuit breaker changed", {"family": "accounts", "before": before, "after": after})
        for before, after in (("closed", "open"), ("open", "half-open"), ("half-open", "closed"))
    ]


async def test_a_call_is_repeated_unless_it_is_said_that_it_must_not_be() -> None:
    """Most calls ask for something."""
    wire = Wire(patient(retry=RetryPolicy(attempts=3, first_wait_seconds=0.0)), trouble=DOWN)
    with pytest.raises(ServerError):
        await wire.chain.run("quotes", wire._send)
    assert len(wire.sent_at) == 3


async def test_sends_are_numbered_from_one_and_counted_by_family() -> None:
    """The first and those that repeat it."""
    retry = RetryPolicy(attempts=3, first_wait_seconds=0.0)
    wire, numbers = Wire(patient(retry=retry)), list[int]()

    async def send(number: int) -> None:
        numbers.append(number)
        raise DOWN

    with pytest.raises(ServerError):
        await wire.chain.run("quotes", send)
    await wire.call("accounts")
    assert numbers == [1, 2, 3]
    assert wire.statistics.requests == {"quotes": 3, "accounts": 1}


async def test_an_endpoint_with_a_limit_of_its_own_keeps_to_that_of_all_too() -> None:
    """Whichever has less room."""
    limits = {"wide": RateLimitPolicy(starts=50)}
    wire = Wire(patient(rate_limit=RateLimitPolicy(starts=2), endpoint_limits=limits))
    async with asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(wire.call("wide"))
        for _ in range(3):
            await settle()
            wire.clock.advance(1.0)
    assert Counter(wire.sent_at) == {0.0: 2, 1.0: 2, 2.0: 1}


async def test_a_breaker_opens_after_so_many_failures_and_sends_nothing_more() -> None:
    """Exactly five of 1,000 calls reach the service; another family is not touched."""
    wire = Wire(patient(), trouble=DOWN)
    errors = [
        error for _ in range(1000) for error in await asyncio.gather(wire.call(), return_exceptions=True)
    ]
    assert [type(error) for error in errors] == [ServerError] * 5 + [CircuitOpenError] * 995
    assert len(wire.sent_at) == 5
    assert wire.chain.breaker_states() == {"quotes": "open"}
    wire.trouble = None
    assert await wire.call("accounts") == "answer"
    assert wire.chain.breaker_states() == {"quotes": "open", "accounts": "closed"}


@pytest.mark.parametrize("probes", [1, 3])
async def test_exactly_the_probes_reach_a_service_that_is_tried_again(probes: int) -> None:
    """Of 1,000 calls at once, at the very instant."""
    breaker = BreakerPolicy(failures_to_open=1, open_seconds=30.0, probes=probes)
    wire = Wire(patient(breaker=breaker), trouble=DOWN)
    await asyncio.gather(wire.call(), return_exceptions=True)
    wire.clock.advance(30.0)
    wire.gate.clear()
    wire.trouble = None
    async with asyncio.TaskGroup() as group:
        calls = asyncio.gather(*(wire.call() for _ in range(1000)), return_exceptions=True)
        await settle()
        assert wire.in_flight == probes
        wire.gate.set()
        group.create_task(settle())
    results = await calls
    assert results.count("answer") == probes
    assert sum(isinstance(result, CircuitOpenError) for result in results) == 1000 - probes
    assert len(wire.sent_at) == 1 + probes
    assert wire.chain.breaker_states() == {"quotes": "closed"}


async def test_calls_that_waited_while_the_breaker_opened_are_not_sent() -> None:
    """Not while it is open, and not as further probes when it is half open."""
    breaker = BreakerPolicy(failures_to_open=1, open_seconds=0.5)
    wire = Wire(
        patient(breaker=breaker, rate_limit=RateLimitPolicy(starts=1, window_seconds=1.0)), trouble=DOWN
    )
    wire.gate.clear()
    waiting = asyncio.gather(*(wire.call() for _ in range(4)), return_exceptions=True)
    await settle()
    assert len(wire.sent_at) == 1, "the others wait for the rate limit"
    wire.gate.set()
    await settle()
    assert wire.chain.breaker_states() == {"quotes": "open"}
    wire.gate.clear()
    wire.trouble = None
    wire.clock.advance(0.75)
    probe = asyncio.gather(wire.call())
    for _ in range(4):
        wire.clock.advance(1.0)
        await settle()
    assert len(wire.sent_at) == 2, "the first call and the probe"
    assert wire.chain.breaker_states() == {"quotes": "half-open"}
    assert [type(result) for result in await waiting] == [ServerError] + [CircuitOpenError] * 3
    wire.gate.set()
    (answered,) = await probe
    assert answered == "answer"


async def test_a_breaker_may_want_several_successes_before_it_closes() -> None:
    """One at a time, here."""
    breaker = BreakerPolicy(failures_to_open=1, open_seconds=30.0, successes_to_close=2)
    wire = Wire(patient(breaker=breaker), trouble=DOWN)
    await asyncio.gather(wire.call(), return_exceptions=True)
    wire.clock.advance(30.0)
    wire.trouble = None
    states = []
    for _ in range(2):
        await wire.call()
        states.append(wire.chain.breaker_states()["quotes"])
    assert states == ["half-open", "closed"]


async def test_a_hung_probe_frees_its_place() -> None:
    """After its time another call may try; the late result counts for nothing."""
    breaker = BreakerPolicy(failures_to_open=1, open_seconds=30.0, probe_timeout_seconds=60.0)
    wire = Wire(patient(breaker=breaker), trouble=DOWN)
    await asyncio.gather(wire.call(), return_exceptions=True)
    wire.clock.advance(30.0)
    wire.gate.clear()
    hung = asyncio.gather(wire.call(), return_exceptions=True)
    await settle()
    with pytest.raises(CircuitOpenError):
        await wire.call()
    wire.clock.advance(60.0)
    second = asyncio.gather(wire.call(), return_exceptions=True)
    await settle()
    assert wire.in_flight == 2
    wire.trouble = None
    wire.gate.set()
    assert [*await hung, *await second] == ["answer", "answer"]
    assert wire.chain.breaker_states() == {"quotes": "closed"}


async def test_cancelled_calls_and_refusals_count_neither_way() -> None:
    """Four failures, 100 of those, a fifth failure: open."""
    wire = Wire(patient(), trouble=DOWN)
    for _ in range(4):
        await asyncio.gather(wire.call(), return_exceptions=True)
    wire.trouble = RejectedError("no", status=422)
    for _ in range(50):
        await asyncio.gather(wire.call(), return_exceptions=True)
    wire.gate.clear()
    async with asyncio.TaskGroup() as group:
        calls = [group.create_task(wire.call()) for _ in range(50)]
        await settle()
        for call in calls:
            call.cancel()
    assert all(call.cancelled() for call in calls)
    assert wire.statistics.in_flight == wire.in_flight == 0
    assert wire.chain.breaker_states() == {"quotes": "closed"}
    wire.gate.set()
    wire.trouble = DOWN
    await asyncio.gather(wire.call(), return_exceptions=True)
    assert wire.chain.breaker_states() == {"quotes": "open"}


async def test_never_more_calls_at_once_than_allowed() -> None:
    """The statistics say the same as the service."""
    wire = Wire(patient(max_in_flight=7))
    wire.gate.clear()
    calls = asyncio.gather(*(wire.call() for _ in range(50)))
    await settle()
    assert wire.in_flight == 7
    wire.gate.set()
    assert await calls == ["answer"] * 50
    assert (wire.peak, wire.statistics.in_flight_peak) == (7, 7)


async def test_the_rate_holds_at_the_wire_when_places_fall_free_at_once() -> None:
    """Calls that waited for a place do not leave together when a slow service answers all at once."""
    wire = Wire(patient(max_in_flight=3, rate_limit=RateLimitPolicy(starts=2, window_seconds=1.0)))
    wire.gate.clear()
    calls = asyncio.gather(*(wire.call() for _ in range(12)))
    for _ in range(20):
        wire.clock.advance(0.5)
        await settle()
    assert len(wire.sent_at) == 3
    wire.gate.set()
    for _ in range(20):
        await settle()
        wire.clock.advance(0.5)
    await calls
    assert all(last - first >= 1.0 for first, last in zip(wire.sent_at, wire.sent_at[2:], strict=False))


@pytest.mark.parametrize(
    ("trouble", "sends"), [(TransportError("lost"), 1), (TransportError("refused", sent=False), 3), (DOWN, 1)]
)
async def test_what_must_not_happen_twice_is_repeated_only_when_nothing_had_left(
    trouble: Exception, sends: int
) -> None:
    """Such as an order."""
    wire = Wire(patient(retry=RetryPolicy(attempts=3, first_wait_seconds=0.0)), trouble=trouble)
    with pytest.raises(type(trouble)):
        await wire.call(repeatable=False)
    assert len(wire.sent_at) == sends
    assert wire.statistics.retries == sends - 1


async def test_what_is_urgent_goes_before_a_long_line() -> None:
    """A renewal behind a hundred calls at two a second would come 50 seconds late."""
    wire = Wire(patient(rate_limit=RateLimitPolicy(starts=2, window_seconds=1.0)))
    async with asyncio.TaskGroup() as group:
        for _ in range(100):
            group.create_task(wire.call())
        await settle()
        urgent = group.create_task(wire.chain.run("oauth/token", wire._send, first=True))
        await settle()
        wire.clock.advance(1.0)
        await settle()
        assert urgent.done()
        assert len(wire.sent_at) == 4
        while len(wire.sent_at) < 101:
            wire.clock.advance(1.0)
            await settle()
    assert wire.statistics.limiter_waits > 0


async def test_a_line_behind_an_open_breaker_is_gone_at_once() -> None:
    """Calls that are not to be sent do not wait for room in the window."""
    wire = Wire(
        patient(
            breaker=BreakerPolicy(failures_to_open=1),
            rate_limit=RateLimitPolicy(starts=1, window_seconds=10.0),
        ),
        trouble=DOWN,
    )
    wire.gate.clear()
    calls = asyncio.gather(*(wire.call() for _ in range(50)), return_exceptions=True)
    await settle()
    assert len(wire.sent_at) == 1, "the others stand in line"
    wire.gate.set()
    await settle()
    wire.clock.advance(10.0)
    for _ in range(20):
        await settle()
    assert calls.done(), "after one window, not after 49"
    assert [type(result) for result in await calls] == [ServerError] + [CircuitOpenError] * 49


async def test_a_call_is_repeated_however_long_it_stood_in_line() -> None:
    """The deadline counts from the first send, or the last of a long line would have no second try."""
    retry = RetryPolicy(attempts=2, first_wait_seconds=0.0, deadline_seconds=5.0)
    wire = Wire(patient(retry=retry, rate_limit=RateLimitPolicy(starts=1, window_seconds=10.0)))
    await wire.call()
    wire.trouble = DOWN
    call = asyncio.gather(wire.call(), return_exceptions=True)
    for _ in range(4):
        await settle()
        wire.clock.advance(10.0)
    assert [type(result) for result in await call] == [ServerError]
    assert len(wire.sent_at) == 3


async def test_the_cause_is_told_when_the_breaker_opens_in_the_middle_of_a_call() -> None:
    """That nothing more is sent says less than why."""
    retry = RetryPolicy(attempts=3, first_wait_seconds=0.0)
    wire = Wire(patient(retry=retry, breaker=BreakerPolicy(failures_to_open=2)), trouble=DOWN)
    with pytest.raises(ServerError):
        await wire.call()
    assert len(wire.sent_at) == 2
    with pytest.raises(CircuitOpenError):
        await wire.call()


async def test_one_429_slows_down_all_who_share_its_window_and_opens_nothing() -> None:
    """The answers of one burst are one signal: half the pace, once, and no breaker."""
    wire = Wire(patient(rate_limit=RateLimitPolicy(starts=8, window_seconds=1.0)))
    wire.trouble = RateLimitError("slow down")
    wire.gate.clear()
    burst = asyncio.gather(*(wire.call() for _ in range(8)), return_exceptions=True)
    await settle()
    wire.gate.set()
    assert len(await burst) == 8
    assert wire.chain.breaker_states() == {"quotes": "closed"}
    wire.trouble = None
    async with asyncio.TaskGroup() as group:
        for number in range(12):
            group.create_task(wire.call("quotes" if number % 2 else "chains"))
        for _ in range(8):
            await settle()
            wire.clock.advance(0.5)
    assert Counter(wire.sent_at) == {0.0: 8, 1.0: 4, 2.0: 4, 3.0: 4}


async def test_a_429_of_an_endpoint_with_a_limit_of_its_own_slows_down_that_alone() -> None:
    """It is the narrowest window that was too wide."""
    limits = {"slow": RateLimitPolicy(starts=4, window_seconds=1.0)}
    wire = Wire(patient(rate_limit=RateLimitPolicy(starts=50), endpoint_limits=limits))
    wire.trouble = RateLimitError("not now", retry_after_seconds=60.0)
    await asyncio.gather(wire.call("slow"), return_exceptions=True)
    wire.trouble = None
    async with asyncio.TaskGroup() as group:
        held = group.create_task(wire.call("slow"))
        await asyncio.gather(*(wire.call("quotes") for _ in range(49)))
        wire.clock.advance(59.5)
        await settle()
        assert not held.done()
        wire.clock.advance(0.5)


async def test_a_429_to_a_probe_counts_though_the_limiter_knows_it_already() -> None:
    """Or a breaker that is tried again in the middle of a burst would stay half open."""
    breaker = BreakerPolicy(failures_to_open=1, open_seconds=1.0)
    wire = Wire(
        patient(breaker=breaker, rate_limit=RateLimitPolicy(starts=100, window_seconds=60.0)),
        trouble=RateLimitError("slow down"),
    )
    await asyncio.gather(wire.call(), return_exceptions=True)
    wire.clock.advance(1.0)
    await asyncio.gather(wire.call(), return_exceptions=True)
    assert len(wire.sent_at) == 2
    assert wire.chain.breaker_states() == {"quotes": "open"}


async def test_a_hold_of_minutes_does_not_keep_calls_that_a_breaker_has_given_up() -> None:
    """All but the one at the head of the line hear of it at once."""
    wire = Wire(patient(breaker=BreakerPolicy(failures_to_open=1), rate_limit=RateLimitPolicy(starts=1)))
    wire.gate.clear()
    wire.trouble = RateLimitError("not now", retry_after_seconds=90.0)
    calls = [asyncio.gather(wire.call(), return_exceptions=True) for _ in range(50)]
    await settle()
    wire.gate.set()
    await settle()
    assert sum(call.done() for call in calls) == 49
    wire.clock.advance(90.0)
    results = [result for call in calls for result in await call]
    assert [type(result) for result in results] == [RateLimitError] + [CircuitOpenError] * 49


def test_a_first_send_is_held_to_the_deadline_if_it_may_outlast_it() -> None:
    """A send with a shorter limit of its own needs no second one."""

    async def ended_after(timeout_seconds: float) -> tuple[float, object]:
        clock = VirtualClock()
        policies = patient(retry=RetryPolicy(deadline_seconds=60.0), timeout_seconds=timeout_seconds)
        chain = Chain(policies, clock=clock, statistics=ClientStatistics())

        async def send(_number: int) -> None:
            await clock.sleep(100.0)

        (ended,) = await asyncio.gather(chain.run("quotes", send), return_exceptions=True)
        return clock.monotonic(), ended

    seconds, error = run_at_once(ended_after(60.1))
    assert seconds == pytest.approx(60.0)
    assert isinstance(error, TransportTimeoutError)
    assert error.message == "quotes: no answer within the time for all attempts"
    seconds, error = run_at_once(ended_after(60.0))
    assert seconds == pytest.approx(100.0), "there the transport gives up"
    assert error is None


def test_a_timeout_that_is_not_ours_leaves_as_it_is() -> None:
    """Only what the deadline cut off is told as such."""

    async def main() -> TransportTimeoutError:
        chain = Chain(patient(timeout_seconds=61.0), clock=VirtualClock(), statistics=ClientStatistics())

        async def send(_number: int) -> None:
            raise late

        late = TransportTimeoutError("late")
        with pytest.raises(TransportTimeoutError) as told:
            await chain.run("quotes", send)
        assert told.value is late
        return told.value

    assert run_at_once(main()).message == "late"


async def test_a_probe_that_is_cancelled_in_the_line_leaves_its_place_to_another() -> None:
    """Without waiting for the time after which one that hangs loses it."""
    breaker = BreakerPolicy(failures_to_open=1, open_seconds=1.0)
    limit = RateLimitPolicy(starts=1, window_seconds=10.0)
    wire = Wire(patient(breaker=breaker, rate_limit=limit), trouble=DOWN)
    await asyncio.gather(wire.call(), return_exceptions=True)
    wire.trouble = None
    wire.clock.advance(1.0)
    async with asyncio.TaskGroup() as group:
        probe = group.create_task(wire.call())
        await settle()
        with pytest.raises(CircuitOpenError, match="others are trying it again"):
            await wire.call()
        probe.cancel()
        await settle()
        other = group.create_task(wire.call())
        await settle()
        wire.clock.advance(9.0)
    assert await other == "answer"
    assert wire.chain.breaker_states() == {"quotes": "closed"}
