# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of frames on stdout: every kind of value as text, CSV and JSON, and what fits a line."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import polars as pl
import pytest

from ttapi_onboarding import frame_output
from ttapi_onboarding.frame_output import Column


def test_what_csv_has_no_cell_for_is_json_in_it() -> None:
    """Lists and structs; spans in seconds."""
    frame = pl.DataFrame(
        {
            "text": ["BRK/B"],
            "span": [timedelta(days=1, seconds=1)],
            "days": [[date(2026, 7, 1), None]],
            "both": [{"bid": 1.5, "on": date(2026, 7, 1)}],
        }
    )
    assert frame_output.csv_text(frame) == (
        "text,span,days,both\n"
        'BRK/B,86401.0,"[""2026-07-01"", null]","{""bid"": 1.5, ""on"": ""2026-07-01""}"\n'
    )


def test_formulas_are_made_harmless_in_csv() -> None:
    """In cells and headings, whatever kind of text it is; numbers and nested values are not touched."""
    frame = pl.DataFrame(
        {
            "=cmd": ["=1+1", "'quoted", None],
            "word": pl.Series(["@x", "y", "@x"], dtype=pl.Enum(["@x", "y"])),
            "number": [-1.5, 2.0, None],
            "list": [["=1"], [], None],
        }
    )
    assert list(csv.reader(frame_output.csv_text(frame).splitlines())) == [
        ["'=cmd", "word", "number", "list"],
        ["'=1+1", "'@x", "-1.5", '["=1"]'],
        ["''quoted", "y", "2.0", "[]"],
        ["", "'@x", "", ""],
    ]


def test_headings_stay_apart_whatever_they_are() -> None:
    """As an apostrophe is put before one that begins with it, too."""
    frame = pl.DataFrame({"=a": [1], "'=a": [2]})
    assert frame_output.csv_text(frame) == "'=a,''=a\n1,2\n"


@pytest.mark.parametrize(
    ("width", "fit"),
    [
        (80, ["symbol", "days", "note"]),
        (21, ["symbol", "days", "note"]),
        (20, ["symbol", "days"]),
        (3, ["symbol"]),
    ],
)
def test_the_leading_columns_fit_the_width_and_the_first_is_always_there(width: int, fit: list[str]) -> None:
    """Six, four and seven characters with two blanks between them."""
    columns = [
        Column("symbol", ["A"]),
        Column("days", ["1"], is_numeric=True),
        Column("note", ["1234567"]),
    ]
    assert [column.heading for column in frame_output.fitting(columns, width)] == fit


def test_a_long_text_keeps_no_column_out() -> None:
    """It is wrapped instead."""
    columns = [Column("symbol", ["A"]), Column("description", ["word " * 50]), Column("days", ["1"])]
    assert len(frame_output.fitting(columns, 60)) == 3


def test_a_frame_without_columns_has_no_columns_to_show() -> None:
    """As some statements answer."""
    assert frame_output.columns_of(pl.DataFrame()) == []
    assert list(frame_output.fitting([], 80)) == []


def test_numbers_are_columns_on_the_right() -> None:
    """With four decimals at the most."""
    (symbol, close) = frame_output.columns_of(pl.DataFrame({"symbol": ["A"], "close": [1.5]}))
    assert (symbol.is_numeric, close.is_numeric) == (False, True)
    assert (symbol.cells, close.cells) == (["A"], ["1.5000"])
