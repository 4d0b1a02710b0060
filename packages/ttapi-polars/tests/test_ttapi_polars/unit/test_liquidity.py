# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Spreads and volumes by hand, estimates by the papers' own formulas and on prices whose spread is known."""

from __future__ import annotations

import math
import statistics
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl
import pytest

from ttapi_polars.liquidity import (
    amihud,
    corwin_schultz,
    dollar_volume,
    mid,
    roll_spread,
    spread,
    spread_bps,
    turnover,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ENGINES = pytest.mark.parametrize("engine", ["streaming", "in-memory"])
NAN, INFINITY = float("nan"), float("inf")
BAD = pytest.mark.parametrize("bad", [None, 0.0, -5.0, NAN, INFINITY, -INFINITY])
# S&P 500 index, closes of January 1999; the volumes are made up.
SPX: Final = (
    1228.099976,
    1244.780029,
    1272.339966,
    1269.729980,
    1275.089966,
    1263.880005,
    1239.510010,
    1234.400024,
)
VOLUMES: Final = (700, 775, 986, 863, 937, 818, 800, 810)
CANDLES = pl.DataFrame({"close": SPX, "volume": VOLUMES}).with_columns(
    high=pl.col("close") * 1.01, low=pl.col("close") * 0.985
)
PER_ROW: dict[str, pl.Expr] = {
    "mid": mid("low", "high"),
    "spread": spread("low", "high"),
    "spread_bps": spread_bps("low", "high"),
    "dollar_volume": dollar_volume("close", "volume"),
    "turnover": turnover("volume", "close"),
}
ONE_VALUE: dict[str, pl.Expr] = {
    "amihud": amihud("close", "volume"),
    "roll_spread": roll_spread("close"),
    "corwin_schultz": corwin_schultz("high", "low"),
    "corwin_schultz_overnight": corwin_schultz("high", "low", close="close"),
}
ALL = PER_ROW | ONE_VALUE
EVERY_FIGURE = pytest.mark.parametrize("figure", ALL)


def paper_corwin_schultz(
    highs: Sequence[float], lows: Sequence[float], closes: Sequence[float] | None = None
) -> float:
    """Equations 14 and 18 as they are printed, pair of days by pair."""
    estimates: list[float] = []
    for first, second in pairwise(range(len(highs))):
        high, low = highs[second], lows[second]
        if closes is not None and low > closes[first]:
            high, low = high - (low - closes[first]), closes[first]
        elif closes is not None and high < closes[first]:
            high, low = closes[first], low + (closes[first] - high)
        beta = math.log(highs[first] / lows[first]) ** 2 + math.log(high / low) ** 2
        gamma = math.log(max(highs[first], high) / min(lows[first], low)) ** 2
        scale = 3 - 2 * math.sqrt(2)
        alpha = (math.sqrt(2 * beta) - math.sqrt(beta)) / scale - math.sqrt(gamma / scale)
        estimates.append(max(0.0, 2 * (math.exp(alpha) - 1) / (1 + math.exp(alpha))))
    return statistics.fmean(estimates)


def traded_days(days: int, spread_of_price: float, overnight: float = 0.0, seed: int = 7) -> pl.DataFrame:
    """Days of 390 trades each around a price at random, at the bid or at the ask."""
    chance = np.random.default_rng(seed)
    steps = chance.normal(0.0, 0.01 / math.sqrt(390), (days, 390))
    steps[:, 0] += chance.normal(0.0, overnight, days) if overnight else 0.0
    middle = 100.0 * np.exp(np.cumsum(steps).reshape(days, 390))
    trades = middle * np.where(
        chance.random((days, 390)) < 0.5, 1 - spread_of_price / 2, 1 + spread_of_price / 2
    )
    return pl.DataFrame({"high": trades.max(axis=1), "low": trades.min(axis=1), "close": trades[:, -1]})


def near(values: Sequence[float | None]) -> list[object]:
    """The values but for rounding; null is null."""
    return [None if value is None else pytest.approx(value, rel=1e-9) for value in values]


def one(frame: pl.DataFrame, expression: pl.Expr) -> Any:
    """The one value that it gives."""
    return frame.select(expression).item()


@pytest.mark.parametrize(
    ("bid", "ask", "middle", "apart", "points"),
    [
        (99.0, 101.0, 100.0, 2.0, 200.0),
        (0.05, 0.10, 0.075, 0.05, 6666.666667),
        (5.0, 5.0, 5.0, 0.0, 0.0),
        (101.5, 100.5, 101.0, -1.0, -99.009901),
    ],
)
def test_a_quote_has_a_middle_and_a_width(
    bid: float, ask: float, middle: float, apart: float, points: float
) -> None:
    """Open, of an option, locked and crossed."""
    frame = pl.DataFrame({"bid": [bid], "ask": [ask]})
    found = (mid("bid", "ask"), spread("bid", "ask"), spread_bps("bid", "ask"))
    assert [one(frame, expression) for expression in found] == pytest.approx([middle, apart, points])


@BAD
@pytest.mark.parametrize("function", [mid, spread, spread_bps])
def test_a_side_that_nobody_quotes_leaves_nothing_to_tell(
    function: Callable[[str, str], pl.Expr], bad: float | None
) -> None:
    """Nor does one that is no price, be it the bid or the ask."""
    frame = pl.DataFrame(
        {"bid": [bad, 5.0], "ask": [5.0, bad]}, schema={"bid": pl.Float64, "ask": pl.Float64}
    )
    assert frame.select(function("bid", "ask")).to_series().to_list() == [None, None]


@BAD
@pytest.mark.parametrize(("function", "price_first"), [(dollar_volume, True), (turnover, False)])
def test_a_volume_may_be_zero_and_what_it_is_measured_by_may_not(
    function: Callable[[str, str], pl.Expr], price_first: bool, bad: float | None
) -> None:
    """Nothing traded is zero; all else that is no positive number is null."""
    schema = {"volume": pl.Float64, "measure": pl.Float64}
    frame = pl.DataFrame({"volume": [bad, 6.0, 6.0], "measure": [2.0, bad, 2.0]}, schema=schema)
    names = ("measure", "volume") if price_first else ("volume", "measure")
    found = frame.select(function(*names)).to_series().to_list()
    assert found == [0.0 if bad == 0.0 else None, None, 12.0 if price_first else 3.0]


def test_illiquidity_is_the_mean_of_moves_over_money() -> None:
    """Day by day, times a million."""
    moves = [
        abs(after / before - 1) / (after * volume)
        for (before, after), volume in zip(pairwise(SPX), VOLUMES[1:], strict=True)
    ]
    assert one(CANDLES, amihud("close", "volume")) == pytest.approx(statistics.fmean(moves) * 1e6, rel=1e-12)


@BAD
def test_a_day_without_a_trade_is_no_illiquid_day(bad: float | None) -> None:
    """Its price still is the one before the next day's."""
    volumes = [*VOLUMES[:3], bad, *VOLUMES[4:]]
    moves = [
        abs(after / before - 1) / (after * volume)
        for (before, after), volume in zip(pairwise(SPX), VOLUMES[1:], strict=True)
    ]
    frame = pl.DataFrame(
        {"close": SPX, "volume": volumes}, schema={"close": pl.Float64, "volume": pl.Float64}
    )
    expected = statistics.fmean(moves[:2] + moves[3:]) * 1e6
    assert one(frame, amihud("close", "volume")) == pytest.approx(expected, rel=1e-12)


def test_illiquidity_is_per_money_of_the_currency() -> None:
    """Ten times the volume or the price, a tenth of it."""
    before = one(CANDLES, amihud("close", "volume"))
    assert one(CANDLES, amihud(pl.col("close") * 10, "volume")) == pytest.approx(before / 10)
    assert one(CANDLES, amihud("close", pl.col("volume") * 10)) == pytest.approx(before / 10)


def test_rolls_spread_is_from_the_covariance_of_neighbours() -> None:
    """As Python's statistics has it."""
    closes = [100.0, 101.0, 100.4, 100.9, 99.7, 101.2]
    changes = [math.log(after / before) for before, after in pairwise(closes)]
    expected = 2 * math.sqrt(-statistics.covariance(changes[:-1], changes[1:]))
    assert one(pl.DataFrame({"close": closes}), roll_spread("close")) == pytest.approx(expected, rel=1e-12)


def test_rolls_spread_does_not_reach_over_a_gap() -> None:
    """Only pairs of returns of which every price is there are in it."""
    closes = [100.0, 101.0, 100.4, None, 100.9, 99.7, 101.2, 100.5]
    pairs = [
        (math.log(b / a), math.log(c / b))
        for a, b, c in [closes[:3], closes[4:7], closes[5:8]]
        if a and b and c
    ]
    before, after = zip(*pairs, strict=True)
    expected = 2 * math.sqrt(-statistics.covariance(before, after))
    assert one(pl.DataFrame({"close": closes}), roll_spread("close")) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("closes", "expected"),
    [
        ([100.0, 101.0, 103.0, 107.0, 115.0], None),
        ([100.0, 101.0, 100.0], None),
        ([5.0] * 6, 0.0),
    ],
)
def test_rolls_model_cannot_explain_a_trend(closes: list[float], expected: float | None) -> None:
    """Nor two returns; a price that never moves has no spread."""
    assert one(pl.DataFrame({"close": closes}), roll_spread("close")) == expected


