# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A market that knows little, as a recording does: everything still answers, nothing is made up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import nan
from typing import TYPE_CHECKING, Any, cast

import aiohttp
import attrs
import pytest

from test_ttapi_client.sandbox.moments import world_at
from test_ttapi_client.sandbox.wire import RestClient
from ttapi_client.sandbox import SandboxServer, World
from ttapi_client.sandbox.world.market import CorporateActions
from ttapi_core.clock import ManualClock
from ttapi_core.trading_day import TradingDay

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ttapi_client.sandbox.world import DailyCandles, Market, MarketQuote
    from ttapi_client.sandbox.world.listings import Listing

LISTED = ("AAPL", "GLD", "SPY", "USO")
RECORDED_LISTING = {
    "description": "Apple as it was",
    "lendability": None,
    "borrow-rate": None,
    "listed-market": None,
    "is-illiquid": True,
}
RECORDED_QUOTE = {"symbol": "AAPL", "instrument-type": "Equity", "mark": "1.5", "close-price-type": "Regular"}


class LeanMarket:
    """The seeded market, of which only four names are known, without actions and implied volatilities."""

    def __init__(self) -> None:
        self._whole = world_at("2026-11-20T23:00").market

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)

    def listings(self) -> list[Listing]:
        """The four."""
        return [listing for symbol in LISTED if (listing := self.listing(symbol)) is not None]

    def listing(self, symbol: str) -> Listing | None:
        """One of them; Apple is as it was recorded."""
        listing = self._whole.listing(symbol) if symbol in LISTED else None
        if listing is None or symbol != "AAPL":
            return listing
        return attrs.evolve(listing, recorded=RECORDED_LISTING, listed_market="")

    def quote(self, symbol: str, at: object = None) -> MarketQuote | None:
        """Apple's is recorded."""
        listing, quote = self.listing(symbol), self._whole.quote(symbol)
        if listing is None or quote is None:
            return None
        recorded = RECORDED_QUOTE if symbol == "AAPL" else None
        return attrs.evolve(quote, listing=listing, recorded=recorded)

    def candles(self, symbol: str, from_time: int) -> DailyCandles | None:
        """Holes where a recording has some; the benchmark never moved."""
        candles = self._whole.candles(symbol, from_time) if symbol in LISTED else None
        if candles is None:
            return None
        return attrs.evolve(
            candles,
            implied_volatility=None,
            close=[100.0] * len(candles.close) if symbol == "SPY" else candles.close,
            vwap=[nan, *(candles.vwap or [])[1:]],
            volume=[0] * len(candles.volume),
        )

    def trading_dates(self, start: date, end: date) -> list[date]:
        """Only one is on record."""
        return [day for day in (date(2026, 11, 20),) if start <= day <= end]

    def session(self, day: date) -> TradingDay | None:
        """It opened late."""
        if day != date(2026, 11, 20):
            return None
        opened = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
        return TradingDay(date=day, open_at=opened, close_at=opened + timedelta(hours=2))

    def actions(self, symbol: str) -> CorporateActions:
        """Nothing."""
        return CorporateActions()


@pytest.fixture
def lean_world() -> World:
    """The world around it."""
    return World.of("replay", cast("Market", LeanMarket()))


@pytest.fixture
async def lean(lean_world: World) -> AsyncIterator[RestClient]:
    """Calls to its server."""
    async with (
        SandboxServer(lean_world, clock=ManualClock()) as server,
        aiohttp.ClientSession(base_url=server.url, headers={"User-Agent": "tests/1.0"}) as http,
    ):
        client = RestClient(http)
        await client.log_in()
        yield client


async def test_a_recorded_listing_is_answered_as_it_was(lean: RestClient) -> None:
    """What the recording does not have is left out, not made up."""
    equity = (await lean.get("/instruments/equities/AAPL")).data
    assert equity["description"] == "Apple as it was"
    assert equity["is-illiquid"] is True
    assert not {"lendability", "borrow-rate", "listed-market"} & equity.keys()
    easy = (await lean.get("/instruments/equities", lendability="Easy To Borrow")).items
    assert [item["symbol"] for item in easy] == ["GLD", "SPY", "USO"]


