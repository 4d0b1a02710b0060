# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Indicators against TA-Lib where conventions are equal, and by hand where they are ours."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
import talib

from test_ttapi_polars.values import SPX
from ttapi_polars.indicators import atr, bollinger, ema, macd, rsi, sma, true_range

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ttapi_polars.typing import ColumnValues

ENGINES = pytest.mark.parametrize("engine", ["streaming", "in-memory"])
NAN, INFINITY = float("nan"), float("inf")


def walk(rows: int, seed: int = 5) -> pl.DataFrame:
    """Candles of one symbol whose price goes its way at random."""
    chance, close = random.Random(seed), 100.0
    days: list[tuple[float, float, float]] = []
    for _ in range(rows):
        before, close = close, close * math.exp(chance.gauss(0.0, 0.02))
        high = max(before, close) * (1.0 + chance.random() / 50.0)
        days.append((high, min(before, close) * (1.0 - chance.random() / 50.0), close))
    return pl.DataFrame(days, schema=["high", "low", "close"], orient="row")


WALK = walk(300)
# Each figure of a row as one column; the structs by their fields.
FIGURES: dict[str, pl.Expr] = {
    "sma": sma("close", window=5),
    "ema": ema("close", window=5),
    "rsi": rsi("close", window=5),
    "macd": macd("close", fast=3, slow=6, signal=4).struct.field("macd"),
    "signal": macd("close", fast=3, slow=6, signal=4).struct.field("signal"),
    "histogram": macd("close", fast=3, slow=6, signal=4).struct.field("histogram"),
    "lower": bollinger("close", window=5).struct.field("lower"),
    "middle": bollinger("close", window=5).struct.field("middle"),
    "upper": bollinger("close", window=5).struct.field("upper"),
    "true_range": true_range("high", "low", "close"),
    "atr": atr("high", "low", "close", window=5),
}
EVERY_FIGURE = pytest.mark.parametrize("figure", FIGURES)


def figures(frame: pl.DataFrame, figure: str) -> list[float | None]:
    """Its values, row by row."""
    return frame.select(FIGURES[figure].alias("figure"))["figure"].to_list()


def near(values: Sequence[float | None]) -> list[object]:
    """The values but for rounding; null is null."""
    return [None if value is None else pytest.approx(value, rel=1e-12, abs=1e-13) for value in values]


def flat(closes: ColumnValues) -> pl.DataFrame:
    """Candles that have one price each."""
    frame = pl.DataFrame({"close": closes}, schema={"close": pl.Float64}, strict=False)
    return frame.with_columns(high="close", low="close")


def by_talib(function: Callable[..., object], frame: pl.DataFrame, columns: str, **options: float) -> object:
    """What TA-Lib has for these columns."""
    return function(*(frame[name].to_numpy() for name in columns.split()), **options)


@pytest.mark.parametrize("window", [2, 5, 14, 20])
def test_each_is_what_talib_has(window: int) -> None:
    """From the first value to the last, warm-up included."""
    lower, middle, upper = (
        bollinger("close", window=window, deviations=1.5).struct.field(name)
        for name in ("lower", "middle", "upper")
    )
    bands = by_talib(talib.BBANDS, WALK, "close", timeperiod=window, nbdevup=1.5, nbdevdn=1.5)
    assert isinstance(bands, tuple)
    pairs = [
        (sma("close", window=window), by_talib(talib.SMA, WALK, "close", timeperiod=window)),
        (ema("close", window=window), by_talib(talib.EMA, WALK, "close", timeperiod=window)),
        (rsi("close", window=window), by_talib(talib.RSI, WALK, "close", timeperiod=window)),
        *zip((upper, middle, lower), bands, strict=True),
        (true_range("high", "low", "close"), by_talib(talib.TRANGE, WALK, "high low close")),
        (
            atr("high", "low", "close", window=window),
            by_talib(talib.ATR, WALK, "high low close", timeperiod=window),
        ),
    ]
    for expression, expected in pairs:
        found = WALK.select(expression.alias("figure"))["figure"].fill_null(NAN).to_numpy()
        np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_macd_is_the_difference_of_two_averages_and_its_own_average() -> None:
    """Each begun with its own first window, by TA-Lib's averages."""
    close = WALK["close"].to_numpy()
    line = talib.EMA(close, timeperiod=12) - talib.EMA(close, timeperiod=26)
    signal = np.concatenate([np.full(25, NAN), talib.EMA(line[25:], timeperiod=9)])
    found = WALK.select(macd("close")).unnest("macd")
    np.testing.assert_allclose(found["macd"].fill_null(NAN).to_numpy(), line, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["signal"].fill_null(NAN).to_numpy(), signal, rtol=1e-9, atol=1e-12)
    assert found["histogram"].equals(found["macd"] - found["signal"])


