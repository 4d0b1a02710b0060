# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Transactions: every field, every filter, pages, and what is wrong with a question."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from test_ttapi_client.sandbox.wire import RestClient

PATH = "/accounts/SBX00001/transactions"
REQUIRED = """
    id account-number transaction-type transaction-sub-type description executed-at transaction-date value
    value-effect net-value net-value-effect is-estimated-fee
"""
OF_TRADES = """
    symbol instrument-type underlying-symbol action quantity price regulatory-fees regulatory-fees-effect
    clearing-fees clearing-fees-effect commission commission-effect proprietary-index-option-fees
    proprietary-index-option-fees-effect other-charge other-charge-effect order-id leg-count
    ext-global-order-number agency-price principal-price lots
"""
FEES = ("regulatory-fees", "clearing-fees", "commission", "proprietary-index-option-fees", "other-charge")


async def test_every_transaction_has_what_clients_cannot_do_without(rest: RestClient) -> None:
    """Section 3.5; money that only moves has neither symbol nor action nor price."""
    for item in await _all(rest):
        assert set(REQUIRED.split()) <= item.keys()
        assert isinstance(item["id"], int)
        assert item["account-number"] == "SBX00001"
        if item["transaction-type"] == "Trade":
            assert set(OF_TRADES.split()) <= item.keys()
            assert item["action"] == item["transaction-sub-type"]
            (lot,) = item["lots"]
            assert isinstance(lot["id"], str)
            assert lot["quantity"] == item["quantity"]
            assert (lot["transaction-id"] == item["id"]) is item["action"].endswith("Open")
        elif item["transaction-type"] == "Money Movement":
            assert not {"symbol", "action", "price", "quantity"} & item.keys()


async def test_amounts_are_unsigned_and_add_up(rest: RestClient) -> None:
    """The value is price times quantity; less the fees it is the net value; all of them make the cash."""
    cash = Decimal(0)
    for item in await _all(rest):
        fees = sum((_amount(item, name) for name in FEES if name in item), start=Decimal(0))
        assert fees <= 0
        assert _amount(item, "net-value") == _amount(item, "value") + fees
        if item["transaction-type"] == "Trade":
            size = Decimal(item["quantity"]) * (100 if item["instrument-type"] == "Equity Option" else 1)
            assert abs(Decimal(item["value"]) - size * Decimal(item["price"])) <= Decimal("0.005")
            assert item["value-effect"] == ("Debit" if item["action"].startswith("Buy") else "Credit")
        cash += _amount(item, "net-value")
    balance = (await rest.get("/accounts/SBX00001/balances/USD")).data
    assert cash == Decimal(balance["cash-balance"])


async def test_pages_cover_everything_once(rest: RestClient) -> None:
    """Newest first unless asked otherwise, and nothing behind the last page."""
    everything = await _all(rest)
    assert len(everything) > 100
    paged = []
    for number in range(9):
        answer = await rest.get(PATH, per_page="20", page_offset=str(number))
        assert answer.json["pagination"]["total-items"] == len(everything)
        assert answer.json["pagination"]["total-pages"] == -(-len(everything) // 20)
        paged += answer.items
    assert paged == everything[:180]
    instants = [item["executed-at"] for item in everything]
    assert instants == sorted(instants, reverse=True)
    assert (await rest.get(PATH, sort="Asc", per_page="2000")).items == everything[::-1]
    assert (await rest.get(PATH, page_offset="1000")).items == []
    assert (await rest.get(PATH)).json["pagination"]["per-page"] == 250


@pytest.mark.parametrize(
    ("params", "key", "values"),
    [
        ({"type": "Money Movement"}, "transaction-type", {"Money Movement"}),
        ({"types[]": ["Trade", "Nothing"]}, "transaction-type", {"Trade"}),
        ({"sub-type[]": ["Dividend", "Fee"]}, "transaction-sub-type", {"Dividend", "Fee"}),
        ({"symbol": "NVDA"}, "symbol", {"NVDA"}),
        ({"symbol": "BRK/B"}, "symbol", {"BRK/B"}),
        ({"underlying-symbol": "SPY"}, "underlying-symbol", {"SPY"}),
        ({"instrument-type": "Equity Option"}, "instrument-type", {"Equity Option"}),
        ({"action": "Sell to Open"}, "action", {"Sell to Open"}),
        ({"start-date": "2025-01-06", "end-date": "2025-01-06"}, "transaction-date", {"2025-01-06"}),
        ({"currency": "USD", "sub-type": "Deposit"}, "transaction-sub-type", {"Deposit"}),
    ],
)
async def test_filters_leave_what_matches(
    rest: RestClient, params: dict[str, Any], key: str, values: set[str]
) -> None:
    """What is found has one of the values, and all that has one is found."""
    found = (await rest.call("GET", PATH, params=params)).items
    assert {item.get(key) for item in found} == values
    assert found == [item for item in await _all(rest) if item.get(key) in values]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("start-at", "2026-10-27 13:30:00+00:00"),
        ("start-at", "2026-10-27T13:30:00Z"),
        ("end-at", "2026-10-27 09:30:00-04:00"),
        ("end-at", "2026-10-27T13:30:00"),
    ],
)
async def test_instants_may_be_spelled_in_several_ways(rest: RestClient, name: str, text: str) -> None:
    """With a space, as one client does, or a T, with an offset or without: the instant itself counts."""
    found = (await rest.call("GET", PATH, params={name: text, "per-page": "2000"})).items
    border = "2026-10-27T13:30:00.000+00:00"
    assert found == [
        item
        for item in await _all(rest)
        if (item["executed-at"] >= border if name == "start-at" else item["executed-at"] <= border)
    ]
    assert border in {item["executed-at"] for item in found}


