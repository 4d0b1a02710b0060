# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Option listings for any name, price and day."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st
from scale import examples

from ttapi_client.sandbox.world.expirations import ExpirationType, OptionRoot, option_roots
from ttapi_client.sandbox.world.listings import Listing, ListingKind, OptionProgram, all_listings
from ttapi_client.sandbox.world.market import Split
from ttapi_core.market_calendar import is_trading_day
from ttapi_core.trading_day import trading_day

LISTINGS = {listing.symbol: listing for listing in all_listings()}
listings = st.sampled_from([one for one in LISTINGS.values() if one.options is not OptionProgram.NONE])
days = st.dates(date(2008, 1, 2), date(2035, 12, 31))
prices = st.floats(0.15, 90_000)


@given(listing=listings, spot=prices, today=days)
@examples(times=6)
def test_expirations_are_trading_days_from_today_on(listing: Listing, spot: float, today: date) -> None:
    """In order, none twice, and of those that may have been listed by then."""
    for root in option_roots(listing, spot=spot, today=today):
        dates = [expiration.date for expiration in root.expirations]
        assert dates
        assert all(is_trading_day(day) and day >= today for day in dates)
        assert all(before < after for before, after in pairwise(dates))
        assert all(expiration.date - expiration.listed_ahead <= today for expiration in root.expirations)


@given(listing=listings, today=days)
@examples(times=6)
def test_every_sort_of_expiration_lies_where_it_belongs(listing: Listing, today: date) -> None:
    """On the third Friday, the last day of a month or of a quarter, or on the trading day before it."""
    for root in option_roots(listing, spot=100.0, today=today):
        for expiration in root.expirations:
            day, kind = expiration.date, expiration.expiration_type
            following = _next_trading_day(day)
            if kind is ExpirationType.REGULAR:
                assert day <= _third_friday(day) < following
            if kind is ExpirationType.QUARTERLY:
                assert day.month % 3 == 0
            if kind in {ExpirationType.QUARTERLY, ExpirationType.END_OF_MONTH}:
                assert following.month != day.month
            if kind is ExpirationType.WEEKLY and listing.symbol not in {"SPY", "QQQ", "IWM"}:
                is_busy_index = listing.kind is ListingKind.INDEX
                assert is_busy_index or any(
                    (day + timedelta(days=gap)).weekday() == 4 for gap in range((following - day).days)
                )


@given(listing=listings, spot=prices, today=days)
@examples(times=6)
def test_strikes_lie_around_the_price_on_one_grid(listing: Listing, spot: float, today: date) -> None:
    """Ascending, evenly spaced, eight digits at most."""
    for root in option_roots(listing, spot=spot, today=today):
        for expiration in root.expirations:
            strikes = expiration.strikes
            assert len({high - low for low, high in pairwise(strikes)}) == 1
            assert strikes[0] > 0
            assert strikes[-1] <= 99_999_999
            if 10 < spot < 50_000:
                assert strikes[0] < spot * 920 < spot * 1080 < strikes[-1]


@given(listing=listings, spots=st.lists(st.floats(0.15, 30_000), min_size=1, max_size=40), today=days)
@examples(times=4)
def test_strikes_of_earlier_closes_stay_listed(listing: Listing, spots: list[float], today: date) -> None:
    """All that each of the closes would have alone, in order, none twice."""
    for root in option_roots(listing, spot=spots[0], today=today, earlier=spots):
        strikes = root.expirations[0].strikes
        assert all(low < high for low, high in pairwise(strikes))
        for spot in spots:
            alone = option_roots(listing, spot=spot, today=today)[0]
            assert set(alone.expirations[0].strikes) <= set(strikes)


@given(listing=listings, today=st.dates(date(2008, 1, 2), date(2033, 1, 1)))
@examples(times=4)
def test_there_is_always_something_to_trade(listing: Listing, today: date) -> None:
    """Every name with options has an expiration within about two months."""
    roots = option_roots(listing, spot=100.0, today=today)
    assert min(expiration.date for root in roots for expiration in root.expirations) < today + timedelta(
        days=62
    )


@given(today=st.dates(date(2008, 1, 2), date(2035, 6, 1)))
@examples(times=4)
def test_the_busiest_names_expire_every_day(today: date) -> None:
    """The next ten trading days, in the fund and in the evening root of the index."""
    wanted = [day for offset in range(21) if is_trading_day(day := today + timedelta(days=offset))][:10]
    (fund,) = option_roots(LISTINGS["SPY"], spot=600.0, today=today)
    _, evening = option_roots(LISTINGS["SPX"], spot=6000.0, today=today)
    for root in (fund, evening):
        assert [expiration.date for expiration in root.expirations][:10] == wanted
        kinds = {expiration.expiration_type for expiration in root.expirations}
        assert {ExpirationType.WEEKLY, ExpirationType.END_OF_MONTH, ExpirationType.QUARTERLY} <= kinds


