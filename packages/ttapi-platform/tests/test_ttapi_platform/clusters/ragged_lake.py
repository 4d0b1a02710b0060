# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A lake of symbols that have little in common, in several files, and the bits of an answer."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from ttapi_core.clock import SystemClock
from ttapi_core.settings import Environment
from ttapi_platform.datasets import Dataset
from ttapi_platform.lake import Lake
from ttapi_platform.lake_parts import ChangedParts, Limits, cut
from ttapi_platform.prepared import prepare
from ttapi_polars.schemas import EOD_DATA

if TYPE_CHECKING:
    from ttapi_core.object_paths import DataPath

BENCHMARK: Final = "S0007"
LAST_DAY: Final = date(2026, 6, 30)
_EOD: Final = Dataset(name="eod_data", ttl=timedelta(days=1), parameters={"source": "test"})
_RECENT: Final = date(2026, 3, 31)  # what is later lies in a part of its own


def candles(symbols: int, *, seed: int = 5) -> pl.DataFrame:
    """Histories from one day long on, up to any day; some volumes are missing, some symbols stand still."""
    generator = np.random.default_rng(seed)
    calendar = pl.date_range(date(2024, 1, 1), LAST_DAY, eager=True)
    frames: list[pl.DataFrame] = []
    for number in range(symbols):
        days = 1 if number % 11 == 1 else int(generator.integers(2, calendar.len()))
        first = calendar.len() - days if number % 2 else int(generator.integers(0, calendar.len() - days))
        moves = generator.normal(0.0, 0.0 if number % 13 == 2 else 0.02, days)
        close = np.exp(np.cumsum(moves)) * generator.uniform(1, 900)
        top, bottom = close * generator.uniform(1.0, 1.05, days), close * generator.uniform(0.95, 1.0, days)
        has_volume = pl.Series(generator.random(days) > (0.1 if number % 3 == 0 else 0.0))
        rows = {
            "symbol": [f"S{number:04}"] * days,
            "date": calendar.slice(first, days),
            "open": generator.uniform(bottom, top),
            "high": top,
            "low": bottom,
            "close": close,
            "volume": generator.integers(0, 10**9, days),
        }
        frames.append(pl.DataFrame(rows).with_columns(volume=pl.when(has_volume).then("volume")))
    rows_of_all = pl.concat(frames)
    others = [name for name in EOD_DATA.names if name not in rows_of_all.columns]
    nulls = (pl.lit(None, EOD_DATA.polars_schema[name]).alias(name) for name in others)
    return rows_of_all.with_columns(nulls).select(EOD_DATA.names)


def lake_at(root: DataPath) -> Lake:
    """The lake there, whatever it holds."""
    return Lake(root, environment=Environment.SANDBOX)


def store(root: DataPath, rows: pl.DataFrame) -> None:
    """Make these rows the candles of a lake, in five ranges or so and a recent part."""
    older, recent = rows.filter(pl.col("date") <= _RECENT), rows.filter(pl.col("date") > _RECENT)
    parts = ChangedParts(cut(older, Limits(rows_of_a_range=older.height // 5)) | {"recent": recent})
    lake = lake_at(root)
    with lake.writing():
        lake.commit(_EOD, prepare("eod_data", parts), inputs={}, collected_at=SystemClock().now())


def bits(frame: pl.DataFrame) -> str:
    """The same for frames that are equal to the last bit of each number, row by row."""
    digest = hashlib.sha256(repr(frame.schema).encode())
    for series in frame:
        if series.dtype == pl.String:
            digest.update(repr(series.to_list()).encode())
        else:
            digest.update(series.is_null().to_numpy().tobytes())
            digest.update(series.to_physical().fill_null(0).to_numpy().tobytes())
    return digest.hexdigest()