def test_macd_becomes_what_talib_has() -> None:
    """Which begins the fast average later: by row 200 nothing is left of that."""
    found = WALK.select(macd("close")).unnest("macd")
    for name, expected in zip(found.columns, talib.MACD(WALK["close"].to_numpy()), strict=True):
        np.testing.assert_allclose(found[name].to_numpy()[200:], expected[200:], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("figure", "empty_rows"),
    [
        ("sma", 4),
        ("ema", 4),
        ("rsi", 5),
        ("macd", 5),
        ("signal", 8),
        ("histogram", 8),
        ("lower", 4),
        ("middle", 4),
        ("upper", 4),
        ("true_range", 1),
        ("atr", 5),
    ],
)
def test_each_is_null_until_it_is_warm(figure: str, empty_rows: int) -> None:
    """And never again where no price is missing."""
    values = figures(WALK, figure)
    assert values[:empty_rows] == [None] * empty_rows
    assert None not in values[empty_rows:]


@EVERY_FIGURE
@ENGINES
def test_each_symbol_has_its_own(figure: str, engine: pl._typing.EngineType) -> None:
    """Over a column and in groups as alone, in both engines."""
    parts = [walk(40, 1), walk(3, 2), walk(25, 3)]
    alone = [value for part in parts for value in figures(part, figure)]
    frame = pl.concat(part.with_columns(symbol=pl.lit(name)) for name, part in zip("ABC", parts, strict=True))
    expression = FIGURES[figure].alias("figure")
    over = frame.lazy().select(expression.over("symbol")).collect(engine=engine)["figure"]
    grouped = frame.lazy().group_by("symbol").agg(expression).sort("symbol").collect(engine=engine)["figure"]
    assert over.to_list() == near(alone)
    assert grouped.explode(empty_as_null=False).to_list() == near(alone)


@ENGINES
def test_the_latest_of_each_symbol_is_found_in_one_group(engine: pl._typing.EngineType) -> None:
    """What has been worked out row by row may be aggregated at once."""
    parts = [walk(40, 1), walk(25, 3)]
    frame = pl.concat(part.with_columns(symbol=pl.lit(name)) for name, part in zip("AB", parts, strict=True))
    latest = [expression.last().alias(name) for name, expression in FIGURES.items()]
    found = frame.lazy().group_by("symbol").agg(latest).sort("symbol").collect(engine=engine)
    for name in FIGURES:
        assert found[name].to_list() == near([figures(part, name)[-1] for part in parts])


def test_windows_of_prices_are_null_while_one_is_missing() -> None:
    """A simple average and the bands have no value that rests on less."""
    frame = flat([1.0, 2.0, 3.0, None, 5.0, 6.0, 7.0])
    assert frame.select(sma("close", window=3)).to_series().to_list() == [None, None, 2.0, *[None] * 3, 6.0]
    bands = frame.select(bollinger("close", window=3)).unnest("bollinger")
    assert bands["middle"].to_list() == [None, None, 2.0, *[None] * 3, 6.0]
    assert bands["lower"].is_null().equals(bands["middle"].is_null())
    assert bands["upper"].is_null().equals(bands["middle"].is_null())


