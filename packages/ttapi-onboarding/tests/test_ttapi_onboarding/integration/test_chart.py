# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi chart`: candles of a lake on real terminals of several sizes, in pipes, and as JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import polars as pl
import pytest

from test_ttapi_onboarding.terminals import TTAPI, Terminal, ask

if TYPE_CHECKING:
    from pathlib import Path

PAINT = re.compile(r"\x1b\[\d*m")


def on_a_terminal(data_dir: Path, *arguments: str, **variables: str) -> list[str]:
    """What a terminal shows, line by line."""
    asked = ("chart", *arguments, "--data-dir", str(data_dir))
    terminal = Terminal(*TTAPI, *asked, **variables)
    assert terminal.finish() == 0
    return terminal.shown.splitlines()


def test_json_lists_the_last_days(data_dir: Path) -> None:
    """Oldest first, as they are in the lake."""
    files = str(data_dir / "sandbox" / "eod_data" / "*.parquet")
    expected = pl.read_parquet(files).filter(symbol="SPY").sort("date").tail(5)
    record = json.loads(ask("chart", "spy", "--days", "5", "--json", "--data-dir", str(data_dir)).stdout)
    assert list(record) == ["lake", "symbol", "rows", "exit_code"]
    assert (record["symbol"], record["exit_code"]) == ("SPY", 0)
    columns = ("date", "open", "high", "low", "close", "volume")
    assert record["rows"] == [
        {**row, "date": row["date"].isoformat()} for row in expected.select(columns).iter_rows(named=True)
    ]


@pytest.mark.parametrize(("columns", "lines"), [(60, 12), (120, 40)])
def test_it_is_as_wide_and_as_high_as_the_terminal(data_dir: Path, columns: int, lines: int) -> None:
    """But for the line of the prompt."""
    size = {"COLUMNS": str(columns), "LINES": str(lines)}
    shown = [PAINT.sub("", line) for line in on_a_terminal(data_dir, "SPY", **size)]
    assert len(shown) == lines - 1
    assert max(len(line) for line in shown) == columns
    high = max(row["high"] for row in spy(data_dir, days=90))
    assert shown[1].endswith(f"┤ {high:.2f}")


def test_more_days_than_columns_are_joined_and_the_caption_says_so(data_dir: Path) -> None:
    """Ninety days do not fit into forty columns."""
    shown = on_a_terminal(data_dir, "SPY", COLUMNS="40", LINES="20")
    assert shown[0].startswith("SPY, 90 days, last close ")
    wide = on_a_terminal(data_dir, "SPY", COLUMNS="100", LINES="20")
    assert "days a candle" not in wide[0]
    assert on_a_terminal(data_dir, "SPY", COLUMNS="70", LINES="20")[0].endswith(
        "2 days a candle, ┃ rose █ fell"
    )


@pytest.mark.parametrize(("variable", "painted"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_are_for_terminals_that_want_them(
    data_dir: Path, variable: dict[str, str], *, painted: bool
) -> None:
    """Green rose, red fell."""
    shown = "".join(on_a_terminal(data_dir, "SPY", COLUMNS="100", LINES="20", **variable))
    assert ("\x1b[32m" in shown) is painted
    assert ("\x1b[31m" in shown) is painted


def test_in_a_pipe_there_is_no_paint(data_dir: Path) -> None:
    """And the size of an ordinary terminal."""
    shown = ask("chart", "SPY", "--data-dir", str(data_dir))
    assert shown.exit_code == 0
    assert "\x1b" not in shown.stdout
    assert len(shown.stdout.splitlines()) == 23
    assert max(len(line) for line in shown.stdout.splitlines()) == 80


def test_where_the_encoding_has_no_such_characters_it_is_ascii(data_dir: Path) -> None:
    """The caption, too."""
    shown = "".join(on_a_terminal(data_dir, "SPY", PYTHONIOENCODING="ascii", COLUMNS="90", LINES="20"))
    assert PAINT.sub("", shown).isascii()
    assert "O rose # fell" in shown


def test_a_terminal_that_is_too_small_is_told_how_small_it_may_be(data_dir: Path) -> None:
    """Instead of a chart that nobody can read."""
    terminal = Terminal(*TTAPI, "chart", "SPY", "--data-dir", str(data_dir), COLUMNS="20", LINES="9")
    assert terminal.finish() == 2
    assert "24 by 6 at least, and this one has 20 columns by 9 lines" in terminal.shown


def test_an_unknown_symbol_is_misuse(data_dir: Path) -> None:
    """With the nearest that there is; and one symbol is all it takes."""
    shown = ask("chart", "SPYY", "--data-dir", str(data_dir))
    assert shown.exit_code == 2
    assert shown.stderr.splitlines()[1] == "hint: did you mean SPY?"
    assert ask("chart", "SPY,AAPL", "--data-dir", str(data_dir)).exit_code == 2


def spy(data_dir: Path, *, days: int) -> list[dict[str, float]]:
    """The last candles of SPY, read from the files."""
    files = str(data_dir / "sandbox" / "eod_data" / "*.parquet")
    return pl.read_parquet(files).filter(symbol="SPY").sort("date").tail(days).to_dicts()
