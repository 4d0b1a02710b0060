# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Questions in pieces: which rows each is about, and which files it needs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial

import polars as pl
import pytest

from ttapi_platform.engines import LOCAL, ByDate, BySymbol
from ttapi_polars.cross_sections import ranks
from ttapi_polars.footers import FileFooter
from ttapi_polars.summaries import summary
from ttapi_polars.volatility import price_dispersion

DAYS = [date(2026, 6, day) for day in (1, 2, 3)]
ROWS = pl.LazyFrame(
    {
        "symbol": ["A", "A", "A", "B", "C", "C"],
        "date": [*DAYS, DAYS[0], *DAYS[:2]],
        "close": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
    }
)
DISPERSION = BySymbol(dataset="eod_data", query=partial(price_dispersion, min_days=0))


def footer(first: str | None, last: str | None, *, by: tuple[str, ...] = ("symbol", "date")) -> FileFooter:
    """Of a file with symbols, or days, from the first to the last."""
    return FileFooter(
        dataset="eod_data",
        schema_version=1,
        writer_version="1",
        environment="sandbox",
        source="test",
        collected_at=datetime(2026, 7, 1, tzinfo=UTC),
        rows=1,
        fingerprint="",
        csv_sha256="",
        sorted_by=by,
        sorted_from=first,
        sorted_to=last,
    )


def test_weights_are_the_rows_of_each_symbol() -> None:
    """Of those that are asked for."""
    assert DISPERSION.weights(ROWS).collect().rows() == [("A", 3), ("B", 1), ("C", 2)]
    some = BySymbol(dataset="eod_data", query=price_dispersion, symbols=frozenset({"C", "Z"}))
    assert some.weights(ROWS).collect().rows() == [("C", 2)]


def test_weights_are_the_rows_of_each_day() -> None:
    """From the first to the last that is asked for."""
    question = ByDate(dataset="eod_data", query=ranks)
    assert question.weights(ROWS).collect().rows() == [(DAYS[0], 3), (DAYS[1], 2), (DAYS[2], 1)]
    some = ByDate(dataset="eod_data", query=ranks, since=DAYS[1], until=DAYS[1])
    assert some.weights(ROWS).collect().rows() == [(DAYS[1], 2)]


def test_a_piece_is_about_a_span_of_symbols() -> None:
    """Both ends included, and nothing else is answered."""
    weights = DISPERSION.weights(ROWS).collect()
    first, second = DISPERSION.pieces(weights, 2)
    assert (first.span, second.span) == (("A", "A"), ("B", "C"))
    assert second.over(ROWS).collect()["symbol"].to_list() == ["B", "C"]


def test_a_piece_is_about_a_span_of_days() -> None:
    """The returns of its first one rest on a day before it."""
    question = ByDate(dataset="eod_data", query=ranks)
    _, second = question.pieces(question.weights(ROWS).collect(), 2)
    assert (second.since, second.until) == (DAYS[1], DAYS[2])
    assert second.over(ROWS).collect()["value"].to_list() == [1.0, pytest.approx(0.2), 0.5]


def test_rows_of_symbols_beside_it_are_read_and_not_answered() -> None:
    """As those of the benchmark of a summary are."""
    candles = ROWS.with_columns(open="close", high="close", low="close", volume=10)
    question = BySymbol(
        dataset="eod_data", query=partial(summary, benchmark="A"), beside=frozenset({"A"}), span=("C", "C")
    )
    assert question.over(candles).select("symbol", "beta").collect().row(0)[0] == "C"
    assert question.over(candles).collect().height == 1


@pytest.mark.parametrize(
    ("first", "last", "is_needed"),
    [
        ("A", "B", False),
        ("A", "C", True),
        ("D", "D", True),
        ("E", "F", True),
        ("F", "Q", False),
        ("X", "Z", True),
    ],
)
def test_only_files_that_may_hold_its_symbols_are_needed(first: str, last: str, is_needed: bool) -> None:
    """Those from C to E here, and Y beside them."""
    question = BySymbol(dataset="eod_data", query=price_dispersion, beside=frozenset({"Y"}), span=("C", "E"))
    assert question.needs(footer(first, last)) is is_needed


def test_a_file_of_which_nothing_is_known_is_needed() -> None:
    """Neither that it is sorted by symbol, nor from where to where; so is every file for a span of days."""
    piece = BySymbol(dataset="eod_data", query=price_dispersion, span=("C", "E"))
    assert piece.needs(footer("2026-01-01", "2026-12-31", by=("date", "symbol")))
    assert piece.needs(footer(None, None))
    assert DISPERSION.needs(footer("A", "B"))
    assert ByDate(dataset="eod_data", query=ranks, since=DAYS[0]).needs(footer("A", "B"))


def test_here_each_item_is_worked_on_in_order() -> None:
    """One after another."""
    assert LOCAL.each(str, [3, 1, 2]) == ["3", "1", "2"]
