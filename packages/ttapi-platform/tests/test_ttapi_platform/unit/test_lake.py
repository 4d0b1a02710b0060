# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the lake: commits, what is read back, and what is put in order after trouble."""

from __future__ import annotations

import errno
import itertools
import json
import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from test_ttapi_platform.candle_parts import by_year, in_parts
from ttapi_core.errors import ConfigError, CorruptFileError, DataError, LockedError, SchemaError, WriteError
from ttapi_core.settings import Environment
from ttapi_core.testing import make_quote
from ttapi_platform.datasets import Dataset
from ttapi_platform.freshness import Missing, Stored
from ttapi_platform.lake import Lake
from ttapi_platform.lake_layout import Layout
from ttapi_platform.lake_parts import ChangedParts
from ttapi_platform.prepared import Prepared, prepare
from ttapi_polars.csv_twin import sha256_of
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.footers import read_footer
from ttapi_polars.frames import quotes_frame
from ttapi_polars.lake_files import verify, write_pair
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.validation import validate

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
QUOTES = Dataset(name="quotes", ttl=timedelta(minutes=5), parameters={"source": "test"})
EOD = Dataset(name="eod_data", ttl=timedelta(days=1), parameters={"source": "test"})
UNTIL = date(2025, 12, 31)  # what is later lies in the recent part
FILES_MOVED = 6  # two ranges and a recent part, each with its twin


def quotes(*prices: str) -> pl.DataFrame:
    """A quote a price, of symbols A, B, C …."""
    return quotes_frame([make_quote(chr(65 + index), last=price) for index, price in enumerate(prices)])


def candles(*days: date, close: float = 10.0, symbol: str = "A") -> pl.DataFrame:
    """A candle a day."""
    count = len(days)
    columns = {
        "symbol": [symbol] * count,
        "date": list(days),
        "open": [close] * count,
        "high": [close] * count,
        "low": [close] * count,
        "close": [close] * count,
        "volume": [100] * count,
        "vwap": [None] * count,
        "implied_volatility": [None] * count,
    }
    return validate(pl.DataFrame(columns, schema_overrides=EOD_DATA.as_of(1).polars_schema), EOD_DATA)


def three(a: float = 10.0, b: float = 10.0, recent: float = 10.0) -> pl.DataFrame:
    """A candle in each of three parts, in the order of the rows: of symbol A, a recent one of A, and of B."""
    days = ((date(2025, 5, 1), a, "A"), (date(2026, 5, 1), recent, "A"), (date(2025, 5, 1), b, "B"))
    return pl.concat(candles(day, close=close, symbol=symbol) for day, close, symbol in days)


def prepared(dataset: Dataset, frame: pl.DataFrame) -> Prepared:
    """These rows, ready to be committed; candles in a range a symbol and a recent part."""
    return prepare(dataset.name, in_parts(frame, until=UNTIL) if dataset is EOD else frame)


def commit(lake: Lake, dataset: Dataset, frame: pl.DataFrame, *, at: datetime = NOW) -> None:
    """Store these rows."""
    lake.commit(dataset, prepared(dataset, frame), inputs={"symbols": "s1"}, collected_at=at)


