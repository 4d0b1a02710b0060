# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
When futures trade: from 18:00 of the evening before to 17:00 New York, Sunday evening to Friday.

Simplified: both venues keep the same hours. On a day on which New York's stocks rest they close at 13:00,
but on New Year, Good Friday and Christmas they have no session. The venues' own exceptions are not known.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_core import market_calendar
from ttapi_core.trading_day import NEW_YORK

if TYPE_CHECKING:
    from collections.abc import Iterator

VENUES: Final = ("CME", "CFE")
FIRST_DATE: Final = date(market_calendar.FIRST_YEAR, 1, 2)  # the first whose evening before is known
LAST_DATE: Final = date(market_calendar.LAST_YEAR, 12, 31)
_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)
_OPEN: Final = time(18, 0)  # of the evening before
_CLOSE: Final = time(17, 0)
_EARLY_CLOSE: Final = time(13, 0)
_PRE_OPEN: Final = timedelta(minutes=15)
_CLOSURES: Final = frozenset({"New Year", "Good Friday", "Christmas"})


@attrs.frozen(kw_only=True)
class FutureHours:
    """One session, named for the day on which it ends; the instants are UTC."""

    date: date
    start_at: datetime  # orders are taken
    open_at: datetime
    close_at: datetime


def future_hours(day: date) -> FutureHours | None:
    """The session of a day, or None when there is none."""
    if not FIRST_DATE <= day <= LAST_DATE or day.weekday() >= _SATURDAY:
        return None
    holiday = market_calendar.holidays(day.year).get(day)
    if holiday in _CLOSURES:
        return None
    is_short = holiday is not None or market_calendar.is_half_day(day)
    open_at = _instant(day - _DAY, _OPEN)
    return FutureHours(
        date=day,
        start_at=open_at - _PRE_OPEN,
        open_at=open_at,
        close_at=_instant(day, _EARLY_CLOSE if is_short else _CLOSE),
    )


def sessions_from(day: date) -> Iterator[FutureHours]:
    """The sessions of a day and after it."""
    while day <= LAST_DATE:
        if (hours := future_hours(day)) is not None:
            yield hours
        day += _DAY


def sessions_until(day: date) -> Iterator[FutureHours]:
    """The sessions of a day and before it, latest first."""
    while day >= FIRST_DATE:
        if (hours := future_hours(day)) is not None:
            yield hours
        day -= _DAY


def closures(year: int) -> list[date]:
    """The weekdays of a year without a session."""
    return [day for day, name in market_calendar.holidays(year).items() if name in _CLOSURES]


def short_days(year: int) -> list[date]:
    """The days of a year that close early."""
    rest = [day for day, name in market_calendar.holidays(year).items() if name not in _CLOSURES]
    return sorted([*rest, *market_calendar.half_days(year)])


def _instant(day: date, wall: time) -> datetime:
    return datetime.combine(day, wall, tzinfo=NEW_YORK).astimezone(UTC)
