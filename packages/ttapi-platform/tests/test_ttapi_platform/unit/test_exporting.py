# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of exporting: one version of the lake, in a file that is there as a whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ttapi_core.errors import CorruptFileError, DataError, StorageError, WriteError
from ttapi_core.settings import Environment
from ttapi_core.testing import make_quote
from ttapi_platform import exporting
from ttapi_platform.datasets import Dataset
from ttapi_platform.exporting import Format, export
from ttapi_platform.lake import Lake
from ttapi_platform.prepared import prepare
from ttapi_polars import exports
from ttapi_polars.frames import quotes_frame
from ttapi_polars.storage_errors import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import polars as pl

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
QUOTES = Dataset(name="quotes", ttl=timedelta(minutes=5), parameters={"source": "test"})


def commit(lake: Lake, *prices: str, at: datetime = NOW) -> None:
    """A quote a price, of symbols A, B, C …."""
    frame = quotes_frame([make_quote(chr(65 + index), last=price) for index, price in enumerate(prices)])
    with lake.writing():
        lake.commit(QUOTES, prepare("quotes", frame), inputs={}, collected_at=at)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake with two quotes and nothing else."""
    lake = Lake(tmp_path / "lakes" / "sandbox", environment=Environment.SANDBOX)
    commit(lake, "1.5", "2.5")
    return lake


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where nothing is but what is exported."""
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder


def names_in(folder: Path) -> list[str]:
    """All that is there, hidden or not."""
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("written_as", Format)
def test_every_format_leaves_its_file_and_nothing_beside_it(
    lake: Lake, folder: Path, written_as: Format
) -> None:
    """With the number of rows."""
    assert export(lake, ["quotes"], folder / "rows", written_as=written_as) == {"quotes": 2}
    assert names_in(folder) == ["rows"]
    assert (folder / "rows").stat().st_size > 0


def test_a_file_has_the_permissions_that_others_have(lake: Lake, folder: Path) -> None:
    """Although it was written in a folder that is private."""
    (folder / "other").touch()
    export(lake, ["quotes"], folder / "rows", written_as=Format.CSV)
    assert (folder / "rows").stat().st_mode == (folder / "other").stat().st_mode


def test_only_the_rows_that_are_wanted_are_written(lake: Lake, folder: Path) -> None:
    """As the caller scans them."""
    wanted = lake.scan("quotes").filter(symbol="B").select("symbol", "last")
    export(lake, ["quotes"], folder / "rows", written_as=Format.CSV, scan=lambda _: wanted)
    assert (folder / "rows").read_text() == "symbol,last\nB,2.5\n"


def test_a_dataset_that_is_replaced_meanwhile_is_written_again(lake: Lake, folder: Path) -> None:
    """So that all rows are of the version that the lake has when the file is there."""
    looks: list[int] = []

    def scan(dataset: str) -> pl.LazyFrame:
        rows = lake.scan(dataset)
        looks.append(1)
        if len(looks) == 1:
            commit(lake, "7.0", at=NOW + timedelta(seconds=1))
        return rows.select("symbol", "last")

    assert export(lake, ["quotes"], folder / "rows", written_as=Format.CSV, scan=scan) == {"quotes": 1}
    assert ((folder / "rows").read_text(), len(looks)) == ("symbol,last\nA,7.0\n", 2)


@pytest.mark.parametrize("written_as", [Format.DUCKDB, Format.XLSX])
def test_what_was_written_of_an_earlier_version_is_not_in_the_file(
    lake: Lake, folder: Path, written_as: Format
) -> None:
    """A database, too, is begun anew."""
    writes: list[Mapping[str, int]] = []
    written = exporting._written

    def write(*arguments: Any, **options: Any) -> Mapping[str, int]:
        writes.append(written(*arguments, **options))
        if len(writes) == 1:
            commit(lake, "7.0", at=NOW + timedelta(seconds=1))
        return writes[-1]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(exporting, "_written", write)
        assert export(lake, ["quotes"], folder / "rows", written_as=written_as) == {"quotes": 1}
    assert writes == [{"quotes": 2}, {"quotes": 1}]


