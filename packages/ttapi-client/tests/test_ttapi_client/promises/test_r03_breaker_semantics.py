# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R3: what a breaker takes for trouble, that a cancellation stays one, and that others go on untouched."""

from __future__ import annotations

import asyncio
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import attrs
import pytest
from aiohttp import web
from scale import scale

from test_ttapi_client.local_service import serving
from test_ttapi_client.promises.virtual_time import VirtualClock, run_at_once
from ttapi_client import ClientStatistics, Policies, TTClient
from ttapi_client.policies import BreakerPolicy, RateLimitPolicy, RetryPolicy
from ttapi_client.resilience.chain import Chain
from ttapi_core.clock import ManualClock
from ttapi_core.errors import (
    AuthError,
    CircuitOpenError,
    DecodeError,
    NotFoundError,
    RateLimitError,
    RejectedError,
    ServerError,
    TransportError,
    TransportTimeoutError,
    TTError,
)
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

FAILURES = [
    *(ServerError("down", status=status) for status in (408, 500, 502, 503, 504, 599)),
    RateLimitError("too many"),
    TransportError("lost"),
    TransportError("refused", sent=False),
    TransportTimeoutError("late"),
]
NEUTRAL = [
    *(RejectedError("no", status=status) for status in (400, 403, 405, 406, 409, 413, 415, 418, 422, 451)),
    NotFoundError("none", status=404),
    AuthError("who"),
    DecodeError(path="a", expected="b", found="c"),
    ValueError("ours"),
]


@attrs.define
class Wire:
    """A chain that waits for nothing, and what its sends come to."""

    breaker: BreakerPolicy
    clock: ManualClock = attrs.field(factory=ManualClock)
    chain: Chain = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        policies = Policies(
            retry=RetryPolicy(attempts=1),
            breaker=self.breaker,
            rate_limit=RateLimitPolicy(starts=1_000_000, slow_down_factor=1),
        )
        self.chain = Chain(policies, clock=self.clock, statistics=ClientStatistics())

    async def meets(self, error: Exception | None) -> None:
        """One call that comes to this; the next is a while later."""

        async def send(_number: int) -> None:
            if error is not None:
                raise error

        await asyncio.gather(self.chain.run("quotes", send), return_exceptions=True)
        self.clock.advance(1.0)

    @property
    def state(self) -> str:
        """Of the breaker."""
        return self.chain.breaker_states()["quotes"]


@pytest.mark.promise("R3")
async def test_refusals_and_our_own_errors_count_neither_way(
    record_property: Callable[[str, object], None],
) -> None:
    """Whatever stands between them, the fifth failure in a row opens; trouble of any kind is one."""
    for failure in FAILURES:
        for error in NEUTRAL:
            wire = Wire(BreakerPolicy(failures_to_open=5))
            for _ in range(4):
                await wire.meets(failure)
                await wire.meets(error)
                assert wire.state == "closed", "no failure"
            await wire.meets(failure)
            assert wire.state == "open", f"{failure!r} is a failure, and {error!r} no success in between"
    wire = Wire(BreakerPolicy(failures_to_open=5))
    for result in (*FAILURES[:4], None, *FAILURES[4:8]):
        await wire.meets(result)
    assert wire.state == "closed", "a success begins the count again"
    pairs = len(FAILURES) * len(NEUTRAL)
    record_property("promise", f"R3: {pairs} pairs of failure and refusal, 0 refusals counted or reset")


@pytest.mark.promise("R3")
async def test_a_burst_of_429s_is_one_failure_and_those_of_five_windows_are_five(
    record_property: Callable[[str, object], None],
) -> None:
    """A service that wants it slower is not down; one that says so whatever the pace is left alone."""
    wire = Wire(BreakerPolicy(failures_to_open=5))

    async def send(_number: int) -> None:
        raise RateLimitError("too many")

    states = []
    for _ in range(5):
        burst = (wire.chain.run("quotes", send) for _ in range(100))
        await asyncio.gather(*burst, return_exceptions=True)
        states.append(wire.state)
        wire.clock.advance(1.0)
    assert states == ["closed"] * 4 + ["open"]
    record_property(
        "promise", f"R3: bursts of 100 answers of 429, open after burst {states.index('open') + 1}"
    )


