# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Collects `eod_data`: the daily candles of each member of the universe, from the feed's history."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

import attrs
import polars as pl

from ttapi_core.errors import IncompleteDataError, SchemaError
from ttapi_core.outcome import Err, Ok
from ttapi_platform.collectors.base import Collected, CollectorContext
from ttapi_polars.candle_frames import candles_frame

if TYPE_CHECKING:
    from datetime import date

    from ttapi_client import CandleColumns
    from ttapi_core.errors import TTError

DATASET = "eod_data"
ROWS_A_BATCH = 100_000  # bounds the rows that wait as Python lists; larger batches are no faster


async def collect_eod_data(context: CollectorContext) -> Collected:
    """
    One row per symbol and completed session, sorted by symbol, then date.

    The candle of a session that is still going on is left out: it is not the end of its day. A symbol
    whose history has no candle at all is a failure.
    """
    streamers = {streamer: symbol for symbol, streamer in context.universe_symbols}
    last_day = _last_completed_day(context)
    context.progress.started(DATASET, len(streamers))
    batches: list[pl.DataFrame] = []
    waiting: list[CandleColumns] = []
    failures: dict[str, TTError] = {}
    rows = 0

    async def make_frame() -> None:
        batch = waiting.copy()
        waiting.clear()
        batches.append(await asyncio.to_thread(_frame_until, batch, last_day, failures))

    history = context.client.candles.history(list(streamers), since=context.history_start)
    async with aclosing(history) as outcomes:
        async for streamer, outcome in outcomes:
            symbol = streamers[streamer]
            match outcome:
                case Ok(part) if len(part):
                    waiting.append(attrs.evolve(part, symbol=symbol))
                    rows += len(part)
                case Ok(_):
                    failures[symbol] = IncompleteDataError(
                        f"{symbol} has no daily candle since {context.history_start.isoformat()}",
                        hint="it may be newly listed, or not be traded",
                    )
                case Err(error):
                    failures[symbol] = error
            context.progress.advanced(DATASET)
            if rows >= ROWS_A_BATCH:
                await make_frame()
                rows = 0
    await make_frame()
    frame = await asyncio.to_thread(lambda: pl.concat(batches).sort("symbol", "date"))
    return Collected(frame=frame, asked=len(streamers), failures=failures)


def _last_completed_day(context: CollectorContext) -> date | None:
    """The last session that has closed by now, by the service's own calendar."""
    days = context.inputs["trading_days"]
    return days.filter(pl.col("close_at") <= context.now).get_column("date").max()  # type: ignore[return-value]


def _frame_until(
    parts: list[CandleColumns], last_day: date | None, failures: dict[str, TTError]
) -> pl.DataFrame:
    try:
        frame = candles_frame(parts)
    except SchemaError:
        # Candles that cannot be must not cost the other symbols theirs.
        frame = candles_frame([part for part in parts if _is_sound(part, failures)])
    return frame.clear() if last_day is None else frame.filter(pl.col("date") <= pl.lit(last_day, pl.Date))


def _is_sound(part: CandleColumns, failures: dict[str, TTError]) -> bool:
    try:
        candles_frame([part])
    except SchemaError as error:
        failures[part.symbol] = error
        return False
    return True
