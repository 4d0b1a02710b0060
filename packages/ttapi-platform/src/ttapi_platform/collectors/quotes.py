# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Collects `quotes`: one quote for each member of the universe, a hundred to a request."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import polars as pl

from ttapi_core.instruments import InstrumentType
from ttapi_core.outcome import Err, Ok
from ttapi_platform.collectors.base import Collected, CollectorContext
from ttapi_polars.frames import quotes_frame

if TYPE_CHECKING:
    from ttapi_core.errors import TTError
    from ttapi_core.quotes import Quote

DATASET = "quotes"


async def collect_quotes(context: CollectorContext) -> Collected:
    """One row per symbol that was answered; the others are failures."""
    members = context.inputs["symbols"].filter("in_universe")
    if context.items is not None:
        members = members.filter(pl.col("symbol").is_in(list(context.items)))
    # Asked for as an equity, an index may be left out of the answer (API facts 5.1).
    by_type = {
        InstrumentType.EQUITY: members.filter(~pl.col("is_index"))["symbol"].to_list(),
        InstrumentType.INDEX: members.filter("is_index")["symbol"].to_list(),
    }
    context.progress.started(DATASET, members.height)
    quotes: list[Quote] = []
    failures: dict[str, TTError] = {}
    for symbol, outcome in (await context.client.market_data.quotes_by_type(by_type)).items():
        match outcome:
            case Ok(quote):
                quotes.append(quote)
            case Err(error):
                failures[symbol] = error
    context.progress.advanced(DATASET, members.height)
    return Collected(
        rows=await asyncio.to_thread(quotes_frame, quotes), asked=members.height, failures=failures
    )
