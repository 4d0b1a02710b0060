# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Transactions of an account, and what they cost (API facts 3.5)."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from ttapi_client.decode.transactions import decode_fee_total, decode_transaction
from ttapi_client.endpoints.account_area import PER_PAGE, AccountArea

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection
    from datetime import date, datetime

    from ttapi_client.endpoints.account_area import SortOrder
    from ttapi_core.instruments import InstrumentType
    from ttapi_core.transactions import FeeTotal, Transaction


class TransactionsApi(AccountArea):
    """What moved the account's money and holdings."""

    async def transactions(
        self,
        account_number: str,
        *,
        types: Collection[str] | None = None,
        sub_types: Collection[str] | None = None,
        start_date: date | None = None,
        end_date: date | None = None,
        start_at: datetime | None = None,
        end_at: datetime | None = None,
        instrument_type: InstrumentType | None = None,
        symbol: str | None = None,
        underlying_symbol: str | None = None,
        futures_symbol: str | None = None,
        action: str | None = None,
        partition_key: str | None = None,
        currency: str | None = None,
        sort: SortOrder = "Desc",
        per_page: int = PER_PAGE,
    ) -> AsyncGenerator[Transaction, None]:
        """
        Every transaction that fits; a page is fetched when the one before it has been used up.

        Parameters
        ----------
        types, sub_types
            In the service's words, such as ``["Trade"]`` and ``["Buy to Open", "Dividend"]``.
        start_date, end_date
            Of these days and those in between.
        start_at, end_at
            Instants with a zone; executed from the first on and until the second.
        instrument_type, symbol, underlying_symbol, futures_symbol, action, partition_key, currency
            Only transactions of these.
        sort
            The latest first, unless it is ``Asc``.
        per_page
            1 to 2000.
        """
        query = {
            "types[]": types,
            "sub-type[]": sub_types,
            "start-date": start_date,
            "end-date": end_date,
            "start-at": start_at,
            "end-at": end_at,
            "instrument-type": instrument_type,
            "symbol": symbol,
            "underlying-symbol": underlying_symbol,
            "futures-symbol": futures_symbol,
            "action": action,
            "partition-key": partition_key,
            "currency": currency,
            "sort": sort,
        }
        template = "/accounts/{account_number}/transactions"
        async with aclosing(self._pages(template, account_number, query, per_page=per_page)) as items:
            async for item in items:
                yield decode_transaction(item)

    async def transaction(self, account_number: str, transaction_id: str | int) -> Transaction:
        """
        One transaction.

        Raises
        ------
        NotFoundError
            When the account has none of that number.
        """
        values = {"account_number": account_number, "transaction_id": str(transaction_id)}
        return decode_transaction(
            await self._data("/accounts/{account_number}/transactions/{transaction_id}", values)
        )

    async def total_fees(self, account_number: str, day: date | None = None) -> FeeTotal:
        """What the trades of a day cost, the service's today without one."""
        data = await self._data(
            "/accounts/{account_number}/transactions/total-fees",
            {"account_number": account_number},
            {"date": day},
        )
        return decode_fee_total(data, day=day)
