# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R8: never more than a hundred requests at once, counted where they arrive; and few of them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from scale import scale

from test_ttapi_client.local_service import serving
from ttapi_client import Policies, TTClient
from ttapi_client.policies import BreakerPolicy, RateLimitPolicy, RetryPolicy
from ttapi_client.sandbox import SandboxProcess
from ttapi_core.errors import TTError
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from ttapi_client import ClientStatistics

QUICK = Policies(
    retry=RetryPolicy(first_wait_seconds=0.0, budget=1_000_000),
    rate_limit=RateLimitPolicy(starts=1_000_000),
    breaker=BreakerPolicy(failures_to_open=1_000_000),  # it would keep them away
    timeout_seconds=60.0,
)
ALLOWED = 100


class Door:
    """A service that counts who is inside, and keeps them there until nobody else comes."""

    def __init__(self) -> None:
        self.inside = self.most = self.arrived = 0
        self._more = asyncio.Event()

    async def answer(self, request: web.Request) -> web.Response:
        """Let one in."""
        if request.path == "/oauth/token":
            return web.json_response({"access_token": "t", "expires_in": 90_000})
        self.arrived += 1
        number = self.arrived
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            for _ in range(number % 7):  # unlike times, so that they do not come and go in step
                await asyncio.sleep(0)  # noqa: TID251 - gives way
            if number % 11 == 0 and request.transport is not None:
                request.transport.abort()
            return web.json_response(
                {"data": {"items": []}}, status=(200, 200, 200, 503, 500, 200, 404)[number % 7]
            )
        finally:
            self.inside -= 1


async def crowd(calls: int, door: Door, *, gives_up: bool) -> ClientStatistics:
    """Three times as many at once as are allowed; with ``gives_up`` some leave before they are answered."""
    left = iter(range(calls))
    async with (
        serving(door.answer) as url,
        TTClient(Settings(api_url=url), policies=QUICK) as client,
        asyncio.TaskGroup() as group,
    ):

        async def work() -> None:
            for number in left:
                task = group.create_task(call())
                if gives_up and number % 13 == 0:
                    asyncio.get_running_loop().call_later(0.001 * (number % 50), task.cancel)
                await asyncio.wait([task])

        async def call() -> None:
            with suppress(TTError):
                await client.accounts.list()

        for _ in range(3 * ALLOWED):
            group.create_task(work())
    return client.statistics


@pytest.mark.promise("R8")
async def test_no_more_than_a_hundred_are_in_flight(record_property: Callable[[str, object], None]) -> None:
    """Whatever happens to them: refusals, repeats, lost connections."""
    calls, door = scale(1_500, long=50_000), Door()
    statistics = await crowd(calls, door, gives_up=False)
    assert door.arrived > calls, "none was kept away, and some were repeated"
    assert ALLOWED / 2 < door.most <= ALLOWED, "as many as allowed, and the places are used"
    assert (statistics.in_flight, statistics.in_flight_peak) == (0, ALLOWED)
    record_property(
        "promise", f"R8: {door.arrived:,} arrivals of {calls:,} calls, at most {door.most} inside at once"
    )


@pytest.mark.promise("R8")
async def test_who_gives_up_frees_one_place() -> None:
    """And not two; the service may still be busy with what nobody waits for."""
    statistics = await crowd(scale(1_000, long=20_000), Door(), gives_up=True)
    assert (statistics.in_flight, statistics.in_flight_peak) == (0, ALLOWED)


@pytest.mark.promise("R8")
async def test_few_requests_fetch_many_quotes(record_property: Callable[[str, object], None]) -> None:
    """A sandbox in a process of its own counts them: 507 symbols, a hundred a request."""
    async with SandboxProcess() as sandbox:
        async with TTClient(Settings(api_url=sandbox.url), policies=QUICK) as client:
            symbols: list[str] = []
            async for equity in client.instruments.active_equities(per_page=1000):
                symbols.append(equity.symbol)
                if len(symbols) == 507:
                    break
            quotes = await client.market_data.quotes(symbols)
        counts = await sandbox.statistics()
    requests = sum(number for route, number in counts.requests.items() if "by-type" in route)
    assert quotes.keys() == set(symbols)
    assert requests <= 6
    assert counts.max_concurrent_requests <= ALLOWED
    record_property("promise", f"R8: {len(symbols)} symbols by {requests} by-type requests")
