# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Returns, drawdowns and risk hold under what must not matter, and are the same in every way of asking."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

from ttapi_polars import drawdowns, returns, risk, tails
from ttapi_polars.columns import positive
from ttapi_polars.correlations import correlation_matrix

if TYPE_CHECKING:
    from collections.abc import Sequence

NOTHING = st.sampled_from([None, math.nan, math.inf, -math.inf])
PRICES = st.floats(0.01, 1e4) | st.sampled_from([0.0, -1.0]) | NOTHING
DIVIDENDS = st.floats(0.01, 10.0) | st.sampled_from([0.0, -1.0]) | NOTHING
RETURNS = st.floats(-0.5, 0.5) | NOTHING
WILD = st.floats() | st.none()

BY_ROW = {
    "simple": returns.simple("price"),
    "log": returns.log("price"),
    "total": returns.total("price", "dividend"),
    "cumulative": returns.cumulative("price"),
    "cumulative_total": returns.cumulative_total("price", "dividend"),
    "compounded": returns.compounded("mine"),
    "drawdown": drawdowns.drawdown("price"),
    "drawdown_duration": drawdowns.drawdown_duration("price"),
}
OF_ORDERED_ROWS = {
    "maximum_drawdown": drawdowns.maximum_drawdown("price"),
    "longest_drawdown": drawdowns.longest_drawdown("price"),
    "calmar": risk.calmar("price"),
}
OF_ANY_ROWS = {
    "annualised": returns.annualised("mine"),
    "beta": risk.beta("mine", "other"),
    "correlation": risk.correlation("mine", "other"),
    "sharpe": risk.sharpe("mine", risk_free=0.02),
    "sortino": risk.sortino("mine", required_return=0.02),
    "value_at_risk": tails.value_at_risk("mine"),
    "expected_shortfall": tails.expected_shortfall("mine", confidence=0.8),
}
ONE_VALUE = OF_ORDERED_ROWS | OF_ANY_ROWS
EVERYTHING = BY_ROW | ONE_VALUE
COLUMNS = {name: expression.alias(name) for name, expression in EVERYTHING.items()}
SCHEMA = {
    "symbol": pl.String,
    "price": pl.Float64,
    "dividend": pl.Float64,
    "mine": pl.Float64,
    "other": pl.Float64,
}


def frames(
    price: st.SearchStrategy[Any] = PRICES,
    dividend: st.SearchStrategy[Any] = DIVIDENDS,
    change: st.SearchStrategy[Any] = RETURNS,
) -> st.SearchStrategy[pl.DataFrame]:
    """Rows of two symbols, mixed in any order, none to many."""
    rows = st.lists(st.tuples(st.sampled_from("AB"), price, dividend, change, change), max_size=24)
    return rows.map(lambda drawn: pl.DataFrame(drawn, schema=SCHEMA, orient="row"))


def assert_like(found: Sequence[float | None], expected: Sequence[float | None]) -> None:
    """The same nulls, and the same numbers but for the last digits."""
    assert [value is None for value in found] == [value is None for value in expected]
    for value, wanted in zip(found, expected, strict=True):
        if value is not None:
            assert value == pytest.approx(wanted, rel=1e-9, abs=1e-9)


@given(frames(), st.sampled_from(["in-memory", "streaming"]))
def test_each_symbol_is_as_if_it_were_alone(frame: pl.DataFrame, engine: pl._typing.EngineType) -> None:
    """Over symbols and grouped by them, in both engines, whatever the order of the rows."""
    over = frame.lazy().select("symbol", *(column.over("symbol") for column in COLUMNS.values()))
    grouped = frame.lazy().group_by("symbol", maintain_order=True).agg(COLUMNS.values())
    by_over, by_group = over.collect(engine=engine), grouped.collect(engine=engine)
    assert {name: by_group[name].dtype for name in ONE_VALUE} == {
        name: pl.Int64() if name == "longest_drawdown" else pl.Float64() for name in ONE_VALUE
    }
    for symbol in by_group["symbol"]:
        rows = frame.filter(pl.col("symbol") == symbol)
        for name, column in COLUMNS.items():
            alone = rows.select(column).to_series().to_list()
            of_group = by_group.filter(pl.col("symbol") == symbol)[name].to_list()
            assert_like(
                by_over.filter(pl.col("symbol") == symbol)[name].to_list(),
                alone * (rows.height if name in ONE_VALUE else 1),
            )
            assert_like(of_group if name in ONE_VALUE else of_group[0], alone)


