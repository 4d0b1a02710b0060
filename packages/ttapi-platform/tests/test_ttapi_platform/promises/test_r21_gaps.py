# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R21: no half day, closure, leap day or change of the clocks is a gap, and every real gap is found."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import polars as pl
import pytest

from ttapi_core.market_calendar import trading_dates
from ttapi_core.settings import Environment
from ttapi_core.trading_day import trading_day
from ttapi_platform.datasets import Dataset
from ttapi_platform.lake import Lake
from ttapi_platform.prepared import prepare
from ttapi_platform.verification import hole_days, verify
from ttapi_polars.coverage import holes, strays
from ttapi_polars.frames import trading_days_frame
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIRST, LAST = date(1990, 1, 2), date(2027, 12, 31)
NOW: Final = datetime(2028, 1, 1, tzinfo=UTC)
# Closed for a day that no rule foresees, on working days.
CLOSURES: Final = tuple(
    date.fromisoformat(day)
    for day in (
        *("1994-04-27", "2001-09-11", "2001-09-12", "2001-09-13", "2001-09-14", "2004-06-11"),
        *("2007-01-02", "2012-10-29", "2012-10-30", "2018-12-05", "2025-01-09"),
    )
)
HALF_DAYS: Final = tuple(
    date.fromisoformat(day)
    for day in ("1999-12-31", "2012-11-23", "2019-07-03", "2024-11-29", "2024-12-24", "2026-11-27")
)
LEAP_DAYS: Final = (date(1996, 2, 29), date(2000, 2, 29), date(2012, 2, 29), date(2024, 2, 29))
YEARS_OF_SWITCHES: Final = range(2014, 2026)
AROUND: Final = 5  # trading days on each side of a day that is taken out


@pytest.fixture(scope="module")
def days() -> list[date]:
    """All trading days."""
    return trading_dates(FIRST, LAST)


@pytest.fixture(scope="module")
def calendar(days: list[date]) -> pl.DataFrame:
    """The dataset of the trading days."""
    return trading_days_frame(map(trading_day, days))


def mondays_after_switches() -> list[date]:
    """The law of 2005: the clocks change on the second Sunday of March and on the first of November."""
    sundays = [
        first + timedelta(days=6 - first.weekday())
        for year in YEARS_OF_SWITCHES
        for first in (date(year, 3, 8), date(year, 11, 1))
    ]
    return [sunday + timedelta(days=1) for sunday in sundays]


@pytest.mark.promise("R21")
def test_candles_on_exactly_the_trading_days_lack_nothing(
    days: list[date],
    calendar: pl.DataFrame,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """In a lake, as `ttapi data verify` looks at one; the special days are what they should be."""
    minutes = dict(calendar.select("date", "session_minutes").rows())
    assert {minutes[day] for day in HALF_DAYS} == {210}
    assert {minutes[day] for day in LEAP_DAYS} == {390}
    mondays = mondays_after_switches()
    assert len(mondays) == 24
    assert {minutes[day] for day in mondays} == {390}
    assert not minutes.keys() & set(CLOSURES)
    columns = {"symbol": "SPY", "date": days}
    columns |= dict.fromkeys(("open", "high", "low", "close"), [10.25] * len(days))
    columns |= dict.fromkeys(("volume", "vwap", "implied_volatility"), [None] * len(days))
    candles = validate(pl.DataFrame(columns), EOD_DATA)
    lake = Lake(tmp_path / "lake", environment=Environment.SANDBOX)
    with lake.writing():
        for name, frame in (("trading_days", calendar), ("eod_data", candles)):
            dataset = Dataset(name=name, ttl=timedelta(days=1))
            lake.commit(dataset, prepare(name, frame), inputs={}, collected_at=NOW)
    assert hole_days(lake).is_empty()
    assert verify(lake) == ()
    halves = calendar.filter("is_half_day").height
    record_property(
        "promise",
        f"R21: candles on {len(days):,} trading days of 38 years, {halves} half days, {len(mondays)} Mondays "
        f"after a change of the clocks, {len(CLOSURES)} special closures between: 0 gaps alarmed",
    )


@pytest.mark.promise("R21")
def test_each_day_that_is_taken_out_is_found_and_no_other(
    days: list[date], calendar: pl.DataFrame, record_property: Callable[[str, object], None]
) -> None:
    """Every day of 38 years once, each out of a symbol of its own with some days around it."""
    rows = [
        (taken.isoformat(), day)
        for index, taken in enumerate(days[1:-1], start=1)
        for day in days[max(0, index - AROUND) : index + AROUND + 1]
        if day != taken
    ]
    candles = pl.LazyFrame(rows, schema={"symbol": pl.String, "date": pl.Date}, orient="row")
    found = holes(candles, calendar).rows()
    assert found == [(day.isoformat(), day) for day in days[1:-1]]
    assert strays(candles, calendar).is_empty()
    record_property("promise", f"R21: {len(found):,} days taken out one by one: each found, 0 others")


@pytest.mark.promise("R21")
def test_a_candle_on_a_special_closure_is_found(days: list[date], calendar: pl.DataFrame) -> None:
    """And on nothing else: a day without trading has no candle."""
    candles = pl.LazyFrame({"symbol": "SPY", "date": sorted([*days, *CLOSURES])})
    assert strays(candles, calendar)["date"].to_list() == list(CLOSURES)
    assert holes(candles, calendar).is_empty()
