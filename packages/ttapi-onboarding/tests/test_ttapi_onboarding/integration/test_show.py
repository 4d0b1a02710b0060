# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi data show`: a look at rows, by eyes and by programs."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from test_ttapi_onboarding.terminals import TTAPI, Terminal, ask
from ttapi_core.settings import Environment
from ttapi_platform.lake import Lake

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def lake(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """The lake that all tests share."""
    monkeypatch.setenv("TTAPI_DATA_DIR", str(data_dir))
    return Lake(data_dir / "sandbox", environment=Environment.SANDBOX)


def test_the_first_rows_are_shown_with_how_many_there_are(lake: Lake) -> None:
    """Twenty of them, whatever stdout is; a program gets as many."""
    candles = lake.read("eod_data")
    shown = ask("data", "show", "eod_data")
    assert shown.exit_code == 0, shown.stderr
    heading, *lines = shown.stdout.splitlines()
    assert heading.split() == candles.columns
    assert [line.split()[:2] for line in lines] == [
        [symbol, str(day)] for symbol, day in candles.head(20).select("symbol", "date").rows()
    ]
    assert shown.stderr == (
        f"the first 20 of {candles.height:,} rows; --limit shows more, `ttapi data export` all\n"
    )
    record = json.loads(ask("data", "show", "eod_data", "--json").stdout)
    assert (record["dataset"], record["there"], len(record["rows"])) == ("eod_data", candles.height, 20)
    assert len(ask("data", "show", "eod_data", "--csv").stdout.splitlines()) == 21


def test_the_last_rows_of_a_symbol_between_two_days(lake: Lake) -> None:
    """In the columns and the order that are asked for."""
    candles = lake.read("eod_data").filter(symbol="SPY")
    since, until = candles["date"][[10, 30]]
    expected = (
        candles.filter(pl.col("date").is_between(since, until))
        .tail(3)
        .select("date", "volume", "close")
        .rows()
    )
    asked = ("--symbols", "SPY", "--since", str(since), "--until", str(until), "--tail", "--limit", "3")
    shown = ask("data", "show", "eod_data", *asked, "--columns", "date,volume,close", "--csv")
    assert shown.exit_code == 0, shown.stderr
    heading, *rows = csv.reader(shown.stdout.splitlines())
    assert heading == ["date", "volume", "close"]
    assert [(day, int(volume), float(close)) for day, volume, close in rows] == [
        (str(day), volume, close) for day, volume, close in expected
    ]
    assert shown.stderr.startswith("the last 3 of 21 rows;")


def test_a_limit_that_holds_all_leaves_nothing_to_say(lake: Lake) -> None:
    """Three quotes are three."""
    shown = ask("data", "show", "quotes", "--columns", "symbol,bid", "--limit", "100")
    assert (len(shown.stdout.splitlines()), shown.stderr) == (4, "")


def test_account_numbers_are_masked_unless_all_of_them_is_asked_for(lake: Lake) -> None:
    """In every format; a choice of columns changes nothing about it."""
    number = lake.read("accounts")["account_number"][0]
    for options in ([], ["--csv"], ["--json"], ["--columns", "account_number"]):
        shown = ask("data", "show", "accounts", *options)
        assert (shown.exit_code, number in shown.stdout) == (0, False)
        assert f"****{number[-4:]}" in shown.stdout
    assert ask("data", "show", "accounts", "--columns", "currency").exit_code == 0
    assert number in ask("data", "show", "accounts", "--full", "--csv").stdout


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        (("eod_dat",), 2, "eod_data"),
        (("quotes", "--columns", "bdi"), 2, "quotes has no column 'bdi'; did you mean bid?"),
        (("trading_days", "--symbols", "AAPL"), 2, "trading_days has no column 'symbol'"),
        (("quotes", "--symbols", "SYP"), 2, "quotes has no rows of SYP"),
        (("quotes", "--csv", "--json"), 2, "--csv and --json exclude each other"),
        (("quotes", "--limit", "0"), 2, "0 is not in the range x>=1"),
    ],
)
def test_what_is_not_there_is_told(lake: Lake, asked: tuple[str, ...], code: int, words: str) -> None:
    """With what may have been meant."""
    shown = ask("data", "show", *asked)
    assert (shown.exit_code, words in (shown.stderr + shown.stdout)) == (code, True), shown.stderr


def test_a_dataset_that_is_not_collected_says_what_to_do(tmp_path: Path) -> None:
    """And nothing is made on disk."""
    shown = ask("data", "show", "quotes", "--data-dir", str(tmp_path / "none"))
    assert (shown.exit_code, shown.stderr.splitlines()[1]) == (1, "hint: run `ttapi collect` first")
    assert not (tmp_path / "none").exists()


def test_a_terminal_gets_what_fits_and_as_many_rows_as_are_asked_for(lake: Lake) -> None:
    """More than a table has there by default, when it is said so."""
    terminal = Terminal(*TTAPI, "data", "show", "eod_data", "--limit", "30", COLUMNS="60", NO_COLOR="1")
    assert terminal.finish() == 0
    lines = terminal.shown.splitlines()
    rows = [line for line in lines if line.startswith("AAPL")]
    assert (len(rows), max(map(len, rows)) <= 60) == (30, True)
    assert "no room for " in terminal.shown
    assert "the first 30 of " in terminal.shown
