# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Summaries, profiles, greeks: event types beyond quotes and candles, of every sort of instrument."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from test_ttapi_client.sandbox.wire import BEGIN, END, REMOVE, until_asleep
from ttapi_client.sandbox.dxlink.event_fields import DEFAULT_FIELDS
from ttapi_core.clock import ManualClock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from test_ttapi_client.sandbox.wire import FeedClient, RestClient
    from ttapi_client.sandbox import World

    OpenFeed = Callable[..., Awaitable[FeedClient]]

FIELDS = {event_type: list(names) for event_type, names in DEFAULT_FIELDS.items()}
# Monday, ten o'clock in New York.
MORNING = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
EPOCH = date(1970, 1, 1)


@pytest.fixture
def market_clock() -> ManualClock:
    """The clock that the market moves with."""
    return ManualClock(MORNING)


async def test_a_summary_has_the_day_and_the_one_before(rest: RestClient, feed: OpenFeed) -> None:
    """Days are counted from 1970, and types of closes are in upper case (API facts 7.6)."""
    row = await _first(await feed(contract="AUTO", fields=FIELDS), "Summary", "AAPL")
    quote = (await rest.get("/market-data/Equity/AAPL")).data
    assert row["dayId"] == (date(2026, 11, 23) - EPOCH).days
    assert row["prevDayId"] == (date(2026, 11, 20) - EPOCH).days
    assert (row["dayClosePriceType"], row["prevDayClosePriceType"]) == ("REGULAR", "FINAL")
    assert row["dayOpenPrice"] == float(quote["open"])
    assert [row["dayHighPrice"], row["dayLowPrice"]] == [
        float(quote["day-high-price"]),
        float(quote["day-low-price"]),
    ]
    assert row["dayClosePrice"] == "NaN"
    assert row["prevDayClosePrice"] == float(quote["prev-close"])
    assert row["openInterest"] == 0


async def test_a_summary_after_the_close_has_a_close(feed: OpenFeed, market_clock: ManualClock) -> None:
    """It comes as news."""
    client = await feed(contract="AUTO", fields=FIELDS)
    await _first(client, "Summary", "AAPL")
    await until_asleep(market_clock, 1)
    market_clock.advance(8 * 3600)
    (row,), _ = await client.events("Summary")
    assert row["dayClosePriceType"] == "FINAL"
    assert row["dayLowPrice"] <= row["dayClosePrice"] <= row["dayHighPrice"]


async def test_a_profile_describes_the_instrument(rest: RestClient, feed: OpenFeed, world: World) -> None:
    """Name, status, the year's range, limits, and what the company did."""
    row = await _first(await feed(contract="TICKER", fields=FIELDS), "Profile", "AAPL")
    quote = (await rest.get("/market-data/Equity/AAPL")).data
    equity = (await rest.get("/instruments/equities/AAPL")).data
    assert row["description"] == equity["description"]
    assert (row["tradingStatus"], row["shortSaleRestriction"]) == ("ACTIVE", "INACTIVE")
    assert (row["haltStartTime"], row["haltEndTime"]) == (0, 0)
    assert [row["high52WeekPrice"], row["low52WeekPrice"]] == [
        float(quote["year-high-price"]),
        float(quote["year-low-price"]),
    ]
    assert [row["highLimitPrice"], row["lowLimitPrice"]] == [
        float(quote["high-limit-price"]),
        float(quote["low-limit-price"]),
    ]
    actions = world.market.actions("AAPL")
    assert row["shares"] == actions.shares_outstanding
    assert row["freeFloat"] < row["shares"]
    dividend = [one for one in actions.dividends if one.ex_date <= world.market.today][-1]
    assert row["exDividendAmount"] == dividend.amount
    assert row["exDividendDayId"] == (dividend.ex_date - EPOCH).days
    assert row["dividendFrequency"] == float(quote["dividend-frequency"])
    assert row["beta"] == pytest.approx(float(quote["beta"]), abs=1e-6)
    reported = [one.eps for one in actions.earnings if one.report_date <= world.market.today]
    assert row["earningsPerShare"] == pytest.approx(sum(reported[-4:]))


async def test_what_an_index_does_not_have_is_not_a_number(feed: OpenFeed) -> None:
    """Shares, earnings, dividends."""
    row = await _first(await feed(contract="AUTO", fields=FIELDS), "Profile", "SPX")
    assert [row[name] for name in ("shares", "freeFloat", "earningsPerShare", "exDividendAmount")] == [
        "NaN"
    ] * 4
    assert row["exDividendDayId"] == 0


