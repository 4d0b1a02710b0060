# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Estimators of volatility in plain Python, written from the papers, and real candles to try them on."""

from __future__ import annotations

import math
import statistics
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

import polars as pl
from hypothesis import strategies as st

from ttapi_polars import rolling, volatility

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Candle: TypeAlias = tuple[float | None, float | None, float | None, float | None]
Estimate: TypeAlias = tuple[int, float | None]
"""How many rows counted, and the annualised volatility of them."""

PRICES: Final = ("open", "high", "low", "close")
NOT_A_PRICE: Final = (None, math.nan, math.inf, -math.inf, 0.0, -1.0)

# S&P 500 index, first candles of January 1999.
SPX: Final[list[Candle]] = [
    (1229.22998, 1248.810059, 1219.099976, 1228.099976),
    (1228.099976, 1246.109985, 1228.099976, 1244.780029),
    (1244.780029, 1272.5, 1244.780029, 1272.339966),
    (1272.339966, 1272.339966, 1257.680054, 1269.72998),
    (1269.72998, 1278.23999, 1261.819946, 1275.089966),
    (1275.089966, 1276.219971, 1253.339966, 1263.880005),
    (1263.880005, 1264.449951, 1238.290039, 1239.51001),
    (1239.51001, 1247.75, 1205.459961, 1234.400024),
    (1234.400024, 1236.810059, 1209.540039, 1212.189941),
    (1212.189941, 1243.26001, 1212.189941, 1243.26001),
    (1243.26001, 1253.27002, 1234.910034, 1252.0),
    (1252.0, 1274.069946, 1251.540039, 1256.619995),
    (1256.619995, 1256.939941, 1232.189941, 1235.160034),
]

FULL_SAMPLE: Final[Mapping[str, pl.Expr]] = {
    "parkinson": volatility.parkinson("high", "low"),
    "garman_klass": volatility.garman_klass(*PRICES),
    "rogers_satchell": volatility.rogers_satchell(*PRICES),
    "yang_zhang": volatility.yang_zhang(*PRICES),
}


def rolled(window: int) -> dict[str, pl.Expr]:
    """The same over a window."""
    return {
        "parkinson": rolling.parkinson("high", "low", window=window),
        "garman_klass": rolling.garman_klass(*PRICES, window=window),
        "rogers_satchell": rolling.rogers_satchell(*PRICES, window=window),
        "yang_zhang": rolling.yang_zhang(*PRICES, window=window),
    }


def rolled_returns(window: int) -> dict[str, pl.Expr]:
    """What is rolled of the columns return and benchmark."""
    return {
        "beta": rolling.beta("return", "benchmark", window=window),
        "correlation": rolling.correlation("return", "benchmark", window=window),
        "sharpe": rolling.sharpe("return", window=window),
    }


@st.composite
def _candle(draw: st.DrawFn) -> Candle:
    """Mostly possible; now and then a price that is none, or a high and a low that have changed places."""
    low, *between, high = sorted(draw(st.tuples(*[st.integers(1, 100_000)] * 4)))
    first, last = draw(st.permutations(between))
    prices: list[float | None] = [cents / 100 for cents in (first, high, low, last)]
    fate = draw(st.integers(0, 19))
    if fate < 4:
        prices[fate] = draw(st.sampled_from(NOT_A_PRICE))
    if fate == 4:
        prices[1], prices[2] = prices[2], prices[1]
    return prices[0], prices[1], prices[2], prices[3]


def hostile_candles(most: int) -> st.SearchStrategy[list[Candle]]:
    """None to so many of them, of one symbol."""
    return st.lists(_candle(), max_size=most)


def candle_frame(candles: Sequence[Candle], symbol: str = "A") -> pl.DataFrame:
    """Rows of one symbol."""
    columns = dict.fromkeys(PRICES, pl.Float64)
    return pl.DataFrame(candles, schema=columns, orient="row").with_columns(symbol=pl.lit(symbol))


