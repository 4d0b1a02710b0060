# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Ranks of a day against plain Python and pandas, with ties, gaps, and days of a span alone."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from test_ttapi_polars.ragged_candles import candles
from ttapi_polars.cross_sections import Measure, ranks

DAYS = [date(2026, 7, day) for day in (1, 2, 3)]
ROWS = candles(40, most_days=300)


def closes(**by_symbol: list[float | None]) -> pl.LazyFrame:
    """A row for each symbol and day, with a volume of 10 times its place."""
    rows = [
        (symbol, day, close, 10 * place)
        for symbol, prices in by_symbol.items()
        for place, (day, close) in enumerate(zip(DAYS, prices, strict=True), start=1)
    ]
    return pl.LazyFrame(rows, schema=["symbol", "date", "close", "volume"], orient="row")


def places(frame: pl.LazyFrame) -> list[tuple[object, ...]]:
    """Day of the month, symbol and rank."""
    return frame.select(pl.col("date").dt.day(), "symbol", "rank").collect().rows()


def by_hand(rows: pl.DataFrame) -> dict[tuple[date, str], float | None]:
    """Each row's place: how many are above it, and half of those that are beside it."""
    before: dict[str, float] = {}
    moves: dict[date, dict[str, float | None]] = {}
    for symbol, day, close in rows.select("symbol", "date", "close").rows():
        moves.setdefault(day, {})[symbol] = close / before[symbol] - 1.0 if symbol in before else None
        before[symbol] = close
    found: dict[tuple[date, str], float | None] = {}
    for day, by_symbol in moves.items():
        known = [move for move in by_symbol.values() if move is not None]
        for symbol, move in by_symbol.items():
            place = None
            if move is not None:
                above, beside = sum(other > move for other in known), known.count(move)
                place = above + (beside + 1) / 2
            found[day, symbol] = place
    return found


def test_the_highest_return_is_first() -> None:
    """Of each day; the first one has no return, and so no rank."""
    found = ranks(closes(A=[1.0, 2.0, 2.2], B=[1.0, 1.5, 3.0]))
    assert places(found) == [
        (1, "A", None),
        (1, "B", None),
        (2, "A", 1.0),
        (2, "B", 2.0),
        (3, "B", 1.0),
        (3, "A", 2.0),
    ]


def test_equal_values_share_the_mean_of_their_places() -> None:
    """Second and third make two and a half."""
    found = ranks(closes(A=[1.0, 1.5, None], B=[2.0, 3.0, None], C=[1.0, 9.0, None]), since=DAYS[1])
    assert places(found)[:3] == [(2, "C", 1.0), (2, "A", 2.5), (2, "B", 2.5)]


def test_a_gap_is_no_return() -> None:
    """Neither the day without a price has one, nor the day after it; both stand last."""
    found = ranks(closes(A=[1.0, None, 3.0], B=[1.0, 0.5, 0.25]), since=DAYS[1])
    assert places(found) == [(2, "B", 1.0), (2, "A", None), (3, "B", 1.0), (3, "A", None)]
    assert found.collect()["ranked"].to_list() == [1, 1, 1, 1]


def test_every_rank_is_that_of_plain_python() -> None:
    """Over histories of all lengths."""
    found = ranks(ROWS.lazy()).collect()
    assert dict(zip(found.select("date", "symbol").rows(), found["rank"], strict=True)) == by_hand(ROWS)


def test_every_rank_is_that_of_pandas() -> None:
    """Whose default for ties is the mean, too."""
    frame = ROWS.select("symbol", "date", "close").to_pandas()
    frame["return"] = frame.groupby("symbol")["close"].pct_change()
    expected = frame.groupby("date")["return"].rank(ascending=False)
    found = ranks(ROWS.lazy()).sort("symbol", "date").collect()["rank"]
    assert found.to_list() == pl.Series(expected).fill_nan(None).to_list()


@pytest.mark.parametrize("length", [0, 1, 30])
def test_a_span_has_the_rows_of_the_whole(length: int) -> None:
    """Also its first day, whose returns rest on days before it."""
    whole = ranks(ROWS.lazy()).collect()
    first = date(2022, 3, 1)
    last = first + timedelta(days=length)
    expected = whole.filter(pl.col("date").is_between(first, last))
    assert ranks(ROWS.lazy(), since=first, until=last).collect().equals(expected)
    assert ranks(ROWS.lazy(), until=last).collect().equals(whole.filter(pl.col("date") <= last))


@pytest.mark.parametrize(
    ("by", "values"),
    [("return", [None, 0.5, 1.0]), ("volume", [10.0, 20.0, 30.0]), ("dollar_volume", [10.0, 30.0, 90.0])],
)
def test_a_measure_is_what_it_says(by: Measure, values: list[float | None]) -> None:
    """Of one symbol, day after day."""
    found = ranks(closes(A=[1.0, 1.5, 3.0]), by=by).collect()
    assert found["value"].to_list() == values


def test_without_rows_there_is_no_rank() -> None:
    """The columns are there."""
    found = ranks(closes(A=[1.0, 1.0, 1.0]).clear()).collect()
    assert found.is_empty()
    assert found.columns == ["date", "symbol", "value", "rank", "ranked"]