@pytest.mark.promise("R3")
def test_a_cancellation_stays_one_wherever_it_hits(record_property: Callable[[str, object], None]) -> None:
    """In the line, in flight, between two sends, under a deadline, as a probe; and nothing is left behind."""
    goal = scale(1_000, long=100_000)
    random, cancelled, swallowed, places = Random(3), 0, 0, Counter[str]()

    async def some_calls() -> None:
        nonlocal cancelled, swallowed
        statistics, where = ClientStatistics(), dict[int, str]()
        policies = Policies(
            retry=RetryPolicy(attempts=4, first_wait_seconds=0.5, deadline_seconds=3.0, budget=100_000),
            breaker=BreakerPolicy(failures_to_open=8, open_seconds=2.0),
            rate_limit=RateLimitPolicy(starts=40, window_seconds=1.0),
            endpoint_limits={"slow": RateLimitPolicy(starts=3)},
            max_in_flight=15,
        )
        clock = VirtualClock()
        chain = Chain(policies, clock=clock, statistics=statistics)

        async def call(number: int) -> None:
            async def send(attempt: int) -> None:
                where[number] = f"send {attempt}"
                await clock.sleep(random.uniform(0, 2))
                where[number] = f"after send {attempt}"
                if random.random() < 0.6:
                    raise random.choice(FAILURES)

            where[number] = "in line"
            await chain.run(("slow", "quotes", "chains")[number % 3], send, first=number % 17 == 0)

        tasks = list[asyncio.Task[None]]()
        async with asyncio.TaskGroup() as group:
            for number in range(200):
                task = group.create_task(_unless_cancelled(call(number)))
                tasks.append(task)
                await clock.sleep(random.uniform(0, 0.05))
                victims = [number for number, task in enumerate(tasks) if not task.done()]
                victim = random.choice(victims or [number])
                if random.random() < 0.8 and tasks[victim].cancel():
                    places[where.get(victim, "not begun")] += 1
                    cancelled += 1
                    await asyncio.wait([tasks[victim]])
                    swallowed += not tasks[victim].cancelled()
        assert statistics.in_flight == 0
        # All places and turns have been given back: as many calls as ever start at once.
        await clock.sleep(200.0)
        held = asyncio.Event()

        async def hold(_number: int) -> None:
            await held.wait()

        async with asyncio.TaskGroup() as group:
            for _ in range(15):
                group.create_task(chain.run("fresh", hold))
            await clock.sleep(0.5)
            assert statistics.in_flight == 15
            held.set()

    while cancelled < goal:
        run_at_once(some_calls())
    assert swallowed == 0
    assert {"in line", "send 1", "send 2", "after send 1"} <= set(places)
    record_property(
        "promise", f"R3: {cancelled:,} cancellations in {len(places)} situations, {swallowed} swallowed"
    )


async def _unless_cancelled(call: Coroutine[object, object, None]) -> None:
    """What it raises but for a cancellation is of no interest here."""
    try:
        await call
    except TTError:
        return


@pytest.mark.promise("R3")
async def test_an_open_breaker_leaves_the_other_endpoints_alone(
    record_property: Callable[[str, object], None],
) -> None:
    """On real sockets: one endpoint down, 1,000 calls of another side by side with it, all answered."""

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/oauth/token":
            return web.json_response({"access_token": "t", "expires_in": 90_000})
        if request.path.endswith("/accounts"):
            return web.Response(status=503)
        return web.json_response({"data": {"items": []}})

    policies = Policies(
        retry=RetryPolicy(attempts=2, first_wait_seconds=0.0), rate_limit=RateLimitPolicy(starts=100_000)
    )
    async with serving(answer) as url, TTClient(Settings(api_url=url), policies=policies) as client:

        async def both() -> tuple[object, ...]:
            return await asyncio.gather(
                client.accounts.list(), client.accounts.positions("SBX00001"), return_exceptions=True
            )

        results = [
            result for _ in range(100) for result in await asyncio.gather(*(both() for _ in range(10)))
        ]
        states = client.breaker_states()
    down, well = zip(*results, strict=True)
    assert all(isinstance(error, ServerError | CircuitOpenError) for error in down)
    answered = well.count(())
    assert answered == 1_000
    assert sorted(states.values()) == ["closed", "closed", "open"]
    record_property(
        "promise", f"R3: one endpoint open, {answered / len(well):.0%} of another's 1,000 calls answered"
    )
