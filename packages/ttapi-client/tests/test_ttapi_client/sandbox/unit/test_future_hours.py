# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The hours of futures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise

from ttapi_client.sandbox.world.future_hours import (
    FIRST_DATE,
    LAST_DATE,
    closures,
    future_hours,
    sessions_from,
    sessions_until,
    short_days,
)
from ttapi_core import market_calendar


def test_sessions_never_overlap_and_leave_an_hour_between_them() -> None:
    """Over forty-five years of holidays and clock changes."""
    sessions = list(sessions_from(FIRST_DATE))
    for earlier, later in pairwise(sessions):
        assert earlier.start_at < earlier.open_at < earlier.close_at < later.start_at
        assert later.open_at - earlier.close_at >= timedelta(hours=1)
    assert sessions[-1].date == LAST_DATE
    assert list(sessions_until(LAST_DATE)) == sessions[::-1]


def test_every_day_of_the_stock_exchange_has_a_session() -> None:
    """Futures rest less often."""
    for day in market_calendar.trading_dates(date(2020, 1, 1), date(2026, 12, 31)):
        hours = future_hours(day)
        assert hours is not None
        assert hours.close_at.hour in {17, 18, 21, 22}


def test_a_monday_opens_on_sunday() -> None:
    """At 18:00 New York, in summer 22:00 UTC."""
    hours = future_hours(date(2026, 7, 6))
    assert hours is not None
    assert hours.open_at == datetime(2026, 7, 5, 22, 0, tzinfo=UTC)
    assert hours.close_at == datetime(2026, 7, 6, 21, 0, tzinfo=UTC)


def test_calendars_agree_with_the_sessions() -> None:
    """A closure has none, a short day closes early; weekends have none and are in no calendar."""
    for year in (2024, 2026):
        assert all(future_hours(day) is None for day in closures(year))
        for day in short_days(year):
            hours = future_hours(day)
            assert hours is not None
            assert hours.close_at.hour in {17, 18}
    assert future_hours(date(2026, 11, 21)) is None
    assert future_hours(FIRST_DATE - timedelta(days=1)) is None
    assert future_hours(LAST_DATE + timedelta(days=1)) is None
    assert [one.date.day for one in islice(sessions_from(date(2026, 11, 20)), 2)] == [20, 23]