@pytest.mark.parametrize(
    ("symbol", "today", "day", "kind"),
    [
        ("SPY", date(2026, 11, 20), date(2026, 11, 30), ExpirationType.END_OF_MONTH),
        ("SPY", date(2026, 11, 20), date(2026, 12, 24), ExpirationType.WEEKLY),  # Christmas is a Friday
        ("SPY", date(2026, 11, 20), date(2026, 12, 31), ExpirationType.QUARTERLY),
        ("SPY", date(2026, 5, 1), date(2026, 6, 18), ExpirationType.REGULAR),  # Juneteenth
        ("AAPL", date(2024, 3, 15), date(2024, 3, 28), ExpirationType.WEEKLY),  # Good Friday of 2024
        ("KSS", date(2019, 4, 1), date(2019, 4, 18), ExpirationType.REGULAR),  # Good Friday of 2019
        ("QQQ", date(2018, 11, 30), date(2018, 12, 6), ExpirationType.WEEKLY),  # the day after a closure
    ],
)
def test_known_days_have_their_expiration(symbol: str, today: date, day: date, kind: ExpirationType) -> None:
    """Dates that were looked up in calendars."""
    (root,) = option_roots(LISTINGS[symbol], spot=100.0, today=today)
    assert {expiration.date: expiration.expiration_type for expiration in root.expirations}[day] is kind


def test_no_expiration_falls_on_a_closure() -> None:
    """The day of mourning in December 2018 was a Wednesday, on which funds would have had one."""
    (root,) = option_roots(LISTINGS["QQQ"], spot=170.0, today=date(2018, 11, 30))
    assert date(2018, 12, 5) not in {expiration.date for expiration in root.expirations}


def test_the_morning_root_is_settled_at_the_opening_and_stops_the_evening_before() -> None:
    """Its last trading day is the one before; a half day closes at one."""
    morning, evening = option_roots(LISTINGS["SPX"], spot=6000.0, today=date(2026, 11, 20))
    december = next(one for one in morning.expirations if one.date == date(2026, 12, 18))
    assert december.expires_at == trading_day(date(2026, 12, 18)).open_at
    assert december.stops_trading_at == trading_day(date(2026, 12, 17)).close_at
    black_friday = next(one for one in evening.expirations if one.date == date(2026, 11, 27))
    assert black_friday.expires_at == black_friday.stops_trading_at
    assert black_friday.expires_at.astimezone(UTC).hour == 18


def _splits(*given: tuple[date, float]) -> tuple[Split, ...]:
    return tuple(Split(date=day, ratio=ratio) for day, ratio in given)


def _roots(today: date, *given: tuple[date, float]) -> tuple[OptionRoot, ...]:
    return option_roots(LISTINGS["AAPL"], spot=200.0, today=today, splits=_splits(*given))


def test_a_split_in_whole_shares_leaves_one_root() -> None:
    """Four for one, or one long ago, or one that is only announced."""
    today = date(2026, 11, 20)
    for split in ((date(2026, 8, 3), 4.0), (date(2025, 11, 20), 1.5), (date(2026, 11, 21), 1.5)):
        assert [root.root for root in _roots(today, split)] == ["AAPL"]


def test_a_three_for_two_split_leaves_an_adjusted_root() -> None:
    """On 150 shares, at two thirds of the old strikes, for the monthly expirations of that day."""
    standard, adjusted = _roots(date(2026, 11, 20), (date(2026, 8, 3), 1.5))
    assert (standard.root, standard.chain_type, standard.shares_per_contract) == ("AAPL", "Standard", 100)
    assert (adjusted.root, adjusted.chain_type, adjusted.shares_per_contract) == (
        "AAPL1",
        "Non-standard",
        150,
    )
    assert {one.expiration_type for one in adjusted.expirations} == {ExpirationType.REGULAR}
    assert {one.date for one in adjusted.expirations} < {one.date for one in standard.expirations}
    assert all(one.date - one.listed_ahead == date(2026, 8, 3) for one in adjusted.expirations)
    strikes = adjusted.expirations[0].strikes
    assert {200_000, 203_330, 206_670} <= set(strikes)
    assert all(strike % 10 == 0 for strike in strikes)


def test_an_adjusted_root_dies_out() -> None:
    """No expiration is added to it, and a year after the split it is gone."""
    soon, late = (
        _roots(day, (date(2026, 8, 3), 1.5))[1].expirations for day in (date(2026, 8, 3), date(2027, 8, 2))
    )
    assert {one.date for one in late} == {one.date for one in soon if one.date >= date(2027, 8, 2)}
    assert [root.root for root in _roots(date(2027, 8, 4), (date(2026, 8, 3), 1.5))] == ["AAPL"]


def test_a_reverse_split_leaves_contracts_on_few_shares() -> None:
    """One for ten: ten shares, at ten times the strikes."""
    _, adjusted = _roots(date(2026, 11, 20), (date(2026, 8, 3), 0.1))
    assert adjusted.shares_per_contract == 10
    assert adjusted.expirations[0].strikes[0] < 200_000 < adjusted.expirations[0].strikes[-1]


def test_a_later_split_changes_an_adjusted_root_again() -> None:
    """Two of them leave two roots: the first is on 225 shares."""
    _, first, second = _roots(date(2026, 11, 20), (date(2026, 6, 1), 1.5), (date(2026, 8, 3), 1.5))
    assert (first.root, first.shares_per_contract) == ("AAPL1", 225)
    assert (second.root, second.shares_per_contract) == ("AAPL2", 150)


def test_a_price_beyond_every_symbol_has_no_options() -> None:
    """A strike of a hundred thousand dollars cannot be written."""
    assert option_roots(LISTINGS["AAPL"], spot=200_000.0, today=date(2026, 11, 20)) == ()


def _third_friday(day: date) -> date:
    first = day.replace(day=1)
    return first + timedelta(days=(4 - first.weekday()) % 7 + 14)


def _next_trading_day(day: date) -> date:
    """The next weekday counts beyond the end of the calendar."""
    following = day + timedelta(days=1)
    while following.weekday() > 4 or (following.year <= 2035 and not is_trading_day(following)):
        following += timedelta(days=1)
    return following
