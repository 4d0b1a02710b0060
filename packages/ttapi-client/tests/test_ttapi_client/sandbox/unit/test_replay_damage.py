# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Folders that cannot be replayed as they are: each is refused with where to look, none is half served."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from test_ttapi_client.sandbox.recorded_lake import FILES, write_lake
from test_ttapi_client.sandbox.recordings import two_indexes
from ttapi_client.sandbox import replay_world
from ttapi_core.errors import ConfigError, DataError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("file", "line", "old", "new", "named"),
    [
        ("symbols.csv", 2, "true,false,ARCX", "True,false,ARCX", "is_etf 'True' is neither true nor false"),
        ("symbols.csv", 2, ",12.75,", ",12.75%,", "borrow_rate '12.75%' is not a number"),
        ("symbols.csv", 2, ",12.75,", ",1_2.75,", "borrow_rate '1_2.75' is not a number"),
        ("symbols.csv", 2, ",12.75,", ",1e999,", "borrow_rate '1e999' is not a number"),
        ("symbols.csv", 4, "SPX,S&P", ",S&P", "symbol '' is empty"),
        (
            "trading_days.csv",
            3,
            "2026-11-25,2026",
            "2026-11-24,2026",
            "date '2026-11-24' does not come after",
        ),
        ("trading_days.csv", 3, "2026-11-25,2026", "20261125,2026", "date '20261125' is not a date"),
        ("trading_days.csv", 3, "2026-11-25,2026", "2026-11-31,2026", "date '2026-11-31' is not a date"),
        (
            "trading_days.csv",
            3,
            "2026-11-25,2026",
            "2026-11-26,2026",
            "open_at '2026-11-25T14:30:00.000000Z' is not",
        ),
        (
            "trading_days.csv",
            2,
            "T14:30:00.000000Z,",
            "T14:30:00Z,",
            "open_at '2026-11-24T14:30:00Z' is not an inst",
        ),
        ("trading_days.csv", 2, "T14:30:00.000000Z,", "T25:30:00.000000Z,", "is not an instant"),
        (
            "trading_days.csv",
            2,
            "T21:00:00.000000Z,",
            "T14:30:00.000000Z,",
            "does not come after the opening",
        ),
        ("trading_days.csv", 4, "true,165", "false,165", "is_half_day 'false' is not what the hours say"),
        ("trading_days.csv", 4, "true,165", "true,210", "session_minutes '210' is not what the hours say"),
        ("quotes.csv", 3, ",499.3,", ",NaN,", "ask 'NaN' is not a number"),
        ("quotes.csv", 3, ",499.3,", ",499.3,0,", "22 cells instead of 21"),
        ("quotes.csv", 2, ",2026-11-25T20:59:59.123456Z", ",", "event_at '' is empty"),
        (
            "expiration_series.csv",
            2,
            ",100,2,1",
            ",1e2,2,1",
            "shares_per_contract '1e2' is not a whole number",
        ),
        ("expiration_series.csv", 2, ",100,2,1", f",{10**18 * 10},2,1", "is not a whole number"),
        ("expiration_series.csv", 2, "true,3,", "true,-3,", "strike_count '-3' does not lie between"),
        (
            "expiration_series.csv",
            2,
            "true,3,",
            "true,3000000,",
            "strike_count '3000000' does not lie between",
        ),
        ("expiration_series.csv", 2, "497.5,", ",", "lowest_strike '' is empty"),
        ("expiration_series.csv", 2, "497.5,", "597.5,", "highest_strike '502.5' lies below the lowest"),
        ("expiration_series.csv", 2, "497.5,", "497.1234,", "lowest_strike '497.1234' is not a strike"),
        ("expiration_series.csv", 2, "502.5", "502000.5", "highest_strike '502000.5' is not a strike"),
        ("accounts.csv", 4, "Long and short", "Other", "the account's details are not those"),
        ("accounts.csv", 4, "99999.99", "99999.98", "the balance in USD is not that"),
        ("accounts.csv", 4, ",2.5,", ",two,", "position_quantity 'two' is not a number"),
        ("eod_data/2026.csv", 3, "498.0,1e+22", "498.0,1e+22x", "high '1e+22x' is not a number"),
        ("eod_data/2026.csv", 3, "498.0,1e+22", ",1e+22", "open '' is empty"),
        ("eod_data/2026.csv", 3, "498.0,1e+22", "498.0,1e+400", "high '1e+400' is not a number"),
        ("eod_data/2026.csv", 3, "498.0,1e+22", "498.0,Infinity", "high 'Infinity' is not a number"),
        ("eod_data/2026.csv", 3, "498.0,1e+22", "498.0,0x1p3", "high '0x1p3' is not a number"),
        ("eod_data/2026.csv", 3, "1234567,", "1234567.5,", "volume '1234567.5' is not a whole number"),
        ("eod_data/2026.csv", 3, "1234567,", "9223372036854775808,", "is not a whole number"),
        ("eod_data/2026.csv", 3, "1234567,", "true,", "volume 'true' is not a whole number"),
        ("eod_data/2026.csv", 3, ",,0.22", ",[1],0.22", "vwap '[1]' is not a number"),
        ("eod_data/2026.csv", 3, ",,0.22", ",nan,0.22", "vwap 'nan' is not a number"),
        ("eod_data/2026.csv", 3, "2026-11-25", "2026-11-24", "date '2026-11-24' does not come after"),
        ("eod_data/2026.csv", 2, "2026-11-24", "2025-12-31", "date '2025-12-31' does not come after"),
        ("eod_data/2026.csv", 3, "2026-11-25", "2026-1-25", "date '2026-1-25' is not a date"),
        ("eod_data/2026.csv", 3, "2026-11-25", "2036-11-25", "date '2036-11-25' lies outside 1990 to 2035"),
        ("eod_data/2026.csv", 4, "SPX,", ",", "symbol '' is empty"),
        ("eod_data/2026.csv", 4, "SPX,", "SPX,SPX,", "10 cells instead of 9"),
        ("eod_data/2026.csv", 4, "SPX,", "", "8 cells instead of 9"),
    ],
)
def test_a_damaged_cell_is_named_with_file_line_column_and_value(
    tmp_path: Path, file: str, line: int, old: str, new: str, named: str
) -> None:
    """One message that says where to look, whichever dataset it is in."""
    lake = write_lake(tmp_path / "lake")
    rows = FILES[file].splitlines(keepends=True)
    assert rows[line - 1].count(old) >= 1
    rows[line - 1] = rows[line - 1].replace(old, new, 1)
    (lake / file).write_text("".join(rows), encoding="utf-8")
    with pytest.raises(DataError) as refused:
        replay_world(lake)
    assert f"{lake / file}, line {line}:" in refused.value.message
    assert named in refused.value.message
    assert refused.value.hint is not None
    assert "ttapi collect" in refused.value.hint


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_none_is_named(tmp_path: Path, file: str) -> None:
    """Empty, another header, no text, an open quote, or cut in the midst of a row."""
    text = FILES[file]
    header, _, rows = text.partition("\n")
    first = header.partition(",")[0]
    damaged = {
        b"": "line 1",
        b"\xff\xfe\x00": "cannot be read",
        text.replace(first, "other", 1).encode(): f"lacks {first}",
        text.replace(first, f"{first},{first}", 1).encode(): f"lacks {first}",
        f'{header}\n"{rows}'.encode(): "cannot be read",
        text[:-1].encode(): "ends in the midst of a row",
        text[: len(header) + 5].encode(): "",
    }
    for content, named in damaged.items():
        lake = write_lake(tmp_path / "lake")
        (lake / file).write_bytes(content)
        with pytest.raises(DataError) as refused:
            replay_world(lake)
        assert str(lake / file) in refused.value.message
        assert named in refused.value.message


