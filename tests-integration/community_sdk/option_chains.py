# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Option chains, flat and nested, and single options: contracts around the price of what they are about."""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

from tastytrade.instruments import NestedOptionChain, Option, OptionType, get_option_chain
from tastytrade.market_data import get_market_data, get_market_data_by_type
from tastytrade.order import InstrumentType

from community_sdk.sessions import refusal

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from tastytrade.instruments import NestedOptionChainExpiration, Strike
    from tastytrade.market_data import MarketData

    from community_sdk.markets import Markets, Sandbox

UNDERLYINGS = ("AAPL", "BRK/B", "SPY", "SPX")


async def spot(sandbox: Sandbox, symbol: str) -> Decimal:
    """Give the last price of an underlying."""
    kind = InstrumentType.INDEX if symbol == "SPX" else InstrumentType.EQUITY
    price: Decimal = (await get_market_data(sandbox.session, symbol, kind)).last
    return price


async def month_out(sandbox: Sandbox, symbol: str) -> NestedOptionChainExpiration:
    """Give the first expiration that is at least three weeks away."""
    chains = await NestedOptionChain.get(sandbox.session, symbol)
    expirations = [each for chain in chains for each in chain.expirations if each.days_to_expiration >= 21]
    return min(expirations, key=lambda each: each.days_to_expiration)


async def check_chains_surround_the_spot_price(markets: Markets) -> None:
    """Every expiration lies ahead, with strikes in order on both sides of the price."""
    for symbol in UNDERLYINGS:
        price = await spot(markets.still, symbol)
        for chain in await NestedOptionChain.get(markets.still.session, symbol):
            assert chain.underlying_symbol == symbol
            assert chain.shares_per_contract == 100
            assert chain.tick_sizes[-1].threshold is None
            assert chain.deliverables is None or all(each.amount > 0 for each in chain.deliverables)
            dates = [(each.expiration_date, each.settlement_type) for each in chain.expirations]
            assert dates == sorted(dates), dates
            for expiration in chain.expirations:
                days = (expiration.expiration_date - markets.still.today).days
                assert expiration.days_to_expiration == days >= 0, expiration.expiration_date
                strikes = [each.strike_price for each in expiration.strikes]
                assert strikes == sorted(set(strikes)), expiration.expiration_date
                place = bisect_left(strikes, price)
                assert 3 <= place <= len(strikes) - 3, (symbol, price, strikes[0], strikes[-1])


async def check_all_kinds_of_expiration_occur(markets: Markets) -> None:
    """Weekly, monthly, quarterly, end of month; the index has two roots with two ways to settle."""
    kinds: Counter[str] = Counter()
    for symbol in UNDERLYINGS:
        for chain in await NestedOptionChain.get(markets.still.session, symbol):
            kinds.update(each.expiration_type for each in chain.expirations)
    assert set(kinds) == {"Regular", "Weekly", "Quarterly", "End-Of-Month"}, kinds
    roots = {each.root_symbol: each for each in await NestedOptionChain.get(markets.still.session, "SPX")}
    assert set(roots) == {"SPX", "SPXW"}
    assert {each.settlement_type for each in roots["SPX"].expirations} == {"AM"}
    assert {each.settlement_type for each in roots["SPXW"].expirations} == {"PM"}


async def check_flat_and_nested_chains_agree(markets: Markets) -> None:
    """The same contracts by the same names, and each contract's name says what it is."""
    for symbol in UNDERLYINGS:
        flat = await get_option_chain(markets.still.session, symbol)
        nested = await NestedOptionChain.get(markets.still.session, symbol)
        names = {
            (chain.root_symbol, each.expiration_date, strike.strike_price, kind): (occ, streamer)
            for chain in nested
            for each in chain.expirations
            for strike in each.strikes
            for kind, occ, streamer in (
                (OptionType.CALL, strike.call, strike.call_streamer_symbol),
                (OptionType.PUT, strike.put, strike.put_streamer_symbol),
            )
        }
        options = [option for day in flat.values() for option in day]
        assert len(options) == len(names)
        for option in options:
            key = (option.root_symbol, option.expiration_date, option.strike_price, option.option_type)
            assert names[key] == (option.symbol, option.streamer_symbol), option
            assert option.underlying_symbol == symbol
            assert option.symbol == occ_symbol(*key), option
        assert {option.expiration_date for option in options} == set(flat)
    assert await refusal(NestedOptionChain.get(markets.still.session, "NOSUCH"))
    assert await refusal(get_option_chain(markets.still.session, "NOSUCH"))


