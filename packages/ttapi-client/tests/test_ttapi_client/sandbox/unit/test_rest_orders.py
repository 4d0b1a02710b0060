# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Orders, of which there are none, and margin requirements."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from test_ttapi_client.sandbox.wire import RestClient

REPORT_KEYS = """
    account-number description margin-calculation-type option-level margin-requirement
    maintenance-requirement margin-equity option-buying-power reg-t-margin-requirement
    reg-t-option-buying-power maintenance-excess initial-requirement last-state-timestamp groups
"""
GROUP_KEYS = "description code buying-power margin-calculation-type margin-requirement groups"


@pytest.mark.parametrize("owner", ["accounts/SBX00001", "customers/me"])
async def test_nothing_was_ever_ordered(rest: RestClient, owner: str) -> None:
    """Empty lists, paged where the service pages."""
    answer = await rest.get(f"/{owner}/orders", per_page="50", sort="Desc", start_date="2026-01-01")
    assert answer.items == []
    assert answer.json["pagination"]["total-items"] == 0
    assert answer.json["pagination"]["per-page"] == 50
    assert (await rest.get(f"/{owner}/orders/live")).items == []


async def test_nothing_complex_was_ordered_either(rest: RestClient) -> None:
    """The same for orders of several parts."""
    answer = await rest.get("/accounts/SBX00002/complex-orders")
    assert answer.items == []
    assert answer.json["pagination"]["total-pages"] == 0
    assert (await rest.get("/accounts/SBX00002/complex-orders/live")).items == []


@pytest.mark.parametrize(
    ("name", "text"),
    [("sort", "up"), ("start-date", "x"), ("end-at", "x"), ("per-page", "0"), ("page-offset", "x")],
)
async def test_a_wrong_question_about_orders_is_refused(rest: RestClient, name: str, text: str) -> None:
    """422, with the parameter at fault."""
    answer = await rest.call("GET", "/accounts/SBX00001/orders", params={name: text})
    assert answer.status == 422
    assert answer.error["errors"][0]["domain"] == name


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/accounts/SBX00001/orders/dry-run"),
        ("GET", "/accounts/SBX00001/orders/1"),
        ("DELETE", "/accounts/SBX00001/orders/1"),
        ("PUT", "/accounts/SBX00001/orders/1"),
        ("POST", "/margin/accounts/SBX00001/dry-run"),
        ("GET", "/accounts/SBX99999/orders"),
        ("GET", "/accounts/SBX99999/orders/live"),
        ("GET", "/margin/accounts/SBX99999/requirements"),
    ],
)
async def test_nothing_can_be_ordered(rest: RestClient, method: str, path: str) -> None:
    """What is not simulated, and what does not exist: 404 in the envelope."""
    answer = await rest.call(method, path, json={} if method in {"POST", "PUT"} else None)
    assert answer.status == 404
    assert answer.error.keys() >= {"code", "message"}


async def test_somebody_elses_orders_are_not_permitted(rest: RestClient) -> None:
    """403, whatever is asked."""
    for path in ("/customers/17/orders", "/customers/17/orders/live"):
        assert (await rest.get(path)).status == 403


@pytest.mark.parametrize("number", ["SBX00001", "SBX00002", "SBX00003"])
async def test_the_margin_report_adds_up_to_the_balance(rest: RestClient, number: str) -> None:
    """Its groups, one for each underlying, tie up what the balance calls the maintenance requirement."""
    report = (await rest.get(f"/margin/accounts/{number}/requirements")).data
    balance = (await rest.get(f"/accounts/{number}/balances/USD")).data
    positions = (await rest.get(f"/accounts/{number}/positions")).items
    assert set(REPORT_KEYS.split()) <= report.keys()
    assert report["margin-requirement"] == balance["maintenance-requirement"]
    assert report["margin-equity"] == balance["margin-equity"]
    assert report["option-buying-power"] == balance["derivative-buying-power"]
    assert isinstance(report["last-state-timestamp"], int)
    groups = report["groups"]
    assert {group["code"] for group in groups} == {position["underlying-symbol"] for position in positions}
    assert all(set(GROUP_KEYS.split()) <= group.keys() for group in groups)
    total = sum((Decimal(group["margin-requirement"]) for group in groups), start=Decimal(0))
    assert abs(total - Decimal(report["margin-requirement"])) < Decimal("0.01")
    entries = [entry for group in groups for part in group["groups"] for entry in part["position-entries"]]
    assert sorted(entry["instrument-symbol"] for entry in entries) == sorted(
        position["symbol"] for position in positions
    )


async def test_the_risk_free_rate_is_a_decimal(rest: RestClient) -> None:
    """As text, like every decimal."""
    assert (await rest.get("/margin-requirements-public-configuration")).data == {"risk-free-rate": "0.04"}
