# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Sales one by one on the feed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from test_ttapi_client.sandbox.wire import BEGIN, END, REMOVE, until_asleep
from ttapi_client.sandbox.dxlink.event_fields import DEFAULT_FIELDS
from ttapi_core.clock import ManualClock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from test_ttapi_client.sandbox.wire import FeedClient, RestClient

    OpenFeed = Callable[..., Awaitable[FeedClient]]

FIELDS = {"TimeAndSale": list(DEFAULT_FIELDS["TimeAndSale"])}
# Monday, ten o'clock in New York.
MORNING = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.fixture
def market_clock() -> ManualClock:
    """The clock that the market moves with."""
    return ManualClock(MORNING)


@pytest.mark.parametrize("contract", ["AUTO", "TICKER", "STREAM"])
async def test_the_last_sale_comes_first(rest: RestClient, feed: OpenFeed, contract: str) -> None:
    """So that nobody waits for ever; it is the last trade of the quote."""
    client = await feed(contract=contract, fields=FIELDS)
    await client.subscribe("AAPL", event_type="TimeAndSale", from_time=None)
    (row,), _ = await client.events("TimeAndSale")
    quote = (await rest.get("/market-data/Equity/AAPL")).data
    assert row["price"] == float(quote["last"])
    assert row["eventFlags"] == 0
    assert row["bidPrice"] < row["price"] < row["askPrice"]
    assert (row["type"], row["validTick"], row["spreadLeg"]) == ("NEW", True, False)
    assert (row["buyer"], row["seller"]) == ("NaN", "NaN")
    assert row["index"] == (row["time"] // 1000 << 32) + (row["time"] % 1000 << 22)
    assert row["aggressorSide"] in {"BUY", "SELL", "UNDEFINED"}
    assert row["size"] > 0


@pytest.mark.parametrize("contract", ["AUTO", "TICKER", "STREAM"])
async def test_every_sale_is_pushed(feed: OpenFeed, market_clock: ManualClock, contract: str) -> None:
    """Oldest first, none twice, none left out: they add up to the day's volume."""
    client = await feed(contract=contract, fields={**FIELDS, "Trade": ["dayVolume", "price"]})
    await client.subscribe("SPY", event_type="Trade")
    volume = (await client.events("Trade"))[0][0]["dayVolume"]
    await client.subscribe("SPY", event_type="TimeAndSale", from_time=None)
    seen = (await client.events("TimeAndSale"))[0]
    for seconds in (1, 30, 7):
        await until_asleep(market_clock, 1)
        market_clock.advance(seconds)
        trade = (await client.events("Trade"))[0][-1]
        rows, _ = await client.events("TimeAndSale")
        assert sum(row["size"] for row in rows) == trade["dayVolume"] - volume
        assert rows[-1]["price"] == trade["price"]
        assert {row["eventFlags"] for row in rows} == {0}
        volume = trade["dayVolume"]
        seen += rows
    times = [row["time"] for row in seen]
    assert times == sorted(set(times))
    assert len(times) > 20


@pytest.mark.parametrize("contract", ["AUTO", "HISTORY", "STREAM"])
async def test_a_start_brings_a_snapshot(feed: OpenFeed, market_clock: ManualClock, contract: str) -> None:
    """Newest first, from BEGIN to a placeholder with END; then updates (API facts 7.5)."""
    client = await feed(contract=contract, fields=FIELDS)
    start = _ms(MORNING) - 120_000
    await client.subscribe("AAPL", event_type="TimeAndSale", from_time=start)
    snapshot = await client.snapshot("TimeAndSale")
    flags = [row["eventFlags"] for row in snapshot.rows]
    assert flags == [BEGIN, *[0] * (len(flags) - 2), REMOVE | END]
    times = [row["time"] for row in snapshot.candles]
    assert times == sorted(set(times), reverse=True)
    assert len(times) > 60
    assert min(times) >= start
    await until_asleep(market_clock, 1)
    market_clock.advance(10)
    rows, _ = await client.events("TimeAndSale")
    assert min(row["time"] for row in rows) > max(times)


async def test_a_history_without_a_start_begins_now(feed: OpenFeed, market_clock: ManualClock) -> None:
    """Empty at first, as that of candles."""
    client = await feed(contract="HISTORY", fields=FIELDS)
    await client.subscribe("AAPL", event_type="TimeAndSale", from_time=None)
    snapshot = await client.snapshot("TimeAndSale")
    assert [row["eventFlags"] for row in snapshot.rows] == [BEGIN | REMOVE | END]
    await until_asleep(market_clock, 1)
    market_clock.advance(10)
    rows, _ = await client.events("TimeAndSale")
    assert min(row["time"] for row in rows) > _ms(MORNING)


async def test_a_day_of_sales_adds_up_to_its_candle(feed: OpenFeed, market_clock: ManualClock) -> None:
    """Its last price, its volume, and nothing beyond its extremes; here for a half day."""
    market_clock.advance(5 * 86_400)  # Saturday
    day = datetime(2026, 11, 27, tzinfo=UTC)
    names = ["eventFlags", "time", "high", "low", "close", "volume"]
    client = await feed(contract="HISTORY", fields={**FIELDS, "Candle": names})
    await client.subscribe("KO", event_type="TimeAndSale", from_time=_ms(day))
    sales = (await client.snapshot("TimeAndSale")).candles[::-1]
    await client.subscribe("KO{=d}", from_time=_ms(day))
    (candle,) = (await client.snapshot()).candles
    assert sum(row["size"] for row in sales) == candle["volume"]
    assert sales[-1]["price"] == candle["close"]
    prices = [row["price"] for row in sales]
    assert candle["low"] <= min(prices) <= max(prices) <= candle["high"]


async def test_a_long_history_of_sales_is_cut(feed: OpenFeed) -> None:
    """At 25,000 of the newest."""
    client = await feed(contract="HISTORY", fields=FIELDS)
    await client.subscribe("SPY", event_type="TimeAndSale", from_time=0)
    snapshot = await client.snapshot("TimeAndSale")
    assert len(snapshot.rows) == 25_000
    assert snapshot.rows[-1]["eventFlags"] == 16
    assert max(snapshot.frames) < 65_536


async def test_what_has_no_bars_is_sold_by_volume(feed: OpenFeed, market_clock: ManualClock) -> None:
    """A coin, an option: the last sale, then what has been sold since, as one."""
    client = await feed(contract="AUTO", fields={**FIELDS, "Trade": ["dayVolume"]})
    await client.subscribe("BTC/USD:CXTALP", event_type="Trade", from_time=None)
    await client.subscribe("BTC/USD:CXTALP", event_type="TimeAndSale", from_time=None)
    volume = (await client.events("Trade"))[0][0]["dayVolume"]
    (first,), _ = await client.events("TimeAndSale")
    assert first["eventSymbol"] == "BTC/USD:CXTALP"
    await until_asleep(market_clock, 1)
    market_clock.advance(60)
    (trade,), _ = await client.events("Trade")
    (second,), _ = await client.events("TimeAndSale")
    assert second["time"] > first["time"]
    assert second["size"] == trade["dayVolume"] - volume


def _ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
