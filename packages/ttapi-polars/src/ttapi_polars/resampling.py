# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candles of longer spans from those of shorter ones: weeks and months from days, bars from finer bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, overload

import polars as pl
from polars import selectors as cs

from ttapi_polars.windows import whole

if TYPE_CHECKING:
    from ttapi_polars.typing import Candles

# Where there is no such column, this and all that is made of it is no column either.
_VWAP: Final = cs.by_name("vwap", require_all=False)
_CANDLE: Final = ("open", "high", "low", "close", "volume", _VWAP)
_VOLUME: Final = cs.by_name("volume")
# A sum of narrower numbers is as narrow, and wraps or loses units.
_WIDE_VOLUME: Final = ((_VOLUME & cs.integer()).cast(pl.Int64), (_VOLUME & cs.float()).cast(pl.Float64))


def weekly(candles: Candles) -> Candles:
    """
    One candle per symbol and week, Monday to Sunday as ISO 8601 has it, labelled with its last trading day.

    Parameters
    ----------
    candles
        Daily candles in any order of rows, no two of one symbol and date: columns ``symbol``, ``date``,
        ``open``, ``high``, ``low``, ``close``, ``volume`` and, where there is one, ``vwap``. Other columns
        are left out.

    Returns
    -------
    DataFrame or LazyFrame
        What was given, as ``symbol``; ``date``, the last day that has a candle; ``open`` of the first day,
        ``high`` and ``low`` of all, ``close`` of the last; ``volume``, the sum; ``vwap``, the average of the
        days' weighted with their volumes, if it was given; ``first_date``; ``days``, how many candles, Int64.
        Sorted by symbol and date. The first and the last week of a symbol are made of the days that there
        are. A symbol that does not trade in a week has no candle for it.

        ``volume`` is null where a day's is null: the sum of the others would look like all of it. ``vwap`` is
        null where a day's volume or, on a day that traded, its ``vwap`` is null, and where nothing was traded
        in the week. Collect a query with ``engine="streaming"``.

    Examples
    --------
    >>> from datetime import date
    >>> days = [date(2026, 7, 2), date(2026, 7, 6), date(2026, 7, 7)]  # a Thursday, Monday, Tuesday
    >>> candles = pl.DataFrame({"symbol": "A", "date": days, "close": [1.0, 2.0, 3.0], "volume": 100})
    >>> candles = candles.with_columns(open=pl.col("close") - 0.5, high=pl.col("close") + 1, low=0.25)
    >>> found = weekly(candles)
    >>> found.select("open", "high", "low", "close", "volume", "days").rows()
    [(0.5, 2.0, 0.25, 1.0, 100, 1), (1.5, 4.0, 0.25, 3.0, 200, 2)]
    >>> found["date"].to_list() == [days[0], days[2]], found["first_date"].to_list() == days[:2]
    (True, True)
    """
    return _by_period(candles, "1w")


def monthly(candles: Candles) -> Candles:
    """
    One candle per symbol and calendar month, labelled with its last trading day.

    Parameters
    ----------
    candles
        Daily candles, as for ``weekly``.

    Returns
    -------
    DataFrame or LazyFrame
        As ``weekly``, by months.

    Examples
    --------
    >>> from datetime import date
    >>> days = [date(2026, 6, 29), date(2026, 6, 30), date(2026, 7, 1)]
    >>> candles = pl.DataFrame({"symbol": "A", "date": days, "close": [1.0, 2.0, 3.0], "volume": 100})
    >>> candles = candles.with_columns(open="close", high="close", low="close")
    >>> monthly(candles).select("open", "close", "volume", "days").rows()
    [(1.0, 2.0, 200, 2), (3.0, 3.0, 100, 1)]
    """
    return _by_period(candles, "1mo")


