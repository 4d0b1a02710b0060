# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Decodes watchlists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_core.instruments import InstrumentType
from ttapi_core.watchlists import Pair, PairsWatchlist, Watchlist, WatchlistEntry

if TYPE_CHECKING:
    from ttapi_client.decode.fields import Fields


def decode_watchlist(fields: Fields) -> Watchlist:
    """A list of symbols, or no more than how long it is."""
    entries = tuple(_entry(item) for item in fields.optional_items("watchlist-entries"))
    count = fields.optional_whole("watchlist-entry-count")
    return Watchlist(
        name=fields.text("name"),
        group_name=fields.optional_text("group-name"),
        order_index=fields.optional_whole("order-index"),
        entries=entries,
        entry_count=len(entries) if count is None else count,
    )


def decode_pairs_watchlist(fields: Fields) -> PairsWatchlist:
    """A list of pairs."""
    return PairsWatchlist(
        name=fields.text("name"),
        order_index=fields.optional_whole("order-index"),
        pairs=tuple(_pair(item) for item in fields.optional_items("pairs-equations")),
    )


def _entry(fields: Fields) -> WatchlistEntry:
    kind = fields.optional_text("instrument-type")
    return WatchlistEntry(
        symbol=fields.text("symbol"), instrument_type=None if kind is None else InstrumentType(kind)
    )


def _pair(fields: Fields) -> Pair:
    return Pair(
        left_symbol=fields.text("left-symbol"),
        right_symbol=fields.text("right-symbol"),
        left_action=fields.optional_text("left-action"),
        right_action=fields.optional_text("right-action"),
        left_quantity=fields.optional_decimal("left-quantity"),
        right_quantity=fields.optional_decimal("right-quantity"),
    )
