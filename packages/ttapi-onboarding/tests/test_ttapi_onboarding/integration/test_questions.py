# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi status` and `ttapi volatility`: questions that the lake answers alone."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from test_ttapi_onboarding.terminals import TTAPI, Terminal, ask, run
from ttapi_onboarding.frame_output import ROWS_ON_A_TERMINAL

if TYPE_CHECKING:
    from pathlib import Path


def test_an_empty_lake_is_all_missing(tmp_path: Path) -> None:
    """That is an answer, not an error; nothing is made on disk."""
    shown = ask("status", "--data-dir", str(tmp_path / "data"))
    assert shown.exit_code == 0
    rows = shown.stdout.splitlines()[1:7]
    assert all(row.split()[1:] == ["0", "missing", "not", "collected", "yet"] for row in rows)
    assert f"lake: {tmp_path / 'data' / 'sandbox'}" in shown.stdout
    assert "hint: `ttapi collect`" in shown.stderr
    assert not (tmp_path / "data").exists()


def test_status_tells_age_rows_freshness_and_reason(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fresh as long as the same is wanted."""
    monkeypatch.setenv("TTAPI_HISTORY_YEARS", "1")
    shown = ask("status", "--data-dir", str(data_dir))
    rows = {line.split()[0]: line for line in shown.stdout.splitlines() if line}
    assert " fresh " in rows["trading_days"]
    assert "fresh for 7 d" in rows["trading_days"]
    assert " stale " in rows["symbols"]
    assert "now 507 symbols" in rows["symbols"]
    record = json.loads(ask("status", "--data-dir", str(data_dir), "--json").stdout)
    assert (record["environment"], record["source"]) == ("sandbox", "simulated by the sandbox")
    accounts = record["datasets"][0]
    assert (accounts["dataset"], accounts["freshness"], accounts["missing"]) == ("accounts", "fresh", {})
    assert accounts["rows"] > 0
    assert accounts["age_seconds"] > 0


def test_status_asks_no_network(data_dir: Path) -> None:
    """It does not even load the client."""
    code = f"""
import sys
from ttapi_onboarding.cli import ttapi
try:
    ttapi.main(["status", "--data-dir", {str(data_dir)!r}])
except SystemExit:
    assert not sys.modules.keys() & {{"aiohttp", "ttapi_client"}}, "network loaded"
"""
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)


def test_volatility_says_the_same_as_table_csv_and_json(data_dir: Path) -> None:
    """In order of symbol; the table rounds."""
    asked = ("volatility", "--data-dir", str(data_dir))
    record = json.loads(ask(*asked, "--json").stdout)
    assert (record["lake"], record["min_days"], record["exit_code"]) == (str(data_dir / "sandbox"), 30, 0)
    rows = record["rows"]
    assert [row["symbol"] for row in rows] == ["AAPL", "BRK/B", "SPY"]
    table = list(csv.DictReader(ask(*asked, "--csv").stdout.splitlines()))
    assert [{**row, "days": str(row["days"])} for row in rows] == [
        {name: float(text) if name.startswith("close") else text for name, text in row.items()}
        for row in table
    ]
    shown = ask(*asked)
    assert shown.stdout.splitlines()[1].split() == [
        "AAPL",
        f"{rows[0]['close_std']:.4f}",
        f"{rows[0]['close_mean']:.4f}",
        str(rows[0]["days"]),
    ]


def test_a_limit_is_said(data_dir: Path) -> None:
    """On stderr, so that the data stays data."""
    shown = ask("volatility", "--data-dir", str(data_dir), "--limit", "2")
    assert len(shown.stdout.splitlines()) == 3
    assert "2 of 3 symbols" in shown.stderr


def test_no_symbol_with_enough_days_is_said(data_dir: Path) -> None:
    """The headings are there all the same."""
    shown = ask("volatility", "--data-dir", str(data_dir), "--min-days", "9999")
    assert shown.stdout.split() == ["symbol", "close_std", "close_mean", "days"]
    assert "no symbol has more than 9,999 days" in shown.stderr


def test_a_question_to_an_empty_lake_says_what_to_do(tmp_path: Path) -> None:
    """Exit code 1 and a hint."""
    shown = ask("volatility", "--data-dir", str(tmp_path))
    assert shown.exit_code == 1
    assert shown.stderr.splitlines()[1] == "hint: run `ttapi collect` first"


def test_a_reader_who_leaves_early_is_no_trouble(data_dir: Path) -> None:
    """As in `ttapi volatility --csv | head -0`."""
    with subprocess.Popen(
        [*TTAPI, "volatility", "--csv", "--data-dir", str(data_dir)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""
        assert process.wait(60) == 0


@pytest.mark.parametrize("no_color", ["", "1"])
def test_colours_are_for_terminals_that_want_them(data_dir: Path, no_color: str) -> None:
    """Bold headings and yellow rows on a terminal, nothing of it with NO_COLOR or in a pipe."""
    terminal = Terminal(*TTAPI, "status", "--data-dir", str(data_dir), NO_COLOR=no_color)
    assert terminal.finish() == 0
    assert ("\x1b" in terminal.shown) is (not no_color)
    assert "\x1b" not in run("status", "--data-dir", str(data_dir), FORCE_COLOR="1").stdout


def test_on_a_terminal_only_the_first_symbols_are_shown(many_symbols: Path) -> None:
    """With a note how many there are; in a pipe all of them."""
    terminal = Terminal(*TTAPI, "volatility", "--environment", "replay", "--data-dir", str(many_symbols))
    assert terminal.finish() == 0
    assert f"{ROWS_ON_A_TERMINAL} of 25 symbols; --limit 25 shows all" in terminal.shown
    assert terminal.shown.count("100.0000") == ROWS_ON_A_TERMINAL
    piped = ask("volatility", "--environment", "replay", "--data-dir", str(many_symbols))
    assert len(piped.stdout.splitlines()) == 26
