# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Futures, options on them, and the products of both (API facts 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ttapi_client.batches import spelled
from ttapi_client.decode.futures import (
    decode_future,
    decode_future_option,
    decode_future_option_product,
    decode_future_product,
)
from ttapi_client.endpoints.listing import (
    InstrumentArea,
    items_of,
    list_query,
    outcomes_of,
    pages_of,
)
from ttapi_client.query_parameters import query_of
from ttapi_client.routes import Route

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from ttapi_core.future_options import FutureOption, FutureOptionProduct
    from ttapi_core.futures import Future, FutureProduct
    from ttapi_core.outcome import Outcome

_FUTURES: Final = "/instruments/futures"
_PRODUCTS: Final = "/instruments/future-products"
_OPTION_PRODUCTS: Final = "/instruments/future-option-products"
_OPTIONS: Final = "/instruments/future-options"
_SPELLING: Final = "it looks like './ESU6 EW4Q6 260821C5750', and may have expired"


class FuturesApi(InstrumentArea):
    """Contract months and what is built on them."""

    def futures(
        self,
        symbols: Iterable[str] | None = None,
        *,
        product_codes: Iterable[str] | None = None,
        exchange: str | None = None,
        security_ids: Iterable[str] | None = None,
        only_active: bool = True,
        per_page: int = 250,
    ) -> AsyncGenerator[Future, None]:
        """
        Futures; a page is fetched when the one before it has been used up.

        Parameters
        ----------
        symbols
            Nothing but these, such as ``/ESU6``, a hundred to a request; what the service does not know it
            leaves out. ``None`` is all there are.
        product_codes
            Nothing but these products, such as ``ES``; the service does not look at them where symbols are
            given.
        exchange
            As the service groups them: ``CME``, ``SMALLS``, ``CFE``, ``CBOED``.
        security_ids
            Nothing but contracts with these.
        only_active
            Whether those that have expired are left out, even when they are asked for by symbol.
        per_page
            How many to a page.

        Raises
        ------
        UnknownSymbolError
            For a text that cannot be a symbol or a code.
        ApiError
            When the service cannot be asked or refuses, or when an item cannot be read.
        """
        query = (
            *list_query("product-code[]", product_codes),
            *list_query("security-id[]", security_ids),
            *query_of({"exchange": exchange, "only-active-futures": only_active}),
        )
        return pages_of(
            self._requester, Route(_FUTURES), decode_future, per_page=per_page, query=query, symbols=symbols
        )

    async def future(self, symbol: str) -> Future:
        """
        One contract by its symbol, such as ``/ESU6``.

        Raises
        ------
        NotFoundError
            When the service knows no such contract.
        ApiError
            When it cannot be asked or refuses.
        """
        answer = await self._requester.get(Route(f"{_FUTURES}/{{symbol}}", {"symbol": symbol}))
        return decode_future(answer.child("data"))

    async def future_products(self) -> tuple[FutureProduct, ...]:
        """
        Every product of futures.

        Raises
        ------
        ApiError
            When the service cannot be asked or refuses.
        """
        return await items_of(self._requester, Route(_PRODUCTS), decode_future_product)

    async def future_product(self, exchange: str, code: str) -> FutureProduct:
        """
        One product by the exchange that the service files it under, and its code such as ``ES``.

        Raises
        ------
        NotFoundError
            When the service knows no such product.
        ApiError
            When it cannot be asked or refuses.
        """
        values = {"exchange": exchange, "code": without_slash(code)}
        answer = await self._requester.get(Route(f"{_PRODUCTS}/{{exchange}}/{{code}}", values))
        return decode_future_product(answer.child("data"))

    async def future_option_products(self) -> tuple[FutureOptionProduct, ...]:
        """
        Every product of options on futures.

        Raises
        ------
        ApiError
            When the service cannot be asked or refuses.
        """
        return await items_of(self._requester, Route(_OPTION_PRODUCTS), decode_future_option_product)

    async def future_option_product(self, exchange: str, root: str) -> FutureOptionProduct:
        """
        One product of options by its exchange and its root such as ``EW4``.

        Raises
        ------
        NotFoundError
            When the service knows no such product.
        ApiError
            When it cannot be asked or refuses.
        """
        values = {"exchange": exchange, "root": without_slash(root)}
        answer = await self._requester.get(Route(f"{_OPTION_PRODUCTS}/{{exchange}}/{{root}}", values))
        return decode_future_option_product(answer.child("data"))

    async def future_options(self, symbols: Iterable[str]) -> dict[str, Outcome[FutureOption]]:
        """
        Each option, such as ``./ESU6 EW4Q6 260821C5750``, or why there is none; in the order asked for.

        A hundred symbols to a request, side by side. One that cannot be a symbol is not sent, one that the
        service leaves out of its answer is an ``Err`` of its own. A request that is refused as malformed is
        sent again in halves; one that fails otherwise is an ``Err`` for each of its symbols.
        """
        return await outcomes_of(
            self._requester,
            Route(_OPTIONS),
            decode_future_option,
            spelled(symbols),
            what="future option",
            hint=_SPELLING,
        )

    async def future_option(self, symbol: str) -> FutureOption:
        """
        One option by its symbol.

        Raises
        ------
        NotFoundError
            When the service knows no such option.
        ApiError
            When it cannot be asked or refuses.
        """
        answer = await self._requester.get(Route(f"{_OPTIONS}/{{symbol}}", {"symbol": symbol}))
        return decode_future_option(answer.child("data"))


def without_slash(code: str) -> str:
    """
    The code of a product, which many write with the slash of its contracts.

    Examples
    --------
    >>> without_slash("/ES"), without_slash("ES")
    ('ES', 'ES')
    """
    return code.removeprefix("/")
