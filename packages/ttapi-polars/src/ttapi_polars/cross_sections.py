# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Cross-sections: all symbols of one day held against each other, day after day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import polars as pl

from ttapi_polars import liquidity, per_symbol, returns
from ttapi_polars.columns import finite

if TYPE_CHECKING:
    from datetime import date

Measure: TypeAlias = Literal["return", "volume", "dollar_volume"]
"""What symbols are ranked by: the day's simple return, what was traded, or that in money, at the close."""


def ranks(
    candles: pl.LazyFrame,
    *,
    by: Measure = "return",
    since: date | None = None,
    until: date | None = None,
) -> pl.LazyFrame:
    """
    Each symbol's place among all symbols of a day, 1 for the highest value, for every day.

    Parameters
    ----------
    candles
        Columns symbol, date and close, and volume for what rests on it; the days of each symbol ascend, and
        it has none twice.
    by
        What they are ranked by. A day's ``return`` is relative to the symbol's row before, also where that is
        from before ``since``.
    since, until
        The first and the last day to rank; all days without them.

    Returns
    -------
    LazyFrame
        ``date``; ``symbol``; ``value``, Float64: a ratio, units, or money in the price's currency; ``rank``,
        Float64, null where the value is; ``ranked``, Int64, how many symbols have a value that day. Equal
        values share the mean of their places, as pandas and Polars do by default. Sorted by date, then rank,
        those without one last, then symbol.

    Examples
    --------
    >>> from datetime import date
    >>> days = [date(2026, 7, 1), date(2026, 7, 2)] * 3
    >>> rows = {"symbol": ["A", "A", "B", "B", "C", "C"], "date": days}
    >>> candles = pl.LazyFrame(rows | {"close": [4.0, 5.0, 2.0, 1.0, 8.0, 10.0]})
    >>> found = ranks(candles, since=date(2026, 7, 2)).collect()
    >>> found.select("symbol", "value", "rank", "ranked").rows()
    [('A', 0.25, 1.5, 3), ('C', 0.25, 1.5, 3), ('B', -0.5, 3.0, 3)]
    """
    day, value = pl.col("date"), pl.col("value")
    rows = candles if until is None else candles.filter(day <= until)
    rows = per_symbol.select(rows, "date", value=_measured(by))
    rows = rows if since is None else rows.filter(day >= since)
    return rows.select(
        "date",
        "symbol",
        "value",
        rank=value.rank("average", descending=True).over("date"),
        ranked=value.count().over("date").cast(pl.Int64),
    ).sort("date", "rank", "symbol", nulls_last=True)


def _measured(by: Measure) -> pl.Expr:
    match by:
        case "return":
            return returns.simple("close")
        case "volume":
            return finite("volume")
        case "dollar_volume":
            return liquidity.dollar_volume("close", "volume")
