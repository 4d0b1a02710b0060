# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A lake of 29.2 million candles: how soon it is known to be fresh, and what a new day costs, at any time."""

from __future__ import annotations

import argparse
import asyncio
import functools
import shutil
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Final

import attrs
import polars as pl

from ttapi_core import Settings
from ttapi_platform import Platform, lake_parts
from ttapi_platform.collectors.base import StoredRows
from ttapi_platform.eod_update import Spans, compare, merge
from ttapi_platform.freshness import Stored
from ttapi_platform.lake_parts import KEY, ChangedParts, Limits, cut
from ttapi_platform.prepared import prepare
from ttapi_polars.coverage import start_of_update
from ttapi_polars.schemas import EOD_DATA

sys.path.append(str(Path(__file__).parents[2] / "ttapi-polars" / "benchmarks"))
from generated_candles import generated_candles

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS: Final = 7
MOST_NAMES: Final = 4
# Of so many rows at most one is recent: by the middle figure all rows are to be cut into ranges anew.
UPDATES: Final = {
    "into a recent part that is half full": Limits().rows_to_a_recent_one,
    "and all rows cut into ranges anew": 1_000_000,
    "on the day after that": Limits().rows_to_a_recent_one,
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


def size_of(folder: Path) -> int:
    """Bytes of all Parquet files."""
    return sum(path.stat().st_size for path in folder.rglob("*.parquet"))


def written_bytes(root: Path, since: float) -> tuple[int, list[str]]:
    """Size and names of the files written since then."""
    files = [path for path in root.rglob("*") if path.is_file() and path.stat().st_mtime >= since]
    files = [path for path in files if ".ttapi" not in path.parts]
    return sum(path.stat().st_size for path in files), sorted(path.name for path in files)


def timed(what: str, work: Callable[[], object]) -> float:
    """Seconds of it, printed."""
    started = perf_counter()
    work()
    seconds = perf_counter() - started
    print(f"  {what:48} {seconds:8.2f} s", flush=True)
    return seconds


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


async def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--symbols", type=int, default=5000)
    arguments.add_argument("--days", type=int, default=5840)
    given = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ttapi-bench-"))
    try:
        platform = Platform(Settings(data_dir=folder), symbols=("AAPL", "SPY"))
        await platform.collect()
        candles = generated_candles(symbols=given.symbols, days=given.days)
        megabytes = candles.estimated_size("mb")
        print(f"{candles.height:,} candles, {megabytes:,.0f} MB in memory")
        days = candles["date"].unique().sort()
        timed(
            "stored whole, Parquet and CSV",
            lambda: fill(platform, candles.filter(pl.col("date") <= days[-4]), days[-4 - given.days // 100]),
        )

        seconds, sizes = [], []
        for _ in range(ROUNDS):
            read = read_bytes()
            summary = await platform.collect()
            assert summary.hits == len(summary.results)
            seconds.append(summary.seconds)
            sizes.append(read_bytes() - read)
        print(
            f"  warm collect: freshness of six datasets decided in {median(seconds) * 1000:.1f} ms"
            f" (median of {ROUNDS}), {median(sizes) / 1024:,.0f} KiB read of"
            f" {size_of(folder) / 2**20:,.0f} MiB"
        )

        for day, (what, share) in zip(days.tail(3), UPDATES.items(), strict=True):
            lake_parts.LIMITS = attrs.evolve(lake_parts.LIMITS, rows_to_a_recent_one=share)
            received = candles.filter(pl.col("date") <= day).group_by("symbol", maintain_order=True).tail(6)
            since = datetime.now(UTC).timestamp()
            with platform.lake.writing():
                timed(f"one new day, five of overlap, {what}", functools.partial(update, platform, received))
            size, names = written_bytes(folder, since)
            shown = names if len(names) <= MOST_NAMES else [f"{len(names)} files"]
            print(f"  written: {size / 2**20:,.1f} MiB in {', '.join(shown)}")
        assert platform.lake.answer("eod_data", lambda rows: rows.select(pl.len())).item() == (
            given.symbols * given.days
        )
    finally:
        shutil.rmtree(folder)


asyncio.run(main())
