# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Quotes made of a day's path: the last trade and what came before it, and a bid and an ask around it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.draws import draws
from ttapi_client.sandbox.world.halts import halted_since
from ttapi_client.sandbox.world.market import MarketQuote
from ttapi_client.sandbox.world.trading_table import date_at
from ttapi_core.trading_day import NEW_YORK

if TYPE_CHECKING:
    from ttapi_client.sandbox.world.intraday import DayPath
    from ttapi_client.sandbox.world.listings import Listing
    from ttapi_client.sandbox.world.market import DailyCandles
    from ttapi_core.trading_day import TradingDay

CANDLE_DELAY: Final = timedelta(minutes=15)  # from the close until the day's candle is final
_LAST_PRINT: Final = timedelta(seconds=5)  # after the close
_HALF_SPREAD: Final = 0.0001  # of the price; a tick at least
_SIZES: Final = 12  # hundreds of shares on each side, at most
_WIDER: Final = 192  # of 256: from this draw on, the spread is a tick wider on either side
_DEFAULT_VOLATILITY: Final = 0.2  # where the history does not say
_FRIDAY, _SUNDAY = 4, 6
_EVENING: Final = time(20, 0)  # New York: the week's quotes begin on Sunday and end on Friday


@attrs.frozen(kw_only=True)
class QuoteBasis:
    """What quotes of one day need; small enough to keep for every name."""

    listing: Listing
    hours: TradingDay
    path: DayPath
    unit: int  # of the path, in a dollar; a multiple of 100
    prev_day: date | None
    prev_close: float | None
    prev_volume: int | None
    year_high_before: float  # of the days before this one; 0 when there is none
    year_low_before: float
    implied_volatility: float

    @classmethod
    def of(
        cls, listing: Listing, year: DailyCandles, *, hours: TradingDay, path: DayPath, unit: int
    ) -> QuoteBasis:
        """The basis for the last day of these candles, which the path is about."""
        has_past = len(year.times) > 1
        volatilities = year.implied_volatility or [_DEFAULT_VOLATILITY]
        return cls(
            listing=listing,
            hours=hours,
            path=path,
            unit=unit,
            prev_day=date_at(year.times[-2]) if has_past else None,
            prev_close=year.close[-2] if has_past else None,
            prev_volume=year.volume[-2] if has_past else None,
            year_high_before=max(year.high[:-1], default=0.0),
            year_low_before=min(year.low[:-1], default=float("inf")),
            implied_volatility=volatilities[-1],
        )

    def quote(self, at: datetime) -> MarketQuote | None:
        """The quote at an instant since the opening; None while nothing has been traded."""
        hours, unit = self.hours, self.unit
        second = int((at - hours.open_at).total_seconds())
        day, latest = self.path.until(second), self.path.latest(second)
        if day is None or latest is None:
            return None
        halted_at = halted_since(self.listing, at, hours)
        updated_at = _last_moved(self.listing, hours, at if halted_at is None else min(at, halted_at))
        bid, ask, sizes = _sides(self.listing, day.close, unit, updated_at)
        high, low = day.high / unit, day.low / unit
        return MarketQuote(
            listing=self.listing,
            bid=bid / unit if bid > 0 else None,
            ask=None if self.listing.is_illiquid else ask / unit,
            bid_size=1 + sizes[0] % _SIZES if bid > 0 else 0,
            ask_size=0 if self.listing.is_illiquid else 1 + sizes[1] % _SIZES,
            last=day.close / unit,
            last_size=latest[1].volume,
            open=day.open / unit,
            day_high=high,
            day_low=low,
            close=day.close / unit if at >= hours.close_at + CANDLE_DELAY else None,
            prev_close=self.prev_close,
            year_high=max(self.year_high_before, high),
            year_low=min(self.year_low_before, low),
            volume=day.volume,
            summary_date=hours.date,
            prev_close_date=self.prev_day,
            implied_volatility=self.implied_volatility,
            prev_volume=self.prev_volume,
            halted_at=halted_at,
            updated_at=updated_at,
            last_trade_at=hours.open_at + timedelta(seconds=latest[0]),
        )


def _sides(listing: Listing, last: int, unit: int, at: datetime) -> tuple[int, int, bytes]:
    """Bid and ask in the path's unit, moved by chance around the last price every second, and two draws."""
    tick = unit // 100
    half = max(1, round(last / tick * _HALF_SPREAD)) * tick
    chance = draws(f"quote/{listing.symbol}/{int(at.timestamp())}", 0, 3)
    shift = (chance[2] % 3 - 1) * tick if half > tick else 0
    half += tick if chance[2] >= _WIDER else 0
    return last - half + shift, last + half + shift, chance[:2]


def _last_moved(listing: Listing, hours: TradingDay, at: datetime) -> datetime:
    """
    The instant, a whole second, when the bid and the ask last moved.

    Those of a generated name rest outside regular hours, those of a well-known one from Friday evening
    to Sunday evening.
    """
    at = at.replace(microsecond=0)
    if not listing.is_well_known:
        return min(at, hours.close_at + _LAST_PRINT)
    local = at.astimezone(NEW_YORK)
    weekday, is_evening = local.weekday(), local.time() >= _EVENING
    if weekday < _FRIDAY or (weekday == _FRIDAY and not is_evening) or (weekday == _SUNDAY and is_evening):
        return at
    friday = local.date() - timedelta(days=weekday - _FRIDAY)
    return datetime.combine(friday, _EVENING, tzinfo=NEW_YORK).astimezone(at.tzinfo)
