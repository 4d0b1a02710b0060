# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Watchlists: named lists of symbols, and of pairs of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from ttapi_core.instruments import InstrumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchlistEntry:
    """One symbol of a list."""

    symbol: str
    instrument_type: InstrumentType | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchlist:
    """
    A named list of symbols, in the order of its author.

    ``entry_count`` is how many there are, even where the service was asked for no more than that.
    """

    name: str
    group_name: str | None = None
    order_index: int | None = None
    entries: tuple[WatchlistEntry, ...] = ()
    entry_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two symbols, one side to be bought and the other to be sold; actions are the service's words."""

    left_symbol: str
    right_symbol: str
    left_action: str | None = None
    right_action: str | None = None
    left_quantity: Decimal | None = None
    right_quantity: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairsWatchlist:
    """A named list of pairs."""

    name: str
    order_index: int | None = None
    pairs: tuple[Pair, ...] = ()
