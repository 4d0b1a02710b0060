# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Weeks, months and bars against pandas, and by hand where the calendar is odd."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl
import pytest

from ttapi_core.market_calendar import trading_dates
from ttapi_core.trading_day import trading_day
from ttapi_polars.frames import trading_days_frame
from ttapi_polars.resampling import intraday, monthly, weekly
from ttapi_polars.schemas import EOD_DATA, INSTANT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

OPEN = pd.Timedelta(hours=9, minutes=30)
ENGINES = pytest.mark.parametrize("engine", ["streaming", "in-memory"])
BOTH_PERIODS = pytest.mark.parametrize("resample", [weekly, monthly])
CANDLE = ["open", "high", "low", "close", "volume", "vwap"]


def candles(symbol: str, times: Iterable[date], name: str = "date", seed: int = 3) -> pl.DataFrame:
    """One candle for each date or time, with prices in quarters at random."""
    chance = random.Random(f"{symbol} {seed}")
    rows: list[tuple[object, ...]] = []
    for each in times:
        low, first, last, high = (quarters / 4 for quarters in sorted(chance.choices(range(400, 480), k=4)))
        opened, closed = chance.sample([first, last], 2)
        rows.append((symbol, each, opened, high, low, closed, chance.randrange(1, 1000), (low + high) / 2))
    schema = {"symbol": pl.String, name: pl.Date if name == "date" else INSTANT} | dict.fromkeys(
        CANDLE, pl.Float64
    )
    return pl.DataFrame(rows, schema=schema | {"volume": pl.Int64}, orient="row", strict=False)


YEARS = trading_dates(date(2024, 12, 1), date(2026, 3, 31))
DAILY = pl.concat([candles("A", YEARS), candles("B", YEARS[7:-9])])


def minutes_of(day: date, symbol: str = "A") -> pl.DataFrame:
    """A bar for each minute of New York's regular hours, and for an hour before and after."""
    hours = trading_day(day)
    first = hours.open_at - timedelta(hours=1)
    count = hours.session_minutes + 120
    return candles(
        symbol, [first + timedelta(minutes=minute) for minute in range(count)], "time", day.toordinal()
    )


def on_the_wall(name: str) -> pl.Expr:
    """The time as New York's clocks showed it."""
    return pl.col(name).dt.convert_time_zone("America/New_York").dt.replace_time_zone(None)


def calendar(*days: date) -> pl.DataFrame:
    """Their hours."""
    return trading_days_frame(trading_day(day) for day in days)


def rows_of(frame: pd.DataFrame, *names: str) -> list[tuple[object, ...]]:
    """As Polars gives them."""
    return list(frame[list(names)].itertuples(index=False, name=None))


def by_pandas(frame: pl.DataFrame, group: Callable[[pd.DataFrame], pd.Series]) -> pd.DataFrame:
    """One candle for each group of rows, by pandas."""
    rows = pd.DataFrame(frame.to_dict(as_series=False))
    rows["in_money"] = rows["vwap"] * rows["volume"]
    when = frame.columns[1]
    merged = rows.groupby(["symbol", group(rows).rename("period")]).agg(
        last=(when, "last"),
        open=("open", "first"),
        high=("high", "max"),
        low=("low", "min"),
        close=("close", "last"),
        volume=("volume", "sum"),
        in_money=("in_money", "sum"),
        first=(when, "first"),
        count=("close", "size"),
    )
    merged["vwap"] = merged["in_money"] / merged["volume"]
    return merged.reset_index()


@pytest.mark.parametrize(("resample", "period"), [(weekly, "W-SUN"), (monthly, "M")])
def test_weeks_and_months_are_what_pandas_has(
    resample: Callable[[pl.DataFrame], pl.DataFrame], period: str
) -> None:
    """Of sixteen months of two symbols."""
    found = resample(DAILY)
    expected = by_pandas(DAILY, lambda rows: pd.to_datetime(rows["date"]).dt.to_period(period))
    assert found.columns == ["symbol", "date", *CANDLE, "first_date", "days"]
    assert found.drop("vwap").rows() == rows_of(expected, "symbol", "last", *CANDLE[:-1], "first", "count")
    assert found["vwap"].to_list() == pytest.approx(expected["vwap"].to_list(), rel=1e-12)


