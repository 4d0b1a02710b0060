# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Watchlists, to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from aiohttp import web

from ttapi_client.sandbox.rest.envelope import Refusal, data_response, items_response
from ttapi_client.sandbox.rest.parameters import optional_flag
from ttapi_client.sandbox.world.watchlists import (
    PairsWatchlist,
    Watchlist,
    pairs_watchlists,
    private_watchlists,
    public_watchlists,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ttapi_client.sandbox.world import World

AnyList = TypeVar("AnyList", Watchlist, PairsWatchlist)


class WatchlistRoutes:
    """The service's lists, its lists of pairs and the customer's own; a name may hold spaces."""

    def __init__(self, world: World) -> None:
        self._market = world.market

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [
            web.get("/public-watchlists", self.public_lists),
            web.get("/public-watchlists/{name:.+}", self.public_list),
            web.get("/pairs-watchlists", self.pairs_lists),
            web.get("/pairs-watchlists/{name:.+}", self.pairs_list),
            web.get("/watchlists", self.private_lists),
            web.get("/watchlists/{name:.+}", self.private_list),
        ]

    async def public_lists(self, request: web.Request) -> web.Response:
        """The service's own lists, in full or only how long each is."""
        lists = public_watchlists(self._market)
        if optional_flag(request, "counts-only"):
            return items_response(
                request, [{"name": one.name, "watchlist-entry-count": len(one.symbols)} for one in lists]
            )
        return items_response(request, [_watchlist(one) for one in lists])

    async def public_list(self, request: web.Request) -> web.Response:
        """One of them."""
        return data_response(request, _watchlist(_named(request, public_watchlists(self._market))))

    async def pairs_lists(self, request: web.Request) -> web.Response:
        """The service's lists of pairs."""
        return items_response(request, [_pairs(one) for one in pairs_watchlists(self._market)])

    async def pairs_list(self, request: web.Request) -> web.Response:
        """One of them."""
        return data_response(request, _pairs(_named(request, pairs_watchlists(self._market))))

    async def private_lists(self, request: web.Request) -> web.Response:
        """The customer's lists."""
        return items_response(request, [_watchlist(one) for one in private_watchlists(self._market)])

    async def private_list(self, request: web.Request) -> web.Response:
        """One of them."""
        return data_response(request, _watchlist(_named(request, private_watchlists(self._market))))


def _named(request: web.Request, lists: Iterable[AnyList]) -> AnyList:
    name = request.match_info["name"]
    for one in lists:
        if one.name == name:
            return one
    raise Refusal.unknown(f"watchlist {name[:40]}")


def _pairs(one: PairsWatchlist) -> dict[str, object]:
    return {
        "name": one.name,
        "order-index": one.order,
        "pairs-equations": [
            {
                "left-action": "Buy",
                "left-symbol": pair.bought,
                "left-quantity": pair.bought_quantity,
                "right-action": "Sell",
                "right-symbol": pair.sold,
                "right-quantity": pair.sold_quantity,
            }
            for pair in one.pairs
        ],
    }


def _watchlist(one: Watchlist) -> dict[str, object]:
    return {
        "name": one.name,
        "watchlist-entries": [{"symbol": symbol, "instrument-type": "Equity"} for symbol in one.symbols],
        "group-name": one.group,
        "order-index": one.order,
    }
