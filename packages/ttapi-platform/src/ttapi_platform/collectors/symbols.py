# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Collects `symbols`: every active equity of the service, with the members of the universe marked."""

from __future__ import annotations

import asyncio
import difflib
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_core.errors import NotFoundError, TTError, UnknownSymbolError
from ttapi_platform.collectors.base import Collected, CollectorContext
from ttapi_platform.collectors.side_by_side import work_off
from ttapi_platform.run_summary import Event, EventKind
from ttapi_polars.frames import symbols_frame

if TYPE_CHECKING:
    from collections.abc import Collection

    from ttapi_client import TTClient
    from ttapi_core.instruments import Equity
    from ttapi_platform.collectors.base import StoredRows

DATASET = "symbols"
_DELISTED: Final = "delisted"  # the note of members that are no longer listed


async def collect_symbols(context: CollectorContext) -> Collected:
    """
    One row per active equity; members of the universe that the listing lacks are asked for one by one.

    A member that the service knows as inactive, or that it listed before and does not know any more, is
    delisted, which is an event and no failure. One that it never knew is a failure.
    """
    context.progress.started(DATASET, None)
    once_listed, known_as_delisted = await asyncio.to_thread(_known_before, context.before)
    listing = _Listing(context.client, once_listed)
    if context.items is None:
        async for equity in context.client.instruments.active_equities():
            listing.equities[equity.symbol] = equity
            context.progress.advanced(DATASET)
    universe = context.universe.symbols
    named = universe if universe is not None else tuple(listing.equities)
    members = [symbol for symbol in named if context.wants(symbol)]
    await work_off([symbol for symbol in members if symbol not in listing.equities], listing.look_up)
    return Collected(
        rows=await asyncio.to_thread(symbols_frame, listing.equities.values(), frozenset(members)),
        asked=len(members),
        failures=listing.failures,
        events=tuple(
            Event(symbol=symbol, kind=EventKind.DELISTED, detail=detail)
            for symbol, detail in sorted(listing.delisted.items())
            if symbol not in known_as_delisted
        ),
        notes={_DELISTED: listing.delisted.keys() | (known_as_delisted if context.items else set())},
    )


@attrs.define
class _Listing:
    """What the service lists, and what became of the members that it does not."""

    client: TTClient
    once_listed: Collection[str]
    equities: dict[str, Equity] = attrs.field(factory=dict[str, "Equity"])
    failures: dict[str, TTError] = attrs.field(factory=dict[str, "TTError"])
    delisted: dict[str, str] = attrs.field(factory=dict[str, str])

    async def look_up(self, symbol: str) -> None:
        """Ask for one member by itself."""
        try:
            equity = await self.client.instruments.equity(symbol)
        except NotFoundError:
            if symbol in self.once_listed:
                self.delisted[symbol] = "the service does not know it any more"
            else:
                self.failures[symbol] = _unknown(symbol, self.equities)
        except TTError as error:
            self.failures[symbol] = error
        else:
            if equity.active:
                self.equities[symbol] = equity
            else:
                self.delisted[symbol] = "the service knows it as inactive"


def _known_before(stored: StoredRows | None) -> tuple[set[str], set[str]]:
    """Members that the service once listed, and those of them that it has not listed since."""
    if stored is None:
        return set(), set()
    delisted = set(stored.state.notes.get(_DELISTED, ()))
    members = stored.scan().filter("in_universe").select("symbol").collect()
    return delisted.union(members["symbol"]), delisted


def _unknown(symbol: str, known: dict[str, Equity]) -> UnknownSymbolError:
    near = difflib.get_close_matches(symbol, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "check the spelling; share classes look like BRK/B"
    return UnknownSymbolError(f"the service lists no {symbol}", hint=hint)
