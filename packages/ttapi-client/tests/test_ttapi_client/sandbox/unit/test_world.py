# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The simulated market: listings, determinism, and a clock that alone moves it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from ttapi_client.sandbox import World
from ttapi_client.sandbox.world.listings import ListingKind, OptionProgram, all_listings
from ttapi_client.sandbox.world.option_market import OptionContract
from ttapi_client.sandbox.world.trading_table import midnight_ms
from ttapi_core.clock import ManualClock
from ttapi_core.market_calendar import trading_dates


def test_the_listing_is_large_and_every_name_is_its_own() -> None:
    """At least 3,200 names, over 507 of them well known, share classes with a slash among them."""
    listings = all_listings()
    symbols = [listing.symbol for listing in listings]
    assert len(symbols) == len(set(symbols)) >= 3_200
    assert len({listing.number for listing in listings}) == len(listings)
    assert symbols == sorted(symbols)
    known = {listing.symbol for listing in listings if listing.is_well_known}
    assert len(known) >= 507
    assert {"AAPL", "BRK/B", "BF/B", "SPY", "SPX"} <= known
    kinds = Counter(listing.kind for listing in listings)
    assert kinds[ListingKind.ETF] > 100
    assert kinds[ListingKind.INDEX] >= 5


def test_generated_names_have_four_or_five_letters() -> None:
    """And never collide with a well-known one."""
    made_up = [listing.symbol for listing in all_listings() if not listing.is_well_known]
    assert {len(symbol) for symbol in made_up} == {4, 5}
    assert all(symbol.isascii() and symbol.isalpha() and symbol.isupper() for symbol in made_up)


def test_only_generated_names_come_and_go() -> None:
    """Every well-known one has its full history, as a cold collection expects."""
    changing = [one for one in all_listings() if one.listed_on is not None or one.delisted_on is not None]
    assert len(changing) >= 8
    assert not any(listing.is_well_known for listing in changing)


@pytest.mark.parametrize("day", [date(2026, 1, 20), date(2026, 11, 20), date(2029, 5, 30), date(2035, 6, 1)])
def test_some_name_was_listed_within_the_last_week(day: date) -> None:
    """Whenever it is now, from 2026 on."""
    young = [one for one in all_listings() if one.listed_on and day - timedelta(7) < one.listed_on <= day]
    assert young
    clock = ManualClock(datetime(day.year, day.month, day.day, 23, 0, tzinfo=UTC))
    candles = World.seeded(clock=clock).market.candles(young[0].symbol, 0)
    assert candles is not None
    assert 1 <= len(candles.times) <= 5


def test_well_known_names_have_options_and_the_busiest_have_most() -> None:
    """The programs grow with the name."""
    programs = {listing.symbol: listing.options for listing in all_listings() if listing.is_well_known}
    assert programs["SPY"] is OptionProgram.BROAD
    assert OptionProgram.NONE not in programs.values()


def test_full_histories_reach_back_more_than_twelve_years(world: World) -> None:
    """One candle for each trading day of the real calendar up to the last finished one."""
    market = world.market
    candles = market.candles("AAPL", 0)
    assert candles is not None
    expected = trading_dates(market.first_date, date(2026, 11, 20))
    assert candles.times == tuple(midnight_ms(day) for day in expected)
    assert market.first_date < date(2014, 11, 20)
    assert market.last_date == date(2026, 11, 20)


def test_prices_are_familiar_where_the_walk_is_anchored(world: World) -> None:
    """On the anchor day every close is its listing's base price, to the cent."""
    anchor = midnight_ms(date(2025, 11, 21))
    for symbol in ("AAPL", "SPY", "BRK/B", "NVR"):
        listing, candles = world.market.listing(symbol), world.market.candles(symbol, anchor)
        assert listing is not None
        assert candles is not None
        assert candles.close[0] == listing.base_price


