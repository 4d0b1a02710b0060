# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A dataset that several processes count in: each count adds two rows of its process, in two files."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from test_ttapi_platform.candle_parts import in_parts
from test_ttapi_platform.crash.versions import DATASETS, START, candles
from ttapi_platform.freshness import Missing
from ttapi_platform.prepared import prepare

if TYPE_CHECKING:
    from ttapi_platform.lake import Lake

NAME = "eod_data"
UNTIL = date(2029, 12, 31)  # what is later lies in the recent part


def count_up(lake: Lake, process: int, *, until: int) -> int | None:
    """
    Read, add this process's next count, commit, and give it; ``None`` when it has come to the end.

    The lake's lock must be held.
    """
    is_empty = isinstance(lake.stored(NAME), Missing)
    rows = candles([]) if is_empty else lake.read(NAME)
    count = counts_in(rows).get(process, 0) + 1
    if count > until:
        return None
    lake.commit(
        DATASETS[NAME],
        prepare(NAME, in_parts(pl.concat([rows, rows_of(process, count)]), until=UNTIL)),
        inputs={},
        collected_at=START,
    )
    return count


def rows_of(process: int, count: int) -> pl.DataFrame:
    """The two rows of one count: of 2020 to 2022, and of 2030 or later."""
    near = date(2020 + count % 3, 1, 1) + timedelta(days=count // 3)
    far = date(2030, 1, 1) + timedelta(days=count)
    return candles((f"P{process}", day, count) for day in (near, far))


def counts_in(rows: pl.DataFrame) -> dict[int, int]:
    """
    How far each process has counted.

    Raises
    ------
    AssertionError
        When a count below is missing, or is there in one file and not in the other.
    """
    counts: dict[int, int] = {}
    for symbol, volumes in rows.group_by("symbol").agg(pl.col("volume").sort()).iter_rows():
        expected = [count for count in range(1, len(volumes) // 2 + 1) for _ in range(2)]
        assert volumes == expected, f"{symbol} has the counts {volumes}"
        counts[int(symbol[1:])] = len(volumes) // 2
    return counts