def failing(error: BaseException) -> Callable[..., int]:
    """A writer that writes a little and fails."""

    def write(_rows: object, path: Path, **_options: object) -> int:
        with writing(path):
            path.write_text("half of it")
            raise error

    return write


@pytest.mark.parametrize("error", [OSError(28, "full"), KeyboardInterrupt(), ZeroDivisionError()])
@pytest.mark.parametrize("was_there", [False, True])
def test_whatever_ends_an_export_leaves_all_as_it_was(
    lake: Lake,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    was_there: bool,
) -> None:
    """A full disk, ctrl-C, a mistake of ours."""
    path = folder / "rows"
    if was_there:
        path.write_text("mine")
    monkeypatch.setattr(exports, "write_csv", failing(error))
    with pytest.raises((WriteError, type(error))):
        export(lake, ["quotes"], path, written_as=Format.CSV)
    assert names_in(folder) == (["rows"] if was_there else [])
    assert not was_there or path.read_text() == "mine"


def test_a_full_disk_is_told_with_the_name_of_the_file_itself(
    lake: Lake, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not with that of the one beside it, and with what is free."""
    monkeypatch.setattr(exports, "write_csv", failing(OSError(28, "full")))
    with pytest.raises(WriteError) as caught:
        export(lake, ["quotes"], folder / "rows", written_as=Format.CSV)
    assert caught.value.path == folder / "rows"
    assert caught.value.message == f"cannot write {folder / 'rows'}: No space left on device"
    assert caught.value.hint is not None
    assert "MiB" in caught.value.hint


def test_a_folder_that_is_not_there_is_an_error_of_the_file(lake: Lake, folder: Path) -> None:
    """With the reason."""
    with pytest.raises(WriteError, match="No such file or directory") as caught:
        export(lake, ["quotes"], folder / "no" / "rows", written_as=Format.CSV)
    assert caught.value.path == folder / "no" / "rows"


@pytest.mark.parametrize("written_as", Format)
def test_damage_is_told_as_damage(lake: Lake, folder: Path, written_as: Format) -> None:
    """Whatever is writing when it is met; nothing is left behind."""
    path = lake.directory / "quotes.parquet"
    content = bytearray(path.read_bytes())
    content[4:2000] = bytes(len(content[4:2000]))
    path.write_bytes(content)
    with pytest.raises(CorruptFileError) as caught:
        export(lake, ["quotes"], folder / "rows", written_as=written_as)
    assert caught.value.hint is not None
    assert "ttapi data repair" in caught.value.hint
    assert names_in(folder) == []


def test_a_dataset_that_is_not_there_says_what_to_do(lake: Lake, folder: Path) -> None:
    """Before anything is written."""
    with pytest.raises(DataError, match="there is no symbols in") as caught:
        export(lake, ["quotes", "symbols"], folder / "rows", written_as=Format.DUCKDB)
    assert caught.value.hint == "run `ttapi collect` first"
    assert names_in(folder) == []


def test_a_format_that_holds_one_dataset_is_given_one(lake: Lake, folder: Path) -> None:
    """Anything else is a mistake of the caller's."""
    with pytest.raises(ValueError, match="csv holds one dataset, not 2"):
        export(lake, ["quotes", "symbols"], folder / "rows", written_as=Format.CSV)


def test_a_lake_that_never_stands_still_is_an_error_in_the_end(lake: Lake, folder: Path) -> None:
    """Rather than a file of which nobody knows what it is of."""
    seconds = iter(range(1, 1000))

    def scan(dataset: str) -> pl.LazyFrame:
        commit(lake, "7.0", at=NOW + timedelta(seconds=next(seconds)))
        return lake.scan(dataset).select("symbol")

    with pytest.raises(StorageError, match="quotes: replaced faster than can be read"):
        export(lake, ["quotes"], folder / "rows", written_as=Format.CSV, scan=scan)
    assert names_in(folder) == []
