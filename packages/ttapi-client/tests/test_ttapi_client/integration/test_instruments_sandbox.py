# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Instruments and option chains from the sandbox: each call, and that what they say agrees."""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

import pytest

from ttapi_client import Policies, TTClient
from ttapi_client.policies import RateLimitPolicy, RetryPolicy
from ttapi_client.sandbox import SandboxServer, World
from ttapi_core.clock import ManualClock
from ttapi_core.errors import NotFoundError, UnknownSymbolError
from ttapi_core.instruments import InstrumentType, TickSize
from ttapi_core.outcome import Err, Ok
from ttapi_core.settings import Settings
from ttapi_core.symbols import OptionSymbol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ttapi_core.equity_options import EquityOption

EVENING = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
QUICK = Policies(
    retry=RetryPolicy(first_wait_seconds=0.0),
    rate_limit=RateLimitPolicy(starts=100_000),
    timeout_seconds=60.0,
)
UNDERLYINGS = ["AAPL", "BRK/B", "SPX"]


@pytest.fixture(scope="module")
def world() -> World:
    """The usual simulated world, on one evening."""
    return World.seeded(clock=ManualClock(EVENING))


@pytest.fixture
async def server(world: World) -> AsyncIterator[SandboxServer]:
    """A sandbox on a free port."""
    async with SandboxServer(world) as running:
        yield running


@pytest.fixture
async def client(server: SandboxServer) -> AsyncIterator[TTClient]:
    """A client of it that does not wait between attempts."""
    async with TTClient(Settings(api_url=server.url), policies=QUICK) as opened:
        yield opened


async def test_an_equity_has_every_field_that_the_service_sends(client: TTClient) -> None:
    """Decimals exact, steps in order; what is not sent is None."""
    apple = await client.instruments.equity("AAPL")
    assert (apple.short_description or "").startswith("APPLE")
    assert apple.id is not None
    assert apple.tick_sizes == (
        TickSize(value=Decimal("0.0001"), threshold=Decimal("1.0")),
        TickSize(value=Decimal("0.01")),
    )
    assert [step.value for step in apple.option_tick_sizes] == [Decimal("0.01"), Decimal("0.05")]
    assert apple.is_fractional_quantity_eligible is True
    assert apple.market_time_instrument_collection == "Equity"
    assert (apple.is_options_closing_only, apple.is_fraud_risk) == (False, False)
    assert (apple.cusip, apple.halted_at, apple.country_of_taxation) == (None, None, None)


