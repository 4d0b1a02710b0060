# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Orders, of which a simulated account has none on its books, and margin requirements (API facts 3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from ttapi_client.sandbox.rest.account_objects import (
    effect,
    margin_calculation,
    money_text,
    option_level,
)
from ttapi_client.sandbox.rest.account_parameters import SORTS, optional_choice, optional_instant
from ttapi_client.sandbox.rest.customers import account_of, customer_of
from ttapi_client.sandbox.rest.envelope import data_response, decimal_text, items_response, page_response
from ttapi_client.sandbox.rest.parameters import optional_date, page
from ttapi_client.sandbox.world.black_scholes import RISK_FREE_RATE

if TYPE_CHECKING:
    from ttapi_client.sandbox.world import World
    from ttapi_client.sandbox.world.account_plans import SimulatedAccount
    from ttapi_client.sandbox.world.account_worth import PricedPosition

_ORDERS_PER_PAGE: Final = 10
_MOST_PER_PAGE: Final = 2000
_EXPECTED_RANGE: Final = "5.0"  # percent that an underlying may move, either way


class OrderRoutes:
    """Orders and margin requirements; nothing here can be changed."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [
            web.get("/accounts/{account}/orders", self.of_account),
            web.get("/accounts/{account}/orders/live", self.live_of_account),
            web.get("/accounts/{account}/complex-orders", self.of_account),
            web.get("/accounts/{account}/complex-orders/live", self.live_of_account),
            web.get("/customers/{customer}/orders", self.of_customer),
            web.get("/customers/{customer}/orders/live", self.live_of_customer),
            web.get("/margin/accounts/{account}/requirements", self.margin),
            web.get("/margin-requirements-public-configuration", self.configuration),
        ]

    async def of_account(self, request: web.Request) -> web.Response:
        """A page of what was ever ordered."""
        _ = account_of(request, self._world)
        return _nothing_paged(request)

    async def live_of_account(self, request: web.Request) -> web.Response:
        """What was ordered today."""
        _ = account_of(request, self._world)
        return items_response(request, [])

    async def of_customer(self, request: web.Request) -> web.Response:
        """A page of what was ever ordered in any account."""
        _ = customer_of(request)
        return _nothing_paged(request)

    async def live_of_customer(self, request: web.Request) -> web.Response:
        """What was ordered today in any account."""
        _ = customer_of(request)
        return _nothing_paged(request)

    async def margin(self, request: web.Request) -> web.Response:
        """What each underlying ties up; the groups add up to the requirement in the balance."""
        account = account_of(request, self._world)
        worth = self._world.accounts.worth(account)
        return data_response(
            request,
            {
                "account-number": account.number,
                "description": "Total",
                "margin-calculation-type": margin_calculation(account),
                "option-level": option_level(account),
                **_required(worth.maintenance),
                **_available("margin-equity", worth.margin_equity),
                **_available("option-buying-power", worth.excess),
                **_tied_up("reg-t-margin-requirement", worth.maintenance),
                **_available("reg-t-option-buying-power", worth.excess),
                **_available("maintenance-excess", worth.excess),
                "groups": [_group(account, name, parts) for name, parts in worth.by_underlying()],
                "last-state-timestamp": int(self._world.market.now().timestamp() * 1000),
            },
        )

    async def configuration(self, request: web.Request) -> web.Response:
        """The rate that the simulated options are priced with."""
        return data_response(request, {"risk-free-rate": decimal_text(RISK_FREE_RATE)})


def _nothing_paged(request: web.Request) -> web.Response:
    _ = optional_choice(request, "sort", SORTS)
    for name in ("start-date", "end-date"):
        _ = optional_date(request, name)
    for name in ("start-at", "end-at"):
        _ = optional_instant(request, name)
    nothing: list[object] = []
    wanted_page = page(request, default=_ORDERS_PER_PAGE, maximum=_MOST_PER_PAGE)
    return page_response(request, *wanted_page.cut(nothing))


def _group(account: SimulatedAccount, underlying: str, parts: list[PricedPosition]) -> dict[str, object]:
    margin = sum(part.margin for part in parts) if account.is_margin else 0.0
    value = sum(part.value for part in parts)
    return {
        "description": underlying,
        "code": underlying,
        "underlying-symbol": underlying,
        "underlying-type": "Equity",
        "margin-calculation-type": margin_calculation(account),
        "expected-price-range-up-percent": _EXPECTED_RANGE,
        "expected-price-range-down-percent": _EXPECTED_RANGE,
        **_required(margin),
        **_available("buying-power", value - margin),
        "groups": [_part(account, part) for part in parts],
    }


def _part(account: SimulatedAccount, part: PricedPosition) -> dict[str, object]:
    side = "LONG" if part.quantity > 0 else "SHORT"
    margin = part.margin if account.is_margin else 0.0
    return {
        "description": f"{side}_{'UNDERLYING' if part.held.contract is None else 'OPTION'}",
        **_required(margin),
        "includes-working-order": False,
        **_available("buying-power", part.value - margin),
        "position-entries": [
            {
                "instrument-symbol": part.held.symbol,
                "instrument-type": part.held.instrument_type,
                "quantity": decimal_text(part.quantity),
                "close-price": decimal_text(part.price),
            }
        ],
    }


def _required(margin: float) -> dict[str, object]:
    names = ("margin-requirement", "initial-requirement", "maintenance-requirement")
    return {key: value for name in names for key, value in _tied_up(name, margin).items()}


def _tied_up(name: str, amount: float) -> dict[str, object]:
    return {name: money_text(abs(amount)), f"{name}-effect": effect(-amount)}


def _available(name: str, amount: float) -> dict[str, object]:
    return {name: money_text(abs(amount)), f"{name}-effect": effect(amount)}
