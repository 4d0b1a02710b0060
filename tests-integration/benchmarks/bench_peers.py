# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Requests a second at 100 in flight: client, bare aiohttp and community SDK, in turns on one sandbox."""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import attrs
import orjson
from sdk_peer import sdk_peer

from ttapi_client import Policies, TTClient
from ttapi_client.policies import RateLimitPolicy
from ttapi_client.sandbox import SandboxProcess
from ttapi_core.outcome import Ok
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from sdk_peer import SdkPeer

IN_FLIGHT: Final = 100
ROUNDS: Final = 7
SYMBOLS: Final = 100  # the most that one by-type request may name
CALLS: Final = {"equity": 2_000, "quotes": 300}  # a round of ours
SDK_CALLS: Final = {"equity": 400, "quotes": 100}
GOAL_TIMES_THE_SDK: Final = 5.0
POLICIES: Final = Policies(rate_limit=RateLimitPolicy(starts=1_000_000))
AGENT: Final = {"User-Agent": "ttapi-bench/1.0"}


@attrs.frozen
class Rate:
    """Of one round."""

    calls_a_second: float
    cpu_microseconds: float  # of the client's process alone, a call


async def one_round(call: Callable[[], Awaitable[int]], calls: int, expected: int) -> Rate:
    """Make the calls, with so many in flight at any time; each has to bring so many values."""
    left = iter(range(calls))

    async def work() -> None:
        for _ in left:
            if await call() != expected:
                raise RuntimeError("an answer was not complete")

    wall, cpu = time.perf_counter(), time.process_time()
    async with asyncio.TaskGroup() as group:
        for _ in range(IN_FLIGHT):
            group.create_task(work())
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Rate(calls / wall, cpu / calls * 1e6)


def sdk_round(peer: SdkPeer, work: str, symbols: list[str], expected: int) -> Rate:
    """The same by the SDK, in its own process."""
    calls = SDK_CALLS[work]
    took = peer.carry_out(work=work, symbols=symbols, calls=calls)
    if took["values"] != calls * expected:
        raise RuntimeError("an answer to the SDK was not complete")
    return Rate(calls / took["wall"], took["cpu"] / calls * 1e6)


async def bare_headers(session: aiohttp.ClientSession, url: str) -> dict[str, str]:
    """What every request has to carry, whoever sends it."""
    secrets = {"client_secret": "sandbox-secret", "refresh_token": "sandbox-refresh"}
    body = {"grant_type": "refresh_token", **secrets}
    async with session.post(f"{url}/oauth/token", json=body, headers=AGENT) as answer:
        return {**AGENT, "Authorization": f"Bearer {(await answer.json())['access_token']}"}


def client_calls(client: TTClient, symbols: list[str]) -> Mapping[str, Callable[[], Awaitable[int]]]:
    """The client's calls: decoded to values."""

    async def equity() -> int:
        return int((await client.instruments.equity(symbols[0])).symbol == symbols[0])

    async def quotes() -> int:
        return sum(isinstance(each, Ok) for each in (await client.market_data.quotes(symbols)).values())

    return {"equity": equity, "quotes": quotes}


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

    return {"equity": equity, "quotes": quotes}


async def measure() -> dict[str, dict[str, list[Rate]]]:
    """Rounds in turns, by work and client; the first of each opens connections and is not counted."""
    rates: dict[str, dict[str, list[Rate]]] = {}
    async with (
        SandboxProcess(speed=0) as sandbox,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=IN_FLIGHT + 1)) as session,
        TTClient(Settings(api_url=sandbox.url), policies=POLICIES) as client,
    ):
        symbols = [
            equity.symbol
            async for equity in client.instruments.active_equities()
            if equity.symbol.isalpha() and not equity.is_index
        ][:SYMBOLS]
        bare = bare_calls(session, sandbox.url, await bare_headers(session, sandbox.url), symbols)
        ours = client_calls(client, symbols)
        with sdk_peer(sandbox.url) as peer:
            for work, calls in CALLS.items():
                expected = 1 if work == "equity" else len(symbols)
                rounds = [
                    (
                        await one_round(bare[work], calls, expected),
                        await one_round(ours[work], calls, expected),
                        # Its process is another one: nothing of ours is to run meanwhile.
                        sdk_round(peer, work, symbols, expected),
                    )
                    for _ in range(ROUNDS + 1)
                ]
                columns = zip(*rounds[1:], strict=True)
                rates[work] = dict(zip(("bare aiohttp", "client", "SDK"), map(list, columns), strict=True))
    return rates


def report(work: str, rates: Mapping[str, list[Rate]]) -> None:
    """One table, and the ratios round by round."""
    named = {"equity": "one equity by its symbol", "quotes": f"{SYMBOLS} quotes by type, decoded"}[work]
    print(f"{named}, {IN_FLIGHT} in flight, median of {ROUNDS} rounds in turns")
    for name, rounds in rates.items():
        speed = statistics.median(one.calls_a_second for one in rounds)
        cpu = statistics.median(one.cpu_microseconds for one in rounds)
        print(f"  {name:<16}{speed:10,.0f} requests/s {cpu:10,.1f} us of CPU a call")
    pairs = list(zip(rates["client"], rates["SDK"], strict=True))
    faster = statistics.median(ours.calls_a_second / sdk.calls_a_second for ours, sdk in pairs)
    cheaper = statistics.median(sdk.cpu_microseconds / ours.cpu_microseconds for ours, sdk in pairs)
    goal = f"   (goal: at least {GOAL_TIMES_THE_SDK:g})" if work == "equity" else ""
    print(f"  times the SDK   {faster:10.1f}{goal}")
    print(f"  its CPU a call  {cheaper:10.1f} times ours")


def main() -> None:
    """Print both tables."""
    for work, rates in asyncio.run(measure()).items():
        report(work, rates)


if __name__ == "__main__":
    main()
