# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The way to the feed: where it is, and a token for it (API facts 7.1)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from ttapi_client.sandbox.rest.envelope import data_response, instant_text
from ttapi_client.sandbox.rest.gate import FEED_PATH
from ttapi_client.sandbox.tokens import QUOTE_SECONDS

if TYPE_CHECKING:
    from ttapi_client.sandbox.sandbox_state import SandboxState


class QuoteTokenRoutes:
    """``/api-quote-tokens``."""

    def __init__(self, state: SandboxState) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [web.get("/api-quote-tokens", self.quote_token)]

    async def quote_token(self, request: web.Request) -> web.Response:
        """A new token, and the feed's address on the very host that was asked."""
        issued_at = self._state.clock.now()
        return data_response(
            request,
            {
                "token": self._state.quote_tokens.issue(),
                "dxlink-url": f"ws://{request.host}{FEED_PATH}",
                "level": "api",
                "issued-at": instant_text(issued_at),
                "expires-at": instant_text(issued_at + timedelta(seconds=QUOTE_SECONDS)),
            },
        )
