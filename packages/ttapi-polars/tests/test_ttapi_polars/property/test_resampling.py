# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Weeks, months and bars against plain loops, and what must hold however the rows are cut and ordered."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl
import pytest
from hypothesis import given, strategies as st
from polars.testing import assert_frame_equal

from ttapi_core.trading_day import trading_day
from ttapi_polars.frames import trading_days_frame
from ttapi_polars.resampling import intraday, monthly, weekly
from ttapi_polars.schemas import INSTANT
from ttapi_polars.testing import eod_frames

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Row: TypeAlias = dict[str, Any]
Resample: TypeAlias = "Callable[[pl.DataFrame], pl.DataFrame]"
PRICES = ("open", "high", "low", "close")
BY_WEEK = (weekly, lambda day: day.isocalendar()[:2])
BY_MONTH = (monthly, lambda day: (day.year, day.month))
PERIODS = pytest.mark.parametrize(("resample", "period"), [BY_WEEK, BY_MONTH], ids=["weekly", "monthly"])
# A Friday and a Monday with the change of the clocks between them, and a half day.
DAYS = [trading_day(day) for day in (date(2026, 3, 6), date(2026, 3, 9), date(2026, 11, 27))]
CALENDAR = trading_days_frame(DAYS)


@st.composite
def minute_bars(draw: st.DrawFn) -> pl.DataFrame:
    """Bars of one minute, in hours and outside of them, in any order; some volumes are not known."""
    keys = st.tuples(st.sampled_from("AB"), st.sampled_from(DAYS), st.integers(-20, 410) | st.integers(0, 40))
    rows: list[tuple[object, ...]] = []
    for symbol, day, minute in draw(st.lists(keys, max_size=40, unique=True)):
        low, first, last, high = sorted(draw(st.tuples(*[st.integers(1, 9999)] * 4)))
        volume = draw(st.none() | st.integers(0, 10**6)) if minute % 50 == 0 else draw(st.integers(0, 10**6))
        rows.append(
            (symbol, day.open_at + timedelta(minutes=minute), first / 4, high / 4, low / 4, last / 4, volume)
        )
    schema: dict[str, Any] = {"symbol": pl.String, "time": INSTANT, **dict.fromkeys(PRICES, pl.Float64)}
    return pl.DataFrame(rows, schema={**schema, "volume": pl.Int64}, orient="row")


def near_days() -> st.SearchStrategy[pl.DataFrame]:
    """Candles whose days lie within a few weeks of each other."""
    near = pl.lit(date(2025, 12, 1)) + pl.duration(days=pl.col("date").dt.ordinal_day() % 80)
    return eod_frames(max_symbols=3, max_days=25).map(
        lambda frame: frame.with_columns(date=near).unique(["symbol", "date"], maintain_order=True)
    )


def assert_same(found: pl.DataFrame, expected: pl.DataFrame) -> None:
    """But for the order in which an average's money was added up."""
    assert_frame_equal(found, expected, check_exact=False, rel_tol=1e-9)


def grouped(frame: pl.DataFrame, group: Callable[[Row], Hashable]) -> list[list[Row]]:
    """The rows of each symbol and group in time order, symbol after symbol."""
    groups: dict[Hashable, list[Row]] = {}
    for row in sorted(frame.to_dicts(), key=lambda row: (row["symbol"], row[frame.columns[1]])):
        groups.setdefault((row["symbol"], group(row)), []).append(row)
    return list(groups.values())


def candle(rows: list[Row]) -> tuple[float | None, ...]:
    """Open, high, low, close and volume of all of them."""
    volumes = [row["volume"] for row in rows]
    return (
        rows[0]["open"],
        max(row["high"] for row in rows),
        min(row["low"] for row in rows),
        rows[-1]["close"],
        None if None in volumes else sum(volumes),
    )


def average_price(rows: list[Row]) -> float | None:
    """Weighted with the volumes, by a loop over what was traded."""
    money, units = 0.0, 0
    for row in rows:
        if row["volume"] is None or (row["volume"] and row["vwap"] is None):
            return None
        if row["volume"]:
            money += row["vwap"] * row["volume"]
            units += row["volume"]
    return money / units if units else None


