# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The customer, the accounts and their trading status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from test_ttapi_client.sandbox.wire import RestClient

CUSTOMER_KEYS = """
    id first-name last-name address mailing-address is-foreign usa-citizenship-type mobile-phone-number
    birth-date
    email tax-number-type subject-to-tax-withholding has-industry-affiliation has-listed-affiliation
    has-political-affiliation has-delayed-quotes has-pending-or-approved-application is-professional
    permitted-account-types created-at
"""
ACCOUNT_KEYS = """
    account-number nickname account-type-name opened-at created-at is-closed day-trader-status is-firm-error
    is-firm-proprietary is-futures-approved is-foreign margin-or-cash
"""
STATUS_KEYS = """
    account-number id equities-margin-calculation-type fee-schedule-name futures-margin-rate-multiplier
    small-notional-futures-margin-rate-multiplier options-level updated-at has-intraday-equities-margin
    is-aggregated-at-clearing is-closed is-closing-only is-cryptocurrency-enabled is-frozen
    is-full-equity-margin-required is-futures-closing-only is-futures-intra-day-enabled is-futures-enabled
    is-in-day-trade-equity-maintenance-call is-in-margin-call is-pattern-day-trader
    is-small-notional-futures-intra-day-enabled is-roll-the-day-forward-enabled
    are-far-otm-net-options-restricted
    short-calls-enabled is-equity-offering-enabled is-equity-offering-closing-only
"""


async def test_the_customer_has_what_clients_cannot_do_without(rest: RestClient) -> None:
    """Every key that section 3.1 calls required, with its addresses and account types."""
    customer = (await rest.get("/customers/me")).data
    assert set(CUSTOMER_KEYS.split()) <= customer.keys()
    assert isinstance(customer["id"], str)
    for address in (customer["address"], customer["mailing-address"]):
        assert {
            "city",
            "country",
            "is-domestic",
            "is-foreign",
            "postal-code",
            "state-region",
            "street-one",
        } == (address.keys())
    for account_type in customer["permitted-account-types"]:
        assert {"name", "description", "is_tax_advantaged", "margin_types"} <= account_type.keys()


async def test_the_customer_has_an_id_of_its_own(rest: RestClient) -> None:
    """It stands wherever ``me`` may stand."""
    customer = (await rest.get("/customers/me")).data
    number = customer["id"]
    assert number != "me"
    assert (await rest.get(f"/customers/{number}")).data == customer
    accounts = (await rest.get("/customers/me/accounts")).items
    assert (await rest.get(f"/customers/{number}/accounts")).items == accounts
    one = accounts[0]["account"]
    assert (await rest.get(f"/customers/{number}/accounts/{one['account-number']}")).data == one
    assert all(
        isinstance(customer["customer-suitability"][key], int)
        for key in ("id", "annual-net-income", "net-worth", "liquid-net-worth", "number-of-dependents")
    )


async def test_accounts_were_opened_before_anything_happened_in_them(rest: RestClient) -> None:
    """Customer, account and first deposit follow each other."""
    customer = (await rest.get("/customers/me")).data
    for item in (await rest.get("/customers/me/accounts")).items:
        account = item["account"]
        path = f"/accounts/{account['account-number']}/transactions"
        first = (await rest.get(path, sort="Asc", per_page="1")).items[0]
        assert customer["created-at"] <= account["created-at"] == account["opened-at"] < first["executed-at"]
        assert account["funding-date"] == first["transaction-date"]


async def test_accounts_are_wrapped_in_the_list_and_bare_alone(rest: RestClient) -> None:
    """At least three, numbered SBX..., with all required keys (API facts 3.2)."""
    items = (await rest.get("/customers/me/accounts")).items
    assert len(items) >= 3
    for item in items:
        assert item["authority-level"] == "owner"
        account = item["account"]
        assert set(ACCOUNT_KEYS.split()) <= account.keys()
        assert account["account-number"].startswith("SBX")
        assert (await rest.get(f"/customers/me/accounts/{account['account-number']}")).data == account


async def test_trading_status_has_what_clients_cannot_do_without(rest: RestClient) -> None:
    """Every key that section 3.3 calls required, for margin and cash accounts."""
    for number in ("SBX00001", "SBX00002", "SBX00003"):
        status = (await rest.get(f"/accounts/{number}/trading-status")).data
        assert set(STATUS_KEYS.split()) <= status.keys()
        assert status["account-number"] == number
        assert isinstance(status["id"], int)
        flags = [value for key, value in status.items() if key.startswith(("is-", "has-", "are-"))]
        assert all(isinstance(flag, bool) for flag in flags)


@pytest.mark.parametrize(
    "path", ["/customers/me/accounts/SBX99999", "/accounts/5WX00001/trading-status", "/accounts/x/balances"]
)
async def test_an_unknown_account_is_not_found(rest: RestClient, path: str) -> None:
    """404 in the envelope."""
    answer = await rest.get(path)
    assert answer.status == 404
    assert answer.error["code"] == "record_not_found"


async def test_another_customer_is_not_permitted(rest: RestClient) -> None:
    """403, as for anything that belongs to somebody else."""
    for path in ("/customers/17", "/customers/17/accounts", "/customers/17/accounts/SBX00001"):
        answer = await rest.get(path)
        assert answer.status == 403
        assert answer.error["code"] == "not_permitted"
