# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Equities: listed, paged, single."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from test_ttapi_client.sandbox.moments import rest_at

if TYPE_CHECKING:
    from test_ttapi_client.sandbox.wire import RestClient

EQUITY_KEYS = """
    id symbol instrument-type active is-index is-etf is-closing-only is-options-closing-only is-illiquid
    description lendability market-time-instrument-collection streamer-symbol
"""


async def test_active_equities_come_in_pages_that_hold_everything_once(rest: RestClient) -> None:
    """At least 3,000, a thousand a page by default, page-offset counting pages."""
    symbols: list[str] = []
    page = 0
    while True:
        answer = await rest.get("/instruments/equities/active", page_offset=str(page))
        pagination = answer.json["pagination"]
        assert pagination["per-page"] == 1000
        assert pagination["page-offset"] == page
        assert pagination["item-offset"] == len(symbols)
        assert pagination["current-item-count"] == len(answer.items)
        symbols += [item["symbol"] for item in answer.items]
        page += 1
        if page >= pagination["total-pages"]:
            break
    assert len(symbols) == pagination["total-items"] >= 3_200
    assert len(set(symbols)) == len(symbols)
    assert {"AAPL", "SPY", "QQQ", "BRK/B", "BF/B", "NVDA", "SPX"} <= set(symbols)


async def test_a_page_beyond_the_end_is_empty(rest: RestClient) -> None:
    """Not an error."""
    answer = await rest.get("/instruments/equities/active", page_offset="99")
    assert answer.items == []
    assert answer.json["pagination"]["current-item-count"] == 0


async def test_equities_have_what_clients_cannot_do_without(rest: RestClient) -> None:
    """Every required key of section 4.1 in every item; values left out are never null."""
    items = (await rest.get("/instruments/equities/active", per_page="5000")).items
    for item in items:
        assert set(EQUITY_KEYS.split()) <= item.keys()
        assert None not in item.values()
        assert item["active"] is True
        assert isinstance(item["id"], int)
        assert item["lendability"] in {"Easy To Borrow", "Locate Required", "Preborrow"}
    kinds = {(item["is-etf"], item["is-index"]) for item in items}
    assert kinds == {(True, False), (False, True), (False, False)}


@pytest.mark.parametrize("path", ["/instruments/equities/BRK%2FB", "/instruments/equities/BRK/B"])
async def test_a_slash_in_a_symbol_may_be_encoded_or_bare(rest: RestClient, path: str) -> None:
    """Both spellings of the path find the same share class."""
    equity = (await rest.get(path)).data
    assert equity["symbol"] == "BRK/B"
    assert equity["streamer-symbol"] == "BRK/B"


@pytest.mark.parametrize("symbol", ["NOPE", "aapl", "BRK.B", "%2E%2E%2Faapl", "active%2F"])
async def test_an_unknown_symbol_is_not_found(rest: RestClient, symbol: str) -> None:
    """404 in the envelope."""
    answer = await rest.get(f"/instruments/equities/{symbol}")
    assert answer.status == 404
    assert answer.error["code"] == "record_not_found"


async def test_equities_by_symbol_leave_unknown_ones_out(rest: RestClient) -> None:
    """symbol[] as the service documents it, encoded as a known client sends it."""
    answer = await rest.get(
        "/instruments/equities?symbol%5B%5D=AAPL&symbol%5B%5D=BRK%2FB&symbol%5B%5D=NOPE&per-page=250"
    )
    assert [item["symbol"] for item in answer.items] == ["AAPL", "BRK/B"]
    assert answer.json["pagination"]["total-items"] == 2


async def test_equities_can_be_filtered(rest: RestClient) -> None:
    """By being a fund, an index, or hard to borrow."""
    path = "/instruments/equities"
    assert all(item["is-etf"] for item in (await rest.get(path, is_etf="true")).items)
    indexes = (await rest.get(path, is_index="true")).items
    assert {"SPX", "VIX"} <= {item["symbol"] for item in indexes}
    assert all(item["is-index"] for item in indexes)
    hard = (await rest.get(path, lendability="Locate Required")).items
    assert {item["lendability"] for item in hard} == {"Locate Required"}
    assert all("borrow-rate" not in item for item in hard)


async def test_delisted_names_are_listed_but_not_active(rest: RestClient) -> None:
    """The full list knows them, the active one does not; they are closing only."""
    everything = await _all(rest, "/instruments/equities")
    gone = {item["symbol"] for item in everything if not item["active"]}
    active = {item["symbol"] for item in await _all(rest, "/instruments/equities/active")}
    assert len(gone) >= 3
    assert not gone & active
    assert all(item["is-closing-only"] != item["active"] for item in everything)


async def test_a_name_appears_on_its_first_day(rest: RestClient) -> None:
    """The list of active names grows when the clock passes a listing; until then it is unknown."""
    now = {item["symbol"] for item in await _all(rest, "/instruments/equities/active")}
    async with rest_at("2026-09-21T23:00") as before:
        earlier = {item["symbol"] for item in await _all(before, "/instruments/equities/active")}
        newcomers = now - earlier
        assert newcomers
        for symbol in newcomers:
            assert (await before.get(f"/instruments/equities/{symbol}")).status == 404
            assert (await rest.get(f"/instruments/equities/{symbol}")).status == 200


async def test_a_delisted_name_says_when_it_stopped(rest: RestClient) -> None:
    """The close of its last day; names that trade do not have the key."""
    everything = await _all(rest, "/instruments/equities")
    for item in everything:
        assert ("stops-trading-at" in item) != item["active"]
    ended = {item["stops-trading-at"] for item in everything if not item["active"]}
    assert "2020-03-31T20:00:00.000+00:00" in ended


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("/instruments/equities", "per-page", "1001"),
        ("/instruments/equities", "is-etf", "maybe"),
        ("/instruments/equities/active", "per-page", "5001"),
        ("/instruments/equities/active", "per-page", "0"),
        ("/instruments/equities/active", "per-page", "ten"),
        ("/instruments/equities/active", "page-offset", "-1"),
        ("/instruments/equities/active", "page-offset", "1.5"),
        ("/instruments/equities/active", "per-page", "\u00b2"),
        ("/instruments/equities/active", "per-page", "9" * 5000),
        ("/instruments/equities", "is-index", ""),
    ],
)
async def test_parameters_that_cannot_be_are_named(
    rest: RestClient, path: str, name: str, value: str
) -> None:
    """422 with the domain and the reason (API facts 1.5)."""
    answer = await rest.call("GET", path, params={name: value})
    assert answer.status == 422
    assert answer.error["code"] == "validation_error"
    assert [error["domain"] for error in answer.error["errors"]] == [name]


async def _all(rest: RestClient, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for page in range(10):
        items += (await rest.get(path, page_offset=str(page))).items
    return items
