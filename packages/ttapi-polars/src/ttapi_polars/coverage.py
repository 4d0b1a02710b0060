# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Which days candles cover: each symbol's span, the trading days it lacks, where an update has to begin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from datetime import date


def spans(candles: pl.LazyFrame) -> pl.LazyFrame:
    """
    Per symbol: the first and the last day with a candle, and how many days have one.

    Parameters
    ----------
    candles
        Rows with columns symbol and date, in any order.

    Returns
    -------
    LazyFrame
        ``symbol``; ``first_date`` and ``last_date``; ``days``, Int64. Sorted by symbol; a symbol without a
        candle has no row. Collect with ``engine="streaming"``.

    Examples
    --------
    >>> from datetime import date
    >>> days = [date(2026, 7, 1), date(2026, 7, 6), date(2026, 7, 1)]
    >>> found = spans(pl.LazyFrame({"symbol": ["A", "A", "B"], "date": days})).collect()
    >>> [(symbol, str(first), str(last), days) for symbol, first, last, days in found.rows()]
    [('A', '2026-07-01', '2026-07-06', 2), ('B', '2026-07-01', '2026-07-01', 1)]
    """
    day = pl.col("date")
    return (
        candles.group_by("symbol")
        .agg(
            day.min().alias("first_date"), day.max().alias("last_date"), pl.len().cast(pl.Int64).alias("days")
        )
        .sort("symbol")
    )


def start_of_update(stored: pl.DataFrame, trading_days: pl.DataFrame, *, overlap: int = 5) -> dict[str, date]:
    """
    Symbol to the day from which to ask, so that the answer overlaps what is stored by so many trading days.

    Parameters
    ----------
    stored
        What ``spans`` gives.
    trading_days
        Rows with a column date, ascending.
    overlap
        Trading days that are asked for again, a symbol's last one included.

    Returns
    -------
    dict
        Never earlier than the symbol's first day, and that day where the calendar does not reach back far
        enough to count.

    Raises
    ------
    ValueError
        When ``overlap`` is less than 1: without a day in common nothing can be compared.

    Examples
    --------
    >>> from datetime import date
    >>> calendar = pl.DataFrame({"date": [date(2026, 7, day) for day in (1, 2, 6, 7, 8)]})
    >>> stored = pl.DataFrame(
    ...     {"symbol": ["A"], "first_date": [date(2020, 1, 2)], "last_date": [date(2026, 7, 7)]}
    ... )
    >>> start_of_update(stored, calendar, overlap=3)
    {'A': datetime.date(2026, 7, 2)}
    """
    if overlap < 1:
        raise ValueError(f"an update needs an overlap of at least 1 trading day, not {overlap}")
    days = trading_days["date"]
    position = days.search_sorted(stored["last_date"], "right").cast(pl.Int64) - overlap
    countable = position.set(position < 0, None)
    start = pl.max_horizontal("first_date", days.gather(countable))
    return dict(stored.select("symbol", start).iter_rows())


def holes(
    candles: pl.LazyFrame, trading_days: pl.DataFrame, *, last_day: date | Mapping[str, date] | None = None
) -> pl.DataFrame:
    """
    Symbol and date of each trading day between a symbol's first and last candle that has no candle.

    Before its first candle a symbol was not yet listed, and after its last it may trade no more: neither is a
    hole. A candle without a volume is a candle, and a half day is a trading day like any other.

    Parameters
    ----------
    candles
        Rows with columns symbol and date, in any order; no symbol has a day twice.
    trading_days
        Rows with a column date, ascending. Days before its first and after its last are not judged.
    last_day
        The day up to which candles are due, itself included: one for all symbols, or each symbol's own, such
        as those of the symbols that are still active. A symbol that is not named ends with its last candle.

    Returns
    -------
    DataFrame
        ``symbol`` and ``date``, sorted by both.

    Examples
    --------
    >>> from datetime import date
    >>> calendar = pl.DataFrame({"date": [date(2026, 7, day) for day in (1, 2, 6, 7)]})
    >>> candles = pl.LazyFrame({"symbol": ["A", "A"], "date": [date(2026, 7, 1), date(2026, 7, 6)]})
    >>> holes(candles, calendar)["date"].to_list()
    [datetime.date(2026, 7, 2)]
    >>> holes(candles, calendar, last_day=date(2026, 7, 7))["date"].to_list()
    [datetime.date(2026, 7, 2), datetime.date(2026, 7, 7)]
    """
    days = trading_days["date"]
    # Marked before they are grouped: within the aggregation, Polars 2.1 would look each symbol up by itself.
    on_calendar = candles.select("symbol", "date", is_due=pl.col("date").is_in(days.implode()))
    counted = (
        on_calendar.group_by("symbol")
        .agg(pl.col("date").min().alias("first"), pl.col("date").max().alias("last"), pl.col("is_due").sum())
        .sort("symbol")
        .collect(engine="streaming")
    )
    last = pl.max_horizontal("last", _due_until(counted["symbol"], last_day))
    due = counted.select("symbol", "is_due", "first", last).with_columns(
        begin=days.search_sorted(counted["first"], "left").cast(pl.Int64)
    )
    due = due.with_columns(end=days.search_sorted(due["last"], "right").cast(pl.Int64))
    lacking = due.filter(pl.col("end") - pl.col("begin") > pl.col("is_due"))
    return _lacked(candles, days, lacking)


