# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candles of every name, on every day: consistent, the same for ever, and moved by nothing but the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from hypothesis import given, strategies as st
from scale import examples

from ttapi_client.sandbox import World
from ttapi_client.sandbox.world.listings import all_listings
from ttapi_client.sandbox.world.trading_table import midnight_ms
from ttapi_core.clock import ManualClock
from ttapi_core.market_calendar import trading_dates
from ttapi_core.trading_day import trading_day

if TYPE_CHECKING:
    from ttapi_client.sandbox.world import DailyCandles

EVENING = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
LISTED = [listing for listing in all_listings() if listing.is_listed(EVENING.date())]
symbols = st.sampled_from([listing.symbol for listing in LISTED])
seeds = st.integers(min_value=-(2**70), max_value=2**70)
instants = st.builds(
    lambda day, seconds: trading_day(day).open_at + timedelta(seconds=seconds),
    st.sampled_from(trading_dates(date(2009, 1, 2), date(2035, 6, 29))),
    st.floats(-3600, 90_000),
)


def _candles(seed: int, symbol: str, *, at: datetime = EVENING, from_time: int = 0) -> DailyCandles | None:
    return World.seeded(seed=seed, clock=ManualClock(at)).market.candles(symbol, from_time)


@given(seed=seeds, symbol=symbols)
def test_every_candle_is_consistent(seed: int, symbol: str) -> None:
    """Low and high enclose everything, prices are whole cents, volumes plausible."""
    candles = _candles(seed, symbol)
    assert candles is not None
    rows = zip(
        candles.open,
        candles.high,
        candles.low,
        candles.close,
        candles.vwap or (),
        candles.volume,
        strict=True,
    )
    for opened, high, low, close, vwap, volume in rows:
        assert 0 < low <= min(opened, close) <= max(opened, close) <= high
        assert low <= vwap <= high
        assert all(round(price * 100) / 100 == price for price in (opened, high, low, close))
        assert 0 < volume < 10**11
    assert all(0 < volatility < 3 for volatility in candles.implied_volatility or ())
    moves = [after / before for before, after in zip(candles.close, candles.close[1:], strict=False)]
    assert all(0.6 < move < 1.6 for move in moves)


@given(seed=seeds, symbol=symbols)
def test_the_same_seed_is_the_same_market(seed: int, symbol: str) -> None:
    """In another world object, too."""
    assert _candles(seed, symbol) == _candles(seed, symbol)


@given(symbol=symbols, days=st.integers(min_value=1, max_value=2500))
def test_history_never_changes_when_days_are_added(symbol: str, days: int) -> None:
    """What was served on an earlier evening is the beginning of what is served today, but for splits."""
    now, before = _candles(7, symbol), _candles(7, symbol, at=EVENING - timedelta(days=days))
    assert now is not None
    splits = World.seeded(clock=ManualClock(EVENING)).market.actions(symbol).splits
    if before is not None and not splits:
        count = len(before.times)
        for column in ("times", "open", "high", "low", "close", "volume", "vwap", "implied_volatility"):
            assert list(getattr(before, column)) == list(getattr(now, column))[:count]


@given(symbol=symbols, start=st.dates(date(2007, 1, 1), date(2027, 1, 1)))
def test_a_later_start_cuts_and_changes_nothing(symbol: str, start: date) -> None:
    """A history from a day is the end of the whole history."""
    from_time = midnight_ms(start)
    whole, part = _candles(7, symbol), _candles(7, symbol, from_time=from_time)
    assert whole is not None
    assert part is not None
    kept = sum(time >= from_time for time in whole.times)
    assert len(part.times) == kept
    for column in (
        "times",
        "indexes",
        "open",
        "high",
        "low",
        "close",
        "volume",
        "vwap",
        "implied_volatility",
    ):
        assert list(getattr(part, column)) == list(getattr(whole, column))[len(whole.times) - kept :]


@given(symbol=symbols, at=instants, width=st.sampled_from([1, 60, 1800]))
@examples(times=2)
def test_quotes_candles_and_bars_agree_at_any_instant(symbol: str, at: datetime, width: int) -> None:
    """The quote is the last candle, finished or not, and the bars of that day add up to both."""
    market = World.seeded(clock=ManualClock(at)).market
    quote, candles = market.quote(symbol), market.candles(symbol, 0)
    if quote is None:
        return
    assert candles is not None
    assert candles.times[-1] == midnight_ms(quote.summary_date)
    shown = (quote.open, quote.day_high, quote.day_low, quote.last, quote.volume)
    assert shown == tuple(
        column[-1] for column in (candles.open, candles.high, candles.low, candles.close, candles.volume)
    )
    bars = market.bars(symbol, quote.summary_date, width)
    assert bars is not None
    assert shown == (bars.open[0], max(bars.high), min(bars.low), bars.close[-1], sum(bars.volume))
    assert quote.close in {None, quote.last}
    if quote.prev_close is not None:
        assert quote.prev_close == candles.close[-2]
    assert quote.year_low <= quote.day_low <= quote.last <= quote.day_high <= quote.year_high
    assert quote.bid is None or quote.bid < quote.last + 0.02
    assert quote.bid is None or quote.ask is None or quote.bid < quote.ask
    assert quote.last_trade_at <= market.now()
    assert quote.updated_at <= market.now()


@given(symbol=symbols, at=instants, seconds=st.integers(0, 30_000))
@examples(times=2)
def test_an_earlier_instant_of_today_is_quoted_as_it_was(symbol: str, at: datetime, seconds: int) -> None:
    """To the last size, whatever has happened since."""
    then = at - timedelta(seconds=seconds)
    later, earlier = (World.seeded(clock=ManualClock(one)).market for one in (at, then))
    if earlier.today == later.today:
        assert later.quote(symbol, then) == earlier.quote(symbol)


@given(minutes=st.integers(min_value=0, max_value=60 * 24 * 400))
def test_the_last_candle_is_that_of_the_last_finished_day(minutes: int) -> None:
    """A day is finished a quarter of an hour after its close, half days included."""
    now = datetime(2025, 11, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    last = World.seeded(clock=ManualClock(now)).market.last_date
    closes = {
        day: datetime(day.year, day.month, day.day, tzinfo=UTC)
        for day in trading_dates(last, last + timedelta(days=6))
    }
    assert min(closes) == last
    assert closes[last] + timedelta(hours=17) < now
    following = sorted(closes)[1]
    assert now < closes[following] + timedelta(hours=21, minutes=15)


def test_no_two_names_share_a_history() -> None:
    """Streams of chance are named by symbol, so no two walks are alike."""
    market = World.seeded(clock=ManualClock(EVENING)).market
    recent = midnight_ms(date(2026, 10, 1))
    histories = [market.candles(listing.symbol, recent) for listing in LISTED[::40]]
    returns = [
        tuple(round(after / before, 4) for before, after in zip(one.close, one.close[1:], strict=False))
        for one in histories
        if one is not None and len(one.close) > 10
    ]
    assert len(set(returns)) == len(returns) > 50
    assert len(set(chain.from_iterable(returns))) > 100
