# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The feed while the market stands still: what it streams is what REST says."""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tastytrade.dxfeed import Greeks, Profile, Quote, Summary, TheoPrice, Trade, Underlying
from tastytrade.instruments import Cryptocurrency, Equity, Future, Option
from tastytrade.market_data import get_market_data, get_market_data_by_type
from tastytrade.metrics import get_market_metrics
from tastytrade.order import InstrumentType

from community_sdk.market_data import one_of_each
from community_sdk.option_chains import month_out, near, spot
from community_sdk.streams import during, first_of_each, waiting

if TYPE_CHECKING:
    from tastytrade.market_data import MarketData

    from community_sdk.markets import Markets, Sandbox

EPOCH = date(1970, 1, 1)


async def quoted(sandbox: Sandbox) -> dict[str, MarketData]:
    """Give the REST quote of one instrument of each type, by streamer symbol."""
    session, quotes = sandbox.session, {}
    for symbol, kind in (await one_of_each(sandbox)).items():
        if kind == InstrumentType.EQUITY_OPTION:
            streamer_symbol = (await Option.get(session, symbol)).streamer_symbol
        elif kind == InstrumentType.FUTURE:
            streamer_symbol = (await Future.get(session, symbol)).streamer_symbol
        elif kind == InstrumentType.CRYPTOCURRENCY:
            streamer_symbol = (await Cryptocurrency.get(session, symbol)).streamer_symbol
        else:
            streamer_symbol = symbol
        quotes[streamer_symbol] = await get_market_data(session, symbol, kind)
    return quotes


async def check_quotes_are_those_of_rest(markets: Markets) -> None:
    """Bid, ask and their sizes, of every type of instrument."""
    quotes = {symbol: each for symbol, each in (await quoted(markets.still)).items() if each.bid is not None}
    async with markets.still.feed() as streamer:
        for symbol, event in (await first_of_each(streamer, Quote, quotes)).items():
            quote = quotes[symbol]
            assert (event.bid_price, event.ask_price) == (quote.bid, quote.ask), (event, quote)
            assert (event.bid_size, event.ask_size) == (quote.bid_size, quote.ask_size), (event, quote)
            assert event.mid_price == quote.mid, (event, quote)
            assert quote.bid <= event.micro_price <= quote.ask
            newest = max(event.bid_time, event.ask_time) / 1000
            assert newest <= markets.still.started_at.timestamp() + 1, event


async def check_trades_are_those_of_rest(markets: Markets) -> None:
    """The last price, what was traded today, and which day that is."""
    quotes = await quoted(markets.still)
    async with markets.still.feed() as streamer:
        for symbol, event in (await first_of_each(streamer, Trade, quotes)).items():
            quote = quotes[symbol]
            assert event.price == quote.last, (event, quote)
            if quote.volume is not None:
                assert event.day_volume == quote.volume, (event, quote)
            assert EPOCH + timedelta(days=event.day_id) == markets.still.today, event
            assert event.time == quote.last_trade_time, (event, quote)
            assert not event.extended_trading_hours, event
            if event.change is not None and quote.instrument_type == InstrumentType.EQUITY:
                assert event.tick_direction in {"DOWN", "UNDEFINED", "UP", "ZERO", "ZERO_DOWN", "ZERO_UP"}, (
                    event
                )
            if event.day_turnover:
                average = event.day_turnover / event.day_volume
                assert quote.day_low_price <= average <= quote.day_high_price, (event, quote)


async def check_summaries_are_those_of_rest(markets: Markets) -> None:
    """Today's open, high and low, and how the day before ended."""
    quotes = await quoted(markets.still)
    async with markets.still.feed() as streamer:
        for symbol, event in (await first_of_each(streamer, Summary, quotes)).items():
            quote = quotes[symbol]
            assert event.day_open_price == quote.open, (event, quote)
            assert event.day_high_price == quote.day_high_price, (event, quote)
            assert event.day_low_price == quote.day_low_price, (event, quote)
            assert event.day_close_price == quote.close, (event, quote)
            assert event.prev_day_close_price == quote.prev_close, (event, quote)
            assert EPOCH + timedelta(days=event.day_id) == quote.summary_date, (event, quote)
            assert EPOCH + timedelta(days=event.prev_day_id) == quote.prev_close_date, (event, quote)
            if quote.close is not None:
                assert event.day_close_price_type == quote.close_price_type.upper(), (event, quote)
            assert event.prev_day_close_price_type == quote.prev_close_price_type.upper(), (event, quote)
            if quote.open_interest is not None:
                assert event.open_interest == quote.open_interest, (event, quote)


