# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the client adds to a call: beside bare aiohttp, in turns, a hundred in flight, on one sandbox."""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from typing import TYPE_CHECKING, Final

import aiohttp
import attrs
import orjson

from ttapi_client import ClientStatistics, Policies, TTClient
from ttapi_client.policies import RateLimitPolicy
from ttapi_client.resilience.chain import Chain
from ttapi_client.routes import Route
from ttapi_client.sandbox import SandboxProcess
from ttapi_client.version import USER_AGENT
from ttapi_core.clock import SystemClock
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

IN_FLIGHT: Final = 100
CALLS: Final = 2_000  # a round
ROUNDS: Final = 15
GOAL_MICROSECONDS: Final = 40
GOAL_RATIO: Final = 0.75
ROUTE: Final = Route("/instruments/equities/{symbol}", {"symbol": "AAPL"})  # a small answer, quickly made
POLICIES: Final = Policies(rate_limit=RateLimitPolicy(starts=1_000_000))


@attrs.frozen
class Cost:
    """Of one call, on average over a round, in microseconds."""

    wall: float
    cpu: float  # of this process alone: the sandbox has its own


async def one_round(call: Callable[[], Awaitable[object]]) -> Cost:
    """Make the calls, with so many in flight at any time."""
    left = iter(range(CALLS))

    async def work() -> None:
        for _ in left:
            await call()

    wall, cpu = time.perf_counter(), time.process_time()
    async with asyncio.TaskGroup() as group:
        for _ in range(IN_FLIGHT):
            group.create_task(work())
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Cost(wall / CALLS * 1e6, cpu / CALLS * 1e6)


async def bare_headers(session: aiohttp.ClientSession, url: str) -> dict[str, str]:
    """What every request has to carry, whoever sends it."""
    secrets = {"client_secret": "sandbox-secret", "refresh_token": "sandbox-refresh"}
    body = {"grant_type": "refresh_token", **secrets}
    async with session.post(f"{url}/oauth/token", json=body, headers={"User-Agent": USER_AGENT}) as answer:
        token = (await answer.json())["access_token"]
    return {
        "User-Agent": USER_AGENT,
        "Accept": "application/json",
        "Authorization": f"Bearer {token}",
        "X-Request-Id": "r-00000000.1",
    }


async def measure() -> list[tuple[Cost, Cost, Cost, Cost]]:
    """Rounds of bare aiohttp, the client, a send of nothing, and the chain around that."""
    chain = Chain(POLICIES, clock=SystemClock(), statistics=ClientStatistics())

    async def nothing(_number: int = 1) -> None:
        await asyncio.sleep(0)

    async def only_chain() -> None:
        await chain.run("benchmark", nothing)

    async with (
        SandboxProcess() as sandbox,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=IN_FLIGHT + 1)) as session,
        TTClient(Settings(api_url=sandbox.url), policies=POLICIES) as client,
    ):
        url, headers = f"{sandbox.url}{ROUTE.path}", await bare_headers(session, sandbox.url)
        requester = client.instruments._requester

        async def bare() -> None:
            async with session.get(url, headers=headers, allow_redirects=False) as answer:
                orjson.loads(await answer.read())

        async def chained() -> None:
            await requester.get(ROUTE)

        rounds = [
            (
                await one_round(bare),
                await one_round(chained),
                await one_round(nothing),
                await one_round(only_chain),
            )
            for _ in range(ROUNDS + 1)
        ]
    return rounds[1:]  # the first opens connections


def main() -> None:
    """Print them, what the client adds, and the ratio of the rates."""
    rounds = asyncio.run(measure())
    bare, chained, _, _ = zip(*rounds, strict=True)
    extra = statistics.median(client.cpu - plain.cpu for plain, client, _, _ in rounds)
    ratio = statistics.median(plain.wall / client.wall for plain, client, _, _ in rounds)
    alone = statistics.median(chain.cpu - send.cpu for _, _, send, chain in rounds)
    lines = [f"{CALLS:,} calls a round, {IN_FLIGHT} in flight, median of {ROUNDS} rounds in turns"]
    for name, costs in (("bare aiohttp", bare), ("client", chained)):
        wall, cpu = (statistics.median(column) for column in zip(*map(attrs.astuple, costs), strict=True))
        lines.append(f"{name:<22}{1e6 / wall:9,.0f} requests/s {cpu:8.1f} us of CPU a call")
    lines += [
        f"ratio of the rates    {ratio:9.2f}   (goal: at least {GOAL_RATIO})",
        f"the client adds       {extra:9.1f} us of CPU a call   (goal: at most {GOAL_MICROSECONDS})",
        f"the chain by itself   {alone:9.1f} us of CPU a call",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
