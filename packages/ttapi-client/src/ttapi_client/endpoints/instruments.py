# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Instruments: the listing of equities, and one by one (API facts 4.1)."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from ttapi_client.decode.instruments import decode_equity
from ttapi_client.pages import items_of_all_pages
from ttapi_client.routes import Route

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from ttapi_client.requester import Requester
    from ttapi_core.instruments import Equity


class InstrumentsApi:
    """What can be traded. Every method raises ``ApiError`` when the service cannot be asked or refuses."""

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    async def active_equities(self, *, per_page: int = 1000) -> AsyncGenerator[Equity, None]:
        """
        Every active equity; a page is fetched when the one before it has been used up.

        Parameters
        ----------
        per_page
            1 to 5000.
        """
        pages = items_of_all_pages(self._requester, Route("/instruments/equities/active"), per_page=per_page)
        async with aclosing(pages) as items:
            async for item in items:
                yield decode_equity(item)

    async def equity(self, symbol: str) -> Equity:
        """
        One equity by its symbol, such as ``BRK/B``.

        Raises
        ------
        NotFoundError
            When the service knows no such symbol.
        """
        answer = await self._requester.get(Route("/instruments/equities/{symbol}", {"symbol": symbol}))
        return decode_equity(answer.child("data"))
