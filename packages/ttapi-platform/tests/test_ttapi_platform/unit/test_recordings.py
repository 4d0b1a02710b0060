# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of what a folder to replay is: a lake, the folder above one, or files of candles."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ttapi_core.errors import ConfigError, SchemaError
from ttapi_core.testing import make_equity, make_expiration_series
from ttapi_core.trading_day import trading_day
from ttapi_platform.recordings import Recording
from ttapi_platform.universe import EVERYTHING
from ttapi_polars.csv_twin import write_csv_twin
from ttapi_polars.frames import expiration_series_frame, symbols_frame, trading_days_frame
from ttapi_polars.schemas import EXPIRATION_SERIES, SYMBOLS, TRADING_DAYS

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

CALENDAR = trading_days_frame(trading_day(date(2026, 12, day)) for day in (14, 15, 16, 17, 18, 21, 22))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Where the replay will be collected to."""
    return tmp_path / "data" / "replay"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A lake with symbols and nothing else."""
    lake = tmp_path / "earlier" / "production"
    lake.mkdir(parents=True)
    listed = [make_equity(symbol) for symbol in ("SPY", "-A", "BRK/B", "KO")]
    write_csv_twin(symbols_frame(listed, {"SPY", "-A", "KO"}), SYMBOLS, lake / "symbols.csv")
    return lake


def test_a_lake_is_found_by_itself_and_from_the_folder_above(lake: Path, own: Path) -> None:
    """Other folders beside it are no trouble."""
    (lake.parent / "notes").mkdir()
    by_itself = Recording.at(lake, own_lake=own)
    assert by_itself == Recording.at(lake.parent, own_lake=own)
    assert by_itself.is_lake
    assert by_itself.folder == lake


def test_candles_are_enough_for_a_lake(tmp_path: Path, own: Path) -> None:
    """They lie a folder deeper."""
    (tmp_path / "lake" / "eod_data").mkdir(parents=True)
    with pytest.raises(ConfigError, match="nothing to replay"):
        Recording.at(tmp_path / "lake", own_lake=own)
    (tmp_path / "lake" / "eod_data" / "recent.csv").touch()
    assert Recording.at(tmp_path / "lake", own_lake=own).is_lake


def test_files_of_candles_are_no_lake(tmp_path: Path, own: Path) -> None:
    """Even where a lake lies below them."""
    (tmp_path / "candles" / "sandbox").mkdir(parents=True)
    (tmp_path / "candles" / "sandbox" / "quotes.csv").touch()
    (tmp_path / "candles" / "SPX.csv").touch()
    recording = Recording.at(tmp_path / "candles", own_lake=own)
    assert not recording.is_lake
    assert recording.folder == tmp_path / "candles"
    assert recording.universe == EVERYTHING
    assert recording.chain_days() == {}


def test_several_lakes_have_to_be_told_apart_but_for_the_own_one(lake: Path) -> None:
    """The lake that is written to is never meant."""
    own = lake.parent / "replay"
    own.mkdir()
    (own / "quotes.csv").touch()
    assert Recording.at(lake.parent, own_lake=own).folder == lake
    with pytest.raises(ConfigError, match="several lakes, production and replay"):
        Recording.at(lake.parent, own_lake=lake.parent.parent / "replay")


@pytest.mark.parametrize(("name", "named"), [("nowhere", "is not there"), ("file", "is not there")])
def test_a_folder_that_is_none_is_named(tmp_path: Path, own: Path, name: str, named: str) -> None:
    """With a hint what to name instead."""
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=named) as refused:
        Recording.at(tmp_path / name, own_lake=own)
    assert refused.value.hint is not None


def test_a_lake_is_not_replayed_into_itself(lake: Path) -> None:
    """However its folder is spelled."""
    with pytest.raises(ConfigError, match="into itself"):
        Recording.at(lake / ".." / "production", own_lake=lake)


def test_the_source_changes_with_any_file_of_the_lake(lake: Path, own: Path) -> None:
    """And not with what else lies there."""
    source = Recording.at(lake, own_lake=own).source
    assert str(lake.resolve()) in source
    (lake / "notes.txt").touch()
    (lake / "SPX.csv").touch()
    assert Recording.at(lake, own_lake=own).source == source
    (lake / "eod_data").mkdir()
    (lake / "eod_data" / "recent.csv").touch()
    changed = Recording.at(lake, own_lake=own).source
    assert changed != source
    (lake / "eod_data" / "recent.csv").write_text("x")
    assert Recording.at(lake, own_lake=own).source != changed


def test_the_universe_is_the_recorded_one(lake: Path, own: Path) -> None:
    """Also a symbol that a spreadsheet would run as a formula; without symbols, it is everything."""
    assert Recording.at(lake, own_lake=own).universe.symbols == ("-A", "KO", "SPY")
    (lake / "quotes.csv").touch()
    (lake / "symbols.csv").unlink()
    assert Recording.at(lake, own_lake=own).universe == EVERYTHING


@pytest.mark.parametrize(
    "text", ["", "one,two\n1,2\n", f'symbol,in_universe\n"{"x" * 200_000}",true\n', "\x00\n"]
)
def test_damaged_symbols_are_left_to_whoever_serves_them(lake: Path, own: Path, text: str) -> None:
    """No error here, for it could not say where."""
    (lake / "symbols.csv").write_text(text, encoding="utf-8")
    assert not Recording.at(lake, own_lake=own).universe.symbols


def test_each_chain_knows_the_day_that_its_trading_days_were_counted_from(lake: Path, own: Path) -> None:
    """A day off counts like the trading day before it; what had expired or lies too far off says nothing."""
    parts = {
        "KO": (date(2026, 12, 16), [date(2026, 12, 18), date(2028, 1, 21)]),
        "SPY": (date(2026, 12, 20), [date(2026, 12, 15), date(2026, 12, 19), date(2026, 12, 22)]),
        "LATE": (date(2026, 12, 16), [date(2028, 1, 21)]),
    }
    rows = [
        expiration_series_frame(
            [make_expiration_series(symbol, expiration_date=day) for day in expirations], CALENDAR, as_of
        )
        for symbol, (as_of, expirations) in parts.items()
    ]
    recorded: pl.DataFrame = rows[0].vstack(rows[1]).vstack(rows[2])
    write_csv_twin(recorded, EXPIRATION_SERIES, lake / "expiration_series.csv")
    recording = Recording.at(lake, own_lake=own)
    assert recording.chain_days() == {}
    write_csv_twin(CALENDAR, TRADING_DAYS, lake / "trading_days.csv")
    days = recording.chain_days()
    assert days == {"KO": date(2026, 12, 16), "SPY": date(2026, 12, 18)}
    for (symbol, (as_of, expirations)), frame in zip(parts.items(), rows, strict=True):
        again = expiration_series_frame(
            [make_expiration_series(symbol, expiration_date=day) for day in expirations],
            CALENDAR,
            days.get(symbol, as_of),
        )
        assert again.drop("days_to_expiration").equals(frame.drop("days_to_expiration"))


def test_damaged_chains_are_an_error_of_ours(lake: Path, own: Path) -> None:
    """Rows that break the schema are never counted."""
    write_csv_twin(CALENDAR, TRADING_DAYS, lake / "trading_days.csv")
    header = ",".join(EXPIRATION_SERIES.names)
    row = "KO,KO,Standard,2026-12-18,Regular,PM,100,2,2,true,1,60.0,60.0"
    (lake / "expiration_series.csv").write_text(f"{header}\n{row}\n{row}\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="not unique"):
        Recording.at(lake, own_lake=own).chain_days()