@pytest.mark.parametrize("true_spread", [0.01, 0.04])
def test_rolls_spread_is_found_again(true_spread: float) -> None:
    """On trades at bid or ask by chance, around a price that follows its own way."""
    chance = np.random.default_rng(11)
    middle = np.cumsum(chance.normal(0.0, 0.002, 40_000))
    side = np.where(chance.random(40_000) < 0.5, -true_spread / 2, true_spread / 2)
    frame = pl.DataFrame({"close": np.exp(middle + side)})
    assert one(frame, roll_spread("close")) == pytest.approx(true_spread, rel=0.02)


@pytest.mark.parametrize("with_close", [False, True])
def test_the_spread_of_highs_and_lows_is_the_papers(with_close: bool) -> None:
    """By its equations, on days that gap up, gap down, lie inside each other and do not move."""
    frame = pl.DataFrame(
        {
            "high": [10.2, 11.0, 10.9, 9.5, 9.6, 9.6, 12.0],
            "low": [10.0, 10.5, 10.7, 9.3, 9.2, 9.6, 11.0],
            "close": [10.1, 10.6, 10.8, 9.4, 9.5, 9.6, 11.5],
        }
    )
    highs, lows, closes = (frame[name].to_list() for name in ("high", "low", "close"))
    expected = paper_corwin_schultz(highs, lows, closes if with_close else None)
    found = one(frame, corwin_schultz("high", "low", close="close" if with_close else None))
    assert found == pytest.approx(expected, rel=1e-9)
    assert expected > 0.001


