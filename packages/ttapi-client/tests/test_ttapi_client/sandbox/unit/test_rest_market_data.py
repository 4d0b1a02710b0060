# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Quotes by type and alone."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from test_ttapi_client.sandbox.moments import rest_at, world_at

if TYPE_CHECKING:
    from test_ttapi_client.sandbox.wire import RestClient
    from ttapi_core.clock import ManualClock

BY_TYPE = "/market-data/by-type"
QUOTE_KEYS = """
    symbol instrument-type updated-at bid-size ask-size close-price-type prev-close-price-type summary-date
    prev-close-date halt-start-time halt-end-time
"""
DECIMAL_KEYS = """
    bid ask bid-size ask-size mid mark last open day-high-price day-low-price close prev-close year-low-price
    year-high-price volume
"""


@pytest.mark.parametrize(
    "query",
    [
        "equity=AAPL,TSLA,BRK/B",
        "equity=AAPL&equity=TSLA&equity=BRK%2FB",
        "equity[]=AAPL&equity[]=TSLA&equity[]=BRK/B",
        "equity%5B%5D=AAPL&equity=TSLA,BRK%2FB",
        "equity=AAPL%2CTSLA&equity=%20BRK/B%20,,",
    ],
)
async def test_lists_come_in_three_encodings(rest: RestClient, query: str) -> None:
    """Comma, repetition and brackets, mixed if need be (API facts 5.1)."""
    assert set(await _quotes(rest, query)) == {"AAPL", "TSLA", "BRK/B"}


async def test_quotes_have_required_keys_and_decimal_texts(rest: RestClient) -> None:
    """Prices, sizes and volume are texts, times of halts whole numbers."""
    for quote in (await _quotes(rest, "equity=AAPL,SPY,BRK/B&index=SPX")).values():
        assert set(QUOTE_KEYS.split()) <= quote.keys()
        for key in DECIMAL_KEYS.split():
            assert re.fullmatch(r"\d+\.\d+", quote[key]), (key, quote[key])
        assert quote["halt-start-time"] == quote["halt-end-time"] == -1
        assert quote["is-trading-halted"] is False
        assert quote["close-price-type"] == "Final"
        assert re.fullmatch(r"2026-11-20T2[13]:00:\d\d\.000Z", quote["updated-at"])
        assert quote["last-trade-time"] <= 1_795_208_405_000  # five seconds after the close


async def test_the_order_is_not_that_of_the_request(rest: RestClient) -> None:
    """Whoever zips answers with the request is told so at once."""
    symbols = ["AAPL", "MSFT", "SPY", "QQQ", "TSLA", "NVDA"]
    for asked in (symbols, symbols[::-1], sorted(symbols)):
        items = (await rest.get(BY_TYPE, equity=",".join(asked))).items
        answered = [item["symbol"] for item in items]
        assert sorted(answered) == sorted(asked)
        assert answered != asked


async def test_unknown_symbols_and_wrong_types_are_silently_missing(rest: RestClient) -> None:
    """An index asked as an equity is missing like a symbol that does not exist."""
    found = await _quotes(
        rest,
        "equity=AAPL,SPX,NOPE,aapl,/ESZ6,BTC/USD&index=SPY,VIX&future=ESZ6,/ESZ9,BTC/USD"
        "&future-option=./ESZ6 EW4Q6 260821C5750&cryptocurrency=BTC,/ESZ6&equity-option=AAPL",
    )
    assert set(found) == {"AAPL", "VIX"}


async def test_futures_and_coins_are_quoted_under_their_own_types(rest: RestClient) -> None:
    """With the keys of every quote; the feed's spelling is none of theirs."""
    found = await _quotes(rest, "future=/ESZ6,/ESZ26:XCME&cryptocurrency=BTC/USD&cryptocurrency[]=ETH%2FUSD")
    assert {symbol: quote["instrument-type"] for symbol, quote in found.items()} == {
        "/ESZ6": "Future",
        "BTC/USD": "Cryptocurrency",
        "ETH/USD": "Cryptocurrency",
    }
    for quote in found.values():
        assert set(QUOTE_KEYS.split()) <= quote.keys()
        assert set(DECIMAL_KEYS.split()) <= quote.keys()


