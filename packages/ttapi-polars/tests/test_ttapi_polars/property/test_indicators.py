# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Indicators against plain loops on prices with gaps, and what must hold whatever the prices are."""

from __future__ import annotations

import statistics
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import polars as pl
import pytest
from hypothesis import given, strategies as st

from ttapi_polars.indicators import atr, bollinger, ema, macd, rsi, sma, true_range

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Value: TypeAlias = float | None
Candle: TypeAlias = tuple[Value, Value, Value]
PRICES = ("high", "low", "close")
CENTS = st.integers(1, 100_000).map(lambda cents: cents / 100)


@st.composite
def candles(draw: st.DrawFn) -> list[Candle]:
    """High, low and close, of which a few are missing."""
    days: list[Candle] = []
    for _ in range(draw(st.integers(0, 40))):
        low, close, high = sorted(draw(st.tuples(CENTS, CENTS, CENTS)))
        missing = draw(st.sampled_from(["", "", "", "", "", "high", "low", "close"]))
        prices = zip(PRICES, (high, low, close), strict=True)
        kept = [None if name == missing else price for name, price in prices]
        days.append((kept[0], kept[1], kept[2]))
    return days


def framed(days: list[Candle]) -> pl.DataFrame:
    """As columns."""
    return pl.DataFrame(days, schema=dict.fromkeys(PRICES, pl.Float64), orient="row")


def smoothed(values: Iterable[Value], window: int, weight: float) -> list[Value]:
    """One value after the other, the first some of them for a mean."""
    found: list[Value] = []
    first: list[float] = []
    average: Value = None
    for value in values:
        if value is None:
            found.append(None)
            continue
        if average is not None:
            average += weight * (value - average)
        else:
            first.append(value)
            average = statistics.fmean(first) if len(first) == window else None
        found.append(average)
    return found


def plain_ema(values: Iterable[Value], window: int) -> list[Value]:
    """With the weight that belongs to the window."""
    return smoothed(values, window, 2 / (window + 1))


def less(values: Iterable[Value], others: Iterable[Value]) -> list[Value]:
    """Row by row."""
    pairs = zip(values, others, strict=True)
    return [None if value is None or other is None else value - other for value, other in pairs]


def windows(values: list[Value], window: int, figure: Callable[[list[float]], float]) -> list[Value]:
    """A figure of each full window without a gap."""
    found: list[Value] = []
    for end in range(1, len(values) + 1):
        held = [value for value in values[max(0, end - window) : end] if value is not None]
        found.append(figure(held) if len(held) == window else None)
    return found


def closes(days: list[Candle]) -> list[Value]:
    """Of each day."""
    return [close for _, _, close in days]


def plain_rsi(days: list[Candle], window: int) -> list[Value]:
    """100 - 100 / (1 + average gain / average loss)."""
    changes = [None, *less(closes(days)[1:], closes(days)[:-1])][: len(days)]
    gains = [None if change is None else max(change, 0.0) for change in changes]
    losses = [None if change is None else max(-change, 0.0) for change in changes]
    found: list[Value] = []
    for gain, loss in zip(
        smoothed(gains, window, 1 / window), smoothed(losses, window, 1 / window), strict=True
    ):
        if gain is None or loss is None or gain == loss == 0.0:
            found.append(None)
        else:
            found.append(100.0 if loss == 0.0 else 100 - 100 / (1 + gain / loss))
    return found


def plain_true_range(days: list[Candle]) -> list[Value]:
    """The greatest of Wilder's three distances."""
    found: list[Value] = [None for _ in days[:1]]
    for (_, _, before), (high, low, _) in pairwise(days):
        if before is None or high is None or low is None:
            found.append(None)
        else:
            found.append(max(high - low, abs(high - before), abs(low - before)))
    return found


def plain_macd(days: list[Candle], window: int) -> list[Value]:
    """The average of the window less that of twice the window."""
    return less(plain_ema(closes(days), window), plain_ema(closes(days), 2 * window))


def plain_signal(days: list[Candle], window: int) -> list[Value]:
    """The average of the line that there is."""
    return plain_ema(plain_macd(days, window), 3)


def bands(window: int) -> pl.Expr:
    """At one and a half deviations."""
    return bollinger("close", window=window, deviations=1.5)


def lines(window: int) -> pl.Expr:
    """Of a window and twice that."""
    return macd("close", fast=window, slow=2 * window, signal=3)


