# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Bars within sessions, as a market gives them: when they begin, and what they add up to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ttapi_client.sandbox import World
from ttapi_client.sandbox.world.listings import all_listings
from ttapi_client.sandbox.world.trading_table import midnight_ms
from ttapi_core.clock import ManualClock
from ttapi_core.trading_day import trading_day

if TYPE_CHECKING:
    from ttapi_client.sandbox.world import Market

DAY = date(2026, 11, 19)
HALF_DAY = date(2025, 11, 28)
MADE_UP = next(one.symbol for one in all_listings() if not one.is_well_known)
NEW = next(one.symbol for one in all_listings() if one.listed_on == date(2026, 10, 1))
GONE = next(one.symbol for one in all_listings() if one.delisted_on == date(2026, 8, 31))


def _market(at: datetime) -> Market:
    return World.seeded(clock=ManualClock(at)).market


@pytest.mark.parametrize(("day", "halves"), [(DAY, 13), (HALF_DAY, 7)])
@pytest.mark.parametrize("width", [1, 60, 1800])
@pytest.mark.parametrize("symbol", ["AAPL", "SPX", "BRK/B", MADE_UP])
def test_the_bars_of_a_finished_day_are_its_candle(
    world: World, symbol: str, day: date, halves: int, width: int
) -> None:
    """Exactly, whatever their width; none of them lies outside the session."""
    bars, candles = world.market.bars(symbol, day, width), world.market.candles(symbol, midnight_ms(day))
    assert candles is not None
    assert bars is not None
    assert (bars.open[0], max(bars.high), min(bars.low), bars.close[-1], sum(bars.volume)) == (
        candles.open[0],
        candles.high[0],
        candles.low[0],
        candles.close[0],
        candles.volume[0],
    )
    hours = trading_day(day)
    opened, closed = (int(at.timestamp()) * 1000 for at in (hours.open_at, hours.close_at))
    assert all((time - opened) % (width * 1000) == 0 for time in bars.times)
    assert bars.times == sorted(set(bars.times))
    assert opened <= bars.times[0] <= bars.times[-1] < closed
    assert min(bars.volume) > 0
    if width == 1800:
        assert len(bars.times) == halves


@pytest.mark.parametrize("width", [1, 60, 1800])
def test_a_part_of_a_session_is_cut_out_of_it(world: World, width: int) -> None:
    """From one second after the opening up to another."""
    whole = world.market.bars("AAPL", DAY, width)
    part = world.market.bars("AAPL", DAY, width, start=3600, stop=7200)
    assert whole is not None
    assert part is not None
    opened = int(trading_day(DAY).open_at.timestamp()) * 1000
    rows = [row for row, time in enumerate(whole.times) if opened + 3_600_000 <= time < opened + 7_200_000]
    assert part.times == [whole.times[row] for row in rows]
    assert part.close == [whole.close[row] for row in rows]
    assert part.volume == [whole.volume[row] for row in rows]


def test_bars_appear_as_their_time_comes() -> None:
    """What has been served is never taken back; only the last bar goes on."""
    clock = ManualClock(trading_day(DAY).open_at)
    market = World.seeded(clock=clock).market
    before = market.bars("AAPL", DAY, 60)
    assert before is not None
    assert not before.times
    for _ in range(40):
        clock.advance(47)
        bars = market.bars("AAPL", DAY, 60)
        assert bars is not None
        count = len(before.times)
        finished = max(0, count - 1)
        assert bars.times[:count] == before.times
        assert bars.open[:count] == before.open
        assert bars.close[:finished] == before.close[:finished]
        assert bars.volume[:finished] == before.volume[:finished]
        assert sum(bars.volume) > sum(before.volume)
        before = bars


def test_more_is_traded_in_the_morning_and_in_the_evening(world: World) -> None:
    """Twice as much as at noon, at least."""
    bars = world.market.bars("SPY", DAY, 1800)
    assert bars is not None
    assert min(bars.volume[0], bars.volume[-1]) > 2 * bars.volume[6]
    assert bars.volume[6] == min(bars.volume)


def test_prices_do_not_stand_still_at_a_border(world: World) -> None:
    """A path that comes to the high or the low of a half hour leaves it again."""
    pinned = minutes = 0
    for listing in all_listings()[::90]:
        halves, found = (world.market.bars(listing.symbol, DAY, width) for width in (1800, 60))
        if not listing.is_well_known or halves is None or found is None:
            continue
        borders = {
            time: (high, low) for time, high, low in zip(halves.times, halves.high, halves.low, strict=True)
        }
        for time, close in zip(found.times, found.close, strict=True):
            high, low = borders[time - (time - halves.times[0]) % 1_800_000]
            if high - low > 0.2:
                minutes += 1
                pinned += close in {high, low}
    assert minutes > 1000
    assert pinned < 0.05 * minutes


@pytest.mark.parametrize(
    ("symbol", "day"),
    [
        ("NOPE", DAY),
        ("AAPL", date(2026, 11, 21)),  # a Saturday
        ("AAPL", date(2026, 11, 23)),  # still to come
        ("AAPL", date(2007, 12, 31)),  # before the first day
        (NEW, date(2026, 9, 30)),
        (GONE, date(2026, 9, 1)),
    ],
)
def test_other_days_have_no_bars(world: World, symbol: str, day: date) -> None:
    """Nor have unknown names."""
    assert world.market.bars(symbol, day, 60) is None


def test_a_day_that_has_not_opened_has_no_bars() -> None:
    """One second later it has begun."""
    opened = trading_day(DAY).open_at
    assert _market(opened - timedelta(seconds=1)).bars("AAPL", DAY, 1) is None
    assert _market(opened).bars("AAPL", DAY, 1) is not None


def test_the_bars_of_a_split_day_are_in_the_units_of_today() -> None:
    """Those of the day before too, from the split on."""
    eve, day = date(2024, 6, 7), date(2024, 6, 10)
    before = _market(datetime(2024, 6, 7, 23, 0, tzinfo=UTC)).bars("NVDA", eve, 1800)
    after = _market(datetime(2024, 6, 10, 23, 0, tzinfo=UTC)).bars("NVDA", eve, 1800)
    on_the_day = _market(datetime(2024, 6, 10, 23, 0, tzinfo=UTC)).bars("NVDA", day, 1800)
    assert before is not None
    assert after is not None
    assert on_the_day is not None
    assert before.open[0] == pytest.approx(10 * after.open[0], rel=0.01)
    assert sum(before.volume) == pytest.approx(sum(after.volume) / 10, rel=0.01)
    assert on_the_day.open[0] == pytest.approx(after.close[-1], rel=0.1)


def test_many_days_of_bars_are_the_same_when_asked_again(world: World) -> None:
    """Also when so many were asked for in between that the first ones were forgotten."""
    days = world.market.trading_dates(date(2022, 9, 1), DAY)
    first = world.market.bars("AAPL", days[0], 60)
    for day in days[1:]:
        assert world.market.bars("AAPL", day, 1800) is not None
    assert len(days) > 1024
    assert world.market.bars("AAPL", days[0], 60) == first
