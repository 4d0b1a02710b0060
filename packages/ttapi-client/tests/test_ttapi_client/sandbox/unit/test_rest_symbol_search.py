# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Searching symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from test_ttapi_client.sandbox.wire import RestClient

SEARCH = "/symbols/search"


@pytest.mark.parametrize("text", ["AAP", "aap", "AaP"])
async def test_symbols_are_found_by_their_beginning_in_any_case(rest: RestClient, text: str) -> None:
    """Each result begins with the text."""
    symbols = [item["symbol"] for item in (await rest.get(f"{SEARCH}/{text}")).items]
    assert "AAPL" in symbols
    assert all(symbol.startswith("AAP") for symbol in symbols)
    assert symbols == sorted(symbols)


async def test_results_say_what_they_are(rest: RestClient) -> None:
    """Symbol and description always, the newer keys too."""
    (apple,) = (await rest.get(f"{SEARCH}/AAPL")).items
    assert apple.keys() == {
        "symbol",
        "description",
        "listed-market",
        "instrument-type",
        "price-increments",
        "trading-hours",
        "options",
    }
    assert apple["options"] is True
    assert apple["description"] == "Apple"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BRK%2F", {"BRK/B"}),
        ("BRK/B", {"BRK/B"}),
        ("%2FES", {"/ESZ6", "/ESH7"}),
        ("/GC", {"/GCZ6", "/GCG7"}),
        ("btc%2F", {"BTC/USD"}),
    ],
)
async def test_a_slash_may_be_encoded_or_bare(rest: RestClient, text: str, expected: set[str]) -> None:
    """Share classes, futures, coins."""
    found = {item["symbol"] for item in (await rest.get(f"{SEARCH}/{text}")).items}
    assert found == expected


async def test_an_exact_match_comes_first_and_the_list_is_short(rest: RestClient) -> None:
    """A single letter begins hundreds of symbols."""
    items = (await rest.get(f"{SEARCH}/Q")).items
    assert len(items) == 40
    assert (await rest.get(f"{SEARCH}/a")).items[0]["symbol"] == "A"


@pytest.mark.parametrize("text", ["NOPE1", "%00", "%FF", "%ED%A0%80", "..", "'%20or%201=1", "%F0%9F%98%80"])
async def test_no_match_is_an_empty_list(rest: RestClient, text: str) -> None:
    """Whatever is searched for."""
    assert (await rest.get(f"{SEARCH}/x{text}")).items == []


async def test_delisted_names_are_not_found(rest: RestClient) -> None:
    """What cannot be traded is not offered."""
    listed = (await rest.get("/instruments/equities", per_page="1000", page_offset="2")).items
    gone = [item["symbol"] for item in listed if not item["active"]]
    assert gone
    for symbol in gone:
        found = [item["symbol"] for item in (await rest.get(f"{SEARCH}/{symbol}")).items]
        assert symbol not in found
