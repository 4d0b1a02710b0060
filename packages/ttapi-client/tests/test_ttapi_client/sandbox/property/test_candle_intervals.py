# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candles of any interval, of any name, at any instant: they add up, and they lie where they belong."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from hypothesis import assume, given, strategies as st

from ttapi_client.sandbox import World
from ttapi_client.sandbox.dxlink.candle_columns import MadeCandles, put_together
from ttapi_client.sandbox.dxlink.candle_intervals import MOST_ROWS, candles_since
from ttapi_client.sandbox.dxlink.candle_symbol import parse_candle_symbol
from ttapi_client.sandbox.dxlink.subjects import SubjectFinder
from ttapi_client.sandbox.world.listings import all_listings
from ttapi_core.clock import ManualClock

if TYPE_CHECKING:
    from ttapi_client.sandbox.dxlink.candle_columns import CandleColumns

NEW_YORK = ZoneInfo("America/New_York")
EVENING = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
SECONDS = {"s": 1, "m": 60, "h": 3600}
symbols = st.sampled_from([listing.symbol for listing in all_listings()[::40]])
instants = st.integers(min_value=0, max_value=60 * 24 * 30).map(
    lambda minutes: EVENING + timedelta(minutes=minutes)
)
counts = st.integers(min_value=1, max_value=400)


@given(
    symbol=symbols,
    at=instants,
    days=st.integers(min_value=0, max_value=4),
    count=counts,
    unit=st.sampled_from(["s", "m", "h"]),
    key=st.sampled_from(["", ",tho=true", ",a=s", ",a=s,tho=true"]),
)
def test_bars_within_days_add_up_to_the_days(
    symbol: str, at: datetime, days: int, count: int, unit: str, key: str
) -> None:
    """Whatever the interval, however much of today has passed."""
    start = _ms(datetime.combine(at.date() - timedelta(days=days), datetime.min.time(), tzinfo=UTC))
    seconds = count * SECONDS[unit]
    assume(seconds >= 5 and seconds <= 86_400)
    bars, daily = (_candles(symbol, at, interval, start) for interval in (f"{count}{unit}{key}", "d"))
    assume(len(bars.times) < MOST_ROWS)
    assert _together(bars) == _together(daily)
    assert all(after > before for before, after in pairwise(bars.times))
    for time, low, high, vwap in zip(bars.times, bars.low, bars.high, bars.vwap or (), strict=True):
        assert low <= vwap <= high
        wall = datetime.fromtimestamp(time / 1000, NEW_YORK)
        offset = wall.hour * 3600 + wall.minute * 60 + wall.second
        assert (offset - (34_200 if "a=s" in key else 0)) % seconds == 0


@given(
    symbol=symbols,
    at=instants,
    days=st.integers(min_value=0, max_value=2000),
    count=counts,
    unit=st.sampled_from(["d", "w", "mo"]),
)
def test_days_put_together_add_up(symbol: str, at: datetime, days: int, count: int, unit: str) -> None:
    """From the first candle on that begins after the start."""
    coarse = _candles(symbol, at, f"{count}{unit}", _ms(at - timedelta(days=days)))
    if not coarse.times:
        return
    daily = _candles(symbol, at, "d", coarse.times[0])
    assert _together(coarse) == _together(daily)
    assert all(time % 86_400_000 == 0 for time in coarse.times)
    weekdays = {datetime.fromtimestamp(time / 1000, UTC).weekday() for time in coarse.times}
    assert unit != "w" or weekdays == {0}
    assert unit != "mo" or {datetime.fromtimestamp(time / 1000, UTC).day for time in coarse.times} == {1}


@given(symbol=symbols, at=instants, count=st.integers(min_value=25, max_value=500))
def test_bars_longer_than_a_day_add_up(symbol: str, at: datetime, count: int) -> None:
    """Several sessions in one candle, each in one only."""
    start = _ms(at - timedelta(days=40))
    bars = _candles(symbol, at, f"{count}h", start)
    if not bars.times:
        return
    minutes = _candles(symbol, at, "m", bars.times[0])
    assert _together(bars) == _together(minutes)
    assert all(after - before >= (count - 1) * 3_600_000 for before, after in pairwise(bars.times))


@given(symbol=symbols, at=instants, offset=st.integers(min_value=-7200, max_value=12 * 3600))
def test_a_later_start_cuts_and_changes_nothing(symbol: str, at: datetime, offset: int) -> None:
    """In the midst of a session, too."""
    day = _ms(datetime.combine(at.date(), datetime.min.time(), tzinfo=UTC) - timedelta(days=3))
    whole = _candles(symbol, at, "5m", day)
    from_time = day + 4 * 3_600_000 + 34_200_000 + offset * 1000
    part = _candles(symbol, at, "5m", from_time)
    kept = sum(time >= from_time for time in whole.times)
    assert list(part.times) == list(whole.times)[len(whole.times) - kept :]
    assert list(part.close) == list(whole.close)[len(whole.times) - kept :]
    assert list(part.volume) == list(whole.volume)[len(whole.times) - kept :]


def test_a_long_history_is_made_with_pauses() -> None:
    """At least one for every session, so that others have their turn."""
    world = World.seeded(clock=ManualClock(EVENING))
    pauses = 0

    async def pause() -> None:
        nonlocal pauses
        pauses += 1

    subject, interval = SubjectFinder(world).find("AAPL"), parse_candle_symbol("AAPL{=m}")
    assert subject is not None
    assert interval is not None
    part = asyncio.run(candles_since(subject, interval, 0, pause=pause))
    assert part.is_cut
    assert pauses > 60


def test_candles_without_volume_have_an_average_too() -> None:
    """The last one: recordings of indexes have no volume."""
    zeros = MadeCandles(
        times=[0, 1],
        open=[1.0, 2.0],
        high=[1.0, 2.0],
        low=[1.0, 2.0],
        close=[1.0, 2.0],
        volume=[0, 0],
        vwap=[1.0, 2.0],
    )
    together = put_together(zeros, [0, 0])
    assert (together.close, together.volume, together.vwap) == ([2.0], [0], [2.0])


def _candles(symbol: str, at: datetime, interval: str, from_time: int) -> CandleColumns:
    async def pause() -> None: ...

    subject = SubjectFinder(World.seeded(clock=ManualClock(at))).find(symbol)
    parsed = parse_candle_symbol(f"{symbol}{{={interval}}}")
    assert parsed is not None
    assert parsed.is_simulated
    assume(subject is not None)
    assert subject is not None
    part = asyncio.run(candles_since(subject, parsed, from_time, pause=pause))
    assert part.candles is not None
    return part.candles


def _together(candles: CandleColumns) -> tuple[Any, ...]:
    if not candles.times:
        return ()
    return (
        candles.open[0],
        max(candles.high),
        min(candles.low),
        candles.close[-1],
        sum(candles.volume),
    )


def _ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
