# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Quotes by the second: what moves day and night, what rests, and what stays that of the candle."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from ttapi_client.sandbox import World
from ttapi_client.sandbox.world.listings import all_listings
from ttapi_core.clock import ManualClock

if TYPE_CHECKING:
    from ttapi_client.sandbox.world.market import MarketQuote

KNOWN = ("AAPL", "SPY", "BRK/B", "F")
MADE_UP = next(one.symbol for one in all_listings() if not one.is_well_known and not one.is_illiquid)
ILLIQUID = next(one.symbol for one in all_listings() if one.is_illiquid)
# Times of New York's winter, in which it is 5 hours behind.
AT_NOON = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)
AT_NIGHT = datetime(2026, 11, 19, 7, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


def _by_second(symbol: str, start: datetime, seconds: int = 60) -> list[MarketQuote]:
    clock = ManualClock(start)
    market = World.seeded(clock=clock).market
    quotes: list[MarketQuote] = []
    for _ in range(seconds):
        quote = market.quote(symbol)
        assert quote is not None
        quotes.append(quote)
        clock.advance(1)
    return quotes


def _sides(quotes: list[MarketQuote]) -> set[tuple[float | None, float | None, int, int]]:
    return {(one.bid, one.ask, one.bid_size, one.ask_size) for one in quotes}


@pytest.mark.parametrize("symbol", KNOWN)
@pytest.mark.parametrize("start", [AT_NOON, AT_NIGHT, SATURDAY - timedelta(hours=17)])
def test_a_well_known_name_is_quoted_all_night(symbol: str, start: datetime) -> None:
    """By a tick or two, around the last price, a moment ago."""
    quotes = _by_second(symbol, start)
    assert len(_sides(quotes)) > 30
    for at, quote in enumerate(quotes):
        assert quote.bid is not None
        assert quote.ask is not None
        assert quote.bid < quote.ask
        assert quote.bid - 0.015 < quote.last < quote.ask + 0.015
        assert quote.ask - quote.bid < 0.05 + quote.last * 0.0003
        assert 1 <= quote.bid_size <= 12
        assert 1 <= quote.ask_size <= 12
        assert quote.updated_at == start + timedelta(seconds=at)


@pytest.mark.parametrize(
    ("symbol", "start", "moved_at"),
    [
        ("SPY", SATURDAY, datetime(2026, 11, 21, 1, 0, tzinfo=UTC)),
        ("SPY", datetime(2026, 11, 23, 0, 58, tzinfo=UTC), datetime(2026, 11, 21, 1, 0, tzinfo=UTC)),
        (MADE_UP, AT_NIGHT, datetime(2026, 11, 18, 21, 0, 5, tzinfo=UTC)),
        (MADE_UP, SATURDAY, datetime(2026, 11, 20, 21, 0, 5, tzinfo=UTC)),
    ],
)
def test_at_other_times_quotes_rest(symbol: str, start: datetime, moved_at: datetime) -> None:
    """From Friday evening to Sunday evening, and a generated name's outside regular hours."""
    quotes = _by_second(symbol, start)
    assert len(_sides(quotes)) == 1
    assert {quote.updated_at for quote in quotes} == {moved_at}


def test_the_week_begins_on_sunday_evening() -> None:
    """At eight in New York."""
    quotes = _by_second("SPY", datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    assert len(_sides(quotes)) > 30


@pytest.mark.parametrize("symbol", [*KNOWN, MADE_UP])
def test_prices_move_within_a_session(symbol: str) -> None:
    """And volume only grows."""
    quotes = _by_second(symbol, AT_NOON, 600)
    assert len({quote.last for quote in quotes}) > 3
    volumes = [quote.volume for quote in quotes]
    assert volumes == sorted(volumes)
    assert volumes[-1] > volumes[0]
    for before, after in pairwise(quotes):
        assert after.last_trade_at < after.updated_at
        if after.volume > before.volume:
            assert after.last_trade_at == before.updated_at
            assert after.last_size == after.volume - before.volume


def test_after_the_close_only_the_sides_move() -> None:
    """Last, close, extremes and volume are those of the candle, and the last trade was in the session."""
    quotes = _by_second("AAPL", datetime(2026, 11, 19, 22, 0, tzinfo=UTC))
    assert (
        len({(one.last, one.close, one.day_high, one.day_low, one.volume, one.last_size) for one in quotes})
        == 1
    )
    assert quotes[0].close == quotes[0].last
    assert quotes[0].last_trade_at < datetime(2026, 11, 19, 21, 0, tzinfo=UTC)


def test_a_day_has_no_close_until_its_candle_is_final() -> None:
    """That is a quarter of an hour after the market closes."""
    final_at = datetime(2026, 11, 19, 21, 15, tzinfo=UTC)
    before, after = _by_second("AAPL", final_at - timedelta(seconds=1), 2)
    assert (before.close, after.close) == (None, before.last)
    assert before.summary_date == after.summary_date


@pytest.mark.parametrize("symbol", KNOWN)
def test_a_candle_does_not_change_from_the_close_until_it_is_final(symbol: str) -> None:
    """Nor does its average price."""
    clock = ManualClock(datetime(2026, 11, 19, 21, 0, tzinfo=UTC))
    market = World.seeded(clock=clock).market
    at_the_close, last_date = market.candles(symbol, 0), market.last_date
    clock.advance(900)
    assert market.last_date > last_date
    assert market.candles(symbol, 0) == at_the_close


def test_within_a_second_nothing_moves() -> None:
    """Not even where the clock runs in fractions of it."""
    clock = ManualClock(AT_NOON)
    market = World.seeded(clock=clock).market
    first = market.quote("AAPL")
    clock.advance(0.7)
    assert market.quote("AAPL") == first
    clock.advance(0.3)
    assert market.quote("AAPL") != first


@pytest.mark.parametrize("start", [AT_NOON, AT_NIGHT])
def test_nobody_quotes_the_ask_of_an_illiquid_name(start: datetime) -> None:
    """Its bid has a size, its ask has none."""
    for quote in _by_second(ILLIQUID, start, 5):
        assert quote.bid is not None
        assert quote.bid_size > 0
        assert (quote.ask, quote.ask_size) == (None, 0)


def test_before_the_first_trade_a_quote_is_that_of_the_day_before() -> None:
    """So is the last candle; one trade later both are today's."""
    clock = ManualClock(datetime(2026, 11, 19, 14, 30, 0, tzinfo=UTC))
    market = World.seeded(clock=clock).market
    for day, seconds in ((18, 0), (19, 60)):
        clock.advance(seconds)
        quote, candles = market.quote("AAPL"), market.candles("AAPL", 0)
        assert quote is not None
        assert candles is not None
        assert quote.summary_date.day == day
        assert candles.close[-1] == quote.last
