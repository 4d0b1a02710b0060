# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candles of any simulated interval, made of a market's days or of the bars within them (API facts 7.4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.dxlink.candle_columns import MadeCandles, joined, of_bars, put_together
from ttapi_core.trading_day import NEW_YORK

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from ttapi_client.sandbox.dxlink.candle_columns import CandleColumns
    from ttapi_client.sandbox.dxlink.candle_symbol import CandleSymbol
    from ttapi_client.sandbox.dxlink.subjects import Subject
    from ttapi_client.sandbox.world.market import Market
    from ttapi_core.trading_day import TradingDay

MOST_ROWS: Final = 25_000  # of one snapshot (API facts 7.4)
_DAY_MS: Final = 86_400_000
_DAY_SECONDS: Final = 86_400
_WIDTHS: Final = (1800, 60, 1)  # of the bars that a market makes, in seconds
_MOST_BARS: Final = 1800  # that are made at once
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}
_LONGEST_SECONDS: Final = _SECONDS | {
    "d": _DAY_SECONDS,
    "w": 7 * _DAY_SECONDS,
    "mo": 31 * _DAY_SECONDS,
}
_LONGEST_CLOSURE_DAYS: Final = 10
_EPOCH: Final = date(1970, 1, 1)
_DAYS_BEFORE_EPOCH: Final = 3  # the Monday of its week
_MONTHS: Final = 12


@attrs.frozen
class Part:
    """Candles, oldest first, and whether older ones exist that were asked for and left out."""

    candles: CandleColumns | None  # None: for such a symbol there are none
    is_cut: bool = False


async def candles_since(
    subject: Subject,
    interval: CandleSymbol,
    from_time: int,
    *,
    most: int = MOST_ROWS,
    pause: Callable[[], Awaitable[None]],
) -> Part:
    """
    The candles that begin at a time or later.

    Parameters
    ----------
    from_time
        Milliseconds.
    most
        How many at most; the newest ones are kept. Days are never left out: a market has not that many.
    pause
        Awaited every now and then, so that a long history lets others have their turn.
    """
    if interval.unit in _SECONDS:
        return await _within_days(subject, interval, from_time, most, pause)
    days = subject.daily(from_time)
    if days is None or (interval.count == 1 and interval.unit == "d"):
        return Part(days)
    begins = [_first_day(interval, day) * _DAY_MS for day in (time // _DAY_MS for time in days.times)]
    return Part(put_together(days, begins).since(from_time))


def _first_day(interval: CandleSymbol, day: int) -> int:
    """The day, counted from 1970, with which the candle begins that a day belongs to."""
    count = interval.count
    if interval.unit == "d":
        return day // count * count
    if interval.unit == "w":
        return (day + _DAYS_BEFORE_EPOCH) // (7 * count) * (7 * count) - _DAYS_BEFORE_EPOCH
    on = _EPOCH + timedelta(days=day)
    month = ((on.year - _EPOCH.year) * _MONTHS + on.month - 1) // count * count
    return (date(_EPOCH.year + month // _MONTHS, month % _MONTHS + 1, 1) - _EPOCH).days


async def _within_days(
    subject: Subject,
    interval: CandleSymbol,
    from_time: int,
    most: int,
    pause: Callable[[], Awaitable[None]],
) -> Part:
    seconds = interval.count * _SECONDS[interval.unit]
    width = next(width for width in _WIDTHS if seconds % width == 0)
    parts: list[MadeCandles] = []
    rows = 0
    sessions = sessions_newest_first(subject.world.market, from_time) if subject.bars_symbol else ()
    for day in sessions:
        bars = await _bars(subject, day, width, from_time, pause)
        if bars is not None:
            begins = _beginnings(bars.times, day, seconds, is_session=interval.is_aligned_to_session)
            part = put_together(bars, begins).since(from_time)
            parts.append(part)
            rows += len(part.times)
        if rows > most:
            break
    if not parts:
        return Part(None if subject.daily(from_time) is None else _NO_CANDLES)
    made = joined(parts[::-1])
    if seconds > _DAY_SECONDS:
        # One candle of several sessions came in parts.
        made = put_together(made, made.times)
    return Part(made.newest(most), is_cut=rows > most)


_NO_CANDLES: Final = MadeCandles(times=[], open=[], high=[], low=[], close=[], volume=[], vwap=[])


async def _bars(
    subject: Subject, day: TradingDay, width: int, from_time: int, pause: Callable[[], Awaitable[None]]
) -> MadeCandles | None:
    """The bars of one session from a time on; None when there are none."""
    first = max(0, (from_time - milliseconds(day.open_at)) // 1000 // width * width)
    length = milliseconds(day.close_at) - milliseconds(day.open_at)
    stretch = _MOST_BARS * width
    found: list[MadeCandles] = []
    for start in range(first, length // 1000, stretch):
        bars = subject.bars(day.date, width, start=start, stop=start + stretch)
        if bars is not None and bars.times:
            found.append(of_bars(bars))
        await pause()
    return joined(found) if found else None


def lookback(interval: CandleSymbol) -> int:
    """So many milliseconds back, the newest candle has begun, whatever holidays came in between."""
    width = interval.count * _LONGEST_SECONDS[interval.unit]
    return (width + _LONGEST_CLOSURE_DAYS * _DAY_SECONDS) * 1000


def sessions_newest_first(market: Market, from_time: int) -> Iterator[TradingDay]:
    """The sessions up to now of which something lies after a time in milliseconds, which may be any."""
    today = market.today
    first = max(market.first_date, _new_york_date(from_time))
    for day in reversed(market.trading_dates(first, today) if first <= today else ()):
        session = market.session(day)
        if session is not None and milliseconds(session.close_at) > from_time:
            yield session


def milliseconds(instant: datetime) -> int:
    """Since 1970, as the feed counts them."""
    return round(instant.timestamp() * 1000)


def _new_york_date(moment: int) -> date:
    return datetime.fromtimestamp(moment / 1000, UTC).astimezone(NEW_YORK).date()


def _beginnings(times: Sequence[int], day: TradingDay, seconds: int, *, is_session: bool) -> list[int]:
    """For each bar of a session, when the candle of so many seconds begins that it belongs to."""
    midnight = datetime.combine(day.date, time(), tzinfo=NEW_YORK)
    if seconds > _DAY_SECONDS:
        days = (day.date - _EPOCH).days * _DAY_SECONDS
        walls = [days + (one - milliseconds(midnight)) // 1000 for one in times]
        return [_instant_of_wall(wall // seconds * seconds) for wall in walls]
    base = milliseconds(day.open_at if is_session else midnight)
    step = seconds * 1000
    return [base + (one - base) // step * step for one in times]


def _instant_of_wall(seconds: int) -> int:
    """Milliseconds at which a clock in New York shows so many seconds since the midnight of 1970."""
    wall = datetime.combine(_EPOCH, time()) + timedelta(seconds=seconds)
    return milliseconds(wall.replace(tzinfo=NEW_YORK))
