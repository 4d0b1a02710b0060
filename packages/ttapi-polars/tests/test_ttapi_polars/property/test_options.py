# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What holds for options of any kind: parity, bounds, monotony, scale, and the way there and back."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given, strategies as st
from scale import examples

from ttapi_polars import options
from ttapi_polars.implied_volatility import implied_volatility, implied_volatility_reason

FEWER = examples(times=0.4)  # of what takes Polars long to plan
EPSILON = 2.0**-52
MINUTE = 1.0 / (365 * 24 * 60)
OPTION = ("is_call", "underlying", "strike", "years")
RATES = {"rate": "rate", "dividend_yield": "dividend_yield"}
HELD = pl.col("underlying") * (-pl.col("dividend_yield") * pl.col("years")).exp()
OWED = pl.col("strike") * (-pl.col("rate") * pl.col("years")).exp()
PRICE = options.price(*OPTION, "volatility", **RATES)
VEGA = options.vega(*OPTION, "volatility", **RATES)
VOLATILITY = implied_volatility("price", *OPTION, **RATES)
REASON = implied_volatility_reason("price", *OPTION, **RATES)
SCHEMA = {"is_call": pl.Boolean} | dict.fromkeys(
    ("underlying", "strike", "years", "volatility", "rate", "dividend_yield", "price"), pl.Float64
)


@st.composite
def option_frames(draw: st.DrawFn) -> pl.DataFrame:
    """Options from a minute to ten years, at volatilities from 0.001 to 10, in the money and out of it."""
    number = draw(st.integers(0, 12))
    rows = []
    for _ in range(number):
        underlying = 10.0 ** draw(st.floats(-3.0, 6.0))
        years = MINUTE * (10.0 / MINUTE) ** draw(st.floats(0.0, 1.0))
        volatility = 10.0 ** draw(st.floats(-3.0, 1.0))
        places = draw(st.floats(-10.0, 10.0))
        strike = underlying * math.exp(places * min(volatility * math.sqrt(years), 1.0))
        rates = draw(st.sampled_from([0.0, 0.05, -0.01])), draw(st.sampled_from([0.0, 0.02]))
        rows.append((draw(st.booleans()), underlying, strike, years, volatility, *rates, None))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(PRICE)


def wild_numbers() -> st.SearchStrategy[float | None]:
    """Anything that a Float64 column can hold, and often what might nearly do."""
    return st.one_of(
        st.none(),
        st.floats(),
        st.sampled_from([0.0, 1.0, 100.0, 100.0 * (1.0 + EPSILON), 1e150, 1e-150, 5e-324, -1.0]),
        st.floats(0.01, 1000.0),
    )


@given(option_frames())
def test_call_and_put_differ_by_a_forward(frame: pl.DataFrame) -> None:
    """Put-call parity: price, and delta by what a share without its dividends is."""
    calls, puts = (
        frame.with_columns(is_call=is_call) for is_call in (pl.lit(value=True), pl.lit(value=False))
    )
    difference = calls.select(PRICE).to_series() - puts.select(PRICE).to_series()
    amounts = frame.select(
        forward=HELD - OWED, scale=pl.max_horizontal(HELD, OWED), share=HELD / pl.col("underlying")
    )
    assert ((difference - amounts["forward"]).abs() <= 4 * EPSILON * amounts["scale"]).all()
    delta = options.delta(*OPTION, "volatility", **RATES)
    deltas = calls.select(delta).to_series() - puts.select(delta).to_series()
    assert deltas.to_list() == pytest.approx(amounts["share"].to_list(), rel=1e-14)


@given(option_frames())
def test_a_price_stays_within_its_bounds(frame: pl.DataFrame) -> None:
    """Not below intrinsic value, not above what is bought or sold; to the rounding of either."""
    sign = pl.when("is_call").then(1.0).otherwise(-1.0)
    found = frame.select(
        "price",
        least=(sign * (HELD - OWED)).clip(0.0),
        most=pl.when("is_call").then(HELD).otherwise(OWED),
        rounding=4 * EPSILON * pl.max_horizontal(HELD, OWED),
    )
    assert (found["price"] >= found["least"] - found["rounding"]).all()
    assert (found["price"] <= found["most"] + found["rounding"]).all()


@given(option_frames(), st.floats(1.0, 3.0))
def test_more_volatility_is_never_cheaper(frame: pl.DataFrame, times: float) -> None:
    """Call or put; to the rounding of the price."""
    more = frame.with_columns(pl.col("volatility") * times).select(PRICE).to_series()
    scale = frame.select(pl.max_horizontal("underlying", "strike")).to_series() * 1.2
    assert (more >= frame["price"] - 4 * EPSILON * scale).all()


@FEWER
@given(option_frames(), st.integers(-20, 20))
def test_prices_are_in_any_currency(frame: pl.DataFrame, power: int) -> None:
    """Underlying and strike twice as much: the price too, and the volatility as it was."""
    scaled = frame.with_columns(pl.col("underlying", "strike", "price") * 2.0**power)
    assert scaled.select(PRICE).to_series().to_list() == pytest.approx(scaled["price"].to_list(), rel=1e-14)
    before, after = (each.select(VOLATILITY).to_series().to_list() for each in (frame, scaled))
    assert before == after


@FEWER
@given(option_frames())
def test_a_price_leads_back_to_its_volatility(frame: pl.DataFrame) -> None:
    """Within 1e-8 wherever one part in 2**52 of the price is worth less than 1e-9 of volatility."""
    found = frame.with_columns(VEGA, VOLATILITY).filter(
        EPSILON * pl.col("price") < 1e-9 * pl.col("vega"), pl.col("price") > 1e-290 * pl.col("underlying")
    )
    errors = (found["implied_volatility"] - found["volatility"]).abs()
    assert errors.null_count() == 0
    assert (errors < 1e-8).all()


@FEWER
@given(st.lists(st.tuples(st.none() | st.booleans(), *[wild_numbers()] * 7), max_size=20))
def test_there_is_a_volatility_or_a_reason(rows: list[tuple[bool | float | None, ...]]) -> None:
    """One of the two for every row whatever it holds; volatilities, prices and greeks are finite or null."""
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    volatility, reason = frame.select(VOLATILITY, REASON)
    assert (volatility.is_null() == reason.is_not_null()).all()
    assert (volatility.is_finite() & (volatility > 0.0)).all()
    greeks = (options.delta, options.gamma, options.vega, options.theta, options.rho)
    for function in (options.price, *greeks):
        assert frame.select(function(*OPTION, "volatility", **RATES)).to_series().is_finite().all()


@FEWER
@given(option_frames(), st.integers(0, 12))
def test_each_row_stands_for_itself(frame: pl.DataFrame, cut: int) -> None:
    """Any order of the rows and any cut of the frame: the same values, row by row, but for a last digit."""
    deviation = VOLATILITY * pl.col("years").sqrt()
    together = frame.select(PRICE, deviation)
    apart = pl.concat(part.select(PRICE, deviation) for part in (frame[:cut], frame[cut:]))
    backwards = frame.reverse().select(PRICE, deviation).reverse()
    for other in (apart, backwards):
        assert other["price"].to_list() == pytest.approx(together["price"].to_list(), rel=1e-13)
        found, wanted = other["implied_volatility"], together["implied_volatility"]
        assert found.is_null().equals(wanted.is_null())
        assert found.drop_nulls().to_list() == pytest.approx(wanted.drop_nulls().to_list(), abs=1e-13)