def commit_cut_short(lake: Lake, dataset: Dataset, frame: pl.DataFrame, *, after: int) -> None:
    """Store these rows, but be stopped when so many files of the new version have reached their places."""
    moves = itertools.count()
    replace = Path.replace

    def replace_some(source: Path, target: Path) -> Path:
        if ".ttapi" not in target.parts and next(moves) >= after:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return replace(source, target)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Path, "replace", replace_some)
        if after < FILES_MOVED:
            with pytest.raises(WriteError, match="Input/output error"):
                commit(lake, dataset, frame)
        else:
            patched.setattr(shutil, "rmtree", lambda *_args, **_options: None)
            commit(lake, dataset, frame)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake in a directory that is not there yet."""
    lake = Lake(tmp_path / "data" / "sandbox", environment=Environment.SANDBOX)
    with lake.writing():
        pass
    return lake


def visible_files(lake: Lake) -> list[str]:
    """Names of the files that a user sees."""
    return sorted(
        path.relative_to(lake.directory).as_posix()
        for path in lake.directory.rglob("*")
        if path.is_file() and ".ttapi" not in path.parts
    )


def test_what_was_committed_is_read_back_with_its_manifest(lake: Lake) -> None:
    """Rows, fingerprint, inputs and parameters come back as they were given."""
    frame = quotes("1.25", "2.50")
    commit(lake, QUOTES, frame)
    assert lake.read("quotes").equals(frame)
    assert lake.stored("quotes") == Stored(
        collected_at=NOW,
        rows=2,
        fingerprint=prepare("quotes", frame).fingerprint,
        inputs={"symbols": "s1"},
        parameters={"source": "test"},
    )
    assert visible_files(lake) == ["quotes.csv", "quotes.parquet"]
    assert not (lake.directory / ".ttapi" / "staging" / "quotes").exists()


def test_daily_candles_lie_in_ranges_of_symbols_with_what_is_recent_beside_them(lake: Lake) -> None:
    """The answer is one dataset."""
    commit(lake, EOD, three())
    assert visible_files(lake) == [
        f"eod_data/{part}.{kind}"
        for part in ("range-000", "range-001", "recent")
        for kind in ("csv", "parquet")
    ]
    assert lake.read("eod_data").sort("symbol", "date").equals(three())


def test_candles_that_fit_into_one_file_lie_in_one(lake: Lake) -> None:
    """Sorted by symbol and date, whatever their days."""
    lake.commit(EOD, prepare("eod_data", three()), inputs={}, collected_at=NOW)
    assert visible_files(lake) == ["eod_data/range-000.csv", "eod_data/range-000.parquet"]
    assert lake.read("eod_data").equals(three())


def test_candles_by_year_of_an_earlier_release_are_read_and_then_replaced(lake: Lake) -> None:
    """The commit that brings ranges takes the years away."""
    lake.commit(EOD, prepare("eod_data", by_year(three())), inputs={}, collected_at=NOW)
    assert visible_files(lake) == [
        f"eod_data/{year}.{kind}" for year in (2025, 2026) for kind in ("csv", "parquet")
    ]
    assert lake.read("eod_data").sort("symbol", "date").equals(three())
    commit(lake, EOD, three(a=11.0))
    assert [name for name in visible_files(lake) if "202" in name] == []
    assert lake.read("eod_data").sort("symbol", "date").equals(three(a=11.0))


def parquet_files(lake: Lake) -> dict[str, int]:
    """Which file each part of the candles is."""
    return {path.stem: path.stat().st_ino for path in (lake.directory / "eod_data").glob("*.parquet")}


def test_a_commit_rewrites_only_parts_that_changed_and_the_head(lake: Lake) -> None:
    """Parts with the same rows stay as they are on the disk; the head carries the new date."""
    commit(lake, EOD, three())
    before = parquet_files(lake)
    later, changed = NOW + timedelta(days=1), three(a=11.0)
    commit(lake, EOD, changed, at=later)
    after = parquet_files(lake)
    assert {name for name in before if before[name] != after[name]} == {"range-000", "recent"}
    stored = lake.stored("eod_data")
    assert isinstance(stored, Stored)
    assert (stored.collected_at, stored.rows) == (later, 3)
    assert stored.fingerprint == prepared(EOD, changed).fingerprint


def test_what_was_the_head_no_longer_says_what_the_dataset_consists_of(lake: Lake) -> None:
    """Else, when the new head is lost, the rows of the commit before would be taken for those of today."""
    commit(lake, EOD, three().filter(pl.col("date") <= UNTIL))
    before = parquet_files(lake)
    commit(lake, EOD, three())
    after = parquet_files(lake)
    assert {name for name in before if before[name] != after[name]} == {"range-001"}
    (lake.directory / "eod_data" / "recent.parquet").unlink()
    assert lake.stored("eod_data") == Missing("its files are not of one commit")


def test_parts_that_have_no_row_any_more_go(lake: Lake) -> None:
    """Of ranges and of what was recent; of all rows, a part without any is left."""
    commit(lake, EOD, three())
    commit(lake, EOD, candles(date(2025, 5, 1)))
    assert visible_files(lake) == ["eod_data/range-000.csv", "eod_data/range-000.parquet"]
    commit(lake, EOD, candles())
    assert visible_files(lake) == ["eod_data/empty.csv", "eod_data/empty.parquet"]
    assert lake.read("eod_data").height == 0
    assert isinstance(lake.stored("eod_data"), Stored)
    commit(lake, EOD, candles(date(2025, 5, 1)))
    assert lake.read("eod_data").height == 1


def test_a_part_goes_whose_twin_has_gone_before(lake: Lake) -> None:
    """As when a crash came between the two."""
    commit(lake, EOD, three())
    (lake.directory / "eod_data" / "range-001.csv").unlink()
    commit(lake, EOD, candles(date(2025, 5, 1)))
    assert visible_files(lake) == ["eod_data/range-000.csv", "eod_data/range-000.parquet"]


def test_a_part_that_cannot_be_removed_is_named(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit counts all the same, and the next one goes on with it."""
    commit(lake, EOD, three())
    path, unlink = lake.directory / "eod_data" / "range-001.parquet", Path.unlink

    def refusing(each: Path, missing_ok: bool = False) -> None:
        if each == path:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        unlink(each, missing_ok=missing_ok)

    rows = candles(date(2025, 5, 1))
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refusing)
        with pytest.raises(WriteError) as refused:
            commit(lake, EOD, rows)
    assert refused.value.path == path
    assert lake.read("eod_data").equals(rows)
    with lake.writing() as warnings:
        assert len(warnings) == 1
    assert visible_files(lake) == ["eod_data/range-000.csv", "eod_data/range-000.parquet"]