def test_a_week_begins_on_monday_whatever_the_year() -> None:
    """It goes from December to January, and a holiday shortens it."""
    days = [date(2025, 12, 26), date(2025, 12, 29), date(2025, 12, 31), date(2026, 1, 2), date(2026, 1, 5)]
    found = weekly(candles("A", days))
    assert found.select("first_date", "date", "days").rows() == [
        (days[0], days[0], 1),
        (days[1], days[3], 3),
        (days[4], days[4], 1),
    ]


def test_a_sunday_belongs_to_the_week_before() -> None:
    """For markets that trade on it."""
    days = [date(2026, 7, 3), date(2026, 7, 5), date(2026, 7, 6)]
    assert weekly(candles("A", days))["days"].to_list() == [2, 1]


@BOTH_PERIODS
@ENGINES
def test_rows_in_any_order_give_the_same(
    resample: Callable[[pl.LazyFrame], pl.LazyFrame], engine: pl._typing.EngineType
) -> None:
    """Sorted by symbol and date in the end, lazily or not."""
    shuffled = DAILY.sample(fraction=1, shuffle=True, seed=5)
    found = resample(shuffled.lazy())
    assert isinstance(found, pl.LazyFrame)
    expected = resample(DAILY.lazy()).collect(engine="in-memory")
    assert found.drop("vwap").collect(engine=engine).equals(expected.drop("vwap"))
    assert found.collect(engine=engine)["vwap"].to_list() == pytest.approx(expected["vwap"].to_list())


@BOTH_PERIODS
def test_other_columns_and_a_vwap_that_is_not_there_are_left_out(
    resample: Callable[[pl.DataFrame], pl.DataFrame],
) -> None:
    """Of the dataset's twelve columns, six and the key are of use."""
    frame = pl.concat([EOD_DATA.empty(), DAILY], how="diagonal")
    assert resample(frame).columns == ["symbol", "date", *CANDLE, "first_date", "days"]
    assert resample(frame.drop("vwap")).columns == ["symbol", "date", *CANDLE[:-1], "first_date", "days"]
    assert resample(frame.drop("vwap")).equals(resample(DAILY).drop("vwap"))


