# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows a second from the feed's text to a Polars frame: beside parsing alone and beside the community SDK."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

import attrs
import orjson
from sdk_peer import sdk_peer

from ttapi_client.dxlink.columns import CANDLE, CANDLE_FIELDS, CandleLayout, candle_runs, event_batches
from ttapi_client.dxlink.snapshots import SnapshotAssembler
from ttapi_client.sandbox import SandboxProcess
from ttapi_polars.candle_frames import candles_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ttapi_client.dxlink.columns import CandleColumns

# What the SDK asks for and cannot do without (API facts 7.6); we ask for fewer.
SDK_FIELDS: Final = (
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
)
CANDLES: Final = 2_500  # ten years of days
FRAME_BYTES: Final = 60_000  # a row more and the SDK would refuse the frame (API facts 9.5)
GOAL_RATIO: Final = 0.45
GOAL_TIMES_THE_SDK: Final = 20.0
_DAY_MS: Final = 86_400_000
_NEWEST_MS: Final = 1_781_481_600_000


@attrs.frozen
class Rates:
    """Rows a second of one round."""

    parsing: float
    columns: float
    frame: float
    sdk: float | None


def rows_of(symbol: str, random: Random) -> list[dict[str, object]]:
    """One snapshot as the service sends it: newest first, a placeholder at the end."""
    rows: list[dict[str, object]] = []
    close = 200.0
    for at in range(CANDLES):
        close = round(close * random.uniform(0.98, 1.02), 2)
        low, high = round(close * 0.99, 2), round(close * 1.01, 2)
        volume = float(random.randrange(10**6, 10**8))
        rows.append(
            _row(symbol, at, flags=4 if at == 0 else 0)
            | {"open": close, "high": high, "low": low, "close": close, "volume": volume}
            | {"vwap": round((low + high) / 2, 4), "impVolatility": round(random.uniform(0.1, 0.6), 4)}
            | {"bidVolume": volume / 2, "askVolume": volume / 2}
        )
    return [*rows, _row(symbol, CANDLES, flags=10)]