def test_a_commit_of_many_files_that_was_cut_short_is_not_taken_as_whole(lake: Lake, tmp_path: Path) -> None:
    """When one part is of another commit than the head, the dataset is to be collected again."""
    commit(lake, EOD, three())
    other = Lake(tmp_path / "other", environment=Environment.SANDBOX)
    commit(other, EOD, three(a=12.0))
    (other.directory / "eod_data" / "range-000.parquet").replace(
        lake.directory / "eod_data" / "range-000.parquet"
    )
    assert lake.stored("eod_data") == Missing("its files are not of one commit")
    with pytest.raises(DataError, match="not of one commit"):
        lake.read("eod_data")


def test_a_dataset_that_is_not_there_is_missing_and_cannot_be_read(lake: Lake) -> None:
    """Nothing stored is no error to ask about, and a clear one to read."""
    assert lake.stored("quotes") == Missing()
    with pytest.raises(DataError, match="there is no quotes in") as caught:
        lake.read("quotes")
    assert caught.value.hint == "run `ttapi collect` first"


def test_a_damaged_file_is_written_again_from_its_twin(lake: Lake) -> None:
    """Found when writing begins, and named; the head's fingerprint proves that the rows are the same."""
    commit(lake, EOD, three())
    stored = lake.stored("eod_data")
    (lake.directory / "eod_data" / "range-000.parquet").write_bytes(b"PAR1 nonsense")
    with lake.writing() as (warning,):
        assert warning.endswith("written again from its CSV twin")
    assert lake.stored("eod_data") == stored
    assert lake.read("eod_data").sort("symbol", "date").equals(three())
    with lake.writing() as warnings:
        assert warnings == []


def test_a_damaged_file_goes_to_quarantine_and_the_rest_stays(lake: Lake) -> None:
    """Where its twin is not what it was either, both are kept for whoever wants to look."""
    commit(lake, EOD, three())
    commit(lake, QUOTES, quotes("1.25"))
    damaged = lake.directory / "eod_data" / "range-000.parquet"
    damaged.write_bytes(b"PAR1 nonsense")
    twin = damaged.with_suffix(".csv")
    twin.write_text(twin.read_text(encoding="utf-8").replace("10.0", "10.5"), encoding="utf-8")
    stored = lake.stored("eod_data")
    assert isinstance(stored, Missing)
    assert "range-000.parquet" in stored.reason
    with pytest.raises(CorruptFileError, match=r"range-000\.parquet"):
        lake.read("eod_data")
    with lake.writing() as warnings:
        assert len(warnings) == 1
        assert "range-000.parquet" in warnings[0]
    kept = lake.directory / ".ttapi" / "quarantine" / "eod_data"
    assert sorted(path.name for path in kept.iterdir()) == ["range-000.csv", "range-000.parquet"]
    assert visible_files(lake) == [
        "eod_data/range-001.csv",
        "eod_data/range-001.parquet",
        "eod_data/recent.csv",
        "eod_data/recent.parquet",
        "quotes.csv",
        "quotes.parquet",
    ]
    assert lake.stored("eod_data") == Missing("its files of range-000 are missing")


