# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Quotes over REST: one of each type, and many of all types at once."""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tastytrade.instruments import Cryptocurrency, Equity, Future, Option
from tastytrade.market_data import get_market_data, get_market_data_by_type
from tastytrade.order import InstrumentType

from community_sdk.option_chains import month_out, near, spot
from community_sdk.sessions import refusal

if TYPE_CHECKING:
    from tastytrade.market_data import MarketData

    from community_sdk.markets import Markets, Sandbox


async def one_of_each(sandbox: Sandbox) -> dict[str, InstrumentType]:
    """Name instruments of every type that is quoted."""
    strikes = near(await month_out(sandbox, "AAPL"), await spot(sandbox, "AAPL"), 2)
    return {
        "AAPL": InstrumentType.EQUITY,
        "BRK/B": InstrumentType.EQUITY,
        "SPY": InstrumentType.EQUITY,
        "SPX": InstrumentType.INDEX,
        strikes[0].call: InstrumentType.EQUITY_OPTION,
        strikes[1].put: InstrumentType.EQUITY_OPTION,
        (await Future.get(sandbox.session))[0].symbol: InstrumentType.FUTURE,
        "BTC/USD": InstrumentType.CRYPTOCURRENCY,
    }


def assert_sane(quote: MarketData, sandbox: Sandbox) -> None:
    """Refuse what no market shows in the middle of a session."""
    assert quote.updated_at <= sandbox.started_at + timedelta(seconds=1), quote
    assert quote.updated_at >= sandbox.started_at - timedelta(days=1), quote
    if quote.instrument_type != InstrumentType.INDEX:
        assert 0 < quote.bid < quote.ask, quote
        assert quote.bid <= quote.mid <= quote.ask, quote
        assert quote.bid <= quote.mark <= quote.ask, quote
        assert quote.bid_size > 0, quote
        assert quote.ask_size > 0, quote
    assert quote.last > 0, quote
    assert quote.prev_close > 0, quote
    assert quote.day_low_price <= min(quote.open, quote.last), quote
    assert max(quote.open, quote.last) <= quote.day_high_price, quote
    assert quote.summary_date == sandbox.today, quote
    assert quote.prev_close_date < quote.summary_date, quote
    assert quote.volume is None or quote.volume >= 0, quote
    assert quote.halt_start_time == quote.halt_end_time == -1, quote


async def check_single_quotes_are_sane(markets: Markets) -> None:
    """Every type, a symbol with a slash and one with spaces among them."""
    for symbol, kind in (await one_of_each(markets.still)).items():
        quote = await get_market_data(markets.still.session, symbol, kind)
        assert (quote.symbol, quote.instrument_type) == (symbol, kind)
        assert_sane(quote, markets.still)


async def check_quotes_by_type_are_the_single_ones(markets: Markets) -> None:
    """While the market stands still, both ways tell the same."""
    wanted = await one_of_each(markets.still)

    def of(kind: InstrumentType) -> list[str]:
        return [symbol for symbol, each in wanted.items() if each == kind]

    quotes = await get_market_data_by_type(
        markets.still.session,
        equities=of(InstrumentType.EQUITY),
        indices=of(InstrumentType.INDEX),
        options=of(InstrumentType.EQUITY_OPTION),
        futures=of(InstrumentType.FUTURE),
        cryptocurrencies=of(InstrumentType.CRYPTOCURRENCY),
    )
    assert {each.symbol: each.instrument_type for each in quotes} == wanted
    for quote in quotes:
        assert quote == await get_market_data(markets.still.session, quote.symbol, quote.instrument_type)


async def check_unknown_symbols_are_left_out(markets: Markets) -> None:
    """A symbol that does not exist is missing from the list, and refused alone."""
    session = markets.still.session
    found = await get_market_data_by_type(session, equities=["AAPL", "NOSUCH"], futures=["/ZZZ9"])
    assert [each.symbol for each in found] == ["AAPL"]
    assert await refusal(get_market_data(session, "NOSUCH", InstrumentType.EQUITY))
    assert await refusal(get_market_data(session, "AAPL", InstrumentType.CRYPTOCURRENCY))


async def check_a_hundred_symbols_are_the_limit(markets: Markets) -> None:
    """All types together."""
    session = markets.still.session
    symbols = [each.symbol for each in await Equity.get_active_equities(session, per_page=300)]
    shares = [each for each in symbols if each not in {"SPX", "VIX", "NDX", "RUT", "DJX", "XSP"}]
    assert len(await get_market_data_by_type(session, equities=shares[:99], indices=["SPX"])) >= 95
    words = await refusal(get_market_data_by_type(session, equities=shares[:100], indices=["SPX"]))
    assert "100" in words, words


async def check_quotes_of_what_is_listed_fit_their_listing(markets: Markets) -> None:
    """Every future and cryptocurrency that is listed has a quote on its tick."""
    session = markets.still.session
    ticks = {each.symbol: each.tick_size for each in await Future.get(session)}
    ticks |= {each.symbol: each.tick_size for each in await Cryptocurrency.get(session)}
    coins = [symbol for symbol in ticks if not symbol.startswith("/")]
    futures = [symbol for symbol in ticks if symbol.startswith("/")]
    quotes = await get_market_data_by_type(session, futures=futures, cryptocurrencies=coins)
    assert {each.symbol for each in quotes} == set(ticks)
    for quote in quotes:
        for price in (quote.bid, quote.ask, quote.last):
            assert price % ticks[quote.symbol] == 0, (quote, ticks[quote.symbol])


async def check_an_option_is_quoted_between_nothing_and_its_underlying(markets: Markets) -> None:
    """A call costs less than the share; the quote says how many contracts are open."""
    price = await spot(markets.still, "AAPL")
    strike = near(await month_out(markets.still, "AAPL"), price, 1)[0]
    option = await Option.get(markets.still.session, strike.call)
    quote = await get_market_data(markets.still.session, option.symbol, option.instrument_type)
    assert Decimal(0) < quote.bid < price
    assert quote.open_interest is not None
    assert quote.open_interest >= 0