async def test_the_listing_holds_the_active_ones_and_more(client: TTClient, server: SandboxServer) -> None:
    """All pages, each equity once; the same objects as one by one."""
    active = [equity async for equity in client.instruments.active_equities(per_page=500)]
    listed = {equity.symbol: equity async for equity in client.instruments.equities(per_page=300)}
    assert all(equity.active for equity in active)
    assert {equity.symbol for equity in active} == {
        symbol for symbol, equity in listed.items() if equity.active
    }
    assert len(active) == len({equity.symbol for equity in active}) > 400
    assert all(listed[equity.symbol] == equity for equity in active)
    assert server.statistics.requests["GET /instruments/equities"] == -(-len(listed) // 300)


@pytest.mark.parametrize("flag", [True, False])
async def test_flags_and_lendability_are_the_services_filters(client: TTClient, flag: bool) -> None:
    """They are sent as it wants them: else it would answer 422, or with everything."""
    listed = [equity async for equity in client.instruments.equities()]
    funds = [equity async for equity in client.instruments.equities(is_etf=flag)]
    assert funds == [equity for equity in listed if equity.is_etf is flag]
    indexes = [equity async for equity in client.instruments.equities(is_index=flag)]
    assert indexes == [equity for equity in listed if equity.is_index is flag]
    word = "Easy To Borrow" if flag else "Locate Required"
    lent = [equity async for equity in client.instruments.active_equities(lendability=word)]
    assert lent == [equity for equity in listed if equity.active and equity.lendability == word]
    assert lent == [equity async for equity in client.instruments.equities(lendability=word) if equity.active]


async def test_a_lazy_listing_asks_for_no_page_before_it_is_wanted(
    client: TTClient, server: SandboxServer
) -> None:
    """One equity costs one page."""
    async with aclosing(client.instruments.equities(per_page=10)) as equities:
        await anext(equities)
    assert server.statistics.requests["GET /instruments/equities"] == 1


async def test_equities_by_symbol_are_ok_or_err_in_the_order_asked_for(
    client: TTClient, server: SandboxServer
) -> None:
    """Five hundred in six requests; none costs another its answer."""
    known = [equity.symbol async for equity in client.instruments.active_equities()][:497]
    wanted = ["NOSUCH", *known, "BRK.B", "brk/b"]
    found = await client.instruments.equities_by_symbol(wanted)
    assert list(found) == list(dict.fromkeys(wanted))
    for symbol in known:
        outcome = found[symbol]
        assert isinstance(outcome, Ok)
        assert outcome.value.symbol == symbol
    lower, missing, dotted = found["brk/b"], found["NOSUCH"], found["BRK.B"]
    assert isinstance(lower, Ok)
    assert lower.value == await client.instruments.equity("BRK/B")
    assert isinstance(missing, Err)
    assert isinstance(missing.error, UnknownSymbolError)
    assert isinstance(dotted, Err)
    assert dotted.error.hint == "write BRK/B"
    assert server.statistics.requests["GET /instruments/equities"] <= 6


async def test_a_plain_list_of_symbols_leaves_out_what_the_service_does_not_know(client: TTClient) -> None:
    """An empty list is nothing at all, and not everything."""
    symbols = ["MSFT", "NOSUCH", "BRK/B"]
    found = [equity.symbol async for equity in client.instruments.equities(symbols)]
    assert sorted(found) == ["BRK/B", "MSFT"]
    assert [equity async for equity in client.instruments.equities([])] == []


async def test_what_is_not_listed_is_not_found(client: TTClient) -> None:
    """Of every kind, one by one."""
    instruments, chains = client.instruments, client.option_chains
    for call in (
        instruments.equity("NOSUCH"),
        instruments.equity_option("NOSUCH261218C00200000"),
        instruments.future("/ZZZ9"),
        instruments.future_product("CME", "ZZ"),
        instruments.future_option_product("CME", "EW4"),
        instruments.cryptocurrency("NO/SUCH"),
        instruments.warrant("NOSUCH"),
        chains.nested("NOSUCH"),
        chains.compact("NOSUCH"),
        chains.flat("NOSUCH"),
    ):
        with pytest.raises(NotFoundError):
            await call


@pytest.mark.parametrize("underlying", UNDERLYINGS)
async def test_the_three_forms_of_a_chain_agree(client: TTClient, underlying: str) -> None:
    """The same options, with the same streamer symbols, strikes, dates and words, in whichever form."""
    nested = await client.option_chains.nested(underlying)
    compact = await client.option_chains.compact(underlying)
    flat = await client.option_chains.flat(underlying)

    by_symbol = {option.symbol: option for option in flat}
    assert len(by_symbol) == len(flat) > 100

    streamed = {option.symbol: option.streamer_symbol for option in flat}
    assert streamed == {
        symbol: streamer
        for chain in compact
        for symbol, streamer in zip(chain.symbols, chain.streamer_symbols, strict=True)
    }
    assert streamed == {
        symbol: streamer
        for series in nested
        for strike in series.strikes
        for symbol, streamer in (
            (strike.call, strike.call_streamer_symbol),
            (strike.put, strike.put_streamer_symbol),
        )
    }
    for series in nested:
        for strike in series.strikes:
            for kind, symbol in (("C", strike.call), ("P", strike.put)):
                option = by_symbol[symbol]
                assert (option.option_type, option.strike, option.root) == (kind, strike.strike, series.root)
                assert (option.expiration_date, option.expiration_type, option.settlement_type) == (
                    series.expiration_date,
                    series.expiration_type,
                    series.settlement_type,
                )
                assert (option.underlying, option.chain_type) == (underlying, series.chain_type)
                assert option.shares_per_contract == series.shares_per_contract
                assert option.days_to_expiration == series.days_to_expiration
    for chain in compact:
        for symbol in chain.symbols:
            option = by_symbol[symbol]
            assert (option.underlying, option.root, option.chain_type) == (
                chain.underlying,
                chain.root,
                chain.chain_type,
            )
            assert (option.expiration_type, option.settlement_type, option.shares_per_contract) == (
                chain.expiration_type,
                chain.settlement_type,
                chain.shares_per_contract,
            )


@pytest.mark.parametrize("underlying", UNDERLYINGS)
async def test_the_words_of_an_option_say_what_its_symbol_says(client: TTClient, underlying: str) -> None:
    """An independent reading of the 21 characters."""
    for option in await client.option_chains.flat(underlying):
        symbol = OptionSymbol.parse(option.symbol)
        assert (symbol.root, symbol.expiration_date, symbol.option_type) == (
            option.root,
            option.expiration_date,
            option.option_type,
        )
        assert symbol.strike == option.strike
        assert option.instrument_type is InstrumentType.EQUITY_OPTION
        assert option.stops_trading_at is not None
        assert option.expires_at is not None
        assert option.stops_trading_at.utcoffset() == timedelta(0)
        assert option.stops_trading_at <= option.expires_at
        assert option.active is (option.expires_at > EVENING)


async def test_a_chain_says_what_a_contract_delivers(client: TTClient) -> None:
    """In the nested form and in the compact one."""
    (deliverable,) = (await client.option_chains.nested("AAPL"))[0].deliverables
    assert (deliverable.deliverable_type, deliverable.amount, deliverable.symbol) == (
        "Shares",
        Decimal(100),
        "AAPL",
    )
    assert (deliverable.instrument_type, deliverable.percent) == (InstrumentType.EQUITY, Decimal(100))
    assert (await client.option_chains.compact("AAPL"))[0].deliverables == (deliverable,)
    series = (await client.option_chains.nested("AAPL"))[0]
    assert series.tick_sizes[-1] == TickSize(value=Decimal("0.05"))


@pytest.mark.parametrize("underlying", UNDERLYINGS)
async def test_an_option_read_alone_is_its_item_in_the_chain(client: TTClient, underlying: str) -> None:
    """One of each expiration by a request of its own, all of them by symbol."""
    flat = await client.option_chains.flat(underlying)
    several = [
        next(options) for _, options in groupby(flat, key=lambda each: (each.root, each.expiration_date))
    ]
    for option in several[:5]:
        assert await client.instruments.equity_option(option.symbol) == option
    found = await client.instruments.equity_options([option.symbol for option in several])
    assert found == {option.symbol: Ok(option) for option in several}


async def test_hundreds_of_options_by_symbol_come_in_few_requests(
    client: TTClient, server: SandboxServer
) -> None:
    """The address bears a hundred of their symbols, the longest there are."""
    flat = (await client.option_chains.flat("SPX"))[:450]
    found = await client.instruments.equity_options([option.symbol for option in flat])
    assert found == {option.symbol: Ok(option) for option in flat}
    assert server.statistics.requests["GET /instruments/equity-options"] == 5


async def expired_option(client: TTClient) -> EquityOption:
    """One that ended on the third Friday of the month before."""
    for strike in range(100, 400, 5):
        symbol = OptionSymbol(
            root="AAPL", expiration_date=date(2026, 10, 16), option_type="C", strike=Decimal(strike)
        )
        try:
            return await client.instruments.equity_option(symbol.occ)
        except NotFoundError:
            continue
    pytest.fail("no option that has ended was found")


async def test_expired_options_are_an_err_unless_they_are_asked_for(client: TTClient) -> None:
    """Each filter is the service's own."""
    ended = await expired_option(client)
    assert ended.active is False
    live = (await client.option_chains.flat("AAPL"))[-1]
    symbols = [ended.symbol, live.symbol]
    usual = await client.instruments.equity_options(symbols)
    assert (type(usual[ended.symbol]), usual[live.symbol]) == (Err, Ok(live))
    every = await client.instruments.equity_options(symbols, with_expired=True)
    assert every == {ended.symbol: Ok(ended), live.symbol: Ok(live)}
    inactive = await client.instruments.equity_options(symbols, active=False, with_expired=True)
    assert (inactive[ended.symbol], type(inactive[live.symbol])) == (Ok(ended), Err)


async def test_futures_agree_with_their_products(client: TTClient) -> None:
    """Listed, by symbol, one by one, and by product."""
    futures = [future async for future in client.instruments.futures(per_page=3)]
    products = {product.code: product for product in await client.instruments.future_products()}
    assert {future.product_code for future in futures} == set(products)
    for future in futures:
        assert await client.instruments.future(future.symbol) == future
        product = products[future.product_code]
        assert future.product == product
        assert (future.exchange, future.tick_size) == (product.exchange, product.tick_size)
        assert (future.streamer_symbol or "").startswith(f"/{future.product_code}")
        assert (future.streamer_symbol or "").endswith(f":{future.streamer_exchange_code}")
        assert (future.active, future.is_tradeable, future.is_closing_only) == (True, True, False)
        assert future.instrument_type is InstrumentType.FUTURE
    for product in products.values():
        assert await client.instruments.future_product(product.exchange or "", product.code) == product
        assert await client.instruments.future_product(product.exchange or "", product.root) == product
        assert product.roll is not None
        assert product.roll.active_count == 2
        assert set(product.active_months) <= set(product.listed_months)


async def test_futures_are_filtered_by_the_service(client: TTClient) -> None:
    """By product, exchange, id and symbol; those that expired on demand."""
    instruments = client.instruments
    futures = [future async for future in instruments.futures()]
    oil = [future async for future in instruments.futures(product_codes=["CL"])]
    assert oil == [future for future in futures if future.product_code == "CL"] != []
    assert [future async for future in instruments.futures(exchange="CFE")] == []
    numbers = [future.security_id for future in oil if future.security_id]
    assert [future async for future in instruments.futures(security_ids=numbers)] == oil
    symbols = [future.symbol for future in oil]
    assert [future async for future in instruments.futures(symbols)] == oil
    every = [future async for future in instruments.futures(only_active=False)]
    expired = [future for future in every if not future.active]
    assert expired
    # The streamer symbol of an expired one is not sent, and not made up.
    assert {future.streamer_symbol for future in expired} == {None}


async def test_a_slash_in_a_symbol_is_no_step_in_the_path(client: TTClient) -> None:
    """Shares, futures and coins."""
    assert (await client.instruments.equity("BRK/B")).symbol == "BRK/B"
    assert (await client.instruments.cryptocurrency("BTC/USD")).symbol == "BTC/USD"
    assert (await client.instruments.future("/ESZ6")).symbol == "/ESZ6"


async def test_small_lists_agree_with_what_is_in_them(client: TTClient) -> None:
    """Coins, currencies, warrants, precisions and products of options on futures."""
    coins = await client.instruments.cryptocurrencies()
    assert [await client.instruments.cryptocurrency(coin.symbol) for coin in coins] == list(coins)
    assert await client.instruments.cryptocurrencies(["BTC/USD", "NO/SUCH"]) == coins[:1]
    assert await client.instruments.cryptocurrencies([]) == ()
    bitcoin = coins[0]
    assert (bitcoin.streamer_symbol, bitcoin.tick_size) == ("BTC/USD:CXTALP", Decimal("0.01"))
    (venue,) = bitcoin.destination_venue_symbols
    assert (venue.symbol, venue.routable, venue.max_quantity_precision) == ("BTC/USD", True, 8)

    pairs = {pair.symbol: pair for pair in await client.instruments.currency_pairs()}
    assert pairs["EUR/USD"].streamer_symbol == "EUR/USD"
    assert pairs["EUR/USD"].instrument_type is InstrumentType.CURRENCY_PAIR

    precisions = await client.instruments.quantity_precisions()
    by_symbol = {each.symbol: each.decimal_places for each in precisions if each.symbol}
    assert by_symbol == dict.fromkeys([coin.symbol for coin in coins], 8)
    assert {each.instrument_type for each in precisions if each.symbol is None} == {
        InstrumentType.EQUITY,
        InstrumentType.EQUITY_OPTION,
        InstrumentType.FUTURE,
    }

    assert await client.instruments.warrants() == ()
    assert await client.instruments.future_option_products() == ()