@pytest.mark.parametrize(
    "params",
    [
        {"currency": "EUR"},
        {"partition-key": "a"},
        {"futures-symbol": "/ESZ6"},
        {"symbol": "' OR 1=1"},
        {"type": "\u0000"},
        {"underlying-symbol": "aapl"},
    ],
)
async def test_where_nothing_matches_the_list_is_empty(rest: RestClient, params: dict[str, str]) -> None:
    """With zero pages."""
    answer = await rest.call("GET", PATH, params=params)
    assert answer.items == []
    assert answer.json["pagination"]["total-pages"] == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("per-page", "0"),
        ("per-page", "2001"),
        ("per-page", "9" * 5000),
        ("page-offset", "-1"),
        ("sort", "desc"),
        ("sort", ""),
        ("start-date", "2026-02-30"),
        ("end-date", "yesterday"),
        ("start-at", "2026-01-01 00:00:00 00:00"),
        ("end-at", "0001-01-01T00:00:00+23:00"),
        ("action", "Steal"),
        ("instrument-type", "equity"),
    ],
)
async def test_a_wrong_parameter_is_named(rest: RestClient, name: str, text: str) -> None:
    """422 in the envelope, with the parameter as its domain."""
    answer = await rest.call("GET", PATH, params={name: text})
    assert answer.status == 422
    assert answer.error["code"] == "validation_error"
    (error,) = answer.error["errors"]
    assert error["domain"] == name
    assert error["reason"]


async def test_one_transaction_is_found_by_its_number(rest: RestClient) -> None:
    """Only in its own account."""
    first = (await rest.get(PATH)).items[0]
    assert (await rest.get(f"{PATH}/{first['id']}")).data == first
    for number in (first["id"] + 1, "total", "0", "9" * 5000, f"0{first['id']}"):
        assert (await rest.get(f"{PATH}/{number}")).status == 404
    assert (await rest.get(f"/accounts/SBX00002/transactions/{first['id']}")).status == 404


async def test_total_fees_are_those_of_one_day(rest: RestClient) -> None:
    """The day of the first purchases, one without trades, and today."""
    first_day = (await rest.get(PATH, start_date="2025-01-06", end_date="2025-01-06", type="Trade")).items
    fees = sum((_amount(item, name) for item in first_day for name in FEES), start=Decimal(0))
    answer = (await rest.get(f"{PATH}/total-fees", date="2025-01-06")).data
    assert answer == {"total-fees": str(-fees), "total-fees-effect": "Debit"}
    nothing = {"total-fees": "0.0", "total-fees-effect": "None"}
    assert (await rest.get(f"{PATH}/total-fees", date="2025-01-07")).data == nothing
    assert (await rest.get(f"{PATH}/total-fees")).data == nothing
    assert (await rest.get(f"{PATH}/total-fees", date="soon")).status == 422


async def test_an_account_without_trades_has_its_deposit(rest: RestClient) -> None:
    """A new account begins with money and nothing else."""
    (item,) = (await rest.get("/accounts/SBX00003/transactions")).items
    assert (item["transaction-sub-type"], item["net-value"]) == ("Deposit", "5000.0")
    assert date.fromisoformat(item["transaction-date"]) == date(2025, 1, 6)
    assert (await rest.get("/accounts/SBX99999/transactions")).status == 404


async def _all(rest: RestClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await rest.get(PATH, per_page="2000")).items
    return items


def _amount(item: dict[str, Any], name: str) -> Decimal:
    sign = {"Credit": 1, "Debit": -1, "None": 0}[item[f"{name}-effect"]]
    amount = Decimal(item[name])
    assert amount >= 0
    assert (amount == 0) is (sign == 0)
    return sign * amount
