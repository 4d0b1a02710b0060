# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
Candles of symbols that have little in common, and the bits of what is worked out of them.

``python ragged_candles.py FILE...`` prints the bits of each analysis of files, for a test that needs a
process of its own.
"""

from __future__ import annotations

import hashlib
import json
import sys
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from ttapi_polars.cross_sections import ranks
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.summaries import summary
from ttapi_polars.volatility import price_dispersion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Analysis = Callable[[pl.LazyFrame], pl.LazyFrame]

BENCHMARK: Final = "S007"
ANALYSES: Final[Mapping[str, Analysis]] = {
    "price_dispersion": partial(price_dispersion, min_days=0),
    "summary": summary,
    "summary_to_benchmark": partial(summary, benchmark=BENCHMARK),
    "ranks": ranks,
}


def candles(symbols: int, *, most_days: int = 1_000, seed: int = 5) -> pl.DataFrame:
    """
    As ``schemas.EOD_DATA`` has them: histories from one day long on, from any day on.

    Of some symbols volumes are missing, some stand still, and one price in a thousand leaps.
    """
    generator = np.random.default_rng(seed)
    calendar = pl.date_range(date(2018, 1, 1), date(2026, 6, 30), eager=True)
    frames: list[pl.DataFrame] = []
    for number in range(symbols):
        days = (
            1 if number % 11 == 1 else most_days if number % 7 == 0 else int(generator.integers(2, most_days))
        )
        first = int(generator.integers(0, calendar.len() - days))
        moves = generator.normal(0.0, 0.0 if number % 13 == 2 else 0.02, days)
        moves[generator.random(days) < 0.001] = 1.5
        close = np.exp(np.cumsum(moves)) * generator.uniform(1, 900)
        top, bottom = close * generator.uniform(1.0, 1.05, days), close * generator.uniform(0.95, 1.0, days)
        volume = pl.Series(generator.integers(0, 10**9, days))
        has_volume = pl.Series(generator.random(days) > (0.1 if number % 3 == 0 else 0.0))
        frames.append(
            pl.DataFrame(
                {
                    "symbol": [f"S{number:03}"] * days,
                    "date": calendar.slice(first, days),
                    "open": generator.uniform(bottom, top),
                    "high": top,
                    "low": bottom,
                    "close": close,
                    "volume": volume,
                }
            ).with_columns(volume=pl.when(has_volume).then("volume"))
        )
    rows = pl.concat(frames)
    others = [name for name in EOD_DATA.names if name not in rows.columns]
    rows = rows.with_columns(pl.lit(None, EOD_DATA.polars_schema[name]).alias(name) for name in others)
    return rows.select(EOD_DATA.names)


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


def bits_of_analyses(rows: pl.LazyFrame) -> dict[str, str]:
    """Those of each analysis of the rows."""
    return {name: bits(ask(rows).collect(engine="streaming")) for name, ask in ANALYSES.items()}


if __name__ == "__main__":
    json.dump(bits_of_analyses(pl.scan_parquet(sys.argv[1:]).set_sorted("symbol")), sys.stdout)
