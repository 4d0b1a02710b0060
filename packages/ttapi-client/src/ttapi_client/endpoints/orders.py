# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Orders of an account, to be read."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from ttapi_client.decode.orders import decode_complex_order, decode_order
from ttapi_client.endpoints.account_area import AccountArea

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection
    from datetime import date, datetime

    from ttapi_client.endpoints.account_area import SortOrder
    from ttapi_core.instruments import InstrumentType
    from ttapi_core.orders import ComplexOrder, Order

_PER_PAGE: Final = 50  # an order is long, with its legs and fills


class OrdersApi(AccountArea):
    """What the account asked the market for."""

    async def orders(
        self,
        account_number: str,
        *,
        start_date: date | None = None,
        end_date: date | None = None,
        start_at: datetime | None = None,
        end_at: datetime | None = None,
        statuses: Collection[str] | None = None,
        underlying_symbol: str | None = None,
        underlying_instrument_type: InstrumentType | None = None,
        futures_symbol: str | None = None,
        sort: SortOrder | None = None,
        per_page: int = _PER_PAGE,
    ) -> AsyncGenerator[Order, None]:
        """
        Every order that fits; a page is fetched when the one before it has been used up.

        Parameters
        ----------
        start_date, end_date
            Of these days and those in between. From October 2026 on the service wants a ``start_date`` or a
            ``start_at`` (API facts 1.3).
        start_at, end_at
            Instants with a zone.
        statuses
            In the service's words, such as ``["Filled", "Live"]``.
        underlying_symbol, underlying_instrument_type, futures_symbol
            Only orders for these.
        sort
            The latest first, unless it is ``Asc``.
        per_page
            Orders a page.
        """
        query = {
            "start-date": start_date,
            "end-date": end_date,
            "start-at": start_at,
            "end-at": end_at,
            "status[]": statuses,
            "underlying-symbol": underlying_symbol,
            "underlying-instrument-type": underlying_instrument_type,
            "futures-symbol": futures_symbol,
            "sort": sort,
        }
        template = "/accounts/{account_number}/orders"
        async with aclosing(self._pages(template, account_number, query, per_page=per_page)) as items:
            async for item in items:
                yield decode_order(item)

    async def live_orders(self, account_number: str) -> tuple[Order, ...]:
        """Today's orders, whatever became of them."""
        data = await self._data("/accounts/{account_number}/orders/live", {"account_number": account_number})
        return tuple(decode_order(item) for item in data.items("items"))

    async def order(self, account_number: str, order_id: str | int) -> Order:
        """
        One order.

        Raises
        ------
        NotFoundError
            When the account has none of that number.
        """
        values = {"account_number": account_number, "order_id": str(order_id)}
        return decode_order(await self._data("/accounts/{account_number}/orders/{order_id}", values))

    async def complex_orders(
        self, account_number: str, *, per_page: int = _PER_PAGE
    ) -> AsyncGenerator[ComplexOrder, None]:
        """Every complex order; a page is fetched when the one before it has been used up."""
        template = "/accounts/{account_number}/complex-orders"
        async with aclosing(self._pages(template, account_number, {}, per_page=per_page)) as items:
            async for item in items:
                yield decode_complex_order(item)

    async def live_complex_orders(self, account_number: str) -> tuple[ComplexOrder, ...]:
        """Today's complex orders, whatever became of them."""
        data = await self._data(
            "/accounts/{account_number}/complex-orders/live", {"account_number": account_number}
        )
        return tuple(decode_complex_order(item) for item in data.items("items"))

    async def complex_order(self, account_number: str, order_id: str | int) -> ComplexOrder:
        """
        One complex order.

        Raises
        ------
        NotFoundError
            When the account has none of that number.
        """
        values = {"account_number": account_number, "order_id": str(order_id)}
        template = "/accounts/{account_number}/complex-orders/{order_id}"
        return decode_complex_order(await self._data(template, values))
