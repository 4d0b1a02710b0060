# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Everything that can be traded or looked at: equities, futures, coins, currency pairs, warrants."""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

from typing import TYPE_CHECKING

from tastytrade.instruments import (
    Cryptocurrency,
    Equity,
    Forex,
    Future,
    FutureOption,
    FutureOptionProduct,
    FutureProduct,
    NestedFutureOptionChain,
    Warrant,
    get_future_option_chain,
    get_quantity_decimal_precisions,
)
from tastytrade.order import InstrumentType

from community_sdk.sessions import refusal

if TYPE_CHECKING:
    from community_sdk.markets import Markets

LENDABILITY = {"Easy To Borrow", "Locate Required", "Preborrow"}


async def check_single_equities_are_found(markets: Markets) -> None:
    """A share, a share class with a slash, a fund and an index, each known as what it is."""
    session = markets.still.session
    for symbol, is_etf, is_index in (
        ("AAPL", False, False),
        ("BRK/B", False, False),
        ("SPY", True, False),
        ("SPX", False, True),
    ):
        equity = await Equity.get(session, symbol)
        assert equity.symbol == symbol
        assert equity.streamer_symbol == symbol
        assert (equity.is_etf, equity.is_index) == (is_etf, is_index), equity
        assert equity.id > 0
        assert equity.description
        assert equity.active
        assert equity.lendability in LENDABILITY, equity
        assert equity.instrument_type == InstrumentType.EQUITY or is_index, equity
    apple = await Equity.get(session, "AAPL")
    assert [size.threshold is None for size in apple.tick_sizes] == [False, True]
    assert all(size.value > 0 for size in apple.option_tick_sizes)
    assert "NOSUCH" in await refusal(Equity.get(session, "NOSUCH"))


async def check_equities_are_listed_by_symbol(markets: Markets) -> None:
    """Those that exist among those that were asked for."""
    session = markets.still.session
    found = await Equity.get(session, ["MSFT", "BRK/B", "NOSUCH"])
    assert {each.symbol for each in found} == {"MSFT", "BRK/B"}
    assert [each for each in found if each.symbol == "BRK/B"] == [await Equity.get(session, "BRK/B")]


async def check_all_equities_are_read_page_by_page(markets: Markets) -> None:
    """All pages together hold every symbol once; filters choose among them."""
    session = markets.still.session
    whole = await Equity.get(session, [], per_page=1000, page_offset=None)
    symbols = [each.symbol for each in whole]
    assert len(symbols) > 1000
    assert len(set(symbols)) == len(symbols)
    assert len({each.id for each in whole}) == len(whole)
    assert (await Equity.get(session, [], per_page=250))[0] == whole[0]
    assert (await Equity.get(session, [], per_page=100, page_offset=2)) == whole[200:300]
    for name, value in (("is_index", True), ("is_etf", True), ("lendability", "Locate Required")):
        expected = [each.symbol for each in whole if getattr(each, name) == value]
        got = await Equity.get(session, [], per_page=1000, page_offset=None, **{name: value})
        assert expected, name
        assert [each.symbol for each in got] == expected, name


async def check_active_equities_are_those_that_trade(markets: Markets) -> None:
    """All pages, one page, and by lendability; a delisted name is not among them."""
    session = markets.still.session
    active = await Equity.get_active_equities(session, page_offset=None)
    assert await Equity.get_active_equities(session, per_page=300, page_offset=None) == active
    assert await Equity.get_active_equities(session, per_page=300) == active[:300]
    assert all(each.active for each in active)
    easy = await Equity.get_active_equities(session, page_offset=None, lendability="Easy To Borrow")
    assert [each for each in active if each.lendability == "Easy To Borrow"] == easy
    everything = await Equity.get(session, [], per_page=1000, page_offset=None)
    inactive = {each.symbol for each in everything if not each.active}
    assert inactive, "nothing was ever delisted"
    assert {each.symbol for each in everything} - inactive == {each.symbol for each in active}