@BOTH_PERIODS
def test_no_candles_have_no_weeks_but_their_columns(resample: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """With the dtypes of the dataset."""
    found = resample(EOD_DATA.empty())
    schema = EOD_DATA.polars_schema
    expected = {name: schema[name] for name in ("symbol", "date", *CANDLE)}
    assert found.schema == {**expected, "first_date": pl.Date, "days": pl.Int64}
    assert found.is_empty()


@pytest.mark.parametrize(
    ("volumes", "averages", "volume", "vwap"),
    [
        ([100, 300], [10.0, 12.0], 400, 11.5),
        ([100, None], [10.0, 12.0], None, None),
        ([None, None], [10.0, 12.0], None, None),
        ([100, 300], [10.0, None], 400, None),
        ([100, 0], [10.0, None], 100, 10.0),
        ([100, 0], [10.0, 99.0], 100, 10.0),
        ([0, 0], [None, 12.0], 0, None),
    ],
)
@ENGINES
def test_what_is_not_known_of_a_day_is_not_known_of_its_week(
    volumes: list[int | None],
    averages: list[float | None],
    volume: int | None,
    vwap: float | None,
    engine: pl._typing.EngineType,
) -> None:
    """A volume that is missing is not zero, and a day without a trade needs no average."""
    frame = candles("A", [date(2026, 7, 6), date(2026, 7, 7)]).with_columns(
        volume=pl.Series(volumes, dtype=pl.Int64), vwap=pl.Series(averages, dtype=pl.Float64)
    )
    found = weekly(frame.lazy()).collect(engine=engine)
    assert found.select("volume", "vwap").row(0) == (volume, vwap)


@ENGINES
def test_a_price_that_is_missing_makes_no_other_the_first_or_last(engine: pl._typing.EngineType) -> None:
    """Open and close are those of the first and the last day; high and low are of those there are."""
    frame = candles("A", [date(2026, 7, day) for day in (6, 7, 8)]).with_columns(
        open=pl.Series([None, 2.0, 3.0]), high=pl.Series([5.0, None, 4.0]), close=pl.Series([1.0, 2.0, None])
    )
    found = weekly(frame.lazy()).collect(engine=engine)
    assert found.select("open", "high", "close").row(0) == (None, 5.0, None)


@pytest.mark.parametrize(
    ("dtype", "wide"), [(pl.Int32, pl.Int64), (pl.UInt32, pl.Int64), (pl.Float32, pl.Float64)]
)
@ENGINES
def test_a_sum_of_narrow_volumes_is_wide(
    dtype: pl.DataType, wide: pl.DataType, engine: pl._typing.EngineType
) -> None:
    """It neither wraps nor loses a unit."""
    volume = pl.Series([2**31 - 128, 2**31 - 128, 128]).cast(dtype)
    frame = candles("A", [date(2026, 7, day) for day in (6, 7, 8)]).with_columns(volume=volume)
    found = weekly(frame.lazy()).collect(engine=engine)["volume"]
    assert found.dtype == wide
    assert found.to_list() == [2**32 - 128]


# The clocks went forward on Sunday, 8 March 2026, and back on 1 November; 27 November was a half day.
@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        (date(2026, 3, 6), 14.5, 21.0),
        (date(2026, 3, 9), 13.5, 20.0),
        (date(2026, 10, 30), 13.5, 20.0),
        (date(2026, 11, 2), 14.5, 21.0),
        (date(2026, 11, 27), 14.5, 18.0),
    ],
)
@pytest.mark.parametrize("minutes", [1, 5, 7, 60, 210, 391])
def test_bars_are_counted_from_the_open(day: date, opens: float, closes: float, minutes: int) -> None:
    """In summer and winter, and to the end of a half day; the last bar is what is left."""
    found = intraday(minutes_of(day), calendar(day), minutes=minutes)
    midnight = datetime.combine(day, time(), UTC)
    first, last = midnight + timedelta(hours=opens), midnight + timedelta(hours=closes)
    count = -(-(last - first) // timedelta(minutes=minutes))
    assert found["time"].to_list() == [first + number * timedelta(minutes=minutes) for number in range(count)]
    assert found["date"].unique().to_list() == [day]
    given = minutes_of(day).filter(pl.col("time") >= first, pl.col("time") < last)
    assert found["open"][0] == given["open"][0]
    assert found["close"][-1] == given["close"][-1]
    assert found["volume"].sum() == given["volume"].sum()


@pytest.mark.parametrize("minutes", [1, 4, 15, 60])
@ENGINES
def test_bars_are_what_pandas_has(minutes: int, engine: pl._typing.EngineType) -> None:
    """Two symbols over the change of the clocks, in any order of rows; by New York's wall clock in pandas."""
    days = [date(2026, 3, 6), date(2026, 3, 9), date(2026, 3, 10)]
    bars = pl.concat([minutes_of(day, symbol) for symbol in "AB" for day in days])
    found = intraday(
        bars.sample(fraction=1, shuffle=True, seed=2).lazy(), calendar(*days), minutes=minutes
    ).collect(engine=engine)
    wall = bars.with_columns(on_the_wall("time"))
    regular = wall.filter(pl.col("time").dt.time().is_between(time(9, 30), time(15, 59)))
    span = pd.Timedelta(minutes=minutes)
    expected = by_pandas(
        regular,
        lambda rows: rows["time"] - (rows["time"] - rows["time"].dt.normalize() - OPEN) % span,
    )
    assert found.columns == ["symbol", "time", "date", *CANDLE]
    assert found.select(on_the_wall("time")).to_series().to_list() == expected["period"].to_list()
    assert found.select("symbol", *CANDLE[:-1]).rows() == rows_of(expected, "symbol", *CANDLE[:-1])
    assert found["vwap"].to_list() == pytest.approx(expected["vwap"].to_list(), rel=1e-12)


def test_bars_outside_of_the_hours_given_are_left_out() -> None:
    """Before the open, from the close on, and on a day that the calendar does not have."""
    days = [date(2026, 7, 1), date(2026, 7, 2)]
    bars = pl.concat([minutes_of(day) for day in days])
    hours = calendar(days[1])
    found = intraday(bars, hours, minutes=1)
    assert found.height == 390
    assert found["time"][0] == hours["open_at"][0]
    assert found["time"][-1] == hours["close_at"][0] - timedelta(minutes=1)
    assert intraday(bars, hours.clear(), minutes=1).is_empty()


def test_a_bar_without_trades_is_no_bar() -> None:
    """It is not filled up, and its neighbours keep their place."""
    opened = trading_day(date(2026, 7, 1)).open_at
    bars = candles("A", [opened + timedelta(minutes=minute) for minute in (3, 4, 16, 17)], "time")
    found = intraday(bars, calendar(date(2026, 7, 1)), minutes=5)
    assert found["time"].to_list() == [opened, opened + timedelta(minutes=15)]
    assert found["open"].to_list() == [bars["open"][0], bars["open"][2]]


def test_hours_may_go_over_midnight() -> None:
    """Of a future that trades from the evening before: the day in UTC is no border."""
    opened = datetime(2026, 7, 1, 22, 0, tzinfo=UTC)
    days = [date(2026, 7, 2), date(2026, 7, 3)]
    hours = pl.DataFrame(
        {"date": days, "open_at": [opened, opened + timedelta(days=1)]},
    ).with_columns(close_at=pl.col("open_at") + pl.duration(hours=23))
    bars = candles("A", [opened + timedelta(minutes=minute) for minute in range(2 * 24 * 60)], "time")
    found = intraday(bars, hours, minutes=180)
    assert found["date"].to_list() == [days[0]] * 8 + [days[1]] * 8
    assert found["time"][8] == opened + timedelta(days=1)
    traded = pl.concat([bars[:1380], bars[1440:2820]])
    assert found["volume"].sum() == traded["volume"].sum()


def test_times_in_milliseconds_are_understood() -> None:
    """As the feed has them."""
    day = date(2026, 7, 1)
    bars = minutes_of(day)
    narrow = bars.with_columns(pl.col("time").dt.cast_time_unit("ms"))
    assert intraday(narrow, calendar(day), minutes=30).equals(intraday(bars, calendar(day), minutes=30))


def test_the_calendar_may_be_a_query_and_the_vwap_may_lack() -> None:
    """Independently of what the bars are."""
    day = date(2026, 7, 1)
    bars, hours = minutes_of(day), calendar(day)
    expected = intraday(bars, hours, minutes=30)
    assert intraday(bars, hours.lazy(), minutes=30).equals(expected)
    assert intraday(bars.lazy(), hours.lazy(), minutes=30).collect().equals(expected)
    assert intraday(bars.drop("vwap"), hours, minutes=30).equals(expected.drop("vwap"))


def test_no_bars_have_no_bars_but_their_columns() -> None:
    """With the dtypes of what was given."""
    bars = minutes_of(date(2026, 7, 1))
    found = intraday(bars.clear(), calendar(date(2026, 7, 1)), minutes=5)
    assert found.schema == {"symbol": pl.String, "time": INSTANT, "date": pl.Date} | {
        name: bars.schema[name] for name in CANDLE
    }


@pytest.mark.parametrize("minutes", [0, -5, 2.5, float("nan"), float("inf")])
def test_minutes_are_a_whole_number(minutes: int) -> None:
    """Anything else is refused with its value, before any bar is read."""
    with pytest.raises(ValueError, match=f"minutes is {minutes}; it must be a whole number of at least 1"):
        intraday(pl.LazyFrame(), pl.LazyFrame(), minutes=minutes)
