# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The feed while the market's clock runs: events follow, in order, and agree with each other."""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tastytrade.dxfeed import Candle, Greeks, Quote, Summary, TimeAndSale, Trade
from tastytrade.market_data import get_market_data
from tastytrade.order import InstrumentType

from community_sdk.candles import session_opening, snapshots
from community_sdk.option_chains import month_out, near, spot
from community_sdk.streams import bounded, during, first_of_each, waiting

if TYPE_CHECKING:
    from tastytrade import DXLinkStreamer

    from community_sdk.markets import Markets


async def next_of(streamer: DXLinkStreamer, kind: type[Any], count: int) -> list[Any]:
    """Give so many further events."""
    events: list[Any] = []
    async for event in bounded(streamer.listen(kind), kind, lambda: f"only {len(events)}"):
        events.append(event)
        if len(events) == count:
            break
    return events


async def check_quotes_move_with_the_market(markets: Markets) -> None:
    """Prices change, times only go forward, and the market's clock is the one they go by."""
    async with markets.moving.feed() as streamer:
        await streamer.subscribe(Quote, ["AAPL"])
        events = await next_of(streamer, Quote, 20)
    assert len({(each.bid_price, each.ask_price) for each in events}) > 2, events
    times = [max(each.bid_time, each.ask_time) for each in events]
    assert times == sorted(times), times
    assert times[0] / 1000 >= markets.moving.started_at.timestamp() - 60, events[0]
    assert times[-1] > times[0], events
    for each in events:
        assert each.bid_price < each.ask_price, each


async def check_trades_add_to_the_volume(markets: Markets) -> None:
    """Every trade brings the day's volume up, within the day's range that the summary tells."""
    async with markets.moving.feed() as streamer:
        summary = (await first_of_each(streamer, Summary, ["AAPL"]))["AAPL"]
        await streamer.subscribe(Trade, ["AAPL"])
        events = await next_of(streamer, Trade, 6)
        summary = ([summary, *waiting(streamer, Summary)])[-1]
    volumes = [each.day_volume for each in events]
    assert volumes == sorted(volumes), volumes
    assert volumes[-1] > volumes[0], volumes
    assert [each.time for each in events] == sorted(each.time for each in events)
    for each in events:
        assert each.size > 0, each
        assert (
            summary.day_low_price * Decimal("0.99") <= each.price <= summary.day_high_price * Decimal("1.01")
        )


async def check_time_and_sales_are_single_trades(markets: Markets) -> None:
    """Each between or at the bid and ask of its moment, none twice."""
    async with markets.moving.feed() as streamer:
        await streamer.subscribe(TimeAndSale, ["AAPL", "SPY"])
        events = await next_of(streamer, TimeAndSale, 12)
    for symbol in ("AAPL", "SPY"):
        own = [each for each in events if each.event_symbol == symbol and not each.remove]
        assert own, symbol
        assert len({each.index for each in own}) == len(own), own
        for each in own:
            assert each.size > 0, each
            assert each.bid_price <= each.price <= each.ask_price, each
            assert each.aggressor_side in {"BUY", "SELL", "UNDEFINED"}, each
            assert each.valid_tick, each
            assert not each.spread_leg, each
            assert not each.extended_trading_hours, each


async def check_the_candle_of_the_minute_is_updated(markets: Markets) -> None:
    """Updates replace the last candle or append the next, and its close is a traded price."""
    async with markets.moving.feed() as streamer:
        rows = (await snapshots(streamer, ["AAPL"], "1m", session_opening(markets.moving)))["AAPL"]
        updates = await next_of(streamer, Candle, 6)
    assert all(each.event_flags == 0 for each in updates), updates
    times = [rows[-1].time, *(each.time for each in updates)]
    assert times == sorted(times), times
    assert all(each.time % 60_000 == 0 for each in updates)
    for early, late in itertools.pairwise(updates):
        if early.time == late.time:
            assert early.open == late.open, (early, late)
            assert early.low >= late.low, (early, late)
            assert early.high <= late.high, (early, late)
            assert early.volume <= late.volume, (early, late)


async def check_the_candle_of_the_day_follows_the_trades(markets: Markets) -> None:
    """It grows by the trades that come beside it, and holds their prices."""
    since = markets.moving.started_at - timedelta(days=5)
    async with markets.moving.feed() as streamer:
        day = (await snapshots(streamer, ["AAPL"], "1d", since))["AAPL"][-1]
        await streamer.subscribe(Trade, ["AAPL"])
        updates = await next_of(streamer, Candle, 5)
        trades = waiting(streamer, Trade)
    assert {each.time for each in updates} == {day.time}
    assert trades[0].day_volume <= updates[-1].volume
    assert day.volume < updates[-1].volume <= trades[-1].day_volume * 2
    for trade in trades:
        if trade.day_volume <= updates[-1].volume:
            assert updates[-1].low <= trade.price <= updates[-1].high, (trade, updates[-1])


async def check_option_quotes_and_greeks_move_too(markets: Markets) -> None:
    """The prices of options follow their underlyings."""
    symbols = []
    for underlying in ("AAPL", "SPX"):
        price = await spot(markets.moving, underlying)
        strikes = near(await month_out(markets.moving, underlying), price, 8)
        symbols += [each.call_streamer_symbol for each in strikes]
        symbols += [each.put_streamer_symbol for each in strikes]
    async with markets.moving.feed() as streamer:
        quotes = await first_of_each(streamer, Quote, symbols)
        greeks = await first_of_each(streamer, Greeks, symbols)
        moved = await next_of(streamer, Quote, 10)
        turned = await next_of(streamer, Greeks, 10)
    assert any(each.bid_price != quotes[each.event_symbol].bid_price for each in moved), moved
    assert any(each.delta != greeks[each.event_symbol].delta for each in turned), turned
    for each in turned:
        assert Decimal("0.1") < abs(each.delta) < Decimal("0.9"), each


async def check_unsubscribed_symbols_fall_silent(markets: Markets) -> None:
    """The other symbols of the channel go on."""
    async with markets.moving.feed() as streamer:
        await first_of_each(streamer, Quote, ["AAPL", "SPY"])
        await streamer.unsubscribe(Quote, ["AAPL"])
        await during(streamer, Quote, 0.5)
        after = await next_of(streamer, Quote, 4)
    assert {each.event_symbol for each in after} == {"SPY"}


async def check_aggregation_thins_events_out(markets: Markets) -> None:
    """A longer refresh interval brings fewer events of the same symbol."""
    async with markets.moving.feed() as often, markets.moving.feed() as seldom:
        await often.subscribe(Quote, ["AAPL"])
        await seldom.subscribe(Quote, ["AAPL"], refresh_interval=2.0)
        many = await during(often, Quote, 5)
        few = waiting(seldom, Quote)
    assert 1 <= len(few) <= 4, few
    assert len(many) > len(few), (len(many), len(few))


async def check_streams_agree_with_rest_as_time_goes_on(markets: Markets) -> None:
    """A REST quote taken between two trades lies between their volumes."""
    async with markets.moving.feed() as streamer:
        await streamer.subscribe(Trade, ["SPY"])
        before = (await next_of(streamer, Trade, 1))[0]
        quote = await get_market_data(markets.moving.session, "SPY", InstrumentType.EQUITY)
        after = (await next_of(streamer, Trade, 3))[-1]
    assert before.day_volume <= quote.volume <= after.day_volume, (before, quote, after)
