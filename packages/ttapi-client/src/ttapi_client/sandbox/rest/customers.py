# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The simulated customer, the accounts and what they may do (API facts 3.1 to 3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from ttapi_client.sandbox.rest.envelope import Refusal, data_response, items_response

if TYPE_CHECKING:
    from ttapi_client.sandbox.world import World
    from ttapi_client.sandbox.world.accounts import SimulatedAccount

CUSTOMER_ID: Final = "me"
_CREATED_AT: Final = "2024-01-02T15:00:00.000+00:00"
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
    "created-at": _CREATED_AT,
}
_STATUS_FLAGS: Final = (
    "has-intraday-equities-margin",
    "is-aggregated-at-clearing",
    "is-closed",
    "is-closing-only",
    "is-cryptocurrency-enabled",
    "is-frozen",
    "is-full-equity-margin-required",
    "is-futures-closing-only",
    "is-futures-intra-day-enabled",
    "is-futures-enabled",
    "is-in-day-trade-equity-maintenance-call",
    "is-in-margin-call",
    "is-pattern-day-trader",
    "is-small-notional-futures-intra-day-enabled",
    "is-roll-the-day-forward-enabled",
    "are-far-otm-net-options-restricted",
    "short-calls-enabled",
    "is-equity-offering-enabled",
    "is-equity-offering-closing-only",
)


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
        _require_me(request)
        return data_response(request, _CUSTOMER)

    async def accounts(self, request: web.Request) -> web.Response:
        """All accounts, each wrapped with the customer's authority over it."""
        _require_me(request)
        accounts = self._world.accounts.accounts
        return items_response(
            request, [{"authority-level": "owner", "account": _account(account)} for account in accounts]
        )

    async def account(self, request: web.Request) -> web.Response:
        """One account, unwrapped."""
        _require_me(request)
        return data_response(request, _account(account_of(request, self._world)))

    async def trading_status(self, request: web.Request) -> web.Response:
        """What the account may do."""
        account = account_of(request, self._world)
        enabled = {"has-intraday-equities-margin", "short-calls-enabled"} if account.is_margin else set[str]()
        return data_response(
            request,
            {
                "account-number": account.number,
                "id": int(account.number.removeprefix("SBX")),
                "equities-margin-calculation-type": "Reg T" if account.is_margin else "Cash",
                "fee-schedule-name": "default",
                "futures-margin-rate-multiplier": "0.0",
                "small-notional-futures-margin-rate-multiplier": "0.0",
                "options-level": "No Restrictions" if account.is_margin else "Covered And Cash Secured",
                "day-trade-count": 0,
                **{flag: flag in enabled for flag in _STATUS_FLAGS},
                "updated-at": _CREATED_AT,
            },
        )


def account_of(request: web.Request, world: World) -> SimulatedAccount:
    """The account in the path; 404 when there is none of that number."""
    number = request.match_info["account"]
    account = world.accounts.account(number)
    if account is None:
        raise Refusal.unknown(f"account {number[:40]}")
    return account


def _require_me(request: web.Request) -> None:
    if request.match_info["customer"] != CUSTOMER_ID:
        raise Refusal(403, "not_permitted", "User not permitted access")


def _account(account: SimulatedAccount) -> dict[str, object]:
    return {
        "account-number": account.number,
        "external-id": f"EXT-{account.number}",
        "opened-at": _CREATED_AT,
        "nickname": account.nickname,
        "account-type-name": account.account_type,
        "day-trader-status": False,
        "is-closed": False,
        "is-firm-error": False,
        "is-firm-proprietary": False,
        "is-futures-approved": False,
        "is-foreign": False,
        "margin-or-cash": "Margin" if account.is_margin else "Cash",
        "investment-objective": "GROWTH",
        "suitable-options-level": "No Restrictions" if account.is_margin else "Covered And Cash Secured",
        "created-at": _CREATED_AT,
    }
