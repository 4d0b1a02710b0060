# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candles of every width: complete snapshots whose figures agree across widths and with the quotes."""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tastytrade.dxfeed import Candle
from tastytrade.instruments import Cryptocurrency, Equity, Future, Option
from tastytrade.market_data import get_market_data, get_market_data_by_type
from tastytrade.market_sessions import get_market_holidays
from tastytrade.order import InstrumentType

from community_sdk.markets import NEW_YORK
from community_sdk.option_chains import month_out, near, spot
from community_sdk.streams import bounded, during, waiting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tastytrade import DXLinkStreamer

    from community_sdk.markets import Markets, Sandbox

DAY_MS = 86_400_000
WIDTHS_SECONDS = {"15s": 15, "1m": 60, "5m": 300, "30m": 1800, "1h": 3600, "2h": 7200}


async def snapshots(
    streamer: DXLinkStreamer,
    symbols: Iterable[str],
    interval: str,
    since: datetime,
    *,
    extended: bool = False,
) -> dict[str, list[Any]]:
    """Subscribe, and give every symbol's candles, oldest first, when all snapshots are complete."""
    symbols = list(symbols)
    await streamer.subscribe_candle(symbols, interval, since, extended_trading_hours=extended)
    rows: dict[str, list[Any]] = {symbol: [] for symbol in symbols}
    open_ones = set(symbols)
    async for event in bounded(
        streamer.listen(Candle), Candle, lambda: f"still open: {sorted(open_ones)[:9]}"
    ):
        symbol = event.event_symbol.partition("{")[0]
        assert symbol in open_ones, event
        assert event.snapshot_begin == (not rows[symbol]), event
        assert not event.pending, event
        assert not event.snapshot_mode, event
        rows[symbol].append(event)
        if event.snapshot_end or event.snapshot_snip:
            open_ones.discard(symbol)
            if not open_ones:
                break
    for symbol, events in rows.items():
        times = [each.time for each in events]
        assert times == sorted(times, reverse=True), symbol
        rows[symbol] = [each for each in reversed(events) if not each.remove]
        assert all(each.time >= since.timestamp() * 1000 for each in rows[symbol]), symbol
    return rows


