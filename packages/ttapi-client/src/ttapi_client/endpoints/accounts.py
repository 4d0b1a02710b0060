# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Accounts: everything of the customer and of each account, to be read (API facts 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.decode.accounts import decode_account, decode_customer, decode_trading_status
from ttapi_client.decode.margin import decode_margin_configuration, decode_margin_requirements
from ttapi_client.endpoints.holdings import HoldingsApi
from ttapi_client.endpoints.orders import OrdersApi
from ttapi_client.endpoints.transactions import TransactionsApi

if TYPE_CHECKING:
    from ttapi_core.accounts import Account, TradingStatus
    from ttapi_core.customers import Customer
    from ttapi_core.margin import MarginConfiguration, MarginRequirements


class AccountsApi(HoldingsApi, TransactionsApi, OrdersApi):
    """
    Accounts and everything of them.

    Lists that may be long come page by page, in ``async for``; the others are tuples. Every method raises
    ``ApiError`` when there is no answer or a refusal, and ``DecodeError``, which is one, when a part of the
    answer does not fit: nothing is left out in silence.
    """

    async def customer(self) -> Customer:
        """Who is logged in."""
        return decode_customer(await self._data("/customers/me", {}))

    async def list(self) -> tuple[Account, ...]:
        """Every account of the customer, closed ones included, in the service's order."""
        data = await self._data("/customers/me/accounts", {})
        return tuple(
            decode_account(item.child("account"), authority_level=item.optional_text("authority-level"))
            for item in data.items("items")
        )

    async def get(self, account_number: str) -> Account:
        """
        One account of the customer.

        Raises
        ------
        NotFoundError
            When there is none of that number.
        """
        template = "/customers/me/accounts/{account_number}"
        return decode_account(await self._data(template, {"account_number": account_number}))

    async def trading_status(self, account_number: str) -> TradingStatus:
        """What the account may do."""
        template = "/accounts/{account_number}/trading-status"
        return decode_trading_status(await self._data(template, {"account_number": account_number}))

    async def margin_requirements(self, account_number: str) -> MarginRequirements:
        """What the account's holdings tie up, by underlying and strategy."""
        template = "/margin/accounts/{account_number}/requirements"
        return decode_margin_requirements(await self._data(template, {"account_number": account_number}))

    async def margin_configuration(self) -> MarginConfiguration:
        """What the service works margin out with; the same for everybody."""
        return decode_margin_configuration(await self._data("/margin-requirements-public-configuration", {}))
