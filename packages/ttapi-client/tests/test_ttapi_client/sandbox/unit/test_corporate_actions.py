# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Splits, dividends, results and halts, as they show in prices."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ttapi_client.sandbox import World
from ttapi_client.sandbox.world.corporate_actions import planned_splits
from ttapi_client.sandbox.world.listings import GENERATED_FROM, Listing, ListingKind, all_listings
from ttapi_client.sandbox.world.trading_table import midnight_ms
from ttapi_core.clock import ManualClock
from ttapi_core.market_calendar import is_trading_day, trading_dates
from ttapi_core.trading_day import trading_day

if TYPE_CHECKING:
    from ttapi_client.sandbox.world import DailyCandles, Market

SPLITTING = [listing for listing in all_listings() if planned_splits(listing)]


def _market(at: datetime) -> Market:
    return World.seeded(clock=ManualClock(at)).market


def _evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 0, tzinfo=UTC)


def _history(market: Market, symbol: str, since: date = date(2008, 1, 1)) -> DailyCandles:
    candles = market.candles(symbol, midnight_ms(since))
    assert candles is not None
    return candles


def _generated(number: int) -> Listing:
    return next(listing for listing in all_listings() if listing.number == GENERATED_FROM + number)


@pytest.mark.parametrize("listing", SPLITTING, ids=lambda listing: listing.symbol)
def test_a_split_changes_the_units_of_all_of_history(listing: Listing) -> None:
    """The evening before everything is in old shares, from midnight on in new ones."""
    day, exact = planned_splits(listing)[-1]
    ratio = float(exact)
    before = _history(_market(_evening(day - timedelta(days=1))), listing.symbol)
    after = _history(_market(_evening(day)), listing.symbol)
    rows = len(before.times)
    for column in ("open", "high", "low", "close"):
        olds, news = getattr(before, column), getattr(after, column)[:rows]
        half_a_cent = 0.0051 * max(1.0, ratio)
        assert all(abs(old - new * ratio) <= half_a_cent for old, new in zip(olds, news, strict=True))
    shares = zip(before.volume, after.volume, strict=False)
    assert all(abs(old - new / ratio) <= 1 for old, new in shares)
    assert is_trading_day(day)


def test_the_splits_that_happened_are_there() -> None:
    """And so are a reverse one and one of three for two."""
    splits = {
        one.symbol: [(day.isoformat(), float(ratio)) for day, ratio in planned_splits(one)]
        for one in SPLITTING
    }
    assert splits["NVDA"] == [("2021-07-20", 4), ("2024-06-10", 10)]
    assert splits["AAPL"] == [("2014-06-09", 7), ("2020-08-31", 4)]
    assert splits["TSLA"] == [("2020-08-31", 5), ("2022-08-25", 3)]
    assert splits["GOOGL"] == splits["GOOG"] == [("2022-07-18", 20)]
    assert splits["AMZN"] == [("2022-06-06", 20)]
    ratios = {ratio for one in splits.values() for _, ratio in one}
    assert {0.1, 1.5} <= ratios


