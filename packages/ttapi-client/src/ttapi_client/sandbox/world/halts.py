# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Names whose trading is halted: for half an hour a day, for three days, until further notice."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from ttapi_client.sandbox.world.listings import GENERATED_FROM
from ttapi_core.trading_day import NEW_YORK

if TYPE_CHECKING:
    from ttapi_client.sandbox.world.listings import Listing
    from ttapi_core.trading_day import TradingDay

_BEFORE_OPENING: Final = time(9, 0)  # New York
# By the number of a generated name.
_EVERY_DAY: Final = 1512
_BY_NEWS: Final = {1515: datetime.combine(date(2026, 11, 12), _BEFORE_OPENING, tzinfo=NEW_YORK)}
_WHOLE_DAYS: Final = {1518: frozenset({date(2024, 3, 5), date(2024, 3, 6), date(2024, 3, 7)})}
_SILENT_HALF: Final = 3  # 11:00 to 11:30
_HALF_HOUR: Final = timedelta(minutes=30)


def silent_halves(listing: Listing) -> frozenset[int]:
    """The half hours of every session, counted from 0, in which nothing is traded."""
    return frozenset({_SILENT_HALF}) if _number(listing) == _EVERY_DAY else frozenset()


def silent_days(listing: Listing) -> frozenset[date]:
    """The days without any trade in the midst of its history."""
    return _WHOLE_DAYS.get(_number(listing), frozenset())


def last_trading_day(listing: Listing) -> date | None:
    """The day after which nothing is traded until further notice; None for nearly all names."""
    since = _BY_NEWS.get(_number(listing))
    return None if since is None else since.date() - timedelta(days=1)


def halted_since(listing: Listing, at: datetime, hours: TradingDay) -> datetime | None:
    """When the halt began that is in force at an instant of a trading day; None when there is none."""
    news, days = _BY_NEWS.get(_number(listing)), silent_days(listing)
    if news is not None and at >= news:
        return news
    if at.astimezone(NEW_YORK).date() in days:
        begins = datetime.combine(min(days), _BEFORE_OPENING, tzinfo=NEW_YORK)
        return begins if begins <= at else None
    begins = hours.open_at + _SILENT_HALF * _HALF_HOUR
    return begins if silent_halves(listing) and begins <= at < begins + _HALF_HOUR else None


def _number(listing: Listing) -> int:
    return listing.number - GENERATED_FROM
