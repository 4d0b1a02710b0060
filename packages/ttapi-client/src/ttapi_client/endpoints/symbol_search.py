# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Symbol search: what there is under the beginning of a symbol (API facts 4.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.decode.symbol_search import decode_symbol_match
from ttapi_client.routes import Route

if TYPE_CHECKING:
    from ttapi_client.requester import Requester
    from ttapi_core.symbol_search import SymbolMatch


class SymbolSearchApi:
    """Finds symbols."""

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    async def search(self, text: str) -> tuple[SymbolMatch, ...]:
        """
        Symbols that begin with a text, such as ``BRK/``, in the service's order; none when there are none.

        Raises
        ------
        UnknownSymbolError
            For a text that no symbol can begin with.
        ApiError
            When the service cannot be asked or refuses.
        """
        route = Route("/symbols/search/{text}", {"text": text.strip()})
        answer = await self._requester.get(route)
        return tuple(decode_symbol_match(item) for item in answer.child("data").items("items"))