def test_a_split_falls_into_every_quarter_of_three_years() -> None:
    """A clock that moves on meets one of them before long."""
    quarters = {(day.year, (day.month - 1) // 3) for one in SPLITTING for day, _ in planned_splits(one)}
    assert quarters >= {(year, quarter) for year in (2026, 2027, 2028) for quarter in range(4)}


def test_the_price_falls_by_the_dividend() -> None:
    """Over many ex-dates the mean return is lower than on other days by the mean yield."""
    market = _market(_evening(date(2026, 11, 20)))
    on_ex_date: list[float] = []
    other: list[float] = []
    yields: list[float] = []
    for listing in all_listings()[::12]:
        actions = market.actions(listing.symbol)
        if not listing.is_well_known or not actions.dividends:
            continue
        candles = _history(market, listing.symbol)
        ex_dates = {midnight_ms(one.ex_date): one.amount for one in actions.dividends}
        for row in range(1, len(candles.times)):
            change = candles.close[row] / candles.close[row - 1] - 1
            amount = ex_dates.get(candles.times[row])
            (other if amount is None else on_ex_date).append(change)
            if amount is not None:
                yields.append(amount / candles.close[row - 1])
    fall = sum(other) / len(other) - sum(on_ex_date) / len(on_ex_date)
    assert len(yields) > 800
    assert fall == pytest.approx(sum(yields) / len(yields), rel=0.3)


def test_dividends_and_results_come_every_quarter_on_trading_days() -> None:
    """Up to a quarter ahead; those of an index do not come at all."""
    market = _market(_evening(date(2026, 11, 20)))
    actions = market.actions("AAPL")
    ex_dates = [one.ex_date for one in actions.dividends]
    assert ex_dates == sorted(set(ex_dates))
    assert all(is_trading_day(one.ex_date) for one in actions.dividends)
    assert all(
        one.pay_date and is_trading_day(one.pay_date) and one.ex_date < one.pay_date
        for one in actions.dividends
    )
    assert 4 <= sum(date(2025, 11, 20) < day <= date(2026, 11, 20) for day in ex_dates) <= 5
    assert ex_dates[-1] > date(2026, 11, 20)
    gaps = [one.report_date - one.quarter_end_date for one in actions.earnings]
    assert all(timedelta(days=20) <= gap <= timedelta(days=50) for gap in gaps)
    assert all(is_trading_day(one.report_date) and one.eps > 0 for one in actions.earnings)
    assert actions.earnings[0].report_date < date(2015, 1, 1)
    assert actions.shares_outstanding
    for listing in all_listings():
        if listing.kind is ListingKind.INDEX:
            nothing = market.actions(listing.symbol)
            assert not nothing.dividends
            assert not nothing.earnings


def test_a_dividend_is_a_share_of_the_close_before() -> None:
    """To the cent; what has only been announced is estimated from the last close."""
    market = _market(_evening(date(2026, 11, 20)))
    candles, dividends = _history(market, "SPY"), market.actions("SPY").dividends
    closes = dict(zip(candles.times, candles.close, strict=True))
    past = [one for one in dividends if one.ex_date <= market.today]
    rows = [candles.times.index(midnight_ms(one.ex_date)) for one in past]
    yields = [one.amount / candles.close[row - 1] for one, row in zip(past, rows, strict=True)]
    usual = sum(yields) / len(yields)
    assert 0.003 <= 4 * usual <= 0.04
    for one, row in zip(past, rows, strict=True):
        assert one.amount == pytest.approx(candles.close[row - 1] * usual, abs=0.015)
        assert round(one.amount, 2) == one.amount
    assert dividends[-1].ex_date > market.today
    assert dividends[-1].amount == pytest.approx(closes[midnight_ms(market.today)] * usual, abs=0.015)


def test_results_and_shares_are_plausible() -> None:
    """A year's results are a tenth to a fortieth of the price, a company is worth millions to trillions."""
    market = _market(_evening(date(2026, 11, 20)))
    for listing in all_listings()[::40]:
        actions, quote = market.actions(listing.symbol), market.quote(listing.symbol)
        if listing.kind is not ListingKind.STOCK:
            assert actions.shares_outstanding is None
            assert not actions.earnings
        elif quote is not None and len(actions.earnings) > 8:
            year = sum(one.eps for one in actions.earnings if one.report_date <= market.today) / (
                sum(one.report_date <= market.today for one in actions.earnings) / 4
            )
            assert 3 < quote.last / year < 160
            assert actions.shares_outstanding is not None
            assert 1e6 < actions.shares_outstanding * quote.last < 2e13


@pytest.mark.parametrize(
    "listing", [one for one in all_listings() if one.delisted_on], ids=lambda listing: listing.symbol
)
def test_nothing_happens_to_a_name_that_is_gone(listing: Listing) -> None:
    """Its last dividend and its last results lie before its last day."""
    assert listing.delisted_on is not None
    actions = _market(_evening(date(2026, 11, 20))).actions(listing.symbol)
    assert all(one.ex_date <= listing.delisted_on for one in actions.dividends)
    assert all(one.report_date <= listing.delisted_on for one in actions.earnings)


def test_what_is_announced_does_not_depend_on_who_asked_before() -> None:
    """Estimates follow the last close, also on a market that was asked in the morning."""
    clock = ManualClock(datetime(2026, 11, 20, 15, 0, tzinfo=UTC))
    asked, fresh = World.seeded(clock=clock).market, _market(_evening(date(2026, 11, 20)))
    symbols = [one.symbol for one in all_listings() if one.is_well_known][::8]
    morning = [asked.actions(symbol) for symbol in symbols]
    clock.advance(8 * 3600)
    assert [asked.actions(symbol) for symbol in symbols] == [fresh.actions(symbol) for symbol in symbols]
    assert morning != [asked.actions(symbol) for symbol in symbols]


def test_a_name_is_halted_for_half_an_hour_every_day() -> None:
    """No trade from 11:00 to 11:30, and the quote says since when."""
    name = _generated(1512).symbol
    day = trading_day(date(2026, 11, 19))
    for minutes, is_halted in ((89, False), (90, True), (119, True), (120, False)):
        at = day.open_at + timedelta(minutes=minutes)
        quote = _market(at).quote(name)
        assert quote is not None
        assert quote.halted_at == (day.open_at + timedelta(minutes=90) if is_halted else None)
        assert quote.halted_at is None or quote.last_trade_at < quote.halted_at
    bars = _market(_evening(day.date)).bars(name, day.date, 1800)
    assert bars is not None
    opened = int(day.open_at.timestamp() * 1000)
    assert opened + 3 * 1_800_000 not in bars.times
    assert len(bars.times) >= 10


def test_a_name_is_halted_until_further_notice() -> None:
    """It stays listed and quoted as it last was, and has no candle since."""
    name = _generated(1515).symbol
    market = _market(_evening(date(2026, 11, 20)))
    quote, listing = market.quote(name), market.listing(name)
    assert quote is not None
    assert listing is not None
    assert quote.halted_at is not None
    assert quote.summary_date == date(2026, 11, 11)
    assert listing.is_active(date(2026, 11, 20))
    assert _history(market, name).times[-1] == midnight_ms(date(2026, 11, 11))


def test_a_name_has_a_hole_in_its_history() -> None:
    """Three days in March 2024 on which nothing was traded, neither in candles nor in bars."""
    name = _generated(1518).symbol
    market = _market(_evening(date(2024, 4, 5)))
    days = trading_dates(date(2024, 2, 1), date(2024, 4, 5))
    hole = {date(2024, 3, 5), date(2024, 3, 6), date(2024, 3, 7)}
    candles = _history(market, name, date(2024, 2, 1))
    assert list(candles.times) == [midnight_ms(day) for day in days if day not in hole]
    for day in hole:
        bars = market.bars(name, day, 60)
        assert bars is not None
        assert not bars.times
    halted = _market(_evening(date(2024, 3, 6))).quote(name)
    assert halted is not None
    assert halted.halted_at is not None
    assert halted.summary_date == date(2024, 3, 4)


@pytest.mark.parametrize("hours", [0, 15, 18, 23])
def test_a_day_without_trades_changes_nothing_that_was(hours: int) -> None:
    """While the others trade, its history is that of the evening before."""
    name = _generated(1518).symbol
    before = _history(_market(_evening(date(2024, 3, 4))), name)
    now = _history(_market(datetime(2024, 3, 6, hours, 0, tzinfo=UTC)), name)
    assert list(now.times) == list(before.times)
    for column in ("open", "high", "low", "close", "volume", "vwap", "implied_volatility"):
        assert getattr(now, column) == getattr(before, column)


def test_a_halt_begins_when_it_begins() -> None:
    """Not in the night before."""
    name = _generated(1518).symbol
    begins = datetime(2024, 3, 5, 14, 0, tzinfo=UTC)
    before, after = _market(begins - timedelta(seconds=1)).quote(name), _market(begins).quote(name)
    assert before is not None
    assert after is not None
    assert (before.halted_at, after.halted_at) == (None, begins)


@pytest.mark.parametrize("listing", all_listings()[::400], ids=lambda listing: listing.symbol)
def test_nobody_else_is_halted(listing: Listing) -> None:
    """At noon, say."""
    quote = _market(datetime(2026, 11, 19, 16, 15, tzinfo=UTC)).quote(listing.symbol)
    assert quote is None or quote.halted_at is None
