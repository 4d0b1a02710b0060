# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Factors and adjusted prices against plain loops, and what must hold whatever the events are."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from math import fsum, prod
from typing import TYPE_CHECKING, TypeAlias

import polars as pl
import pytest
from hypothesis import given, strategies as st

from ttapi_polars.adjustments import adjusted, with_factors
from ttapi_polars.testing import eod_frames

if TYPE_CHECKING:
    from collections.abc import Callable

FACTORS = ("dividend", "dividend_factor", "split_factor")
PARTS = ("open", "high", "low", "close")
Event: TypeAlias = tuple[str, date, float]
AMOUNTS = st.integers(1, 500).map(lambda cents: cents / 100)
SPLIT_FACTORS = st.sampled_from([0.5, 0.25, 0.1, 2.0, 8.0, 0.75])


def raw_frames(min_days: int = 0) -> st.SearchStrategy[pl.DataFrame]:
    """Candles of which no event is known."""
    none = [pl.lit(None, pl.Float64).alias(name) for name in FACTORS]
    return eod_frames(min_days=min_days).map(lambda frame: frame.with_columns(none))


@st.composite
def eventful(
    draw: st.DrawFn, values: st.SearchStrategy[float], frame: pl.DataFrame
) -> list[tuple[str, date, float]]:
    """Events on candle days and beside them, of the frame's symbols and of one that has no candle."""
    days = frame["date"].to_list() or [date(2026, 7, 1)]
    near = st.builds(
        lambda day, offset: day + timedelta(days=offset), st.sampled_from(days), st.integers(-2, 2)
    )
    names = st.sampled_from([*frame["symbol"].unique().sort(), "NONE"])
    return draw(st.lists(st.tuples(names, near, values), max_size=8))


def framed(events: list[Event], value: str) -> pl.DataFrame:
    """Events as the functions take them."""
    return pl.DataFrame(
        events, schema={"symbol": pl.String, "date": pl.Date, value: pl.Float64}, orient="row"
    )


def on_candles(
    frame: pl.DataFrame, events: list[Event], total: Callable[[list[float]], float]
) -> dict[tuple[str, date], float]:
    """Each event looked for by walking over its symbol's days."""
    taken: dict[tuple[str, date], list[float]] = {}
    for symbol, day, value in events:
        days = sorted(frame.filter(pl.col("symbol") == symbol)["date"])
        later = [candle for candle in days if candle >= day]
        if later and day >= days[0]:
            taken.setdefault((symbol, later[0]), []).append(value)
    return {key: total(values) for key, values in taken.items()}


@given(raw_frames(), st.data())
def test_factors_are_those_of_a_walk_over_the_days(frame: pl.DataFrame, data: st.DataObject) -> None:
    """Row by row, with the close of the row before."""
    paid, split = data.draw(eventful(AMOUNTS, frame)), data.draw(eventful(SPLIT_FACTORS, frame))
    dividends, splits = on_candles(frame, paid, fsum), on_candles(frame, split, prod)
    found = with_factors(frame, framed(paid, "amount"), framed(split, "factor"))
    assert found.drop(FACTORS).equals(frame.drop(FACTORS))
    last_close: dict[str, float] = {}
    for row in found.iter_rows(named=True):
        key = (row["symbol"], row["date"])
        amount, before = dividends.get(key), last_close.get(row["symbol"])
        factor = 1 - amount / before if amount and before and amount < before else None
        assert row["dividend"] == (None if amount is None else pytest.approx(amount, rel=1e-12))
        assert row["dividend_factor"] == (None if factor is None else pytest.approx(factor, abs=1e-12))
        assert row["split_factor"] == splits.get(key)
        last_close[row["symbol"]] = row["close"]


@given(eod_frames(), st.data())
def test_adjusted_prices_are_products_of_later_factors(frame: pl.DataFrame, data: st.DataObject) -> None:
    """By a loop over all later days; volume goes the other way about."""
    paid, split = data.draw(eventful(AMOUNTS, frame)), data.draw(eventful(SPLIT_FACTORS, frame))
    found = adjusted(with_factors(frame, framed(paid, "amount"), framed(split, "factor")))
    for history in found.partition_by("symbol"):
        rows = history.to_dicts()
        for number, row in enumerate(rows):
            later = rows[number + 1 :]
            kept = prod(day["dividend_factor"] for day in later if day["dividend_factor"] is not None)
            scaled = prod(day["split_factor"] for day in later if day["split_factor"] is not None)
            for part in PARTS:
                assert row[f"adjusted_{part}"] == pytest.approx(row[part] * kept, rel=1e-12)
                assert row[f"traded_{part}"] == pytest.approx(row[part] / scaled, rel=1e-12)
            assert row["adjusted_volume"] == row["volume"]
            if row["volume"] is None:
                assert row["traded_volume"] is None
            elif row["traded_volume"] is None:  # more than 64 bits hold; at the edge rounding decides
                assert row["volume"] * scaled >= 2**63 * (1 - 1e-12)
            else:
                assert row["traded_volume"] == pytest.approx(row["volume"] * scaled, rel=1e-12, abs=0.5)


@given(raw_frames(min_days=2), st.data())
def test_adjusted_closes_grow_as_wealth_does(frame: pl.DataFrame, data: st.DataObject) -> None:
    """Of one who holds a share and buys for each dividend, at the price before less the dividend."""
    paid = data.draw(eventful(AMOUNTS, frame))
    found = adjusted(with_factors(frame, framed(paid, "amount"), framed([], "factor")))
    for history in found.partition_by("symbol"):
        shares = 1.0
        for before, after in pairwise(history.to_dicts()):
            amount = after["dividend"] or 0.0
            if amount < before["close"]:
                shares *= 1 + amount / (before["close"] - amount)
                simple = after["adjusted_close"] / before["adjusted_close"] - 1
                assert simple == pytest.approx(after["close"] / (before["close"] - amount) - 1, rel=1e-9)
        wealth = shares * history["close"][-1] / history["close"][0]
        assert history["adjusted_close"][-1] / history["adjusted_close"][0] == pytest.approx(wealth, rel=1e-9)


@given(raw_frames())
def test_without_events_all_prices_are_raw(frame: pl.DataFrame) -> None:
    """To the last bit."""
    found = adjusted(with_factors(frame, framed([], "amount"), framed([], "factor")))
    for part in (*PARTS, "volume"):
        assert found[f"adjusted_{part}"].equals(frame[part])
        assert found[f"traded_{part}"].equals(frame[part])


@given(eod_frames(), st.data())
def test_the_order_of_the_symbols_does_not_matter(frame: pl.DataFrame, data: st.DataObject) -> None:
    """One after the other, backwards, or day by day."""
    paid = framed(data.draw(eventful(AMOUNTS, frame)), "amount")
    split = framed(data.draw(eventful(SPLIT_FACTORS, frame)), "factor")
    expected = adjusted(with_factors(frame, paid, split))
    for rows in (frame.sort("symbol", "date", descending=[True, False]), frame.sort("date", "symbol")):
        assert adjusted(with_factors(rows, paid, split)).sort("symbol", "date").equals(expected)


@given(eod_frames(), st.data())
def test_setting_the_same_events_again_changes_nothing(frame: pl.DataFrame, data: st.DataObject) -> None:
    """Nor does setting none."""
    paid = framed(data.draw(eventful(AMOUNTS, frame)), "amount")
    split = framed(data.draw(eventful(SPLIT_FACTORS, frame)), "factor")
    once = with_factors(frame, paid, split)
    assert with_factors(once, paid, split).equals(once)
    assert with_factors(once, framed([], "amount"), framed([], "factor")).equals(once)
