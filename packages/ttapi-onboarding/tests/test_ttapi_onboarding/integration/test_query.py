# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi query`: SQL over a lake, and what is said of SQL that is wrong."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner

from test_ttapi_onboarding.terminals import TTAPI, Terminal, ask
from ttapi_onboarding.cli import ttapi
from ttapi_onboarding.frame_output import ROWS_ON_A_TERMINAL

if TYPE_CHECKING:
    from pathlib import Path

EXTREMES = "select symbol, max(high) as top, count(*) as days from eod_data group by symbol order by symbol"


def test_table_csv_and_json_have_the_same_rows(data_dir: Path) -> None:
    """As an ordinary query of the files gives them."""
    files = str(data_dir / "sandbox" / "eod_data" / "*.parquet")
    expected = (
        pl.scan_parquet(files)
        .group_by("symbol")
        .agg(top=pl.col("high").max(), days=pl.len())
        .sort("symbol")
        .collect()
        .rows()
    )
    asked = ("query", EXTREMES, "--data-dir", str(data_dir))
    record = json.loads(ask(*asked, "--json").stdout)
    assert (record["lake"], record["exit_code"]) == (str(data_dir / "sandbox"), 0)
    assert [tuple(row.values()) for row in record["rows"]] == expected
    table = list(csv.DictReader(ask(*asked, "--csv").stdout.splitlines()))
    assert [(row["symbol"], float(row["top"]), int(row["days"])) for row in table] == expected
    shown = ask(*asked)
    assert shown.exit_code == 0
    assert [line.split() for line in shown.stdout.splitlines()] == [
        ["symbol", "top", "days"],
        *([symbol, f"{top:.4f}", str(days)] for symbol, top, days in expected),
    ]


def test_datasets_are_joined(data_dir: Path) -> None:
    """Each is a table by its name."""
    sql = "select q.symbol from quotes q join symbols s on q.symbol = s.symbol order by q.symbol"
    shown = ask("query", sql, "--csv", "--data-dir", str(data_dir))
    assert shown.stdout.split() == ["symbol", "AAPL", "BRK/B", "SPY"]


def test_a_query_comes_from_stdin(data_dir: Path) -> None:
    """For `-`, with line ends, comments and all."""
    sql = "-- how many\nselect count(*) as n\nfrom quotes\n"
    shown = CliRunner().invoke(ttapi, ["query", "-", "--csv", "--data-dir", str(data_dir)], input=sql)
    assert (shown.exit_code, shown.stdout) == (0, "n\n3\n")


def test_stdin_that_is_no_text_is_misuse(data_dir: Path) -> None:
    """Exit code 2, and no traceback."""
    shown = CliRunner().invoke(ttapi, ["query", "-", "--data-dir", str(data_dir)], input=b"select \xff")
    assert shown.exit_code == 2
    assert shown.stderr.startswith("error: ")


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select * from eod_dat", "did you mean eod_data?"),
        ("select clse from eod_data", "there is no column 'clse'; did you mean close?"),
        ("selec * from quotes", "Expected: an SQL statement, found: selec"),
    ],
)
def test_a_wrong_query_says_what_is_wrong_and_lists_the_tables(
    tmp_path: Path, sql: str, message: str
) -> None:
    """Exit code 2; no lake is needed to know it."""
    shown = ask("query", sql, "--data-dir", str(tmp_path / "none"))
    assert shown.exit_code == 2
    assert message in shown.stderr
    assert "accounts, symbols, trading_days, quotes, eod_data, expiration_series" in shown.stderr
    assert shown.stdout == ""
    assert "Traceback" not in shown.stderr
    report = json.loads(ask("query", sql, "--json", "--data-dir", str(tmp_path / "none")).stdout)
    assert report["exit_code"] == 2
    assert report["error"]["code"] in {"usage", "unknown_dataset"}


def test_a_dataset_that_is_not_collected_is_an_error_only_where_it_is_named(tmp_path: Path) -> None:
    """With the hint to collect."""
    data = ("--data-dir", str(tmp_path / "data"))
    assert ask("query", "select 1 as one", "--csv", *data).stdout == "one\n1\n"
    shown = ask("query", "select * from quotes", *data)
    assert shown.exit_code == 1
    assert shown.stderr.splitlines()[1] == "hint: run `ttapi collect` first"
    assert not (tmp_path / "data").exists()


def test_csv_and_json_exclude_each_other(data_dir: Path) -> None:
    """As everywhere."""
    shown = ask("query", "select 1", "--csv", "--json", "--data-dir", str(data_dir))
    assert shown.exit_code == 2
    assert json.loads(shown.stdout)["error"]["message"] == "--csv and --json exclude each other."


def test_help_leads_with_examples() -> None:
    """Each on a line of its own."""
    shown = ask("query", "--help")
    lines = [line.strip() for line in shown.stdout.splitlines()]
    assert any(line.startswith('ttapi query "select symbol, max(high)') for line in lines)
    assert "ttapi query - --json < query.sql" in lines


def test_on_a_terminal_a_table_is_short_and_fits(many_symbols: Path) -> None:
    """Rows and columns that are left out are told."""
    asked = ("query", "select * from eod_data", "--environment", "replay", "--data-dir", str(many_symbols))
    terminal = Terminal(*TTAPI, *asked, COLUMNS="60", NO_COLOR="1")
    assert terminal.finish() == 0
    rows = [line for line in terminal.shown.splitlines() if line.startswith("S0")]
    assert len(rows) == ROWS_ON_A_TERMINAL
    assert max(len(line) for line in rows) <= 60
    assert f"{ROWS_ON_A_TERMINAL} of " in terminal.shown
    assert "no room for " in terminal.shown
    assert "split_factor; --csv and --json have all columns" in terminal.shown


def test_a_limit_is_said(data_dir: Path) -> None:
    """On stderr, so that the data stays data."""
    shown = ask("query", EXTREMES, "--limit", "2", "--data-dir", str(data_dir))
    assert len(shown.stdout.splitlines()) == 3
    assert shown.stderr == "2 of 3 rows; --limit 3 shows all, --csv and --json too\n"
