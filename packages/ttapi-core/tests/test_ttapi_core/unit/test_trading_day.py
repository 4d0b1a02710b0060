# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Trading days: New York hours as UTC instants, through every change of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import exchange_calendars
import pytest

from ttapi_core.market_calendar import FIRST_YEAR, LAST_YEAR, is_trading_day, trading_dates
from ttapi_core.trading_day import NEW_YORK, TradingDay, trading_day, trading_day_on


def utc(text: str) -> datetime:
    """An instant written as ``2026-07-01 13:30``."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.filterwarnings("ignore")  # what pandas is going to change is no matter of ours
def test_hours_of_46_years_equal_an_independent_calendar() -> None:
    """Dates, openings and closings from 1990 to 2035: no difference to exchange_calendars (R21)."""
    theirs = exchange_calendars.get_calendar("XNYS", start="1990-01-01", end="2035-12-31").schedule
    ours = [trading_day(day) for day in trading_dates(date(1990, 1, 1), date(2035, 12, 31))]
    assert [day.date for day in ours] == [day.date() for day in theirs.index]
    assert [day.open_at for day in ours] == [instant.to_pydatetime() for instant in theirs["open"].tolist()]
    assert [day.close_at for day in ours] == [instant.to_pydatetime() for instant in theirs["close"].tolist()]
    assert len(ours) > 11_000


@pytest.mark.parametrize(
    ("day", "open_at", "close_at", "minutes"),
    [
        ("2026-01-02", "2026-01-02 14:30", "2026-01-02 21:00", 390),
        ("2026-07-01", "2026-07-01 13:30", "2026-07-01 20:00", 390),
        ("2024-02-29", "2024-02-29 14:30", "2024-02-29 21:00", 390),
        ("2012-10-31", "2012-10-31 13:30", "2012-10-31 20:00", 390),
        ("2026-11-27", "2026-11-27 14:30", "2026-11-27 18:00", 210),
        ("2019-07-03", "2019-07-03 13:30", "2019-07-03 17:00", 210),
        ("1999-12-31", "1999-12-31 14:30", "1999-12-31 18:00", 210),
        ("1990-12-24", "1990-12-24 14:30", "1990-12-24 19:00", 270),
        ("1992-11-27", "1992-11-27 14:30", "1992-11-27 19:00", 270),
        ("1993-11-26", "1993-11-26 14:30", "1993-11-26 18:00", 210),
    ],
)
def test_hours_are_utc_instants(day: str, open_at: str, close_at: str, minutes: int) -> None:
    """Winter, summer, leap day, half days at 13:00 and, until 1992, at 14:00."""
    hours = trading_day(date.fromisoformat(day))
    assert hours == TradingDay(date=date.fromisoformat(day), open_at=utc(open_at), close_at=utc(close_at))
    assert hours.open_at.tzinfo is hours.close_at.tzinfo is UTC
    assert hours.session_minutes == minutes
    assert hours.is_half_day is (minutes < 390)


def test_minutes_are_counted_when_they_are_over() -> None:
    """A session that ends half a minute early is a minute shorter."""
    early = TradingDay(
        date=date(2026, 7, 1), open_at=utc("2026-07-01 13:30"), close_at=utc("2026-07-01 19:59:30")
    )
    assert early.session_minutes == 389


def switches_of(year: int) -> tuple[date, date]:
    """The Sundays on which New York's clocks change, from the law instead of the zone database."""
    if year >= 2007:  # Energy Policy Act of 2005: second Sunday of March, first of November
        return sunday_from(date(year, 3, 8)), sunday_from(date(year, 11, 1))
    # Since 1987: first Sunday of April, last of October.
    return sunday_from(date(year, 4, 1)), sunday_from(date(year, 10, 25))


def sunday_from(day: date) -> date:
    """The first Sunday on or after a day."""
    return day + timedelta(days=6 - day.weekday())


@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR + 1))
def test_the_opening_moves_by_an_hour_when_the_clocks_change(year: int) -> None:
    """Around all 92 switches: 14:30 UTC in winter, 13:30 in summer, 390 minutes on both sides (R21)."""
    for sunday, hour_before, hour_after in zip(switches_of(year), (14, 13), (13, 14), strict=True):
        before, after = sunday - timedelta(days=1), sunday + timedelta(days=1)
        while not is_trading_day(before):
            before -= timedelta(days=1)
        while not is_trading_day(after):
            after += timedelta(days=1)
        for day, hour in ((trading_day(before), hour_before), (trading_day(after), hour_after)):
            assert (day.open_at.hour, day.open_at.minute) == (hour, 30)
            assert day.open_at.astimezone(NEW_YORK).hour == 9
            assert day.session_minutes == 390


@pytest.mark.parametrize("day", ["2025-01-09", "2026-12-25", "2026-11-28", "2012-10-29"])
def test_a_closed_day_has_no_hours(day: str) -> None:
    """Asking for them is a mistake that says which day."""
    with pytest.raises(ValueError, match=f"closed on {day}"):
        trading_day(date.fromisoformat(day))


def test_a_day_known_to_have_been_traded_has_hours_whatever_the_rules_say() -> None:
    """Replayed data may have a day that the calendar does not know."""
    hours = trading_day_on(date(2026, 12, 25))
    assert (hours.open_at, hours.close_at) == (utc("2026-12-25 14:30"), utc("2026-12-25 21:00"))
    assert not hours.is_half_day
    assert trading_day_on(date(2026, 11, 27)) == trading_day(date(2026, 11, 27))


def test_an_instant_is_no_date() -> None:
    """Which day 02:00 UTC belongs to is for the caller to say."""
    with pytest.raises(TypeError, match="not the instant"):
        trading_day(utc("2026-07-01 02:00"))
    with pytest.raises(TypeError, match="not the instant"):
        trading_day_on(utc("2026-07-01 02:00"))