Plain: TypeAlias = "Callable[[list[Candle], int], list[Value]]"
FIGURES: dict[str, tuple[Callable[[int], pl.Expr], Plain]] = {
    "sma": (
        lambda window: sma("close", window=window),
        lambda days, window: windows(closes(days), window, statistics.fmean),
    ),
    "ema": (lambda window: ema("close", window=window), lambda days, window: plain_ema(closes(days), window)),
    "rsi": (lambda window: rsi("close", window=window), plain_rsi),
    "macd": (lambda window: lines(window).struct.field("macd"), plain_macd),
    "signal": (lambda window: lines(window).struct.field("signal"), plain_signal),
    "histogram": (
        lambda window: lines(window).struct.field("histogram"),
        lambda days, window: less(plain_macd(days, window), plain_signal(days, window)),
    ),
    "middle": (
        lambda window: bands(window).struct.field("middle"),
        lambda days, window: windows(closes(days), window, statistics.fmean),
    ),
    "lower": (
        lambda window: bands(window).struct.field("lower"),
        lambda days, window: windows(
            closes(days), window, lambda held: statistics.fmean(held) - 1.5 * statistics.pstdev(held)
        ),
    ),
    "upper": (
        lambda window: bands(window).struct.field("upper"),
        lambda days, window: windows(
            closes(days), window, lambda held: statistics.fmean(held) + 1.5 * statistics.pstdev(held)
        ),
    ),
    "true_range": (lambda _: true_range("high", "low", "close"), lambda days, _: plain_true_range(days)),
    "atr": (
        lambda window: atr("high", "low", "close", window=window),
        lambda days, window: smoothed(plain_true_range(days), window, 1 / window),
    ),
}
WINDOWS = st.integers(1, 6)


def near(values: Iterable[Value]) -> list[object]:
    """The values but for the rounding of prices of up to a thousand; null is null."""
    return [None if value is None else pytest.approx(value, rel=1e-9, abs=1e-9) for value in values]


def all_figures(window: int) -> list[pl.Expr]:
    """Each under its name."""
    return [expression(window).alias(name) for name, (expression, _) in FIGURES.items()]


@given(candles(), WINDOWS)
def test_each_is_what_a_plain_loop_has(days: list[Candle], window: int) -> None:
    """Row by row, whatever is missing."""
    found = framed(days).select(all_figures(window))
    for name, (_, plain) in FIGURES.items():
        assert found[name].to_list() == near(plain(days, window)), name


@given(candles(), WINDOWS, st.sampled_from([0.001, 0.5, 8.0, 1234.5]))
def test_another_currency_changes_the_unit_alone(days: list[Candle], window: int, rate: float) -> None:
    """Prices times a rate: the figures times that rate, and the strength index as it was."""
    before = framed(days).select(all_figures(window))
    after = framed(days).select(pl.all() * rate).select(all_figures(window))
    for name in FIGURES:
        unscaled = after[name] / (1.0 if name == "rsi" else rate)
        assert unscaled.to_list() == near(before[name]), name


@given(candles(), WINDOWS, st.data())
def test_no_row_knows_of_later_ones(days: list[Candle], window: int, data: st.DataObject) -> None:
    """The first rows alone have the same figures, to the last bit."""
    cut = data.draw(st.integers(0, len(days)))
    alone = framed(days[:cut]).select(all_figures(window))
    assert alone.equals(framed(days).select(all_figures(window))[:cut])


@given(st.lists(candles(), min_size=2, max_size=3), WINDOWS, st.data())
def test_the_order_of_the_symbols_does_not_matter(
    histories: list[list[Candle]], window: int, data: st.DataObject
) -> None:
    """Rows of several symbols between each other: each has what it has alone."""
    names = data.draw(st.permutations([number for number, days in enumerate(histories) for _ in days]))
    rows = [iter(days) for days in histories]
    frame = framed([next(rows[name]) for name in names]).with_columns(symbol=pl.Series(names, dtype=pl.Int64))
    found = frame.select("symbol", *(figure.over("symbol") for figure in all_figures(window)))
    for number, days in enumerate(histories):
        alone = framed(days).select(all_figures(window))
        for name in FIGURES:
            assert found.filter(symbol=number)[name].to_list() == near(alone[name]), name


@given(candles(), WINDOWS)
def test_a_strength_index_lies_between_0_and_100(days: list[Candle], window: int) -> None:
    """Never outside, not even by rounding."""
    found = framed(days).select(rsi("close", window=window)).to_series()
    assert found.is_between(0.0, 100.0).all()


@given(candles(), WINDOWS)
def test_bands_keep_their_order(days: list[Candle], window: int) -> None:
    """Lower, middle, upper."""
    found = framed(days).select(bands(window)).unnest("bollinger").drop_nulls()
    assert (found["lower"] <= found["middle"]).all()
    assert (found["middle"] <= found["upper"]).all()
