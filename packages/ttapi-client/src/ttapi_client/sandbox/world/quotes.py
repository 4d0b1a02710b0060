# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Quotes made of candles: after the close they rest on the last one, during the day they move through it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.draws import fraction
from ttapi_client.sandbox.world.market import DailyCandles, MarketQuote
from ttapi_core.trading_day import trading_day_on

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from ttapi_client.sandbox.world.listings import Listing

_LAST_PRINT: Final = timedelta(seconds=5)  # after the close
_TICK: Final = 0.01
_DEFAULT_VOLATILITY: Final = 0.2  # where the history does not say


@attrs.frozen(kw_only=True)
class QuoteBasis:
    """What quotes of one day need from the candles up to that day; small enough to keep for every name."""

    listing: Listing
    day: date
    prev_day: date | None
    open: float
    high: float
    low: float
    close: float
    volume: int
    prev_close: float | None
    year_high_before: float  # of the days before this one
    year_low_before: float
    implied_volatility: float

    @classmethod
    def of(cls, listing: Listing, year: DailyCandles, days: Sequence[date]) -> QuoteBasis:
        """The basis for the last of these days, which are those of the candles."""
        has_past = len(days) > 1
        return cls(
            listing=listing,
            day=days[-1],
            prev_day=days[-2] if has_past else None,
            open=year.open[-1],
            high=year.high[-1],
            low=year.low[-1],
            close=year.close[-1],
            volume=year.volume[-1],
            prev_close=year.close[-2] if has_past else None,
            year_high_before=max(year.high[:-1], default=year.open[-1]),
            year_low_before=min(year.low[:-1], default=year.open[-1]),
            implied_volatility=year.implied_volatility[-1]
            if year.implied_volatility
            else _DEFAULT_VOLATILITY,
        )


def quote_after_close(basis: QuoteBasis) -> MarketQuote:
    """The quote once the day is over: last price, close and extremes are those of its candle."""
    return _quote(
        basis,
        last=basis.close,
        close=basis.close,
        extremes=(basis.low, basis.high),
        volume=basis.volume,
        updated_at=trading_day_on(basis.day).close_at + _LAST_PRINT,
    )


def quote_during_day(basis: QuoteBasis, now: datetime) -> MarketQuote:
    """The quote while the day goes on: on the way from its open to the close that it will have."""
    day = trading_day_on(basis.day)
    elapsed = min(1.0, (now - day.open_at) / (day.close_at - day.open_at))
    last = _as_written(basis.open + (basis.close - basis.open) * elapsed, basis.open)
    return _quote(
        basis,
        last=last,
        close=None,
        extremes=(min(basis.open, last), max(basis.open, last)),
        volume=int(basis.volume * elapsed),
        updated_at=min(now, day.close_at + _LAST_PRINT),
    )


def _quote(
    basis: QuoteBasis,
    *,
    last: float,
    close: float | None,
    extremes: tuple[float, float],
    volume: int,
    updated_at: datetime,
) -> MarketQuote:
    low, high = extremes
    listing = basis.listing
    half_spread = max(_TICK, round(last * 0.0001, 2))
    size = int(144 * fraction(f"size/{listing.symbol}/{basis.day}"))
    return MarketQuote(
        listing=listing,
        bid=_as_written(last - half_spread, last) if last > half_spread else None,
        ask=None if listing.is_illiquid else _as_written(last + half_spread, last),
        bid_size=1 + size // 12,
        ask_size=0 if listing.is_illiquid else 1 + size % 12,
        last=last,
        open=basis.open,
        day_high=high,
        day_low=low,
        close=close,
        prev_close=basis.prev_close,
        year_high=max(basis.year_high_before, high),
        year_low=min(basis.year_low_before, low),
        volume=volume,
        summary_date=basis.day,
        prev_close_date=basis.prev_day,
        implied_volatility=basis.implied_volatility,
        updated_at=updated_at,
    )


def _as_written(price: float, like: float) -> float:
    """The price rounded to as many digits as a neighbour of it has, at least cents."""
    return round(price, max(2, len(repr(like).partition(".")[2])))
