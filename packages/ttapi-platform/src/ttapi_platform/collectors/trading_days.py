# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Collects `trading_days`: the sessions of the New York exchange in the years of history and the next two."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING, Final

from ttapi_platform.collectors.base import Collected, CollectorContext
from ttapi_polars.frames import trading_days_frame

if TYPE_CHECKING:
    from ttapi_platform.collectors.base import StoredRows

DATASET = "trading_days"
YEARS_AHEAD: Final = 2  # as far as most listed options run


async def collect_trading_days(context: CollectorContext) -> Collected:
    """
    One row per session of whole years, those to come as far as the service knows them.

    Of whole years, so that the calendar is the same on every day of a year, unless the exchange changes it.
    Years that are stored stay in it: there may be candles of them.
    """
    stored = None if context.before is None else await asyncio.to_thread(_first_stored, context.before)
    first = calendar_start(context.history_start, stored)
    last = calendar_end(context.now.date())
    context.progress.started(DATASET, None)
    days = await context.client.market_hours.sessions(first, last)
    context.progress.advanced(DATASET, len(days))
    return Collected(rows=await asyncio.to_thread(trading_days_frame, days), asked=len(days))


def calendar_start(history_start: date, stored: date | None) -> date:
    """
    The day from which the calendar is asked for.

    Parameters
    ----------
    history_start
        The first day of daily candles.
    stored
        The first day of the stored calendar.

    Examples
    --------
    >>> start = date(2020, 7, 1)
    >>> str(calendar_start(start, None)), str(calendar_start(start, date(2016, 1, 4)))
    ('2020-01-01', '2016-01-01')
    """
    return min(history_start, stored or history_start).replace(month=1, day=1)


def calendar_end(today: date) -> date:
    """The day up to which the calendar is asked for."""
    return date(today.year + YEARS_AHEAD, 12, 31)


def _first_stored(stored: StoredRows) -> date | None:
    return stored.scan().select("date").collect()["date"].min()  # type: ignore[return-value]
