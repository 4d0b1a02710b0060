# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The New York Stock Exchange's calendar by rule: full closures and half days, each with its reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2035

_MONDAY, _WEDNESDAY, _THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY = 0, 2, 3, 4, 5, 6
_DAY = timedelta(days=1)

# Closures that no rule foresees; the exchange announced each of them.
_SPECIAL_CLOSURES: Final = {
    date(1994, 4, 27): "Day of mourning for President Nixon",
    date(2001, 9, 11): "Attacks of 11 September",
    date(2001, 9, 12): "Attacks of 11 September",
    date(2001, 9, 13): "Attacks of 11 September",
    date(2001, 9, 14): "Attacks of 11 September",
    date(2004, 6, 11): "Day of mourning for President Reagan",
    date(2007, 1, 2): "Day of mourning for President Ford",
    date(2012, 10, 29): "Hurricane Sandy",
    date(2012, 10, 30): "Hurricane Sandy",
    date(2018, 12, 5): "Day of mourning for President Bush",
    date(2025, 1, 9): "Day of mourning for President Carter",
}

_SPECIAL_HALF_DAYS: Final = {
    date(1997, 12, 26): "Day after Christmas",
    date(1999, 12, 31): "New Year's Eve",
    date(2003, 12, 26): "Day after Christmas",
}


def holidays(year: int) -> dict[date, str]:
    """
    The weekdays of a year on which the exchange is closed, with the reason; in order of date.

    Raises
    ------
    ValueError
        For a year outside 1990 to 2035, where the rules were not checked.

    Examples
    --------
    >>> [f"{day:%m-%d} {reason}" for day, reason in holidays(2026).items()][2:4]
    ['02-16 Presidents Day', '04-03 Good Friday']
    """
    return dict(_holidays(year))


def half_days(year: int) -> dict[date, str]:
    """
    The trading days of a year that close early (at 13:00 New York, save one), with the reason.

    Raises
    ------
    ValueError
        For a year outside 1990 to 2035.

    Examples
    --------
    >>> [day.isoformat() for day in half_days(2026)]
    ['2026-11-27', '2026-12-24']
    """
    return dict(_half_days(year))


def is_trading_day(day: date) -> bool:
    """
    Whether the exchange opens on that day.

    Raises
    ------
    ValueError
        For a weekday in a year outside 1990 to 2035.
    TypeError
        For a ``datetime``: which day it falls on depends on the time zone.

    Examples
    --------
    >>> is_trading_day(date(2026, 11, 26)), is_trading_day(date(2026, 11, 27))
    (False, True)
    """
    day = _without_time(day)
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


def is_half_day(day: date) -> bool:
    """Whether the exchange closes early on that day."""
    day = _without_time(day)
    return day in _half_days(day.year)


def trading_dates(start: date, end: date) -> list[date]:
    """
    The trading days from start to end, both included, in order; empty when end lies before start.

    Examples
    --------
    >>> [day.day for day in trading_dates(date(2026, 11, 25), date(2026, 11, 30))]
    [25, 27, 30]
    """
    days = (start + timedelta(days=offset) for offset in range((end - start).days + 1))
    return [day for day in days if is_trading_day(day)]


def _without_time(day: date) -> date:
    # To Python a datetime is a date that equals no date: Christmas at noon would be a trading day.
    if isinstance(day, datetime):
        message = f"the calendar wants a date, not the instant {day.isoformat()}"
        raise TypeError(message)
    return day


@cache
def _holidays(year: int) -> dict[date, str]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        message = f"the calendar is known from {FIRST_YEAR} to {LAST_YEAR}, not for {year}"
        raise ValueError(message)
    closed = {day: reason for day, reason in _SPECIAL_CLOSURES.items() if day.year == year}
    closed |= {
        _nth_weekday(year, 2, _MONDAY, 3): "Presidents Day",
        easter_sunday(year) - 2 * _DAY: "Good Friday",
        _last_monday_of_may(year): "Memorial Day",
        _observed(date(year, 7, 4)): "Independence Day",
        _nth_weekday(year, 9, _MONDAY, 1): "Labor Day",
        _nth_weekday(year, 11, _THURSDAY, 4): "Thanksgiving",
        _observed(date(year, 12, 25)): "Christmas",
    }
    # Rule 7.2: a Friday is not given off for a Saturday holiday when it ends the accounting year.
    if date(year, 1, 1).weekday() != _SATURDAY:
        closed[_observed(date(year, 1, 1))] = "New Year"
    if year >= 1998:  # noqa: PLR2004 - the exchange has observed it since then
        closed[_nth_weekday(year, 1, _MONDAY, 3)] = "Martin Luther King Day"
    if year >= 2022:  # noqa: PLR2004
        closed[_observed(date(year, 6, 19))] = "Juneteenth"
    return dict(sorted(closed.items()))


@cache
def _half_days(year: int) -> dict[date, str]:
    closed = _holidays(year)
    early = {day: reason for day, reason in _SPECIAL_HALF_DAYS.items() if day.year == year}
    if year >= 1992:  # noqa: PLR2004 - the exchange has done so since then
        early[_nth_weekday(year, 11, _THURSDAY, 4) + _DAY] = "Day after Thanksgiving"
    if (eve := date(year, 12, 24)).weekday() < _FRIDAY:
        early[eve] = "Christmas Eve"
    if (independence := _independence_half_day(year)) is not None:
        early[independence] = "Independence Day"
    return dict(sorted((day, reason) for day, reason in early.items() if day not in closed))


def _independence_half_day(year: int) -> date | None:
    """The short day before 4 July; until 2012, where that was a Wednesday, the Friday after instead."""
    before = date(year, 7, 3)
    if year < 1995 or before.weekday() > _THURSDAY:  # noqa: PLR2004
        return None
    if before.weekday() == _WEDNESDAY and year < 2013:  # noqa: PLR2004
        return before + 2 * _DAY
    return before


def easter_sunday(year: int) -> date:
    """
    Western Easter by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, chapter 8).

    Examples
    --------
    >>> easter_sunday(2026).isoformat()
    '2026-04-05'
    """
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    n = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * n) // 451
    month, day = divmod(h + n - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _observed(day: date) -> date:
    """A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after."""
    if day.weekday() == _SATURDAY:
        return day - _DAY
    return day + _DAY if day.weekday() == _SUNDAY else day


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())
