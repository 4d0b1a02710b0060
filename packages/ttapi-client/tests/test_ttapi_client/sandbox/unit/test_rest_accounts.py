# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Balances and positions."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from test_ttapi_client.sandbox.wire import RestClient
    from ttapi_core.clock import ManualClock

DECIMAL = re.compile(r"-?\d+\.\d+")
BALANCE_KEYS = """
    account-number cash-balance long-equity-value short-equity-value long-derivative-value
    short-derivative-value
    long-futures-value short-futures-value long-futures-derivative-value short-futures-derivative-value
    long-margineable-value short-margineable-value margin-equity equity-buying-power derivative-buying-power
    day-trading-buying-power futures-margin-requirement available-trading-funds maintenance-requirement
    maintenance-call-value reg-t-call-value day-trading-call-value day-equity-call-value net-liquidating-value
    cash-available-to-withdraw day-trade-excess pending-cash long-cryptocurrency-value
    short-cryptocurrency-value cryptocurrency-margin-requirement unsettled-cryptocurrency-fiat-amount
    closed-loop-available-balance equity-offering-margin-requirement long-bond-value bond-margin-requirement
    used-derivative-buying-power snapshot-date reg-t-margin-requirement futures-overnight-margin-requirement
    futures-intraday-margin-requirement maintenance-excess pending-margin-interest
    effective-cryptocurrency-buying-power updated-at
"""
NO_MONEY = {"account-number", "currency", "snapshot-date", "updated-at", "time-of-day"}


@pytest.mark.parametrize("number", ["SBX00001", "SBX00002", "SBX00003"])
async def test_balances_have_every_required_key_as_decimal_text(rest: RestClient, number: str) -> None:
    """Section 3.3; the list and the single form say the same."""
    (balance,) = (await rest.get(f"/accounts/{number}/balances")).items
    assert set(BALANCE_KEYS.split()) <= balance.keys()
    for key, value in balance.items():
        if key not in NO_MONEY and not key.endswith("-effect"):
            assert DECIMAL.fullmatch(value), (key, value)
    assert (await rest.get(f"/accounts/{number}/balances/USD")).data == balance


async def test_an_unknown_currency_is_not_found(rest: RestClient) -> None:
    """Only dollars are simulated."""
    assert (await rest.get("/accounts/SBX00001/balances/EUR")).status == 404


@pytest.mark.parametrize("number", ["SBX00001", "SBX00002", "SBX00003"])
async def test_net_liquidating_value_is_cash_and_what_the_positions_are_worth(
    rest: RestClient, number: str
) -> None:
    """An independent sum over the positions route equals the balance."""
    (balance,) = (await rest.get(f"/accounts/{number}/balances")).items
    worth = sum(
        (
            Decimal(position["quantity"])
            * position["multiplier"]
            * Decimal(position["close-price"])
            * (1 if position["quantity-direction"] == "Long" else -1)
            for position in await _positions(rest, number)
        ),
        start=Decimal(balance["cash-balance"]),
    )
    assert abs(worth - Decimal(balance["net-liquidating-value"])) < Decimal("0.01")


async def test_positions_are_long_and_short_in_shares_and_options(rest: RestClient) -> None:
    """One account has all four kinds, one has none."""
    kinds = {
        (position["instrument-type"], position["quantity-direction"])
        for position in await _positions(rest, "SBX00001")
    }
    assert kinds == {
        ("Equity", "Long"),
        ("Equity", "Short"),
        ("Equity Option", "Long"),
        ("Equity Option", "Short"),
    }
    assert await _positions(rest, "SBX00003") == []
    assert "BRK/B" in {position["symbol"] for position in await _positions(rest, "SBX00001")}


async def test_positions_agree_with_quotes_and_chains(rest: RestClient) -> None:
    """Shares close at the quote's last price; option symbols are listed in the nested chain."""
    for position in await _positions(rest, "SBX00001"):
        if position["instrument-type"] == "Equity":
            quote = (await rest.get(f"/market-data/Equity/{position['symbol']}")).data
            assert position["close-price"] == quote["last"]
            assert position["multiplier"] == 1
        else:
            chain = (await rest.get(f"/option-chains/{position['underlying-symbol']}/nested")).items
            strikes = [
                strike
                for root in chain
                for expiration in root["expirations"]
                for strike in expiration["strikes"]
            ]
            symbols = {strike[side] for strike in strikes for side in ("call", "put")}
            streamers = {strike[f"{side}-streamer-symbol"] for strike in strikes for side in ("call", "put")}
            assert position["symbol"] in symbols
            assert position["streamer-symbol"] in streamers
            assert position["multiplier"] == 100
            assert position["expires-at"] > "2026-11-20"


