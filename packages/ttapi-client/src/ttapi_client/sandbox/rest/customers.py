# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The simulated customer, the accounts and what they may do (API facts 3.1 to 3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from ttapi_client.sandbox.rest.account_objects import account_object, trading_status_object
from ttapi_client.sandbox.rest.envelope import Refusal, data_response, instant_text, items_response

if TYPE_CHECKING:
    from ttapi_client.sandbox.world import World
    from ttapi_client.sandbox.world.account_plans import SimulatedAccount

CUSTOMER_ID: Final = "1001"
_ADDRESS: Final = {
    "city": "Chicago",
    "country": "USA",
    "is-domestic": True,
    "is-foreign": False,
    "postal-code": "60606",
    "state-region": "IL",
    "street-one": "1 Simulation Plaza",
}
_CUSTOMER: Final = {
    "id": CUSTOMER_ID,
    "first-name": "Sandy",
    "last-name": "Sandbox",
    "address": _ADDRESS,
    "mailing-address": _ADDRESS,
    "is-foreign": False,
    "usa-citizenship-type": "Citizen",
    "mobile-phone-number": "+13125550100",
    "birth-date": "1990-01-01",
    "email": "sandy@example.com",
    "external-id": "SBX-CUSTOMER",
    "tax-number-type": "SSN",
    "subject-to-tax-withholding": False,
    "agreed-to-terms": True,
    "has-industry-affiliation": False,
    "has-listed-affiliation": False,
    "has-political-affiliation": False,
    "has-delayed-quotes": False,
    "has-pending-or-approved-application": True,
    "is-professional": False,
    "identifiable-type": "Person",
    "person": {
        "external-id": "SBX-PERSON",
        "first-name": "Sandy",
        "last-name": "Sandbox",
        "birth-date": "1990-01-01",
        "citizenship-country": "USA",
        "usa-citizenship-type": "Citizen",
        "employment-status": "EMPLOYED",
        "marital-status": "SINGLE",
        "number-of-dependents": 0,
        "occupation": "Tester",
    },
    "customer-suitability": {
        "id": 1,
        "customer-id": CUSTOMER_ID,
        "annual-net-income": 100_000,
        "net-worth": 500_000,
        "liquid-net-worth": 250_000,
        "number-of-dependents": 0,
        "employment-status": "EMPLOYED",
        "marital-status": "SINGLE",
        "occupation": "Tester",
        "stock-trading-experience": "EXTENSIVE_EXPERIENCE",
        "covered-options-trading-experience": "EXTENSIVE_EXPERIENCE",
        "uncovered-options-trading-experience": "EXTENSIVE_EXPERIENCE",
        "futures-trading-experience": "NONE",
    },
    "permitted-account-types": [
        {
            "name": "Individual",
            "description": "Individual",
            "is_tax_advantaged": False,
            "has_multiple_owners": False,
            "is_publicly_available": True,
            "margin_types": [{"name": "Cash", "is_margin": False}, {"name": "Reg T", "is_margin": True}],
        },
        {
            "name": "Roth IRA",
            "description": "Roth individual retirement account",
            "is_tax_advantaged": True,
            "has_multiple_owners": False,
            "is_publicly_available": True,
            "margin_types": [{"name": "Cash", "is_margin": False}],
        },
    ],
}


class CustomerRoutes:
    """The customer, the list of accounts, and their trading status."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [
            web.get("/customers/{customer}", self.customer),
            web.get("/customers/{customer}/accounts", self.accounts),
            web.get("/customers/{customer}/accounts/{account}", self.account),
            web.get("/accounts/{account}/trading-status", self.trading_status),
        ]

    async def customer(self, request: web.Request) -> web.Response:
        """The one customer there is."""
        _ = customer_of(request)
        return data_response(
            request, _CUSTOMER | {"created-at": instant_text(self._world.accounts.approved_at)}
        )

    async def accounts(self, request: web.Request) -> web.Response:
        """All accounts, each wrapped with the customer's authority over it."""
        _ = customer_of(request)
        accounts = self._world.accounts.accounts
        return items_response(
            request,
            [
                {"authority-level": "owner", "account": account_object(self._world, account)}
                for account in accounts
            ],
        )

    async def account(self, request: web.Request) -> web.Response:
        """One account, unwrapped."""
        _ = customer_of(request)
        return data_response(request, account_object(self._world, account_of(request, self._world)))

    async def trading_status(self, request: web.Request) -> web.Response:
        """What the account may do."""
        account = account_of(request, self._world)
        return data_response(request, trading_status_object(self._world, account))


def customer_of(request: web.Request) -> str:
    """The customer's own id, whichever way the path names the customer; 403 for anybody else's."""
    if request.match_info["customer"] not in {"me", CUSTOMER_ID}:
        raise Refusal(403, "not_permitted", "User not permitted access")
    return CUSTOMER_ID


def account_of(request: web.Request, world: World) -> SimulatedAccount:
    """The account in the path; 404 when there is none of that number."""
    number = request.match_info["account"]
    account = world.accounts.account(number)
    if account is None:
        raise Refusal.unknown(f"account {number[:40]}")
    return account