@overload
def intraday(
    candles: pl.DataFrame, trading_days: pl.DataFrame | pl.LazyFrame, *, minutes: int
) -> pl.DataFrame: ...
@overload
def intraday(
    candles: pl.LazyFrame, trading_days: pl.DataFrame | pl.LazyFrame, *, minutes: int
) -> pl.LazyFrame: ...
def intraday(
    candles: pl.DataFrame | pl.LazyFrame, trading_days: pl.DataFrame | pl.LazyFrame, *, minutes: int
) -> pl.DataFrame | pl.LazyFrame:
    """
    Bars of so many minutes from finer bars, beginning anew with each trading day's open.

    No bar reaches over the end of a day: where the day's minutes are no multiple, as the 210 of a half day
    are none of 60, the day's last bar is shorter. What daylight saving does to the hours is in
    ``trading_days``.

    Parameters
    ----------
    candles
        Bars in any order of rows, no two of one symbol and time: columns ``symbol``; ``time``, at which the
        bar begins, Datetime in UTC; ``open``, ``high``, ``low``, ``close``, ``volume`` and, where there is
        one, ``vwap``. Their length has to divide ``minutes``. Other columns are left out.
    trading_days
        ``date``, ``open_at`` and ``close_at``, as in ``schemas.TRADING_DAYS``; days must not overlap.
    minutes
        Length of the new bars.

    Returns
    -------
    DataFrame or LazyFrame
        What ``candles`` is, as ``symbol``; ``time``, at which the bar begins, counted from the open, whether
        or not there is a finer bar for that minute; ``date``, the trading day; ``open``, ``high``, ``low``,
        ``close``, ``volume`` and ``vwap`` as in ``weekly``. Sorted by symbol and time. Bars that begin
        outside of all ``trading_days`` are left out, and where nothing is given for a bar, there is none.
        Collect a query with ``engine="streaming"``.

    Raises
    ------
    ValueError
        When ``minutes`` is not a whole number of at least 1.

    Examples
    --------
    >>> from datetime import UTC, date, datetime
    >>> opened, closed = datetime(2026, 7, 1, 13, 30, tzinfo=UTC), datetime(2026, 7, 1, 20, 0, tzinfo=UTC)
    >>> calendar = pl.DataFrame({"date": [date(2026, 7, 1)], "open_at": opened, "close_at": closed})
    >>> bars = pl.DataFrame(
    ...     {
    ...         "symbol": "A",
    ...         "time": [datetime(2026, 7, 1, 13, minute, tzinfo=UTC) for minute in (29, 30, 34, 35)],
    ...         "close": [9.0, 1.0, 3.0, 2.0],
    ...         "volume": 100,
    ...     }
    ... ).with_columns(open="close", high="close", low="close")
    >>> found = intraday(bars, calendar, minutes=5)
    >>> found.select(pl.col("time").dt.minute(), "open", "high", "close", "volume").rows()
    [(30, 1.0, 3.0, 3.0, 200), (35, 2.0, 2.0, 2.0, 100)]
    """
    bars = _bars(candles.lazy(), trading_days.lazy(), whole("minutes", minutes))
    return bars.collect() if isinstance(candles, pl.DataFrame) else bars


def _by_period(candles: Candles, every: str) -> Candles:
    date = pl.col("date")
    return (
        candles.with_columns(_WIDE_VOLUME)
        .group_by("symbol", period=date.dt.truncate(every))
        .agg(date.max(), *_merged("date"), first_date=date.min(), days=pl.len().cast(pl.Int64))
        .drop("period")
        .sort("symbol", "date")
    )


def _bars(candles: pl.LazyFrame, trading_days: pl.LazyFrame, minutes: int) -> pl.LazyFrame:
    time, open_at, close_at = pl.col("time"), pl.col("open_at"), pl.col("close_at")
    # Rows in any order find their day by its date in UTC, of which hours over midnight have two.
    utc_dates = pl.date_ranges(open_at.dt.date(), close_at.dt.date())
    hours = trading_days.select("date", "open_at", "close_at", utc_date=utc_dates).explode("utc_date")
    elapsed = (time - open_at).dt.total_minutes() // minutes * minutes
    return (
        candles.select("symbol", "time", *_CANDLE, utc_date=time.dt.date())
        .with_columns(_WIDE_VOLUME)
        .join(hours, on="utc_date")
        .filter(time >= open_at, time < close_at)
        .group_by("symbol", begins_at=open_at + pl.duration(minutes=elapsed))
        .agg(pl.col("date").first(), *_merged("time"))
        .select("symbol", pl.col("begins_at").alias("time"), "date", *_CANDLE)
        .sort("symbol", "time")
    )


def _merged(order: str) -> tuple[pl.Expr, ...]:
    """One candle of several, which are in the order of that column."""
    volume, total = pl.col("volume"), pl.col("volume").sum()
    in_money = pl.when(volume == 0).then(0.0).otherwise(_VWAP * volume)
    return (
        pl.col("open").min_by(order),
        pl.col("high").max(),
        pl.col("low").min(),
        pl.col("close").max_by(order),
        pl.when(volume.null_count() == 0).then(total),
        pl.when(in_money.null_count() == 0, total > 0).then(in_money.sum() / total).alias("vwap"),
    )