def test_the_spread_of_highs_and_lows_is_found_again() -> None:
    """On days of trades at bid or ask by chance."""
    assert one(traded_days(1500, 0.03), corwin_schultz("high", "low")) == pytest.approx(0.03, rel=0.05)


def test_moves_overnight_are_taken_out_as_far_as_the_close_shows_them() -> None:
    """Without it they hide most of the spread."""
    frame = traded_days(1500, 0.03, overnight=0.03)
    raw = one(frame, corwin_schultz("high", "low"))
    moved = one(frame, corwin_schultz("high", "low", close="close"))
    assert raw < 0.5 * 0.03
    assert 0.5 * 0.03 < moved < 0.03


def test_a_pair_of_days_needs_all_of_its_prices() -> None:
    """A high below its low is none, a close that is missing counts where closes are asked for."""
    frame = pl.concat([CANDLES, CANDLES, CANDLES]).with_row_index()
    row = pl.col("index")
    spoilt = frame.with_columns(
        high=pl.when(row == 8).then(1.0).when(row != 16).then("high"), close=pl.when(row != 4).then("close")
    )
    rows = frame.to_dicts()
    for close, missing in ((None, {8, 9, 16, 17}), ("close", {5, 8, 9, 16, 17})):
        kept = [(rows[number - 1], rows[number]) for number in range(1, 24) if number not in missing]
        pairs = [
            paper_corwin_schultz(
                [day["high"] for day in pair],
                [day["low"] for day in pair],
                [day["close"] for day in pair] if close else None,
            )
            for pair in kept
        ]
        found = one(spoilt, corwin_schultz("high", "low", close=close))
        assert found == pytest.approx(statistics.fmean(pairs), rel=1e-9)


