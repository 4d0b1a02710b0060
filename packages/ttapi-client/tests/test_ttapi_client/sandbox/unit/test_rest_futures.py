# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Futures and their products over REST."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from test_ttapi_client.sandbox.moments import rest_at

if TYPE_CHECKING:
    from test_ttapi_client.sandbox.wire import RestClient

FUTURES = "/instruments/futures"
FUTURE_KEYS = """
    symbol product-code tick-size notional-multiplier display-factor last-trade-date expiration-date active
    active-month next-active-month is-closing-only stops-trading-at expires-at product-group exchange
    streamer-exchange-code back-month-first-calendar-symbol
"""
PRODUCT_KEYS = """
    root-symbol code description exchange product-type listed-months active-months notional-multiplier
    tick-size display-factor streamer-exchange-code small-notional back-month-first-calendar-symbol
    first-notice cash-settled market-sector clearing-code clearing-exchange-code roll
"""


async def test_active_contracts_are_two_of_each_product_or_three_after_a_roll(rest: RestClient) -> None:
    """With every key that a known client cannot do without, and the streamer symbol."""
    answer = await rest.get(FUTURES)
    symbols = [item["symbol"] for item in answer.items]
    assert symbols == ["/CLZ6", "/CLF7", "/CLG7", "/ESZ6", "/ESH7", "/GCZ6", "/GCG7", "/NQZ6", "/NQH7"]
    assert [item["symbol"] for item in answer.items if item["active-month"]] == symbols[1::2]
    assert [item["symbol"] for item in answer.items if item["next-active-month"]] == symbols[2::2]
    for item in answer.items:
        assert set(FUTURE_KEYS.split()) <= item.keys()
        assert item["active"] is True
        assert item["streamer-symbol"].endswith(f":{item['streamer-exchange-code']}")
        assert isinstance(item["tick-size"], str)
    assert answer.json["pagination"]["total-items"] == 9
    december = answer.items[3]
    assert december["streamer-symbol"] == "/ESZ26:XCME"
    assert december["stops-trading-at"] == "2026-12-18T14:30:00.000+00:00"
    assert december["roll-target-symbol"] == "/ESH7"


@pytest.mark.parametrize(
    ("query", "symbols"),
    [
        ("symbol%5B%5D=%2FESZ6&symbol%5B%5D=NQZ6&symbol%5B%5D=/NOPE", ["/ESZ6", "/NQZ6"]),
        ("symbol=/ESZ6,/CLF7", ["/CLF7", "/ESZ6"]),
        ("product-code%5B%5D=GC", ["/GCZ6", "/GCG7"]),
        ("product-code=/GC&symbol=/ESZ6", ["/ESZ6"]),
        ("exchange=CFE", []),
        ("exchange=CME&product-code=NQ", ["/NQZ6", "/NQH7"]),
        ("security-id%5B%5D=x", []),
        ("per-page=4&page-offset=1", ["/ESH7", "/GCZ6", "/GCG7", "/NQZ6"]),
        ("per-page=3&page-offset=9", []),
        ("symbol=/ESU6", []),
        ("symbol=/ESU6&only-active-futures=false", ["/ESU6"]),
    ],
)
async def test_contracts_can_be_chosen(rest: RestClient, query: str, symbols: list[str]) -> None:
    """By symbol with or without its slash, product, venue, id; expired ones on request only."""
    items = (await rest.get(f"{FUTURES}?{query}")).items
    assert [item["symbol"] for item in items] == symbols


async def test_a_contract_is_found_by_the_id_that_it_answers(rest: RestClient) -> None:
    """security-id is read and written alike."""
    (gold,) = (await rest.get(FUTURES, symbol="/GCZ6")).items
    assert (await rest.get(FUTURES, security_id=gold["security-id"])).items == [gold]