@pytest.mark.parametrize("name", ["ema", "macd", "signal", "histogram"])
@pytest.mark.parametrize("gaps", [[0], [3], [7], [20, 21], [39], [0, 2, 4, 5, 6, 7]])
def test_averages_without_end_leave_a_missing_price_out(name: str, gaps: list[int]) -> None:
    """The row is null, and all others are as if it were not there."""
    frame, here = walk(40).with_row_index(), pl.col("index").is_in(gaps)
    expected = iter(figures(frame.filter(~here), name))
    found = figures(frame.with_columns(close=pl.when(~here).then("close")), name)
    assert found == [None if row in gaps else next(expected) for row in range(40)]


@pytest.mark.parametrize("gap", [3, 20])
def test_a_strength_index_leaves_out_what_happened_over_a_gap(gap: int) -> None:
    """Two rows are null; after them all is as if the price had gone on from where it was before the gap."""
    closes = walk(40)["close"].to_list()
    joined = [*closes[:gap], *(close + closes[gap - 1] - closes[gap + 1] for close in closes[gap + 2 :])]
    expected = near(figures(flat(joined), "rsi"))
    found = figures(flat([*closes[:gap], None, *closes[gap + 1 :]]), "rsi")
    assert found == [*expected[:gap], None, None, *expected[gap:]]


def test_a_true_range_needs_both_of_its_days() -> None:
    """A close that is missing costs the next day's range, a high or a low its own."""
    frame = walk(12).with_row_index()
    row = pl.col("index")
    frame = frame.with_columns(
        high=pl.when(row != 3).then("high"),
        low=pl.when(row != 5).then("low"),
        close=pl.when(row != 7).then("close"),
    )
    ranges = frame.select(true_range("high", "low", "close")).to_series()
    assert ranges.is_null().arg_true().to_list() == [0, 3, 5, 8]
    averages = frame.select(atr("high", "low", "close", window=2)).to_series()
    assert averages.is_null().arg_true().to_list() == [0, 1, 3, 5, 8]
    assert averages[2] == pytest.approx((ranges[1] + ranges[2]) / 2)
    assert averages[4] == pytest.approx((averages[2] + ranges[4]) / 2)


@pytest.mark.parametrize(
    ("high", "low", "before", "expected"),
    [
        (12.0, 10.0, 11.0, 2.0),
        (12.0, 10.0, 15.0, 5.0),
        (12.0, 10.0, 7.0, 5.0),
        (12.0, 12.0, 12.0, 0.0),
        (10.0, 12.0, 11.0, None),
        (12.0, -1.0, 11.0, None),
        (INFINITY, 1.0, 11.0, None),
        (12.0, 10.0, NAN, None),
    ],
)
def test_a_true_range_is_the_greatest_of_three(
    high: float, low: float, before: float, expected: float | None
) -> None:
    """High to low, or either to the close before; a high below its low is no candle."""
    frame = pl.DataFrame({"high": [9.0, high], "low": [9.0, low], "close": [before, 11.0]})
    assert figures(frame, "true_range") == [None, expected]


@EVERY_FIGURE
@pytest.mark.parametrize("bad", [0.0, -5.0, NAN, INFINITY, -INFINITY])
def test_what_is_no_price_is_missing(figure: str, bad: float) -> None:
    """Zero, negative, NaN and infinite are as null."""
    row, columns = pl.int_range(pl.len()), pl.all()
    missing = walk(30).select(pl.when(row != 12).then(columns))
    spoilt = walk(30).select(pl.when(row != 12).then(columns).otherwise(bad))
    assert figures(spoilt, figure) == figures(missing, figure)
    assert None in figures(missing, figure)[9:]


@EVERY_FIGURE
@pytest.mark.parametrize("closes", [[], [1.0], [None, None, None], [NAN] * 9])
def test_few_or_no_prices_have_no_figures(figure: str, closes: list[float | None]) -> None:
    """A row each, Float64, and nothing in it."""
    found = flat(closes).select(FIGURES[figure].alias("figure"))["figure"]
    assert found.dtype == pl.Float64
    assert found.to_list() == [None] * len(closes)


