# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Term structure and skew of chains whose volatilities are known beforehand."""

from __future__ import annotations

import math
from datetime import date
from statistics import NormalDist
from typing import TYPE_CHECKING

import polars as pl
import pytest

from ttapi_polars.option_chains import at_the_money_term_structure, skew

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    Volatilities: TypeAlias = Mapping[float, tuple[float | None, float | None]]

NAN, INFINITY = float("nan"), float("inf")
ENGINES = pytest.mark.parametrize("engine", ["streaming", "in-memory"])
SOON, LATE = date(2026, 9, 18), date(2027, 1, 15)
NORMAL = NormalDist()
SCHEMA = {
    "symbol": pl.String,
    "expiration_date": pl.Date,
    "strike": pl.Float64,
    "is_call": pl.Boolean,
    "implied_volatility": pl.Float64,
    "years": pl.Float64,
    "underlying_price": pl.Float64,
}


def chain(
    volatilities: Volatilities,
    *,
    symbol: str = "SPY",
    expiration: date = SOON,
    years: float = 0.25,
    underlying: float = 100.0,
) -> pl.DataFrame:
    """One expiration: strike to the volatilities of its call and its put."""
    rows = [
        (symbol, expiration, strike, is_call, volatility, years, underlying)
        for strike, both in volatilities.items()
        for is_call, volatility in zip((True, False), both, strict=True)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def smile(strike: float) -> float:
    """Dearer below than above."""
    return 0.2 - 0.1 * math.log(strike / 100.0) + 0.3 * math.log(strike / 100.0) ** 2


def strike_of_delta(delta: float, years: float) -> float:
    """Where the smile has this delta, by halving; without rates."""
    low, high = 20.0, 500.0
    for _ in range(200):
        strike = (low + high) / 2.0
        deviation = smile(strike) * math.sqrt(years)
        d1 = -math.log(strike / 100.0) / deviation + deviation / 2.0
        call = NORMAL.cdf(d1)
        own = call if delta > 0.0 else call - 1.0
        low, high = (strike, high) if own > delta else (low, strike)
    return low


@ENGINES
def test_volatility_at_the_money_lies_between_the_strikes_around_the_forward(
    engine: pl._typing.EngineType,
) -> None:
    """Linear in the logarithm of the strike, from the means of call and put; each expiration by itself."""
    rows = pl.concat(
        [
            chain({90.0: (0.21, 0.23), 110.0: (0.17, 0.19), 130.0: (0.9, 0.9)}),
            chain({90.0: (0.3, 0.3), 110.0: (0.2, 0.2)}, expiration=LATE, years=1.0),
            chain({5.0: (0.5, None), 20.0: (None, 0.7)}, symbol="KO", underlying=10.0),
        ]
    ).sample(fraction=1, shuffle=True, seed=7)
    found = at_the_money_term_structure(rows.lazy()).collect(engine=engine)
    part = math.log(100.0 / 90.0) / math.log(110.0 / 90.0)
    assert found.select("symbol", "expiration_date", "years").rows() == [
        ("KO", SOON, 0.25),
        ("SPY", SOON, 0.25),
        ("SPY", LATE, 1.0),
    ]
    assert found["at_the_money"].to_list() == pytest.approx([0.6, 0.22 - 0.04 * part, 0.3 - 0.1 * part])


def test_the_money_is_at_the_forward() -> None:
    """Rates move it, as numbers or as columns."""
    rows = chain({100.0: (0.2, 0.2), 105.0: (0.3, 0.3), 110.0: (0.5, 0.5)}, years=0.5)
    forward = 100.0 * math.exp((0.2 - 0.04) * 0.5)
    wanted = 0.3 + 0.2 * math.log(forward / 105.0) / math.log(110.0 / 105.0)
    numbers = at_the_money_term_structure(rows.lazy(), rate=0.2, dividend_yield=0.04)
    columns = at_the_money_term_structure(
        rows.lazy().with_columns(rate=0.2, paid=0.04), rate="rate", dividend_yield="paid"
    )
    assert numbers.collect()["at_the_money"].item() == pytest.approx(wanted)
    assert columns.collect().equals(numbers.collect())


def test_a_strike_at_the_forward_speaks_for_itself() -> None:
    """Whatever the others say, even when there are none."""
    for strikes in ({100.0: (0.2, 0.22)}, {90.0: (0.9, 0.9), 100.0: (0.2, 0.22), 110.0: (0.8, 0.8)}):
        found = at_the_money_term_structure(chain(strikes).lazy()).collect()
        assert found["at_the_money"].item() == pytest.approx(0.21)


@pytest.mark.parametrize(
    "strikes",
    [
        {105.0: (0.2, 0.2), 110.0: (0.2, 0.2)},
        {90.0: (0.2, 0.2)},
        {90.0: (None, None), 110.0: (0.2, 0.2)},
        {90.0: (NAN, 0.0), 110.0: (0.2, 0.2)},
        {90.0: (-0.2, INFINITY), 110.0: (0.2, 0.2)},
    ],
)
def test_without_strikes_on_both_sides_there_is_no_volatility_at_the_money(
    strikes: Volatilities,
) -> None:
    """Null, and the expiration is there all the same."""
    found = at_the_money_term_structure(chain(strikes).lazy()).collect()
    assert found.select("expiration_date", "at_the_money").rows() == [(SOON, None)]
    assert skew(chain(strikes).lazy()).collect()["at_the_money"].to_list() == [None]


@pytest.mark.parametrize("name", ["strike", "is_call", "years", "underlying_price"])
def test_an_option_that_lacks_something_is_passed_over(name: str) -> None:
    """Its strike is no neighbour of the forward."""
    good = chain({90.0: (0.2, 0.2), 110.0: (0.2, 0.2)})
    lacking = chain({99.0: (5.0, 5.0)}).with_columns(pl.lit(None).cast(SCHEMA[name]).alias(name))
    both = pl.concat([good, lacking]).lazy()
    assert at_the_money_term_structure(both).collect()["at_the_money"].to_list() == pytest.approx([0.2])
    assert skew(both).collect().equals(skew(good.lazy()).collect())


@ENGINES
@pytest.mark.parametrize("delta", [0.1, 0.25, 0.4])
def test_skew_finds_the_volatilities_of_a_delta(delta: float, engine: pl._typing.EngineType) -> None:
    """On a chain of many strikes it is the smile's own, to what lies between two strikes."""
    rows = [
        chain(
            {float(strike): (smile(strike), smile(strike)) for strike in range(60, 171)},
            expiration=day,
            years=years,
        )
        for day, years in ((SOON, 0.25), (LATE, 0.6))
    ]
    found = skew(pl.concat(rows).reverse().lazy(), delta=delta).collect(engine=engine)
    assert found.columns == [
        "symbol",
        "expiration_date",
        "put_volatility",
        "call_volatility",
        "at_the_money",
        "risk_reversal",
        "butterfly",
    ]
    for row, years in zip(found.rows(named=True), (0.25, 0.6), strict=True):
        put, call = smile(strike_of_delta(-delta, years)), smile(strike_of_delta(delta, years))
        assert row["put_volatility"] == pytest.approx(put, abs=1e-4)
        assert row["call_volatility"] == pytest.approx(call, abs=1e-4)
        assert row["at_the_money"] == 0.2
        assert row["risk_reversal"] == pytest.approx(call - put, abs=2e-4)
        assert row["butterfly"] == pytest.approx((call + put) / 2.0 - 0.2, abs=1e-4)


def test_skew_is_linear_between_two_deltas() -> None:
    """By hand, from the deltas of two calls."""
    rows = chain({105.0: (0.2, None), 120.0: (0.3, None)}, years=1.0)
    deltas = [
        NORMAL.cdf(math.log(100.0 / strike) / volatility + volatility / 2.0)
        for strike, volatility in ((105.0, 0.2), (120.0, 0.3))
    ]
    found = skew(rows.lazy(), delta=0.4).collect().row(0, named=True)
    wanted = 0.3 - 0.1 * (0.4 - deltas[1]) / (deltas[0] - deltas[1])
    assert found["call_volatility"] == pytest.approx(wanted)
    assert found["put_volatility"] is None
    assert found["risk_reversal"] is None
    assert found["butterfly"] is None


def test_an_option_without_a_volatility_is_no_neighbour() -> None:
    """Of zero neither, though that has a delta."""
    good = {95.0: (None, 0.2), 98.0: (0.2, 0.22), 105.0: (0.21, 0.2), 110.0: (0.19, None)}
    lacking = {97.0: (0.0, 0.0), 104.0: (NAN, NAN), 107.0: (None, 0.0), 140.0: (0.0, 0.0)}
    wanted = skew(chain(good).lazy(), delta=0.3).collect()
    assert wanted.null_count().row(0) == (0,) * wanted.width
    assert skew(chain(good | lacking).lazy(), delta=0.3).collect().equals(wanted)
    wider = skew(chain({90.0: (0.0, 0.0), 105.0: (0.2, 0.2), 140.0: (0.0, 0.0)}).lazy()).collect()
    assert wider["call_volatility"].to_list() == [None]


@pytest.mark.parametrize("delta", [0.0, 1.0, -0.25, 25.0, NAN])
def test_a_delta_is_between_zero_and_one(delta: float) -> None:
    """25 is no quarter."""
    with pytest.raises(ValueError, match=f"delta is {delta}; it must be between 0 and 1"):
        skew(chain({}).lazy(), delta=delta)


@ENGINES
def test_an_empty_chain_has_no_expirations(engine: pl._typing.EngineType) -> None:
    """And the right columns."""
    empty = chain({}).lazy()
    keys = {"symbol": pl.String, "expiration_date": pl.Date}
    structure = at_the_money_term_structure(empty).collect(engine=engine)
    assert structure.schema == keys | dict.fromkeys(("years", "at_the_money"), pl.Float64)
    figures = ("put_volatility", "call_volatility", "at_the_money", "risk_reversal", "butterfly")
    found = skew(empty).collect(engine=engine)
    assert found.schema == keys | dict.fromkeys(figures, pl.Float64)
    assert structure.is_empty()
    assert found.is_empty()
