# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Coins, currency pairs, warrants, precisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from test_ttapi_client.sandbox.wire import RestClient

COINS = "/instruments/cryptocurrencies"
COIN_KEYS = """
    id symbol instrument-type short-description description is-closing-only active tick-size
    destination-venue-symbols streamer-symbol
"""


async def test_coins_have_what_clients_cannot_do_without(rest: RestClient) -> None:
    """Also their venues."""
    items = (await rest.get(COINS)).items
    assert [item["symbol"] for item in items] == ["BTC/USD", "ETH/USD", "SOL/USD"]
    assert len({item["id"] for item in items}) == 3
    for item in items:
        assert set(COIN_KEYS.split()) <= item.keys()
        assert item["instrument-type"] == "Cryptocurrency"
        assert item["streamer-symbol"] == f"{item['symbol']}:CXTALP"
        for venue in item["destination-venue-symbols"]:
            assert {"id", "symbol", "destination-venue", "routable"} <= venue.keys()


@pytest.mark.parametrize("query", ["symbol%5B%5D=ETH%2FUSD&symbol%5B%5D=DOGE/USD", "symbol=ETH/USD"])
async def test_coins_by_symbol(rest: RestClient, query: str) -> None:
    """Unknown ones are left out."""
    assert [item["symbol"] for item in (await rest.get(f"{COINS}?{query}")).items] == ["ETH/USD"]


@pytest.mark.parametrize("spelling", ["BTC%2FUSD", "BTC/USD"])
async def test_one_coin_with_its_slash_encoded_or_bare(rest: RestClient, spelling: str) -> None:
    """Both find the same."""
    assert [(await rest.get(f"{COINS}/{spelling}")).data] == (await rest.get(COINS, symbol="BTC/USD")).items


@pytest.mark.parametrize("spelling", ["BTC", "btc%2Fusd", "EUR%2FUSD", "%2FESZ6", "%00"])
async def test_an_unknown_coin_is_not_found(rest: RestClient, spelling: str) -> None:
    """A currency pair or a future is none."""
    assert (await rest.get(f"{COINS}/{spelling}")).status == 404


async def test_currency_pairs_name_their_feed_symbol(rest: RestClient) -> None:
    """Under the key that only they have."""
    items = (await rest.get("/instruments/currency-pairs")).items
    assert {item["symbol"] for item in items} == {"EUR/USD", "JPY/USD"}
    for item in items:
        assert {"id", "description", "dx-symbol", "symbol"} <= item.keys()
        assert item["instrument-type"] == "Currency Pair"


async def test_no_warrants_are_listed(rest: RestClient) -> None:
    """An empty list, and 404 for any single one."""
    assert (await rest.get("/instruments/warrants")).items == []
    assert (await rest.get("/instruments/warrants/NKLAW")).status == 404


async def test_quantities_have_precisions(rest: RestClient) -> None:
    """Eight digits for a coin, whole contracts of options."""
    items = (await rest.get("/instruments/quantity-decimal-precisions")).items
    by_name = {item.get("symbol", item["instrument-type"]): item["value"] for item in items}
    assert by_name["BTC/USD"] == 8
    assert by_name["Equity"] == 5
    assert by_name["Equity Option"] == 0
    assert all(isinstance(item["minimum-increment-precision"], int) for item in items)