@EVERY_FIGURE
@pytest.mark.parametrize("dtype", [pl.Int32, pl.Float32])
def test_narrow_columns_give_wide_figures(figure: str, dtype: pl.DataType) -> None:
    """They are worked out in 64 bits."""
    frame = walk(30).select(pl.all().round().cast(dtype))
    found = frame.select(FIGURES[figure].alias("figure"))["figure"]
    assert found.dtype == pl.Float64
    assert found.equals(frame.cast(pl.Float64).select(FIGURES[figure].alias("figure"))["figure"])


def test_a_constant_price_has_no_strength_and_no_width() -> None:
    """Nothing moved, which is null; zero range is a range, and the averages are the price."""
    frame = flat([0.1] * 40)
    last = {name: figures(frame, name)[-1] for name in FIGURES}
    assert last.pop("rsi") is None
    for name in ("sma", "ema", "lower", "middle", "upper"):
        assert last.pop(name) == pytest.approx(0.1, rel=1e-12)
    assert last == pytest.approx(dict.fromkeys(last, 0.0), abs=1e-12)


def test_a_quiet_window_after_great_prices_keeps_no_trace_of_them() -> None:
    """The bands close as if the first prices had never been."""
    bands = flat([1e9, 3.0, 7e8, *[0.1] * 10]).select(bollinger("close", window=5)).unnest("bollinger")
    assert bands.row(-1) == pytest.approx((0.1, 0.1, 0.1), rel=1e-9)


@pytest.mark.parametrize(("step", "strength"), [(1.0, 100.0), (-1.0, 0.0)])
def test_a_price_that_goes_one_way_is_all_strength_or_none(step: float, strength: float) -> None:
    """Exactly."""
    closes = [100.0 + step * row for row in range(20)]
    assert figures(flat(closes), "rsi")[5:] == [strength] * 15


def test_a_window_of_one_is_the_price_itself() -> None:
    """And a change is all up or all down."""
    frame = flat(SPX)
    assert frame.select(sma("close", window=1)).to_series().to_list() == SPX
    assert frame.select(ema("close", window=1)).to_series().to_list() == SPX
    assert frame.select(rsi("close", window=1)).to_series().to_list() == [
        None, 100.0, 100.0, 0.0, 100.0, 0.0, 0.0, 0.0
    ]  # fmt: skip


@pytest.mark.parametrize("column", ["close", pl.col("close"), pl.Series("close", SPX)])
def test_a_column_comes_as_a_name_an_expression_or_values(column: str | pl.Expr | pl.Series) -> None:
    """And what comes of it has its name, a struct that of the indicator."""
    expressions = [sma(column, window=3), ema(column, window=3), rsi(column, window=3)]
    for expression in expressions:
        assert flat(SPX).select(expression).columns == ["close"]
    assert flat(SPX).select(macd(column), bollinger(column)).columns == ["macd", "bollinger"]
    assert flat(SPX).select(atr(column, "low", "close", window=3)).columns == ["close"]
    field = pl.struct(x=pl.col("close")).struct.with_fields(x=ema(pl.field("x"), window=3)).struct.field("x")
    assert flat(SPX).select(field)["x"].equals(flat(SPX).select(ema("close", window=3))["close"])


@pytest.mark.parametrize("window", [0, -1, 2.5, NAN, INFINITY])
@pytest.mark.parametrize(
    "function",
    [
        lambda window: sma("close", window=window),
        lambda window: ema("close", window=window),
        lambda window: rsi("close", window=window),
        lambda window: macd("close", fast=window),
        lambda window: macd("close", slow=window),
        lambda window: macd("close", signal=window),
        lambda window: bollinger("close", window=window),
        lambda window: atr("high", "low", "close", window=window),
    ],
)
def test_a_window_is_a_whole_number(function: Callable[[float], pl.Expr], window: float) -> None:
    """Anything else is refused by name, with its value."""
    with pytest.raises(ValueError, match=rf"\w+ is {window}; it must be a whole number of at least 1"):
        function(window)


def test_the_fast_window_is_the_shorter_one() -> None:
    """Otherwise the sign would be turned round."""
    with pytest.raises(ValueError, match="fast is 26; it must be less than slow, which is 26"):
        macd("close", fast=26)
