# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""From the feed's text to a Polars frame: beside parsing alone and beside the community SDK."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

import pytest
from sdk_peer import sdk_peer

from recorded_candles import CANDLES, SDK_FIELDS, generated, parse_only, to_columns
from ttapi_client.dxlink.columns import CANDLE_FIELDS
from ttapi_client.sandbox import SandboxProcess
from ttapi_polars.candle_frames import candles_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from side_by_side import Bench

PARSING: Final = "orjson alone"
SDK: Final = "community SDK"


def to_frame(snapshots: Sequence[list[bytes]], fields: Sequence[str]) -> int:
    """What the platform does with the text: one frame of all, checked against the schema of the lake."""
    return candles_frame(to_columns(snapshots, fields)).height


@pytest.mark.parametrize("fields", [SDK_FIELDS, CANDLE_FIELDS], ids=["17", "11"])
def bench_frames(bench: Bench, fields: Sequence[str]) -> None:
    """At least 0.45 of the speed of parsing alone, in messages as the SDK asks for them and as we do."""
    snapshots = generated(bench.size(40, quick=2), fields)
    assert to_frame(snapshots, fields) == len(snapshots) * CANDLES
    bench.time(
        f"candles to a frame, {len(fields)} fields",
        lambda: to_frame(snapshots, fields),
        beside={PARSING: lambda: parse_only(snapshots)},
        size=f"{len(snapshots) * CANDLES:,} rows",
        goals={PARSING: 1 / 0.45},
    )


def bench_frames_and_sdk(bench: Bench) -> None:
    """At least 20 times as fast as the community SDK, on the same text."""
    snapshots = generated(bench.size(4, quick=1), SDK_FIELDS)
    ours: list[float] = []

    def one_round() -> None:
        began = perf_counter()
        rows = to_frame(snapshots, SDK_FIELDS)
        ours.append(perf_counter() - began)
        assert rows == len(snapshots) * CANDLES

    theirs = asyncio.run(sdk_seconds(snapshots, bench.size(7, quick=2), between=one_round))
    bench.compare(
        f"candles to a frame, {len(SDK_FIELDS)} fields",
        ours,
        beside={SDK: theirs},
        size=f"{len(snapshots) * CANDLES:,} rows",
        goals={SDK: 1 / 20},
    )


async def sdk_seconds(
    snapshots: Sequence[list[bytes]], rounds: int, *, between: Callable[[], None]
) -> list[float]:
    """Seconds of the SDK on the same text, with a round of ours before each of its own."""
    seconds: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "frames"
        file.write_bytes(b"\n".join(frame for frames in snapshots for frame in frames))
        async with SandboxProcess() as sandbox:
            with sdk_peer(sandbox.url) as peer:
                for _ in range(rounds):
                    between()
                    took = peer.carry_out(work="candles", file=str(file))
                    # The placeholder rows come out of it as candles of zeros.
                    assert took["rows"] == len(snapshots) * (CANDLES + 1)
                    seconds.append(took["wall"])
    return seconds
