# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Lakes of daily candles in any size, written a file at a time: none of them was ever whole in memory."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Final

import polars as pl

from bench_analytics import FINGERPRINT, ROWS_PER_FILE, write
from generated_candles import generated_candles
from ttapi_core.errors import WriteError
from ttapi_polars.lake_versions import PARTS, RECENT

if TYPE_CHECKING:
    from pathlib import Path

DAYS: Final = 5_840  # of each symbol
RECENT_DAYS: Final = 60
SYMBOLS_OF_A_FILE: Final = ROWS_PER_FILE // DAYS
BYTES_OF_A_ROW: Final = 50  # on the disk: 22 in the lake, up to 25 in an answer that has a row for each


def write_lake(root: Path, *, symbols: int) -> None:
    """
    So many symbols with ``DAYS`` days each, the same in every run, as in a lake that is in use.

    Ranges of symbols, and what is recent beside them, which is merged with them whenever they are read.

    Raises
    ------
    WriteError
        When the disk has no room for it and for the answers to it.
    """
    require_room(root.parent, rows=symbols * DAYS)
    ranges = [f"range-{number:03}" for number in range(-(-symbols // SYMBOLS_OF_A_FILE))]
    recent: list[pl.DataFrame] = []
    for number, part in enumerate(ranges):
        left = symbols - number * SYMBOLS_OF_A_FILE
        rows = generated_candles(symbols=min(left, SYMBOLS_OF_A_FILE), days=DAYS, seed=number + 1)
        named = rows.with_columns(symbol=pl.lit(f"{number:03}") + pl.col("symbol"))
        since = named["date"].unique().sort()[-RECENT_DAYS]
        recent.append(named.filter(pl.col("date") >= since))
        write(named.filter(pl.col("date") < since), root / "eod_data" / part, {})
    parts = dict.fromkeys([*ranges, RECENT], FINGERPRINT)
    write(pl.concat(recent), root / "eod_data" / RECENT, {PARTS: json.dumps(parts)})


def require_room(directory: Path, *, rows: int) -> None:
    """Find out before minutes of writing rather than after them."""
    free, needed = shutil.disk_usage(directory).free, rows * BYTES_OF_A_ROW
    if free < needed:
        raise WriteError(
            f"{directory} has {free / 1e9:.1f} GB free; {rows:,} rows need {needed / 1e9:.1f} GB",
            path=directory,
            hint="set TMPDIR to a directory on a larger disk",
        )