@PERIODS
@given(frame=eod_frames(max_symbols=2) | near_days())
def test_each_candle_is_what_a_loop_over_its_days_has(
    resample: Resample, period: Callable[[date], tuple[int, int]], frame: pl.DataFrame
) -> None:
    """By Python's own calendar."""
    groups = grouped(frame, lambda row: period(row["date"]))
    found = resample(frame)
    assert found.select("symbol", *PRICES, "volume").rows() == [
        (rows[0]["symbol"], *candle(rows)) for rows in groups
    ]
    assert found.select("date", "first_date", "days").rows() == [
        (rows[-1]["date"], rows[0]["date"], len(rows)) for rows in groups
    ]
    for value, rows in zip(found["vwap"], groups, strict=True):
        expected = average_price(rows)
        assert value == (None if expected is None else pytest.approx(expected, rel=1e-9))


@PERIODS
@given(frame=near_days(), data=st.data())
def test_a_cut_between_two_periods_changes_nothing(
    resample: Resample, period: Callable[[date], tuple[int, int]], frame: pl.DataFrame, data: st.DataObject
) -> None:
    """Nor do the rows' and the symbols' order."""
    whole = resample(frame)
    day = data.draw(st.sampled_from(frame["date"].to_list() or [date(2026, 7, 1)]))
    is_before = pl.Series([period(each) < period(day) for each in frame["date"]], dtype=pl.Boolean)
    parts = [resample(frame.filter(is_before)), resample(frame.filter(~is_before))]
    assert_same(pl.concat(parts).sort("symbol", "date"), whole)
    order = data.draw(st.permutations(range(frame.height)))
    assert_same(resample(frame[order]), whole)


@given(minute_bars(), st.sampled_from([1, 2, 5, 7, 60, 200, 390, 1000]))
def test_each_bar_is_what_a_loop_over_its_minutes_has(bars: pl.DataFrame, minutes: int) -> None:
    """Minutes counted from the open; what lies outside is in none."""
    span = timedelta(minutes=minutes)
    hours = {day.open_at.date(): day for day in DAYS}

    def begins_at(row: Row) -> datetime:
        opened = hours[row["time"].date()].open_at
        begins: datetime = opened + (row["time"] - opened) // span * span
        return begins

    inside = [hours[time.date()].open_at <= time < hours[time.date()].close_at for time in bars["time"]]
    groups = grouped(bars.filter(pl.Series(inside, dtype=pl.Boolean)), begins_at)
    assert intraday(bars, CALENDAR, minutes=minutes).rows() == [
        (rows[0]["symbol"], begins_at(rows[0]), rows[0]["time"].date(), *candle(rows)) for rows in groups
    ]


@given(minute_bars(), st.sampled_from([(5, 15), (2, 6), (7, 21), (30, 60), (60, 390)]))
def test_bars_of_bars_are_bars(bars: pl.DataFrame, lengths: tuple[int, int]) -> None:
    """From one minute to five to fifteen is from one to fifteen."""
    short, long = lengths
    step = intraday(intraday(bars, CALENDAR, minutes=short), CALENDAR, minutes=long)
    assert step.equals(intraday(bars, CALENDAR, minutes=long))


@given(minute_bars(), st.integers(1, 500))
def test_bars_keep_what_was_traded(bars: pl.DataFrame, minutes: int) -> None:
    """The volumes' sum and the extremes of each day, and they lie in its hours."""
    known = bars.with_columns(pl.col("volume").fill_null(0))
    each, found = intraday(known, CALENDAR, minutes=1), intraday(known, CALENDAR, minutes=minutes)
    totals = [pl.col("volume").sum(), pl.col("high").max(), pl.col("low").min()]
    by_day = [frame.group_by("symbol", "date").agg(totals).sort("symbol", "date") for frame in (each, found)]
    assert by_day[0].equals(by_day[1])
    hours = found.join(CALENDAR, on="date")
    assert (
        hours.select((pl.col("time") >= pl.col("open_at")) & (pl.col("time") < pl.col("close_at")))
        .to_series()
        .all()
    )
