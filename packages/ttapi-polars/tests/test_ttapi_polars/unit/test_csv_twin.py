# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The CSV twin: safe in a spreadsheet, plain for people, exact for us."""

from __future__ import annotations

import csv
import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from test_ttapi_polars.values import eod
from ttapi_core.errors import CorruptFileError, SchemaError, StorageError, WriteError
from ttapi_core.testing import make_equity, make_quote
from ttapi_core.trading_day import trading_day
from ttapi_polars import csv_twin
from ttapi_polars.csv_twin import read_csv_twin, sha256_of, write_csv_twin
from ttapi_polars.frames import quotes_frame, symbols_frame, trading_days_frame
from ttapi_polars.schemas import EOD_DATA, QUOTES, SYMBOLS, TRADING_DAYS

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\x00=1",
    "\x00",
    "  =1",
    "\u00a0-1",
    "\n@x",
    "\x1f=1",
    "\ufeff=1",
    "\uff1d1",
    "'=1",
    "'",
)
HARMLESS = ("Apple Inc.", "3M", "AT&T = two letters", "a-b", "", " ", "É")


def listing(*descriptions: str) -> pl.DataFrame:
    """A frame of symbols with these descriptions."""
    frame = symbols_frame([make_equity(f"S{number:02}") for number in range(len(descriptions))], ())
    return frame.with_columns(description=pl.Series(descriptions, dtype=pl.String))


