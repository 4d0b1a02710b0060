# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Watchlists and symbol search: what each call asks for, and what it makes of the answer."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from test_ttapi_client.rest_answers import StandIn, listed, one
from ttapi_core.errors import DecodeError, NotFoundError, ServerError, UnknownSymbolError
from ttapi_core.instruments import InstrumentType
from ttapi_core.symbol_search import SymbolMatch
from ttapi_core.watchlists import Pair, PairsWatchlist, Watchlist, WatchlistEntry

if TYPE_CHECKING:
    from ttapi_client import TTClient

LIST = {
    "name": "To look at",
    "group-name": "main",
    "order-index": 2,
    "watchlist-entries": [{"symbol": "BRK/B", "instrument-type": "Equity"}, {"symbol": "/ESZ6"}],
}
READ = Watchlist(
    name="To look at",
    group_name="main",
    order_index=2,
    entries=(
        WatchlistEntry(symbol="BRK/B", instrument_type=InstrumentType.EQUITY),
        WatchlistEntry(symbol="/ESZ6"),
    ),
    entry_count=2,
)
PAIRS = {
    "name": "Stocks",
    "order-index": "1",
    "pairs-equations": [
        {
            "left-action": "Buy",
            "left-symbol": "KO",
            "left-quantity": 2,
            "right-action": "Sell",
            "right-symbol": "PEP",
            "right-quantity": "1",
        },
        {"left-symbol": "V", "right-symbol": "MA"},
    ],
}
PAIRS_READ = PairsWatchlist(
    name="Stocks",
    order_index=1,
    pairs=(
        Pair(
            left_action="Buy",
            left_symbol="KO",
            left_quantity=Decimal(2),
            right_action="Sell",
            right_symbol="PEP",
            right_quantity=Decimal(1),
        ),
        Pair(left_symbol="V", right_symbol="MA"),
    ),
)


async def test_lists_come_in_the_order_of_the_service(client: TTClient, stand_in: StandIn) -> None:
    """The service's, the customer's and those of pairs."""
    stand_in.answer("/public-watchlists", listed(LIST, {"name": "empty"}))
    assert await client.watchlists.public() == (READ, Watchlist(name="empty"))
    stand_in.answer("/watchlists", listed(LIST))
    assert await client.watchlists.mine() == (READ,)
    stand_in.answer("/pairs-watchlists", listed(PAIRS, {"name": "none"}))
    assert await client.watchlists.pairs() == (PAIRS_READ, PairsWatchlist(name="none"))
    assert all(each.query == "" for each in stand_in.arrived)


async def test_lists_may_be_counted_only(client: TTClient, stand_in: StandIn) -> None:
    """Then they say how long they are, and no more."""
    stand_in.answer("/public-watchlists", listed({"name": "Long", "watchlist-entry-count": 500}))
    assert await client.watchlists.public(counts_only=True) == (Watchlist(name="Long", entry_count=500),)
    assert stand_in.arrived[-1].query == "counts-only=true"


async def test_one_list_is_asked_for_by_its_encoded_name(client: TTClient, stand_in: StandIn) -> None:
    """One segment, whatever the customer called it."""
    encoded = "A%2FB%20%3F%20%2E%2E%2Fetc%23"
    name = "A/B ? ../etc#"
    stand_in.answer(f"/public-watchlists/{encoded}", one(LIST))
    stand_in.answer(f"/watchlists/{encoded}", one(LIST))
    stand_in.answer(f"/pairs-watchlists/{encoded}", one(PAIRS))
    assert await client.watchlists.public_one(name) == READ
    assert await client.watchlists.one(name) == READ
    assert await client.watchlists.pair(name) == PAIRS_READ


async def test_a_list_that_there_is_not_is_not_found(client: TTClient) -> None:
    """And one without a name cannot be asked for."""
    with pytest.raises(NotFoundError):
        await client.watchlists.one("nope")
    with pytest.raises(UnknownSymbolError):
        await client.watchlists.public_one("")


async def test_a_bad_entry_is_an_error_and_not_a_gap(client: TTClient, stand_in: StandIn) -> None:
    """It says which."""
    stand_in.answer("/watchlists", listed({**LIST, "watchlist-entries": [{"symbol": "KO"}, {}]}))
    with pytest.raises(DecodeError, match=r"items\[0\]\.watchlist-entries\[1\]\.symbol"):
        await client.watchlists.mine()


@pytest.mark.parametrize(
    ("text", "path"),
    [("brk/", "brk%2F"), (" AAP ", "AAP"), ("a.b", "a%2Eb"), ("/ES?x=1", "%2FES%3Fx%3D1")],
)
async def test_a_search_is_one_segment(client: TTClient, stand_in: StandIn, text: str, path: str) -> None:
    """Newer answers say more than older ones."""
    newer = {
        "symbol": "BRK/B",
        "description": "Berkshire",
        "listed-market": "XNYS",
        "instrument-type": "Equity",
        "price-increments": "0.01",
        "trading-hours": "09:30-16:00",
        "options": True,
    }
    stand_in.answer(f"/symbols/search/{path}", listed(newer, {"symbol": "BRKR", "description": ""}))
    assert await client.symbols.search(text) == (
        SymbolMatch(
            symbol="BRK/B",
            description="Berkshire",
            listed_market="XNYS",
            instrument_type=InstrumentType.EQUITY,
            price_increments="0.01",
            trading_hours="09:30-16:00",
            has_options=True,
        ),
        SymbolMatch(symbol="BRKR"),
    )


async def test_a_search_that_fails_is_no_search_without_results(client: TTClient, stand_in: StandIn) -> None:
    """Nothing found is an empty answer, and trouble is an error."""
    stand_in.answer("/symbols/search/NOPE", listed())
    assert await client.symbols.search("NOPE") == ()
    stand_in.answer("/symbols/search/AAPL", status=502)
    with pytest.raises(ServerError):
        await client.symbols.search("AAPL")
    for text in ("", "  ", "..", "\ud800"):
        with pytest.raises(UnknownSymbolError):
            await client.symbols.search(text)
