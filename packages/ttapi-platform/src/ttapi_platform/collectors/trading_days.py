# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Collects `trading_days`: every session of the New York exchange from the first day of history on."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from ttapi_platform.collectors.base import Collected, CollectorContext
from ttapi_polars.frames import trading_days_frame

if TYPE_CHECKING:
    from datetime import date

DATASET = "trading_days"
AHEAD = timedelta(days=730)  # as far as most listed options run


async def collect_trading_days(context: CollectorContext) -> Collected:
    """One row per session, two years ahead included as far as the service knows them."""
    last: date = context.now.date() + AHEAD
    context.progress.started(DATASET, None)
    days = await context.client.market_hours.sessions(context.history_start, last)
    context.progress.advanced(DATASET, len(days))
    return Collected(frame=await asyncio.to_thread(trading_days_frame, days), asked=len(days))