def cells(path: Path) -> list[list[str]]:
    """The file as another reader sees it."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_cells_are_plain(tmp_path: Path) -> None:
    """ISO dates and instants, shortest numbers, lower-case flags, a header."""
    days, path = trading_days_frame([trading_day(date(2026, 11, 27))]), tmp_path / "days.csv"
    write_csv_twin(days, TRADING_DAYS, path)
    assert cells(path) == [
        ["date", "open_at", "close_at", "is_half_day", "session_minutes"],
        ["2026-11-27", "2026-11-27T14:30:00.000000Z", "2026-11-27T18:00:00.000000Z", "true", "210"],
    ]


@pytest.mark.parametrize(
    ("price", "text"),
    [
        (201.5, "201.5"),
        (0.1, "0.1"),
        (0.0001, "0.0001"),
        (0.00001, "0.00001"),
        (123456.789, "123456.789"),
        (714000.0, "714000.0"),
        (1e15, "1000000000000000.0"),
        (0.30000000000000004, "0.30000000000000004"),
        (123456789.123456789, "123456789.12345679"),
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (9.99e-6, "0.00000999"),
        (-2.5e-10, "-0.00000000025"),
        (5e-324, f"0.{'0' * 323}5"),
        (9999999999999998.0, "9999999999999998.0"),
        (1e16, "10000000000000000.0"),
        (-1.5e16, "-15000000000000000.0"),
        (1e22, "10000000000000000000000.0"),
        (1.7e308, f"17{'0' * 307}.0"),
    ],
)
def test_no_number_has_an_exponent(tmp_path: Path, price: float, text: str) -> None:
    """Of any magnitude they are written as people write them, with the fewest digits that are exact."""
    path = tmp_path / "a.csv"
    for among in ([price], [201.5, price], [-1.0, price, 0.0]):
        write_csv_twin(eod({"A": among}), EOD_DATA, path)
        found = [row[5] for row in cells(path)[1:]]
        assert found == [text if each is price else str(each) for each in among]
        assert read_csv_twin(path, EOD_DATA)["close"].to_list() == among


def test_long_numbers_stand_beside_nulls(tmp_path: Path) -> None:
    """Each in its own row."""
    frame = eod({"A": [1.0] * 4}).with_columns(vwap=pl.Series([None, 1e-7, None, 1e17]))
    write_csv_twin(frame, EOD_DATA, tmp_path / "a.csv")
    column = EOD_DATA.names.index("vwap")
    assert [row[column] for row in cells(tmp_path / "a.csv")[1:]] == [
        "",
        "0.0000001",
        "",
        "100000000000000000.0",
    ]


def test_null_is_an_empty_cell(tmp_path: Path) -> None:
    """Neither a zero nor a word."""
    frame = eod({"A": [1.0]}).with_columns(pl.lit(None, pl.Int64).alias("volume"))
    write_csv_twin(frame, EOD_DATA, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes().splitlines()[1] == b"A,2026-06-01,1.0,1.0,1.0,1.0,,,,,,"


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe(tmp_path: Path, text: str) -> None:
    """A spreadsheet shows the text instead of running it; our reader gives the text back."""
    frame, path = listing(text), tmp_path / "s.csv"
    write_csv_twin(frame, SYMBOLS, path)
    assert pl.read_csv(path, schema=SYMBOLS.polars_schema)["description"].item() == "'" + text
    assert read_csv_twin(path, SYMBOLS).equals(frame)


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(tmp_path: Path, text: str) -> None:
    """Also beside a formula in the same column."""
    write_csv_twin(listing(text, "=1"), SYMBOLS, tmp_path / "s.csv")
    assert cells(tmp_path / "s.csv")[1][1] == text


def test_numbers_are_never_touched(tmp_path: Path) -> None:
    """A negative number begins with a minus and is no formula."""
    write_csv_twin(eod({"A": [-1.5]}), EOD_DATA, tmp_path / "a.csv")
    assert cells(tmp_path / "a.csv")[1][5] == "-1.5"


def test_raw_text_on_request(tmp_path: Path) -> None:
    """For programs that read the file, not for spreadsheets."""
    frame, path = listing("=1+1", "'quoted"), tmp_path / "s.csv"
    write_csv_twin(frame, SYMBOLS, path, escape_formulas=False)
    assert [row[1] for row in cells(path)[1:]] == ["=1+1", "'quoted"]
    assert read_csv_twin(path, SYMBOLS, escaped_formulas=False).equals(frame)


def test_texts_are_quoted_where_they_must_be(tmp_path: Path) -> None:
    """Also when the rows before them need no quotes."""
    descriptions = ("plain", "plain", 'a "b"', "a, b", "two\nlines", "two\rlines", "", "plain")
    frame, path = listing(*descriptions), tmp_path / "s.csv"
    write_csv_twin(frame, SYMBOLS, path)
    assert [row[1] for row in cells(path)[1:]] == list(descriptions)
    assert read_csv_twin(path, SYMBOLS).equals(frame)
    last = b'S06,"",Equity'
    assert path.read_bytes().splitlines()[-2].startswith(last), "an empty text is not a null"


@pytest.mark.parametrize("escape_formulas", [True, False])
@pytest.mark.parametrize("rows_at_a_time", [1, 2, 3, 5])
def test_portions_make_the_same_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows_at_a_time: int, escape_formulas: bool
) -> None:
    """However many rows are written at a time: one header, every row once, the digest of all."""
    frame, path = listing("a", "=1", "b, c", "", "'"), tmp_path / "s.csv"
    frame = frame.with_columns(borrow_rate=pl.Series([1.0, 1e-9, None, 1e20, -0.0]))
    digest = write_csv_twin(frame, SYMBOLS, path, escape_formulas=escape_formulas)
    at_once = path.read_bytes()
    monkeypatch.setattr(csv_twin, "_ROWS_AT_A_TIME", rows_at_a_time)
    monkeypatch.setattr(csv_twin, "_BYTES_AT_A_TIME", 7)
    assert write_csv_twin(frame, SYMBOLS, path, escape_formulas=escape_formulas) == digest
    assert path.read_bytes() == at_once


@pytest.mark.parametrize(
    "days",
    [
        [date(1, 1, 1), date(9999, 12, 31)],
        [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)],
        [date(1969, 12, 31), date(1970, 1, 1)],
    ],
)
def test_days_are_iso_dates(tmp_path: Path, days: list[date]) -> None:
    """Near each other or not, before 1970 too."""
    frame, path = eod({"A": [1.0] * len(days)}).with_columns(date=pl.Series(days)), tmp_path / "a.csv"
    write_csv_twin(frame, EOD_DATA, path)
    assert [row[1] for row in cells(path)[1:]] == [day.isoformat() for day in days]
    assert read_csv_twin(path, EOD_DATA).equals(frame)


def test_a_day_that_is_not_known_is_an_empty_cell(tmp_path: Path) -> None:
    """Beside days that are, and alone."""
    days = (date(2026, 7, 1), None, date(2026, 7, 2), date(2026, 7, 2))
    for known in (days, (None, None)):
        frame = quotes_frame([make_quote(f"S{number}") for number in range(len(known))])
        frame = frame.with_columns(summary_date=pl.Series(known, dtype=pl.Date))
        write_csv_twin(frame, QUOTES, tmp_path / "q.csv")
        column = QUOTES.names.index("summary_date")
        texts = ["" if day is None else day.isoformat() for day in known]
        assert [row[column] for row in cells(tmp_path / "q.csv")[1:]] == texts


def test_columns_are_written_in_the_schemas_order(tmp_path: Path) -> None:
    """Whatever their order in the frame."""
    frame = eod({"A": [1.0]})
    write_csv_twin(frame.select(reversed(frame.columns)), EOD_DATA, tmp_path / "a.csv")
    assert read_csv_twin(tmp_path / "a.csv", EOD_DATA).equals(frame)


def test_no_rows_are_a_header(tmp_path: Path) -> None:
    """And read back as no rows."""
    write_csv_twin(EOD_DATA.empty(), EOD_DATA, tmp_path / "a.csv")
    assert read_csv_twin(tmp_path / "a.csv", EOD_DATA).equals(EOD_DATA.empty())


def test_it_gives_the_digest_of_the_file(tmp_path: Path) -> None:
    """The same as any tool computes."""
    digest = write_csv_twin(eod({"A": [1.0]}), EOD_DATA, tmp_path / "a.csv")
    assert digest == hashlib.sha256((tmp_path / "a.csv").read_bytes()).hexdigest()
    assert digest == sha256_of(tmp_path / "a.csv")


def test_instants_keep_their_microseconds(tmp_path: Path) -> None:
    """Before 1970 too."""
    day = trading_days_frame([trading_day(date(2026, 7, 1))])
    odd = day.with_columns(open_at=pl.lit(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)))
    write_csv_twin(odd, TRADING_DAYS, tmp_path / "d.csv")
    assert read_csv_twin(tmp_path / "d.csv", TRADING_DAYS).equals(odd)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"symbol,date\nA,2026-06-01\n",
        b"symbol,date,open,high,low,close,volume,vwap,implied_volatility\nA,2026-06-01,x,1,1,1,1,,\n",
        b"symbol,date,open,high,low,close,volume,vwap,implied_volatility\n\xff,2026-06-01,1,1,1,1,1,,\n",
        b"PAR1\x00\x01\x02",
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    """With its path, and never half read."""
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(CorruptFileError, match="is damaged") as caught:
        read_csv_twin(path, EOD_DATA)
    assert caught.value.path == path


def test_a_row_cut_short_breaks_the_schema(tmp_path: Path) -> None:
    """Its missing prices are not taken for nulls."""
    path = tmp_path / "a.csv"
    path.write_text("symbol,date,open,high,low,close,volume,vwap,implied_volatility\nA,2026-06-01,1,1\n")
    with pytest.raises(SchemaError, match="'close' is null"):
        read_csv_twin(path, EOD_DATA)


VERSION_1 = "symbol,date,open,high,low,close,volume,vwap,implied_volatility"


def test_an_earlier_versions_file_is_read(tmp_path: Path) -> None:
    """What later versions added is null, the rest is as it was."""
    path = tmp_path / "a.csv"
    path.write_text(f"{VERSION_1}\nA,2026-06-01,1.0,1.0,1.0,1.0,1000,,\n")
    assert read_csv_twin(path, EOD_DATA).equals(eod({"A": [1.0]}))


@pytest.mark.parametrize(
    ("header", "difference"),
    [
        (VERSION_1.replace("close,", ""), '"close"'),
        (VERSION_1 + ",yield", '"yield"'),
        (VERSION_1 + ",close", '"close_duplicated_0"'),
        (",".join(EOD_DATA.names[:-1]), '"split_factor"'),
        (",".join((*EOD_DATA.names, "yield")), '"yield"'),
    ],
)
def test_a_header_of_no_version_is_told_from_the_nearest(
    tmp_path: Path, header: str, difference: str
) -> None:
    """The error names the columns that are missing or unknown, and no others."""
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n")
    with pytest.raises(CorruptFileError, match="is damaged") as caught:
        read_csv_twin(path, EOD_DATA)
    assert f"[{difference}]" in str(caught.value)


def test_columns_are_read_by_name(tmp_path: Path) -> None:
    """Someone moved them about in a spreadsheet."""
    path = tmp_path / "a.csv"
    path.write_text(
        "date,symbol,volume,open,high,low,close,vwap,implied_volatility\n2026-06-01,A,1000,1,1,1,1,,\n"
    )
    assert read_csv_twin(path, EOD_DATA).equals(eod({"A": [1.0]}))


def test_rows_that_break_the_schema_are_refused(tmp_path: Path) -> None:
    """Someone edited the file."""
    path = tmp_path / "a.csv"
    write_csv_twin(eod({"A": [1.0]}), EOD_DATA, path)
    path.write_text(path.read_text() + "A,2026-06-01,2,2,2,2,2,,,,,\n")
    with pytest.raises(SchemaError, match="not unique"):
        read_csv_twin(path, EOD_DATA)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Absent is not damaged."""
    with pytest.raises(StorageError, match="No such file") as caught:
        read_csv_twin(tmp_path / "none.csv", EOD_DATA)
    assert not isinstance(caught.value, CorruptFileError)
    with pytest.raises(StorageError, match="No such file"):
        sha256_of(tmp_path / "none.csv")


def test_a_name_with_pattern_characters_is_a_name(tmp_path: Path) -> None:
    """Only this file is read."""
    odd, plain = tmp_path / "[ab]*.csv", tmp_path / "a.csv"
    write_csv_twin(eod({"A": [1.0]}), EOD_DATA, odd)
    write_csv_twin(eod({"B": [1.0]}), EOD_DATA, plain)
    assert read_csv_twin(odd, EOD_DATA)["symbol"].to_list() == ["A"]


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    """It is the caller who makes directories."""
    path = tmp_path / "none" / "a.csv"
    with pytest.raises(WriteError, match="No such file") as caught:
        write_csv_twin(eod({"A": [1.0]}), EOD_DATA, path)
    assert caught.value.path == path


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_named(tmp_path: Path) -> None:
    """The error says how much is left."""
    with pytest.raises(WriteError, match="No space left on device") as caught:
        write_csv_twin(eod({"A": [1.0] * 5000}), EOD_DATA, Path("/dev/full"))
    assert "bytes) are left" in str(caught.value.hint)
