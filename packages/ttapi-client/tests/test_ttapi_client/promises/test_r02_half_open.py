# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R2: when a breaker tries its service again, exactly the probes reach the server, whatever comes at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import attrs
import pytest
from aiohttp import web

from test_ttapi_client.local_service import serving
from ttapi_client import Policies, TTClient
from ttapi_client.policies import BreakerPolicy, RateLimitPolicy, RetryPolicy
from ttapi_core.clock import ManualClock
from ttapi_core.errors import CircuitOpenError, ServerError
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

ACCOUNTS = "customers/me/accounts"


@attrs.define
class Service:
    """Down at first; up again, it holds each answer back until the gate opens."""

    is_up: bool = False
    arrived: int = 0
    gate: asyncio.Event = attrs.field(factory=asyncio.Event)
    news: asyncio.Event = attrs.field(factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.Response:
        """A token at any time, accounts when it is up."""
        if request.path == "/oauth/token":
            return web.json_response({"access_token": "t", "expires_in": 90_000})
        self.arrived += 1
        self.news.set()
        if not self.is_up:
            return web.Response(status=503)
        await self.gate.wait()
        return web.json_response({"data": {"items": []}})

    async def has_got(self, requests: int) -> None:
        """Wait until so many have arrived."""
        while self.arrived < requests:
            self.news.clear()
            await self.news.wait()


def policies(*, probes: int) -> Policies:
    """One failure opens the breaker for 30 seconds; a probe has a minute."""
    return Policies(
        retry=RetryPolicy(attempts=1),
        breaker=BreakerPolicy(
            failures_to_open=1, open_seconds=30.0, probes=probes, probe_timeout_seconds=60.0
        ),
        rate_limit=RateLimitPolicy(starts=100_000),
    )


@pytest.mark.promise("R2")
@pytest.mark.parametrize("probes", [1, 3])
async def test_of_a_thousand_calls_at_once_exactly_the_probes_reach_the_server(
    probes: int, record_property: Callable[[str, object], None]
) -> None:
    """At the very instant at which the breaker may be tried again, on real sockets."""
    service, clock = Service(), ManualClock()
    async with (
        serving(service.answer) as url,
        TTClient(Settings(api_url=url), clock=clock, policies=policies(probes=probes)) as client,
    ):
        with pytest.raises(ServerError):
            await client.accounts.list()
        service.is_up, service.arrived = True, 0
        clock.advance(30.0)
        calls = asyncio.gather(*(client.accounts.list() for _ in range(1_000)), return_exceptions=True)
        await service.has_got(probes)
        assert client.breaker_states()[ACCOUNTS] == "half-open"
        service.gate.set()
        results = await calls
        assert service.arrived == probes
        assert results.count(()) == probes
        assert sum(isinstance(result, CircuitOpenError) for result in results) == 1_000 - probes
        assert client.breaker_states()[ACCOUNTS] == "closed"
        assert await client.accounts.list() == ()
    record_property(
        "promise", f"R2: 1,000 calls at once at reopening, {probes} allowed, {results.count(())} sent"
    )


@pytest.mark.promise("R2")
async def test_a_hung_probe_frees_its_place_after_its_timeout(
    record_property: Callable[[str, object], None],
) -> None:
    """Until then nobody is let in; then one more; and the late answer of the first counts for nothing."""
    service, clock = Service(), ManualClock()
    async with (
        serving(service.answer) as url,
        TTClient(Settings(api_url=url), clock=clock, policies=policies(probes=1)) as client,
    ):
        with pytest.raises(ServerError):
            await client.accounts.list()
        service.is_up, service.arrived = True, 0
        clock.advance(30.0)
        hung = asyncio.gather(client.accounts.list())
        await service.has_got(1)
        clock.advance(59.9)
        for _ in range(100):
            with pytest.raises(CircuitOpenError):
                await client.accounts.list()
        assert service.arrived == 1
        clock.advance(0.1)
        second = asyncio.gather(client.accounts.list())
        await service.has_got(2)
        with pytest.raises(CircuitOpenError):
            await client.accounts.list()
        assert service.arrived == 2
        service.gate.set()
        assert [*await hung, *await second] == [(), ()]
        assert client.breaker_states()[ACCOUNTS] == "closed"
    record_property(
        "promise", f"R2: {service.arrived - 1} more probe after the first hung for 60 s, 0 before"
    )
