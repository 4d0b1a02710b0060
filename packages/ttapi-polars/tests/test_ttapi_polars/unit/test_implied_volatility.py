# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Implied volatilities of prices made by scipy, by a root search, and of prices that have none."""

from __future__ import annotations

import math
from itertools import product

import polars as pl
import pytest
from scipy.optimize import brentq
from scipy.special import ndtr

from ttapi_polars import options
from ttapi_polars.implied_volatility import implied_volatility, implied_volatility_reason

NAN, INFINITY = float("nan"), float("inf")
EPSILON = 2.0**-52
ENGINES = pytest.mark.parametrize("engine", ["streaming", "in-memory"])
MINUTE, DAY = 1.0 / (365 * 24 * 60), 1.0 / 365
OPTION = ("is_call", "underlying", "strike", "years")
FOUND = implied_volatility("price", *OPTION)
REASON = implied_volatility_reason("price", *OPTION)


def out_of_the_money(underlying: float, strike: float, years: float, volatility: float) -> float:
    """Undiscounted price without rates, of the call above and the put below."""
    sign = 1.0 if strike >= underlying else -1.0
    deviation = volatility * math.sqrt(years)
    d1 = math.log(underlying / strike) / deviation + deviation / 2.0
    return sign * float(underlying * ndtr(sign * d1) - strike * ndtr(sign * (d1 - deviation)))


def grid() -> pl.DataFrame:
    """From a minute to ten years, volatilities from 0.001 to 10, strikes near, far and beyond reason."""
    rows = [
        (is_call, 100.0, 100.0 * math.exp(places * volatility * math.sqrt(years) + shift), years, volatility)
        for is_call, places, shift, years, volatility in product(
            (True, False),
            (-30.0, -8.0, -3.0, -1.0, -0.1, 0.0, 1e-9, 0.5, 2.0, 5.0, 20.0),
            (0.0, 0.02),
            (MINUTE, DAY, 30 * DAY, 1.0, 10.0),
            (0.001, 0.05, 0.2, 0.8, 3.0, 10.0),
        )
        if abs(places * volatility * math.sqrt(years)) < 30.0
    ]
    priced = [
        (
            *row,
            out_of_the_money(*row[1:]) + max(0.0, row[1] - row[2] if row[0] else row[2] - row[1]),
        )
        for row in rows
    ]
    return pl.DataFrame(priced, schema=[*OPTION, "volatility", "price"], orient="row")


GRID = grid()


def resolution() -> pl.Expr:
    """How far the volatility moves when the larger of underlying and strike moves by one part in 2**52."""
    amount = pl.max_horizontal("underlying", "strike")
    return EPSILON * amount / options.vega(*OPTION, "volatility")


@ENGINES
def test_a_price_gives_back_its_volatility(engine: pl._typing.EngineType) -> None:
    """Within 1e-8 wherever Float64 prices tell volatilities 1e-9 apart: more than half of the grid."""
    found = GRID.lazy().with_columns(FOUND, error=(FOUND - pl.col("volatility")).abs(), least=resolution())
    known = found.filter((pl.col("least") < 1e-9) & (pl.col("price") > 1e-290)).collect(engine=engine)
    assert known.height > 0.5 * GRID.height
    assert known["error"].null_count() == 0
    assert known["error"].max() < 1e-8  # type: ignore[operator]


@ENGINES
def test_prices_of_our_own_come_back_with_rates_and_dividends(engine: pl._typing.EngineType) -> None:
    """Discounted too, and in the money: what counts is the resolution of the price alone."""
    found = (
        GRID.lazy()
        .with_columns(
            options.price(*OPTION, "volatility", rate=0.05, dividend_yield=0.02),
            options.vega(*OPTION, "volatility", rate=0.05, dividend_yield=0.02),
        )
        .with_columns(implied_volatility("price", *OPTION, rate=0.05, dividend_yield=0.02))
        .filter((EPSILON * pl.col("price") < 1e-9 * pl.col("vega")) & (pl.col("price") > 1e-290))
        .collect(engine=engine)
    )
    assert found.height > 0.4 * GRID.height
    errors = (found["implied_volatility"] - found["volatility"]).abs()
    assert errors.null_count() == 0
    assert errors.max() < 1e-8  # type: ignore[operator]


