# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Replaying recorded candles: what is in the files is in the lake, digit for digit."""

from __future__ import annotations

import csv
import statistics
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ttapi_core import Environment, Settings
from ttapi_core.errors import ConfigError
from ttapi_platform import Platform
from ttapi_platform.analyses import volatility
from ttapi_platform.freshness import Fresh

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "date,open,high,low,close,volume\n"
# Real trading days around the closure of September 2001, with awkward decimals.
DAYS = ["2001-09-07", "2001-09-10", "2001-09-17", "2001-09-18", "2001-09-19"]


def write(folder: Path, name: str, closes: list[str]) -> None:
    """A file of candles, a close a day."""
    dated = zip(DAYS, closes, strict=False)
    rows = (f"{day},{close},{close},{close},{close},123456789\n" for day, close in dated)
    (folder / f"{name}.csv").write_text(HEADER + "".join(rows), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two symbols, one of them a share class."""
    folder = tmp_path / "candles"
    folder.mkdir()
    write(folder, "SPX", ["1085.780029", "1092.540039", "1038.77002", "1032.73999", "1016.099976"])
    write(folder, "BRK%2FB", ["0.1", "0.2", "0.30000000000000004"])
    return folder


async def test_a_replayed_folder_is_in_the_lake_digit_for_digit(folder: Path, tmp_path: Path) -> None:
    """Candles equal the files, trading days their dates, and volatility an independent computation."""
    platform = Platform(Settings(data_dir=tmp_path / "data"), replay=folder)
    summary = await platform.collect()
    assert {result.status.value for result in summary.results} == {"collected"}
    assert platform.settings.environment is Environment.REPLAY
    assert platform.lake.root == tmp_path / "data" / "replay"
    candles = platform.lake.read("eod_data")
    stored = {
        (symbol, day.isoformat()): (repr(close), volume)
        for symbol, day, close, volume in candles.select("symbol", "date", "close", "volume").iter_rows()
    }
    expected = {
        (name, row["date"]): (row["close"], int(row["volume"]))
        for name, stem in (("SPX", "SPX"), ("BRK/B", "BRK%2FB"))
        for row in csv.DictReader((folder / f"{stem}.csv").read_text(encoding="utf-8").splitlines())
    }
    assert stored == expected
    assert platform.lake.read("trading_days")["date"].to_list() == [date.fromisoformat(day) for day in DAYS]
    answer = volatility(platform.lake, min_days=3)
    assert answer["symbol"].to_list() == ["SPX"]
    closes = [float(close) for (name, _), (close, _) in expected.items() if name == "SPX"]
    assert answer["close_std"].item() == pytest.approx(statistics.pstdev(closes), rel=1e-12)
    assert answer["close_mean"].item() == pytest.approx(statistics.fmean(closes), rel=1e-12)
    assert answer["days"].item() == 5


async def test_changed_files_are_another_source(folder: Path, tmp_path: Path) -> None:
    """A second run is a hit; with another file in the folder everything is collected again."""
    settings = Settings(data_dir=tmp_path / "data")
    await Platform(settings, replay=folder).collect()
    assert (await Platform(settings, replay=folder).collect()).hit_rate == 1.0
    write(folder, "COMP", ["1695.38", "1695.38"])
    again = await Platform(settings, replay=folder).collect()
    assert again.hits == 0
    assert "COMP" in Platform(settings, replay=folder).lake.read("eod_data")["symbol"].to_list()


async def test_unusable_folders_are_named(tmp_path: Path) -> None:
    """Not there, or with a row that is none: the error says which file and line."""
    settings = Settings(data_dir=tmp_path / "data")
    with pytest.raises(ConfigError, match="nowhere"):
        Platform(settings, replay=tmp_path / "nowhere")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "SPX.csv").write_text(HEADER + "2001-09-10,1,2,x,1,5\n", encoding="utf-8")
    summary = await Platform(settings, replay=broken).collect()
    assert len(summary.failed) == 6
    assert all(isinstance(result.error, ConfigError) for result in summary.failed[:3])
    assert "SPX.csv" in str(summary.failed[0].error)


async def test_a_replayed_lake_can_be_looked_at_without_its_folder(folder: Path, tmp_path: Path) -> None:
    """Status and questions need no folder; collecting does, and says so."""
    settings = Settings(data_dir=tmp_path / "data")
    await Platform(settings, replay=folder).collect()
    alone = Platform(replace(settings, environment=Environment.REPLAY))
    assert all(isinstance(state.verdict, Fresh) for state in alone.status())
    assert alone.lake.read("eod_data").height == 8
    failed = (await alone.collect(refresh=True)).failed
    assert "needs a folder to replay" in str(failed[0].error)
