# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A lake of 29.2 million candles: how soon it is known to be fresh, and what a new day costs, at any time."""

from __future__ import annotations

import asyncio
import functools
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Final

import attrs
import polars as pl

from generated_candles import generated_candles
from ttapi_core import Settings
from ttapi_platform import Platform, lake_parts
from ttapi_platform.collectors.base import StoredRows
from ttapi_platform.eod_update import Spans, compare, merge
from ttapi_platform.freshness import Stored
from ttapi_platform.lake_parts import KEY, ChangedParts, Limits, cut
from ttapi_platform.prepared import prepare
from ttapi_polars.coverage import start_of_update
from ttapi_polars.schemas import EOD_DATA

if TYPE_CHECKING:
    from collections.abc import Callable

    from side_by_side import Bench

# Of so many rows at most one is recent: by the middle figure all rows are to be cut into ranges anew.
UPDATES: Final = {
    "into a half-full part": Limits().rows_to_a_recent_one,
    "all rows cut anew": 1_000_000,
    "after that": Limits().rows_to_a_recent_one,
}
NO_DIVIDENDS: Final = pl.DataFrame(schema={"symbol": pl.String, "date": pl.Date, "amount": pl.Float64})
NO_SPLITS: Final = pl.DataFrame(schema={"symbol": pl.String, "date": pl.Date, "factor": pl.Float64})


def fill(platform: Platform, candles: pl.DataFrame, until: date) -> None:
    """Put these candles in the place of the collected ones; those after some day lie in the recent part."""
    lake, dataset = platform.lake, platform.registry["eod_data"]
    collected = lake.stored("eod_data")
    assert isinstance(collected, Stored)
    parts = cut(candles.filter(pl.col("date") <= until), lake_parts.LIMITS)
    parts["recent"] = candles.filter(pl.col("date") > until)
    with lake.writing():
        lake.commit(
            dataset,
            prepare("eod_data", ChangedParts(parts)),
            inputs=collected.inputs,
            collected_at=datetime.now(UTC),
        )


def read_bytes() -> int:
    """What this process has read so far, from the disk or from memory."""
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    return int(dict(line.split(": ") for line in lines)["rchar"])


def size_of(root: Path, names: str = "*.parquet", *, since: float = 0.0) -> int:
    """Bytes of the files with such names that were written since then."""
    files = [path for path in root.rglob(names) if path.is_file() and ".ttapi" not in path.parts]
    return sum(path.stat().st_size for path in files if path.stat().st_mtime >= since)


def timed(work: Callable[[], object]) -> float:
    """Seconds of it."""
    began = perf_counter()
    work()
    return perf_counter() - began


def update(platform: Platform, received: pl.DataFrame) -> None:
    """What an update does with the candles that came, from the question what is stored to the commit."""
    lake, dataset = platform.lake, platform.registry["eod_data"]
    version, state = lake.version("eod_data"), lake.stored("eod_data")
    assert version is not None
    assert isinstance(state, Stored)
    stored = StoredRows(schema=EOD_DATA, version=version, state=state)
    spans = Spans.of(stored)
    start_of_update(spans.frame, lake.read("trading_days"))
    distrust = compare(stored, spans, received)
    assert not distrust.events
    news = received.join(distrust.unchanged, on=KEY, how="anti", maintain_order="left")
    changed = merge(stored, spans, news, replaced=(), names={}, dividends=NO_DIVIDENDS, splits=NO_SPLITS)
    rows = prepare("eod_data", changed)
    lake.commit(dataset, rows, inputs=state.inputs, collected_at=datetime.now(UTC))


def bare_write(candles: pl.DataFrame, folder: Path) -> None:
    """Both kinds of file by Polars alone."""
    candles.write_parquet(folder / "bare.parquet")
    candles.write_csv(folder / "bare.csv")


def bench_daily_update(bench: Bench, tmp_path: Path) -> None:
    """Freshness in under 50 ms, and a new day for a small part of what all days cost."""
    asyncio.run(measure(bench, tmp_path / "lake", tmp_path))


async def measure(bench: Bench, folder: Path, scratch: Path) -> None:
    """Fill a lake, ask it for what is stale, and bring it a day three times."""
    platform = Platform(Settings(data_dir=folder), symbols=("AAPL", "SPY"))
    await platform.collect()
    candles = generated_candles(
        **bench.size({"symbols": 5000, "days": 5840}, quick={"symbols": 30, "days": 300})
    )
    size, days = f"{candles.height:,} candles", candles["date"].unique().sort()
    stored = candles.filter(pl.col("date") <= days[-4])
    whole = timed(lambda: fill(platform, stored, days[-4 - days.len() // 100]))
    bare = timed(lambda: bare_write(stored, scratch))
    bench.compare("stored whole, Parquet and CSV", [whole], beside={"bare Polars": [bare]}, size=size)

    seconds, megabytes = [], []
    for _ in range(bench.size(7, quick=2)):
        read = read_bytes()
        summary = await platform.collect()
        assert summary.hits == len(summary.results)
        seconds.append(summary.seconds)
        megabytes.append((read_bytes() - read) / 1e6)
    bench.show("warm collect, six datasets", median(seconds), size=size, unit="s", goal=0.05)
    files = {"its Parquet files": [size_of(folder) / 1e6] * len(megabytes)}
    bench.compare("read in a warm collect", megabytes, beside=files, size=size, unit="MB")

    for day, (what, share) in zip(days.tail(3), UPDATES.items(), strict=True):
        lake_parts.LIMITS = attrs.evolve(lake_parts.LIMITS, rows_to_a_recent_one=share)
        received = candles.filter(pl.col("date") <= day).group_by("symbol", maintain_order=True).tail(6)
        since = datetime.now(UTC).timestamp()
        with platform.lake.writing():
            took = timed(functools.partial(update, platform, received))
        bench.compare(f"a new day, {what}", [took], beside={"stored whole": [whole]}, size=size)
        written = {"all its files": [size_of(folder, "*") / 1e6]}
        new = [size_of(folder, "*", since=since) / 1e6]
        bench.compare(f"  written, {what}", new, beside=written, size=size, unit="MB")
    rows = platform.lake.answer("eod_data", lambda rows: rows.select(pl.len())).item()
    assert rows == candles.height
