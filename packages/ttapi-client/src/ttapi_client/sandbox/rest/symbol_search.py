# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Searching symbols by their beginning (API facts 4.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from ttapi_client.sandbox.rest.envelope import decimal_text, items_response
from ttapi_client.sandbox.world.listings import Listing, OptionProgram

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_client.sandbox.world import World
    from ttapi_client.sandbox.world.other_instruments import OtherInstrument

_MOST: Final = 40


class SymbolSearchRoutes:
    """``/symbols/search``: whatever trades, whose symbol begins with a text, in the order of symbols."""

    def __init__(self, world: World) -> None:
        self._market = world.market
        self._others = world.others

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        # A slash in the text may be encoded or bare, and be its first character.
        return [web.get("/symbols/search/{text:.+}", self.search)]

    async def search(self, request: web.Request) -> web.Response:
        """At most forty; an exact match comes first, as any other symbol that begins with it is longer."""
        text = request.match_info["text"].upper()
        today = self._market.today
        found = [
            _listing_item(listing)
            for listing in self._market.listings()
            if listing.symbol.startswith(text) and listing.is_active(today)
        ]
        found += [_other_item(*named) for named in self._named_others() if named[0].symbol.startswith(text)]
        return items_response(request, found[:_MOST])

    def _named_others(self) -> Iterator[tuple[OtherInstrument, str]]:
        for product in self._others.products:
            for contract in self._others.contracts(product):
                yield contract, "Future"
        for coin in self._others.cryptocurrencies:
            yield coin, "Cryptocurrency"


def _listing_item(listing: Listing) -> dict[str, object]:
    return {
        "symbol": listing.symbol,
        "description": listing.name,
        "listed-market": listing.listed_market,
        "instrument-type": "Equity",
        "price-increments": "0.0001 below 1.0, 0.01",
        "trading-hours": "09:30-16:00 America/New_York",
        "options": listing.options is not OptionProgram.NONE,
    }


def _other_item(instrument: OtherInstrument, instrument_type: str) -> dict[str, object]:
    return {
        "symbol": instrument.symbol,
        "description": instrument.description,
        "listed-market": instrument.listed_market,
        "instrument-type": instrument_type,
        "price-increments": decimal_text(instrument.tick_size),
        "trading-hours": "18:00-17:00 America/New_York",
        "options": False,
    }
