# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Spans, holes and strays on calendars with half days and special closures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from ttapi_core import market_calendar
from ttapi_polars.coverage import holes, spans, start_of_update, strays
from ttapi_polars.schemas import EOD_DATA, TRADING_DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KEY = ["symbol", "date"]
NO_CALENDAR = TRADING_DAYS.empty()
# Monday to Friday, then Monday: the 3rd of July is a holiday, for the 4th falls on a Saturday.
JULY = [date(2026, 6, 29), date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 6)]
CALENDAR = pl.DataFrame({"date": JULY})


def exchange_days(first: date, last: date) -> pl.DataFrame:
    """The exchange's calendar by its rules."""
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return pl.DataFrame({"date": [day for day in days if market_calendar.is_trading_day(day)]})


def candles(by_symbol: Mapping[str, Sequence[date]]) -> pl.LazyFrame:
    """Candles that have nothing but their days."""
    rows = [(symbol, day) for symbol, days in by_symbol.items() for day in days]
    return pl.LazyFrame(rows, schema={name: EOD_DATA[name].dtype for name in KEY}, orient="row")


def test_a_span_lasts_from_the_first_to_the_last_candle() -> None:
    """Whatever the order of the rows, and with the days counted that are there."""
    lazy = candles({"B": [JULY[3], JULY[0]], "A": [JULY[2]]})
    found = spans(lazy).collect(engine="streaming")
    assert found.rows() == [("A", JULY[2], JULY[2], 1), ("B", JULY[0], JULY[3], 2)]
    assert found.schema == {
        "symbol": pl.String,
        "first_date": pl.Date,
        "last_date": pl.Date,
        "days": pl.Int64,
    }


def test_a_trading_day_without_a_candle_is_a_hole() -> None:
    """Of the symbol that lacks it alone; before the first and after the last candle there is none."""
    lazy = candles({"FULL": JULY, "HOLED": [JULY[0], JULY[3], JULY[4]], "SHORT": JULY[1:3], "ONE": [JULY[2]]})
    assert holes(lazy, CALENDAR).rows() == [("HOLED", JULY[1]), ("HOLED", JULY[2])]


def test_special_closures_and_weekends_are_no_holes() -> None:
    """Hurricane Sandy, 29 and 30 October 2012; the day of mourning of 9 January 2025."""
    sandy = [date(2012, 10, 26), date(2012, 10, 31)]
    mourning = [date(2025, 1, 8), date(2025, 1, 10)]
    calendar = exchange_days(date(2012, 1, 1), date(2025, 12, 31))
    assert holes(candles({"A": sandy, "B": mourning}), calendar).is_empty()


def test_a_half_day_is_due_and_needs_no_volume() -> None:
    """The day after Thanksgiving: without a candle a hole, with a candle that lacks its volume none."""
    days = [date(2026, 11, 25), date(2026, 11, 27), date(2026, 11, 30)]
    calendar = exchange_days(days[0], days[-1])
    assert market_calendar.is_half_day(days[1])
    without_volume = candles({"A": days}).with_columns(volume=pl.lit(None, pl.Int64))
    assert holes(without_volume, calendar).is_empty()
    assert holes(candles({"A": [days[0], days[2]]}), calendar).rows() == [("A", days[1])]


def test_a_stray_fills_no_hole() -> None:
    """As many candles as trading days, and yet one trading day lacks its own."""
    holiday = date(2026, 7, 3)
    lazy = candles({"A": [*JULY[:3], holiday, JULY[4]]})
    assert holes(lazy, CALENDAR).rows() == [("A", JULY[3])]
    assert strays(lazy, CALENDAR).rows() == [("A", holiday)]


def test_active_symbols_are_due_up_to_the_last_day() -> None:
    """All of them, or those that are named; a last day before the last candle takes nothing back."""
    lazy = candles({"ACTIVE": JULY[:3], "ENDED": JULY[:2], "HOLED": [JULY[0], JULY[2]]})
    named = holes(lazy, CALENDAR, last_day={"ACTIVE": JULY[4], "HOLED": JULY[0], "UNKNOWN": JULY[4]})
    assert named.rows() == [("ACTIVE", JULY[3]), ("ACTIVE", JULY[4]), ("HOLED", JULY[1])]
    everywhere = holes(lazy, CALENDAR, last_day=JULY[2])
    assert everywhere.rows() == [("ENDED", JULY[2]), ("HOLED", JULY[1])]


def test_days_outside_of_the_calendar_are_not_judged() -> None:
    """Neither as holes nor as strays."""
    lazy = candles({"A": [date(1990, 1, 6), JULY[0], JULY[2], date(2030, 1, 5)], "B": [date(1990, 1, 6)]})
    assert holes(lazy, CALENDAR).rows() == [("A", JULY[1]), ("A", JULY[3]), ("A", JULY[4])]
    assert strays(lazy, CALENDAR).is_empty()


@pytest.mark.parametrize("calendar", [CALENDAR, NO_CALENDAR])
@pytest.mark.parametrize("lazy", [EOD_DATA.empty().lazy(), candles({"A": JULY[2:3]})])
def test_without_candles_or_calendar_nothing_is_found(calendar: pl.DataFrame, lazy: pl.LazyFrame) -> None:
    """No hole and no stray, in the right columns."""
    for found in (holes(lazy, calendar), strays(lazy, calendar)):
        assert found.is_empty()
        assert found.schema == {"symbol": pl.String, "date": pl.Date}


@pytest.mark.parametrize(("overlap", "start"), [(1, JULY[3]), (3, JULY[1]), (4, JULY[0])])
def test_an_update_begins_so_many_trading_days_back(overlap: int, start: date) -> None:
    """The last stored day counts, a day after it does not."""
    stored = spans(candles({"A": [date(2020, 1, 2), JULY[3]]})).collect()
    assert start_of_update(stored, CALENDAR, overlap=overlap) == {"A": start}


def test_an_update_counts_trading_days_whether_stored_or_not() -> None:
    """A hole within the overlap is asked for too; a stray last day counts for nothing."""
    stored = spans(candles({"HOLED": [JULY[0], JULY[4]], "STRAY": [JULY[0], date(2026, 7, 3)]})).collect()
    assert start_of_update(stored, CALENDAR, overlap=2) == {"HOLED": JULY[3], "STRAY": JULY[2]}


def test_an_update_begins_with_the_first_candle_at_the_earliest() -> None:
    """Of a symbol listed the other day, and where the calendar is too short to count."""
    stored = spans(candles({"NEW": JULY[3:], "OLD": [date(2020, 1, 2), JULY[1]]})).collect()
    assert start_of_update(stored, CALENDAR) == {"NEW": JULY[3], "OLD": date(2020, 1, 2)}
    assert start_of_update(stored, NO_CALENDAR) == {"NEW": JULY[3], "OLD": date(2020, 1, 2)}


def test_nothing_stored_needs_no_update() -> None:
    """An empty mapping."""
    assert start_of_update(spans(EOD_DATA.empty().lazy()).collect(), CALENDAR) == {}


def test_an_update_without_overlap_is_refused() -> None:
    """Nothing could be compared."""
    with pytest.raises(ValueError, match="at least 1 trading day, not 0"):
        start_of_update(spans(candles({"A": JULY})).collect(), CALENDAR, overlap=0)
