# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Balances and positions: money of the simulated accounts (API facts 3.3 and 3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from ttapi_client.sandbox.rest.account_objects import current_balances, current_positions
from ttapi_client.sandbox.rest.account_parameters import INSTRUMENT_TYPES, optional_choice
from ttapi_client.sandbox.rest.customers import account_of
from ttapi_client.sandbox.rest.envelope import Refusal, data_response, items_response
from ttapi_client.sandbox.rest.parameters import optional_flag, text_list

if TYPE_CHECKING:
    from ttapi_client.sandbox.world import World

# The simulated positions belong to no product and lie in no partition: whoever asks for one finds nothing.
_NEVER_MATCHING = ("underlying-product-code", "partition-keys")


class AccountRoutes:
    """Balances and positions of an account."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [
            web.get("/accounts/{account}/balances", self.balances),
            web.get("/accounts/{account}/balances/{currency}", self.balance),
            web.get("/accounts/{account}/positions", self.positions),
        ]

    async def balances(self, request: web.Request) -> web.Response:
        """One balance for each currency: in a simulation there is only one."""
        return items_response(request, current_balances(self._world, account_of(request, self._world)))

    async def balance(self, request: web.Request) -> web.Response:
        """The balance in one currency."""
        account = account_of(request, self._world)
        currency = request.match_info["currency"]
        for balance in current_balances(self._world, account):
            if balance["currency"] == currency:
                return data_response(request, balance)
        raise Refusal.unknown(f"balance in {currency[:10]}")

    async def positions(self, request: web.Request) -> web.Response:
        """
        Open positions and, when asked, closed ones: of every instrument that was ever held.

        There is one position for each instrument, so that net positions are what is listed anyway.
        """
        account = account_of(request, self._world)
        with_closed = optional_flag(request, "include-closed-positions") or False
        with_mark = optional_flag(request, "include-marks") or False
        _ = optional_flag(request, "net-positions")
        _ = optional_choice(request, "instrument-type", INSTRUMENT_TYPES)
        items = current_positions(self._world, account, with_closed=with_closed, with_mark=with_mark)
        for name in ("underlying-symbol", "symbol", "instrument-type"):
            if wanted := text_list(request, name):
                items = [item for item in items if item.get(name) in wanted]
        if any(text_list(request, name) for name in _NEVER_MATCHING):
            items = []
        return items_response(request, items)
