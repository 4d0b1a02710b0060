# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of chain frames: volatilities against prices that a second method made of them."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal
from statistics import NormalDist
from typing import TYPE_CHECKING

import pytest

from ttapi_core.testing import make_expiration_series, make_quote
from ttapi_platform.option_chain_frames import chain_frame, days_to_expiration, smile_of, strikes_frame

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_core.expirations import ExpirationSeries
    from ttapi_core.quotes import Quote

SPOT = 100.0
DAYS = 73  # a fifth of a year
STRIKES = ["80", "85", "90", "95", "100", "105", "110", "115", "120"]
SERIES = make_expiration_series("XYZ", strikes=STRIKES)
NORMAL = NormalDist()


def smile(strike: float) -> float:
    """Volatility by strike: dearer the lower."""
    return 0.2 - 0.001 * (strike - SPOT)


def d1(strike: float) -> float:
    """The textbook's, without a rate."""
    deviation = smile(strike) * math.sqrt(DAYS / 365)
    return math.log(SPOT / strike) / deviation + deviation / 2


def price(strike: float, *, is_call: bool) -> float:
    """Black and Scholes as the textbook has it, with the standard library's normal law."""
    d2 = d1(strike) - smile(strike) * math.sqrt(DAYS / 365)
    sign = 1 if is_call else -1
    return sign * (SPOT * NORMAL.cdf(sign * d1(strike)) - strike * NORMAL.cdf(sign * d2))


def quoted(series: ExpirationSeries) -> dict[str, Quote]:
    """A quote for each option of a series, at those prices."""
    quotes: dict[str, Quote] = {}
    for each in series.strikes:
        for symbol, is_call in ((each.call, True), (each.put, False)):
            mid = Decimal(price(float(each.strike), is_call=is_call))
            quotes[symbol] = replace(make_quote(symbol), bid=mid - 1, ask=mid + 1, mid=mid)
    return quotes


def test_volatility_and_greeks_are_those_that_the_mids_were_made_of() -> None:
    """For calls and puts, in the money and out of it."""
    chain = chain_frame(SERIES, quoted(SERIES), underlying_price=SPOT, days=DAYS)
    assert chain.height == 2 * len(STRIKES)
    assert chain["is_call"].to_list() == [True, False] * len(STRIKES)
    for row in chain.to_dicts():
        assert row["implied_volatility"] == pytest.approx(smile(row["strike"]), abs=1e-9)
        expected = NORMAL.cdf(d1(row["strike"])) - (0 if row["is_call"] else 1)
        assert row["delta"] == pytest.approx(expected, abs=1e-9)
        assert row["years"] == 0.2
        volatility, peak, root = smile(row["strike"]), NORMAL.pdf(d1(row["strike"])), math.sqrt(DAYS / 365)
        assert row["gamma"] == pytest.approx(peak / (SPOT * volatility * root), rel=1e-6)
        assert row["vega"] == pytest.approx(SPOT * peak * root / 100, rel=1e-6)
        assert row["theta"] == pytest.approx(-SPOT * peak * volatility / (2 * root) / 365, rel=1e-6)


def test_call_and_put_of_a_strike_stand_side_by_side() -> None:
    """One row a strike, in order, whatever the order of the series."""
    backwards = replace(SERIES, strikes=SERIES.strikes[::-1])
    rows = strikes_frame(chain_frame(backwards, quoted(SERIES), underlying_price=SPOT, days=DAYS))
    assert rows["strike"].to_list() == [float(strike) for strike in STRIKES]
    assert rows["call_option_symbol"].to_list() == [strike.call for strike in SERIES.strikes]
    assert rows["put_option_symbol"].to_list() == [strike.put for strike in SERIES.strikes]
    parity = rows["call_mid"] - rows["put_mid"]
    assert parity.to_list() == pytest.approx([SPOT - float(strike) for strike in STRIKES])


def test_two_series_of_one_day_are_not_mixed_up() -> None:
    """As SPX and SPXW have the same strikes on a third Friday."""
    weekly = replace(SERIES, root="XYZW", settlement_type="AM")
    both = [chain_frame(each, {}, underlying_price=SPOT, days=DAYS) for each in (weekly, SERIES)]
    rows = strikes_frame(both[0].vstack(both[1]))
    assert rows.height == 2 * len(STRIKES)
    assert rows["root"].to_list() == ["XYZ"] * len(STRIKES) + ["XYZW"] * len(STRIKES)


def test_the_smile_is_read_off_the_strikes() -> None:
    """At the money exactly; at the delta of a quarter within what lies between two strikes."""
    found = smile_of(chain_frame(SERIES, quoted(SERIES), underlying_price=SPOT, days=DAYS))
    assert found.at_the_money == pytest.approx(0.2, abs=1e-9)
    # By hand: the call of 0.25 lies near 106.6 and the put near 94.3.
    assert found.call_volatility == pytest.approx(0.1934, abs=0.0005)
    assert found.put_volatility == pytest.approx(0.2057, abs=0.0005)
    assert found.risk_reversal is not None
    assert found.risk_reversal == pytest.approx(0.1934 - 0.2057, abs=0.001)


@pytest.mark.parametrize(
    ("series", "quotes", "underlying_price", "days"),
    [
        pytest.param(SERIES, {}, SPOT, DAYS, id="no quotes"),
        pytest.param(SERIES, quoted(SERIES), None, DAYS, id="no price of the underlying"),
        pytest.param(SERIES, quoted(SERIES), SPOT, 0, id="last day"),
        pytest.param(SERIES, quoted(SERIES), SPOT, -1, id="expired"),
        pytest.param(
            replace(SERIES, chain_type="Non-standard"), quoted(SERIES), SPOT, DAYS, id="adjusted contract"
        ),
        pytest.param(replace(SERIES, strikes=()), {}, SPOT, DAYS, id="no strikes"),
    ],
)
def test_what_implies_nothing_is_null_and_no_error(
    series: ExpirationSeries, quotes: Mapping[str, Quote], underlying_price: float | None, days: int
) -> None:
    """Every option keeps its row; the smile is all unknown."""
    chain = chain_frame(series, quotes, underlying_price=underlying_price, days=days)
    assert chain.height == 2 * len(series.strikes)
    assert chain["implied_volatility"].null_count() == chain["delta"].null_count() == chain.height
    assert smile_of(chain).at_the_money is None
    assert strikes_frame(chain).height == len(series.strikes)


def test_a_side_that_nobody_quotes_is_null() -> None:
    """And so is the volatility of that option alone."""
    quotes = quoted(SERIES)
    call = SERIES.strikes[0].call
    quotes[call] = replace(quotes[call], bid=None, mid=None)
    chain = chain_frame(SERIES, quotes, underlying_price=SPOT, days=DAYS)
    assert chain.row(0, named=True)["bid"] is None
    assert chain["implied_volatility"].null_count() == 1


def test_the_service_counts_the_days_where_it_says_so() -> None:
    """Else they are counted from the given date."""
    series = make_expiration_series(expiration_date=date(2026, 12, 18))
    assert days_to_expiration(series, date(2026, 12, 1)) == 17
    assert days_to_expiration(replace(series, days_to_expiration=30), date(2026, 12, 1)) == 30