def test_damage_inside_a_file_is_named_when_its_rows_are_read(lake: Lake) -> None:
    """A sound footer over broken pages: the read fails with the place and a way out."""
    commit(lake, QUOTES, quotes(*(f"{number}.25" for number in range(26))))
    path = lake.directory / "quotes.parquet"
    content = bytearray(path.read_bytes())
    content[4:400] = bytes(396)
    path.write_bytes(content)
    with pytest.raises(CorruptFileError, match="damaged"):
        lake.read("quotes")


def test_a_file_of_a_newer_version_is_never_rewritten(lake: Lake) -> None:
    """Writing is refused with the way out, and the file is left alone."""
    commit(lake, QUOTES, quotes("1.25"))
    path = lake.directory / "quotes.parquet"
    rows = pl.read_parquet(path)
    metadata = {
        key: text for key, text in pl.read_parquet_metadata(path).items() if key.startswith("ttapi.")
    } | {"ttapi.schema_version": "99"}
    rows.write_parquet(path, metadata=metadata)
    content = path.read_bytes()
    assert isinstance(lake.stored("quotes"), Missing)
    with pytest.raises(SchemaError) as caught, lake.writing():
        pass
    assert "update" in str(caught.value.hint)
    assert path.read_bytes() == content


def test_what_was_staged_when_a_crash_came_goes(lake: Lake) -> None:
    """It was never committed: the next writer says so and removes it, and the earlier rows stay."""
    frame = quotes("1.25")
    commit(lake, QUOTES, frame)
    for name in ("quotes", "accounts"):
        staging = Layout(lake.directory).staging / name
        staging.mkdir(parents=True)
        (staging / f"{name}.csv").write_text("half a tw", encoding="utf-8")
    with lake.writing() as warnings:
        assert [text.split(":")[0] for text in warnings] == ["accounts", "quotes"]
    assert lake.read("quotes").equals(frame)
    assert visible_files(lake) == ["quotes.csv", "quotes.parquet"]
    with lake.writing() as warnings:
        assert warnings == []


@pytest.mark.parametrize("moved", range(FILES_MOVED + 1))
def test_what_was_committed_when_a_crash_came_is_read_and_then_moved(lake: Lake, moved: int) -> None:
    """However many of the files had reached their places, readers see the new rows, and all of them."""
    commit(lake, EOD, pl.concat([three(), candles(date(2024, 5, 1), symbol="C")]))
    new = three(11.0, 11.0, 11.0)
    commit_cut_short(lake, EOD, new, after=moved)
    assert lake.read("eod_data").sort("symbol", "date").equals(new)
    stored = lake.stored("eod_data")
    assert isinstance(stored, Stored)
    assert stored.fingerprint == prepared(EOD, new).fingerprint
    with lake.writing() as warnings:
        assert len(warnings) == 1
    assert lake.read("eod_data").sort("symbol", "date").equals(new)
    assert visible_files(lake) == [
        f"eod_data/{part}.{kind}"
        for part in ("range-000", "range-001", "recent")
        for kind in ("csv", "parquet")
    ]
    for path in (lake.directory / "eod_data").glob("*.parquet"):
        assert sha256_of(path.with_suffix(".csv")) == read_footer(path).csv_sha256


def test_the_next_commit_first_moves_what_an_earlier_one_left_on_its_way(lake: Lake) -> None:
    """A part that only the earlier commit changed is not lost."""
    commit(lake, EOD, three())
    commit_cut_short(lake, EOD, three(a=11.0), after=0)
    third = three(a=11.0, recent=12.0)
    commit(lake, EOD, third)
    assert lake.read("eod_data").sort("symbol", "date").equals(third)