async def history(
    sandbox: Sandbox, symbol: str, interval: str, since: datetime, *, extended: bool = False
) -> list[Any]:
    """Give one symbol's candles, oldest first, checked one by one."""
    async with sandbox.feed() as streamer:
        rows = (await snapshots(streamer, [symbol], interval, since, extended=extended))[symbol]
    assert rows, (symbol, interval)
    for each in rows:
        assert each.low <= min(each.open, each.close) <= max(each.open, each.close) <= each.high, each
        assert each.low > 0, each
        assert each.index == (each.time // 1000 << 32) + (each.time % 1000 << 22) + each.sequence, each
        if each.volume and each.vwap is not None:
            assert each.low <= each.vwap <= each.high, each
    return rows


def session_opening(sandbox: Sandbox) -> datetime:
    """Give the instant at which today's session opened."""
    return datetime.combine(sandbox.today, datetime.min.time(), NEW_YORK).replace(hour=9, minute=30)


async def check_daily_candles_end_at_the_quote(markets: Markets) -> None:
    """The last candle is the session so far, the one before ended at the previous close."""
    for symbol in ("AAPL", "BRK/B", "SPY", "SPX"):
        kind = InstrumentType.INDEX if symbol == "SPX" else InstrumentType.EQUITY
        quote = await get_market_data(markets.still.session, symbol, kind)
        rows = await history(markets.still, symbol, "1d", markets.still.started_at - timedelta(days=365))
        today, before = rows[-1], rows[-2]
        assert today.event_symbol == f"{symbol}{{=d,tho=true}}", today
        assert today.time == at_midnight_ms(markets.still), today
        assert (today.open, today.close) == (quote.open, quote.last), (today, quote)
        assert (today.high, today.low) == (quote.day_high_price, quote.day_low_price), (today, quote)
        assert quote.volume is None or today.volume == quote.volume, (today, quote)
        assert before.close == quote.prev_close, (before, quote)
        year = rows[-252:]
        assert max(each.high for each in year) <= quote.year_high_price, (symbol, quote)
        assert min(each.low for each in year) >= quote.year_low_price, (symbol, quote)


def at_midnight_ms(sandbox: Sandbox) -> int:
    """Give the time of today's daily candle."""
    return int(datetime.combine(sandbox.today, datetime.min.time(), UTC).timestamp() * 1000)


async def check_daily_candles_are_one_for_each_trading_day(markets: Markets) -> None:
    """Ten years, without a holiday or weekend, and the SDK's beginning of time gives all there is."""
    ten_years = markets.still.started_at - timedelta(days=3652)
    rows = await history(markets.still, "AAPL", "1d", ten_years)
    days = [datetime.fromtimestamp(each.time / 1000, UTC).date() for each in rows]
    assert 2500 <= len(days) <= 2530, len(days)
    assert all(each.time % DAY_MS == 0 for each in rows)
    assert all(day.weekday() < 5 for day in days)
    calendar = await get_market_holidays(markets.still.session)
    assert not set(days) & set(calendar.holidays)
    assert set(calendar.half_days) & set(days)
    async with markets.still.feed() as streamer:
        everything = (await snapshots(streamer, ["AAPL"], "d", datetime.fromtimestamp(1_000_000, UTC)))[
            "AAPL"
        ]
    assert [each.time for each in everything][-len(rows) :] == [each.time for each in rows]
    assert len(everything) >= len(rows)


async def check_weeks_and_months_are_made_of_days(markets: Markets) -> None:
    """The same first open, last close, extremes and volume."""
    since = markets.still.started_at - timedelta(days=800)
    days = await history(markets.still, "SPY", "1d", since - timedelta(days=40))
    for interval in ("1w", "1mo"):
        rows = await history(markets.still, "SPY", interval, since)
        assert rows[-1].close == days[-1].close
        for each, following in zip(rows, [*rows[1:], None], strict=True):
            inside = [
                day
                for day in days
                if each.time <= day.time and (following is None or day.time < following.time)
            ]
            assert_made_of(each, inside)


def assert_made_of(whole: Any, parts: list[Any]) -> None:
    """Refuse a candle that does not sum its parts up."""
    assert parts, whole
    assert whole.open == parts[0].open, (whole, parts[0])
    assert whole.close == parts[-1].close, (whole, parts[-1])
    assert whole.high == max(each.high for each in parts), whole
    assert whole.low == min(each.low for each in parts), whole
    if whole.volume is not None:
        assert whole.volume == sum(each.volume or 0 for each in parts), whole


async def check_intraday_candles_make_up_the_day(markets: Markets) -> None:
    """Every width, from the opening to now."""
    # Half an hour before: an hour's candle begins on the hour.
    since = session_opening(markets.still) - timedelta(minutes=90)
    today = (await history(markets.still, "AAPL", "1d", markets.still.started_at - timedelta(days=2)))[-1]
    for interval, seconds in WIDTHS_SECONDS.items():
        rows = await history(markets.still, "AAPL", interval, since)
        assert_made_of(today, rows)
        times = [each.time / 1000 for each in rows]
        assert all(each % min(seconds, 1800) == 0 for each in times), (interval, times[:3])
        assert all(late - early >= seconds for early, late in itertools.pairwise(times)), interval
        assert times[-1] <= markets.still.started_at.timestamp(), interval


async def check_yesterday_by_the_minute_is_yesterdays_candle(markets: Markets) -> None:
    """A complete session of a normal day has 390 minutes."""
    days = await history(markets.still, "SPY", "1d", markets.still.started_at - timedelta(days=7))
    yesterday = days[-2]
    first_ms, last_ms = yesterday.time, days[-1].time
    minutes = await history(markets.still, "SPY", "1m", datetime.fromtimestamp(first_ms / 1000, UTC))
    inside = [each for each in minutes if first_ms <= each.time < last_ms]
    assert 200 < len(inside) <= 390, len(inside)
    assert_made_of(yesterday, inside)


async def check_extended_hours_are_another_series(markets: Markets) -> None:
    """Without the restriction to regular hours, the echoed symbol has none either."""
    since = markets.still.started_at - timedelta(days=30)
    regular = await history(markets.still, "AAPL", "1d", since)
    extended = await history(markets.still, "AAPL", "1d", since, extended=True)
    assert {each.event_symbol for each in extended} == {"AAPL{=d}"}
    assert [each.time for each in extended] == [each.time for each in regular]


async def check_options_futures_and_coins_have_candles_too(markets: Markets) -> None:
    """Each ends at its quote."""
    session, sandbox = markets.still.session, markets.still
    strike = near(await month_out(sandbox, "AAPL"), await spot(sandbox, "AAPL"), 1)[0]
    option = await Option.get(session, strike.call)
    future = (await Future.get(session))[0]
    coin = await Cryptocurrency.get(session, "BTC/USD")
    for each in (option, future, coin):
        quote = await get_market_data(session, each.symbol, each.instrument_type)
        rows = await history(sandbox, each.streamer_symbol, "1d", sandbox.started_at - timedelta(days=60))
        assert len(rows) > 5, each.symbol
        assert rows[-1].close == quote.last, (rows[-1], quote)
        assert rows[-2].close == quote.prev_close, (rows[-2], quote)
        assert rows[-1].open == quote.open, (rows[-1], quote)


async def check_a_hundred_symbols_have_their_history_at_once(markets: Markets) -> None:
    """As many as the service allows in one connection, each complete, each ending at its quote."""
    equities = await Equity.get_active_equities(markets.still.session, per_page=300)
    symbols = [each.symbol for each in equities if not each.is_index][:100]
    quotes = {
        each.symbol: each for each in await get_market_data_by_type(markets.still.session, equities=symbols)
    }
    since = markets.still.started_at - timedelta(days=400)
    async with markets.still.feed() as streamer:
        rows = await snapshots(streamer, symbols, "1d", since)
    for symbol in symbols:
        assert rows[symbol][-1].close == quotes[symbol].last, symbol


async def check_an_empty_span_ends_at_once(markets: Markets) -> None:
    """From tomorrow there is nothing: one row says so and is no candle."""
    async with markets.still.feed() as streamer:
        rows = await snapshots(streamer, ["AAPL"], "1d", markets.still.started_at + timedelta(days=1))
    assert rows == {"AAPL": []}


async def check_an_unsubscribed_series_can_be_asked_for_again(markets: Markets) -> None:
    """A second question gives the whole snapshot once more, another width its own."""
    since = markets.still.started_at - timedelta(days=20)
    async with markets.still.feed() as streamer:
        first = (await snapshots(streamer, ["AAPL"], "1d", since))["AAPL"]
        await streamer.unsubscribe_candle("AAPL", "1d")
        await streamer.unsubscribe_candle("AAPL")  # the SDK then names the interval None
        assert await during(streamer, Candle, 0.3) == []
        again = (await snapshots(streamer, ["AAPL"], "1d", since))["AAPL"]
        hours = (await snapshots(streamer, ["AAPL"], "1h", since))["AAPL"]
        assert not waiting(streamer, Candle)
    assert again == first
    assert hours[-1].close == first[-1].close


async def check_splits_are_taken_out_of_history(markets: Markets) -> None:
    """No day of a well-known name ends at half or twice the price of the day before."""
    since = markets.still.started_at - timedelta(days=3652)
    for symbol in ("AAPL", "TSLA", "NVDA"):
        rows = await history(markets.still, symbol, "1d", since)
        ratios = [after.close / before.close for before, after in itertools.pairwise(rows)]
        assert Decimal("0.6") < min(ratios) <= max(ratios) < Decimal("1.6"), symbol
