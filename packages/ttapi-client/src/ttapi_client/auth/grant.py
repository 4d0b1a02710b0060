# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The refresh grant: a new access token for the client secret and the refresh token."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from ttapi_client.auth.access_token import LONGEST_LIFETIME_SECONDS, AccessToken, Refusal
from ttapi_client.decode.fields import Fields
from ttapi_client.routes import Route
from ttapi_client.tracebacks import without_frames
from ttapi_core.context import bind_request_id, new_request_id
from ttapi_core.errors import AuthError, RejectedError, TTError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_client.resilience.chain import Chain
    from ttapi_client.statistics import ClientStatistics
    from ttapi_client.transport import Transport
    from ttapi_core.clock import Clock
    from ttapi_core.settings import Secret

_ROUTE: Final = Route("/oauth/token")
_USUAL_LIFETIME_SECONDS: Final = 900.0
# Other refusals, such as the redirect of a captive portal, say nothing about the credentials.
_REFUSAL_STATUSES: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN})
_PAUSE_SECONDS: Final = 60.0
_LOGIN_HINT: Final = (
    "`ttapi auth login`, or set TTAPI_CLIENT_SECRET and TTAPI_REFRESH_TOKEN to those of your OAuth"
    " application and grant"
)
_PAUSE_HINT: Final = "something between here and the service may have answered; try again in a minute"


class RefreshGrant:
    """
    Asks for an access token (API facts 2.1); a ``TokenSource``.

    Repeating it is safe: the refresh token is not used up. Only a refusal in the service's own words is one
    of the credentials; the page of a gateway that has the same status makes for a minute of patience.

    Parameters
    ----------
    transport, chain, statistics, clock
        Those of the client.
    credentials
        Client secret and refresh token.
    """

    def __init__(
        self,
        transport: Transport,
        chain: Chain,
        credentials: tuple[Secret, Secret],
        *,
        statistics: ClientStatistics,
        clock: Clock,
    ) -> None:
        self._transport = transport
        self._chain = chain
        self._credentials = credentials
        self._statistics = statistics
        self._clock = clock

    async def renew(self, *, instead_of: Secret | None = None) -> AccessToken | Refusal:  # noqa: ARG002
        """
        A new token, or the refusal of the credentials.

        Raises
        ------
        ApiError
            When the service cannot be asked, or answers nonsense.
        """
        # An id of its own: it serves all who wait for it, not only the call that happened to begin it.
        with bind_request_id(new_request_id()) as request_id:
            try:
                return await self._exchanged(request_id)
            except TTError as error:
                if (refusal := self._refusal_in(error)) is None:
                    raise without_frames(error)  # noqa: B904 - it is the same one
                return refusal

    def _refusal_in(self, error: TTError) -> Refusal | None:
        if not isinstance(error, AuthError):
            if not isinstance(error, RejectedError) or error.status not in _REFUSAL_STATUSES:
                return None
            if error.server_code is None:
                return Refusal(
                    message=f"the service gave no token: {error.message}",
                    hint=_PAUSE_HINT,
                    request_id=error.request_id,
                    until=self._clock.monotonic() + _PAUSE_SECONDS,
                )
        return Refusal(
            message=f"the service refused the credentials: {error.message}",
            hint=_LOGIN_HINT,
            request_id=error.request_id,
        )

    async def _exchanged(self, request_id: str) -> AccessToken:
        secret, refresh = self._credentials
        body: dict[str, str | Secret] = {
            "grant_type": "refresh_token",
            "client_secret": secret,
            "refresh_token": refresh,
        }
        asked_at = 0.0

        async def attempt(number: int) -> Mapping[str, object]:
            nonlocal asked_at
            asked_at = self._clock.monotonic()
            return await self._transport.post(_ROUTE, body, request_id=f"{request_id}.{number}")

        answer = Fields(
            await self._chain.run(_ROUTE.family, attempt, first=True),
            path=_ROUTE.template,
            request_id=request_id,
        )
        lifetime = answer.number("expires_in") if "expires_in" in answer else _USUAL_LIFETIME_SECONDS
        token = AccessToken(
            token=answer.secret("access_token"),
            lifetime_seconds=min(lifetime, LONGEST_LIFETIME_SECONDS),
            asked_at=asked_at,
        )
        self._statistics.renewals += 1
        return token
