# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Volatility surfaces: smiles that nobody can make money of, at any level of fear."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st
from scale import examples

from ttapi_client.sandbox.world.black_scholes import option_price
from ttapi_client.sandbox.world.listings import Listing, ListingKind, all_listings
from ttapi_client.sandbox.world.volatility_surface import INDEX_YEARS, VolatilitySurface

LISTINGS = {listing.symbol: listing for listing in all_listings()}
listings = st.sampled_from(list(LISTINGS.values()))
volatilities = st.floats(0.001, 5.0)
maturities = st.floats(0.0, 3.0)
moneyness = st.floats(0.2, 5.0)


@given(listing=listings, volatility=volatilities, years=maturities)
@examples(times=6)
def test_calls_fall_and_are_convex_in_the_strike(listing: Listing, volatility: float, years: float) -> None:
    """On a forward of 100, undiscounted: no spread and no butterfly costs less than nothing."""
    surface = VolatilitySurface.of_listing(listing, volatility)
    strikes = [100 * 1.03**step for step in range(-55, 56)]
    calls = [
        option_price(
            "C",
            spot=100.0,
            strike=strike,
            years=max(years, 1e-5),
            volatility=surface.volatility(strike / 100, max(years, 1e-5)),
            rate=0.0,
        )
        for strike in strikes
    ]
    slopes = [
        (later - earlier) / (high - low)
        for (earlier, later), (low, high) in zip(pairwise(calls), pairwise(strikes), strict=True)
    ]
    assert all(-1 - 1e-9 <= slope <= 1e-9 for slope in slopes)
    assert all(first <= second + 1e-9 for first, second in pairwise(slopes))


@given(listing=listings, volatility=volatilities, years=maturities, more=maturities, multiple=moneyness)
@examples(times=12)
def test_total_variance_never_falls_with_time(
    listing: Listing, volatility: float, years: float, more: float, multiple: float
) -> None:
    """No calendar spread costs less than nothing, at any distance from the forward."""
    surface = VolatilitySurface.of_listing(listing, volatility)
    near, far = (surface.total_variance(multiple, length) for length in (years, years + more))
    assert 0 < near <= far * (1 + 1e-12)


@given(listing=listings, volatility=volatilities, years=maturities, multiple=moneyness)
@examples(times=12)
def test_wings_are_bounded(listing: Listing, volatility: float, years: float, multiple: float) -> None:
    """However far out and however near the end, within a few times what the forward's options have."""
    surface = VolatilitySurface.of_listing(listing, volatility)
    ratio = surface.volatility(multiple, years) / surface.volatility(1.0, years)
    assert 0.7 < ratio < 10
    assert surface.volatility(1.0, years) < 4


@given(listing=listings, volatility=st.floats(0.02, 3.0))
@examples(times=2)
def test_the_middle_of_the_surface_is_what_it_was_made_of(listing: Listing, volatility: float) -> None:
    """At the forward, thirty days ahead."""
    assert VolatilitySurface.of_listing(listing, volatility).volatility(1.0, INDEX_YEARS) == pytest.approx(
        volatility, rel=1e-12
    )


@pytest.mark.parametrize("symbol", ["AAPL", "SPY", "SPX"])
@pytest.mark.parametrize("years", [1 / 365, INDEX_YEARS, 1.0])
def test_fear_is_of_falling_prices(symbol: str, years: float) -> None:
    """Puts below the forward cost more volatility than calls as far above it; far out all do."""
    surface = VolatilitySurface.of_listing(LISTINGS[symbol], 0.25)
    assert surface.volatility(0.9, years) > surface.volatility(1.0, years) > surface.volatility(1.04, years)
    assert surface.volatility(0.8, years) > surface.volatility(1 / 0.8, years)
    assert surface.volatility(3.0, years) > surface.volatility(1.5, years) or years == 1.0


def test_fear_itself_rises() -> None:
    """Options on the volatility index lean the other way."""
    surface = VolatilitySurface.of_listing(LISTINGS["VIX"], 0.9)
    assert surface.volatility(1.3, INDEX_YEARS) > surface.volatility(1.0, INDEX_YEARS)


def test_calm_rises_and_storms_fade_with_time() -> None:
    """The far end lies between today's volatility and the usual one."""
    for volatility in (0.1, 0.6):
        surface = VolatilitySurface.of(volatility, skew=-0.5)
        along = [surface.volatility(1.0, years) for years in (0.0, INDEX_YEARS, 0.5, 1.0, 3.0)]
        assert along == sorted(along, reverse=volatility > 0.25)
        assert min(volatility, 0.25) < along[-1] < max(volatility, 0.25)


def test_every_kind_of_listing_has_a_skew() -> None:
    """None of them is forgotten."""
    for kind in ListingKind:
        listing = next(one for one in LISTINGS.values() if one.kind is kind)
        assert VolatilitySurface.of_listing(listing, 0.2).skew < 0
