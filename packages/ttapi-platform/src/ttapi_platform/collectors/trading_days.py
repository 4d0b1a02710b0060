# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Collects `trading_days`: the sessions of the New York exchange in the years of history and the next two."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Final

from ttapi_platform.collectors.base import Collected, CollectorContext
from ttapi_polars.frames import trading_days_frame

DATASET = "trading_days"
YEARS_AHEAD: Final = 2  # as far as most listed options run


async def collect_trading_days(context: CollectorContext) -> Collected:
    """
    One row per session of whole years, those to come as far as the service knows them.

    Of whole years, so that the calendar is the same on every day of a year, unless the exchange changes it.
    """
    first = context.history_start.replace(month=1, day=1)
    last = date(context.now.year + YEARS_AHEAD, 12, 31)
    context.progress.started(DATASET, None)
    days = await context.client.market_hours.sessions(first, last)
    context.progress.advanced(DATASET, len(days))
    return Collected(rows=await asyncio.to_thread(trading_days_frame, days), asked=len(days))
