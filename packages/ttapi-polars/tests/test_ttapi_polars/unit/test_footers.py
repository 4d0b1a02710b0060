# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a lake file says of itself, and what is said of files that cannot be believed."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import polars as pl
import pyarrow.parquet
import pytest

from test_ttapi_polars.values import COLLECTED_AT, eod, stored
from ttapi_core.errors import CorruptFileError, SchemaError, StorageError
from ttapi_polars.footers import FileFooter, footer_if_ours, read_footer

if TYPE_CHECKING:
    from pathlib import Path

FOOTER = FileFooter(
    dataset="eod_data",
    schema_version=1,
    writer_version="0.1.0",
    environment="sandbox",
    source="sandbox at http://127.0.0.1:8080",
    collected_at=COLLECTED_AT,
    rows=2,
    fingerprint="f" * 64,
    csv_sha256="c" * 64,
    sorted_by=("symbol", "date"),
    sorted_from="AAPL",
    sorted_to="SPY",
    inputs={"symbols": "1" * 64},
    extra={"note": 'a "quoted"\nword, é'},
)


def with_metadata(path: Path, metadata: dict[str, str]) -> Path:
    """A sound Parquet file that carries these pairs."""
    eod({"AAPL": [1.0]}).write_parquet(path, metadata=metadata)
    return path


def test_the_footer_survives_the_file(tmp_path: Path) -> None:
    """Every field as it was written."""
    path = with_metadata(tmp_path / "a.parquet", FOOTER.to_metadata())
    assert read_footer(path) == FOOTER


def test_a_footer_without_rows_says_no_span(tmp_path: Path) -> None:
    """Nothing is first or last of nothing."""
    empty = dataclasses.replace(FOOTER, rows=0, sorted_from=None, sorted_to=None, inputs={}, extra={})
    assert read_footer(with_metadata(tmp_path / "a.parquet", empty.to_metadata())) == empty


def test_other_parquet_readers_see_the_pairs(tmp_path: Path) -> None:
    """The manifest needs nothing of ours to be read."""
    stored(eod({"AAPL": [1.0, 2.0]}), tmp_path)
    pairs = pyarrow.parquet.read_metadata(tmp_path / "2026.parquet").metadata
    assert pairs[b"ttapi.dataset"] == b"eod_data"
    assert pairs[b"ttapi.rows"] == b"2"
    assert pairs[b"ttapi.collected_at"] == b"2026-07-01T21:30:00+00:00"
    assert pairs[b"ttapi.sorted_by"] == b"symbol,date"


def test_instants_are_stored_in_utc() -> None:
    """Whatever zone they came in."""
    elsewhere = datetime(2026, 7, 1, 17, 30, tzinfo=timezone(timedelta(hours=-4)))
    metadata = dataclasses.replace(FOOTER, collected_at=elsewhere).to_metadata()
    assert metadata["ttapi.collected_at"] == "2026-07-01T21:30:00+00:00"


@pytest.mark.parametrize(
    "lacking", sorted(FOOTER.to_metadata().keys() - {"ttapi.sorted_from", "ttapi.sorted_to"})
)
def test_a_footer_that_lacks_a_pair_is_damaged(tmp_path: Path, lacking: str) -> None:
    """The error names the pair and the file."""
    metadata = FOOTER.to_metadata()
    del metadata[lacking]
    path = with_metadata(tmp_path / "a.parquet", metadata)
    with pytest.raises(CorruptFileError, match=f"lacks {lacking}") as caught:
        read_footer(path)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("schema_version", "one"),
        ("rows", ""),
        ("collected_at", "yesterday"),
        ("collected_at", "2026-07-01T21:30:00"),
        ("inputs", "{"),
        ("extra", "[]"),
    ],
)
def test_a_pair_that_cannot_be_read_is_damage(tmp_path: Path, name: str, text: str) -> None:
    """Nothing is guessed."""
    path = with_metadata(tmp_path / "a.parquet", FOOTER.to_metadata() | {f"ttapi.{name}": text})
    with pytest.raises(CorruptFileError, match="footer cannot be read"):
        read_footer(path)


def test_a_newer_version_is_refused_with_a_hint(tmp_path: Path) -> None:
    """Even when its other pairs mean nothing to us; the file stays as it is."""
    path = with_metadata(tmp_path / "a.parquet", {"ttapi.dataset": "eod_data", "ttapi.schema_version": "3"})
    before = path.read_bytes()
    with pytest.raises(SchemaError, match="schema version 3, newer than 2") as caught:
        read_footer(path)
    assert "update" in str(caught.value.hint)
    assert path.read_bytes() == before


def test_a_dataset_of_someone_else_is_read(tmp_path: Path) -> None:
    """Only the owner of a schema knows its versions."""
    theirs = dataclasses.replace(FOOTER, dataset="my_signals", schema_version=7)
    assert read_footer(with_metadata(tmp_path / "a.parquet", theirs.to_metadata())) == theirs


def test_a_foreign_file_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    """It is sound, and none of ours."""
    path = tmp_path / "foreign.parquet"
    pyarrow.parquet.write_table(eod({"AAPL": [1.0]}).to_arrow(), path)
    assert footer_if_ours(path) is None
    with pytest.raises(CorruptFileError, match="says nothing of ttapi"):
        read_footer(path)


@pytest.mark.parametrize("keep", [0, 3, 100, -1])
def test_a_cut_file_is_damaged(tmp_path: Path, keep: int) -> None:
    """Wherever it was cut."""
    stored(eod({"AAPL": [1.0]}), tmp_path)
    path = tmp_path / "2026.parquet"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(CorruptFileError) as caught:
        footer_if_ours(path)
    assert caught.value.path == path


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Absent is not damaged."""
    with pytest.raises(StorageError, match="No such file") as caught:
        read_footer(tmp_path / "none.parquet")
    assert not isinstance(caught.value, CorruptFileError)


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    """The reason is the disk's own."""
    with pytest.raises(StorageError, match="Is a directory"):
        read_footer(tmp_path)


def test_reading_a_footer_reads_no_rows(tmp_path: Path) -> None:
    """With every page of rows overwritten, the footer still speaks."""
    footer = stored(eod({"AAPL": [float(price) for price in range(5000)]}), tmp_path)
    path = tmp_path / "2026.parquet"
    content = bytearray(path.read_bytes())
    footer_starts = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    content[4:footer_starts] = bytes(footer_starts - 4)
    path.write_bytes(content)
    assert read_footer(path) == footer
    with pytest.raises(pl.exceptions.PolarsError):
        pl.read_parquet(path)
