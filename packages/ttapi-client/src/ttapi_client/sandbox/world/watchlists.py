# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Watchlists: the public ones follow from what is listed, the customer's own are written here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.listings import ListingKind, OptionProgram

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ttapi_client.sandbox.world.listings import Listing
    from ttapi_client.sandbox.world.market import Market

_LONGEST: Final = 50


@attrs.frozen
class Watchlist:
    """A named list of symbols."""

    name: str
    group: str
    order: int
    symbols: tuple[str, ...]


@attrs.frozen
class Pair:
    """Two names, one bought against the other."""

    bought: str
    bought_quantity: int
    sold: str
    sold_quantity: int


@attrs.frozen
class PairsWatchlist:
    """A named list of pairs."""

    name: str
    order: int
    pairs: tuple[Pair, ...]


_PRIVATE: Final = (
    Watchlist("Core holdings", "main", 1, ("AAPL", "AGG", "BRK/B", "MSFT", "SPY", "VTI")),
    Watchlist("To look at", "main", 2, ("COIN", "NVDA", "TSLA")),
)
_PAIRS: Final = (
    PairsWatchlist("Indexes", 1, (Pair("SPY", 1, "QQQ", 1), Pair("IWM", 3, "SPY", 1))),
    PairsWatchlist("Stocks", 2, (Pair("KO", 2, "PEP", 1), Pair("XOM", 1, "CVX", 1), Pair("V", 1, "MA", 1))),
)


def public_watchlists(market: Market) -> list[Watchlist]:
    """What the service's editors would choose; empty lists are left out."""
    today = market.today
    active = [listing for listing in market.listings() if listing.is_active(today)]
    rules: tuple[tuple[str, str, Callable[[Listing], bool]], ...] = (
        ("Cboe Indexes", "Market Indices", lambda one: one.kind is ListingKind.INDEX),
        ("Popular ETFs", "ETFs", lambda one: one.kind is ListingKind.ETF and one.is_well_known),
        ("Popular Stocks", "Stocks", lambda one: one.kind is ListingKind.STOCK and one.is_well_known),
        ("High Options Volume", "Liquidity", lambda one: one.options is OptionProgram.BROAD),
        ("Share Classes", "Stocks", lambda one: "/" in one.symbol),
        ("New Listings", "Stocks", lambda one: one.listed_on is not None),
        ("One-sided Quotes", "Liquidity", lambda one: one.is_illiquid),
    )
    lists = (
        Watchlist(name, group, order, tuple(_first(one.symbol for one in active if rule(one))))
        for order, (name, group, rule) in enumerate(rules, start=1)
    )
    return [one for one in lists if one.symbols]


def private_watchlists(market: Market) -> list[Watchlist]:
    """The customer's own, with those of their symbols that are listed."""
    return [
        attrs.evolve(one, symbols=tuple(symbol for symbol in one.symbols if market.listing(symbol)))
        for one in _PRIVATE
    ]


def pairs_watchlists(market: Market) -> list[PairsWatchlist]:
    """Lists of pairs, with those of which both sides are listed."""
    return [
        attrs.evolve(
            one,
            pairs=tuple(
                pair for pair in one.pairs if market.listing(pair.bought) and market.listing(pair.sold)
            ),
        )
        for one in _PAIRS
    ]


def _first(symbols: Iterable[str]) -> list[str]:
    return list(symbols)[:_LONGEST]
