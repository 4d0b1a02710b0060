# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The token exchange (API facts 2.1); it accepts the sandbox's own published credentials and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from aiohttp import web

from ttapi_client.sandbox.rest.envelope import json_response
from ttapi_client.sandbox.tokens import ACCESS_SECONDS, CLIENT_SECRET, REFRESH_TOKEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_client.sandbox.tokens import TokenIssuer


class OAuthRoutes:
    """``POST /oauth/token``."""

    def __init__(self, access_tokens: TokenIssuer) -> None:
        self._access_tokens = access_tokens

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [web.post("/oauth/token", self.token)]

    async def token(self, request: web.Request) -> web.Response:
        """Exchange the refresh token for an access token; JSON and form bodies are both in use."""
        fields = await _fields(request)
        grant_type = fields.get("grant_type")
        if grant_type != "refresh_token":
            return oauth_refusal(
                "unsupported_grant_type", f"grant_type {str(grant_type)[:40]!r} is not supported"
            )
        missing = [name for name in ("client_secret", "refresh_token") if not fields.get(name)]
        if missing:
            return oauth_refusal("invalid_request", f"{missing[0]} is missing")
        if fields["client_secret"] != CLIENT_SECRET:
            return oauth_refusal("invalid_client", "Client authentication failed")
        if fields["refresh_token"] != REFRESH_TOKEN:
            return oauth_refusal("invalid_grant", "Invalid JWT")
        token = self._access_tokens.issue()
        return json_response({"access_token": token, "token_type": "Bearer", "expires_in": ACCESS_SECONDS})


def oauth_refusal(code: str, description: str) -> web.Response:
    """The token exchange's own error shape (API facts 1.5)."""
    return json_response({"error_code": code, "error_description": description}, status=400)


async def _fields(request: web.Request) -> Mapping[str, object]:
    if request.content_type != "application/json":
        return dict(await request.post())
    try:
        fields = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        return {}
    return fields if isinstance(fields, dict) else {}
