# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi data export`: rows as files of every kind, read back by other programs."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import openpyxl
import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest

from test_ttapi_onboarding.terminals import TTAPI, Terminal, ask, run, started
from ttapi_core.settings import Environment
from ttapi_core.settings_sources import load_settings
from ttapi_platform import Platform
from ttapi_platform.freshness import Stored
from ttapi_platform.lake import Lake
from ttapi_platform.prepared import prepare
from ttapi_polars.csv_twin import read_csv_twin
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

FEW = "AAPL,BRK/B,SPY"

# Writes a first batch, says so, and never comes to the second.
HALF_WAY = """
import threading
from ttapi_polars import exports
from ttapi_onboarding.cli import main
whole = exports.batches

def first_alone(rows):
    yield next(whole(rows))
    print("half of it", flush=True)
    while not threading.Event().wait(0.01):  # a signal wakes no longer wait, since Polars has seen it
        pass

exports.batches = first_alone
main()
"""


@pytest.fixture
def lake(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A whole lake of three symbols, of its own."""
    shutil.copytree(data_dir / "sandbox", tmp_path / "lakes" / "sandbox")
    monkeypatch.setenv("TTAPI_DATA_DIR", str(tmp_path / "lakes"))
    return Lake(tmp_path / "lakes" / "sandbox", environment=Environment.SANDBOX)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where nothing is but what is exported."""
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder


def formula(lake: Lake) -> None:
    """Give a symbol a description that a spreadsheet would run."""
    platform = Platform(load_settings({}), symbols=FEW.split(","))
    state = lake.stored("symbols")
    assert isinstance(state, Stored)
    text = pl.when(symbol="AAPL").then(pl.lit("=1+1")).otherwise("description").alias("description")
    dataset = platform.registry["symbols"]
    rows = prepare("symbols", lake.read("symbols").with_columns(text), extract=dataset.extract)
    with lake.writing():
        lake.commit(dataset, rows, inputs={}, collected_at=state.collected_at)


@pytest.mark.parametrize(("options", "cell"), [([], "'=1+1"), (["--raw-csv"], "=1+1")])
def test_formulas_are_made_harmless_unless_raw_csv_is_asked_for(
    lake: Lake, tmp_path: Path, options: list[str], cell: str
) -> None:
    """In a file and on stdout alike, to the byte; our reader gives the rows back."""
    formula(lake)
    path = tmp_path / "symbols.csv"
    to_file = ask("data", "export", "symbols", str(path), *options)
    assert (to_file.exit_code, to_file.stdout) == (0, "")
    rows = lake.read("symbols")
    assert to_file.stderr == f"{rows.height:,} rows of symbols written to {path}\n"
    assert f"\nAAPL,{cell}," in path.read_text(encoding="utf-8")
    assert ask("data", "export", "symbols", "-", *options).stdout_bytes == path.read_bytes()
    assert read_csv_twin(path, SCHEMAS["symbols"], escaped_formulas=not options).equals(rows)


def test_numbers_are_never_touched(lake: Lake, tmp_path: Path) -> None:
    """Parts in several files become one, in the order of the lake."""
    path = tmp_path / "candles.csv"
    assert ask("data", "export", "eod_data", str(path)).exit_code == 0
    assert read_csv_twin(path, SCHEMAS["eod_data"]).equals(lake.read("eod_data"))


def test_parquet_is_chosen_by_the_name_or_by_format(lake: Lake, tmp_path: Path) -> None:
    """What lay there before is replaced; with --json the file is told."""
    rows = lake.read("quotes")
    named, told = tmp_path / "quotes.PARQUET", tmp_path / "quotes.bin"
    told.write_text("something else")
    record = json.loads(ask("data", "export", "quotes", str(named), "--json").stdout)
    assert record == {
        "dataset": "quotes",
        "file": str(named),
        "format": "parquet",
        "rows": 3,
        "datasets": {"quotes": 3},
        "exit_code": 0,
    }
    assert ask("data", "export", "quotes", str(told), "--format", "parquet").exit_code == 0
    assert pl.read_parquet(named).equals(rows)
    assert pl.read_parquet(told).equals(rows)
    piped = run("data", "export", "quotes", "-", "--format", "csv")
    assert piped.stdout.splitlines()[0].startswith("symbol,")


def test_an_export_never_writes_into_the_lake(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose twins would no longer be those of their files; stdout is elsewhere, wherever one stands."""
    monkeypatch.chdir(lake.directory)
    assert ask("data", "export", "quotes", "-").exit_code == 0
    before = (lake.directory / "quotes.csv").read_bytes()
    shown = ask("data", "export", "quotes", str(lake.root / "quotes.csv"), "--raw-csv")
    assert shown.exit_code == 2
    assert "lies in the lake" in shown.stderr
    assert (lake.directory / "quotes.csv").read_bytes() == before


def test_a_device_or_a_pipe_is_never_replaced_by_a_file(lake: Lake, tmp_path: Path) -> None:
    """Where it is said that rows go to stdout with a dash."""
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    shown = ask("data", "export", "quotes", str(pipe))
    assert (shown.exit_code, pipe.is_fifo()) == (2, True)
    assert "`-` is stdout" in shown.stderr


def test_an_export_to_a_link_replaces_what_it_points_to(lake: Lake, tmp_path: Path) -> None:
    """And leaves nothing beside it."""
    folder = tmp_path / "folder"
    folder.mkdir()
    link = tmp_path / "link.parquet"
    link.symlink_to(folder / "quotes.parquet")
    assert ask("data", "export", "quotes", str(link)).exit_code == 0
    assert link.is_symlink()
    assert [path.name for path in folder.iterdir()] == ["quotes.parquet"]


@pytest.mark.parametrize("file_format", ["parquet", "arrow"])
def test_a_terminal_gets_no_bytes(lake: Lake, file_format: str) -> None:
    """They are nothing to look at."""
    terminal = Terminal(*TTAPI, "data", "export", "quotes", "-", "--format", file_format)
    assert terminal.finish() == 2
    assert "nothing for a terminal" in terminal.shown


def test_an_export_that_fails_leaves_what_was_there(lake: Lake, tmp_path: Path) -> None:
    """A dataset that is none, one that is not there, a folder that is not there."""
    path = tmp_path / "rows.csv"
    path.write_text("mine")
    assert ask("data", "export", "qutes", str(path)).exit_code == 2
    lacking = ask("data", "export", "quotes", str(path), "--data-dir", str(tmp_path / "none"))
    assert (lacking.exit_code, path.read_text()) == (1, "mine")
    nowhere = ask("data", "export", "quotes", str(tmp_path / "no" / "rows.csv"))
    assert nowhere.exit_code == 1
    assert nowhere.stderr.startswith("error: cannot write ")


def rows_of(path: Path, file_format: str) -> list[tuple[object, ...]]:
    """The rows of a file, by a reader that is not ours."""
    match file_format:
        case "csv":
            return [tuple(row) for row in list(csv.reader(path.read_text().splitlines()))[1:]]
        case "parquet":
            return [tuple(row.values()) for row in pa.parquet.read_table(path).to_pylist()]
        case "arrow":
            with pa.memory_map(str(path)) as mapped:
                return [tuple(row.values()) for row in pa.ipc.open_file(mapped).read_all().to_pylist()]
        case "duckdb":
            with duckdb.connect(path, read_only=True) as database:
                return list(database.table("eod_data").fetchall())
        case _:
            with path.open("rb") as file:
                _, *rows = openpyxl.load_workbook(file)["eod_data"].iter_rows(values_only=True)
            return [tuple(row) for row in rows]


ENDINGS = {".csv": "csv", ".parquet": "parquet", ".arrow": "arrow", ".feather": "arrow"} | {
    ".duckdb": "duckdb",
    ".xlsx": "xlsx",
}


@pytest.mark.parametrize(("ending", "file_format"), ENDINGS.items())
def test_every_format_has_the_rows_that_were_asked_for(
    lake: Lake, folder: Path, ending: str, file_format: str
) -> None:
    """Some symbols, days and columns, in the order of the lake; nothing is beside the file."""
    candles = lake.read("eod_data")
    since, until = candles["date"].unique().sort()[[50, 60]]
    expected = (
        candles.filter(pl.col("symbol").is_in(["AAPL", "SPY"]), pl.col("date").is_between(since, until))
        .select("close", "symbol", "volume")
        .rows()
    )
    path = folder / f"rows{ending}"
    asked = ("--symbols", "AAPL,SPY", "--since", str(since), "--until", str(until))
    shown = ask("data", "export", "eod_data", str(path), *asked, "--columns", "close,symbol,volume")
    assert (shown.exit_code, shown.stdout) == (0, ""), shown.stderr
    assert shown.stderr == f"{len(expected)} rows of eod_data written to {path}\n"
    found = rows_of(path, file_format)
    if file_format == "csv":
        found = [(float(str(close)), symbol, int(str(volume))) for close, symbol, volume in found]
    assert found == expected
    assert len(expected) == 22
    assert [each.name for each in folder.iterdir()] == [path.name]


@pytest.mark.parametrize("file_format", ["duckdb", "xlsx"])
def test_all_datasets_go_into_one_file(lake: Lake, folder: Path, file_format: str) -> None:
    """Each a table, or a sheet, with all of its rows."""
    path = folder / f"lake.{file_format}"
    record = json.loads(ask("data", "export", "all", str(path), "--full", "--json").stdout)
    expected = {name: lake.read(name).height for name in SCHEMAS}
    assert record["datasets"] == expected
    assert (record["rows"], record["exit_code"]) == (sum(expected.values()), 0)
    if file_format == "xlsx":
        book = openpyxl.load_workbook(path)
        assert {sheet.title: sheet.max_row - 1 for sheet in book} == expected
        assert "event_at (UTC)" in [cell.value for cell in book["quotes"][1]]
        return
    with duckdb.connect(path, read_only=True) as database:
        for name in SCHEMAS:
            assert database.table(name).fetchall() == lake.read(name).rows()


def test_several_datasets_are_narrowed_where_they_can_be(lake: Lake, folder: Path) -> None:
    """One without dates has all of its days, and one without symbols all of its rows."""
    path = folder / "some.duckdb"
    since = lake.read("eod_data")["date"].max()
    asked = ("--symbols", "AAPL", "--since", str(since))
    record = json.loads(
        ask("data", "export", "quotes, eod_data,accounts", str(path), *asked, "--json").stdout
    )
    assert record["dataset"] == "quotes,eod_data,accounts"
    assert record["datasets"] == {"quotes": 1, "eod_data": 1, "accounts": lake.read("accounts").height}


def test_all_are_those_that_were_collected(lake: Lake, folder: Path) -> None:
    """Which are lacking is told; where there are none, nothing is written."""
    for ending in ("csv", "parquet"):
        (lake.directory / f"quotes.{ending}").unlink()
    shown = ask("data", "export", "all", str(folder / "lake.duckdb"))
    assert shown.exit_code == 0, shown.stderr
    assert "not collected yet: quotes\n" in shown.stderr
    nothing = ask("data", "export", "all", str(folder / "none.duckdb"), "--data-dir", str(folder / "none"))
    assert (nothing.exit_code, "run `ttapi collect` first" in nothing.stderr) == (1, True)
    assert [path.name for path in folder.iterdir()] == ["lake.duckdb"]


def test_account_numbers_are_masked_unless_all_of_them_is_asked_for(lake: Lake, folder: Path) -> None:
    """As `ttapi account` shows them, and that is said."""
    numbers = lake.read("accounts")["account_number"].to_list()
    path = folder / "accounts.parquet"
    shown = ask("data", "export", "accounts", str(path))
    assert "account numbers are masked; --full writes them as they are\n" in shown.stderr
    masked = [f"{'*' * (len(number) - 4)}{number[-4:]}" for number in numbers]
    assert pl.read_parquet(path)["account_number"].to_list() == masked
    full = ask("data", "export", "accounts", str(path), "--full")
    assert "masked" not in full.stderr
    assert pl.read_parquet(path).equals(lake.read("accounts"))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("eod_data", "rows.txt"), "ends in none of .csv, .parquet, .arrow, .duckdb, .xlsx, .feather"),
        (("quotes,symbols", "rows.csv"), "csv holds one dataset; duckdb and xlsx hold several"),
        (("all", "rows.parquet"), "parquet holds one dataset"),
        (("all", "lake.duckdb", "--columns", "symbol"), "--columns and several datasets exclude each other"),
        (("quotes", "-", "--format", "duckdb"), "duckdb is nothing for stdout"),
        (("quotes", "-", "--format", "xlsx"), "xlsx is nothing for stdout"),
        (("quotes", "rows.arrow", "--raw-csv"), "--raw-csv and arrow exclude each other"),
        (("quotes", "-", "--json"), "--json and rows on stdout exclude each other"),
        (("quotes", "rows.csv", "--columns", "bid,aks"), "quotes has no column 'aks'; did you mean ask?"),
        (("quotes", "rows.csv", "--since", "2026-01-01"), "quotes has no column 'date'"),
        (
            ("accounts,symbols", "x.xlsx", "--since", "2026-01-01"),
            "accounts and symbols has no column 'date'",
        ),
        (("eod_data", "rows.csv", "--since", "2026-02-01", "--until", "2026-01-01"), "--until is before"),
        (("eod_data", "rows.csv", "--since", "yesterday"), "write a day such as 2026-01-02, not 'yesterday'"),
        ((",", "rows.csv"), "name a dataset"),
        (("eod_dat", "rows.csv"), "eod_data"),
    ],
)
def test_what_cannot_be_meant_is_misuse(
    lake: Lake, tmp_path: Path, asked: tuple[str, ...], words: str
) -> None:
    """Exit code 2, and nothing is written."""
    before = sorted(tmp_path.iterdir())
    shown = ask("data", "export", *asked)
    assert (shown.exit_code, words in (shown.stderr or shown.stdout)) == (2, True), shown.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_a_symbol_without_rows_is_an_error(lake: Lake, folder: Path) -> None:
    """With the one that may have been meant; an empty file would look like an answer."""
    shown = ask("data", "export", "eod_data", str(folder / "rows.csv"), "--symbols", "AAPL,SYP")
    assert shown.exit_code == 2
    assert shown.stderr.splitlines() == [
        "error: eod_data has no candles of SYP",
        "hint: did you mean SPY?",
    ]
    assert list(folder.iterdir()) == []


def test_days_without_rows_are_a_file_without_rows(lake: Lake, folder: Path) -> None:
    """Its headings are there."""
    path = folder / "rows.csv"
    assert ask("data", "export", "eod_data", str(path), "--until", "1970-01-01").exit_code == 0
    assert path.read_text() == ",".join(SCHEMAS["eod_data"].names) + "\n"


@pytest.mark.parametrize(("package", "ending"), [("duckdb", "duckdb"), ("xlsxwriter", "xlsx")])
def test_a_package_that_is_not_installed_is_named(
    lake: Lake, folder: Path, monkeypatch: pytest.MonkeyPatch, package: str, ending: str
) -> None:
    """With what to install; nothing is left behind."""
    monkeypatch.setitem(sys.modules, package, None)
    shown = ask("data", "export", "quotes", str(folder / f"rows.{ending}"))
    assert shown.exit_code == 5
    assert shown.stderr.splitlines() == [
        f"error: {package} is not installed",
        f'hint: `pip install "ttapi-onboarding[{ending}]"`',
    ]
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("file_format", ["parquet", "arrow"])
def test_other_formats_go_to_stdout_too(lake: Lake, file_format: str) -> None:
    """Byte for byte."""
    done = subprocess.run(
        [*TTAPI, "data", "export", "eod_data", "-", "--format", file_format], capture_output=True, check=True
    )
    assert done.stderr == b""
    read = pl.read_parquet if file_format == "parquet" else pl.read_ipc
    assert read(io.BytesIO(done.stdout)).equals(lake.read("eod_data"))


def test_who_reads_a_line_and_leaves_is_no_error(lake: Lake) -> None:
    """As `head -1` does."""
    with started([*TTAPI, "data", "export", "eod_data", "-"], stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("symbol,date,")
        process.stdout.close()
        assert (process.stderr.read(), process.wait()) == ("", 0)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("ending", ["csv", "parquet", "arrow"])
def test_a_signal_in_the_midst_leaves_nothing_behind(
    lake: Lake, folder: Path, number: int, code: int, ending: str
) -> None:
    """What was there before is as it was; exit codes 130 and 143."""
    path = folder / f"rows.{ending}"
    path.write_text("mine")
    command = [sys.executable, "-c", HALF_WAY, "data", "export", "eod_data", str(path)]
    with started(command, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "half of it\n"
        assert len(list(folder.iterdir())) == 2
        process.send_signal(number)
        assert process.stderr.read() == "interrupted: nothing was changed\n"
        assert process.wait() == code
    assert [each.name for each in folder.iterdir()] == [path.name]
    assert path.read_text() == "mine"


def test_help_leads_with_examples() -> None:
    """Each on a line of its own."""
    lines = [line.strip() for line in ask("data", "export", "--help").stdout.splitlines()]
    assert "ttapi data export eod_data candles.parquet" in lines
    assert "ttapi data export all lake.duckdb" in lines
