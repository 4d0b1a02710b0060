# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Collects `quotes`: one quote for each member of the universe, a hundred to a request."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ttapi_core.outcome import Err, Ok
from ttapi_platform.collectors.base import Collected, CollectorContext
from ttapi_polars.frames import quotes_frame

if TYPE_CHECKING:
    from ttapi_core.errors import TTError
    from ttapi_core.quotes import Quote

DATASET = "quotes"


async def collect_quotes(context: CollectorContext) -> Collected:
    """One row per symbol that was answered; the others are failures."""
    symbols = [symbol for symbol, _ in context.universe_symbols]
    context.progress.started(DATASET, len(symbols))
    quotes: list[Quote] = []
    failures: dict[str, TTError] = {}
    for symbol, outcome in (await context.client.market_data.quotes(symbols)).items():
        match outcome:
            case Ok(quote):
                quotes.append(quote)
            case Err(error):
                failures[symbol] = error
    context.progress.advanced(DATASET, len(symbols))
    return Collected(
        frame=await asyncio.to_thread(quotes_frame, quotes), asked=len(symbols), failures=failures
    )
