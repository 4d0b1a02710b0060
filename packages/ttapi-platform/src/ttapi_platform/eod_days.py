# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The days of daily candles that an update asks for: what is lacking after, and before, what is stored."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import attrs
import polars as pl

from ttapi_polars.coverage import start_of_update

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from ttapi_platform.eod_update import Spans

OVERLAP_DAYS: Final = 5  # trading days that an update asks for again, to see whether they are still the same


@attrs.frozen(kw_only=True)
class DaysToAsk:
    """The symbols that lack something."""

    since: Mapping[str, date]  # by symbol the day to ask from
    reached_back: frozenset[str]  # those of which candles before the first stored one are asked for


def days_to_ask_from(
    symbols: Collection[str],
    spans: Spans,
    trading_days: pl.DataFrame,
    *,
    history_start: date,
    last_day: date | None,
    extended: Collection[str] = (),
    earliest: Mapping[str, date] = MappingProxyType({}),
) -> DaysToAsk:
    """
    By symbol the day to ask from; one that lacks nothing is not asked for.

    Parameters
    ----------
    symbols
        Those that are looked at.
    spans
        Of what is stored.
    trading_days
        The calendar.
    history_start
        The first day that is wanted.
    last_day
        The last one that there can be a candle of; ``None`` for none.
    extended
        Symbols that may have candles before their first stored one: nobody has asked for them, or they did
        not come. Of others it is known that the service has none.
    earliest
        By symbol a day to ask from at the latest, whether it lacks something or not.
    """
    starts = start_of_update(spans.frame, trading_days, overlap=OVERLAP_DAYS)
    wanted = _first_trading_day(trading_days, history_start)
    reached_back = {
        symbol
        for symbol in extended
        if symbol in symbols and symbol in spans.first and spans.first[symbol] > wanted
    }
    since: dict[str, date] = {}
    for symbol in symbols:
        last = spans.last.get(symbol)
        if last is None or symbol in reached_back:
            since[symbol] = min(history_start, earliest.get(symbol, history_start))
        elif symbol in earliest:
            since[symbol] = min(starts[symbol], earliest[symbol])
        elif last_day is not None and last < last_day:
            since[symbol] = starts[symbol]
    return DaysToAsk(since=since, reached_back=frozenset(reached_back))


def last_completed_day(trading_days: pl.DataFrame, now: datetime) -> date | None:
    """The last session that has closed by now, by the service's own calendar."""
    closed = trading_days.filter(pl.col("close_at") <= now)
    return closed.get_column("date").max()  # type: ignore[return-value]


def _first_trading_day(trading_days: pl.DataFrame, history_start: date) -> date:
    """The first one that is wanted; the day itself where the calendar does not reach back to its year."""
    days: list[date] = trading_days["date"].to_list()
    is_covered = bool(days) and days[0].year <= history_start.year
    return next((day for day in days if is_covered and day >= history_start), history_start)
