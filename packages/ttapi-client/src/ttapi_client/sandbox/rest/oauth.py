# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The token exchange (API facts 2.1); it accepts the sandbox's own published credentials and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import orjson
from aiohttp import web

from ttapi_client.sandbox.rest.envelope import json_response
from ttapi_client.sandbox.tokens import ACCESS_SECONDS, CLIENT_SECRET, REFRESH_TOKEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_client.sandbox.tokens import TokenIssuer


# What was sent may be somebody's real secret: it is never repeated.
_ADVICE: Final = (
    f"This is a sandbox: use the client secret {CLIENT_SECRET} and the refresh token {REFRESH_TOKEN}, "
    "and keep real credentials away from it"
)


class OAuthRoutes:
    """``POST /oauth/token``."""

    def __init__(self, access_tokens: TokenIssuer) -> None:
        self._access_tokens = access_tokens

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [web.post("/oauth/token", self.token)]

    async def token(self, request: web.Request) -> web.Response:
        """Exchange the refresh token for an access token; JSON and form bodies are both in use."""
        fields = await body_fields(request)
        if fields.get("grant_type") != "refresh_token":
            return oauth_refusal("unsupported_grant_type", "The sandbox grants refresh_token only")
        missing = [name for name in ("client_secret", "refresh_token") if not fields.get(name)]
        if missing:
            return oauth_refusal("invalid_request", f"{missing[0]} is missing. {_ADVICE}")
        if fields["client_secret"] != CLIENT_SECRET:
            return oauth_refusal("invalid_client", f"Client authentication failed. {_ADVICE}")
        if fields["refresh_token"] != REFRESH_TOKEN:
            return oauth_refusal("invalid_grant", f"Invalid JWT. {_ADVICE}")
        token = self._access_tokens.issue()
        return json_response({"access_token": token, "token_type": "Bearer", "expires_in": ACCESS_SECONDS})


def oauth_refusal(code: str, description: str) -> web.Response:
    """The token exchange's own error shape (API facts 1.5)."""
    return json_response({"error_code": code, "error_description": description}, status=400)


async def body_fields(request: web.Request) -> Mapping[str, object]:
    """The fields of a JSON or form body; none of one that cannot be read."""
    try:
        if request.content_type != "application/json":
            return dict(await request.post())
        fields: object = orjson.loads(await request.read())
    except ValueError:
        return {}
    return cast("dict[str, object]", fields) if isinstance(fields, dict) else {}
