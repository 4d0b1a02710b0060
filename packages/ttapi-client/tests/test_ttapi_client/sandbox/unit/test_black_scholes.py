# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Option values and greeks against textbook examples, integration and finite differences."""

from __future__ import annotations

from math import exp, pi, sqrt
from typing import Any

import pytest
from hypothesis import given, strategies as st
from scale import examples

from ttapi_client.sandbox.world.black_scholes import option_price, option_value

DAY = 1 / 365
cases = st.fixed_dictionaries(
    {
        "kind": st.sampled_from("CP"),
        "spot": st.floats(20.0, 500.0),
        "years": st.floats(0.01, 3.0),
        "volatility": st.floats(0.08, 1.5),
        "rate": st.floats(0.0, 0.1),
        "dividend_yield": st.floats(0.0, 0.1),
    }
)
moneyness = st.floats(0.6, 1.6)


@pytest.mark.parametrize(
    ("kind", "spot", "strike", "years", "volatility", "rate", "dividend_yield", "value"),
    [
        # Hull, Options, Futures, and Other Derivatives: the examples of the Black-Scholes-Merton chapter
        # and of the one on stock indices.
        ("C", 42.0, 40.0, 0.5, 0.2, 0.10, 0.0, 4.76),
        ("P", 42.0, 40.0, 0.5, 0.2, 0.10, 0.0, 0.81),
        ("C", 930.0, 900.0, 2 / 12, 0.2, 0.08, 0.03, 51.83),
    ],
)
def test_prices_are_those_of_the_textbook(
    kind: str,
    spot: float,
    strike: float,
    years: float,
    volatility: float,
    rate: float,
    dividend_yield: float,
    value: float,
) -> None:
    """To the cents that are printed there."""
    computed = option_price(
        kind,
        spot=spot,
        strike=strike,
        years=years,
        volatility=volatility,
        rate=rate,
        dividend_yield=dividend_yield,
    )
    assert computed == pytest.approx(value, abs=0.005)


def test_greeks_are_those_of_the_textbook() -> None:
    """Hull's call over 49 dollars in our units: a day, a point of volatility, a point of the rate."""
    value = option_value("C", spot=49.0, strike=50.0, years=20 / 52, volatility=0.2, rate=0.05)
    assert value.delta == pytest.approx(0.522, abs=5e-4)
    assert value.gamma == pytest.approx(0.066, abs=5e-4)
    assert value.theta * 365 == pytest.approx(-4.31, abs=5e-3)
    assert value.vega * 100 == pytest.approx(12.1, abs=0.05)
    assert value.rho * 100 == pytest.approx(8.91, abs=5e-3)


@given(case=cases, multiple=moneyness)
@examples(times=2)
def test_prices_are_the_discounted_mean_of_what_exercise_pays(case: dict[str, Any], multiple: float) -> None:
    """By summing the payoff over the normal law, which knows nothing of the formula."""
    strike, sign = case["spot"] * multiple, 1 if case["kind"] == "C" else -1
    deviation = case["volatility"] * sqrt(case["years"])
    drift = (case["rate"] - case["dividend_yield"] - case["volatility"] ** 2 / 2) * case["years"]
    step = 0.002
    mean = sum(
        max(0.0, sign * (case["spot"] * exp(drift + deviation * z) - strike)) * exp(-z * z / 2) * step
        for z in (number * step for number in range(-5000, 5001))
    ) / sqrt(2 * pi)
    expected = mean * exp(-case["rate"] * case["years"])
    assert option_price(strike=strike, **case) == pytest.approx(expected, abs=2e-4 * case["spot"])


@given(case=cases, multiple=moneyness)
@examples(times=6)
def test_a_call_less_a_put_is_a_forward(case: dict[str, Any], multiple: float) -> None:
    """Put-call parity with a dividend yield."""
    strike = case["spot"] * multiple
    call = option_price(**{**case, "kind": "C"}, strike=strike)
    put = option_price(**{**case, "kind": "P"}, strike=strike)
    forward = case["spot"] * exp(-case["dividend_yield"] * case["years"])
    forward -= strike * exp(-case["rate"] * case["years"])
    assert call - put == pytest.approx(forward, abs=1e-9 * case["spot"])


@given(case=cases, multiple=moneyness)
@examples(times=6)
def test_greeks_are_how_prices_move(case: dict[str, Any], multiple: float) -> None:
    """Central differences of the price in each of its arguments."""
    strike = case["spot"] * multiple
    value = option_value(strike=strike, **case)

    def slope(name: str, step: float) -> float:
        up, down = ({**case, name: case[name] + way} for way in (step, -step))
        return (option_price(strike=strike, **up) - option_price(strike=strike, **down)) / (2 * step)

    def delta(spot: float) -> float:
        return option_value(strike=strike, **{**case, "spot": spot}).delta

    move = case["spot"] * 1e-4
    assert value.price == option_price(strike=strike, **case)
    curvature = (delta(case["spot"] + move) - delta(case["spot"] - move)) / (2 * move)
    small = 1e-6 * case["spot"]
    assert value.delta == pytest.approx(slope("spot", move), rel=2e-3, abs=1e-6)
    assert value.gamma == pytest.approx(curvature, rel=2e-3, abs=1e-6)
    assert value.theta == pytest.approx(-slope("years", 1e-5) * DAY, rel=2e-3, abs=small)
    assert value.vega == pytest.approx(slope("volatility", 1e-4) * 0.01, rel=2e-3, abs=small)
    assert value.rho == pytest.approx(slope("rate", 1e-4) * 0.01, rel=2e-3, abs=small)


@pytest.mark.parametrize(
    ("kind", "spot", "price", "delta"),
    [("C", 101.0, 1.0, 1.0), ("C", 99.0, 0.0, 0.0), ("P", 99.0, 1.0, -1.0), ("P", 100.0, 0.0, 0.0)],
)
@pytest.mark.parametrize("years", [0.0, -1.0])
def test_at_its_end_an_option_is_what_exercise_pays(
    kind: str, spot: float, price: float, delta: float, years: float
) -> None:
    """Nothing but the underlying moves it then."""
    value = option_value(kind, spot=spot, strike=100.0, years=years, volatility=0.2)
    assert (value.price, value.delta) == (price, delta)
    assert value.gamma == value.theta == value.vega == value.rho == 0.0


@pytest.mark.parametrize("kind", ["C", "P"])
@pytest.mark.parametrize("spot", [0.15, 1.0, 99_000.0])
@pytest.mark.parametrize("years", [1e-9, 1 / 365 / 390, 3.0])
def test_values_stay_within_their_bounds_however_far_from_the_money(
    kind: str, spot: float, years: float
) -> None:
    """Never below nothing, never above the share or the strike; greeks finite, just before the end too."""
    value = option_value(kind, spot=spot, strike=100.0, years=years, volatility=0.05)
    assert 0 <= value.price <= (spot if kind == "C" else 100.0)
    assert -1 <= value.delta <= 1
    assert 0 <= value.gamma < 1e9
    assert value.vega >= 0
    assert abs(value.theta) < 1e4
