# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R6: a service that is down gets hardly more requests than there are calls; one layer retries."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from scale import scale

from test_ttapi_client.local_service import serving
from ttapi_client import Policies, TTClient
from ttapi_client.policies import BreakerPolicy, RateLimitPolicy, RetryPolicy
from ttapi_core.errors import CircuitOpenError, ServerError, TransportError, TTError
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

ACCOUNTS = "/customers/me/accounts"
WORKERS = 100
BUDGET = RetryPolicy().budget
PATIENT = BreakerPolicy(failures_to_open=1_000_000)  # the budget alone has to do


async def storm(
    calls: int, breaker: BreakerPolicy, *, hang_up: bool = False
) -> tuple[int, int, Counter[str]]:
    """Arrivals at a server that is down, the client's own count of repeats, and what the calls came to."""
    arrived, came_to = 0, Counter[str]()

    async def down(request: web.Request) -> web.Response:
        nonlocal arrived
        if request.path == "/oauth/token":
            return web.json_response({"access_token": "t", "expires_in": 90_000})
        arrived += 1
        if hang_up and request.transport is not None:
            request.transport.abort()
        return web.Response(status=503)

    policies = Policies(
        retry=RetryPolicy(first_wait_seconds=0.0),
        breaker=breaker,
        rate_limit=RateLimitPolicy(starts=1_000_000),
    )
    left = iter(range(calls))
    async with serving(down) as url, TTClient(Settings(api_url=url), policies=policies) as client:

        async def work() -> None:
            for _ in left:
                try:
                    await client.accounts.list()
                except TTError as error:
                    came_to[type(error).__name__] += 1

        async with asyncio.TaskGroup() as group:
            for _ in range(WORKERS):
                group.create_task(work())
        counted = client.statistics.requests[ACCOUNTS.strip("/")]
        repeats = client.statistics.retries
    assert arrived == counted, "nothing below the chain sends by itself"
    assert came_to.total() == calls
    return arrived, repeats, came_to


@pytest.mark.promise("R6")
@pytest.mark.parametrize("hang_up", [False, True], ids=["503", "connection lost"])
async def test_a_dead_service_gets_the_calls_and_the_budget(
    hang_up: bool, record_property: Callable[[str, object], None]
) -> None:
    """From 100 workers, on real sockets, counted at the server."""
    calls = scale(1_500, long=10_000)
    arrived, repeats, came_to = await storm(calls, PATIENT, hang_up=hang_up)
    assert set(came_to) == {TransportError.__name__ if hang_up else ServerError.__name__}
    assert arrived == calls + repeats, "one layer repeats"
    assert 0 < repeats <= BUDGET / RetryPolicy().cost
    assert arrived <= 1.1 * calls + BUDGET
    record_property(
        "promise", f"R6: {calls:,} calls of {WORKERS} workers, server down: {arrived:,} requests on the wire"
    )


@pytest.mark.promise("R6")
async def test_with_its_breaker_a_dead_service_gets_next_to_nothing(
    record_property: Callable[[str, object], None],
) -> None:
    """What is in flight when it opens, and not one more."""
    calls = scale(1_500, long=10_000)
    arrived, _, came_to = await storm(calls, BreakerPolicy())
    assert arrived <= WORKERS + BreakerPolicy().failures_to_open
    assert came_to[CircuitOpenError.__name__] >= calls - arrived
    record_property(
        "promise", f"R6: {calls:,} calls, server down, breaker as it is: {arrived} requests on the wire"
    )