def test_a_root_search_finds_the_same() -> None:
    """The one of scipy, on the textbook formula, where its own tolerance lets it."""
    frame = GRID.filter(
        pl.col("years") > DAY, pl.col("volatility").is_between(0.04, 1.0), resolution() < 1e-12
    )
    found = frame.select(FOUND).to_series()
    for row, volatility in zip(frame.rows(named=True), found, strict=True):
        sign = 1.0 if row["is_call"] else -1.0
        intrinsic = max(0.0, sign * (row["underlying"] - row["strike"]))

        def excess(guess: float, row: dict[str, float] = row, intrinsic: float = intrinsic) -> float:
            """Price at a guess less the price that is given."""
            own = out_of_the_money(row["underlying"], row["strike"], row["years"], guess)
            return own + intrinsic - row["price"]

        assert volatility == pytest.approx(brentq(excess, 1e-3, 5.0, xtol=1e-14), abs=1e-9)
    assert frame.height > 50


def test_hulls_option_has_a_volatility_of_23_and_a_half_percent() -> None:
    """Options, Futures, and Other Derivatives: a call of 1.875 on 21, strike 20, rate 10 %, three months."""
    frame = pl.DataFrame(
        {"price": [1.875], "is_call": True, "underlying": 21.0, "strike": 20.0, "years": 0.25}
    )
    assert frame.select(implied_volatility("price", *OPTION, rate=0.1)).item() == pytest.approx(
        0.235, abs=5e-4
    )


@pytest.mark.parametrize("price", [1e-14, 1e-30, 1e-100, 1e-200])
def test_the_tiniest_price_at_the_money_is_taken_at_its_word(price: float) -> None:
    """Price over volatility is there underlying times the root of the years over the root of two pi."""
    frame = pl.DataFrame(
        {"price": [price], "is_call": True, "underlying": 100.0, "strike": 100.0, "years": 1.0}
    )
    assert frame.select(FOUND).item() == pytest.approx(price / 100.0 * math.sqrt(2.0 * math.pi), abs=1e-15)
    assert frame.select(FOUND).item() > 0.0


@pytest.mark.parametrize(
    ("price", "is_call", "underlying", "strike", "years", "reason"),
    [
        (None, True, 100.0, 100.0, 1.0, "missing input"),
        (1.0, None, 100.0, 100.0, 1.0, "missing input"),
        (1.0, True, NAN, 100.0, 1.0, "missing input"),
        (1.0, True, 100.0, INFINITY, 1.0, "missing input"),
        (-1.0, True, 100.0, 100.0, None, "missing input"),
        (-1.0, True, 100.0, 100.0, 1.0, "impossible input"),
        (1.0, True, 0.0, 100.0, 1.0, "impossible input"),
        (1.0, True, 100.0, -1.0, 1.0, "impossible input"),
        (1.0, True, 100.0, 100.0, -1.0, "impossible input"),
        (10.0, True, 100.0, 90.0, 0.0, "no time left"),
        (9.99, True, 100.0, 90.0, 1.0, "price below intrinsic value"),
        (9.99, False, 90.0, 100.0, 1.0, "price below intrinsic value"),
        (10.0, True, 100.0, 90.0, 1.0, "no time value"),
        (0.0, True, 100.0, 110.0, 1.0, "no time value"),
        (100.0, True, 100.0, 90.0, 1.0, "price not below its upper bound"),
        (90.0, False, 100.0, 90.0, 1.0, "price not below its upper bound"),
        (99.99, True, 100.0, 90.0, 1.0, None),
        (89.99, False, 100.0, 90.0, 1.0, None),
        (10.01, True, 100.0, 90.0, 1.0, None),
    ],
)
def test_a_price_without_a_volatility_has_a_reason(
    price: float | None,
    is_call: bool | None,
    underlying: float,
    strike: float,
    years: float | None,
    reason: str | None,
) -> None:
    """The first that holds; none where there is a volatility."""
    schema = {"price": pl.Float64, "is_call": pl.Boolean} | dict.fromkeys(OPTION[1:], pl.Float64)
    frame = pl.DataFrame([(price, is_call, underlying, strike, years)], schema=schema, orient="row")
    volatility, found = frame.select(FOUND, REASON).row(0)
    assert found == reason
    assert (volatility is None) == (reason is not None)


