# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Memory over a million streamed quotes with a slow consumer, under each overflow policy, beside none."""

from __future__ import annotations

import asyncio
import functools
import gc
import json
import resource
import statistics
import subprocess
import sys
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import attrs
import orjson
import pytest
from aiohttp import WSMsgType, web

from ttapi_client.dxlink import QuoteToken
from ttapi_client.dxlink.live import LiveFeed, Overflow
from ttapi_client.version import USER_AGENT
from ttapi_core.clock import SystemClock
from ttapi_core.errors import IncompleteDataError
from ttapi_core.settings import Secret
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from side_by_side import Bench

SYMBOLS: Final = tuple(f"S{number}" for number in range(50))
EVENTS_A_FRAME: Final = 200
FRAMES: Final = 50  # that repeat
KEPT: Final = "kept"  # no policy: a consumer that keeps every quote, to show what is measured
TAKEN_AT_ONCE: Final = 200  # then the consumer rests
REST_SECONDS: Final = {"latest": 0.02, "drop_oldest": 0.02, "fail": 0.02, "wait": 0.002, KEPT: 0.002}
SAMPLE_SECONDS: Final = 0.02
WARM_UP: Final = 0.3  # share of the run in which buffers and caches may fill
GOAL_MEGABYTES: Final = 2.0  # a million events, above the noise of an allocator


@attrs.frozen
class TokenFor:
    """A quote token for the server below."""

    url: str

    async def issue(self) -> QuoteToken:
        """The same each time."""
        return QuoteToken(token=Secret("benchmark"), dxlink_url=self.url, expires_at=None)


@attrs.define
class Run:
    """One policy's run: how far it has come, and how much memory it takes."""

    feed: LiveFeed
    wanted: int  # events
    taken: int = 0
    kept: list[object] = attrs.field(factory=list[object])
    samples: list[tuple[int, float]] = attrs.field(factory=list[tuple[int, float]])  # events, megabytes

    @property
    def events(self) -> int:
        """How many have come, wanted or not."""
        return self.feed.statistics.events + self.feed.statistics.stray_events

    async def sample(self) -> None:
        """Look at the memory again and again."""
        clock = SystemClock()
        while True:
            self.samples.append((self.events, resident_megabytes()))
            await clock.sleep(SAMPLE_SECONDS)

    async def consume(self, policy: str) -> None:
        """Take some quotes, rest, take some more; whoever fails begins anew."""
        overflow = Overflow.WAIT if policy == KEPT else Overflow(policy)
        clock = SystemClock()
        while True:
            async with self.feed.quotes(SYMBOLS, overflow=overflow) as quotes:
                with suppress(IncompleteDataError):
                    async for quote in quotes:
                        self.taken += 1
                        if policy == KEPT:
                            self.kept.append(quote)
                        if self.taken % TAKEN_AT_ONCE == 0:
                            await clock.sleep(REST_SECONDS[policy])

    def megabytes_a_million(self) -> float:
        """The slope of the memory over the events, after the warm-up, by least squares."""
        settled = [
            (events, megabytes) for events, megabytes in self.samples if events > WARM_UP * self.wanted
        ]
        return statistics.linear_regression(*zip(*settled, strict=True)).slope * 1e6


def resident_megabytes() -> float:
    """What this process holds in memory now; where the system does not say, the most that it ever held."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text("ascii").split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


async def run(policy: str, url: str, events: int) -> Run:
    """Stream until all events have come and, where none may be lost, have been taken."""
    clock = SystemClock()
    async with TaskRegistry() as tasks:
        feed = LiveFeed(TokenFor(url), clock=clock, tasks=tasks, user_agent=USER_AGENT)
        running = Run(feed, events)
        async with asyncio.TaskGroup() as group:
            workers = [group.create_task(running.consume(policy)), group.create_task(running.sample())]
            while running.events < events or (policy in {"wait", KEPT} and running.taken < events):
                await clock.sleep(SAMPLE_SECONDS)
            for worker in workers:
                worker.cancel()
    return running


async def talk(request: web.Request) -> web.WebSocketResponse:
    """Serve one connection: quotes as fast as they are read, from the first subscription to its end."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    frames: list[str] = []
    pushing: asyncio.Task[None] | None = None
    async with asyncio.TaskGroup() as group:
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            message = orjson.loads(frame.data)
            if message["type"] == "FEED_SETUP":
                frames = encoded(message["channel"], message["acceptEventFields"]["Quote"])
            for answer in answers(message):
                await socket.send_str(orjson.dumps(answer).decode())
            if "add" in message and pushing is None:
                pushing = group.create_task(push(socket, frames))
        if pushing is not None:
            pushing.cancel()
    return socket


