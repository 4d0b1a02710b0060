# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candle snapshots as the feed's text, and the two ways through it: parsing alone, and to columns."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

import orjson

from ttapi_client.dxlink.columns import CANDLE, CandleLayout, candle_runs, event_batches
from ttapi_client.dxlink.snapshots import SnapshotAssembler

if TYPE_CHECKING:
    from collections.abc import Sequence

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
_DAY_MS: Final = 86_400_000
_NEWEST_MS: Final = 1_781_481_600_000


def generated(symbols: int, fields: Sequence[str]) -> list[list[bytes]]:
    """The frames of so many snapshots of so many candles."""
    random = Random(1)
    return [frames_of(rows_of(f"S{number}", random), fields) for number in range(symbols)]


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


def parse_only(snapshots: Sequence[list[bytes]]) -> None:
    """Do what nobody can avoid."""
    for frames in snapshots:
        for frame in frames:
            orjson.loads(frame)


def to_columns(snapshots: Sequence[list[bytes]], fields: Sequence[str]) -> list[CandleColumns]:
    """Do all that the feed does between the socket and the consumer."""
    layout = CandleLayout.of(fields)
    parts: list[CandleColumns] = []
    for number, frames in enumerate(snapshots):
        snapshot = SnapshotAssembler(f"S{number}", since_ms=0, most_candles=10 * CANDLES)
        for frame in frames:
            for _, values in event_batches(orjson.loads(frame)["data"]):
                for run in candle_runs(values, layout):
                    snapshot.add(run.columns)
        parts.append(snapshot.result())
    return parts
