# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the chain around a request costs: the client beside bare aiohttp, in turns, on one sandbox."""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import TYPE_CHECKING, Final

import aiohttp
import attrs
import orjson

from ttapi_client import Policies, TTClient
from ttapi_client.policies import RateLimitPolicy
from ttapi_client.routes import Route
from ttapi_client.sandbox import SandboxProcess
from ttapi_client.version import USER_AGENT
from ttapi_core.settings import Environment, Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

IN_FLIGHT: Final = 100
CALLS: Final = 3_000  # a round
ROUNDS: Final = 9
GOAL_EXTRA_US: Final = 40
GOAL_RATIO: Final = 0.75
# A small answer that takes the sandbox little work, so that what the client does shows.
PATH: Final = "/instruments/equities/AAPL"
_NO_LIMIT: Final = Policies(rate_limit=RateLimitPolicy(starts=1_000_000))


@attrs.frozen(kw_only=True)
class Cost:
    """Of one call, on average over a round."""

    wall_us: float
    cpu_us: float  # of this process alone: the sandbox has its own


async def one_round(call: Callable[[], Awaitable[object]]) -> Cost:
    """Make the calls with so many in flight at any time."""
    left = iter(range(CALLS))

    async def work() -> None:
        for _ in left:
            await call()

    wall, cpu = time.perf_counter(), time.process_time()
    async with asyncio.TaskGroup() as group:
        for _ in range(IN_FLIGHT):
            group.create_task(work())
    return Cost(
        wall_us=(time.perf_counter() - wall) * 1e6 / CALLS,
        cpu_us=(time.process_time() - cpu) * 1e6 / CALLS,
    )


async def bare_headers(session: aiohttp.ClientSession, url: str) -> dict[str, str]:
    """What every request has to carry, whoever sends it."""
    body = {
        "grant_type": "refresh_token",
        "client_secret": "sandbox-secret",
        "refresh_token": "sandbox-refresh",
    }
    async with session.post(f"{url}/oauth/token", json=body, headers={"User-Agent": USER_AGENT}) as answer:
        token = (await answer.json())["access_token"]
    return {
        "User-Agent": USER_AGENT,
        "Accept": "application/json",
        "Authorization": f"Bearer {token}",
        "X-Request-Id": "r-00000000.1",
    }


async def measure() -> tuple[list[Cost], list[Cost]]:
    """Give the rounds of bare aiohttp and those of the client."""
    async with SandboxProcess() as sandbox:
        settings = Settings(environment=Environment.SANDBOX, api_url=sandbox.url)
        connector = aiohttp.TCPConnector(limit=IN_FLIGHT + 1)
        async with (
            aiohttp.ClientSession(connector=connector) as session,
            TTClient(settings, policies=_NO_LIMIT) as client,
        ):
            url, headers = f"{sandbox.url}{PATH}", await bare_headers(session, sandbox.url)
            route = Route("/instruments/equities/{symbol}", {"symbol": "AAPL"})
            requester = client.instruments._requester

            async def bare() -> object:
                async with session.get(url, headers=headers, allow_redirects=False) as answer:
                    return orjson.loads(await answer.read())

            async def chained() -> object:
                return await requester.get(route)

            await one_round(bare)
            await one_round(chained)
            rounds = [(await one_round(bare), await one_round(chained)) for _ in range(ROUNDS)]
    return [each for each, _ in rounds], [each for _, each in rounds]


def main() -> None:
    """Print both, what the chain adds, and the ratio of the two rates."""
    bare, chained = asyncio.run(measure())
    pairs = list(zip(bare, chained, strict=True))
    extra_us = statistics.median(ours.cpu_us - theirs.cpu_us for theirs, ours in pairs)
    ratio = statistics.median(theirs.wall_us / ours.wall_us for theirs, ours in pairs)
    print(f"{CALLS:,} calls a round, {IN_FLIGHT} in flight, median of {ROUNDS} rounds in turns")
    for name, costs in (("bare aiohttp", bare), ("TTClient", chained)):
        wall_us = statistics.median(cost.wall_us for cost in costs)
        cpu_us = statistics.median(cost.cpu_us for cost in costs)
        print(f"{name:<14}{1e6 / wall_us:10,.0f} requests/s {cpu_us:8.1f} µs of CPU a call")
    print(f"the chain adds {extra_us:9.1f} µs of CPU a call  (goal: at most {GOAL_EXTRA_US})")
    print(f"ratio of rates {ratio:9.2f}                   (goal: at least {GOAL_RATIO})")


if __name__ == "__main__":
    main()
