# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Calls with 100 in flight: client, bare aiohttp and community SDK, in turns on one sandbox."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import attrs
import orjson
from sdk_peer import sdk_peer

from calls_in_flight import BARE, IN_FLIGHT, UNLIMITED, Cost, bare_headers, one_round
from ttapi_client import TTClient
from ttapi_client.sandbox import SandboxProcess
from ttapi_core.outcome import Ok
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from sdk_peer import SdkPeer

    from side_by_side import Bench

SYMBOLS: Final = 100  # the most that one by-type request may name
EQUITY, QUOTES = ("equity", "quotes")
SDK: Final = "community SDK"


@attrs.frozen
class Rounds:
    """What one work cost each of the three, round by round."""

    work: str
    bare: Sequence[Cost]
    client: Sequence[Cost]
    sdk: Sequence[Cost]


def sdk_round(peer: SdkPeer, work: str, symbols: list[str], calls: int, expected: int) -> Cost:
    """The same by the SDK, in its own process."""
    took = peer.carry_out(work=work, symbols=symbols, calls=calls)
    assert took["values"] == calls * expected
    return Cost(took["wall"] / calls, took["cpu"] / calls)


def client_calls(client: TTClient, symbols: list[str]) -> Mapping[str, Callable[[], Awaitable[int]]]:
    """The client's calls: decoded to values."""

    async def equity() -> int:
        return int((await client.instruments.equity(symbols[0])).symbol == symbols[0])

    async def quotes() -> int:
        return sum(isinstance(each, Ok) for each in (await client.market_data.quotes(symbols)).values())

    return {EQUITY: equity, QUOTES: quotes}


def bare_calls(
    session: aiohttp.ClientSession, url: str, headers: Mapping[str, str], symbols: list[str]
) -> Mapping[str, Callable[[], Awaitable[int]]]:
    """The same requests with nothing around them: parsed, not decoded."""

    async def data_of(address: str) -> Any:
        async with session.get(address, headers=headers, allow_redirects=False) as answer:
            return orjson.loads(await answer.read())["data"]

    async def equity() -> int:
        return int((await data_of(f"{url}/instruments/equities/{symbols[0]}"))["symbol"] == symbols[0])

    async def quotes() -> int:
        query = "&".join(f"equity={symbol}" for symbol in symbols)
        return len((await data_of(f"{url}/market-data/by-type?{query}"))["items"])

    return {EQUITY: equity, QUOTES: quotes}


async def measure(calls: Mapping[str, int], sdk_calls: Mapping[str, int], rounds: int) -> list[Rounds]:
    """Rounds in turns, by work; the first of each opens connections and is not counted."""
    found: list[Rounds] = []
    async with (
        SandboxProcess(speed=0) as sandbox,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=IN_FLIGHT + 1)) as session,
        TTClient(Settings(api_url=sandbox.url), policies=UNLIMITED) as client,
    ):
        symbols = [
            equity.symbol
            async for equity in client.instruments.active_equities()
            if equity.symbol.isalpha() and not equity.is_index
        ][:SYMBOLS]
        bare = bare_calls(session, sandbox.url, await bare_headers(session, sandbox.url), symbols)
        ours = client_calls(client, symbols)
        with sdk_peer(sandbox.url) as peer:
            for work, count in calls.items():
                expected = 1 if work == EQUITY else len(symbols)
                taken = [
                    (
                        await one_round(bare[work], count, expected=expected),
                        await one_round(ours[work], count, expected=expected),
                        # Its process is another one: nothing of ours is to run meanwhile.
                        sdk_round(peer, work, symbols, sdk_calls[work], expected),
                    )
                    for _ in range(rounds + 1)
                ]
                found.append(Rounds(work, *map(list, zip(*taken[1:], strict=True))))
    return found


def bench_calls(bench: Bench) -> None:
    """At least 5 times the requests a second of the community SDK for an equity."""
    calls = bench.size({EQUITY: 2_000, QUOTES: 300}, quick={EQUITY: 200, QUOTES: 100})
    sdk_calls = bench.size({EQUITY: 400, QUOTES: 100}, quick={EQUITY: 100, QUOTES: 100})
    for rounds in asyncio.run(measure(calls, sdk_calls, bench.size(7, quick=2))):
        what = {EQUITY: "one equity by its symbol", QUOTES: f"{SYMBOLS} quotes by type, decoded"}[rounds.work]
        size = f"{calls[rounds.work]:,} calls, {IN_FLIGHT} in flight"
        others = {BARE: rounds.bare, SDK: rounds.sdk}
        bench.compare(
            what,
            [cost.wall for cost in rounds.client],
            beside={name: [cost.wall for cost in costs] for name, costs in others.items()},
            size=size,
            goals={SDK: 1 / 5} if rounds.work == EQUITY else None,
        )
        bench.compare(
            f"  CPU, {what}",
            [cost.cpu for cost in rounds.client],
            beside={name: [cost.cpu for cost in costs] for name, costs in others.items()},
            size=size,
        )
