# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Options of many names on many days: one price everywhere, and none that somebody could make money of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import exp
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from ttapi_client.sandbox.world import World
from ttapi_client.sandbox.world.black_scholes import RISK_FREE_RATE, option_price, option_value
from ttapi_client.sandbox.world.listings import OptionProgram, all_listings
from ttapi_client.sandbox.world.option_market import OptionContract, OptionQuote
from ttapi_core.clock import ManualClock
from ttapi_core.market_calendar import is_trading_day
from ttapi_core.trading_day import trading_day

if TYPE_CHECKING:
    from ttapi_client.sandbox.world.expirations import ListedExpiration, OptionRoot

# Those that are listed from the first to the last day.
SYMBOLS = [
    one.symbol for one in all_listings() if one.is_well_known and one.options is not OptionProgram.NONE
]
NAMES = ["AAPL", "AES", "AGG", "BRK/B", "GLD", "KSS", "NVR", "QQQ", "RUT", "SPX", "SPY", "TSLA", "VIX"]
symbols = st.one_of(st.sampled_from(NAMES), st.sampled_from(SYMBOLS))
trading_dates = st.dates(date(2009, 1, 5), date(2034, 12, 29)).filter(is_trading_day)
moments = st.builds(
    lambda day, share: trading_day(day).open_at + share * timedelta(hours=9),
    trading_dates,
    st.floats(0.0, 1.0),
)


def world_at(moment: datetime) -> World:
    """A world of its own for each moment; histories are made on demand."""
    return World.seeded(clock=ManualClock(moment))


def value_of(world: World, quote: OptionQuote) -> float:
    """The price before rounding, by the formula from what the quote and the market's actions say."""
    contract = quote.contract
    return option_price(
        contract.kind,
        spot=quote.underlying.last,
        strike=contract.strike / 1000,
        years=(contract.expires_at - quote.updated_at) / timedelta(days=365),
        volatility=quote.implied_volatility,
        dividend_yield=dividend_yield(world, quote),
    )


def dividend_yield(world: World, quote: OptionQuote) -> float:
    """What was paid within a year, over the close of the day before."""
    underlying = quote.underlying
    day = underlying.summary_date
    paid = [
        dividend.amount
        for dividend in world.market.actions(underlying.listing.symbol).dividends
        if day - timedelta(days=365) < dividend.ex_date <= day
    ]
    return sum(paid) / (underlying.prev_close or underlying.open)


def quotes_of(world: World, root: OptionRoot, expiration: ListedExpiration, kind: str) -> list[OptionQuote]:
    """The quotes of all strikes of one expiration."""
    quotes = [
        world.options.quote(OptionContract(root=root, expiration=expiration, kind=kind, strike=strike))
        for strike in expiration.strikes
    ]
    assert None not in quotes
    return [quote for quote in quotes if quote is not None]


def alive(world: World, root: OptionRoot) -> list[ListedExpiration]:
    """The expirations that are still to come."""
    return [one for one in root.expirations if one.expires_at > world.market.now()]


@given(symbol=symbols, moment=moments, choice=st.integers(0, 10_000))
def test_no_spread_and_no_butterfly_costs_less_than_nothing(
    symbol: str, moment: datetime, choice: int
) -> None:
    """Over the listed strikes calls fall by at most the strikes' distance, and are convex."""
    world = world_at(moment)
    for root in world.options.roots(symbol) or ():
        expirations = alive(world, root)
        if not expirations:
            continue
        expiration = expirations[choice % len(expirations)]
        strikes = [strike / 1000 for strike in expiration.strikes]
        prices = [value_of(world, quote) for quote in quotes_of(world, root, expiration, "C")]
        slopes = [
            (after - before) / (high - low)
            for (before, after), (low, high) in zip(pairwise(prices), pairwise(strikes), strict=True)
        ]
        assert all(-1 - 1e-9 <= slope <= 1e-9 for slope in slopes)
        assert all(first <= second + 1e-7 for first, second in pairwise(slopes))


@given(symbol=symbols, moment=moments)
def test_total_variance_does_not_fall_with_time(symbol: str, moment: datetime) -> None:
    """Of what is published at the money, from one expiration to the next."""
    world = world_at(moment)
    quote = world.market.quote(symbol)
    published = world.options.expiration_volatilities(symbol)
    assert quote is not None
    assert published
    since = quote.last_trade_at if quote.close is None else trading_day(quote.summary_date).close_at
    variances = sorted(
        (expiration.expires_at, volatility**2 * (expiration.expires_at - since).total_seconds())
        for _, expiration, volatility in published
        if expiration.expires_at > since
    )
    assert all(near <= far * (1 + 1e-9) for (_, near), (_, far) in pairwise(variances))