@pytest.mark.parametrize("spelling", ["%2FESZ6", "/ESZ6", "ESZ6"])
async def test_the_slash_of_a_single_contract_may_be_encoded_bare_or_missing(
    rest: RestClient, spelling: str
) -> None:
    """As three known clients send it."""
    alone = (await rest.get(f"{FUTURES}/{spelling}")).data
    assert [alone] == (await rest.get(FUTURES, symbol="/ESZ6")).items


async def test_an_expired_contract_is_known_but_not_active(rest: RestClient) -> None:
    """Without a streamer symbol, whose two digits would soon mean a history that is over."""
    expired = (await rest.get(f"{FUTURES}/%2FESU6")).data
    assert expired["active"] is False
    assert expired["is-closing-only"] is True
    assert "streamer-symbol" not in expired
    assert expired["roll-target-symbol"] == "/ESZ6"


async def test_the_active_month_rolls_with_the_clock() -> None:
    """Four trading days before the December contract ends it is the next one's turn; both still trade."""
    async with rest_at("2026-12-14T23:00") as rest:
        items = {item["symbol"]: item for item in (await rest.get(FUTURES, product_code="ES")).items}
        assert [symbol for symbol, item in items.items() if item["active-month"]] == ["/ESH7"]
        assert [symbol for symbol, item in items.items() if item["next-active-month"]] == ["/ESM7"]
        assert items["/ESZ6"]["active"] is True
    async with rest_at("2026-12-19T23:00") as rest:
        items = {item["symbol"]: item for item in (await rest.get(FUTURES, product_code="ES")).items}
        assert list(items) == ["/ESH7", "/ESM7"]


async def test_products_have_what_clients_cannot_do_without(rest: RestClient) -> None:
    """Also inside each contract."""
    products = (await rest.get("/instruments/future-products")).items
    assert [product["code"] for product in products] == ["CL", "ES", "GC", "NQ"]
    for product in products:
        assert set(PRODUCT_KEYS.split()) <= product.keys()
        assert {"name", "active-count", "cash-settled", "business-days-offset", "first-notice"} <= product[
            "roll"
        ].keys()
        single = await rest.get(f"/instruments/future-products/CME/{product['code']}")
        assert single.data == product
    (gold,) = (await rest.get(FUTURES, symbol="/GCZ6")).items
    assert gold["future-product"] == products[2]
    assert products[2]["listed-months"] == ["G", "J", "M", "Q", "V", "Z"]


async def test_options_on_futures_are_an_empty_list(rest: RestClient) -> None:
    """They are not simulated; the list of products exists all the same."""
    assert (await rest.get("/instruments/future-option-products")).items == []
    assert (await rest.get("/instruments/future-option-products/CME/EW4")).status == 404


@pytest.mark.parametrize(
    "path",
    [
        f"{FUTURES}/%2FESZ9",
        f"{FUTURES}/esz6",
        f"{FUTURES}/%2F%2FESZ6",
        f"{FUTURES}/BTC%2FUSD",
        f"{FUTURES}/%00",
        f"{FUTURES}/%FF",
        "/instruments/future-products/CFE/ES",
        "/instruments/future-products/CME/%2FES",
        "/instruments/future-products/CME/%ED%A0%80",
    ],
)
async def test_unknown_contracts_and_products_are_not_found(rest: RestClient, path: str) -> None:
    """404 in the envelope."""
    answer = await rest.get(path)
    assert answer.status == 404
    assert answer.error["code"] == "record_not_found"


@pytest.mark.parametrize(
    ("name", "value"),
    [("per-page", "0"), ("per-page", "1001"), ("page-offset", "x"), ("only-active-futures", "maybe")],
)
async def test_parameters_that_cannot_be_are_named(rest: RestClient, name: str, value: str) -> None:
    """422 with the domain."""
    answer = await rest.call("GET", FUTURES, params={name: value})
    assert answer.status == 422
    assert [error["domain"] for error in answer.error["errors"]] == [name]
