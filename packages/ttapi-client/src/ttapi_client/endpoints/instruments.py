# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Instruments of every kind: equities, options, futures, coins, currencies, warrants (API facts 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_client.decode.cryptocurrencies import decode_cryptocurrency
from ttapi_client.decode.instruments import (
    decode_currency_pair,
    decode_instrument_match,
    decode_quantity_precision,
    decode_warrant,
)
from ttapi_client.endpoints.equities import EquitiesApi
from ttapi_client.endpoints.futures import FuturesApi
from ttapi_client.endpoints.listing import items_of, list_query
from ttapi_client.query_parameters import query_of
from ttapi_client.routes import Route

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ttapi_core.cryptocurrencies import Cryptocurrency
    from ttapi_core.instruments import CurrencyPair, InstrumentMatch, QuantityPrecision, Warrant

_CRYPTOCURRENCIES: Final = "/instruments/cryptocurrencies"
_WARRANTS: Final = "/instruments/warrants"


class InstrumentsApi(EquitiesApi, FuturesApi):
    """
    What can be traded.

    Streamer symbols are the service's own, never built: where it sends none they are ``None``, but for
    equities, which the feed calls as everybody does.
    """

    async def cryptocurrencies(self, symbols: Iterable[str] | None = None) -> tuple[Cryptocurrency, ...]:
        """
        Coins, such as ``BTC/USD``; all of them, or those asked for that the service knows.

        Raises
        ------
        UnknownSymbolError
            For a text that cannot be a symbol.
        ApiError
            When the service cannot be asked or refuses.
        """
        query = list_query("symbol[]", symbols)
        if symbols is not None and not query:
            return ()
        return await items_of(self._requester, Route(_CRYPTOCURRENCIES), decode_cryptocurrency, query)

    async def cryptocurrency(self, symbol: str) -> Cryptocurrency:
        """
        One coin by its symbol.

        Raises
        ------
        NotFoundError
            When the service knows no such coin.
        ApiError
            When it cannot be asked or refuses.
        """
        answer = await self._requester.get(Route(f"{_CRYPTOCURRENCIES}/{{symbol}}", {"symbol": symbol}))
        return decode_cryptocurrency(answer.child("data"))

    async def currency_pairs(self) -> tuple[CurrencyPair, ...]:
        """
        Every currency pair that the feed knows.

        Raises
        ------
        ApiError
            When the service cannot be asked or refuses.
        """
        return await items_of(self._requester, Route("/instruments/currency-pairs"), decode_currency_pair)

    async def warrants(self, symbols: Iterable[str] | None = None) -> tuple[Warrant, ...]:
        """
        Warrants; all of them, or those asked for that the service knows.

        Raises
        ------
        UnknownSymbolError
            For a text that cannot be a symbol.
        ApiError
            When the service cannot be asked or refuses.
        """
        query = list_query("symbol[]", symbols)
        if symbols is not None and not query:
            return ()
        return await items_of(self._requester, Route(_WARRANTS), decode_warrant, query)

    async def warrant(self, symbol: str) -> Warrant:
        """
        One warrant by its symbol.

        Raises
        ------
        NotFoundError
            When the service knows no such warrant.
        ApiError
            When it cannot be asked or refuses.
        """
        answer = await self._requester.get(Route(f"{_WARRANTS}/{{symbol}}", {"symbol": symbol}))
        return decode_warrant(answer.child("data"))

    async def quantity_precisions(self) -> tuple[QuantityPrecision, ...]:
        """
        To how many decimal places quantities may be given.

        Raises
        ------
        ApiError
            When the service cannot be asked or refuses.
        """
        route = Route("/instruments/quantity-decimal-precisions")
        return await items_of(self._requester, route, decode_quantity_precision)

    async def search(
        self,
        query: str | None = None,
        *,
        instrument_type: str | None = None,
        instrument_sub_type: str | None = None,
        exchange: str | None = None,
        category: str | None = None,
        from_date: date | None = None,
        limit: int | None = None,
    ) -> tuple[InstrumentMatch, ...]:
        """
        Instruments that a search by symbol, description or tag finds, in the service's order.

        The words that each parameter takes are not documented; they are sent as they are.

        Parameters
        ----------
        query
            What to look for.
        instrument_type, instrument_sub_type, exchange, category, from_date
            Nothing but these.
        limit
            1 to 100.

        Raises
        ------
        ApiError
            When the service cannot be asked or refuses.
        """
        wanted = query_of(
            {
                "query": query,
                "type": instrument_type,
                "instrument-sub-type": instrument_sub_type,
                "exchange": exchange,
                "category": category,
                "from-date": from_date,
                "limit": None if limit is None else str(limit),
            }
        )
        return await items_of(self._requester, Route("/instruments/search"), decode_instrument_match, wanted)
