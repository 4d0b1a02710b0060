# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""An analysis gives the same to the last bit, however its rows lie in files and whoever works it out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest

from test_ttapi_polars import ragged_candles
from test_ttapi_polars.ragged_candles import ANALYSES, BENCHMARK, bits, bits_of_analyses, candles

if TYPE_CHECKING:
    from pathlib import Path

ROWS = candles(60)
SYMBOLS = ROWS["symbol"].unique().sort().to_list()
EXPECTED = bits_of_analyses(ROWS.lazy().set_sorted("symbol"))
BY_SYMBOL = [name for name in ANALYSES if name != "ranks"]


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_number_of_threads_changes_no_bit(tmp_path: Path, threads: int) -> None:
    """Each number in a process of its own, over row groups that cut symbols in two."""
    path = tmp_path / "candles.parquet"
    ROWS.write_parquet(path, row_group_size=1_111)
    done = subprocess.run(
        [sys.executable, "-P", ragged_candles.__file__, path],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "POLARS_MAX_THREADS": str(threads)},
    )
    assert json.loads(done.stdout) == EXPECTED


def test_the_number_of_files_changes_no_bit(tmp_path: Path) -> None:
    """One, and three that end in the middle of a symbol."""
    ROWS.write_parquet(tmp_path / "0.parquet")
    third = ROWS.height // 3
    for number, first in enumerate((0, third, 2 * third), start=1):
        ROWS[first : first + third if number < 3 else None].write_parquet(tmp_path / f"{number}.parquet")
    three = [tmp_path / f"{number}.parquet" for number in (1, 2, 3)]
    for paths in ([tmp_path / "0.parquet"], three):
        assert bits_of_analyses(pl.scan_parquet(paths).set_sorted("symbol")) == EXPECTED


def test_other_symbols_between_the_rows_change_no_bit() -> None:
    """Day after day with all symbols, as rows lie that nobody declares sorted."""
    assert bits_of_analyses(ROWS.sort("date", maintain_order=True).lazy()) == EXPECTED


@pytest.mark.parametrize("name", BY_SYMBOL)
@pytest.mark.parametrize("others", [1, 7, 59])
def test_the_company_of_a_symbol_changes_no_bit(name: str, others: int) -> None:
    """Asked of a few symbols at a time, or of each alone, the answers are those of the whole."""
    is_benchmark = pl.col("symbol") == BENCHMARK
    pieces: list[pl.DataFrame] = []
    for first in range(0, len(SYMBOLS), others):
        is_meant = pl.col("symbol").is_in(SYMBOLS[first : first + others])
        rows = ROWS.filter(is_meant | is_benchmark).lazy().set_sorted("symbol")
        pieces.append(ANALYSES[name](rows).collect(engine="streaming").filter(is_meant))
    assert bits(pl.concat(pieces)) == EXPECTED[name]


def test_bits_tell_the_smallest_difference() -> None:
    """Or else the tests above would not."""
    one = pl.DataFrame({"value": [1.0, None, 0.0]})
    assert bits(one) == bits(pl.DataFrame({"value": [1.0, None, 0.0]}))
    for other in ([1.0 + 2**-52, None, 0.0], [1.0, None, -0.0], [1.0, 0.0, None]):
        assert bits(one) != bits(pl.DataFrame({"value": other}))
