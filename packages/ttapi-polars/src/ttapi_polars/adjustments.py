# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Dividends and splits: their factors, stored beside raw candles, and the prices that follow from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from ttapi_core.errors import SchemaError

if TYPE_CHECKING:
    from ttapi_polars.typing import Candles

_PRICES: Final = ("open", "high", "low", "close")
_KEY: Final = ("symbol", "date")


def with_factors(candles: pl.DataFrame, dividends: pl.DataFrame, splits: pl.DataFrame) -> pl.DataFrame:
    """
    The candles with the columns ``dividend``, ``dividend_factor`` and ``split_factor`` set from events.

    Each frame of events is the whole truth about the symbols that it names: what their candles held of that
    kind before is dropped, and the candles of all other symbols stay as they are. A row with a null date or
    value names its symbol and tells of no event, so that "asked, and there are none" can be said.

    An event belongs to its own day, or to the symbol's next candle where that day has none. Before the
    symbol's first candle there is nothing to adjust, and after its last the event is not due yet: neither
    leaves a trace.

    Parameters
    ----------
    candles
        Columns of ``schemas.EOD_DATA``; the days of each symbol ascend.
    dividends
        ``symbol``, ``date``, the ex-date, and ``amount``, in the units of the candles, which is after all
        later splits. Several on one day are added up; a sum that is not positive is no dividend.
    splits
        ``symbol``, ``date``, the first day at the new price, and ``factor``, what the feed has multiplied all
        earlier prices by: 0.25 for four from one. Several on one day are multiplied.

    Returns
    -------
    DataFrame
        The same rows and columns. ``dividend_factor`` is 1 - dividend / the close before; null where there is
        no candle before, or where it would not lie between 0 and 1.

    Raises
    ------
    SchemaError
        When a split's factor is not a positive finite number.

    Examples
    --------
    >>> from datetime import date
    >>> days = [date(2003, 2, 18), date(2003, 2, 19)]
    >>> candles = pl.DataFrame({"symbol": "MSFT", "date": days, "close": [24.96, 24.53]})
    >>> candles = candles.with_columns(dividend=None, dividend_factor=None, split_factor=None)
    >>> dividends = pl.DataFrame({"symbol": ["MSFT"], "date": days[1:], "amount": [0.08]})
    >>> splits = pl.DataFrame(schema={"symbol": pl.String, "date": pl.Date, "factor": pl.Float64})
    >>> found = with_factors(candles, dividends, splits)
    >>> found["dividend"].to_list(), found["dividend_factor"].round(4).to_list()
    ([None, 0.08], [None, 0.9968])
    """
    amount, factor = pl.col("amount"), pl.col("factor")
    _require_positive(splits)
    paid = _on_candle_days(dividends, "amount", candles).group_by(_KEY).agg(amount.sum()).filter(amount > 0)
    split = _on_candle_days(splits, "factor", candles).group_by(_KEY).agg(factor.product())
    events = paid.join(split, on=_KEY, how="full", coalesce=True)
    left_of_close = 1.0 - amount / pl.col("close").shift(1).over("symbol")
    dividend_factor = pl.when(left_of_close.is_between(0.0, 1.0, closed="none")).then(left_of_close)
    has_dividends = pl.col("symbol").is_in(dividends["symbol"].unique().implode())
    has_splits = pl.col("symbol").is_in(splits["symbol"].unique().implode())
    return (
        candles.join(events, on=_KEY, how="left", maintain_order="left")
        .with_columns(
            pl.when(has_dividends).then(amount).otherwise("dividend").alias("dividend"),
            pl.when(has_dividends)
            .then(dividend_factor)
            .otherwise("dividend_factor")
            .alias("dividend_factor"),
            pl.when(has_splits).then(factor).otherwise("split_factor").alias("split_factor"),
        )
        .drop("amount", "factor")
    )