async def test_a_hundred_symbols_are_the_limit_of_all_types_together(rest: RestClient) -> None:
    """101 are refused as a whole, with the number in the reason."""
    listed = (await rest.get("/instruments/equities/active", per_page="120")).items
    equities = [item["symbol"] for item in listed if not item["is-index"]]
    full = ",".join(equities[:99])
    assert len((await rest.get(BY_TYPE, equity=full, index="SPX")).items) == 100
    refused = await rest.get(BY_TYPE, equity=full, index="SPX,VIX")
    assert refused.status == 422
    assert "101" in refused.error["errors"][0]["reason"]


@pytest.mark.parametrize("query", ["", "equity=", "stock=AAPL"])
async def test_no_symbol_at_all_is_refused(rest: RestClient, query: str) -> None:
    """422."""
    assert (await rest.get(f"{BY_TYPE}?{query}")).status == 422


async def test_the_answer_has_a_pagination_key_without_any(rest: RestClient) -> None:
    """The service sends it as null here."""
    answer = await rest.get(BY_TYPE, equity="AAPL")
    assert answer.json["pagination"] is None
    assert answer.json["context"] == BY_TYPE


@pytest.mark.parametrize(
    ("path", "symbol"),
    [
        ("/market-data/Equity/AAPL", "AAPL"),
        ("/market-data/Equity/BRK/B", "BRK/B"),
        ("/market-data/Equity/BRK%2FB", "BRK/B"),
        ("/market-data/Index/SPX", "SPX"),
        ("/market-data/Future//ESZ6", "/ESZ6"),
        ("/market-data/Future/%2FESZ6", "/ESZ6"),
        ("/market-data/Cryptocurrency/BTC/USD", "BTC/USD"),
        ("/market-data/Cryptocurrency/BTC%2FUSD", "BTC/USD"),
    ],
)
async def test_one_quote_alone_is_the_one_of_the_list(rest: RestClient, path: str, symbol: str) -> None:
    """A bare slash arrives as two segments and is understood (API facts 5.2)."""
    quote = (await rest.get(path)).data
    kind = path.split("/")[2].lower()
    assert quote == (await _quotes(rest, f"{kind}={symbol}"))[symbol]


@pytest.mark.parametrize(
    "path",
    [
        "/market-data/Equity/NOPE",
        "/market-data/Equity/SPX",
        "/market-data/Index/AAPL",
        "/market-data/Bond/X",
        "/market-data/Future/ESZ6",
        "/market-data/Future//ESZ9",
        "/market-data/Future%20Option/.%2FESZ6%20EW4Q6%20260821C5750",
        "/market-data/Cryptocurrency/DOGE/USD",
        "/market-data/Equity/%00",
        "/market-data/Equity/%FF",
        "/market-data/%ED%A0%80/AAPL",
    ],
)
async def test_a_single_quote_of_nothing_is_not_found(rest: RestClient, path: str) -> None:
    """404, unlike the list, which leaves it out."""
    assert (await rest.get(path)).status == 404


async def test_an_illiquid_name_has_no_ask(rest: RestClient) -> None:
    """A side that nobody quotes is left out, never null or zero."""
    listed = (await rest.get("/instruments/equities/active", per_page="5000")).items
    illiquid = next(item["symbol"] for item in listed if item["is-illiquid"])
    (quote,) = (await _quotes(rest, f"equity={illiquid}")).values()
    assert "ask" not in quote
    assert "mid" not in quote
    assert float(quote["bid"]) < float(quote["last"])
    assert None not in quote.values()


