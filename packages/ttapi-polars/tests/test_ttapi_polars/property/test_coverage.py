# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Holes, strays and starts of updates against plain sets and lists of days."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given, strategies as st
from scale import examples

from ttapi_polars.coverage import holes, spans, start_of_update, strays

FIRST = date(2026, 6, 1)
DAYS = st.integers(0, 24).map(lambda offset: FIRST + timedelta(days=offset))
CALENDARS = st.lists(DAYS, unique=True).map(sorted)
HISTORIES = st.dictionaries(st.sampled_from("ABCDE"), st.sets(DAYS, min_size=1))


def framed(histories: dict[str, set[date]], data: st.DataObject) -> pl.LazyFrame:
    """Candles of these days in some order."""
    rows = data.draw(st.permutations([(symbol, day) for symbol, days in histories.items() for day in days]))
    return pl.LazyFrame(rows, schema={"symbol": pl.String, "date": pl.Date}, orient="row")


def calendar_of(days: list[date]) -> pl.DataFrame:
    """Trading days as a frame."""
    return pl.DataFrame({"date": days}, schema={"date": pl.Date})


@examples(times=2)
@given(HISTORIES, CALENDARS, st.none() | DAYS | st.dictionaries(st.sampled_from("ABCDEF"), DAYS), st.data())
def test_holes_are_the_due_days_less_the_candles(
    histories: dict[str, set[date]],
    calendar: list[date],
    last_day: date | dict[str, date] | None,
    data: st.DataObject,
) -> None:
    """Symbol by symbol, as sets."""
    expected = []
    for symbol, days in sorted(histories.items()):
        until = last_day.get(symbol) if isinstance(last_day, dict) else last_day
        last = max(days) if until is None else max(until, *days)
        due = {day for day in calendar if min(days) <= day <= last}
        expected += [(symbol, day) for day in sorted(due - days)]
    assert holes(framed(histories, data), calendar_of(calendar), last_day=last_day).rows() == expected


@examples(times=2)
@given(HISTORIES, CALENDARS, st.data())
def test_strays_are_the_candles_less_the_calendar(
    histories: dict[str, set[date]], calendar: list[date], data: st.DataObject
) -> None:
    """Between the calendar's first and last day."""
    expected = [
        (symbol, day)
        for symbol, days in sorted(histories.items())
        for day in sorted(days - set(calendar))
        if calendar and calendar[0] < day < calendar[-1]
    ]
    assert strays(framed(histories, data), calendar_of(calendar)).rows() == expected


@examples(times=2)
@given(HISTORIES, CALENDARS, st.integers(1, 30), st.data())
def test_an_update_begins_where_counting_back_ends(
    histories: dict[str, set[date]], calendar: list[date], overlap: int, data: st.DataObject
) -> None:
    """One day after the other, and never before the first candle."""
    expected = {}
    for symbol, days in histories.items():
        past = [day for day in calendar if day <= max(days)]
        expected[symbol] = max(min(days), past[-overlap]) if len(past) >= overlap else min(days)
    stored = spans(framed(histories, data)).collect()
    assert start_of_update(stored, calendar_of(calendar), overlap=overlap) == expected