async def push(socket: web.WebSocketResponse, frames: Sequence[str]) -> None:
    """Send the frames again and again until nobody is there."""
    with suppress(ConnectionError):
        for frame in cycle(frames):
            await socket.send_str(frame)


def answers(message: dict[str, Any]) -> list[dict[str, Any]]:
    """What a feed says to a message."""
    channel = message["channel"]
    match message["type"]:
        case "SETUP":
            hello = {"type": "SETUP", "channel": 0, "version": "1", "keepaliveTimeout": 60}
            return [hello, {"type": "AUTH_STATE", "channel": 0, "state": "UNAUTHORIZED"}]
        case "AUTH":
            return [{"type": "AUTH_STATE", "channel": 0, "state": "AUTHORIZED"}]
        case "CHANNEL_REQUEST":
            return [{"type": "CHANNEL_OPENED", "channel": channel, "service": "FEED", "parameters": {}}]
        case "FEED_SETUP":
            fields = message["acceptEventFields"]
            config = {"type": "FEED_CONFIG", "channel": channel, "dataFormat": "COMPACT"}
            return [{**config, "eventFields": fields}]
        case _:
            return []


def encoded(channel: int, fields: Sequence[str]) -> list[str]:
    """Frames of quotes of all symbols in turn, each with prices of its own."""
    symbols = cycle(SYMBOLS)
    frames: list[str] = []
    for number in range(FRAMES):
        values: list[object] = []
        for place in range(EVENTS_A_FRAME):
            quote = {
                "eventSymbol": next(symbols),
                "eventTime": 0,
                "bidTime": 1_781_481_600_000 + number,
                "askTime": 1_781_481_600_000 + place,
                "bidPrice": round(100 + place / 100, 2),
                "askPrice": round(100.05 + place / 100, 2),
                "bidSize": float(number),
                "askSize": float(place),
                "bidExchangeCode": "Q",
                "askExchangeCode": "Q",
                "sequence": 0,
                "timeNanoPart": 0,
            }
            values += [quote.get(name, "NaN") for name in fields]
        message = {"type": "FEED_DATA", "channel": channel, "data": ["Quote", values]}
        frames.append(orjson.dumps(message).decode())
    return frames


async def serve() -> None:
    """Listen on a free port, say which, and serve until stdin ends."""
    application = web.Application()
    application.router.add_get("/", talk)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


def measured(policy: str, events: int) -> dict[str, float]:
    """One run in this process, against a server in another."""
    server = [sys.executable, __file__, "serve"]
    with subprocess.Popen(server, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        port = child.stdout.readline().strip() if child.stdout else ""
        gc.collect()
        began = perf_counter()
        done = asyncio.run(run(policy, f"ws://127.0.0.1:{port}/", events))
        seconds = perf_counter() - began
        if child.stdin:
            child.stdin.close()
        child.terminate()
    return {
        "slope": done.megabytes_a_million(),
        "most": max(megabytes for _, megabytes in done.samples),
        "seconds": seconds,
    }


@functools.cache
def kept_megabytes(events: int) -> float:
    """The most memory without a policy."""
    return in_a_process(KEPT, events)["most"]


@pytest.mark.parametrize("policy", [*Overflow])
def bench_memory(bench: Bench, policy: str) -> None:
    """A million quotes cost no memory, whatever becomes of those that the consumer is too slow for."""
    events = bench.size(1_000_000, quick=40_000)
    size, found = f"{events:,} quotes", in_a_process(policy, events)
    what = f"memory a million events, {policy}"
    bench.show(what, found["slope"], size=size, unit="MB", goal=GOAL_MEGABYTES)
    kept = {"keeping all": [kept_megabytes(events)]}
    bench.compare(f"most memory, {policy}", [found["most"]], beside=kept, size=size, unit="MB")
    bench.show(f"a quote, {policy}", found["seconds"] / events, size=size, unit="s")


def in_a_process(policy: str, events: int) -> dict[str, float]:
    """The figures of a run that has a process to itself."""
    command = [sys.executable, __file__, policy, str(events)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        asyncio.run(serve())
    else:
        print(json.dumps(measured(sys.argv[1], int(sys.argv[2]))))