@EVERY_FIGURE
@ENGINES
def test_each_symbol_has_its_own(figure: str, engine: pl._typing.EngineType) -> None:
    """Over a column and in groups as alone, in both engines."""
    parts = [CANDLES, CANDLES[:2], CANDLES.reverse().with_columns(pl.col("high") * 1.02)]
    frame = pl.concat(part.with_columns(symbol=pl.lit(name)) for name, part in zip("ABC", parts, strict=True))
    expression = ALL[figure].alias("figure")
    alone = [part.with_columns(expression)["figure"].to_list() for part in parts]
    over = frame.lazy().select(expression.over("symbol")).collect(engine=engine)["figure"]
    grouped = frame.lazy().group_by("symbol").agg(expression).sort("symbol").collect(engine=engine)["figure"]
    assert over.to_list() == near([value for values in alone for value in values])
    if figure in PER_ROW:
        assert grouped.explode(empty_as_null=False).to_list() == near(
            [value for values in alone for value in values]
        )
    else:
        assert grouped.to_list() == near([values[0] for values in alone])


@EVERY_FIGURE
@pytest.mark.parametrize("rows", [[], [None] * 3, [NAN] * 9, [0.0] * 4, [-1.0] * 4, [INFINITY] * 4])
def test_what_is_no_number_has_no_figure(figure: str, rows: list[float | None]) -> None:
    """Null; only a volume may be zero, and price and shares then are none."""
    frame = pl.DataFrame(
        dict.fromkeys(CANDLES.columns, rows), schema=dict.fromkeys(CANDLES.columns, pl.Float64)
    )
    found = frame.select(ALL[figure]).to_series()
    assert found.dtype == pl.Float64
    assert found.to_list() == [None] * (len(rows) if figure in PER_ROW else 1)


@pytest.mark.parametrize("figure", ONE_VALUE)
def test_one_day_has_no_estimate(figure: str) -> None:
    """Each compares one day with the next."""
    assert one(CANDLES[:1], ONE_VALUE[figure]) is None


@EVERY_FIGURE
@pytest.mark.parametrize("dtype", [pl.Int32, pl.Float32])
def test_narrow_columns_give_wide_figures(figure: str, dtype: pl.DataType) -> None:
    """They are worked out in 64 bits."""
    frame = CANDLES.select(pl.all().round().cast(dtype))
    found = frame.select(ALL[figure]).to_series()
    assert found.dtype == pl.Float64
    assert found.equals(frame.cast(pl.Float64).select(ALL[figure]).to_series())


@pytest.mark.parametrize(
    "figure", ["spread_bps", "roll_spread", "corwin_schultz", "corwin_schultz_overnight"]
)
@pytest.mark.parametrize("rate", [0.001, 8.0, 1234.5])
def test_ratios_do_not_see_the_currency(figure: str, rate: float) -> None:
    """All prices times a rate: the same."""
    scaled = CANDLES.with_columns(pl.col("high", "low", "close") * rate)
    before, after = (frame.select(ALL[figure]).to_series().to_list() for frame in (CANDLES, scaled))
    assert after == near(before)


@pytest.mark.parametrize("column", ["high", pl.col("high"), pl.Series("high", SPX)])
def test_a_column_comes_as_a_name_an_expression_or_values(column: str | pl.Expr | pl.Series) -> None:
    """And what comes of it has the first one's name."""
    found = (
        mid(column, "low"),
        dollar_volume(column, "volume"),
        amihud(column, "volume"),
        roll_spread(column),
    )
    for expression in (*found, corwin_schultz(column, "low")):
        assert CANDLES.select(expression).columns == ["high"]
