# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Trading days as columns: date, the feed's time, the feed's index."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_core import market_calendar

if TYPE_CHECKING:
    from collections.abc import Iterable

FIRST_DATE: Final = date(2008, 1, 2)
_EPOCH: Final = date(1970, 1, 1).toordinal()
_DAY_MS: Final = 86_400_000
LAST_DATE: Final = date(market_calendar.LAST_YEAR, 12, 31)


@attrs.frozen
class TradingTable:
    """Three columns of equal length, oldest first; a row is one trading day."""

    dates: tuple[date, ...]
    times: tuple[int, ...]  # milliseconds UTC of the date's midnight (API facts 7.4)
    indexes: tuple[int, ...]  # seconds shifted left by 32 bits (API facts 7.5)

    @classmethod
    def of(cls, dates: Iterable[date]) -> TradingTable:
        """The table of these dates, which must be in order."""
        days = tuple(dates)
        times = tuple(midnight_ms(day) for day in days)
        return cls(days, times, tuple(time // 1000 << 32 for time in times))

    def count_until(self, day: date) -> int:
        """How many trading days lie on or before a date."""
        return bisect_right(self.dates, day)

    def position_from(self, time: int) -> int:
        """The row of the first trading day at or after a time in milliseconds."""
        return bisect_left(self.times, time)


def midnight_ms(day: date) -> int:
    """
    Milliseconds at 00:00 UTC of a date, which is the feed's time of a daily candle.

    Examples
    --------
    >>> midnight_ms(date(2026, 6, 15))
    1781481600000
    """
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000


def date_at(time: int) -> date:
    """
    The date whose midnight in UTC that is, in milliseconds: the other way round.

    Examples
    --------
    >>> date_at(1781481600000).isoformat()
    '2026-06-15'
    """
    return date.fromordinal(_EPOCH + time // _DAY_MS)


@cache
def trading_table() -> TradingTable:
    """The New York exchange's days over the whole span that the sandbox simulates."""
    return TradingTable.of(market_calendar.trading_dates(FIRST_DATE, LAST_DATE))