async def test_a_recorded_quote_is_answered_as_it_was(lean: RestClient) -> None:
    """Alone and in a list; others are made of the market's state."""
    assert (await lean.get("/market-data/Equity/AAPL")).data == RECORDED_QUOTE
    items = (await lean.get("/market-data/by-type", equity="AAPL,SPY")).items
    assert RECORDED_QUOTE in items
    assert len(items) == 2


async def test_metrics_say_what_can_be_said(lean: RestClient) -> None:
    """Volatility and liquidity; nothing of a benchmark that stood still, and no rank without a history."""
    item = (await lean.get("/market-metrics", symbols="AAPL")).items[0]
    assert {"historical-volatility-30-day", "liquidity-rating", "implied-volatility-index"} <= item.keys()
    assert item["market-cap"] == 0
    assert item["liquidity-value"] == "0.0"
    unknown = {
        "beta",
        "corr-spy-3month",
        "implied-volatility-index-rank",
        "implied-volatility-index-5-day-change",
        "implied-volatility-percentile",
        "earnings",
        "dividend-yield",
        "lendability",
        "listed-market",
    }
    assert not unknown & item.keys()


async def test_instruments_without_a_source_are_listed_but_not_quoted(lean: RestClient) -> None:
    """The coins have none here; of two sources the one that is listed counts."""
    assert len((await lean.get("/instruments/cryptocurrencies")).items) == 3
    quotes = (
        await lean.get("/market-data/by-type", cryptocurrency="BTC/USD", future="/ESZ6,/NQZ6,/GCZ6")
    ).items
    assert {quote["symbol"] for quote in quotes} == {"/ESZ6", "/GCZ6"}


def test_candles_keep_their_holes(lean_world: World) -> None:
    """Where a price is not known, none is made; without a source there are no candles at all."""
    gold, coin = lean_world.others.by_symbol("/GCZ6"), lean_world.others.by_symbol("ETH/USD")
    assert gold is not None
    assert coin is not None
    candles = lean_world.others.candles(gold, 0)
    assert candles is not None
    assert candles.vwap is not None
    assert candles.vwap[0] != candles.vwap[0]
    assert candles.implied_volatility is None
    assert lean_world.others.candles(coin, 0) is None
    assert lean_world.others.quote(coin) is None


async def test_sessions_are_those_on_record(lean: RestClient) -> None:
    """With their own hours, and no neighbours; an hour after its close the market is still in its evening."""
    (day,) = (await lean.get("/market-time/sessions", from_date="2026-06-01", to_date="2026-12-31")).items
    assert (day["open-at"][11:16], day["close-at"][11:16]) == ("15:00", "17:00")
    asked = {"current_time": "2026-11-20T18:00:00Z"}
    current = (await lean.get("/market-time/equities/sessions/current", **asked)).data
    assert current["state"] == "Extended"
    assert not {"next-session", "previous-session"} & current.keys()
    assert (await lean.get("/market-time/equities/sessions/next")).status == 404
    nowhere = {"current_time": "2001-01-01T18:00:00Z"}
    assert (await lean.get("/market-time/equities/sessions/current", **nowhere)).status == 404


async def test_watchlists_hold_only_what_is_listed(lean: RestClient) -> None:
    """An empty public list is left out; the customer's own stay."""
    public = (await lean.get("/public-watchlists")).items
    symbols = {entry["symbol"] for one in public for entry in one["watchlist-entries"]}
    assert symbols == set(LISTED)
    own = (await lean.get("/watchlists/Core%20holdings")).data
    assert [entry["symbol"] for entry in own["watchlist-entries"]] == ["AAPL", "SPY"]
    assert (await lean.get("/pairs-watchlists/Stocks")).data["pairs-equations"] == []
