# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Real daily candles replayed through the whole way; elsewhere a few rows that ship with the tests."""

from __future__ import annotations

import csv
import json
import statistics
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from conftest import Command

HERE = Path(__file__).resolve().parent
REAL = HERE.parent.parent / "shared" / "real-data"
FEW = HERE / "data" / "candles"


def test_real_candles_are_in_the_lake_digit_for_digit(ttapi: Command, tmp_path: Path) -> None:
    """Bars equal the files, trading days their dates, volatility the standard library's; verified whole."""
    folder = REAL if REAL.is_dir() else FEW
    data = tmp_path / "data"
    done = ttapi("collect", "--replay", str(folder), "--data-dir", str(data))
    assert done.returncode == 0, done.stderr
    files = {path.stem: list(csv.DictReader(path.read_text().splitlines())) for path in folder.glob("*.csv")}
    assert len(files) == 2
    lake = data / "replay"
    candles = pl.concat([pl.read_parquet(path) for path in sorted((lake / "eod_data").glob("*.parquet"))])
    columns = ("open", "high", "low", "close")
    stored = {
        (row["symbol"], row["date"].isoformat()): (*(row[name] for name in columns), row["volume"])
        for row in candles.iter_rows(named=True)
    }
    expected = {
        (symbol, row["date"]): (*(float(row[name]) for name in columns), int(row["volume"]))
        for symbol, rows in files.items()
        for row in rows
    }
    assert stored == expected
    texts = {
        (row["symbol"], row["date"]): tuple(row[name] for name in columns)
        for path in (lake / "eod_data").glob("*.csv")
        for row in csv.DictReader(path.read_text().splitlines())
    }
    assert {key: tuple(map(Decimal, text)) for key, text in texts.items()} == {
        (symbol, row["date"]): tuple(Decimal(row[name]) for name in columns)
        for symbol, rows in files.items()
        for row in rows
    }
    dates = sorted({row["date"] for rows in files.values() for row in rows})
    days = pl.read_parquet(lake / "trading_days.parquet")["date"]
    assert [day.isoformat() for day in days] == dates
    verified = ttapi("data", "verify", "--json", "--replay", str(folder), "--data-dir", str(data))
    assert verified.returncode == 0, verified.stdout
    assert json.loads(verified.stdout)["findings"] == []
    answer = ttapi("volatility", "--json", "--replay", str(folder), "--data-dir", str(data))
    rows = json.loads(answer.stdout)
    for row in rows["rows"] if isinstance(rows, dict) else rows:
        closes = [float(each["close"]) for each in files[row["symbol"]]]
        assert abs(row["close_std"] / statistics.pstdev(closes) - 1) < 1e-9
        assert row["days"] == len(closes)