async def check_futures_are_listed_and_found(markets: Markets) -> None:
    """Two months of each product, by symbol with and without its slash, by product, all of them."""
    session = markets.still.session
    whole = await Future.get(session, page_offset=None)
    assert {each.product_code for each in whole} >= {"ES", "NQ", "CL", "GC"}
    for each in whole:
        assert each.symbol.startswith(f"/{each.product_code}"), each
        assert each.streamer_symbol.startswith("/"), each
        assert ":" in each.streamer_symbol, each
        assert each.expiration_date >= markets.still.today, each
        assert each.tick_size > 0, each
        assert each.notional_multiplier > 0, each
        assert await Future.get(session, each.symbol) == each
    first = whole[0]
    assert await Future.get(session, first.symbol.removeprefix("/")) == first
    assert await Future.get(session, [first.symbol]) == [first]
    product = await Future.get(session, product_codes=[first.product_code])
    assert product == [each for each in whole if each.product_code == first.product_code]
    assert sum(each.active_month for each in product) == 1
    assert await refusal(Future.get(session, "/ZZZ9"))


async def check_future_products_are_listed_and_found(markets: Markets) -> None:
    """Each future's product says the same of it."""
    session = markets.still.session
    products = {each.code: each for each in await FutureProduct.get(session)}
    for future in await Future.get(session, page_offset=None):
        product = products[future.product_code]
        assert product.tick_size == future.tick_size
        assert product.notional_multiplier == future.notional_multiplier
        assert product.streamer_exchange_code == future.streamer_exchange_code
        assert product.root_symbol == f"/{product.code}", product
    for product in products.values():
        assert await FutureProduct.get(session, product.code, exchange=product.exchange) == product
    assert await refusal(FutureProduct.get(session, "ZZZ"))


async def check_options_on_futures_are_refused_in_words(markets: Markets) -> None:
    """They are not simulated: no products, and every other question gets the error envelope."""
    session = markets.still.session
    assert await FutureOptionProduct.get(session) == []
    for ask, arguments in (
        (FutureOptionProduct.get, ("ES",)),
        (FutureOption.get, ("./ESU6 EW4Q6 260821C5750",)),
        (NestedFutureOptionChain.get, ("ES",)),
        (get_future_option_chain, ("ES",)),
    ):
        words = await refusal(ask(session, *arguments))
        assert "not_found" in words or "not found" in words, words


async def check_cryptocurrencies_are_listed_and_found(markets: Markets) -> None:
    """A few, each with the place where it trades."""
    session = markets.still.session
    whole = await Cryptocurrency.get(session)
    assert {each.symbol for each in whole} >= {"BTC/USD", "ETH/USD"}
    for each in whole:
        assert each.instrument_type == InstrumentType.CRYPTOCURRENCY
        assert each.streamer_symbol.startswith(f"{each.symbol}:"), each
        assert each.tick_size > 0
        assert each.destination_venue_symbols, each
        assert await Cryptocurrency.get(session, each.symbol) == each
    assert [each.symbol for each in await Cryptocurrency.get(session, ["ETH/USD"])] == ["ETH/USD"]
    assert await refusal(Cryptocurrency.get(session, "NO/USD"))


async def check_currency_pairs_are_listed(markets: Markets) -> None:
    """A few, with their streamer symbols."""
    pairs = await Forex.get(markets.still.session)
    assert pairs
    for pair in pairs:
        assert "/" in pair.symbol, pair
        assert pair.streamer_symbol, pair
        assert pair.instrument_type == InstrumentType.CURRENCY_PAIR


async def check_warrants_can_be_asked_for(markets: Markets) -> None:
    """All, some and one; where there is none, the single one is refused."""
    session = markets.still.session
    whole = await Warrant.get(session)
    for each in whole:
        assert each.instrument_type == InstrumentType.WARRANT
        assert await Warrant.get(session, each.symbol) == each
    assert await Warrant.get(session, ["NOSUCHW"]) == []
    assert await refusal(Warrant.get(session, "NOSUCHW"))


async def check_quantity_precisions_cover_what_is_traded(markets: Markets) -> None:
    """Shares and coins can be split, options and futures cannot."""
    rows = await get_quantity_decimal_precisions(markets.still.session)
    general = {row.instrument_type: row for row in rows if row.symbol is None}
    assert general[InstrumentType.EQUITY].value > 0
    assert {row.instrument_type for row in rows} >= {
        InstrumentType.EQUITY,
        InstrumentType.EQUITY_OPTION,
        InstrumentType.CRYPTOCURRENCY,
    }
    assert all(0 <= row.minimum_increment_precision <= row.value for row in rows), rows
