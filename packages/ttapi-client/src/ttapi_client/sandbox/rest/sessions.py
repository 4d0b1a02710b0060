# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Sessions of the retired login, and whether a token holds (API facts 2.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aiohttp import web

from ttapi_client.sandbox.rest.envelope import Refusal, json_response, zulu_text
from ttapi_client.sandbox.rest.oauth import body_fields
from ttapi_client.sandbox.tokens import LOGIN, PASSWORD, SESSION_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_client.sandbox.sandbox_state import SandboxState

_USER: Final = {"email": "sandy@example.com", "username": LOGIN, "external-id": "U-SANDBOX"}
_REMEMBER: Final = "remember-token"


class SessionRoutes:
    """The login that applications no longer use, and the check that one of them still does."""

    def __init__(self, state: SandboxState) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        """The routes of this area."""
        return [
            web.post("/sessions", self.log_in),
            web.post("/sessions/validate", self.validate),
            web.delete("/sessions", self.log_out),
        ]

    async def log_in(self, request: web.Request) -> web.Response:
        """A session for the published login, or for a token to remember it by, which holds once."""
        fields = await body_fields(request)
        if not self._knows(fields):
            # What was sent may be somebody's real password: it is never repeated.
            advice = f"This is a sandbox: use the login {LOGIN} and the password {PASSWORD}"
            raise Refusal(401, "invalid_credentials", f"Invalid login. {advice}")
        state = self._state
        session: dict[str, object] = {
            "user": _USER,
            "session-token": state.session_tokens.issue(),
            "session-expiration": zulu_text(state.clock.now() + timedelta(seconds=SESSION_SECONDS)),
        }
        if fields.get("remember-me") is True or fields.get("remember-me") == "true":
            session[_REMEMBER] = state.remember_tokens.issue()
        return json_response({"data": session, "context": "/sessions"}, status=201)

    async def validate(self, _request: web.Request) -> web.Response:
        """Who it is; a token that does not hold gets no further than the gate."""
        return json_response({"data": _USER | {"id": LOGIN}, "context": "/sessions/validate"}, status=201)

    async def log_out(self, request: web.Request) -> web.Response:
        """Take the token back that was sent."""
        self._state.revoke(request.headers.get("Authorization", ""))
        return web.Response(status=204)

    def _knows(self, fields: Mapping[str, object]) -> bool:
        if fields.get("login") != LOGIN:
            return False
        remembered = fields.get(_REMEMBER)
        if isinstance(remembered, str) and self._state.remember_tokens.holds(remembered):
            self._state.remember_tokens.revoke(remembered)
            return True
        return fields.get("password") == PASSWORD