async def test_options_are_quoted_around_a_value_that_fits_the_strike(rest: RestClient) -> None:
    """Symbols with spaces, sent as plus signs; calls are cheaper at higher strikes, puts dearer."""
    (root,) = (await rest.get("/option-chains/AAPL/nested")).items
    strikes = root["expirations"][3]["strikes"]
    low, high = strikes[10], strikes[-10]
    symbols = [low["call"], high["call"], low["put"], high["put"]]
    query = "&".join(f"equity-option={symbol.replace(' ', '+')}" for symbol in symbols)
    quotes = await _quotes(rest, query)
    assert set(quotes) == set(symbols)
    marks = [float(quotes[symbol]["mark"]) for symbol in symbols]
    assert marks[0] > marks[1]
    assert marks[2] < marks[3]
    assert {quote["instrument-type"] for quote in quotes.values()} == {"Equity Option"}
    alone = await rest.get(f"/market-data/Equity%20Option/{low['call'].replace(' ', '%20')}")
    assert alone.data == quotes[low["call"]]


@pytest.mark.parametrize(
    "symbol",
    ["AAPL  261218C00000001", "AAPL261218C00200000", "AAPL  991218C00200000", "NOPE  261218C00200000"],
)
async def test_options_that_are_not_listed_are_missing(rest: RestClient, symbol: str) -> None:
    """Wrong strikes, spellings, dates and roots."""
    assert (await rest.get(BY_TYPE, equity_option=symbol)).items == []


async def test_during_the_day_the_quote_moves_and_has_no_close_yet(
    rest: RestClient, market_clock: ManualClock
) -> None:
    """From the open of Monday the summary date is Monday; its close is known only after the bell."""
    market_clock.advance(_until_monday(hour=14, minute=31))
    opened = (await rest.get("/market-data/Equity/AAPL")).data
    market_clock.advance(5 * 3600)
    later = (await rest.get("/market-data/Equity/AAPL")).data
    market_clock.advance(3 * 3600)
    after = (await rest.get("/market-data/Equity/AAPL")).data
    assert opened["summary-date"] == later["summary-date"] == after["summary-date"] == "2026-11-23"
    assert opened["prev-close-date"] == "2026-11-20"
    assert "close" not in opened
    assert opened["close-price-type"] == "Unknown"
    assert opened["updated-at"] < later["updated-at"] < after["updated-at"]
    assert len({opened["last"], later["last"], after["last"]}) == 3
    assert float(opened["volume"]) < float(later["volume"]) < float(after["volume"])
    assert after["last"] == after["close"]
    assert after["open"] == opened["open"]


async def test_a_halted_name_says_so_in_its_quote_and_in_its_listing() -> None:
    """In the midst of a session; its bid, ask and last trade are those from before."""
    world = world_at("2026-11-20T16:15")
    names = [
        one.symbol for one in world.market.listings() if one.number >= 11_500 and one.delisted_on is None
    ]
    halted = next(name for name in names if (quote := world.market.quote(name)) and quote.halted_at)
    async with rest_at("2026-11-20T16:15") as rest:
        quote = (await rest.get(f"/market-data/Equity/{halted}")).data
        assert quote["is-trading-halted"] is True
        assert quote["trading-halted-reason"]
        assert quote["halt-end-time"] == -1
        assert quote["last-trade-time"] <= quote["halt-start-time"]
        equity = (await rest.get(f"/instruments/equities/{halted}")).data
        since = datetime.fromisoformat(equity["halted-at"])
        assert since.timestamp() * 1000 == quote["halt-start-time"]
        assert "halted-at" not in (await rest.get("/instruments/equities/AAPL")).data


async def test_a_quote_moves_on_with_the_second(rest: RestClient, market_clock: ManualClock) -> None:
    """Within one second it is the same; in the evening the bid and the ask still move."""
    first = (await rest.get("/market-data/Equity/AAPL")).data
    market_clock.advance(0.5)
    assert (await rest.get("/market-data/Equity/AAPL")).data == first
    market_clock.advance(0.5)
    later = (await rest.get("/market-data/Equity/AAPL")).data
    assert later["updated-at"] > first["updated-at"]
    assert later["last"] == first["last"]


def _until_monday(*, hour: int, minute: int) -> float:
    """From Friday 23:00 UTC, when the clock stands, to that time on Monday."""
    return 2 * 86_400 + 3600 + hour * 3600 + minute * 60


async def _quotes(rest: RestClient, query: str) -> dict[str, dict[str, Any]]:
    items = (await rest.get(f"{BY_TYPE}?{query}")).items
    return {item["symbol"]: item for item in items}