def adjusted(candles: Candles) -> Candles:
    """
    The candles with prices and volumes adjusted for dividends, and as they were traded at the time.

    The convention is the one that Yahoo publishes as following the standards of the Center for Research in
    Security Prices (CRSP), "What is the adjusted close?", help page SLN28256: all prices before an ex-date
    are multiplied by 1 - dividend / the close before the ex-date. The return over an ex-date then is
    close / (close before - dividend) - 1, and no price becomes negative. The feed's prices, and so the raw
    columns, are in the units of today's share: for splits there is nothing left to adjust, only to undo.

    Parameters
    ----------
    candles
        Columns of ``schemas.EOD_DATA``; the days of each symbol ascend, whatever the order of the symbols.

    Returns
    -------
    DataFrame or LazyFrame
        What was given, with ten more columns:

        - ``adjusted_open``, ``_high``, ``_low``, ``_close``: price x all later ``dividend_factor`` of the
          symbol. ``adjusted_volume``: ``volume``, which no dividend changes.
        - ``traded_open``, ``_high``, ``_low``, ``_close``: price / all later ``split_factor`` of the symbol.
          ``traded_volume``: ``volume`` x those, to the nearest whole unit; null where 64 bits do not hold it.

        A factor that is null counts as 1; a volume that is null stays so. The factors of a day are not for
        that day's own prices, and a symbol without factors has its raw prices in all columns, bit by bit.

    Examples
    --------
    >>> candles = pl.DataFrame(
    ...     {"symbol": "MSFT", "close": [23.495, 24.15, 24.96, 24.53], "volume": [200, 100, None, 100]}
    ... ).with_columns(open="close", high="close", low="close")
    >>> events = {
    ...     "dividend_factor": [None, None, None, 1 - 0.08 / 24.96],
    ...     "split_factor": [None, None, 0.5, None],
    ... }
    >>> found = adjusted(candles.with_columns(**{name: pl.Series(values) for name, values in events.items()}))
    >>> found["adjusted_close"].round(2).to_list(), found["traded_close"].to_list()
    ([23.42, 24.07, 24.88, 24.53], [46.99, 48.3, 24.96, 24.53])
    >>> found["traded_volume"].to_list()
    [100, 50, None, 100]
    """
    dividends, splits, volume = _later("dividend_factor"), _later("split_factor"), pl.col("volume")
    # A whole number of 64 bits is not sent through floating point where nothing changes it.
    traded_volume = (volume * splits).round().cast(pl.Int64, strict=False)
    return candles.with_columns(
        *((pl.col(name) * dividends).alias(f"adjusted_{name}") for name in _PRICES),
        volume.alias("adjusted_volume"),
        *((pl.col(name) / splits).alias(f"traded_{name}") for name in _PRICES),
        pl.when(splits == 1.0).then(volume).otherwise(traded_volume).alias("traded_volume"),
    )


def _later(factor: str) -> pl.Expr:
    """The product of all factors after this row's, symbol by symbol."""
    return pl.col(factor).fill_null(1.0).cum_prod(reverse=True).shift(-1, fill_value=1.0).over("symbol")


def _on_candle_days(events: pl.DataFrame, value: str, candles: pl.DataFrame) -> pl.DataFrame:
    """Symbol, date and value of the events that take effect, the date being that of the candle."""
    days = candles.select(*_KEY, candle_date="date").join(events, on="symbol", how="semi")
    first = days.group_by("symbol").agg(first_date=pl.col("date").min())
    due = (
        events.select(*_KEY, value)
        .drop_nulls()
        .join(first, on="symbol")
        .filter(pl.col("date") >= pl.col("first_date"))
        .sort("date")
    )
    # The days of each symbol ascend, which is enough, but not for Polars to see it.
    taken = due.join_asof(days, on="date", by="symbol", strategy="forward", check_sortedness=False)
    return taken.select("symbol", value, date="candle_date").drop_nulls()


def _require_positive(splits: pl.DataFrame) -> None:
    factor = pl.col("factor")
    wrong = splits.drop_nulls().filter(~(factor.is_finite() & (factor > 0)))
    if wrong.height:
        symbol, day, value = wrong.select("symbol", "date", "factor").row(0)
        raise SchemaError("splits", [f"factor {value} of {symbol} on {day} is not positive"])
