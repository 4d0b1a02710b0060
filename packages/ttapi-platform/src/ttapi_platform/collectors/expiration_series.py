# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Collects `expiration_series`: the option expirations of each member of the universe, with the calendar."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import polars as pl

from ttapi_core.errors import NotFoundError, TTError
from ttapi_core.trading_day import NEW_YORK
from ttapi_platform.collectors.base import Collected, CollectorContext
from ttapi_platform.collectors.side_by_side import work_off
from ttapi_polars.frames import expiration_series_frame
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ttapi_core.expirations import ExpirationSeries

DATASET = "expiration_series"
SERIES_A_BATCH = 500  # a series holds its strikes: thousands of objects that should not wait for the last one


async def collect_expiration_series(context: CollectorContext) -> Collected:
    """
    One row per underlying, root and expiration.

    The service answers 404 for an underlying without options: that is no failure, it has no rows.
    """
    symbols = [symbol for symbol, _ in context.universe_symbols]
    today = context.now.astimezone(NEW_YORK).date()
    trading_days = context.inputs["trading_days"]
    context.progress.started(DATASET, len(symbols))
    waiting: list[ExpirationSeries] = []
    frames: list[pl.DataFrame] = []
    failures: dict[str, TTError] = {}

    async def make_frames() -> None:
        batches = _by_day(waiting, context.chain_days, today)
        waiting.clear()
        for day, batch in batches.items():
            frames.append(await asyncio.to_thread(expiration_series_frame, batch, trading_days, day))

    async def collect_one(symbol: str) -> None:
        try:
            waiting.extend(await context.client.option_chains.nested(symbol))
        except NotFoundError:
            pass
        except TTError as error:
            failures[symbol] = error
        context.progress.advanced(DATASET)
        if len(waiting) >= SERIES_A_BATCH:
            await make_frames()

    await work_off(symbols, collect_one)
    await make_frames()
    frame = pl.concat(frames).sort(SCHEMAS[DATASET].sort_by)
    return Collected(rows=frame, asked=len(symbols), failures=failures)


def _by_day(
    series: list[ExpirationSeries], days: Mapping[str, date], today: date
) -> dict[date, list[ExpirationSeries]]:
    """The series by the day that their distances are counted from; today is always there."""
    batches: dict[date, list[ExpirationSeries]] = {today: []}
    for each in series:
        batches.setdefault(days.get(each.underlying, today), []).append(each)
    return batches