def _row(symbol: str, at: int, *, flags: int) -> dict[str, object]:
    time_ms = _NEWEST_MS - at * _DAY_MS
    named = {"eventSymbol": f"{symbol}{{=d,tho=true}}", "eventFlags": flags, "eventTime": 0}
    return {**named, "index": time_ms // 1000 << 32, "time": time_ms, "sequence": 0, "count": 90_000}


def frames_of(rows: Sequence[dict[str, object]], fields: Sequence[str]) -> list[bytes]:
    """Those rows in frames of the size that the service keeps to, each with as many whole rows as fit."""
    values = [row.get(name, "NaN") for row in rows for name in fields]
    bytes_a_row = len(orjson.dumps(values)) / len(rows)
    step = int(FRAME_BYTES / bytes_a_row) * len(fields)
    return [
        orjson.dumps({"type": "FEED_DATA", "channel": 1, "data": [CANDLE, values[start : start + step]]})
        for start in range(0, len(values), step)
    ]


def parse_only(snapshots: Sequence[list[bytes]], _layout: CandleLayout) -> int:
    """Do what nobody can avoid."""
    for frames in snapshots:
        for frame in frames:
            orjson.loads(frame)
    return len(snapshots) * CANDLES


def to_columns(snapshots: Sequence[list[bytes]], layout: CandleLayout) -> list[CandleColumns]:
    """Do all that the feed does between the socket and the consumer."""
    parts: list[CandleColumns] = []
    for number, frames in enumerate(snapshots):
        snapshot = SnapshotAssembler(f"S{number}", since_ms=0, most_candles=10 * CANDLES)
        for frame in frames:
            for _, values in event_batches(orjson.loads(frame)["data"]):
                for run in candle_runs(values, layout):
                    snapshot.add(run.columns)
        parts.append(snapshot.result())
    return parts


def columns_only(snapshots: Sequence[list[bytes]], layout: CandleLayout) -> int:
    """As far as the client goes."""
    return sum(map(len, to_columns(snapshots, layout)))


def to_frame(snapshots: Sequence[list[bytes]], layout: CandleLayout) -> int:
    """And what the platform does with them: one frame of all, checked against the schema of the lake."""
    return candles_frame(to_columns(snapshots, layout)).height


def rows_a_second(
    work: Callable[[Sequence[list[bytes]], CandleLayout], int],
    snapshots: Sequence[list[bytes]],
    layout: CandleLayout,
) -> float:
    """How many rows the work does in a second, this one time; none may be lost."""
    began = time.perf_counter()
    rows = work(snapshots, layout)
    seconds = time.perf_counter() - began
    if rows != len(snapshots) * CANDLES:
        raise RuntimeError(f"{rows} candles of {len(snapshots) * CANDLES} came out")
    return rows / seconds


async def sdk_rates(
    snapshots: Sequence[list[bytes]], rounds: int, between: Callable[[], None]
) -> list[float]:
    """Rows a second of the SDK on the same text, with a round of ours before each of its own."""
    rates: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "frames"
        file.write_bytes(b"\n".join(frame for frames in snapshots for frame in frames))
        async with SandboxProcess() as sandbox:
            with sdk_peer(sandbox.url) as peer:
                for _ in range(rounds):
                    between()
                    took = peer.carry_out(work="candles", file=str(file))
                    # The placeholder rows come out of it as candles of zeros.
                    if took["rows"] != len(snapshots) * (CANDLES + 1):
                        raise RuntimeError("the SDK lost candles")
                    rates.append(len(snapshots) * CANDLES / took["wall"])
    return rates


def measure(fields: Sequence[str], symbols: int, rounds: int, *, sdk_symbols: int = 0) -> list[Rates]:
    """Rounds in turns on the same text, the SDK on a part of it, because it takes so much longer."""
    random, layout = Random(1), CandleLayout.of(fields)
    snapshots = [frames_of(rows_of(f"S{number}", random), fields) for number in range(symbols)]
    ours: list[tuple[float, float, float]] = []

    def one_round() -> None:
        ours.append(
            (
                rows_a_second(parse_only, snapshots, layout),
                rows_a_second(columns_only, snapshots, layout),
                rows_a_second(to_frame, snapshots, layout),
            )
        )

    sdk: list[float] | list[None] = [None] * rounds
    if sdk_symbols:
        sdk = asyncio.run(sdk_rates(snapshots[:sdk_symbols], rounds, one_round))
    else:
        for _ in range(rounds):
            one_round()
    return [Rates(*rates, peer) for rates, peer in zip(ours, sdk, strict=True)]


def report(title: str, rounds: Sequence[Rates]) -> None:
    """One table, and the ratios round by round."""
    print(f"{title}, median of {len(rounds)} rounds in turns")
    for name, column in (
        ("parsing alone (orjson)", [one.parsing for one in rounds]),
        ("text to columns (client)", [one.columns for one in rounds]),
        ("text to Polars frame", [one.frame for one in rounds]),
    ):
        print(f"  {name:<26}{statistics.median(column):12,.0f} rows/s")
    ratio = statistics.median(one.frame / one.parsing for one in rounds)
    times = [one.frame / one.sdk for one in rounds if one.sdk is not None]
    if times:
        sdk = statistics.median(one.sdk for one in rounds if one.sdk is not None)
        print(f"  {'text to objects (SDK)':<26}{sdk:12,.0f} rows/s")
    print(f"  {'frame, of parsing alone':<26}{ratio:12.2f}   (goal: at least {GOAL_RATIO:g})")
    if times:
        print(
            f"  {'frame, times the SDK':<26}{statistics.median(times):12.1f}"
            f"   (goal: at least {GOAL_TIMES_THE_SDK:g})"
        )


def main() -> None:
    """Print a table for the SDK's messages and one for those that the client asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--symbols", type=int, default=40, help="snapshots of 2,500 candles")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    symbols, rounds = arguments.symbols, arguments.rounds
    rows = f"{symbols * CANDLES:,} rows"
    title = f"{rows} of {len(SDK_FIELDS)} fields, as the SDK asks for them"
    report(title, measure(SDK_FIELDS, symbols, rounds, sdk_symbols=max(1, symbols // 10)))
    title = f"{rows} of {len(CANDLE_FIELDS)} fields, as the client asks for them"
    report(title, measure(CANDLE_FIELDS, symbols, rounds))


if __name__ == "__main__":
    main()
