# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The requester: what endpoints call; one request with its id, its token and the whole chain around it."""

from __future__ import annotations

import itertools
from http import HTTPStatus
from typing import TYPE_CHECKING

from ttapi_client.auth import AccessToken, TokenKeeper
from ttapi_client.decode.fields import Fields
from ttapi_client.routes import Route
from ttapi_core.context import bind_request_id, current_request_id, new_request_id
from ttapi_core.errors import AuthError, RejectedError, TTError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ttapi_client.resilience.chain import Chain
    from ttapi_client.statistics import ClientStatistics
    from ttapi_client.transport import Transport
    from ttapi_core.clock import Clock
    from ttapi_core.settings import Secret
    from ttapi_core.tasks import TaskRegistry

_TOKEN_ROUTE = Route("/oauth/token")
_USUAL_LIFETIME_SECONDS = 900.0
# Other refusals, such as the redirect of a captive portal, say nothing about the credentials.
_REFUSAL_STATUSES = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN})
_LOGIN_HINT = "set TTAPI_CLIENT_SECRET and TTAPI_REFRESH_TOKEN to those of your OAuth application and grant"


class Requester:
    """
    Sends authorised requests.

    Parameters
    ----------
    transport
        Sends one request once.
    chain
        Everything between a call and its sends.
    credentials
        Client secret and refresh token.
    clock, tasks, statistics
        Those of the client.
    """

    def __init__(
        self,
        transport: Transport,
        chain: Chain,
        credentials: tuple[Secret, Secret],
        *,
        clock: Clock,
        tasks: TaskRegistry,
        statistics: ClientStatistics,
    ) -> None:
        self._transport = transport
        self._chain = chain
        self._credentials = credentials
        self._clock = clock
        self._statistics = statistics
        self._tokens = TokenKeeper(self._exchange, clock=clock, tasks=tasks)

    async def get(self, route: Route, query: Sequence[tuple[str, str]] = ()) -> Fields:
        """
        The ``data`` and the rest of an answer, ready to be decoded.

        Raises
        ------
        ApiError
            Whatever the chain could not mend; it carries the request's id.
        UnknownSymbolError
            When the route or the query holds what cannot be sent.
        """
        with bind_request_id(current_request_id()) as request_id:
            try:
                return Fields(
                    await self._authorised(route, query, request_id),
                    path=route.template,
                    request_id=request_id,
                )
            except TTError as error:
                error.request_id = error.request_id or request_id
                raise

    async def _authorised(
        self, route: Route, query: Sequence[tuple[str, str]], request_id: str
    ) -> Mapping[str, object]:
        numbers = itertools.count(1)  # of the sends, over both of the runs below
        # Asked for outside of the chain, whose places and breakers the renewal needs itself.
        token = await self._tokens.token()

        async def attempt(_number: int) -> Mapping[str, object]:
            nonlocal token
            token = self._tokens.latest(token)  # this call may have stood in line for minutes
            marked = f"{request_id}.{next(numbers)}"
            return await self._transport.get(route, query, token=token, request_id=marked)

        try:
            return await self._chain.run(route.family, attempt)
        except AuthError:
            token = await self._tokens.token(instead_of=token)
            return await self._chain.run(route.family, attempt)

    async def _exchange(self) -> AccessToken:
        """
        The refresh grant (API facts 2.1).

        Repeating it is safe: the refresh token is not used up.
        """
        secret, refresh = self._credentials
        body: dict[str, str | Secret] = {
            "grant_type": "refresh_token",
            "client_secret": secret,
            "refresh_token": refresh,
        }

        async def attempt(number: int) -> Mapping[str, object]:
            return await self._transport.post(_TOKEN_ROUTE, body, request_id=f"{request_id}.{number}")

        # An id of its own: it serves all who wait for it, not only the call that happened to begin it.
        with bind_request_id(new_request_id()) as request_id:
            try:
                answer = Fields(
                    await self._chain.run(_TOKEN_ROUTE.family, attempt, first=True),
                    path=_TOKEN_ROUTE.template,
                    request_id=request_id,
                )
            except (RejectedError, AuthError) as error:
                if isinstance(error, RejectedError) and error.status not in _REFUSAL_STATUSES:
                    raise
                refused = f"the service refused the credentials: {error.message}"
                raise AuthError(refused, hint=_LOGIN_HINT, request_id=error.request_id) from error
            self._statistics.renewals += 1
            lifetime = answer.number("expires_in") if "expires_in" in answer else _USUAL_LIFETIME_SECONDS
            return AccessToken(token=answer.secret("access_token"), lifetime_seconds=lifetime)