def test_names_move_together_but_not_alike(world: World) -> None:
    """A fund of the whole market and a share are correlated; two shares are not the same."""
    returns = {}
    for symbol in ("SPY", "AAPL", "KO"):
        candles = world.market.candles(symbol, midnight_ms(date(2020, 1, 1)))
        assert candles is not None
        returns[symbol] = [
            after / before - 1 for before, after in zip(candles.close, candles.close[1:], strict=False)
        ]
    assert 0.2 < _correlation(returns["SPY"], returns["AAPL"]) < 0.95
    assert 0.1 < _correlation(returns["AAPL"], returns["KO"]) < 0.9


def test_another_seed_is_another_market_with_the_same_names() -> None:
    """Prices differ, listings do not."""
    one, two = (
        World.seeded(seed=seed, clock=ManualClock(datetime(2026, 11, 21, tzinfo=UTC))) for seed in (1, 2)
    )
    assert [listing.symbol for listing in one.market.listings()] == [
        listing.symbol for listing in two.market.listings()
    ]
    assert one.market.candles("AAPL", 0) != two.market.candles("AAPL", 0)


def test_a_delisted_name_keeps_its_history_and_loses_its_quote(world: World) -> None:
    """Its last candle is that of its last day."""
    gone = next(listing for listing in all_listings() if listing.delisted_on is not None)
    candles = world.market.candles(gone.symbol, 0)
    assert gone.delisted_on is not None
    assert candles is not None
    assert candles.times[-1] == midnight_ms(gone.delisted_on)
    assert world.market.quote(gone.symbol) is None


def test_a_name_listed_today_begins_with_its_first_trade() -> None:
    """On its first day there is no previous close to speak of, and a candle that goes on."""
    young = next(listing for listing in all_listings() if listing.listed_on == date(2026, 10, 1))
    clock = ManualClock(datetime(2026, 10, 1, 13, 0, tzinfo=UTC))
    market = World.seeded(clock=clock).market
    assert market.quote(young.symbol) is None
    clock.advance(2 * 3600)
    quote = market.quote(young.symbol)
    candles = market.candles(young.symbol, 0)
    assert quote is not None
    assert candles is not None
    assert (quote.prev_close, quote.prev_close_date, len(candles.times)) == (None, None, 1)
    clock.advance(8 * 3600)
    candles = market.candles(young.symbol, 0)
    assert candles is not None
    assert candles.times == (midnight_ms(date(2026, 10, 1)),)


def test_an_option_of_a_delisted_name_is_worth_nothing_anybody_quotes() -> None:
    """The contract was listed while the name was."""
    gone = next(one for one in all_listings() if one.delisted_on and one.options is not OptionProgram.NONE)
    assert gone.delisted_on is not None
    clock = ManualClock(datetime(2020, 3, 2, 23, 0, tzinfo=UTC))
    options = World.seeded(clock=clock).options
    (root,) = options.roots(gone.symbol) or ()
    contract = OptionContract(root=root, expiration=root.expirations[-1], kind="C", strike=1000)
    assert options.quote(contract) is not None
    clock.advance(60 * 86_400)
    assert options.quote(contract) is None


def test_where_the_calendar_ends_no_option_is_held() -> None:
    """A month before the end of 2035 there is no expiration a month out."""
    world = World.seeded(clock=ManualClock(datetime(2035, 12, 21, 23, 0, tzinfo=UTC)))
    holdings = world.accounts.holdings(world.accounts.accounts[0])
    assert holdings
    assert all(holding.contract is None for holding in holdings)


def test_unknown_names_have_nothing(world: World) -> None:
    """Neither candles nor quotes nor options."""
    assert world.market.candles("NOPE", 0) is None
    assert world.market.quote("NOPE") is None
    assert world.options.roots("NOPE") is None


def _correlation(one: list[float], two: list[float]) -> float:
    mean_one, mean_two = sum(one) / len(one), sum(two) / len(two)
    spread_one = sum((value - mean_one) ** 2 for value in one)
    spread_two = sum((value - mean_two) ** 2 for value in two)
    common = sum((a - mean_one) * (b - mean_two) for a, b in zip(one, two, strict=True))
    return float(common / (spread_one * spread_two) ** 0.5)
