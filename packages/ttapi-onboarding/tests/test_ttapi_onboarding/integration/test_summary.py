# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi summary`: what there is to say of each symbol's candles, from the lake."""

from __future__ import annotations

import csv
import json
import math
from typing import TYPE_CHECKING

import polars as pl

from test_ttapi_onboarding.terminals import TTAPI, Terminal, ask

if TYPE_CHECKING:
    from pathlib import Path

HEADINGS = [
    "symbol",
    "days",
    "close",
    "return",
    "volatility",
    "Sharpe",
    "drawdown",
    "VaR",
    "95%",
    "traded/day",
]


def test_csv_and_json_have_all_columns_of_the_same_rows(data_dir: Path) -> None:
    """As ratios, not rounded."""
    asked = ("summary", "--data-dir", str(data_dir))
    record = json.loads(ask(*asked, "--json").stdout)
    assert {name: record[name] for name in ("lake", "benchmark", "exit_code")} == {
        "lake": str(data_dir / "sandbox"),
        "benchmark": None,
        "exit_code": 0,
    }
    table = list(csv.DictReader(ask(*asked, "--csv").stdout.splitlines()))
    assert [row["symbol"] for row in table] == ["AAPL", "BRK/B", "SPY"]
    for row, other in zip(record["rows"], table, strict=True):
        assert list(row) == list(other)
        assert {name: str(value) for name, value in row.items() if isinstance(value, str)} == {
            name: other[name] for name, value in row.items() if isinstance(value, str)
        }
        assert float(other["sortino"]) == row["sortino"]


def test_the_table_has_what_the_candles_say(data_dir: Path) -> None:
    """Held against growth worked out from first and last close alone."""
    candles = pl.read_parquet(str(data_dir / "sandbox" / "eod_data" / "*.parquet")).filter(symbol="AAPL")
    closes = candles.sort("date")["close"]
    year = math.exp(math.log(closes[-1] / closes[0]) * 252 / (closes.len() - 1)) - 1
    heading, row = ask("summary", "aapl", "--data-dir", str(data_dir)).stdout.splitlines()
    assert heading.split() == HEADINGS
    assert row.split()[:4] == ["AAPL", str(closes.len()), f"{closes[-1]:.2f}", f"{year:.1%}"]


def test_a_benchmark_adds_beta_and_correlation(data_dir: Path) -> None:
    """Also when it is none of the symbols asked for."""
    asked = ("summary", "AAPL", "BRK/B", "--benchmark", "SPY", "--data-dir", str(data_dir))
    record = json.loads(ask(*asked, "--json").stdout)
    assert record["benchmark"] == "SPY"
    assert [row["symbol"] for row in record["rows"]] == ["AAPL", "BRK/B"]
    assert all(-1 <= row["correlation"] <= 1 for row in record["rows"])
    heading, aapl, _ = ask(*asked).stdout.splitlines()
    assert heading.split() == [*HEADINGS, "beta", "corr."]
    first = record["rows"][0]
    assert aapl.split()[-2:] == [f"{first['beta']:.2f}", f"{first['correlation']:.2f}"]


def test_on_a_terminal_of_a_hundred_columns_nothing_is_left_out(data_dir: Path) -> None:
    """Not even with a benchmark; on a narrower one, what is left out is told."""
    asked = (*TTAPI, "summary", "--benchmark", "SPY", "--data-dir", str(data_dir))
    terminal = Terminal(*asked, COLUMNS="100", NO_COLOR="1")
    assert terminal.finish() == 0
    assert terminal.shown.splitlines()[0].split() == [*HEADINGS, "beta", "corr."]
    assert max(len(line) for line in terminal.shown.splitlines()) <= 100
    narrow = Terminal(*asked, COLUMNS="80", NO_COLOR="1")
    assert narrow.finish() == 0
    assert max(len(line) for line in narrow.shown.splitlines() if "no room" not in line) <= 80
    assert "no room for " in narrow.shown


def test_a_symbol_that_is_not_in_the_lake_is_misuse(data_dir: Path) -> None:
    """With the nearest one; so is a text that is none, and two benchmarks."""
    shown = ask("summary", "APPL", "--data-dir", str(data_dir))
    assert shown.exit_code == 2
    assert shown.stderr == "error: eod_data has no candles of APPL\nhint: did you mean AAPL?\n"
    assert ask("summary", "--benchmark", "A,B", "--data-dir", str(data_dir)).exit_code == 2
    assert ask("summary", "{}", "--data-dir", str(data_dir)).exit_code == 2


def test_an_empty_lake_says_what_to_do(tmp_path: Path) -> None:
    """Exit code 1 and a hint."""
    shown = ask("summary", "--data-dir", str(tmp_path))
    assert shown.exit_code == 1
    assert shown.stderr.splitlines()[1] == "hint: run `ttapi collect` first"


def test_a_limit_is_said(data_dir: Path) -> None:
    """In symbols."""
    shown = ask("summary", "--limit", "1", "--data-dir", str(data_dir))
    assert len(shown.stdout.splitlines()) == 2
    assert shown.stderr == "1 of 3 symbols; --limit 3 shows all, --csv and --json too\n"
