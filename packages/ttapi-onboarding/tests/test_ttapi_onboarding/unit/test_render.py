# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of tables, JSON and frames."""

from __future__ import annotations

import json
import math
import os
import pty
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from ttapi_onboarding import render

FRAME = pl.DataFrame(
    {"symbol": ["A", "BRK/B", None], "close_std": [1.0, math.nan, None], "days": [31, 1200, 7]},
    schema={"symbol": pl.String, "close_std": pl.Float64, "days": pl.Int64},
)


EVERYTHING = pl.DataFrame(
    {
        "text": ["BRK/B"],
        "day": [date(2026, 7, 1)],
        "instant": [datetime(2026, 7, 1, 12, 0, tzinfo=UTC)],
        "span": [timedelta(days=1, seconds=1)],
        "days": [[date(2026, 7, 1), None]],
        "both": [{"bid": 1.5, "on": date(2026, 7, 1)}],
        "not_a_number": [math.nan],
        "money": [Decimal("1.10")],
        "flag": [True],
        "nothing": [None],
    }
)


def test_columns_are_aligned_and_lines_end_where_their_text_ends() -> None:
    """Words to the left, numbers to the right."""
    drawn = render.table(["name", "rows", "why"], [["a", "1", "x"], ["bcd", "12,345", ""]], numeric={"rows"})
    assert drawn.splitlines() == ["name    rows  why", "a          1  x", "bcd   12,345"]


def test_a_table_of_nothing_has_its_headings() -> None:
    """So that a program sees the columns."""
    assert render.table(["a", "b"], []) == "a  b"


def test_without_a_terminal_nothing_is_cut_wrapped_or_coloured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever width the surroundings claim."""
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("FORCE_COLOR", "1")
    drawn = render.table(["reason"], [["word " * 100]], styles=["red"])
    assert len(drawn.splitlines()) == 2
    assert "\x1b" not in drawn


def test_cells_are_shown_as_they_are() -> None:
    """No markup, no emoji codes, no escape sequences."""
    drawn = render.table(["x"], [["[bold]no[/bold] :smile:"], ["\x1b[2J\nnext"]])
    assert drawn.splitlines()[1:] == ["[bold]no[/bold] :smile:", "?[2J next"]


def test_an_option_can_be_copied_with_its_blanks() -> None:
    """Without them no command would know it."""
    drawn = render.table(["symbol", "bid"], [["AAPL  261218C00200000", "1"], ["A\nB", "2"]])
    assert [line.rsplit("  ", 1)[0].rstrip() for line in drawn.splitlines()[1:]] == [
        "AAPL  261218C00200000",
        "A B",
    ]


def test_on_a_narrow_terminal_words_are_wrapped_and_nothing_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a row is about and its numbers stay whole."""
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("NO_COLOR", "1")
    screen, line = pty.openpty()
    with os.fdopen(line, "w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        drawn = render.table(
            ["dataset", "rows", "reason"],
            [["expiration_series", "1,273,584", "collected some time ago"]],
            numeric={"rows"},
        )
    os.close(screen)
    lines = drawn.splitlines()
    assert all(len(line) <= 40 for line in lines)
    assert lines[1].startswith("expiration_series  1,273,584  ")
    assert " ".join(line[30:].strip() for line in lines[1:]) == "collected some time ago"


@pytest.mark.parametrize(("no_color", "codes"), [("", True), ("1", False)])
def test_a_terminal_gets_bold_headings_unless_no_color_is_set(
    monkeypatch: pytest.MonkeyPatch, no_color: str, codes: bool
) -> None:
    """On a real pseudo-terminal."""
    monkeypatch.setenv("NO_COLOR", no_color)
    screen, line = pty.openpty()
    with os.fdopen(line, "w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        drawn = render.table(["x"], [["1"]], styles=["red"])
    os.close(screen)
    assert ("\x1b[1m" in drawn) is codes
    assert ("\x1b[31m" in drawn) is codes
    assert ("\x1b" in drawn) is codes


def test_a_frame_becomes_json_without_words_that_json_does_not_know() -> None:
    """NaN and null are both null."""
    rows = render.frame_json(FRAME)
    assert rows == [
        {"symbol": "A", "close_std": 1.0, "days": 31},
        {"symbol": "BRK/B", "close_std": None, "days": 1200},
        {"symbol": None, "close_std": None, "days": 7},
    ]
    assert json.loads(render.json_text({"rows": rows})) == {"rows": rows}


def test_every_kind_of_value_is_json() -> None:
    """Dates as ISO 8601, spans in seconds, what is no number as null, money digit for digit."""
    (row,) = json.loads(json.dumps(render.frame_json(EVERYTHING), allow_nan=False))
    assert row == {
        "text": "BRK/B",
        "day": "2026-07-01",
        "instant": "2026-07-01T12:00:00+00:00",
        "span": 86401.0,
        "days": ["2026-07-01", None],
        "both": {"bid": 1.5, "on": "2026-07-01"},
        "not_a_number": None,
        "money": "1.10",
        "flag": True,
        "nothing": None,
    }


def test_json_never_holds_nan() -> None:
    """A mistake of ours is an error, not a broken document."""
    with pytest.raises(ValueError, match="JSON"):
        render.json_text({"x": math.nan})
