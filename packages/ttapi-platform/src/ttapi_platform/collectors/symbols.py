# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Collects `symbols`: every active equity of the service, with the members of the universe marked."""

from __future__ import annotations

import asyncio
import difflib
from typing import TYPE_CHECKING

from ttapi_core.errors import NotFoundError, TTError, UnknownSymbolError
from ttapi_platform.collectors.base import Collected, CollectorContext
from ttapi_polars.frames import symbols_frame

if TYPE_CHECKING:
    from ttapi_core.instruments import Equity

DATASET = "symbols"


async def collect_symbols(context: CollectorContext) -> Collected:
    """
    One row per active equity; members of the universe that the listing lacks are asked for one by one.

    A member that the service does not know, or knows as inactive, is a failure.
    """
    context.progress.started(DATASET, None)
    equities: dict[str, Equity] = {}
    async for equity in context.client.instruments.active_equities():
        equities[equity.symbol] = equity
        context.progress.advanced(DATASET)
    members = context.universe.symbols if context.universe.symbols is not None else tuple(equities)
    failures: dict[str, TTError] = {}

    async def look_up(symbol: str) -> None:
        try:
            equity = await context.client.instruments.equity(symbol)
        except NotFoundError:
            failures[symbol] = _unknown(symbol, equities)
        except TTError as error:
            failures[symbol] = error
        else:
            if equity.active:
                equities[symbol] = equity
            else:
                failures[symbol] = UnknownSymbolError(
                    f"{symbol} is no longer active", hint="take it out of the universe"
                )

    async with asyncio.TaskGroup() as group:
        for symbol in members:
            if symbol not in equities:
                group.create_task(look_up(symbol))
    frame = await asyncio.to_thread(symbols_frame, equities.values(), frozenset(members))
    return Collected(frame=frame, asked=len(members), failures=failures)


def _unknown(symbol: str, known: dict[str, Equity]) -> UnknownSymbolError:
    near = difflib.get_close_matches(symbol, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "check the spelling; share classes look like BRK/B"
    return UnknownSymbolError(f"the service lists no {symbol}", hint=hint)