@pytest.mark.parametrize("dtype", [pl.Int64, pl.UInt8, pl.Float32])
@pytest.mark.parametrize("name", EVERYTHING)
def test_numbers_of_any_type_are_taken_as_float64(name: str, dtype: pl.DataType) -> None:
    """Whole numbers, and those of half the digits."""
    few = {
        "price": [3, 5, None, 2, 4],
        "dividend": [None, 1, 2, 0, 1],
        "mine": [0, 1, 2, 0, 5],
        "other": [0, 2, 1, 1, 3],
    }
    frame = pl.DataFrame(few).cast(dtype)
    found = frame.select(COLUMNS[name]).to_series()
    assert found.equals(frame.cast(pl.Float64).select(COLUMNS[name]).to_series())
    assert found.dtype == (pl.Int64 if name in {"drawdown_duration", "longest_drawdown"} else pl.Float64)


@given(frames(WILD, WILD, WILD))
def test_nothing_is_ever_nan_or_infinite(frame: pl.DataFrame) -> None:
    """Whatever floating point can hold."""
    for name, column in COLUMNS.items():
        found = frame.select(column).to_series().drop_nulls()
        assert found.is_finite().all(), name


@given(
    frames(change=RETURNS.filter(lambda change: change is None or change == 0 or abs(change) > 1e-6)),
    st.randoms(),
)
def test_what_is_earned_for_what_risk_does_not_depend_on_order(frame: pl.DataFrame, random: Any) -> None:
    """Unlike drawdowns."""
    order = list(range(frame.height))
    random.shuffle(order)
    for name in OF_ANY_ROWS:
        assert_like(
            frame[order].select(COLUMNS[name]).to_series().to_list(),
            frame.select(COLUMNS[name]).to_series().to_list(),
        )


@given(frames(), st.integers(-20, 20))
def test_growth_does_not_see_the_currency(frame: pl.DataFrame, power: int) -> None:
    """All prices and dividends times a power of two, which floating point multiplies exactly."""
    converted = frame.with_columns(pl.col("price", "dividend") * 2.0**power)
    for name in (*BY_ROW, *OF_ORDERED_ROWS):
        assert_like(
            converted.select(COLUMNS[name]).to_series().to_list(),
            frame.select(COLUMNS[name]).to_series().to_list(),
        )


@given(frames(st.floats(0.01, 1e4)))
def test_without_gaps_returns_compound_to_growth(frame: pl.DataFrame) -> None:
    """With and without dividends; the first row has growth, and no return."""
    found = frame.select(
        COLUMNS["cumulative"],
        COLUMNS["cumulative_total"],
        price=returns.compounded(returns.simple("price")),
        total=returns.compounded(returns.total("price", "dividend")),
    )[1:]
    for growth, product in (("cumulative", "price"), ("cumulative_total", "total")):
        relative = (1 + found[growth]) / (1 + found[product]) - 1
        assert_like(relative.to_list(), [0.0] * found.height)


@given(frames())
def test_gaps_change_no_growth_after_them(frame: pl.DataFrame) -> None:
    """Rows of unusable prices may be dropped, with their dividends added to the next row."""
    usable = positive("price").is_not_null()
    # A part ends with its one usable price.
    part = usable.cum_sum() - usable.cast(pl.UInt32)
    paid = positive("dividend").fill_null(0.0)
    pooled = (
        frame.with_columns(dividend=paid, part=part)
        .group_by("part", maintain_order=True)
        .agg(pl.col("price").last(), pl.col("dividend").sum())
        .filter(usable)
    )
    for name in ("cumulative", "cumulative_total"):
        found = frame.select(COLUMNS[name], usable=usable).filter("usable")[name]
        assert_like(found.to_list(), pooled.select(COLUMNS[name]).to_series().to_list())


