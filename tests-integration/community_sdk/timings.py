# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
The SDK at work for the benchmarks: an order as one line of JSON on stdin, what it took on stdout.

``python -m community_sdk.timings SANDBOX-URL``, from the folder above, with the SDK's interpreter. It waits
between two orders, so that rounds can be run in turns with those of other clients.
"""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
from tastytrade import DXLinkStreamer, Session
from tastytrade.dxfeed import Candle
from tastytrade.instruments import Equity
from tastytrade.market_data import get_market_data_by_type

from community_sdk.markets import directed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

IN_FLIGHT = 100


async def main(url: str) -> None:
    """Carry out one order after the other until stdin ends."""
    async with directed(Session("sandbox-secret", "sandbox-refresh", trust_env=False), url) as session:
        for line in sys.stdin:
            order: dict[str, Any] = json.loads(line)
            if order["work"] == "candles":
                answer = candles(session, recorded(order["file"]))
            else:
                answer = await calls(call_of(session, order), order["calls"])
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


def recorded(file: str) -> list[str]:
    """Give the frames of a file, one a line."""
    return Path(file).read_text("utf-8").splitlines()


def call_of(session: Session, order: dict[str, Any]) -> Callable[[], Awaitable[int]]:
    """Give what is to be called again and again; it says how many values came."""

    async def equity() -> int:
        found = await Equity.get(session, order["symbols"][0])
        return int(found.symbol == order["symbols"][0])

    async def quotes() -> int:
        return len(await get_market_data_by_type(session, equities=order["symbols"]))

    return equity if order["work"] == "equity" else quotes


async def calls(call: Callable[[], Awaitable[int]], number: int) -> dict[str, float]:
    """Make so many calls, a hundred in flight at any time."""
    left = iter(range(number))
    values = 0

    async def work() -> None:
        nonlocal values
        for _ in left:
            brought = await call()
            values += brought

    await call()  # the session may have to ask for a token first
    values = 0
    wall, cpu = anyio.current_time(), time.process_time()
    async with anyio.create_task_group() as group:
        for _ in range(IN_FLIGHT):
            group.start_soon(work)
    wall, cpu = anyio.current_time() - wall, time.process_time() - cpu
    return {"wall": wall, "cpu": cpu, "values": values}


def candles(session: Session, frames: list[str]) -> dict[str, float]:
    """Decode recorded frames as the SDK's reader does, into its queue of candles, and take them from it."""
    streamer = DXLinkStreamer(session)
    channel = streamer._channels["Candle"]
    rows = 0
    gc.collect()
    began = anyio.current_time()
    for frame in frames:
        message = json.loads(frame)  # as its socket does
        streamer._map_message(message["data"], channel)
        while (candle := streamer.get_event_nowait(Candle)) is not None:
            rows += candle.close is not None
    return {"wall": anyio.current_time() - began, "rows": rows}


if __name__ == "__main__":
    anyio.run(main, *sys.argv[1:])
