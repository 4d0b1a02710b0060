# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows a second from COMPACT text to candle columns, beside parsing the same text with the same library."""

from __future__ import annotations

import statistics
import sys
from random import Random
from typing import TYPE_CHECKING

import orjson

from ttapi_client.dxlink.columns import CANDLE, CANDLE_FIELDS, CandleLayout, candle_runs, event_batches
from ttapi_client.dxlink.snapshots import SnapshotAssembler
from ttapi_core.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable

SYMBOLS = 40
CANDLES = 2_500  # ten years of days
ROWS_PER_FRAME = 400  # just below 64 KiB
ROUNDS = 9
GOAL = 0.45
_DAY_MS = 86_400_000
_NEWEST_MS = 1_781_481_600_000


def frames_of_symbol(symbol: str, random: Random) -> list[bytes]:
    """One snapshot as the service sends it: newest first, cut into frames, a placeholder at the end."""
    values: list[object] = []
    close = 200.0
    for at in range(CANDLES):
        time = _NEWEST_MS - at * _DAY_MS
        close = round(close * random.uniform(0.98, 1.02), 2)
        low, high = round(close * 0.99, 2), round(close * 1.01, 2)
        flags = 4 if at == 0 else 0
        volume, vwap = float(random.randrange(10**6, 10**8)), round((low + high) / 2, 4)
        numbers = [close, high, low, close, volume, vwap, round(random.uniform(0.1, 0.6), 4)]
        values += [f"{symbol}{{=d,tho=true}}", flags, time // 1000 << 32, time, *numbers]
    oldest = _NEWEST_MS - CANDLES * _DAY_MS
    values += [f"{symbol}{{=d,tho=true}}", 10, oldest // 1000 << 32, oldest, *["NaN"] * 7]
    step = ROWS_PER_FRAME * len(CANDLE_FIELDS)
    return [
        orjson.dumps({"type": "FEED_DATA", "channel": 1, "data": [CANDLE, values[start : start + step]]})
        for start in range(0, len(values), step)
    ]


def parse_only(snapshots: list[list[bytes]]) -> None:
    """Do what nobody can avoid."""
    for frames in snapshots:
        for frame in frames:
            orjson.loads(frame)


def parse_and_assemble(snapshots: list[list[bytes]]) -> None:
    """Do all that the feed does between the socket and the consumer."""
    layout = CandleLayout.of(CANDLE_FIELDS)
    for frames in snapshots:
        snapshot = SnapshotAssembler("S", since_ms=0, most_candles=10 * CANDLES)
        for frame in frames:
            for _, values in event_batches(orjson.loads(frame)["data"]):
                for run in candle_runs(values, layout):
                    snapshot.add(run.columns)
        if len(snapshot.result()) != CANDLES:
            raise RuntimeError("the benchmark lost candles")


def rows_a_second(work: Callable[[list[list[bytes]]], None], snapshots: list[list[bytes]]) -> float:
    """How many rows the work does in a second, this one time."""
    clock = SystemClock()
    started_at = clock.monotonic()
    work(snapshots)
    return len(snapshots) * CANDLES / (clock.monotonic() - started_at)


def main() -> None:
    """Run both in turns and print them with their ratio."""
    random = Random(1)
    snapshots = [frames_of_symbol(f"S{number}", random) for number in range(SYMBOLS)]
    rates = [
        (rows_a_second(parse_only, snapshots), rows_a_second(parse_and_assemble, snapshots))
        for _ in range(ROUNDS)
    ]
    parsed = statistics.median(parse for parse, _ in rates)
    assembled = statistics.median(assemble for _, assemble in rates)
    ratio = statistics.median(assemble / parse for parse, assemble in rates)
    lines = (
        f"{SYMBOLS * CANDLES:,} rows of {len(CANDLE_FIELDS)} fields, median of {ROUNDS} rounds",
        f"parse only (orjson)      {parsed:12,.0f} rows/s",
        f"parse to candle columns  {assembled:12,.0f} rows/s",
        f"ratio                    {ratio:12.2f}   (goal: at least {GOAL}, for the whole way to a frame)",
    )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
