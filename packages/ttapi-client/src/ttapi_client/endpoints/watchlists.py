# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Watchlists: the service's own, its lists of pairs, and the customer's; to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.decode.watchlists import decode_pairs_watchlist, decode_watchlist
from ttapi_client.routes import Route

if TYPE_CHECKING:
    from ttapi_client.requester import Requester
    from ttapi_core.watchlists import PairsWatchlist, Watchlist


class WatchlistsApi:
    """
    Named lists of symbols.

    Every method raises ``ApiError`` when there is no answer or a refusal; ``NotFoundError`` where there is no
    list of that name.
    """

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    async def public(self, *, counts_only: bool = False) -> tuple[Watchlist, ...]:
        """
        The service's own lists.

        Parameters
        ----------
        counts_only
            Ask only how long each is: then none has entries.
        """
        return await self._lists("/public-watchlists", (("counts-only", "true"),) if counts_only else ())

    async def public_one(self, name: str) -> Watchlist:
        """One of the service's own lists."""
        return await self._list(Route("/public-watchlists/{name}", {"name": name}))

    async def mine(self) -> tuple[Watchlist, ...]:
        """The customer's lists."""
        return await self._lists("/watchlists")

    async def one(self, name: str) -> Watchlist:
        """One of the customer's lists."""
        return await self._list(Route("/watchlists/{name}", {"name": name}))

    async def pairs(self) -> tuple[PairsWatchlist, ...]:
        """The service's lists of pairs."""
        answer = await self._requester.get(Route("/pairs-watchlists"))
        return tuple(decode_pairs_watchlist(item) for item in answer.child("data").items("items"))

    async def pair(self, name: str) -> PairsWatchlist:
        """One of the service's lists of pairs."""
        answer = await self._requester.get(Route("/pairs-watchlists/{name}", {"name": name}))
        return decode_pairs_watchlist(answer.child("data"))

    async def _lists(self, template: str, query: tuple[tuple[str, str], ...] = ()) -> tuple[Watchlist, ...]:
        answer = await self._requester.get(Route(template), query)
        return tuple(decode_watchlist(item) for item in answer.child("data").items("items"))

    async def _list(self, route: Route) -> Watchlist:
        return decode_watchlist((await self._requester.get(route)).child("data"))
