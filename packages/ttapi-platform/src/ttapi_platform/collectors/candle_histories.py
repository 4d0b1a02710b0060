# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The daily candles of many symbols, each from a day of its own on, as one frame."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

import attrs
import polars as pl

from ttapi_core.errors import IncompleteDataError, SchemaError
from ttapi_core.outcome import Err, Ok
from ttapi_polars.candle_frames import candles_frame
from ttapi_polars.schemas import EOD_DATA

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ttapi_client import CandleColumns
    from ttapi_core.errors import TTError
    from ttapi_platform.collectors.base import CollectorContext

ROWS_A_BATCH = 100_000  # bounds the rows that wait as arrays; larger batches are no faster


@attrs.frozen
class Histories:
    """Candles of the symbols that came, sorted by symbol and date, and why the others did not."""

    candles: pl.DataFrame
    failures: Mapping[str, TTError]


async def candle_histories(
    context: CollectorContext,
    since: Mapping[str, date],
    *,
    streamers: Mapping[str, str],
    last_day: date | None,
    dataset: str,
) -> Histories:
    """
    The candles of each symbol from its first day to the last day, both included.

    Parameters
    ----------
    context
        The means.
    since
        First day by symbol.
    streamers
        The feed's spelling by symbol.
    last_day
        What is later is left out; ``None`` leaves out everything.
    dataset
        Whose progress it is.
    """
    symbols = {streamers[symbol]: symbol for symbol in since}
    batches: list[pl.DataFrame] = [EOD_DATA.empty()]
    waiting: list[CandleColumns] = []
    failures: dict[str, TTError] = {}
    rows = 0

    async def make_frame() -> None:
        batch = waiting.copy()
        waiting.clear()
        batches.append(await asyncio.to_thread(_frame_until, batch, last_day, failures))

    first_days = {streamer: since[symbol] for streamer, symbol in symbols.items()}
    history = context.client.candles.history(list(symbols), since=first_days)
    async with aclosing(history) as outcomes:
        async for streamer, outcome in outcomes:
            symbol = symbols[streamer]
            match outcome:
                case Ok(part) if len(part):
                    waiting.append(attrs.evolve(part, symbol=symbol))
                    rows += len(part)
                case Ok(_):
                    failures[symbol] = IncompleteDataError(
                        f"{symbol} has no daily candle since {since[symbol].isoformat()}",
                        hint="it may be newly listed, or not be traded",
                    )
                case Err(error):
                    failures[symbol] = error
            context.progress.advanced(dataset)
            if rows >= ROWS_A_BATCH:
                await make_frame()
                rows = 0
    await make_frame()
    return Histories(await asyncio.to_thread(lambda: pl.concat(batches).sort("symbol", "date")), failures)


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
