# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Accounts with their balances and positions (API facts 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.decode.accounts import (
    decode_account,
    decode_balance,
    decode_customer,
    decode_position,
)
from ttapi_client.routes import Route

if TYPE_CHECKING:
    from ttapi_client.decode.accounts import Customer
    from ttapi_client.requester import Requester
    from ttapi_core.accounts import Account, Balance, Position


class AccountsApi:
    """What the customer holds. Every method raises ``ApiError`` when there is no answer or a refusal."""

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    async def customer(self) -> Customer:
        """Who is logged in."""
        answer = await self._requester.get(Route("/customers/me"))
        return decode_customer(answer.child("data"))

    async def list(self) -> tuple[Account, ...]:
        """Every account of the customer, closed ones included, in the service's order."""
        answer = await self._requester.get(Route("/customers/me/accounts"))
        return tuple(decode_account(item.child("account")) for item in answer.child("data").items("items"))

    async def balances(self, account_number: str) -> tuple[Balance, ...]:
        """
        The account's balance in each currency.

        Older versions of the service answer one object instead of a list; both are read.
        """
        route = Route("/accounts/{account_number}/balances", {"account_number": account_number})
        data = (await self._requester.get(route)).child("data")
        listed = data.items("items") if "items" in data else (data,)
        return tuple(decode_balance(item) for item in listed)

    async def positions(self, account_number: str) -> tuple[Position, ...]:
        """The account's open positions."""
        route = Route("/accounts/{account_number}/positions", {"account_number": account_number})
        answer = await self._requester.get(route)
        return tuple(decode_position(item) for item in answer.child("data").items("items"))