async def check_profiles_describe_the_instrument(markets: Markets) -> None:
    """Words, extremes of the year, and what the metrics say too."""
    session = markets.still.session
    symbols = ["AAPL", "BRK/B", "SPY"]
    quotes = {each.symbol: each for each in await get_market_data_by_type(session, equities=symbols)}
    metrics = {each.symbol: each for each in await get_market_metrics(session, symbols)}
    async with markets.still.feed() as streamer:
        for symbol, event in (await first_of_each(streamer, Profile, symbols)).items():
            quote, metric = quotes[symbol], metrics[symbol]
            assert event.description == (await Equity.get(session, symbol)).description, event
            assert event.trading_status == "ACTIVE", event
            assert event.short_sale_restriction in {"ACTIVE", "INACTIVE", "UNDEFINED"}, event
            assert event.high_52_week_price == quote.year_high_price, (event, quote)
            assert event.low_52_week_price == quote.year_low_price, (event, quote)
            assert event.low_limit_price == quote.low_limit_price, (event, quote)
            assert event.high_limit_price == quote.high_limit_price, (event, quote)
            assert event.beta is None or event.beta == metric.beta, (event, metric)
            assert event.earnings_per_share is None or event.earnings_per_share == metric.earnings_per_share
            if metric.dividend_ex_date is not None and event.ex_dividend_day_id:
                assert EPOCH + timedelta(days=event.ex_dividend_day_id) == metric.dividend_ex_date, event


async def check_greeks_fit_each_other_and_the_prices(markets: Markets) -> None:
    """Call and put of one strike, around the money of a month out."""
    for symbol in ("AAPL", "SPX"):
        strikes = near(await month_out(markets.still, symbol), await spot(markets.still, symbol), 10)
        names = {
            name: streamer_symbol
            for each in strikes
            for name, streamer_symbol in (
                (each.call, each.call_streamer_symbol),
                (each.put, each.put_streamer_symbol),
            )
        }
        quotes = {
            names[each.symbol]: each
            for each in await get_market_data_by_type(markets.still.session, options=list(names))
        }
        async with markets.still.feed() as streamer:
            greeks = await first_of_each(streamer, Greeks, quotes)
        for each in greeks.values():
            quote = quotes[each.event_symbol]
            assert quote.bid is None or quote.bid <= each.price <= quote.ask, (each, quote)
            assert Decimal("0.02") < each.volatility < 3, each
            assert each.gamma > 0 > each.theta, each
            assert each.vega > 0, each
        deltas = []
        for strike in strikes:
            call, put = greeks[strike.call_streamer_symbol], greeks[strike.put_streamer_symbol]
            assert 0 < call.delta < 1, call
            assert -1 < put.delta < 0, put
            assert abs(call.delta - put.delta - 1) < Decimal("0.02"), (call, put)
            assert abs(call.gamma - put.gamma) <= call.gamma / 20, (call, put)
            assert call.rho > 0 > put.rho, (call, put)
            deltas.append(call.delta)
        assert deltas == sorted(deltas, reverse=True), deltas
        assert deltas[0] > Decimal("0.5") > deltas[-1], deltas


async def check_a_thousand_symbols_are_served(markets: Markets) -> None:
    """Quotes and trades of many symbols, in parts that the SDK's frame limit lets through."""
    equities = await Equity.get_active_equities(markets.still.session, per_page=1000)
    symbols = [each.streamer_symbol for each in equities if not each.is_illiquid and not each.is_index]
    assert len(symbols) > 800
    async with markets.still.feed() as streamer:
        quotes = await first_of_each(streamer, Quote, symbols)
        trades = await first_of_each(streamer, Trade, symbols)
    for symbol in symbols:
        assert quotes[symbol].bid_price < quotes[symbol].ask_price, quotes[symbol]
        assert abs(trades[symbol].price / quotes[symbol].mid_price - 1) < Decimal("0.05"), symbol


async def check_nothing_more_comes_while_the_market_stands(markets: Markets) -> None:
    """An event is sent when it is new, and not again."""
    async with markets.still.feed() as streamer:
        await first_of_each(streamer, Quote, ["AAPL", "SPY"])
        waiting(streamer, Quote)
        assert await during(streamer, Quote, 1.5) == []


async def check_unknown_symbols_stay_silent(markets: Markets) -> None:
    """They do no harm to the known ones."""
    async with markets.still.feed() as streamer:
        await streamer.subscribe(Quote, ["NOSUCH", ".NOSUCH261218C1", "AAPL"])
        assert (await streamer.get_event(Quote)).event_symbol == "AAPL"
        assert await during(streamer, Quote, 0.5) == []


async def check_event_types_without_data_stay_silent(markets: Markets) -> None:
    """The service documents seven of the nine types that the SDK knows; the others do no harm."""
    async with markets.still.feed() as streamer:
        await streamer.subscribe(TheoPrice, ["AAPL"])
        await streamer.subscribe(Underlying, ["AAPL"])
        assert await first_of_each(streamer, Quote, ["AAPL"])
        assert not waiting(streamer, TheoPrice)
        assert not waiting(streamer, Underlying)


async def check_a_channel_can_be_cancelled_and_opened_again(markets: Markets) -> None:
    """After unsubscribing from all events of a type, the type can be asked for anew."""
    async with markets.still.feed() as streamer:
        before = await first_of_each(streamer, Quote, ["AAPL"])
        await streamer.unsubscribe_all(Quote)
        assert await during(streamer, Quote, 0.5) == []
        again = await first_of_each(streamer, Quote, ["AAPL"])
        assert again["AAPL"].bid_price == before["AAPL"].bid_price


async def check_two_connections_do_not_disturb_each_other(markets: Markets) -> None:
    """Each has its own subscriptions."""
    async with markets.still.feed() as first, markets.still.feed() as second:
        await first_of_each(first, Quote, ["AAPL"])
        await first_of_each(second, Quote, ["SPY"])
        assert {each.event_symbol for each in waiting(first, Quote)} <= {"AAPL"}
