# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One trading day of the New York exchange: its date and the instants at which it opens and closes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from ttapi_core import market_calendar

NEW_YORK: Final = ZoneInfo("America/New_York")
OPEN: Final = time(9, 30)
CLOSE: Final = time(16, 0)
EARLY_CLOSE: Final = time(13, 0)
EARLY_CLOSE_UNTIL_1992: Final = time(14, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingDay:
    """
    Regular hours of one day; the date is New York's, the instants are UTC.

    Examples
    --------
    >>> day = trading_day(date(2026, 11, 27))
    >>> day.close_at.isoformat(), day.session_minutes
    ('2026-11-27T18:00:00+00:00', 210)
    """

    date: date
    open_at: datetime  # UTC
    close_at: datetime  # UTC

    @property
    def session_minutes(self) -> int:
        """Length of regular hours: 390, or 210 on a half day."""
        return int((self.close_at - self.open_at).total_seconds()) // 60

    @property
    def is_half_day(self) -> bool:
        """Whether the day closes before the usual hour."""
        return self.close_at.astimezone(NEW_YORK).time() < CLOSE


def trading_day(day: date) -> TradingDay:
    """
    The hours of a trading day by the exchange's rules.

    Raises
    ------
    ValueError
        When the exchange is closed on that day.
    """
    if not market_calendar.is_trading_day(day):
        message = f"the New York exchange is closed on {day.isoformat()}"
        raise ValueError(message)
    return trading_day_on(day)


def trading_day_on(day: date) -> TradingDay:
    """Regular hours on a date that is known to be a trading day, whatever the calendar's rules say of it."""
    close = CLOSE
    if market_calendar.is_half_day(day):
        close = EARLY_CLOSE if day.year > 1992 else EARLY_CLOSE_UNTIL_1992  # noqa: PLR2004
    return TradingDay(date=day, open_at=_instant(day, OPEN), close_at=_instant(day, close))


def _instant(day: date, wall: time) -> datetime:
    return datetime.combine(day, wall, tzinfo=NEW_YORK).astimezone(UTC)
