# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Quotes: a hundred at a time by type, or one alone (API facts 5.1 and 5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from ttapi_client.sandbox.faults import FaultKind
from ttapi_client.sandbox.rest.envelope import Refusal, data_response, page_response
from ttapi_client.sandbox.rest.gate import QUOTE_TYPES
from ttapi_client.sandbox.rest.parameters import text_list
from ttapi_client.sandbox.rest.quote_items import QuoteExtras, option_item, quote_item
from ttapi_client.sandbox.world.draws import fraction
from ttapi_client.sandbox.world.futures import FutureContract
from ttapi_client.sandbox.world.listings import ListingKind
from ttapi_client.sandbox.world.other_instruments import Cryptocurrency

if TYPE_CHECKING:
    from ttapi_client.sandbox.faults import FaultScript
    from ttapi_client.sandbox.world import World

_LIMIT: Final = 100
_MOST_KEPT: Final = 4096  # items; a market may stand still for ever


class MarketDataRoutes:
    """``/market-data/by-type`` and ``/market-data/{type}/{symbol}``."""

    def __init__(self, world: World, faults: FaultScript) -> None:
        self._world = world
        self._faults = faults
        # Quotes rest within a second of the market; so do the items made of them.
        self._second = 0
        self._items: dict[tuple[str, str], dict[str, object]] = {}

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [
            web.get("/market-data/by-type", self.by_type),
            # The SDK leaves the slash of BRK/B bare, so the symbol may be two segments.
            web.get("/market-data/{instrument_type}/{symbol:.+}", self.single),
        ]

    async def by_type(self, request: web.Request) -> web.Response:
        """Quotes of up to a hundred symbols; what is unknown or asked under the wrong type is left out."""
        wanted = {name: text_list(request, name) for name in QUOTE_TYPES}
        count = sum(len(symbols) for symbols in wanted.values())
        if count == 0:
            raise Refusal.invalid(("symbols", "at least one symbol is required"))
        if count > _LIMIT:
            raise Refusal.invalid(("symbols", f"{count} symbols were given, {_LIMIT} are allowed"))
        asked = {symbol for symbols in wanted.values() for symbol in symbols}
        missing = {
            symbol
            for fault in self._faults.strike(request.path, asked, {FaultKind.MISSING})
            for symbol in fault.hit_symbols(asked)
        }
        items = [
            item
            for name, symbols in wanted.items()
            for symbol in dict.fromkeys(symbols)
            if symbol not in missing and (item := self._item(name, symbol)) is not None
        ]
        # The order is not that of the request, and nobody shall get used to one.
        items.sort(key=lambda item: fraction(str(item["symbol"])))
        return page_response(request, items, None)

    async def single(self, request: web.Request) -> web.Response:
        """The quote of one symbol; the type is spelled as in the quote itself."""
        name = request.match_info["instrument_type"].lower().replace(" ", "-")
        symbol = request.match_info["symbol"]
        item = self._item(name, symbol)
        if item is None:
            raise Refusal.unknown(f"{name[:40]} {symbol[:40]}")
        return data_response(request, item)

    def _item(self, name: str, symbol: str) -> dict[str, object] | None:
        second = int(self._world.market.now().timestamp())
        if second != self._second or len(self._items) >= _MOST_KEPT:
            self._second = second
            self._items.clear()
        key = name, symbol
        item = self._items.get(key)
        if item is None:
            item = self._fresh_item(name, symbol)
            if item is not None:
                self._items[key] = item
        return item

    def _fresh_item(self, name: str, symbol: str) -> dict[str, object] | None:
        match name:
            case "equity" | "index":
                return self._listing_item(symbol, is_index=name == "index")
            case "equity-option":
                contract = self._world.options.contract(symbol)
                option = None if contract is None else self._world.options.quote(contract)
                return None if option is None else option_item(option)
            case "future":
                return self._other_item(symbol, FutureContract, "Future")
            case "cryptocurrency":
                return self._other_item(symbol, Cryptocurrency, "Cryptocurrency")
            case _:  # options of futures are not simulated
                return None

    def _listing_item(self, symbol: str, *, is_index: bool) -> dict[str, object] | None:
        quote = self._world.market.quote(symbol)
        if quote is None:
            return None
        has_kind = (quote.listing.kind is ListingKind.INDEX) == is_index
        if quote.recorded is not None:
            # A recorded quote was the answer to somebody who asked for an equity, be it one of an index.
            return dict(quote.recorded) if has_kind or not is_index else None
        if not has_kind:
            return None
        history = self._world.metrics.history(symbol)
        extras = QuoteExtras() if history is None else QuoteExtras.of(history)
        return quote_item(quote, "Index" if is_index else "Equity", extras)

    def _other_item(
        self, symbol: str, kind: type[FutureContract | Cryptocurrency], name: str
    ) -> dict[str, object] | None:
        instrument = self._world.others.by_symbol(symbol)
        if not isinstance(instrument, kind):
            return None
        quote = self._world.others.quote(instrument)
        return None if quote is None else quote_item(quote, name, QuoteExtras())