@given(symbol=symbols, moment=moments, choice=st.integers(0, 10_000))
def test_a_quote_is_the_formula_of_what_it_says(symbol: str, moment: datetime, choice: int) -> None:
    """The mark is the value rounded to the tick; the greeks belong to the same volatility and instant."""
    world = world_at(moment)
    root, expiration, kind, strike = _choose(world, symbol, choice)
    quote = world.options.quote(OptionContract(root=root, expiration=expiration, kind=kind, strike=strike))
    assert quote is not None
    exact = value_of(world, quote)
    assert quote.mark == pytest.approx(max(exact, 0.01), abs=0.0051 if exact < 2.99 else 0.0251)
    assert quote.mark < 3 or round(quote.mark * 100) % 5 == 0
    value = option_value(
        kind,
        spot=quote.underlying.last,
        strike=strike / 1000,
        years=(expiration.expires_at - quote.updated_at) / timedelta(days=365),
        volatility=quote.implied_volatility,
        dividend_yield=dividend_yield(world, quote),
    )
    for greek in ("delta", "gamma", "theta", "vega", "rho"):
        assert getattr(quote, greek) == pytest.approx(getattr(value, greek), rel=1e-9, abs=1e-12)


@given(symbol=symbols, moment=moments, choice=st.integers(0, 10_000))
def test_a_quote_is_in_order(symbol: str, moment: datetime, choice: int) -> None:
    """Bid below mark below ask, the day's prices between its extremes, counts not below zero."""
    world = world_at(moment)
    root, expiration, kind, strike = _choose(world, symbol, choice)
    contract = OptionContract(root=root, expiration=expiration, kind=kind, strike=strike)
    quote = world.options.quote(contract)
    assert quote is not None
    assert quote.bid is not None
    assert quote.ask is not None
    assert 0 <= quote.bid < quote.mark < quote.ask
    assert quote.bid_size > 0 or quote.bid == 0
    assert quote.ask_size > 0
    assert quote.last == quote.mark
    assert 0.01 <= quote.day_low <= min(quote.open, quote.last)
    assert max(quote.open, quote.last) <= quote.day_high
    assert quote.prev_close is None or quote.prev_close >= 0.01
    assert min(quote.volume, quote.open_interest) >= 0
    assert quote.updated_at <= moment
    assert world.options.contract(contract.symbol) == contract
    assert world.options.contract_by_streamer(contract.streamer_symbol) == contract


@given(symbol=symbols, moment=moments, choice=st.integers(0, 10_000))
def test_a_call_less_a_put_is_a_forward(symbol: str, moment: datetime, choice: int) -> None:
    """Parity holds between the marks, but for their rounding."""
    world = world_at(moment)
    root, expiration, _, strike = _choose(world, symbol, choice)
    call, put = (
        world.options.quote(OptionContract(root=root, expiration=expiration, kind=kind, strike=strike))
        for kind in "CP"
    )
    assert call is not None
    assert put is not None
    assert call.implied_volatility == put.implied_volatility
    years = (expiration.expires_at - call.updated_at) / timedelta(days=365)
    forward = call.underlying.last * exp(-dividend_yield(world, call) * years)
    forward -= strike / 1000 * exp(-RISK_FREE_RATE * years)
    assert call.mark - put.mark == pytest.approx(forward, abs=0.06)


@given(symbol=symbols, moment=moments, choice=st.integers(0, 10_000))
def test_the_last_candle_is_the_quote(symbol: str, moment: datetime, choice: int) -> None:
    """And the one before it closes at the quote's previous close."""
    world = world_at(moment)
    root, expiration, kind, strike = _choose(world, symbol, choice)
    contract = OptionContract(root=root, expiration=expiration, kind=kind, strike=strike)
    quote, candles = world.options.quote(contract), world.options.candles(contract, 0)
    assert quote is not None
    assert candles is not None
    assert len(candles.times) == len(candles.indexes) == len(candles.close) == len(candles.volume)
    for opened, high, low, close in zip(candles.open, candles.high, candles.low, candles.close, strict=True):
        assert 0.01 <= low <= min(opened, close) <= max(opened, close) <= high
    midnight = datetime.combine(quote.underlying.summary_date, datetime.min.time(), UTC)
    times = list(candles.times)
    if times and times[-1] == midnight.timestamp() * 1000:
        assert candles.close[-1] == quote.last
        assert (candles.open[-1], candles.high[-1], candles.low[-1]) == (
            quote.open,
            quote.day_high,
            quote.day_low,
        )
        assert candles.volume[-1] == quote.volume
        assert candles.implied_volatility is not None
        assert candles.implied_volatility[-1] == pytest.approx(quote.implied_volatility, abs=1e-6)
        if len(times) > 1:
            assert candles.close[-2] == quote.prev_close


def _choose(world: World, symbol: str, choice: int) -> tuple[OptionRoot, ListedExpiration, str, int]:
    """One of the contracts that have not been settled yet."""
    roots = [root for root in world.options.roots(symbol) or () if alive(world, root)]
    root = roots[choice % len(roots)]
    expiration = alive(world, root)[choice // 2 % len(alive(world, root))]
    return root, expiration, "CP"[choice % 2], expiration.strikes[choice // 3 % len(expiration.strikes)]