def occ_symbol(root: str, expiration: date, strike: Decimal, kind: OptionType) -> str:
    """Spell a contract's 21 letters."""
    return f"{root:<6}{expiration:%y%m%d}{kind.value}{int(strike * 1000):08d}"


async def check_a_single_option_is_the_one_of_the_chain(markets: Markets) -> None:
    """With what it delivers, how it is exercised and when it ends."""
    for symbol, style in (("AAPL", "American"), ("BRK/B", "American"), ("SPX", "European")):
        expiration = await month_out(markets.still, symbol)
        flat = await get_option_chain(markets.still.session, symbol)
        for expected in flat[expiration.expiration_date][::25]:
            option = await Option.get(markets.still.session, expected.symbol)
            assert option == expected
            assert option.exercise_style == style
            assert option.instrument_type == InstrumentType.EQUITY_OPTION
            assert option.active
            assert option.stops_trading_at <= option.expires_at
            assert option.stops_trading_at.date() >= expiration.expiration_date
    assert await refusal(Option.get(markets.still.session, "AAPL  261218C09999999"))
    assert await refusal(Option.get(markets.still.session, ".AAPL261218C200"))


async def check_the_sdk_converts_names_as_the_service_does(markets: Markets) -> None:
    """Its own converters, on whole strikes, give the names of the chain."""
    for strike in (await month_out(markets.still, "AAPL")).strikes:
        if strike.strike_price % 1 == 0:
            assert Option.occ_to_streamer_symbol(strike.call) == strike.call_streamer_symbol
            assert Option.streamer_symbol_to_occ(strike.put_streamer_symbol) == strike.put


async def check_option_prices_are_free_of_arbitrage(markets: Markets) -> None:
    """Calls get cheaper and puts dearer with the strike, none is below its worth at exercise."""
    for symbol in ("AAPL", "SPX"):
        price = await spot(markets.still, symbol)
        strikes = near(await month_out(markets.still, symbol), price, 20)
        quotes = await quotes_by_symbol(
            markets.still, [name for each in strikes for name in (each.call, each.put)]
        )
        calls = [quotes[each.call] for each in strikes]
        puts = [quotes[each.put] for each in strikes]
        assert [each.mark for each in calls] == sorted((each.mark for each in calls), reverse=True)
        assert [each.mark for each in puts] == sorted(each.mark for each in puts)
        for strike, call, put in zip(strikes, calls, puts, strict=True):
            # What exercise would give, less a month's interest and dividends on a European option.
            assert call.ask >= price - strike.strike_price - price / 100, call
            assert put.ask >= strike.strike_price - price - price / 100, put
            # Put-call parity, up to interest and dividends of a month.
            difference = float(call.mark - put.mark) - float(price - strike.strike_price)
            assert math.fabs(difference) <= 0.02 * float(price), (strike, difference)


def near(expiration: NestedOptionChainExpiration, price: Decimal, count: int) -> list[Strike]:
    """Give so many strikes around a price, in order."""
    closest = sorted(expiration.strikes, key=lambda each: abs(each.strike_price - price))[:count]
    return sorted(closest, key=lambda each: each.strike_price)


async def quotes_by_symbol(sandbox: Sandbox, options: list[str]) -> dict[str, MarketData]:
    """Ask for up to 100 options at once."""
    quotes = {each.symbol: each for each in await get_market_data_by_type(sandbox.session, options=options)}
    assert set(quotes) == set(options)
    return quotes