async def test_positions_can_be_filtered(rest: RestClient) -> None:
    """By symbol, by underlying, by type."""
    path = "/accounts/SBX00001/positions"
    assert [item["symbol"] for item in (await rest.get(path, symbol="SPY")).items] == ["SPY"]
    by_underlying = await rest.call("GET", path, params={"underlying-symbol[]": "SPY"})
    assert {item["underlying-symbol"] for item in by_underlying.items} == {"SPY"}
    assert len(by_underlying.items) == 2
    options = (await rest.get(path, instrument_type="Equity Option")).items
    assert {item["instrument-type"] for item in options} == {"Equity Option"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("partition-keys[]", "a"), ("underlying-product-code", "ES"), ("symbol", "aapl"), ("symbol", "%00")],
)
async def test_what_no_position_has_finds_none(rest: RestClient, name: str, value: str) -> None:
    """Partitions, products of futures, symbols in another spelling."""
    assert (await rest.call("GET", "/accounts/SBX00001/positions", params={name: value})).items == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("instrument-type", "Share"),
        ("include-marks", "1"),
        ("net-positions", "x"),
        ("include-closed-positions", ""),
    ],
)
async def test_a_wrong_question_about_positions_is_refused(rest: RestClient, name: str, value: str) -> None:
    """422, with the parameter at fault."""
    answer = await rest.call("GET", "/accounts/SBX00001/positions", params={name: value})
    assert answer.status == 422
    assert answer.error["errors"][0]["domain"] == name


async def test_marks_come_on_request_and_are_those_of_the_quotes(rest: RestClient) -> None:
    """The price of one, and what all of it is worth at that."""
    path = "/accounts/SBX00001/positions"
    assert all("mark" not in item for item in (await rest.get(path)).items)
    for item in (await rest.get(path, include_marks="true", net_positions="true")).items:
        name = item["instrument-type"].lower().replace(" ", "-")
        (quote,) = (await rest.call("GET", "/market-data/by-type", params={name: item["symbol"]})).items
        assert item["mark-price"] == quote["mark"]
        worth = Decimal(item["mark-price"]) * Decimal(item["quantity"]) * item["multiplier"]
        assert Decimal(item["mark"]) == worth


async def test_closed_positions_come_on_request(rest: RestClient) -> None:
    """With nothing in them; what was bought and sold long ago has gained nothing today."""
    path = "/accounts/SBX00001/positions"
    items = (await rest.get(path, include_closed_positions="true", include_marks="true")).items
    closed = {item["symbol"]: item for item in items if item["quantity-direction"] == "Zero"}
    assert {"NVDA", "KO", "AMD"} <= closed.keys()
    nvidia = closed["NVDA"]
    assert (nvidia["quantity"], nvidia["realized-today"], nvidia["cost-effect"]) == ("0.0", "0.0", "None")
    assert "mark" not in nvidia
    assert nvidia["created-at"] < nvidia["updated-at"]
    held = [item for item in items if item["quantity-direction"] != "Zero"]
    assert [item["symbol"] for item in held] == [
        item["symbol"] for item in await _positions(rest, "SBX00001")
    ]


async def test_what_a_trade_gained_is_realized_on_its_day(
    rest: RestClient, market_clock: ManualClock
) -> None:
    """A roll: the old contract's gain stands beside it until midnight."""
    path = "/accounts/SBX00001"
    for _ in range(40):
        today = (await rest.get(f"{path}/transactions/total-fees")).data
        if today["total-fees"] != "0.0":
            break
        market_clock.advance(86_400)
    line = next(
        item
        for item in (await rest.get(f"{path}/transactions", type="Trade", per_page="4")).items
        if item["action"].endswith("Close")
    )
    (position,) = (
        await rest.get(f"{path}/positions", symbol=line["symbol"], include_closed_positions="true")
    ).items
    (lot,) = line["lots"]
    sign = 1 if lot["quantity-direction"] == "Long" else -1
    gain = (Decimal(line["price"]) - Decimal(lot["price"])) * Decimal(line["quantity"]) * 100 * sign
    assert Decimal(position["realized-today"]) == abs(gain)
    assert position["realized-day-gain-effect"] == ("Credit" if gain > 0 else "Debit")
    market_clock.advance(86_400)
    (position,) = (
        await rest.get(f"{path}/positions", symbol=line["symbol"], include_closed_positions="true")
    ).items
    assert position["realized-today"] == "0.0"


async def test_accounts_move_with_the_market(rest: RestClient, market_clock: ManualClock) -> None:
    """Four days later the same holdings are worth something else, and were bought at the same price."""
    before = await _positions(rest, "SBX00002")
    market_clock.advance(4 * 86_400)
    after = await _positions(rest, "SBX00002")
    assert [one["symbol"] for one in before] == [one["symbol"] for one in after]
    assert [one["average-open-price"] for one in before] == [one["average-open-price"] for one in after]
    assert [one["close-price"] for one in before] != [one["close-price"] for one in after]


async def _positions(rest: RestClient, number: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await rest.get(f"/accounts/{number}/positions")).items
    return items
