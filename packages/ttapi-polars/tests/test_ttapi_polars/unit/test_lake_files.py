# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A pair of files: written whole and durably, scanned quickly and rightly, verified to the bit."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pyarrow.parquet
import pytest

from test_ttapi_polars.values import COLLECTED_AT, eod, stored
from ttapi_core.errors import CorruptFileError, SchemaError, StorageError, WriteError
from ttapi_core.trading_day import trading_day
from ttapi_polars.csv_twin import read_csv_twin, sha256_of
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.footers import FileFooter, read_footer
from ttapi_polars.frames import trading_days_frame
from ttapi_polars.lake_files import load, scan, verify, write_pair
from ttapi_polars.schemas import EOD_DATA, QUOTES, TRADING_DAYS
from ttapi_polars.volatility import price_dispersion

if TYPE_CHECKING:
    from collections.abc import Sequence

FRAME = eod({"AAPL": [1.0, 2.0], "BRK/B": [3.0], "SPY": [4.0, 5.5]})
SORTED_HINT = "hint.sorted"


def is_declared_sorted(paths: Path | Sequence[Path]) -> bool:
    """Whether a scan tells Polars that the rows are sorted."""
    return SORTED_HINT in scan(paths).explain(optimized=False)


def test_the_footer_tells_of_the_rows(tmp_path: Path) -> None:
    """What is returned is what the file says."""
    footer = write_pair(
        FRAME,
        EOD_DATA,
        parquet_path=tmp_path / "2026.parquet",
        csv_path=tmp_path / "2026.csv",
        environment="replay",
        source="two files",
        collected_at=COLLECTED_AT,
        inputs={"symbols": "ab" * 32},
        extra={"requests": "7"},
    )
    assert footer == read_footer(tmp_path / "2026.parquet")
    assert footer == FileFooter(
        dataset="eod_data",
        schema_version=2,
        writer_version=footer.writer_version,
        environment="replay",
        source="two files",
        collected_at=COLLECTED_AT,
        rows=5,
        fingerprint=fingerprint(FRAME, EOD_DATA),
        csv_sha256=sha256_of(tmp_path / "2026.csv"),
        sorted_by=("symbol", "date"),
        sorted_from="AAPL",
        sorted_to="SPY",
        inputs={"symbols": "ab" * 32},
        extra={"requests": "7"},
    )
    assert footer.writer_version[0].isdigit()


def test_both_files_hold_the_rows(tmp_path: Path) -> None:
    """And the dtypes."""
    stored(FRAME, tmp_path)
    assert load(tmp_path / "2026.parquet", EOD_DATA).equals(FRAME)
    assert read_csv_twin(tmp_path / "2026.csv", EOD_DATA).equals(FRAME)


def test_unsorted_rows_are_put_in_order(tmp_path: Path) -> None:
    """The footer's word on order is true because it was made true."""
    footer = stored(FRAME.reverse(), tmp_path)
    assert load(tmp_path / "2026.parquet", EOD_DATA).equals(FRAME)
    assert footer.fingerprint == fingerprint(FRAME, EOD_DATA)


def test_a_leading_date_is_written_as_iso_text(tmp_path: Path) -> None:
    """The calendar ascends by date."""
    days = trading_days_frame([trading_day(date(2026, 7, day)) for day in (1, 2, 6)])
    footer = stored(days, tmp_path, schema=TRADING_DAYS)
    assert (footer.sorted_from, footer.sorted_to) == ("2026-07-01", "2026-07-06")


def test_parquet_has_small_row_groups_with_statistics(tmp_path: Path) -> None:
    """Readers skip what they need not read."""
    many = eod({"A": [1.0] * 100_000, "B": [1.0] * 50_000}, date(1700, 1, 1))
    stored(many, tmp_path)
    metadata = pyarrow.parquet.read_metadata(tmp_path / "2026.parquet")
    assert [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)] == [
        122_000,
        28_000,
    ]
    assert metadata.row_group(0).column(0).statistics.max == "B"
    assert metadata.row_group(0).column(0).compression == "ZSTD"