def test_a_write_that_fails_leaves_the_earlier_rows(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk in the middle of a commit: the error names the file, and the old pair is still there."""
    frame = quotes("1.25")
    commit(lake, QUOTES, frame)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(WriteError, match="No space left on device"):
            commit(lake, QUOTES, quotes("9.75"))
    assert lake.read("quotes").equals(frame)
    with lake.writing() as warnings:
        assert warnings == []


def test_rows_that_break_the_schema_are_not_stored(lake: Lake) -> None:
    """A symbol that comes twice: the error says so, and nothing changes on the disk."""
    with pytest.raises(SchemaError, match="quotes"):
        commit(lake, QUOTES, pl.concat([quotes("1.25"), quotes("2.50")]))
    assert visible_files(lake) == []


def test_two_writers_do_not_meet(lake: Lake, tmp_path: Path) -> None:
    """The second is refused, a reader is not."""
    commit(lake, QUOTES, quotes("1.25"))
    again = Lake(lake.directory, environment=Environment.SANDBOX)
    with lake.writing():
        assert again.read("quotes").height == 1
        with pytest.raises(LockedError), again.writing():
            pass
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(ConfigError), Lake(file / "sandbox", environment=Environment.SANDBOX).writing():
        pass


def test_the_footer_is_plain_json_that_other_tools_can_read(lake: Lake) -> None:
    """Any Parquet reader finds what the lake remembers, under keys that begin with ttapi."""
    commit(lake, EOD, three())
    metadata = pl.read_parquet_metadata(lake.directory / "eod_data" / "recent.parquet")
    extra = json.loads(metadata["ttapi.extra"])
    assert json.loads(extra["parameters"]) == {"source": "test"}
    assert list(json.loads(extra["parts"])) == ["range-000", "range-001", "recent"]
    assert metadata["ttapi.environment"] == "sandbox"


def test_a_lake_of_an_earlier_version_is_brought_on_part_by_part(lake: Lake) -> None:
    """Parts that do not change stay as they were written; a head that is written anew has all columns."""
    rows = three().filter(symbol="A")
    commit(lake, EOD, rows)
    lake.rewrite("eod_data", {})
    first = EOD_DATA.as_of(1)
    parts = {"range-000": rows.head(1), "recent": rows.tail(1)}
    for part, frame in parts.items():
        pair = Layout(lake.directory).pair("eod_data", part)
        before = read_footer(pair.parquet)
        extra = {
            **before.extra,
            "parts": json.dumps({p: fingerprint(f.select(first.names), first) for p, f in parts.items()}),
        }
        write_pair(
            frame.select(first.names),
            first,
            parquet_path=pair.parquet,
            csv_path=pair.csv,
            environment=before.environment,
            source=before.source,
            collected_at=before.collected_at,
            extra=extra,
        )
    assert lake.read("eod_data").sort("date").equals(rows)
    version = lake.version("eod_data")
    assert version is not None
    kept = {part: footer.fingerprint for part, footer in version.footers.items()}
    unchanged = prepare("eod_data", ChangedParts({}, kept))
    lake.commit(EOD, unchanged, inputs={}, collected_at=NOW)
    versions = {
        path.stem: read_footer(path).schema_version
        for path in (lake.directory / "eod_data").glob("*.parquet")
    }
    assert versions == {"range-000": 1, "recent": 2}
    assert lake.read("eod_data").sort("date").equals(rows)
    for path in (lake.directory / "eod_data").glob("*.parquet"):
        verify(path, EOD_DATA)


def test_a_commit_that_is_given_up_leaves_everything_as_it_was(lake: Lake) -> None:
    """Until the last file is staged it may be; then nothing has happened."""
    frame = quotes("1.25")
    commit(lake, QUOTES, frame)
    with pytest.raises(WriteError, match="given up"):
        lake.commit(
            QUOTES,
            prepare("quotes", quotes("9.75")),
            inputs={},
            collected_at=NOW,
            is_giving_up=lambda: True,
        )
    assert lake.read("quotes").equals(frame)
    with lake.writing() as warnings:
        assert warnings == []
