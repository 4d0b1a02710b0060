# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How fast the sandbox serves: candle histories of a whole universe, single quotes, chains, its start."""

from __future__ import annotations

import asyncio
import resource
from datetime import UTC, date, datetime
from functools import partial
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Final

import aiohttp
import orjson
import pytest

from recorded_candles import SDK_FIELDS
from ttapi_client.dxlink.columns import CANDLE_FIELDS
from ttapi_client.sandbox import SandboxProcess

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from side_by_side import Bench

_EVENING: Final = "2026-11-20"
_SINCE: Final = date(2016, 11, 20)
_IN_FLIGHT: Final = 32  # requests
_AT_ONCE: Final = 100  # subscriptions of Candle that the feed allows
_CREDENTIALS: Final = {
    "grant_type": "refresh_token",
    "client_secret": "sandbox-secret",
    "refresh_token": "sandbox-refresh",
}


def bench_start(bench: Bench) -> None:
    """Until it answers: under one second."""

    async def started() -> float:
        began = perf_counter()
        async with SandboxProcess(at=_EVENING, speed=0):
            return perf_counter() - began

    seconds = median(asyncio.run(started()) for _ in range(bench.size(5, quick=2)))
    bench.show("sandbox ready after", seconds, size="a process", unit="s", goal=1.0)


@pytest.mark.parametrize("fields", [CANDLE_FIELDS, SDK_FIELDS], ids=["narrow", "wide"])
def bench_candles(bench: Bench, fields: Sequence[str]) -> None:
    """Ten years of a whole universe in under five seconds, frames parsed."""
    symbols = bench.size(507, quick=10)
    seconds, rows, cpu = asyncio.run(_of_sandbox(partial(_candles, count=symbols, fields=fields)))
    size = f"{symbols} symbols, {rows:,} rows"
    bench.show(f"sandbox sends candles, {len(fields)} fields", seconds, size=size, unit="s", goal=5.0)
    bench.show(f"  its CPU, {len(fields)} fields", cpu, size=size, unit="s")


def bench_quotes(bench: Bench) -> None:
    """At least 3,000 requests a second of one core."""
    count = bench.size(12_000, quick=500)
    seconds, _, cpu = asyncio.run(_of_sandbox(partial(_quotes, count=count)))
    size = f"{count:,} requests, {_IN_FLIGHT} in flight"
    bench.show("sandbox answers a single quote", seconds / count, size=size, unit="s", goal=1 / 3_000)
    bench.show("  its CPU a quote, with its start", cpu / count, size=size, unit="s")


def bench_chains(bench: Bench) -> None:
    """Nested chains, one after the other."""
    count = bench.size(507, quick=10)
    seconds, _, cpu = asyncio.run(_of_sandbox(partial(_chains, count=count)))
    bench.show("sandbox answers a nested chain", seconds / count, size=f"{count} chains", unit="s")
    bench.show("  its CPU a chain, with its start", cpu / count, size=f"{count} chains", unit="s")


async def _of_sandbox(
    part: Callable[[SandboxProcess], Awaitable[tuple[float, int]]],
) -> tuple[float, int, float]:
    """What a part took of a fresh sandbox: seconds, how much came, and its CPU in all, with its start."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    async with SandboxProcess(at=_EVENING, speed=0) as sandbox:
        seconds, number = await part(sandbox)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, number, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


async def _candles(sandbox: SandboxProcess, count: int, fields: Sequence[str]) -> tuple[float, int]:
    async with _session(sandbox) as http:
        symbols = await _symbols(http, count)
        async with http.get("/api-quote-tokens") as answer:
            token = (await answer.json())["data"]
        async with http.ws_connect(token["dxlink-url"], max_msg_size=1 << 20) as feed:
            for message in (
                {"type": "SETUP", "channel": 0, "version": "0.1-bench", "keepaliveTimeout": 60},
                {"type": "AUTH", "channel": 0, "token": token["token"]},
                {
                    "type": "CHANNEL_REQUEST",
                    "channel": 1,
                    "service": "FEED",
                    "parameters": {"contract": "HISTORY"},
                },
                {
                    "type": "FEED_SETUP",
                    "channel": 1,
                    "acceptDataFormat": "COMPACT",
                    "acceptEventFields": {"Candle": list(fields)},
                },
            ):
                await feed.send_str(orjson.dumps(message).decode())
            began = perf_counter()
            rows = await _read_histories(feed, symbols, fields)
            return perf_counter() - began, rows


async def _read_histories(
    feed: aiohttp.ClientWebSocketResponse, symbols: Sequence[str], fields: Sequence[str]
) -> int:
    since = int(datetime.combine(_SINCE, datetime.min.time(), tzinfo=UTC).timestamp() * 1000)
    width, flags = len(fields), fields.index("eventFlags")
    waiting = list(reversed(symbols))
    open_count = rows = 0
    while waiting or open_count:
        if waiting and open_count < _AT_ONCE:
            chosen = [waiting.pop() for _ in range(min(_AT_ONCE - open_count, len(waiting)))]
            add = [{"type": "Candle", "symbol": f"{one}{{=d,tho=true}}", "fromTime": since} for one in chosen]
            await feed.send_bytes(orjson.dumps({"type": "FEED_SUBSCRIPTION", "channel": 1, "add": add}))
            open_count += len(chosen)
        message = orjson.loads((await feed.receive()).data)
        if message["type"] == "ERROR":
            raise RuntimeError(message["message"])
        if message["type"] != "FEED_DATA":
            continue
        values = message["data"][1]
        rows += len(values) // width
        if values[flags - width] & 0x18:
            symbol = values[-width]
            remove = [{"type": "Candle", "symbol": symbol}]
            await feed.send_bytes(orjson.dumps({"type": "FEED_SUBSCRIPTION", "channel": 1, "remove": remove}))
            open_count -= 1
    return rows


async def _quotes(sandbox: SandboxProcess, count: int) -> tuple[float, int]:
    async with _session(sandbox) as http:
        await _authorize(http)
        left = iter(range(count))

        async def ask() -> None:
            for _ in left:
                async with http.get("/market-data/Equity/AAPL") as answer:
                    await answer.read()

        began = perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(_IN_FLIGHT):
                group.create_task(ask())
        return perf_counter() - began, count


async def _chains(sandbox: SandboxProcess, count: int) -> tuple[float, int]:
    async with _session(sandbox) as http:
        symbols = await _symbols(http, count)
        began = perf_counter()
        for symbol in symbols:
            async with http.get(f"/option-chains/{symbol}/nested") as answer:
                body = await answer.read()
            assert orjson.loads(body)["data"]["items"][0]["expirations"]
        return perf_counter() - began, count


def _session(sandbox: SandboxProcess) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(base_url=sandbox.url, headers={"User-Agent": "bench/1.0"})


async def _authorize(http: aiohttp.ClientSession) -> None:
    async with http.post("/oauth/token", json=_CREDENTIALS) as answer:
        http.headers["Authorization"] = f"Bearer {(await answer.json())['access_token']}"


async def _symbols(http: aiohttp.ClientSession, count: int) -> list[str]:
    await _authorize(http)
    async with http.get("/instruments/equities/active", params={"per-page": "5000"}) as answer:
        items = (await answer.json())["data"]["items"]
    return [item["symbol"] for item in items if item["id"] < 10_000 and not item["is-index"]][:count]