def values(frame: pl.DataFrame, expression: pl.Expr) -> list[float | None]:
    """Of each row."""
    return frame.select(expression).to_series().to_list()


def alike(
    found: Sequence[float | None],
    expected: Sequence[float | None],
    *,
    rel: float = 1e-12,
    near_zero: float = 0.0,
) -> bool:
    """Missing in the same places and nowhere NaN, and otherwise equal but for this."""
    return len(found) == len(expected) and all(
        one is other
        if one is None or other is None
        else math.isclose(one, other, rel_tol=rel, abs_tol=near_zero)
        for one, other in zip(found, expected, strict=True)
    )


def is_price(value: float | None) -> bool:
    """Whether it may count."""
    return value is not None and math.isfinite(value) and value > 0


def logs(candle: Candle) -> tuple[float, float, float, float] | None:
    """Natural logarithms of the prices of a candle that counts."""
    if not all(map(is_price, candle)):
        return None
    first, high, low, last = (float(price or 0) for price in candle)
    if max(first, last) > high or min(first, last) < low:
        return None
    return math.log(first), math.log(high), math.log(low), math.log(last)


def annualised(variances: Sequence[float]) -> Estimate:
    """From the variance of each day."""
    if not variances:
        return 0, None
    return len(variances), math.sqrt(math.fsum(variances) / len(variances) * 252)


def parkinson(candles: Sequence[Candle]) -> Estimate:
    """From high and low alone, which may count where open and close do not."""
    ranges = [logs((low, high, low, high)) for _, high, low, _ in candles]
    return annualised([(top - bottom) ** 2 / (4 * math.log(2)) for _, top, bottom, _ in filter(None, ranges)])


def garman_klass(candles: Sequence[Candle]) -> Estimate:
    """In the paper's letters: up, down and close are seen from the open."""
    days = [(h - o, low - o, c - o) for o, h, low, c in filter(None, map(logs, candles))]
    return annualised([0.5 * (u - d) ** 2 - (2 * math.log(2) - 1) * c**2 for u, d, c in days])


def rogers_satchell(candles: Sequence[Candle]) -> Estimate:
    """In the same letters."""
    days = [(h - o, low - o, c - o) for o, h, low, c in filter(None, map(logs, candles))]
    return annualised([u * (u - c) + d * (d - c) for u, d, c in days])


def yang_zhang(candles: Sequence[Candle]) -> Estimate:
    """With the paper's k as it stands there."""
    overnight, open_to_close, days = [], [], []
    for before, candle in pairwise(candles):
        day, close_before = logs(candle), before[3]
        if day is not None and close_before is not None and is_price(close_before):
            overnight.append(day[0] - math.log(close_before))
            open_to_close.append(day[3] - day[0])
            days.append(candle)
    n = len(days)
    if n < 2:
        return n, None
    k = 0.34 / (1.34 + (n + 1) / (n - 1))
    drift_free = (rogers_satchell(days)[1] or 0.0) ** 2 / 252
    variance = statistics.variance(overnight) + k * statistics.variance(open_to_close) + (1 - k) * drift_free
    return n, math.sqrt(variance * 252)


PLAIN: Final[Mapping[str, Callable[[Sequence[Candle]], Estimate]]] = {
    "parkinson": parkinson,
    "garman_klass": garman_klass,
    "rogers_satchell": rogers_satchell,
    "yang_zhang": yang_zhang,
}


def plain_rolling(name: str, candles: Sequence[Candle], window: int) -> list[float | None]:
    """Each window on its own from its first row, and the row before where an estimator needs it."""
    reach = window + (name == "yang_zhang")
    found: list[float | None] = []
    for end in range(1, len(candles) + 1):
        counted, value = PLAIN[name](candles[max(end - reach, 0) : end])
        found.append(value if counted == window else None)
    return found
