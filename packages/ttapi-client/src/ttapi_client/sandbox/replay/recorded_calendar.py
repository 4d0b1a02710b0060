# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The trading days of a recording: the exchange's, as the service told them, or those that have candles."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, Self

import attrs

from ttapi_client.sandbox.replay.lake_cells import read_rows
from ttapi_core.trading_day import NEW_YORK, TradingDay, trading_day_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

_COLUMNS: Final = ("date", "open_at", "close_at", "is_half_day", "session_minutes")


@attrs.frozen
class RecordedCalendar:
    """Days in order, and the hours of each."""

    dates: tuple[date, ...]
    _hours: Mapping[date, TradingDay]

    @classmethod
    def of(cls, days: Iterable[TradingDay]) -> Self:
        """The calendar of these days."""
        hours = {day.date: day for day in days}
        return cls(tuple(sorted(hours)), hours)

    @classmethod
    def of_dates(cls, dates: Iterable[date]) -> Self:
        """The calendar of these dates, with the hours that the exchange's rules give them."""
        return cls.of(map(trading_day_on, dates))

    def between(self, start: date, end: date) -> Sequence[date]:
        """The days from start to end, both included."""
        return self.dates[bisect_left(self.dates, start) : bisect_right(self.dates, end)]

    def hours(self, day: date) -> TradingDay | None:
        """When the market opens and closes on a day; None for a day on which it does not."""
        return self._hours.get(day)


def read_trading_days(path: Path) -> list[TradingDay]:
    """
    The trading days of a lake.

    Raises
    ------
    DataError
        For the first cell that is damaged, or says something else than the hours beside it.
    """
    days: list[TradingDay] = []
    for row in read_rows(path, _COLUMNS):
        day = TradingDay(
            date=row.day("date"), open_at=row.instant("open_at"), close_at=row.instant("close_at")
        )
        if days and day.date <= days[-1].date:
            raise row.error("date", "does not come after the row before it")
        if day.open_at.astimezone(NEW_YORK).date() != day.date:
            raise row.error("open_at", f"is not on {day.date} in New York")
        if day.close_at <= day.open_at:
            raise row.error("close_at", "does not come after the opening")
        if row.flag("is_half_day") != day.is_half_day:
            raise row.error("is_half_day", "is not what the hours say")
        if row.count("session_minutes") != day.session_minutes:
            raise row.error("session_minutes", "is not what the hours say")
        days.append(day)
    return days
