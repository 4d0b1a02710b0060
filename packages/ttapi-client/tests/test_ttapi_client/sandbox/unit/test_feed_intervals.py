# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candles of every interval: where they begin, how they add up, how they grow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from test_ttapi_client.sandbox.wire import BEGIN, END, REMOVE, SNIP, until_asleep
from ttapi_core.clock import ManualClock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from test_ttapi_client.sandbox.wire import FeedClient, RestClient

    OpenFeed = Callable[..., Awaitable[FeedClient]]

# Wednesday before Thanksgiving, eleven o'clock in New York and ten seconds; Friday is a half day.
MORNING = datetime(2026, 11, 25, 16, 0, 10, tzinfo=UTC)


@pytest.fixture
def market_clock() -> ManualClock:
    """The clock that the market moves with."""
    return ManualClock(MORNING)


@pytest.mark.parametrize(
    ("interval", "first", "count"),
    [
        ("m", "09:30", 390),
        ("5m", "09:30", 78),
        ("7m", "09:27", 57),
        ("30m", "09:30", 13),
        ("h", "09:00", 7),
        ("h,a=s", "09:30", 7),
        ("2h", "08:00", 4),
        ("4h", "08:00", 2),
        ("24h", "00:00", 1),
        ("1440m", "00:00", 1),
        ("90m,a=s", "09:30", 5),
        ("300s", "09:30", 78),
        ("45s", "09:30", 520),
    ],
)
async def test_bars_begin_at_midnight_or_with_the_session(
    feed: OpenFeed, interval: str, first: str, count: int
) -> None:
    """By New York's clock, as many as the day has; their time is their beginning in UTC (API facts 7.4)."""
    client = await feed()
    day = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # midnight in New York
    await client.subscribe(f"AAPL{{={interval}}}", from_time=_ms(day))
    rows = [row for row in await _candles(client) if row["time"] < _ms(day + timedelta(days=1))]
    hour, minute = map(int, first.split(":"))
    assert rows[0]["time"] == _ms(day + timedelta(hours=hour, minutes=minute))
    assert len(rows) == count
    steps = {after["time"] - before["time"] for before, after in pairwise(rows)}
    assert len(steps) <= 1


async def test_a_half_day_has_fewer_bars(feed: OpenFeed, market_clock: ManualClock) -> None:
    """From half past nine to one o'clock."""
    market_clock.advance(3 * 86_400)
    client = await feed()
    friday = datetime(2026, 11, 27, 5, 0, tzinfo=UTC)
    await client.subscribe("AAPL{=30m,tho=true}", from_time=_ms(friday))
    rows = await _candles(client)
    assert len(rows) == 7
    assert rows[-1]["time"] == _ms(friday + timedelta(hours=12, minutes=30))


@pytest.mark.parametrize("interval", ["2s", "m", "5m", "h", "24h"])
async def test_bars_add_up_to_the_day(feed: OpenFeed, interval: str) -> None:
    """Open, high, low, close and volume, exactly."""
    client = await feed()
    day = datetime(2026, 11, 24, tzinfo=UTC)
    await client.subscribe("SPY{=d}", from_time=_ms(day))
    daily = next(row for row in await _candles(client) if row["time"] == _ms(day))
    await client.subscribe(f"SPY{{={interval}}}", from_time=_ms(day))
    rows = [row for row in await _candles(client) if row["time"] < _ms(day + timedelta(days=1))]
    assert _together(rows) == _values(daily)


async def test_what_has_been_traded_today_adds_up_too(rest: RestClient, feed: OpenFeed) -> None:
    """The bars so far, today's candle so far, and the quote say the same."""
    client = await feed()
    today = datetime(2026, 11, 25, tzinfo=UTC)
    found: list[Any] = []
    for interval in ("s", "m", "30m", "h,a=s", "d"):
        await client.subscribe(f"AAPL{{={interval}}}", from_time=_ms(today))
        found.append(_together(await _candles(client)))
    quote = (await rest.get("/market-data/Equity/AAPL")).data
    keys = ("open", "day-high-price", "day-low-price", "last", "volume")
    assert found == [tuple(float(quote[key]) for key in keys)] * len(found)


@pytest.mark.parametrize(
    ("interval", "begins"),
    [
        ("w", ["2026-11-23", "2026-11-16", "2026-11-09", "2026-11-02"]),
        ("2w", ["2026-11-16", "2026-11-02"]),
        ("mo", ["2026-11-01"]),
        ("3mo", []),
        ("2d", ["2026-11-25", "2026-11-23", "2026-11-19", "2026-11-17"]),
        ("7d", ["2026-11-19", "2026-11-12", "2026-11-05"]),
    ],
)
async def test_days_are_put_together(feed: OpenFeed, interval: str, begins: list[str]) -> None:
    """Weeks begin on Mondays, months on their first day; a candle that began earlier is left out."""
    client = await feed()
    start = datetime(2026, 11, 1, tzinfo=UTC)
    await client.subscribe(f"AAPL{{={interval}}}", from_time=_ms(start))
    rows = await _candles(client)
    days = [datetime.fromtimestamp(row["time"] / 1000, UTC).date().isoformat() for row in rows]
    assert days[::-1][: len(begins)] == begins
    await client.subscribe("AAPL{=d}", from_time=_ms(start))
    daily = await _candles(client)
    stops = [*(row["time"] for row in rows[1:]), 1 << 60]
    for row, stop in zip(rows, stops[: len(rows)], strict=True):
        assert _together([one for one in daily if row["time"] <= one["time"] < stop]) == _values(row)


