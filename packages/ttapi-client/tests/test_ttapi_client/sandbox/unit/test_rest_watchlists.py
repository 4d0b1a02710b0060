# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Watchlists, read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from test_ttapi_client.sandbox.wire import RestClient

PUBLIC, PAIRS, PRIVATE = "/public-watchlists", "/pairs-watchlists", "/watchlists"


@pytest.mark.parametrize("path", [PUBLIC, PRIVATE])
async def test_lists_hold_symbols_that_can_be_looked_up(rest: RestClient, path: str) -> None:
    """Every entry is an equity of this world."""
    lists = (await rest.get(path)).items
    assert lists
    for one in lists:
        assert one.keys() == {"name", "watchlist-entries", "group-name", "order-index"}
        assert 1 <= len(one["watchlist-entries"]) <= 50
        symbols = [entry["symbol"] for entry in one["watchlist-entries"]]
        assert {entry["instrument-type"] for entry in one["watchlist-entries"]} == {"Equity"}
        found = (await rest.get("/instruments/equities", symbol=",".join(symbols))).items
        assert {item["symbol"] for item in found} == set(symbols)


@pytest.mark.parametrize("path", [PUBLIC, PAIRS, PRIVATE])
async def test_each_list_can_be_read_alone_by_its_name(rest: RestClient, path: str) -> None:
    """Spaces come encoded."""
    for one in (await rest.get(path)).items:
        name = one["name"].replace(" ", "%20")
        assert (await rest.get(f"{path}/{name}")).data == one


async def test_public_lists_can_be_counted_only(rest: RestClient) -> None:
    """The number of entries in their stead."""
    full = (await rest.get(PUBLIC, counts_only="false")).items
    counted = (await rest.get(PUBLIC, counts_only="true")).items
    assert counted == [
        {"name": one["name"], "watchlist-entry-count": len(one["watchlist-entries"])} for one in full
    ]
    assert (await rest.get(PUBLIC, counts_only="perhaps")).status == 422


async def test_public_lists_show_what_is_worth_testing_with(rest: RestClient) -> None:
    """Indexes, share classes, names without an ask, new ones."""
    lists = {one["name"]: one["watchlist-entries"] for one in (await rest.get(PUBLIC)).items}
    assert {"symbol": "SPX", "instrument-type": "Equity"} in lists["Cboe Indexes"]
    assert {"symbol": "BRK/B", "instrument-type": "Equity"} in lists["Share Classes"]
    quotes = (
        await rest.get(
            "/market-data/by-type", equity=",".join(one["symbol"] for one in lists["One-sided Quotes"])
        )
    ).items
    assert quotes
    assert all("ask" not in quote for quote in quotes)


async def test_pairs_name_both_sides(rest: RestClient) -> None:
    """With the keys and the whole quantities that a known client demands."""
    for one in (await rest.get(PAIRS)).items:
        assert one["pairs-equations"]
        assert isinstance(one["order-index"], int)
        for pair in one["pairs-equations"]:
            assert pair["left-action"] == "Buy"
            assert pair["right-action"] == "Sell"
            assert isinstance(pair["left-quantity"], int)
            assert isinstance(pair["right-quantity"], int)
            for side in ("left-symbol", "right-symbol"):
                assert (await rest.get(f"/instruments/equities/{pair[side]}")).status == 200


@pytest.mark.parametrize("path", [PUBLIC, PAIRS, PRIVATE])
@pytest.mark.parametrize("name", ["Nothing", "core%20holdings", "%2F", "%FF", "%00", "Core+holdings"])
async def test_an_unknown_name_is_not_found(rest: RestClient, path: str, name: str) -> None:
    """404 in the envelope; names are compared letter by letter."""
    answer = await rest.get(f"{path}/{name}")
    assert answer.status == 404
    assert answer.error["code"] == "record_not_found"
