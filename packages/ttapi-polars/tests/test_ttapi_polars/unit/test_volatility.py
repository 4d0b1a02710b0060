# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Volatility and dispersion against Python's own statistics."""

from __future__ import annotations

import math
import statistics
from itertools import pairwise

import polars as pl
import pytest

from test_ttapi_polars.values import FEW_COMP, SPX, eod
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.volatility import close_to_close, price_dispersion, realised

ENGINES = pytest.mark.parametrize("engine", ["streaming", "in-memory"])
NAN, INFINITY = float("nan"), float("inf")


def repeated(closes: list[float], times: int) -> list[float]:
    """More days of the same kind, none like another."""
    return [close * (1 + 0.001 * turn) for turn in range(times) for close in closes]


@pytest.mark.parametrize("ddof", [0, 1])
def test_close_to_close_is_the_deviation_of_log_returns(ddof: int) -> None:
    """Python's pstdev and stdev, times the root of 252."""
    log_returns = [math.log(later / earlier) for earlier, later in pairwise(SPX)]
    deviation = statistics.stdev(log_returns) if ddof else statistics.pstdev(log_returns)
    found = pl.DataFrame({"close": SPX}).select(close_to_close("close", ddof=ddof)).item()
    assert found == pytest.approx(deviation * math.sqrt(252), rel=1e-12)


def test_the_year_may_have_other_periods() -> None:
    """Weekly closes have 52."""
    frame = pl.DataFrame({"close": SPX})
    daily, weekly = (
        frame.select(close_to_close("close")),
        frame.select(close_to_close("close", periods_per_year=52)),
    )
    assert weekly.item() / daily.item() == pytest.approx(math.sqrt(52 / 252), rel=1e-12)


def test_each_symbol_has_its_own_volatility() -> None:
    """In a group and over a column alike."""
    frame = eod({"COMP": FEW_COMP, "SPX": SPX})
    alone = [frame.filter(symbol=symbol).select(close_to_close("close")).item() for symbol in ("COMP", "SPX")]
    grouped = frame.group_by("symbol", maintain_order=True).agg(close_to_close("close"))
    over = frame.select("symbol", close_to_close("close").over("symbol")).unique(maintain_order=True)
    assert grouped["close"].to_list() == pytest.approx(alone, rel=1e-12)
    assert over["close"].to_list() == pytest.approx(alone, rel=1e-12)


@pytest.mark.parametrize(
    ("prices", "ddof", "volatility"),
    [
        ([], 1, None),
        ([1.0], 1, None),
        ([1.0, 2.0], 1, None),
        ([1.0, 2.0], 0, 0.0),
        ([3.0] * 9, 1, 0.0),
        ([None, None, None], 1, None),
        ([1.0, 0.0, 1.0, -1.0, NAN, INFINITY, 2.0], 1, None),
    ],
)
def test_prices_without_returns_have_no_volatility(
    prices: list[float | None], ddof: int, volatility: float | None
) -> None:
    """Null, not zero; a constant price has a volatility of zero."""
    frame = pl.DataFrame({"close": prices}, schema={"close": pl.Float64})
    assert frame.select(close_to_close("close", ddof=ddof)).item() == volatility


def test_realised_volatility_is_the_root_of_the_sum_of_squares() -> None:
    """No mean is taken off, and the days of a year are counted, not the prices of a day."""
    log_returns = [math.log(later / earlier) for earlier, later in pairwise(SPX)]
    found = pl.DataFrame({"price": SPX}).select(
        realised("price").alias("daily"), realised("price", periods_per_year=1).alias("as it is")
    )
    assert found.row(0) == pytest.approx(
        [math.hypot(*log_returns) * math.sqrt(252), math.hypot(*log_returns)]
    )


@ENGINES
def test_each_day_of_each_symbol_is_realised_for_itself(engine: pl._typing.EngineType) -> None:
    """The first price of a day makes no return with the last of the day before."""
    days = [("SPX", 1, SPX[:4]), ("SPX", 2, SPX[4:]), ("COMP", 1, FEW_COMP)]
    frame = pl.concat(
        pl.DataFrame({"symbol": symbol, "date": day, "close": prices}) for symbol, day, prices in days
    )
    found = frame.lazy().group_by("symbol", "date").agg(realised("close")).collect(engine=engine)
    assert {row[:2]: row[2] for row in found.rows()} == pytest.approx(
        {
            (symbol, day): math.hypot(*(math.log(b / a) for a, b in pairwise(prices))) * math.sqrt(252)
            for symbol, day, prices in days
        }
    )


