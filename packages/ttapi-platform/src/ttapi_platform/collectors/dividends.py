# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The dividends beside the daily candles: whose are to be asked for, and what they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from ttapi_core.errors import TTError
from ttapi_core.outcome import Ok
from ttapi_platform.collectors.side_by_side import work_off
from ttapi_platform.run_summary import Event, EventKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from ttapi_platform.collectors.base import CollectorContext

_LONGEST_DELAY: Final = 7  # days from an ex-date to the candle that it stands at
SCHEMA: Final = pl.Schema({"symbol": pl.String, "date": pl.Date, "amount": pl.Float64})


async def dividends_of(
    context: CollectorContext, symbols: Collection[str]
) -> tuple[pl.DataFrame, list[Event]]:
    """
    Every dividend of these symbols: symbol, ex-date and cash amount a unit, in no order.

    A symbol whose dividends do not come has no rows and an event: its candles are not worth less for it, and
    the next update asks again.
    """
    rows: list[tuple[str, date, float]] = []
    events: list[Event] = []

    async def ask(symbol: str) -> None:
        try:
            found = await context.client.market_metrics.dividends(symbol)
        except TTError as error:
            events.append(Event(symbol=symbol, kind=EventKind.NO_DIVIDENDS, detail=error.message))
        else:
            rows.extend((symbol, one.ex_date, float(one.amount)) for one in found)

    await work_off(symbols, ask)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row"), events


async def last_ex_dates(context: CollectorContext, symbols: Iterable[str]) -> dict[str, date]:
    """
    The last ex-date of each symbol that has one, a hundred symbols to a request.

    Those whose metrics do not come are left out: an update without them is no failure.
    """
    metrics = await context.client.market_metrics.metrics(symbols)
    return {
        symbol: outcome.value.dividend_ex_date
        for symbol, outcome in metrics.items()
        if isinstance(outcome, Ok) and outcome.value.dividend_ex_date is not None
    }


def unknown_ex_dates(
    last: Mapping[str, date], known: pl.DataFrame, *, first_days: Mapping[str, date], last_day: date
) -> list[str]:
    """
    The symbols whose last ex-date is not among the known ones.

    Parameters
    ----------
    last
        Last ex-date by symbol.
    known
        Symbol and date of the candles that have a dividend. A dividend may stand at a candle some days after
        its ex-date, when that was no day of trading.
    first_days
        First candle by symbol: what was before is not wanted.
    last_day
        What is later will come with its candle.
    """
    days: dict[str, list[date]] = {}
    for symbol, day in known.select("symbol", "date").rows():
        days.setdefault(symbol, []).append(day)
    return [
        symbol
        for symbol, ex_date in last.items()
        if first_days.get(symbol, ex_date) < ex_date <= last_day
        and not any(0 <= (day - ex_date).days <= _LONGEST_DELAY for day in days.get(symbol, ()))
    ]
