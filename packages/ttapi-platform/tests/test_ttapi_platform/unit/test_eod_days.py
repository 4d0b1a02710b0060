# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the days that an update of daily candles asks for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl

from ttapi_platform.eod_days import days_to_ask_from, last_completed_day
from ttapi_platform.eod_update import Spans

SATURDAY = 5
FIRST = date(2025, 1, 1)
DAYS = [day for offset in range(200) if (day := FIRST + timedelta(days=offset)).weekday() < SATURDAY]
CALENDAR = pl.DataFrame({"date": DAYS})
LAST = DAYS[-1]


def spans(**symbols: tuple[date, date]) -> Spans:
    """First and last candle of each symbol."""
    frame = pl.DataFrame(
        [(symbol, first, last, 1) for symbol, (first, last) in symbols.items()],
        schema={"symbol": pl.String, "first_date": pl.Date, "last_date": pl.Date, "days": pl.Int64},
        orient="row",
    )
    first = {symbol: span[0] for symbol, span in symbols.items()}
    return Spans(first, {symbol: span[1] for symbol, span in symbols.items()}, frame, None)


def test_a_symbol_is_asked_for_from_its_fifth_last_day_a_new_one_from_the_first_wanted() -> None:
    """One that has all days is not asked for."""
    stored = spans(BEHIND=(FIRST, DAYS[99]), WHOLE=(FIRST, LAST))
    days = days_to_ask_from(["BEHIND", "WHOLE", "NEW"], stored, CALENDAR, history_start=FIRST, last_day=LAST)
    assert days.since == {"BEHIND": DAYS[95], "NEW": FIRST}
    assert days.reached_back == frozenset()


def test_a_symbol_that_may_have_earlier_candles_is_asked_for_from_the_first_day() -> None:
    """Not one whose first candle is on the first wanted trading day, nor one that is not looked at."""
    start = date(2025, 2, 1)  # a Saturday
    stored = spans(LATER=(DAYS[50], LAST), THERE=(date(2025, 2, 3), LAST), ELSEWHERE=(DAYS[50], LAST))
    days = days_to_ask_from(
        ["LATER", "THERE"],
        stored,
        CALENDAR,
        history_start=start,
        last_day=LAST,
        extended=["LATER", "THERE", "ELSEWHERE", "UNKNOWN"],
    )
    assert days.since == {"LATER": start}
    assert days.reached_back == {"LATER"}


def test_a_symbol_that_begins_a_day_late_may_have_that_day() -> None:
    """The first wanted day is one of trading itself."""
    stored = spans(LATE=(DAYS[1], LAST), THERE=(DAYS[0], LAST))
    days = days_to_ask_from(
        ["LATE", "THERE"],
        stored,
        CALENDAR,
        history_start=DAYS[0],
        last_day=LAST,
        extended=["LATE", "THERE"],
    )
    assert days.since == {"LATE": DAYS[0]}


def test_a_calendar_may_have_a_single_day() -> None:
    """Whoever has it lacks nothing."""
    calendar = CALENDAR.head(1)
    stored = spans(A=(DAYS[0], DAYS[0]))
    days = days_to_ask_from(
        ["A", "NEW"], stored, calendar, history_start=FIRST, last_day=DAYS[0], extended=["A"]
    )
    assert days.since == {"NEW": FIRST}


def test_where_the_calendar_does_not_reach_back_nothing_is_taken_for_the_first_day() -> None:
    """The first candle that is stored may lack all that the calendar lacks."""
    start = date(2020, 1, 1)
    days = days_to_ask_from(
        ["A"], spans(A=(DAYS[0], LAST)), CALENDAR, history_start=start, last_day=LAST, extended=["A"]
    )
    assert days.since == {"A": start}


def test_a_day_that_is_named_is_the_latest_to_ask_from() -> None:
    """Whether the symbol lacks something at its end or not."""
    stored = spans(A=(FIRST, LAST), B=(FIRST, LAST))
    days = days_to_ask_from(
        ["A", "B"],
        stored,
        CALENDAR,
        history_start=FIRST,
        last_day=LAST,
        earliest={"A": DAYS[10], "B": LAST},
    )
    assert days.since == {"A": DAYS[10], "B": DAYS[-5]}


def test_a_day_that_is_named_may_be_before_the_first_wanted() -> None:
    """Of a symbol of which nothing is stored."""
    before = FIRST - timedelta(days=30)
    days = days_to_ask_from(
        ["NEW", "NEWER", "OTHER"],
        spans(),
        CALENDAR,
        history_start=FIRST,
        last_day=LAST,
        earliest={"NEW": before, "NEWER": LAST},
    )
    assert days.since == {"NEW": before, "NEWER": FIRST, "OTHER": FIRST}


def test_the_last_completed_day_is_the_last_that_has_closed() -> None:
    """Before the first close there is none."""
    close = [datetime(2026, 7, day, 20, tzinfo=UTC) for day in (1, 2)]
    calendar = pl.DataFrame({"date": [date(2026, 7, 1), date(2026, 7, 2)], "close_at": close})
    assert last_completed_day(calendar, close[1]) == date(2026, 7, 2)
    assert last_completed_day(calendar, close[1] - timedelta(seconds=1)) == date(2026, 7, 1)
    assert last_completed_day(calendar, close[0] - timedelta(seconds=1)) is None