def strays(candles: pl.LazyFrame, trading_days: pl.DataFrame) -> pl.DataFrame:
    """
    Symbol and date of each candle on a day that is no trading day.

    Parameters
    ----------
    candles
        Rows with columns symbol and date, in any order.
    trading_days
        Rows with a column date, ascending. Days before its first and after its last are not judged.

    Returns
    -------
    DataFrame
        ``symbol`` and ``date``, sorted by both.

    Examples
    --------
    >>> from datetime import date
    >>> calendar = pl.DataFrame({"date": [date(2026, 7, 2), date(2026, 7, 6)]})
    >>> candles = pl.LazyFrame({"symbol": ["A", "A"], "date": [date(2026, 7, 2), date(2026, 7, 3)]})
    >>> strays(candles, calendar)["date"].to_list()
    [datetime.date(2026, 7, 3)]
    """
    days, day = trading_days["date"], pl.col("date")
    judged = day.is_between(pl.lit(days.first(), pl.Date), pl.lit(days.last(), pl.Date))
    found = candles.select("symbol", "date").filter(judged, ~day.is_in(days.implode()))
    return found.sort("symbol", "date").collect(engine="streaming")


def _due_until(symbols: pl.Series, last_day: date | Mapping[str, date] | None) -> pl.Series:
    """The last day that each symbol is due, null where its last candle decides."""
    if isinstance(last_day, Mapping):
        return pl.Series([last_day.get(symbol) for symbol in symbols], dtype=pl.Date)
    return pl.Series([last_day], dtype=pl.Date).new_from_index(0, len(symbols))


def _lacked(candles: pl.LazyFrame, days: pl.Series, lacking: pl.DataFrame) -> pl.DataFrame:
    """
    The due days without a candle of symbols known to lack some.

    Each candle becomes one number that counts through all symbols' calendars, one after the other: where the
    sorted numbers leap there are holes, and never is there a row for each symbol and each day.
    """
    width = len(days) + 2  # a mark before each symbol's first due day, and one after its last
    numbered = lacking.lazy().with_columns(base=pl.int_range(pl.len(), dtype=pl.Int64) * width + 1)
    calendar = pl.LazyFrame({"date": days, "position": pl.int_range(len(days), dtype=pl.Int64, eager=True)})
    base, number = pl.col("base"), pl.col("number")
    candle_numbers = (
        candles.select("symbol", "date")
        .join(numbered.select("symbol", "base"), on="symbol")
        .join(calendar, on="date")
        .select(number=base + pl.col("position"))
    )
    marks = (numbered.select(number=base + mark) for mark in (pl.col("begin") - 1, pl.col("end")))
    missing = (
        pl.concat([candle_numbers, *marks])
        .sort("number")
        .select("number", before=number.shift(1))
        .filter(number - pl.col("before") > 1, number // width == pl.col("before") // width)
        .select(pl.int_ranges(pl.col("before") + 1, number))
        .collect(engine="streaming")
        .to_series()
        .explode()
    )
    return pl.DataFrame(
        {"symbol": lacking["symbol"].gather(missing // width), "date": days.gather(missing % width - 1)}
    )