def test_a_column_more_is_no_trouble_but_twice_the_same_is(tmp_path: Path) -> None:
    """A later version may know more."""
    for file in FILES:
        lake = write_lake(tmp_path / "lake")
        rows = [f"{row},{number or 'more'}" for number, row in enumerate(FILES[file].splitlines())]
        (lake / file).write_text("\n".join(rows) + "\n", encoding="utf-8")
        assert replay_world(lake).market.listing("SPX") is not None
        rows[0] = rows[0].replace(",more", ",more,more")
        (lake / file).write_text("\n".join(rows) + "\n", encoding="utf-8")
        with pytest.raises(DataError, match=r"line 1: .* names a column twice"):
            replay_world(lake)
        (lake / file).write_text(FILES[file], encoding="utf-8")


def test_a_file_that_a_spreadsheet_saved_is_understood(tmp_path: Path) -> None:
    """Texts in quotes, other line breaks, a byte order mark, more zeros: the same numbers."""
    usual = replay_world(write_lake(tmp_path / "usual")).market.candles("BRK/B", 0)
    text = FILES["eod_data/2026.csv"].replace("BRK/B", '"BRK/B"').replace("497.123456789", "0497.1234567890")
    lake = write_lake(tmp_path / "saved")
    (lake / "eod_data" / "2026.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    saved = replay_world(lake).market.candles("BRK/B", 0)
    assert saved is not None
    assert repr(saved) == repr(usual)
    for row, named in (('"BRK/B",2026-11-27,1,2,3,4,5,6\r\n', "8 cells"), ('"BRK/B,\r\n', "cannot be read")):
        (lake / "eod_data" / "2026.csv").write_bytes(text.replace("\n", "\r\n").encode() + row.encode())
        with pytest.raises(DataError, match=named):
            replay_world(lake)


def test_a_lake_in_the_midst_of_being_stored_is_refused(tmp_path: Path) -> None:
    """What a commit left aside says so; the empty folder that stays after a good one does not."""
    lake = write_lake(tmp_path / "lake")
    (lake / ".ttapi" / "staging").mkdir(parents=True)
    assert replay_world(lake).environment == "replay"
    (lake / ".ttapi" / "staging" / "eod_data").mkdir()
    with pytest.raises(DataError, match=r"eod_data of the lake .* is being stored") as refused:
        replay_world(lake)
    assert refused.value.hint is not None
    assert "ttapi collect" in refused.value.hint


@pytest.mark.parametrize("file", ["quotes.csv", "eod_data/2025.csv"])
def test_a_parquet_file_without_its_twin_is_refused(tmp_path: Path, file: str) -> None:
    """Its rows are there, but cannot be served: that is not the same as never collected."""
    lake = write_lake(tmp_path / "lake")
    for each in FILES:
        (lake / each).with_suffix(".parquet").write_bytes(b"PAR1")
    assert replay_world(lake).environment == "replay"
    (lake / file).unlink()
    with pytest.raises(DataError, match=r"parquet has no CSV file beside it"):
        replay_world(lake)


def test_a_lake_of_parquet_files_alone_is_no_empty_folder(tmp_path: Path) -> None:
    """It is named as what it is."""
    (tmp_path / "quotes.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match=r"quotes\.parquet has no CSV file"):
        replay_world(tmp_path)


def test_the_folder_above_a_lake_will_do_while_it_holds_no_other(tmp_path: Path) -> None:
    """Two environments have to be told apart."""
    write_lake(tmp_path / "data" / "production")
    (tmp_path / "data" / "notes").mkdir()
    assert replay_world(tmp_path / "data").market.listing("SPX") is not None
    write_lake(tmp_path / "data" / "sandbox", "quotes.csv")
    with pytest.raises(ConfigError, match="several lakes, production and sandbox"):
        replay_world(tmp_path / "data")


def test_files_of_symbols_count_before_lakes_further_down(tmp_path: Path) -> None:
    """A folder of candles stays one."""
    folder = two_indexes(tmp_path / "recorded")
    write_lake(folder / "sandbox")
    assert [listing.symbol for listing in replay_world(folder).market.listings()] == ["COMP", "SPX"]


def test_a_lake_that_never_says_when_is_refused(tmp_path: Path) -> None:
    """Nothing but symbols is no recording of a market."""
    with pytest.raises(DataError, match="says when it was recorded"):
        replay_world(write_lake(tmp_path, "symbols.csv"))
