# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the client adds to a call: beside bare aiohttp, in turns, a hundred in flight, on one sandbox."""

from __future__ import annotations

import asyncio
from statistics import median
from typing import TYPE_CHECKING, Final

import aiohttp
import orjson

from calls_in_flight import BARE, IN_FLIGHT, UNLIMITED, Cost, bare_headers, one_round
from ttapi_client import ClientStatistics, TTClient
from ttapi_client.resilience.chain import Chain
from ttapi_client.routes import Route
from ttapi_client.sandbox import SandboxProcess
from ttapi_core.clock import SystemClock
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from side_by_side import Bench

ROUTE: Final = Route("/instruments/equities/{symbol}", {"symbol": "AAPL"})  # a small answer, quickly made


async def measure(calls: int, rounds: int) -> list[tuple[Cost, Cost, Cost, Cost]]:
    """Rounds of bare aiohttp, the client, a send of nothing, and the chain around that."""
    chain = Chain(UNLIMITED, clock=SystemClock(), statistics=ClientStatistics())

    async def nothing(_number: int = 1) -> None:
        await asyncio.sleep(0)

    async def only_chain() -> None:
        await chain.run("benchmark", nothing)

    async with (
        SandboxProcess() as sandbox,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=IN_FLIGHT + 1)) as session,
        TTClient(Settings(api_url=sandbox.url), policies=UNLIMITED) as client,
    ):
        url, headers = f"{sandbox.url}{ROUTE.path}", await bare_headers(session, sandbox.url)
        requester = client.instruments._requester

        async def bare() -> None:
            async with session.get(url, headers=headers, allow_redirects=False) as answer:
                orjson.loads(await answer.read())

        async def chained() -> None:
            await requester.get(ROUTE)

        costs = [
            (
                await one_round(bare, calls),
                await one_round(chained, calls),
                await one_round(nothing, calls),
                await one_round(only_chain, calls),
            )
            for _ in range(rounds + 1)
        ]
    return costs[1:]  # the first opens connections


def bench_chain(bench: Bench) -> None:
    """At least 0.75 of the requests a second of bare aiohttp, at most 40 us of CPU more for each."""
    calls = bench.size(2_000, quick=200)
    costs = asyncio.run(measure(calls, bench.size(15, quick=3)))
    bare, client, send, chain = zip(*costs, strict=True)
    size = f"{calls:,} calls, {IN_FLIGHT} in flight"
    bench.compare(
        "a call by the client",
        [cost.wall for cost in client],
        beside={BARE: [cost.wall for cost in bare]},
        size=size,
        goals={BARE: 1 / 0.75},
    )
    bench.compare(
        "CPU of a call by the client",
        [cost.cpu for cost in client],
        beside={BARE: [cost.cpu for cost in bare]},
        size=size,
    )
    added = median(ours.cpu - plain.cpu for ours, plain in zip(client, bare, strict=True))
    bench.show("CPU that the client adds to a call", added, size=size, unit="s", goal=40e-6)
    bench.compare(
        "CPU of the chain alone",
        [cost.cpu for cost in chain],
        beside={"a send of nothing": [cost.cpu for cost in send]},
        size=size,
    )
