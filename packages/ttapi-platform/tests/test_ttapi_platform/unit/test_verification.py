# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of verification, and of what heals a lake without asking anyone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from test_ttapi_platform.candle_parts import in_parts
from ttapi_core.settings import Environment
from ttapi_core.trading_day import trading_day
from ttapi_platform.datasets import Dataset
from ttapi_platform.freshness import Stored
from ttapi_platform.lake import Lake
from ttapi_platform.lake_layout import Layout
from ttapi_platform.prepared import prepare
from ttapi_platform.repair import again_for_holes, mend_files
from ttapi_platform.verification import Finding, FindingKind, verify
from ttapi_polars.csv_twin import read_csv_twin
from ttapi_polars.frames import trading_days_frame
from ttapi_polars.lake_files import load
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.validation import validate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
DAYS = [date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 2), date(2026, 1, 5), date(2026, 1, 6)]
UNTIL = DAYS[1]  # what is later lies in the recent part
EOD = Dataset(name="eod_data", ttl=timedelta(days=1))
CALENDAR = Dataset(name="trading_days", ttl=timedelta(days=7))


def candles(symbol: str, days: Sequence[date]) -> pl.DataFrame:
    """A candle a day, each with a price of its own."""
    closes = [100.0 + day.day for day in days]
    columns = {"date": days, **dict.fromkeys(("open", "high", "low", "close"), closes)}
    rows = pl.DataFrame(columns, schema_overrides={"date": pl.Date}).with_columns(
        symbol=pl.lit(symbol), volume=pl.lit(7), vwap=None, implied_volatility=None
    )
    return validate(rows, EOD_DATA)


def store(lake: Lake, *frames: pl.DataFrame, notes: dict[str, list[str]] | None = None) -> None:
    """These candles are the lake's."""
    parts = in_parts(pl.concat(frames).sort("symbol", "date"), until=UNTIL)
    rows = prepare("eod_data", parts)
    lake.commit(EOD, rows, inputs={}, collected_at=NOW, notes=notes)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A calendar of five trading days around a new year, and candles of two symbols on all of them."""
    lake = Lake(tmp_path / "sandbox", environment=Environment.SANDBOX)
    with lake.writing():
        calendar = trading_days_frame(trading_day(day) for day in DAYS)
        lake.commit(CALENDAR, prepare("trading_days", calendar), inputs={}, collected_at=NOW)
        store(lake, candles("KO", DAYS), candles("SPY", DAYS))
    return lake


def kinds(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """Each finding's kind and what it is about, without the folder."""
    return [(finding.kind.value, finding.subject.rpartition("/")[2]) for finding in findings]


def damage(path: Path) -> None:
    """The first pages gone, below a sound footer."""
    content = bytearray(path.read_bytes())
    content[4:64] = bytes(60)
    path.write_bytes(content)


def mended(lake: Lake) -> list[str]:
    """What healing the files says, in words without the folder."""
    with lake.writing():
        return [text.replace(f"{lake.directory}/", "") for text in mend_files(lake, verify(lake))]


def test_a_lake_that_was_just_written_is_whole(lake: Lake) -> None:
    """Half days and the new year are no holes."""
    assert verify(lake) == ()


def test_a_lake_without_anything_is_whole(tmp_path: Path) -> None:
    """There is nothing that could be wrong."""
    assert verify(Lake(tmp_path / "sandbox", environment=Environment.SANDBOX)) == ()


def test_a_twin_that_was_edited_is_written_again(lake: Lake) -> None:
    """A digit changed in a spreadsheet: Parquet is the truth."""
    twin, rows, state = (
        lake.directory / "eod_data" / "range-000.csv",
        lake.read("eod_data"),
        lake.stored("eod_data"),
    )
    good = twin.read_bytes()
    twin.write_bytes(good.replace(b"130.0", b"999.0"))
    assert kinds(verify(lake)) == [("twin", "range-000.csv")]
    assert mended(lake) == ["eod_data/range-000.csv was written again from its Parquet file"]
    assert twin.read_bytes() == good
    assert lake.read("eod_data").equals(rows)
    assert lake.stored("eod_data") == state
    assert verify(lake) == ()


@pytest.mark.parametrize("part", ["range-000", "range-001", "recent"])
def test_a_twin_that_is_gone_comes_back(lake: Lake, part: str) -> None:
    """Of a range and of the head."""
    twin = lake.directory / "eod_data" / f"{part}.csv"
    twin.unlink()
    assert kinds(verify(lake)) == [("twin", f"{part}.csv")]
    mended(lake)
    assert verify(lake) == ()
    assert read_csv_twin(twin, EOD_DATA).equals(load(twin.with_suffix(".parquet"), EOD_DATA))


@pytest.mark.parametrize("part", ["range-000", "range-001", "recent"])
def test_a_damaged_parquet_file_is_written_again_from_its_twin(lake: Lake, part: str) -> None:
    """The twin has the very rows whose fingerprint the footer tells."""
    rows, state = lake.read("eod_data"), lake.stored("eod_data")
    damage(lake.directory / "eod_data" / f"{part}.parquet")
    assert kinds(verify(lake)) == [("damaged", f"{part}.parquet")]
    (said,) = mended(lake)
    assert said.endswith("written again from its CSV twin")
    assert verify(lake) == ()
    assert lake.read("eod_data").equals(rows)
    assert lake.stored("eod_data") == state


