# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the client's chain costs per call, beside bare aiohttp asking the same server for the same answer."""

from __future__ import annotations

import asyncio
import statistics
import sys
from typing import TYPE_CHECKING

import aiohttp
import orjson
from aiohttp import web
from aiohttp.test_utils import TestServer

from ttapi_client import Policies, TTClient
from ttapi_client.policies import RateLimitPolicy
from ttapi_client.resilience.chain import Chain
from ttapi_client.statistics import ClientStatistics
from ttapi_core.clock import SystemClock
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

CALLS = 400
ROUNDS = 15
GOAL_MICROSECONDS = 40.0
ROUTE = "/market-time/equities/holidays"
POLICIES = Policies(rate_limit=RateLimitPolicy(starts=1_000_000))


async def answer(request: web.Request) -> web.Response:
    """A token or an empty calendar."""
    if request.path == "/oauth/token":
        return web.json_response({"access_token": "benchmark", "expires_in": 900})
    return web.json_response({"data": {"market-holidays": [], "market-half-days": []}})


async def microseconds_a_call(call: Callable[[], Awaitable[object]]) -> float:
    """The mean of one round, one call after the other."""
    clock = SystemClock()
    started_at = clock.monotonic()
    for _ in range(CALLS):
        await call()
    return (clock.monotonic() - started_at) / CALLS * 1e6


async def main() -> None:
    """Run all in turns and print them with their ratio."""
    chain = Chain(POLICIES, clock=SystemClock(), statistics=ClientStatistics())

    async def nothing(_number: int = 1) -> None:
        """What is sent when only the chain is measured."""

    async def only_chain() -> None:
        await chain.run("benchmark", nothing)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    async with TestServer(app, host="127.0.0.1") as server, aiohttp.ClientSession() as session:
        url = str(server.make_url("/")).rstrip("/")

        async def bare() -> None:
            async with session.get(url + ROUTE) as response:
                orjson.loads(await response.read())

        async with TTClient(Settings(api_url=url), policies=POLICIES) as client:
            rounds = [
                (
                    await microseconds_a_call(bare),
                    await microseconds_a_call(client.market_hours.holidays),
                    await microseconds_a_call(only_chain) - await microseconds_a_call(nothing),
                )
                for _ in range(ROUNDS)
            ]
    bare_time, whole, alone = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = statistics.median(client_time / bare_time for bare_time, client_time, _ in rounds)
    lines = (
        f"{CALLS} calls one after the other, median of {ROUNDS} rounds",
        f"bare aiohttp              {bare_time:8.1f} us a call",
        f"client, decoding and all  {whole:8.1f} us a call",
        f"ratio                     {ratio:8.2f}",
        f"the chain by itself       {alone:8.1f} us a call   (goal: at most {GOAL_MICROSECONDS:g})",
    )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
