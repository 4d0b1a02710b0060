# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Quote tokens: the key and the address of the market data feed (API facts 7.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.dxlink.quote_token import QuoteToken
from ttapi_client.routes import Route

if TYPE_CHECKING:
    from ttapi_client.requester import Requester


class QuoteTokensApi:
    """Issues tokens for the feed; a ``QuoteTokenSource``."""

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    async def issue(self) -> QuoteToken:
        """
        A token that is good for 24 hours.

        Raises
        ------
        ApiError
            When the service cannot be asked or refuses.
        """
        data = (await self._requester.get(Route("/api-quote-tokens"))).child("data")
        return QuoteToken(
            token=data.secret("token"),
            dxlink_url=data.text("dxlink-url"),
            expires_at=data.optional_instant("expires-at"),
        )
