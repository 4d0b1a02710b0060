# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How fast the sandbox serves: candle histories of a whole universe, single quotes, chains, its start."""

from __future__ import annotations

import argparse
import asyncio
import resource
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

import aiohttp
import orjson

from ttapi_client.sandbox import SandboxProcess
from ttapi_core.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

_CLOCK: Final = SystemClock()
_EVENING: Final = "2026-11-20"
_SINCE: Final = date(2016, 11, 20)
_AT_ONCE: Final = 100  # subscriptions of Candle that the feed allows
_NARROW: Final = [
    "eventSymbol",
    "eventFlags",
    "index",
    "time",
    "open",
    "high",
    "low",
    "close",
    "volume",
    "vwap",
    "impVolatility",
]
_WIDE: Final = [
    "eventSymbol",
    "eventTime",
    "eventFlags",
    "index",
    "time",
    "sequence",
    "count",
    "volume",
    "vwap",
    "bidVolume",
    "askVolume",
    "impVolatility",
    "openInterest",
    "open",
    "high",
    "low",
    "close",
]
_CREDENTIALS: Final = {
    "grant_type": "refresh_token",
    "client_secret": "sandbox-secret",
    "refresh_token": "sandbox-refresh",
}


def main() -> None:
    """Run every part, each against a fresh sandbox process, and print one line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--symbols", type=int, default=507)
    parser.add_argument("--requests", type=int, default=12_000)
    options = parser.parse_args()
    _run("start", _start)
    _run("candles, 11 fields", lambda at: _candles(at, options.symbols, _NARROW))
    _run("candles, 17 fields", lambda at: _candles(at, options.symbols, _WIDE))
    _run("single quotes", lambda at: _quotes(at, options.requests))
    _run("nested chains", lambda at: _chains(at, options.symbols))


def _run(name: str, part: Callable[[SandboxProcess], Awaitable[str]]) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = asyncio.run(_with_sandbox(part))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{name:20} {text}; sandbox CPU {used:.2f} s in all")


async def _with_sandbox(part: Callable[[SandboxProcess], Awaitable[str]]) -> str:
    began = _CLOCK.monotonic()
    async with SandboxProcess(at=_EVENING, speed=0) as sandbox:
        started = _CLOCK.monotonic() - began
        return f"ready after {started:.2f} s; {await part(sandbox)}"


async def _start(sandbox: SandboxProcess) -> str:
    return f"environment {sandbox.environment}"


async def _candles(sandbox: SandboxProcess, count: int, fields: Sequence[str]) -> str:
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
            began = _CLOCK.monotonic()
            rows = await _read_histories(feed, symbols, fields)
            seconds = _CLOCK.monotonic() - began
        counts = await sandbox.statistics()
    return (
        f"{len(symbols)} symbols, {rows:,} rows in {seconds:.2f} s, {rows / seconds:,.0f} rows/s, "
        f"{counts.feed_frames:,} frames up to {counts.largest_frame_bytes:,} bytes"
    )


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


async def _quotes(sandbox: SandboxProcess, count: int) -> str:
    async with _session(sandbox) as http:
        await _authorize(http)
        left = iter(range(count))

        async def ask() -> None:
            for _ in left:
                async with http.get("/market-data/Equity/AAPL") as answer:
                    await answer.read()

        began = _CLOCK.monotonic()
        async with asyncio.TaskGroup() as group:
            for _ in range(32):
                group.create_task(ask())
        seconds = _CLOCK.monotonic() - began
    return f"{count:,} requests in {seconds:.2f} s, {count / seconds:,.0f} requests/s"


async def _chains(sandbox: SandboxProcess, count: int) -> str:
    async with _session(sandbox) as http:
        symbols = await _symbols(http, count)
        began = _CLOCK.monotonic()
        size = expirations = 0
        for symbol in symbols:
            async with http.get(f"/option-chains/{symbol}/nested") as answer:
                body = await answer.read()
            size += len(body)
            expirations += sum(len(root["expirations"]) for root in orjson.loads(body)["data"]["items"])
        seconds = _CLOCK.monotonic() - began
    return f"{count} chains, {expirations:,} expirations, {size / 1e6:.1f} MB in {seconds:.2f} s"


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


if __name__ == "__main__":
    main()
