# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Cryptocurrencies, currency pairs, warrants and quantity precisions (API facts 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from ttapi_client.sandbox.rest.envelope import Refusal, data_response, decimal_text, items_response
from ttapi_client.sandbox.rest.parameters import text_list
from ttapi_client.sandbox.world.other_instruments import CRYPTOCURRENCIES, CURRENCY_PAIRS, Cryptocurrency

if TYPE_CHECKING:
    from ttapi_client.sandbox.world import World

_COIN_DIGITS: Final = 8
_SHARE_DIGITS: Final = 5


class CryptocurrencyRoutes:
    """Small lists of what is neither an equity nor a future; they are the same in every world."""

    def __init__(self, world: World) -> None:
        self._others = world.others

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [
            web.get("/instruments/cryptocurrencies", self.cryptocurrencies),
            # The slash within a symbol may be encoded or bare.
            web.get("/instruments/cryptocurrencies/{symbol:.+}", self.cryptocurrency),
            web.get("/instruments/currency-pairs", self.currency_pairs),
            web.get("/instruments/warrants", self.warrants),
            web.get("/instruments/warrants/{symbol:.+}", self.warrant),
            web.get("/instruments/quantity-decimal-precisions", self.quantity_precisions),
        ]

    async def cryptocurrencies(self, request: web.Request) -> web.Response:
        """Coins by symbol, or all of them."""
        wanted = set(text_list(request, "symbol"))
        chosen = [coin for coin in CRYPTOCURRENCIES if not wanted or coin.symbol in wanted]
        return items_response(request, [_cryptocurrency(coin) for coin in chosen])

    async def cryptocurrency(self, request: web.Request) -> web.Response:
        """One coin."""
        symbol = request.match_info["symbol"]
        coin = self._others.by_symbol(symbol)
        if not isinstance(coin, Cryptocurrency):
            raise Refusal.unknown(f"cryptocurrency {symbol[:40]}")
        return data_response(request, _cryptocurrency(coin))

    async def currency_pairs(self, request: web.Request) -> web.Response:
        """Every pair."""
        pairs = [
            {
                "id": pair.number,
                "symbol": pair.symbol,
                "instrument-type": "Currency Pair",
                "description": pair.description,
                "dx-symbol": pair.streamer_symbol,
            }
            for pair in CURRENCY_PAIRS
        ]
        return items_response(request, pairs)

    async def warrants(self, request: web.Request) -> web.Response:
        """None is listed."""
        return items_response(request, [])

    async def warrant(self, request: web.Request) -> web.Response:
        """There is none."""
        raise Refusal.unknown(f"warrant {request.match_info['symbol'][:40]}")

    async def quantity_precisions(self, request: web.Request) -> web.Response:
        """To how many digits a quantity may be given: coins by symbol, everything else by type."""
        coins = [
            {
                "instrument-type": "Cryptocurrency",
                "symbol": coin.symbol,
                "value": _COIN_DIGITS,
                "minimum-increment-precision": _COIN_DIGITS,
            }
            for coin in CRYPTOCURRENCIES
        ]
        others = [
            {"instrument-type": kind, "value": digits, "minimum-increment-precision": 0}
            for kind, digits in (("Equity", _SHARE_DIGITS), ("Equity Option", 0), ("Future", 0))
        ]
        return items_response(request, [*coins, *others])


def _cryptocurrency(coin: Cryptocurrency) -> dict[str, object]:
    return {
        "id": coin.number,
        "symbol": coin.symbol,
        "instrument-type": "Cryptocurrency",
        "short-description": coin.name,
        "description": coin.description,
        "is-closing-only": False,
        "active": True,
        "tick-size": decimal_text(coin.tick_size),
        "streamer-symbol": coin.streamer_symbol,
        "destination-venue-symbols": [
            {
                "id": 70 + coin.number,
                "symbol": coin.symbol,
                "destination-venue": "SANDBOX_CRYPTOCURRENCY",
                "max-quantity-precision": _COIN_DIGITS,
                "max-price-precision": 2,
                "routable": True,
            }
        ],
    }