def test_rows_that_break_the_schema_write_nothing(tmp_path: Path) -> None:
    """What lay there is still there."""
    (tmp_path / "2026.csv").write_text("earlier")
    with pytest.raises(SchemaError, match="'close' is null"):
        stored(FRAME.with_columns(close=pl.lit(None)), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["2026.csv"]
    assert (tmp_path / "2026.csv").read_text() == "earlier"


def test_a_naive_instant_is_a_programmers_mistake(tmp_path: Path) -> None:
    """It would be read as local time."""
    with pytest.raises(ValueError, match="has no time zone"):
        write_pair(
            FRAME,
            EOD_DATA,
            parquet_path=tmp_path / "a.parquet",
            csv_path=tmp_path / "a.csv",
            environment="sandbox",
            source="a test",
            collected_at=datetime(2026, 7, 1),  # noqa: DTZ001 - the mistake under test
        )


def test_both_files_are_synced_after_their_last_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The CSV first, the Parquet last: the order in which a crash does no harm."""
    synced: list[tuple[int, int]] = []
    real_fsync = os.fsync

    def fsync(descriptor: int) -> None:
        status = os.fstat(descriptor)
        synced.append((status.st_ino, status.st_size))
        real_fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    stored(FRAME, tmp_path)
    files = [(tmp_path / name).stat() for name in ("2026.csv", "2026.parquet")]
    assert synced == [(status.st_ino, status.st_size) for status in files]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_named(tmp_path: Path) -> None:
    """For the Parquet file as for its twin."""
    full = Path("/dev/full")
    with pytest.raises(WriteError, match="cannot write /dev/full: No space left") as caught:
        write_pair(
            FRAME,
            EOD_DATA,
            parquet_path=full,
            csv_path=tmp_path / "a.csv",
            environment="sandbox",
            source="a test",
            collected_at=COLLECTED_AT,
        )
    assert "bytes) are left" in str(caught.value.hint)


def test_one_file_of_ours_is_declared_sorted(tmp_path: Path) -> None:
    """On the evidence in its footer."""
    stored(FRAME, tmp_path)
    assert is_declared_sorted(tmp_path / "2026.parquet")


def test_files_in_sequence_are_declared_sorted(tmp_path: Path) -> None:
    """Each begins where the one before ended, or later; one without rows does not disturb."""
    stored(eod({"AAPL": [1.0]}), tmp_path, "1")
    stored(EOD_DATA.empty(), tmp_path, "2")
    stored(eod({"AAPL": [2.0], "SPY": [3.0]}, date(2027, 1, 4)), tmp_path, "3")
    assert is_declared_sorted([tmp_path / "1.parquet", tmp_path / "2.parquet", tmp_path / "3.parquet"])


def test_what_is_recent_is_merged_into_sequence(tmp_path: Path) -> None:
    """Two sequences of files: for each symbol first the rows of the one, then those of the other."""
    stored(eod({"AAPL": [1.0, 2.0], "BRK/B": [5.0]}), tmp_path, "range-0")
    stored(eod({"SPY": [7.0, 8.0], "ZS": [1.0]}), tmp_path, "range-1")
    stored(eod({"AAPL": [3.0], "META": [4.0], "SPY": [9.0]}, date(2026, 7, 1)), tmp_path, "recent")
    paths = [tmp_path / f"{name}.parquet" for name in ("range-0", "range-1", "recent")]
    assert is_declared_sorted(paths)
    assert scan(paths, EOD_DATA).select("symbol", "close").collect(engine="streaming").rows() == [
        ("AAPL", 1.0),
        ("AAPL", 2.0),
        ("AAPL", 3.0),
        ("BRK/B", 5.0),
        ("META", 4.0),
        ("SPY", 7.0),
        ("SPY", 8.0),
        ("SPY", 9.0),
        ("ZS", 1.0),
    ]
    plan = scan(paths).filter(pl.col("symbol") == "SPY").select("close").explain()
    assert plan.count("SELECTION") == 2, "filters reach both"


def test_files_that_overlap_more_often_are_not_declared_sorted(tmp_path: Path) -> None:
    """By year: each is sorted; one after the other they are not."""
    years = {"2025": date(2025, 6, 1), "2026": date(2026, 6, 1), "2027": date(2027, 6, 1)}
    for name, first_day in years.items():
        stored(eod({"AAPL": [1.0, 2.0], "SPY": [5.0]}, first_day), tmp_path, name)
    paths = [tmp_path / f"{name}.parquet" for name in years]
    assert not is_declared_sorted(paths)
    dispersion = price_dispersion(scan(paths), min_days=1).collect(engine="streaming")
    assert dispersion.rows() == [("AAPL", 0.5, 1.5, 6), ("SPY", 0.0, 5.0, 3)]


@pytest.mark.parametrize("engine", ["streaming", "in-memory"])
def test_an_unsorted_foreign_file_gives_right_answers(tmp_path: Path, engine: pl._typing.EngineType) -> None:
    """Declared sorted it would silently give wrong ones, so it is not."""
    shuffled = pl.concat([FRAME.gather_every(2), FRAME.gather_every(2, offset=1)])
    path = tmp_path / "foreign.parquet"
    pyarrow.parquet.write_table(shuffled.to_arrow(), path)
    assert not is_declared_sorted(path)
    answer = price_dispersion(scan(path, EOD_DATA), min_days=0).collect(engine=engine)
    assert answer.rows() == [("AAPL", 0.5, 1.5, 2), ("BRK/B", 0.0, 3.0, 1), ("SPY", 0.75, 4.75, 2)]


def test_one_foreign_file_takes_the_declaration_from_all(tmp_path: Path) -> None:
    """Nothing is known of its rows."""
    stored(eod({"AAPL": [1.0]}), tmp_path)
    eod({"SPY": [1.0]}).write_parquet(tmp_path / "foreign.parquet")
    assert not is_declared_sorted([tmp_path / "2026.parquet", tmp_path / "foreign.parquet"])


def test_a_declared_scan_still_reads_only_what_is_asked(tmp_path: Path) -> None:
    """Filters and columns reach the file."""
    stored(FRAME, tmp_path)
    plan = scan(tmp_path / "2026.parquet").filter(pl.col("symbol") == "SPY").select("close").explain()
    assert "SELECTION" in plan
    assert "PROJECT 2/12 COLUMNS" in plan


def test_names_are_names(tmp_path: Path) -> None:
    """Neither patterns nor partitions: no column appears, no other file is read."""
    directory = tmp_path / "environment=sandbox"
    directory.mkdir()
    stored(eod({"AAPL": [1.0]}), directory, "[ab]*")
    stored(eod({"SPY": [1.0]}), directory, "a")
    found = scan(directory / "[ab]*.parquet", EOD_DATA).collect()
    assert found.columns == list(EOD_DATA.names)
    assert found["symbol"].to_list() == ["AAPL"]


def test_a_scan_of_nothing_is_a_programmers_mistake() -> None:
    """There would be no columns."""
    with pytest.raises(ValueError, match="at least one file"):
        scan([])


def test_a_scan_that_wants_other_columns(tmp_path: Path) -> None:
    """Every column that does not fit is named."""
    path = tmp_path / "a.parquet"
    FRAME.drop("vwap").with_columns(pl.col("volume").cast(pl.Float64)).write_parquet(path)
    with pytest.raises(SchemaError) as caught:
        scan(path, EOD_DATA)
    assert caught.value.problems == (
        "column 'volume' is Float64, expected Int64",
        "column 'vwap' is missing, expected Float64",
    )


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """Before any row is asked for."""
    stored(FRAME, tmp_path)
    with pytest.raises(StorageError, match="No such file") as caught:
        scan([tmp_path / "2026.parquet", tmp_path / "2027.parquet"])
    assert caught.value.path == tmp_path / "2027.parquet"


def test_damaged_pages_are_told_when_loading(tmp_path: Path) -> None:
    """The footer is sound, the rows are not."""
    stored(eod({"AAPL": [float(price) for price in range(20_000)]}, date(1900, 1, 1)), tmp_path)
    path = tmp_path / "2026.parquet"
    content = bytearray(path.read_bytes())
    for position in range(100, len(content) - 20_000, 50):
        content[position] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(CorruptFileError, match="is damaged") as caught:
        load(path, EOD_DATA)
    assert caught.value.path == path


def test_verify_gives_the_footer_of_a_sound_file(tmp_path: Path) -> None:
    """The rows are those that were written."""
    footer = stored(FRAME, tmp_path)
    assert verify(tmp_path / "2026.parquet", EOD_DATA) == footer


def test_verify_sees_other_rows(tmp_path: Path) -> None:
    """One price changed, everything else in its place."""
    footer = stored(FRAME, tmp_path)
    changed = FRAME.with_columns(close=pl.when(pl.col("close") == 5.5).then(5.6).otherwise("close"))
    changed.write_parquet(tmp_path / "2026.parquet", metadata=footer.to_metadata())
    with pytest.raises(CorruptFileError, match="rows are not those"):
        verify(tmp_path / "2026.parquet", EOD_DATA)


def test_verify_counts_the_rows(tmp_path: Path) -> None:
    """A row is missing."""
    footer = stored(FRAME, tmp_path)
    FRAME.head(4).write_parquet(tmp_path / "2026.parquet", metadata=footer.to_metadata())
    with pytest.raises(CorruptFileError, match="4 rows, its footer says 5"):
        verify(tmp_path / "2026.parquet", EOD_DATA)


def test_verify_asks_for_the_schema(tmp_path: Path) -> None:
    """A file of another dataset."""
    stored(FRAME, tmp_path)
    with pytest.raises(SchemaError, match="'bid' is missing"):
        verify(tmp_path / "2026.parquet", QUOTES)


def test_a_fingerprint_that_is_known_is_not_asked_for_again(tmp_path: Path) -> None:
    """It stands in the footer as it was given; one that was never these rows' is found out."""
    known = "ab" * 32
    footer = write_pair(
        FRAME,
        EOD_DATA,
        parquet_path=tmp_path / "2026.parquet",
        csv_path=tmp_path / "2026.csv",
        environment="replay",
        source="two files",
        collected_at=COLLECTED_AT,
        known_fingerprint=known,
    )
    assert footer.fingerprint == known
    with pytest.raises(CorruptFileError, match="fingerprint"):
        verify(tmp_path / "2026.parquet", EOD_DATA)
