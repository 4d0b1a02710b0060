# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A lake's datasets by name: whole while a commit goes on, and no more read than is asked for."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from test_ttapi_polars.values import COLLECTED_AT, eod
from ttapi_core.errors import CorruptFileError, DataError, UnknownDatasetError
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.lake_files import write_pair
from ttapi_polars.lake_versions import PARTS, current_version
from ttapi_polars.lakes import scan
from ttapi_polars.schemas import EOD_DATA, TRADING_DAYS, DatasetSchema

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

OLD = {
    "range-000": eod({"AAPL": [1.0, 2.0], "BRK/B": [3.0]}, date(2026, 6, 1)),
    "range-001": eod({"SPY": [5.0, 6.0]}, date(2026, 6, 1)),
    "recent": eod({"AAPL": [2.5], "SPY": [6.5]}, date(2026, 6, 3)),
}


def store(
    directory: Path, parts: dict[str, pl.DataFrame], schema: DatasetSchema = EOD_DATA, *, only: str = ""
) -> None:
    """Files of one commit, the last the head; or one of them."""
    directory.mkdir(parents=True, exist_ok=True)
    fingerprints = {name: fingerprint(rows, schema) for name, rows in parts.items()}
    for name, rows in parts.items():
        if only and name != only:
            continue
        write_pair(
            rows,
            schema,
            parquet_path=directory / f"{name}.parquet",
            csv_path=directory / f"{name}.csv",
            environment="sandbox",
            source="a test",
            collected_at=COLLECTED_AT,
            extra={PARTS: json.dumps(fingerprints)} if name == max(parts) else {},
        )


def closes(rows: pl.LazyFrame) -> list[tuple[str, float]]:
    """Symbol and close of each row."""
    return rows.select("symbol", "close").collect(engine="streaming").rows()


def test_all_rows_come_sorted_by_symbol(tmp_path: Path) -> None:
    """What is recent is between the others; any name of the root will do."""
    store(tmp_path / "eod_data", OLD)
    expected = [
        ("AAPL", 1.0),
        ("AAPL", 2.0),
        ("AAPL", 2.5),
        ("BRK/B", 3.0),
        ("SPY", 5.0),
        ("SPY", 6.0),
        ("SPY", 6.5),
    ]
    assert closes(scan("eod_data", tmp_path)) == expected
    assert closes(scan("eod_data", str(tmp_path))) == expected


def test_rows_are_chosen_by_symbol_date_and_column(tmp_path: Path) -> None:
    """One symbol or several, from a day on and until one, both included."""
    store(tmp_path / "eod_data", OLD)
    assert closes(scan("eod_data", tmp_path, symbols="AAPL")) == [("AAPL", 1.0), ("AAPL", 2.0), ("AAPL", 2.5)]
    assert closes(scan("eod_data", tmp_path, symbols=["SPY", "BRK/B"], until=date(2026, 6, 1))) == [
        ("BRK/B", 3.0),
        ("SPY", 5.0),
    ]
    assert closes(scan("eod_data", tmp_path, since=date(2026, 6, 3))) == [("AAPL", 2.5), ("SPY", 6.5)]
    assert scan("eod_data", tmp_path, columns=["close", "symbol"]).collect().columns == ["close", "symbol"]
    assert closes(scan("eod_data", tmp_path, symbols=[])) == []
    assert closes(scan("eod_data", tmp_path, symbols="ZZZ")) == []


def test_files_that_cannot_hold_a_symbol_are_not_read(tmp_path: Path) -> None:
    """Their footers say so."""
    store(tmp_path / "eod_data", OLD)
    plan = scan("eod_data", tmp_path, symbols="BRK/B").explain()
    assert "range-000" in plan
    assert "range-001" not in plan


def test_a_dataset_in_one_file_is_found_too(tmp_path: Path) -> None:
    """Beside files of the user's own."""
    store(tmp_path, {"trading_days": TRADING_DAYS.empty()}, TRADING_DAYS)
    (tmp_path / "mine.parquet").write_bytes(b"no matter what")
    assert scan("trading_days", tmp_path).collect().schema == TRADING_DAYS.polars_schema


def test_a_commit_counts_before_its_files_are_in_their_places(tmp_path: Path) -> None:
    """Some have moved, the head has not: the new rows, whole."""
    new = {**OLD, "range-000": eod({"AAPL": [9.0, 9.5], "BRK/B": [3.0]}, date(2026, 6, 1))}
    store(tmp_path / "eod_data", OLD)
    store(tmp_path / ".ttapi" / "committed" / "eod_data", new, only="recent")
    store(tmp_path / "eod_data", new, only="range-000")
    assert closes(scan("eod_data", tmp_path, symbols="AAPL")) == [("AAPL", 9.0), ("AAPL", 9.5), ("AAPL", 2.5)]


def test_files_that_no_commit_names_do_not_count(tmp_path: Path) -> None:
    """A part that the head does not name is on its way out."""
    store(tmp_path / "eod_data", {"2026": OLD["recent"]})
    store(tmp_path / "eod_data", OLD)
    version = current_version(tmp_path, "eod_data")
    assert version is not None
    assert list(version.pairs) == list(OLD)


def test_files_of_two_commits_are_no_version(tmp_path: Path) -> None:
    """One was replaced by hand, one is missing."""
    store(tmp_path / "eod_data", OLD)
    store(tmp_path / "eod_data", {**OLD, "range-001": OLD["recent"]}, only="range-001")
    with pytest.raises(DataError, match="not of one commit"):
        scan("eod_data", tmp_path)
    (tmp_path / "eod_data" / "range-001.parquet").unlink()
    with pytest.raises(DataError, match="range-001 are missing"):
        scan("eod_data", tmp_path)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    """A dataset that does not exist, one that was not collected, a column that it has not."""
    with pytest.raises(UnknownDatasetError, match="no dataset 'quote'"):
        scan("quote", tmp_path)
    with pytest.raises(DataError, match="there is no quotes in") as caught:
        scan("quotes", tmp_path)
    assert caught.value.hint == "run `ttapi collect` first"
    with pytest.raises(DataError, match="trading_days has no column symbol"):
        scan("trading_days", tmp_path, symbols="AAPL")
    with pytest.raises(DataError, match="eod_data has no column mid"):
        scan("eod_data", tmp_path, columns=["close", "mid"])


def test_damage_is_told(tmp_path: Path) -> None:
    """The head is no Parquet file."""
    store(tmp_path / "eod_data", OLD)
    (tmp_path / "eod_data" / "recent.parquet").write_bytes(b"PAR1")
    with pytest.raises(CorruptFileError):
        scan("eod_data", tmp_path)
