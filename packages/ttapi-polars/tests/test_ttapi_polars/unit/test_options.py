# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Prices and greeks against worked examples, the textbook formula in scipy, and differences of prices."""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING

import polars as pl
import pytest
from scipy.special import ndtr

from ttapi_polars import options

if TYPE_CHECKING:
    from collections.abc import Callable

NAN, INFINITY = float("nan"), float("inf")
ENGINES = pytest.mark.parametrize("engine", ["streaming", "in-memory"])
OPTION = ("is_call", "underlying", "strike", "years", "volatility")
GREEKS = [options.delta, options.gamma, options.vega, options.theta, options.rho]
FUNCTIONS = pytest.mark.parametrize(
    "function", [options.price, *GREEKS], ids=lambda function: function.__name__
)
GRID = pl.DataFrame(
    list(
        product(
            [True, False],
            [100.0],
            [60.0, 95.0, 100.0, 101.0, 150.0],
            [1.0 / 365.0, 0.25, 10.0],
            [0.05, 0.3, 2.0],
            [-0.01, 0.0, 0.05],
            [0.0, 0.02],
        )
    ),
    schema=[*OPTION, "rate", "dividend_yield"],
    orient="row",
)


def of(function: Callable[..., pl.Expr], **changed: pl.Expr) -> pl.Expr:
    """The function of the grid's columns, some of them changed."""
    columns = {name: changed.get(name, pl.col(name)) for name in GRID.columns}
    return function(
        *(columns[name] for name in OPTION),
        rate=columns["rate"],
        dividend_yield=columns["dividend_yield"],
    )


def one(function: Callable[..., pl.Expr], *option: object, **rates: float) -> float | None:
    """The function of one option."""
    frame = pl.DataFrame([option], schema=OPTION, orient="row")
    value: float | None = frame.select(function(*OPTION, **rates)).item()
    return value


def textbook(
    is_call: bool,
    underlying: float,
    strike: float,
    years: float,
    volatility: float,
    rate: float,
    dividend_yield: float,
) -> float:
    """The formula as printed, call and put each on its own."""
    sign = 1.0 if is_call else -1.0
    deviation = volatility * math.sqrt(years)
    d1 = (math.log(underlying / strike) + (rate - dividend_yield + volatility**2 / 2.0) * years) / deviation
    held = underlying * math.exp(-dividend_yield * years) * float(ndtr(sign * d1))
    owed = strike * math.exp(-rate * years) * float(ndtr(sign * (d1 - deviation)))
    return sign * (held - owed)


@pytest.mark.parametrize(
    ("option", "rates", "value"),
    [
        ((True, 42.0, 40.0, 0.5, 0.2), {"rate": 0.1}, 4.76),
        ((False, 42.0, 40.0, 0.5, 0.2), {"rate": 0.1}, 0.81),
        ((True, 930.0, 900.0, 2.0 / 12.0, 0.2), {"rate": 0.08, "dividend_yield": 0.03}, 51.83),
        ((False, 20.0, 20.0, 4.0 / 12.0, 0.25), {"rate": 0.09, "dividend_yield": 0.09}, 1.12),
    ],
    ids=["stock, call", "stock, put", "index with dividends", "future"],
)
def test_prices_are_those_of_hulls_examples(
    option: tuple[object, ...], rates: dict[str, float], value: float
) -> None:
    """Options, Futures, and Other Derivatives: a share, a share index, a future."""
    found = one(options.price, *option, **rates)
    assert found is not None
    assert round(found, 2) == value


@pytest.mark.parametrize(
    ("function", "value", "digits"),
    [
        (options.delta, 0.522, 3),
        (options.gamma, 0.066, 3),
        (options.vega, 12.1, 1),
        (options.theta, -4.31, 2),
        (options.rho, 8.91, 2),
    ],
)
def test_greeks_are_those_of_hulls_example(
    function: Callable[..., pl.Expr], value: float, digits: int
) -> None:
    """A call on a share of 49 with a strike of 50 and 20 weeks left."""
    found = one(function, True, 49.0, 50.0, 0.3846, 0.2, rate=0.05)
    assert found is not None
    assert round(found, digits) == value


@ENGINES
def test_prices_are_those_of_the_textbook_formula(engine: pl._typing.EngineType) -> None:
    """All over the grid, to what the difference of two amounts of 100 leaves."""
    found = GRID.lazy().select(of(options.price)).collect(engine=engine).to_series()
    wanted = [textbook(*row) for row in GRID.rows()]
    assert found.to_list() == pytest.approx(wanted, rel=1e-12, abs=1e-12)


def test_a_price_far_out_of_the_money_keeps_its_digits() -> None:
    """Against the formula in arithmetic of 50 digits."""
    assert one(options.price, False, 100.0, 50.0, 0.1, 0.2) == pytest.approx(
        1.1989792753349358617e-28, rel=1e-12
    )


@pytest.mark.parametrize(
    ("function", "of_what", "step"),
    [
        (options.delta, "underlying", 1e-3),
        (options.vega, "volatility", 1e-6),
        (options.rho, "rate", 1e-6),
        (options.theta, "years", -1e-7),
    ],
    ids=["delta", "vega", "rho", "theta"],
)
def test_a_greek_is_the_slope_of_the_price(
    function: Callable[..., pl.Expr], of_what: str, step: float
) -> None:
    """The difference of two prices, a little to each side."""
    higher, lower = (of(options.price, **{of_what: pl.col(of_what) + part}) for part in (step, -step))
    found = GRID.select(greek=of(function), slope=(higher - lower) / abs(2.0 * step))
    assert found["greek"].to_list() == pytest.approx(found["slope"].to_list(), rel=1e-5, abs=2e-5)