@given(frames(), st.integers(0, 24))
def test_growth_of_two_parts_is_growth_of_the_whole(frame: pl.DataFrame, cut: int) -> None:
    """The product of what was compounded before the cut and after it."""
    usable = frame.filter(pl.col("mine").is_finite())
    whole, first, second = (
        1.0 + sum(part.select(COLUMNS["compounded"]).to_series().to_list()[-1:])
        for part in (usable, usable[:cut], usable[cut:])
    )
    assert whole == pytest.approx(first * second, rel=1e-9)


@given(frames())
def test_drawdowns_are_what_a_loop_finds(frame: pl.DataFrame) -> None:
    """With a peak and its row in two variables."""
    peak, peak_row = 0.0, 0
    depths: list[float | None] = []
    rows: list[int | None] = []
    for row, price in enumerate(frame["price"]):
        if price is None or not 0 < price < math.inf:
            depths.append(None)
            rows.append(None)
            continue
        if price >= peak:
            peak, peak_row = price, row
        depths.append(price / peak - 1)
        rows.append(row - peak_row)
    assert_like(frame.select(COLUMNS["drawdown"]).to_series().to_list(), depths)
    assert frame.select(COLUMNS["drawdown_duration"]).to_series().to_list() == rows


@given(st.lists(st.floats(-0.5, 0.5), min_size=1, max_size=30), st.floats(0.01, 0.98), st.floats(0.0, 0.01))
def test_a_surer_loss_is_no_smaller(changes: list[float], confidence: float, more: float) -> None:
    """Shortfall is never below value at risk, and both grow with confidence."""
    frame = pl.DataFrame({"mine": changes})
    found = [
        frame.select(function("mine", confidence=level)).item()
        for level in (confidence, confidence + more)
        for function in (tails.value_at_risk, tails.expected_shortfall)
    ]
    at_risk, shortfall, later_at_risk, later_shortfall = found
    assert at_risk <= shortfall + 1e-12
    assert at_risk <= later_at_risk + 1e-12
    assert shortfall <= later_shortfall + 1e-12
    assert later_shortfall <= -min(changes) + 1e-12


@given(
    frames(change=st.floats(-0.5, 0.5).map(lambda change: round(change, 4))),
    st.floats(-5, 5),
    st.floats(-0.1, 0.1),
)
def test_beta_of_a_line_is_its_slope(frame: pl.DataFrame, slope: float, start: float) -> None:
    """And the correlation of its ends has the sign of that."""
    line = pl.col("other") * slope + start
    found = frame.select(risk.beta(line, "other").alias("beta"), varies=pl.col("other").n_unique() > 1)
    assert (found["beta"].item() is not None) == found["varies"].item()
    if found["varies"].item():
        assert found["beta"].item() == pytest.approx(slope, rel=1e-6, abs=1e-6)


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("ABCDE"), st.integers(1, 9)), st.integers(-9, 9) | NOTHING, max_size=45
    ),
    st.randoms(),
)
def test_the_matrix_is_every_pairs_own_correlation(values: dict[tuple[str, int], Any], random: Any) -> None:
    """Any days, any order; symbol by symbol with the expression for two columns."""
    rows = [(symbol, day, value) for (symbol, day), value in values.items()]
    random.shuffle(rows)
    frame = pl.DataFrame(
        rows, schema={"symbol": pl.String, "date": pl.Int64, "return": pl.Float64}, orient="row"
    )
    matrix = correlation_matrix(frame)
    assert matrix["symbol"].to_list() == matrix.columns[1:] == sorted({symbol for symbol, _ in values})
    for symbol in matrix["symbol"]:
        for other in matrix["symbol"]:
            both = frame.filter(symbol=symbol).join(frame.filter(symbol=other), on="date")
            alone = both.select(risk.correlation("return", "return_right")).item()
            assert_like(matrix.filter(symbol=symbol)[other].to_list(), [alone])
