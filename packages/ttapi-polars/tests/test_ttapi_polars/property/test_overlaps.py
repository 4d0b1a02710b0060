# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Disagreements against dictionaries of days, and splits of any kind through any rounding."""

from __future__ import annotations

from datetime import date, timedelta
from math import gcd
from typing import TypeAlias

import polars as pl
import pytest
from hypothesis import assume, given, strategies as st
from scale import examples

from ttapi_polars.overlaps import disagreements
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.testing import eod_frames

PRICES = ("open", "high", "low", "close")
FIRST = date(2026, 6, 1)
EDITS = st.sampled_from(["same", "same", "price", "volume", "added", "removed"])
Bar: TypeAlias = tuple[float, float, float, float, int | None]


@st.composite
def bars(draw: st.DrawFn) -> Bar:
    """Prices in cents that no single factor makes of each other, and a volume that may be unknown."""
    low, *between, high = sorted(draw(st.tuples(*[st.integers(500, 50_000)] * 4)))
    volume = draw(st.none() | st.integers(1_000, 10**9))
    return between[0] / 100, high / 100, low / 100, between[1] / 100, volume


def framed(days: dict[date, Bar]) -> pl.DataFrame:
    """Candles of one symbol."""
    rows = [("A", day, *bar, *[None] * 5) for day, bar in sorted(days.items())]
    return pl.DataFrame(rows, schema=EOD_DATA.polars_schema, orient="row")


def traded(history: list[Bar]) -> pl.DataFrame:
    """Candles of successive days, all with a volume."""
    days = [FIRST + timedelta(days=offset) for offset in range(len(history))]
    frame = framed(dict(zip(days, history, strict=True)))
    return frame.with_columns(pl.col("volume").fill_null(1_000))


@examples(times=2)
@given(eod_frames(), st.data())
def test_a_frame_agrees_with_itself_in_any_order(frame: pl.DataFrame, data: st.DataObject) -> None:
    """Extreme prices, strange days and all."""
    rows = data.draw(st.permutations(range(frame.height)))
    assert disagreements(frame, frame[rows]).is_empty()


@examples(times=2)
@given(st.lists(st.tuples(bars(), EDITS), min_size=1, max_size=8))
def test_days_are_counted_as_dictionaries_count_them(history: list[tuple[Bar, str]]) -> None:
    """Between the last of the first days and the first of the last days."""
    stored, received = {}, {}
    for offset, (bar, edit) in enumerate(history):
        day = FIRST + timedelta(days=offset)
        *prices, volume = bar
        if edit != "added":
            stored[day] = bar
        if edit == "price":
            received[day] = (prices[0], prices[1] + 0.01 * (offset + 1), prices[2], prices[3], volume)
        elif edit == "volume":
            received[day] = (*bar[:4], 7)
        elif edit != "removed":
            received[day] = bar
    assume(stored and received)
    begin, end = max(min(stored), min(received)), min(max(stored), max(received))
    shared = [
        (FIRST + timedelta(days=offset), edit)
        for offset, (_, edit) in enumerate(history)
        if begin <= FIRST + timedelta(days=offset) <= end and edit != "same"
    ]
    graver = [(day, edit) for day, edit in shared if edit != "volume"]
    expected = graver or shared
    found = disagreements(framed(stored), framed(received))
    assert found.height == bool(expected)
    if expected:
        edits = {edit for _, edit in expected}
        kind = next(edit for edit in ("price", "removed", "added", "volume") if edit in edits)
        first = expected[0][0]
        assert found.row(0) == (
            "A",
            "corrected" if kind == "price" else kind,
            first,
            expected[-1][0],
            len(expected),
            None,
            stored[first][3] if first in stored else None,
            received[first][3] if first in received else None,
        )


@examples(times=2)
@given(
    st.lists(bars(), min_size=1, max_size=6),
    st.integers(1, 4),
    st.integers(2, 30),
    st.booleans(),
    st.integers(4, 6),
)
def test_any_split_is_found_through_any_rounding(
    history: list[Bar], part: int, other: int, is_reverse: bool, digits: int
) -> None:
    """Its factor is the very fraction, as long as the prices have digits enough to tell it from others."""
    assume(part < other <= 30 // part and gcd(part, other) == 1)
    factor = other / part if is_reverse else part / other
    frame = traded(history)
    received = frame.with_columns(
        (pl.col(PRICES) * factor).round(digits), (pl.col("volume") / factor).round().cast(pl.Int64)
    )
    found = disagreements(frame, received).row(0, named=True)
    assert (found["kind"], found["days"]) == ("split", len(history))
    assert found["factor"] == factor


@examples(times=2)
@given(st.lists(bars(), min_size=5, max_size=8), st.floats(0.9, 0.99))
def test_prices_less_a_dividend_are_rescaled_and_no_split(history: list[Bar], factor: float) -> None:
    """Whatever fraction the factor is near to: no volume has moved."""
    frame = traded(history)
    found = disagreements(frame, frame.with_columns((pl.col(PRICES) * factor).round(4))).row(0, named=True)
    assert found["kind"] == "rescaled"
    assert found["factor"] == pytest.approx(factor, rel=2e-3)