def test_gamma_is_the_slope_of_delta() -> None:
    """The same for calls and puts."""
    step = 1e-4
    higher, lower = (of(options.delta, underlying=pl.col("underlying") + part) for part in (step, -step))
    found = GRID.select(gamma=of(options.gamma), slope=(higher - lower) / (2.0 * step))
    assert found["gamma"].to_list() == pytest.approx(found["slope"].to_list(), rel=1e-5, abs=1e-9)


@pytest.mark.parametrize(
    ("years", "volatility"), [(0.0, 0.2), (0.5, 0.0), (0.0, 0.0)], ids=["expired", "certain", "both"]
)
def test_without_time_or_volatility_the_forward_decides(years: float, volatility: float) -> None:
    """The limits: in the money, out of it, and exactly between."""
    discount = math.exp(-0.1 * years)
    frame = pl.DataFrame(
        [
            (is_call, 100.0, strike / discount, years, volatility)
            for is_call in (True, False)
            for strike in (90.0, 110.0)
        ],
        schema=OPTION,
        orient="row",
    )
    found = frame.select(function(*OPTION, rate=0.1) for function in (options.price, *GREEKS))
    assert found["price"].to_list() == pytest.approx([10.0, 0.0, 0.0, 10.0], abs=1e-12)
    assert found["delta"].to_list() == [1.0, 0.0, 0.0, -1.0]
    assert found["gamma"].to_list() == [0.0] * 4
    assert found["vega"].to_list() == [0.0] * 4
    assert found["theta"].to_list() == pytest.approx([-9.0, 0.0, 0.0, 11.0], abs=1e-12)
    assert found["rho"].to_list() == pytest.approx([90.0 * years, 0.0, 0.0, -110.0 * years], abs=1e-12)


def test_exactly_at_the_money_at_expiration_some_greeks_have_no_limit() -> None:
    """Null for those; delta is half way."""
    found = {function.__name__: one(function, True, 100.0, 100.0, 0.0, 0.2) for function in GREEKS}
    assert found == {"delta": 0.5, "gamma": None, "vega": 0.0, "theta": None, "rho": 0.0}
    assert one(options.vega, True, 100.0, 100.0, 1.0, 0.0) == pytest.approx(100.0 / math.sqrt(2.0 * math.pi))


@FUNCTIONS
@pytest.mark.parametrize("name", [*OPTION, "rate", "dividend_yield"])
def test_a_missing_or_impossible_input_gives_null(function: Callable[..., pl.Expr], name: str) -> None:
    """Each input by itself, and never NaN."""
    wrong: list[object] = [None] if name == "is_call" else [None, NAN, INFINITY, -INFINITY]
    if name in {"underlying", "strike"}:
        wrong += [0.0, -1.0]
    if name in {"years", "volatility"}:
        wrong += [-0.1]
    good = {"is_call": True, "rate": 0.05, "dividend_yield": 0.01} | dict.fromkeys(OPTION[1:], 1.0)
    frame = pl.DataFrame([good | {name: value} for value in [*wrong, good[name]]], schema=GRID.schema)
    *nulls, last = frame.select(of(function)).to_series()
    assert nulls == [None] * len(wrong)
    assert last is not None


@FUNCTIONS
@ENGINES
def test_groups_and_windows_give_the_same(
    function: Callable[..., pl.Expr], engine: pl._typing.EngineType
) -> None:
    """Plain, over a column and in a group; with rates as columns or as numbers."""
    frame = GRID.with_columns(symbol=pl.int_range(pl.len()) % 7, row=pl.int_range(pl.len())).lazy()
    for expression in (of(function), function(*OPTION, rate=0.05, dividend_yield=0.01)):
        plain = frame.select("row", expression).collect(engine=engine)
        over = frame.select("row", expression.over("symbol")).collect(engine=engine)
        grouped = (
            frame.group_by("symbol")
            .agg("row", expression)
            .explode("row", function.__name__)
            .drop("symbol")
            .sort("row")
            .collect(engine=engine)
        )
        assert plain.equals(over)
        assert plain.equals(grouped)


@FUNCTIONS
def test_whole_numbers_short_numbers_and_values_of_ones_own_are_taken(
    function: Callable[..., pl.Expr],
) -> None:
    """The same as with Float64 columns; no rows give none."""
    whole = pl.DataFrame({"is_call": [True, False], "underlying": [100, 90], "strike": 95, "years": 1})
    expected = whole.select(
        function("is_call", *(pl.col(name).cast(pl.Float64) for name in OPTION[1:4]), pl.lit(0.25))
    ).to_series()
    short = whole.cast(dict.fromkeys(OPTION[1:4], pl.Float32))
    series = function(
        pl.Series([True, False]), pl.Series([100.0, 90.0]), "strike", pl.lit(1), pl.Series([0.25, 0.25])
    )
    for found in (
        whole.select(function(*OPTION[:4], pl.lit(0.25))),
        short.select(function(*OPTION[:4], pl.lit(0.25))),
        whole.select(series),
    ):
        assert found.columns == [function.__name__]
        assert found.to_series().to_list() == expected.to_list()
    assert whole.clear().select(function(*OPTION[:4], pl.lit(0.25))).schema == {function.__name__: pl.Float64}
