# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Option listings for any name, price and day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings, strategies as st

from ttapi_client.sandbox.world.expirations import ExpirationType, option_roots
from ttapi_client.sandbox.world.listings import Listing, OptionProgram, all_listings
from ttapi_core.market_calendar import is_trading_day

listings = st.sampled_from([one for one in all_listings() if one.options is not OptionProgram.NONE])


@given(listing=listings, spot=st.floats(0.15, 20_000), today=st.dates(date(2008, 1, 2), date(2035, 12, 31)))
@settings(max_examples=150, deadline=None)
def test_expirations_are_trading_days_from_today_on(listing: Listing, spot: float, today: date) -> None:
    """In order, none twice; monthlies lie on the third Friday or, if that is a holiday, before it."""
    for root in option_roots(listing, spot=spot, today=today):
        days = [expiration.date for expiration in root.expirations]
        assert all(is_trading_day(day) and day >= today for day in days)
        assert all(before < after for before, after in pairwise(days))
        for expiration in root.expirations:
            assert all(lower < higher for lower, higher in pairwise(expiration.strikes))
            assert expiration.strikes[0] > 0
            if expiration.expiration_type is ExpirationType.REGULAR:
                day = expiration.date
                friday = next(
                    candidate
                    for candidate in (day + timedelta(days=number) for number in range(5))
                    if candidate.weekday() == 4
                )
                assert 15 <= friday.day <= 21
                assert not any(
                    is_trading_day(day + timedelta(days=1 + gap)) for gap in range((friday - day).days)
                )


@given(listing=listings, today=st.dates(date(2008, 1, 2), date(2033, 1, 1)))
@settings(max_examples=100, deadline=None)
def test_there_is_always_something_to_trade(listing: Listing, today: date) -> None:
    """Every name with options has an expiration within about two months."""
    roots = option_roots(listing, spot=100.0, today=today)
    assert min(expiration.date for root in roots for expiration in root.expirations) < today + timedelta(
        days=62
    )