@pytest.mark.parametrize(
    ("prices", "volatility"),
    [
        ([], None),
        ([1.0], None),
        ([1.0, None, 2.0], None),
        ([1.0, 0.0, -1.0, NAN, INFINITY, 2.0], None),
        ([3.0] * 9, 0.0),
        ([1.0, math.e, None, 5.0, 5.0 * math.e], math.sqrt(2 * 252)),
    ],
)
def test_a_gap_within_a_day_is_not_bridged(prices: list[float | None], volatility: float | None) -> None:
    """And prices without a return have realised nothing, which is not zero."""
    found = pl.DataFrame({"close": prices}, schema={"close": pl.Float64}).select(realised("close")).item()
    assert found == (volatility if volatility is None else pytest.approx(volatility, rel=1e-12))


@ENGINES
def test_dispersion_is_pstdev_mean_and_count(engine: pl._typing.EngineType) -> None:
    """Python's own, on more than thirty days of two indexes, in whatever order the rows come."""
    spx, comp = repeated(SPX, 5), repeated(FEW_COMP, 4)
    frame = eod({"SPX": spx, "COMP": comp}).sample(fraction=1, shuffle=True, seed=7)
    found = price_dispersion(frame.lazy()).collect(engine=engine)
    assert found.columns == ["symbol", "close_std", "close_mean", "days"]
    assert found["symbol"].to_list() == ["COMP", "SPX"]
    assert found["close_std"].to_list() == pytest.approx(
        [statistics.pstdev(comp), statistics.pstdev(spx)], rel=1e-12
    )
    assert found["close_mean"].to_list() == pytest.approx(
        [statistics.fmean(comp), statistics.fmean(spx)], rel=1e-12
    )
    assert found["days"].to_list() == [32, 40]


def test_more_than_thirty_days_are_asked_for() -> None:
    """Thirty are not more than thirty."""
    frame = eod({"LESS": [1.0] * 29, "SAME": [1.0] * 30, "MORE": [1.0] * 31})
    assert price_dispersion(frame.lazy()).collect()["symbol"].to_list() == ["MORE"]
    assert price_dispersion(frame.lazy(), min_days=28).collect()["symbol"].to_list() == [
        "LESS",
        "MORE",
        "SAME",
    ]


@ENGINES
def test_a_null_close_is_no_day(engine: pl._typing.EngineType) -> None:
    """It counts neither as a day nor as zero."""
    frame = pl.LazyFrame({"symbol": ["A"] * 4 + ["B"], "close": [1.0, None, 3.0, None, None]})
    assert price_dispersion(frame, min_days=-1).collect(engine=engine).rows() == [
        ("A", 1.0, 2.0, 2),
        ("B", None, None, 0),
    ]


@pytest.mark.parametrize("bad", [NAN, INFINITY])
def test_a_number_that_is_none_shows_in_its_symbol_alone(bad: float) -> None:
    """It is neither hidden nor spread."""
    frame = pl.LazyFrame({"symbol": ["A", "A", "B"], "close": [1.0, bad, 2.0]})
    (_, std, mean, _), other = price_dispersion(frame, min_days=0).collect().rows()
    assert math.isnan(std)
    assert not math.isfinite(mean)
    assert other == ("B", 0.0, 2.0, 1)


@ENGINES
def test_no_candles_have_no_dispersion(engine: pl._typing.EngineType) -> None:
    """And the right columns."""
    found = price_dispersion(EOD_DATA.empty().lazy()).collect(engine=engine)
    assert found.is_empty()
    assert found.schema == {
        "symbol": pl.String,
        "close_std": pl.Float64,
        "close_mean": pl.Float64,
        "days": pl.Int64,
    }


def test_dispersion_reads_two_columns_only() -> None:
    """Of the twelve."""
    plan = price_dispersion(eod({"A": [1.0]}).lazy()).explain()
    assert "2/12 COLUMNS" in plan