async def test_a_bar_may_hold_several_days(feed: OpenFeed) -> None:
    """48 hours are two days from midnight to midnight, by New York's clock."""
    client = await feed()
    start = datetime(2026, 11, 9, 5, 0, tzinfo=UTC)
    await client.subscribe("AAPL{=48h}", from_time=_ms(start))
    rows = await _candles(client)
    assert all((row["time"] - _ms(start)) % (2 * 86_400_000) in {0, 86_400_000} for row in rows)
    assert all(after["time"] - before["time"] >= 2 * 86_400_000 for before, after in pairwise(rows))
    await client.subscribe("AAPL{=d}", from_time=rows[0]["time"] - 5 * 3_600_000)
    assert _together(rows) == _together(await _candles(client))


async def test_a_long_history_is_cut_at_its_ceiling(feed: OpenFeed) -> None:
    """25,000 of the newest, the last one flagged SNIP, in frames of the usual size (API facts 7.4)."""
    client = await feed()
    await client.subscribe("AAPL{=m}", from_time=0)
    snapshot = await client.snapshot()
    assert len(snapshot.rows) == 25_000
    flags = [row["eventFlags"] for row in snapshot.rows]
    assert flags == [BEGIN, *[0] * 24_998, SNIP]
    assert max(snapshot.frames) < 65_536
    times = [row["time"] for row in snapshot.rows]
    assert times == sorted(set(times), reverse=True)


@pytest.mark.parametrize("interval", ["m", "5m", "h", "d", "w", "mo"])
async def test_the_running_candle_grows(feed: OpenFeed, market_clock: ManualClock, interval: str) -> None:
    """The same index, no flags, higher volume: an update replaces it (API facts 7.5)."""
    client = await feed()
    await client.subscribe(f"AAPL{{={interval}}}", from_time=_ms(MORNING) - 40 * 86_400_000)
    newest = (await client.snapshot()).rows[0]
    for seconds in (1, 20):
        await until_asleep(market_clock, 1)
        market_clock.advance(seconds)
        rows, _ = await client.events()
        (row,) = rows
        assert row["index"] == newest["index"]
        assert row["eventFlags"] == 0
        assert row["volume"] > newest["volume"]
        assert row["open"] == newest["open"]
        assert row["eventSymbol"] == newest["eventSymbol"]
        newest = row


async def test_new_candles_begin(feed: OpenFeed, market_clock: ManualClock) -> None:
    """After five minutes at once: the one that was growing, finished, and all that began, oldest first."""
    client = await feed()
    await client.subscribe("AAPL{=m}", from_time=_ms(MORNING) - 600_000)
    newest = (await client.snapshot()).rows[0]
    await until_asleep(market_clock, 1)
    market_clock.advance(300)
    rows, _ = await client.events()
    assert [row["time"] for row in rows] == [newest["time"] + 60_000 * step for step in range(6)]
    assert {row["eventFlags"] for row in rows} == {0}
    await client.subscribe("AAPL{=m}", from_time=newest["time"])
    again = (await client.snapshot()).candles
    assert [_values(row) for row in again[::-1]] == [_values(row) for row in rows]


async def test_a_history_that_begins_now_waits_for_the_next_candle(
    feed: OpenFeed, market_clock: ManualClock
) -> None:
    """Empty at first; then what begins later (API facts 10, 9)."""
    client = await feed()
    await client.subscribe("AAPL{=m}", from_time=_ms(MORNING) + 1)
    assert [row["eventFlags"] for row in (await client.snapshot()).rows] == [BEGIN | REMOVE | END]
    await until_asleep(market_clock, 1)
    market_clock.advance(30)
    await until_asleep(market_clock, 1)
    await client.heard()
    market_clock.advance(31)
    rows, _ = await client.events()
    assert [row["time"] for row in rows] == [_ms(MORNING) - 10_000 + 60_000]


async def test_candles_rest_with_the_market(feed: OpenFeed, market_clock: ManualClock) -> None:
    """After the close nothing is pushed."""
    market_clock.advance(8 * 3600)
    client = await feed()
    for interval in ("m", "d"):
        await client.subscribe(f"AAPL{{={interval}}}", from_time=_ms(MORNING))
        await client.snapshot()
    for _ in range(3):
        await until_asleep(market_clock, 1)
        market_clock.advance(600)
    await until_asleep(market_clock, 1)
    await client.heard()


@pytest.mark.parametrize("symbol", ["AAPL&Q{=d}", "AAPL&Q{=5m}"])
async def test_a_regional_symbol_is_the_same_here(feed: OpenFeed, symbol: str) -> None:
    """There is one exchange; the echo keeps what was asked for."""
    client = await feed()
    await client.subscribe(symbol, from_time=_ms(MORNING) - 5 * 86_400_000)
    regional = (await client.snapshot()).rows
    assert {row["eventSymbol"] for row in regional} == {symbol}
    await client.subscribe(symbol.replace("&Q", ""), from_time=_ms(MORNING) - 5 * 86_400_000)
    composite = (await client.snapshot()).rows
    assert [_values(row) for row in regional] == [_values(row) for row in composite]


async def _candles(client: FeedClient) -> list[dict[str, Any]]:
    """Oldest first."""
    return (await client.snapshot()).candles[::-1]


def _values(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["open"], row["high"], row["low"], row["close"], row["volume"]


def _together(rows: Sequence[dict[str, Any]]) -> tuple[Any, ...]:
    return (
        rows[0]["open"],
        max(row["high"] for row in rows),
        min(row["low"] for row in rows),
        rows[-1]["close"],
        sum(row["volume"] for row in rows),
    )


def _ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