async def test_greeks_move_with_the_underlying(
    rest: RestClient, feed: OpenFeed, market_clock: ManualClock
) -> None:
    """Every field a number, of the right sign; the price is that of the REST route at the same instant."""
    symbol, occ = await _option(rest, "C")
    client = await feed(contract="AUTO", fields=FIELDS)
    row = await _first(client, "Greeks", symbol)
    for _ in range(2):
        quote = (await rest.get(f"/market-data/Equity%20Option/{occ.replace(' ', '%20')}")).data
        assert row["price"] == float(quote["mark"])
        assert 0 < row["delta"] < 1
        assert row["gamma"] > 0
        assert row["theta"] < 0 < row["vega"]
        assert 0.02 < row["volatility"] < 3
        assert row["index"] == (row["time"] // 1000 << 32) + (row["time"] % 1000 << 22)
        await until_asleep(market_clock, 1)
        market_clock.advance(60)
        (row,), _ = await client.events("Greeks")
        assert row["eventFlags"] == 0


async def test_an_option_has_quotes_trades_summaries_and_candles(rest: RestClient, feed: OpenFeed) -> None:
    """By its streamer symbol, as the chain has it."""
    symbol, occ = await _option(rest, "P")
    client = await feed(contract="AUTO", fields=FIELDS)
    quote = (await rest.get(f"/market-data/Equity%20Option/{occ.replace(' ', '%20')}")).data
    row = await _first(client, "Quote", symbol)
    assert [row["bidPrice"], row["askPrice"]] == [float(quote["bid"]), float(quote["ask"])]
    row = await _first(client, "Trade", symbol)
    assert row["price"] == float(quote["last"])
    row = await _first(client, "Summary", symbol)
    assert row["openInterest"] > 0
    assert row["prevDayClosePrice"] == float(quote["prev-close"])
    row = await _first(client, "Profile", symbol)
    assert "Put" in row["description"]
    row = await _first(client, "TheoPrice", symbol)
    assert row["delta"] < 0
    assert row["underlyingPrice"] == float((await rest.get("/market-data/Equity/SPY")).data["last"])
    await client.subscribe(f"{symbol}{{=d}}", from_time=0)
    candles = (await client.snapshot()).candles
    assert candles[0]["close"] == float(quote["last"])
    await client.subscribe(f"{symbol}{{=w}}", from_time=0)
    assert (await client.snapshot()).candles[0]["close"] == float(quote["last"])


@pytest.mark.parametrize("has_start", [True, False])
async def test_greeks_under_a_history_are_a_snapshot(
    rest: RestClient, feed: OpenFeed, market_clock: ManualClock, *, has_start: bool
) -> None:
    """Of the present value alone: earlier ones are not kept (API facts 10, 31)."""
    symbol, _ = await _option(rest, "C")
    client = await feed(contract="HISTORY", fields=FIELDS)
    await client.subscribe(symbol, event_type="Greeks", from_time=0 if has_start else None)
    flags = [row["eventFlags"] for row in (await client.snapshot("Greeks")).rows]
    assert flags == ([BEGIN, REMOVE | END] if has_start else [BEGIN | REMOVE | END])
    await until_asleep(market_clock, 1)
    market_clock.advance(60)
    (row,), _ = await client.events("Greeks")
    assert row["eventFlags"] == 0


async def test_an_underlying_has_the_volatility_of_its_options(feed: OpenFeed, world: World) -> None:
    """Thirty days ahead, and of the two expirations that come first."""
    row = await _first(await feed(contract="AUTO", fields=FIELDS), "Underlying", "AAPL")
    assert row["volatility"] == pytest.approx(world.options.implied_volatility_index("AAPL"), abs=1e-6)
    assert 0.02 < row["frontVolatility"] < 3
    assert 0.02 < row["backVolatility"] < 3


@pytest.mark.parametrize(
    ("event_type", "symbol"),
    [("Greeks", "AAPL"), ("TheoPrice", "SPX"), ("Underlying", "BTC/USD:CXTALP"), ("Series", "AAPL")],
)
async def test_what_an_instrument_does_not_have_stays_silent(
    feed: OpenFeed, event_type: str, symbol: str
) -> None:
    """Greeks of a share, say."""
    client = await feed(contract="AUTO", fields={**FIELDS, "Series": ["eventSymbol"]})
    await client.subscribe(symbol, event_type=event_type, from_time=None)
    await client.heard()


@pytest.mark.parametrize("event_type", ["Greeks", "TheoPrice", "Underlying", "TimeAndSale"])
async def test_a_history_of_nothing_is_empty(feed: OpenFeed, event_type: str) -> None:
    """For an unknown symbol, and for events that an instrument does not have: nobody waits for ever."""
    client = await feed(contract="HISTORY", fields=FIELDS)
    await client.subscribe("NOPE", event_type=event_type)
    snapshot = await client.snapshot(event_type)
    assert [row["eventFlags"] for row in snapshot.rows] == [BEGIN | REMOVE | END]


@pytest.mark.parametrize("symbol", ["BTC/USD:CXTALP", "EUR/USD"])
async def test_other_instruments_have_quotes_and_candles(
    feed: OpenFeed, market_clock: ManualClock, symbol: str
) -> None:
    """By their streamer symbols; they move with the market."""
    client = await feed(contract="AUTO", fields=FIELDS)
    quote = await _first(client, "Quote", symbol)
    assert quote["eventSymbol"] == symbol
    assert quote["bidPrice"] < quote["askPrice"]
    trade = await _first(client, "Trade", symbol)
    await client.subscribe(f"{symbol}{{=d}}", from_time=0)
    assert (await client.snapshot()).candles[0]["close"] == trade["price"]
    profile = await _first(client, "Profile", symbol)
    assert profile["description"]
    await until_asleep(market_clock, 1)
    market_clock.advance(600)
    rows, _ = await client.events("Quote")
    assert rows[0]["eventSymbol"] == symbol


async def test_a_future_is_found_by_its_streamer_symbol(rest: RestClient, feed: OpenFeed) -> None:
    """As the REST route spells it."""
    future = (await rest.get("/instruments/futures")).items[0]
    row = await _first(await feed(contract="AUTO", fields=FIELDS), "Quote", future["streamer-symbol"])
    assert row["eventSymbol"] == future["streamer-symbol"]


async def test_what_has_no_bars_has_no_candles_within_the_day(
    feed: OpenFeed, market_clock: ManualClock
) -> None:
    """An empty history, rather than a refusal that would end a known client (API facts 9.5)."""
    client = await feed(contract="HISTORY", fields=FIELDS)
    await client.subscribe("BTC/USD:CXTALP{=5m}", from_time=0)
    assert [row["eventFlags"] for row in (await client.snapshot()).rows] == [BEGIN | REMOVE | END]
    ticker = await feed(contract="TICKER", fields=FIELDS)
    await ticker.subscribe("BTC/USD:CXTALP{=5m}")
    await until_asleep(market_clock, 2)
    market_clock.advance(60)
    await until_asleep(market_clock, 2)
    for one in (client, ticker):
        await one.heard()


async def test_what_was_delisted_has_a_past_only(
    rest: RestClient, feed: OpenFeed, market_clock: ManualClock
) -> None:
    """No events of today, but candles."""
    listed = []
    for page in range(4):
        listed += (await rest.get("/instruments/equities", page_offset=str(page))).items
    gone = next(item["symbol"] for item in listed if not item["active"])
    client = await feed(contract="AUTO", fields=FIELDS)
    for event_type in ("Quote", "Trade", "Summary", "Profile", "TimeAndSale"):
        await client.subscribe(gone, event_type=event_type, from_time=None)
    await client.heard()
    await client.subscribe(gone, event_type="TimeAndSale", from_time=_ms(MORNING) - 600_000)
    snapshot = await client.snapshot("TimeAndSale")
    assert [row["eventFlags"] for row in snapshot.rows] == [BEGIN | REMOVE | END]
    await client.subscribe(f"{gone}{{=w}}", from_time=0)
    assert (await client.snapshot()).candles
    await client.subscribe(f"{gone}{{=m}}", from_time=_ms(MORNING) - 600_000)
    assert not (await client.snapshot()).candles
    await until_asleep(market_clock, 1)
    market_clock.advance(60)
    await until_asleep(market_clock, 1)
    await client.heard()


async def test_trades_say_where_they_went(feed: OpenFeed, market_clock: ManualClock) -> None:
    """Up or down from the one before; the first one does not know."""
    client = await feed(contract="STREAM", fields=FIELDS)
    row = await _first(client, "Trade", "AAPL")
    assert row["tickDirection"] == "UNDEFINED"
    await until_asleep(market_clock, 1)
    market_clock.advance(50)
    rows, _ = await client.events("Trade")
    for before, after in pairwise([row, *rows]):
        change = after["price"] - before["price"]
        assert after["tickDirection"] == ("UP" if change > 0 else "DOWN" if change < 0 else "ZERO")
    assert {"UP", "DOWN"} <= {one["tickDirection"] for one in rows}


async def _first(client: FeedClient, event_type: str, symbol: str) -> dict[str, Any]:
    await client.subscribe(symbol, event_type=event_type, from_time=None)
    rows, _ = await client.events(event_type)
    assert len(rows) == 1
    return rows[0]


def _ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


async def _option(rest: RestClient, kind: str) -> tuple[str, str]:
    """A contract near the money that expires in some weeks: its streamer symbol and its usual one."""
    (root, *_) = (await rest.get("/option-chains/SPY/nested")).items
    expiration = next(one for one in root["expirations"] if one["days-to-expiration"] > 20)
    spot = float((await rest.get("/market-data/Equity/SPY")).data["last"])
    strike = min(expiration["strikes"], key=lambda one: abs(float(one["strike-price"]) - spot))
    name = "call" if kind == "C" else "put"
    return strike[f"{name}-streamer-symbol"], strike[name]