def test_what_neither_file_of_a_pair_can_heal_is_put_aside(lake: Lake) -> None:
    """Both are kept in quarantine, and the dataset is to be collected again."""
    pair = Layout(lake.directory).pair("eod_data", "range-000")
    damage(pair.parquet)
    pair.csv.write_bytes(pair.csv.read_bytes().replace(b"130.0", b"999.0"))
    (said,) = mended(lake)
    assert said.endswith("moved to .ttapi/quarantine/eod_data")
    assert sorted(path.name for path in (Layout(lake.directory).quarantine / "eod_data").iterdir()) == [
        "range-000.csv",
        "range-000.parquet",
    ]
    assert kinds(verify(lake)) == [("incomplete", "eod_data")]
    assert not isinstance(lake.stored("eod_data"), Stored)


def test_a_twin_without_its_parquet_file_is_put_aside_and_a_users_own_file_is_not(lake: Lake) -> None:
    """Only what has the name of a part is ours."""
    (lake.directory / "eod_data" / "2019.csv").write_text("half", encoding="utf-8")
    (lake.directory / "eod_data" / "my notes.csv").write_text("mine", encoding="utf-8")
    assert kinds(verify(lake)) == [("orphan", "2019.csv")]
    mended(lake)
    assert verify(lake) == ()
    assert (lake.directory / "eod_data" / "my notes.csv").exists()


def test_files_of_different_commits_are_found(lake: Lake, tmp_path: Path) -> None:
    """A range from a backup beside the others."""
    other = Lake(tmp_path / "other", environment=Environment.SANDBOX)
    with other.writing():
        store(other, candles("KO", DAYS[:1]))
    (other.directory / "eod_data" / "range-000.parquet").replace(
        lake.directory / "eod_data" / "range-000.parquet"
    )
    assert kinds(verify(lake)) == [("incomplete", "eod_data")]


def test_what_a_crash_left_behind_is_told(lake: Lake) -> None:
    """Files in the staging folder; the next writer removes them."""
    (Layout(lake.directory).staging / "eod_data").mkdir(parents=True)
    assert kinds(verify(lake)) == [("unfinished", "eod_data")]
    mended(lake)
    assert verify(lake) == ()


def test_days_that_lack_a_candle_are_found_by_symbol(lake: Lake) -> None:
    """Of each the day before the first hole is where to ask again from."""
    store(lake, candles("KO", [DAYS[0], DAYS[4]]), candles("SPY", [*DAYS[:3], DAYS[4]]))
    findings = verify(lake)
    assert kinds(findings) == [("holes", "KO"), ("holes", "SPY")]
    assert [finding.days for finding in findings] == [tuple(DAYS[1:4]), (DAYS[3],)]
    again = again_for_holes(lake, findings)
    assert again is not None
    assert sorted(again.items) == ["KO", "SPY"]
    assert again.since == {"KO": DAYS[0], "SPY": DAYS[2]}


def test_days_that_the_service_has_no_candle_of_are_no_holes(lake: Lake) -> None:
    """They are noted; symbols with spaces in them, too."""
    store(lake, candles("A B", [DAYS[0], DAYS[2]]), notes={"gaps": [f"A B {DAYS[1]}"]})
    assert verify(lake) == ()
    assert again_for_holes(lake, verify(lake)) is None


def test_candles_on_days_without_trading_are_found(lake: Lake) -> None:
    """A Saturday; nothing here can heal that, and the finding says what does."""
    store(lake, candles("KO", [*DAYS[:3], date(2026, 1, 3), *DAYS[3:]]))
    (finding,) = verify(lake)
    assert (finding.kind, finding.days) == (FindingKind.STRAYS, (date(2026, 1, 3),))
    assert "--refresh" in finding.fix


def test_without_the_rows_all_is_found_that_footers_and_twins_tell(lake: Lake) -> None:
    """A page that is gone below a sound footer is not seen, and candles are not held against the calendar."""
    with lake.writing():
        store(lake, candles("KO", DAYS), candles("SPY", [*DAYS[:2], *DAYS[3:]]))
    directory = lake.directory / "eod_data"
    damage(directory / "range-000.parquet")
    (directory / "recent.csv").unlink()
    (directory / "1999.csv").write_text("symbol\n")
    found = verify(lake, rows=False)
    assert sorted(kinds(found)) == [("orphan", "1999.csv"), ("twin", "recent.csv")]
    assert set(found) <= set(verify(lake))
    assert ("damaged", "range-000.parquet") in kinds(verify(lake))


def test_without_the_rows_a_file_that_does_not_open_is_found(lake: Lake) -> None:
    """As its footer cannot be read."""
    (lake.directory / "trading_days.parquet").write_bytes(b"PAR1")
    assert kinds(verify(lake, rows=False)) == [("damaged", "trading_days.parquet")]