def test_rates_have_their_say() -> None:
    """What is below intrinsic value today is not below the discounted one, and a missing rate is missing."""
    frame = pl.DataFrame(
        {
            "price": 9.0,
            "is_call": False,
            "underlying": 90.0,
            "strike": 100.0,
            "years": 1.0,
            "rate": [0.0, 0.05, None],
        }
    )
    found = frame.select(
        implied_volatility("price", *OPTION, rate="rate"),
        implied_volatility_reason("price", *OPTION, rate="rate"),
    )
    assert found["implied_volatility_reason"].to_list() == [
        "price below intrinsic value",
        None,
        "missing input",
    ]
    assert found["implied_volatility"].is_null().to_list() == [True, False, True]


def test_a_price_as_good_as_intrinsic_value_has_no_time_value() -> None:
    """Deep in the money the computed price is intrinsic value, give or take its last digit."""
    frame = pl.DataFrame(
        {"is_call": True, "underlying": 100.0, "strike": [40.0 + 0.37 * step for step in range(99)]}
    )
    intrinsic = 100.0 * math.exp(-0.03) - pl.col("strike") * math.exp(-0.05)
    options_at_intrinsic = frame.with_columns(
        years=1.0, price=intrinsic * (1.0 + EPSILON * pl.int_range(-2, 3).gather(pl.int_range(pl.len()) % 5))
    )
    found = options_at_intrinsic.select(
        implied_volatility_reason("price", *OPTION, rate=0.05, dividend_yield=0.03)
    )
    assert found.to_series().unique().to_list() == ["no time value"]


@ENGINES
def test_groups_and_windows_give_the_same(engine: pl._typing.EngineType) -> None:
    """Plain, over a column and in a group."""
    frame = GRID.with_columns(symbol=pl.int_range(pl.len()) % 7, row=pl.int_range(pl.len())).lazy()
    names = ["implied_volatility", "implied_volatility_reason"]
    plain = frame.select("row", FOUND, REASON).collect(engine=engine)
    over = frame.select("row", FOUND.over("symbol"), REASON.over("symbol")).collect(engine=engine)
    grouped = frame.group_by("symbol").agg("row", FOUND, REASON).explode("row", *names)
    assert plain.equals(over)
    assert plain.equals(grouped.drop("symbol").sort("row").collect(engine=engine))


def test_whole_numbers_short_numbers_and_values_of_ones_own_are_taken() -> None:
    """The same as with Float64 columns; no rows give none."""
    whole = pl.DataFrame(
        {"price": [8, 7], "is_call": [True, False], "underlying": [100, 90], "strike": 95, "years": 1}
    )
    expected = whole.cast({pl.Int64: pl.Float64}).select(FOUND).to_series().to_list()
    assert None not in expected
    short = whole.cast({pl.Int64: pl.Float32})
    series = implied_volatility(pl.Series([8.0, 7.0]), "is_call", "underlying", "strike", pl.lit(1))
    for found in (whole.select(FOUND), short.select(FOUND), whole.select(series)):
        assert found.to_series().to_list() == expected
    assert whole.clear().select(FOUND, REASON).schema == {
        "implied_volatility": pl.Float64,
        "implied_volatility_reason": pl.String,
    }
