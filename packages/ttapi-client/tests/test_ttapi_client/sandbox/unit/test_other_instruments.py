# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Futures, coins and pairs move exactly as the listings that they are derived from."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from test_ttapi_client.sandbox.moments import world_at
from ttapi_client.sandbox.world.futures import FutureContract
from ttapi_client.sandbox.world.other_instruments import (
    CRYPTOCURRENCIES,
    CURRENCY_PAIRS,
    OtherInstrument,
    OtherInstruments,
)
from ttapi_client.sandbox.world.trading_table import midnight_ms

if TYPE_CHECKING:
    from ttapi_client.sandbox import World


def _everything(others: OtherInstruments) -> list[OtherInstrument]:
    contracts = [one for product in others.products for one in others.contracts(product)]
    return [*contracts, *others.cryptocurrencies, *others.currency_pairs]


def test_each_is_found_by_both_of_its_names(world: World) -> None:
    """And by no other spelling."""
    for instrument in _everything(world.others):
        assert world.others.by_symbol(instrument.symbol) == instrument
        assert world.others.by_streamer_symbol(instrument.streamer_symbol) == instrument
    for text in ("", "/", "ESZ6", "/ESZ26", "/ESZ16:XCME", "/esz6", "BTC", "BTCUSD", "/ESZ6 "):
        assert world.others.by_symbol(text) is None
        assert world.others.by_streamer_symbol(text) is None


@pytest.mark.parametrize("now", ["2026-11-20T15:30", "2026-11-20T23:00", "2026-11-22T12:00"])
def test_quotes_hold_together(now: str) -> None:
    """Bid below ask, last within the day, the day within the year, everything on whole ticks."""
    others = world_at(now).others
    for instrument in _everything(others):
        quote = others.quote(instrument)
        assert quote is not None
        assert quote.listing.symbol == instrument.symbol
        assert quote.bid is not None
        assert quote.ask is not None
        assert 0 < quote.bid <= quote.last <= quote.ask
        assert quote.bid < quote.ask
        assert quote.day_low <= quote.last <= quote.day_high
        assert quote.year_low <= quote.day_low <= quote.open <= quote.day_high <= quote.year_high
        for price in (quote.bid, quote.ask, quote.last, quote.open, quote.prev_close):
            assert price is not None
            assert abs(price / instrument.tick_size - round(price / instrument.tick_size)) < 1e-6


def test_the_quote_is_the_last_candle_once_the_day_is_over(world: World) -> None:
    """Open, extremes and close; the close before it is the candle's before it; extremes are the year's."""
    for instrument in _everything(world.others):
        quote = world.others.quote(instrument)
        candles = world.others.candles(instrument, 0)
        assert quote is not None
        assert candles is not None
        assert candles.times[-1] == midnight_ms(quote.summary_date)
        row = (candles.open[-1], candles.high[-1], candles.low[-1], candles.close[-1], candles.volume[-1])
        assert row == (quote.open, quote.day_high, quote.day_low, quote.close, quote.volume)
        assert candles.close[-2] == quote.prev_close
        year = slice(-252, None)
        assert max(candles.high[year]) <= quote.year_high
        assert min(candles.low[year]) >= quote.year_low


def test_candles_are_possible_and_follow_their_source(world: World) -> None:
    """Rounding to ticks keeps the order of prices; the same days, the same index."""
    source = world.market.candles("SPX", 0)
    assert source is not None
    contract = world.others.by_symbol("/ESZ6")
    assert contract is not None
    candles = world.others.candles(contract, 0)
    assert candles is not None
    count = len(candles.times)
    assert list(candles.times) == list(source.times[-count:])
    assert list(candles.indexes) == list(source.indexes[-count:])
    for opened, high, low, close, spot in zip(
        candles.open, candles.high, candles.low, candles.close, source.close[-count:], strict=True
    ):
        assert low <= min(opened, close) <= max(opened, close) <= high
        assert 1 <= close / spot < 1.06
    assert len({len(column) for column in (candles.open, candles.volume, candles.vwap or [])}) == 1


def test_a_contract_has_no_candles_of_another_decade(world: World) -> None:
    """One digit of the year repeats; this one began to trade 15 months before its end."""
    contract = world.others.by_symbol("/ESZ6")
    assert contract is not None
    candles = world.others.candles(contract, 0)
    assert candles is not None
    first = datetime.fromtimestamp(candles.times[0] / 1000, UTC).date()
    assert first.year == 2025
    since = midnight_ms(world.market.last_date)
    late = world.others.candles(contract, since)
    assert late is not None
    assert list(late.times) == [since]


def test_an_expired_contract_keeps_its_candles_but_has_no_quote(world: World) -> None:
    """Its history ends with its last day."""
    contract = world.others.by_streamer_symbol("/ESU26:XCME")
    assert isinstance(contract, FutureContract)
    assert world.others.quote(contract) is None
    candles = world.others.candles(contract, 0)
    assert candles is not None
    assert candles.times[-1] == midnight_ms(contract.last_trade_date)


def test_later_months_are_dearer(world: World) -> None:
    """Of one product, at one instant."""
    for product in world.others.products:
        quotes = [world.others.quote(one) for one in world.others.contracts(product)]
        prices = [quote.last for quote in quotes if quote is not None]
        assert len(prices) == len(quotes) >= 2
        assert all(near < far for near, far in pairwise(prices))


def test_quotes_of_an_earlier_instant_of_the_day() -> None:
    """As the market answers them."""
    world = world_at("2026-11-20T19:00")
    earlier = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    for instrument in (*CRYPTOCURRENCIES, *CURRENCY_PAIRS):
        now = world.others.quote(instrument)
        then = world.others.quote(instrument, earlier)
        assert now is not None
        assert then is not None
        assert then.volume < now.volume
        assert then.open == now.open
