# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Auth: obtains and renews the access token; whoever needs one at the same time shares one renewal."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.logs import bound
from ttapi_core.errors import AuthError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ttapi_core.clock import Clock
    from ttapi_core.settings import Secret
    from ttapi_core.tasks import TaskRegistry

MARGIN_SECONDS: Final = 60.0


@attrs.frozen(kw_only=True)
class AccessToken:
    """What the service gives for a refresh token (API facts 2.1)."""

    token: Secret
    lifetime_seconds: float


class TokenKeeper:
    """
    Keeps one access token good.

    A token is renewed 60 seconds before it ends (at half its life, if that is short), by monotonic time: the
    token's own dates say when the grant was made. Credentials that were refused are not tried again: the
    service blocks an address for hours after a few refusals (API facts 1.7).

    Parameters
    ----------
    exchange
        Asks the service for a new token.
    clock
        Keeps the token's life.
    tasks
        Owns the renewal, so that a caller who gives up waiting does not end it for the others.
    """

    def __init__(
        self, exchange: Callable[[], Awaitable[AccessToken]], *, clock: Clock, tasks: TaskRegistry
    ) -> None:
        self._exchange = exchange
        self._clock = clock
        self._tasks = tasks
        self._token: Secret | None = None
        self._renew_at = 0.0
        self._renewal: asyncio.Task[Secret] | None = None
        self._refusal: AuthError | None = None

    async def token(self, *, instead_of: Secret | None = None) -> Secret:
        """
        A token that is good now.

        Parameters
        ----------
        instead_of
            A token that the service has just refused: it is renewed, unless somebody did so already.

        Raises
        ------
        AuthError
            When the credentials are or were refused.
        ApiError
            When the service cannot be asked.
        """
        if self._refusal is not None:
            # A new one each time: an error that is raised again and again grows by a traceback each time.
            raise AuthError(
                self._refusal.message, hint=self._refusal.hint, request_id=self._refusal.request_id
            )
        token = self._token
        if token is not None and token != instead_of and self._clock.monotonic() < self._renew_at:
            return token
        return await asyncio.shield(self._shared_renewal())

    def latest(self, token: Secret) -> Secret:
        """
        The token to send instead of one that was good when its call began to stand in line.

        One that is due is renewed meanwhile: it is still good for the 60 seconds of the margin.
        """
        if self._refusal is None and self._token is not None:
            if self._clock.monotonic() >= self._renew_at:
                self._renewal = self._shared_renewal()
            return self._token
        return token

    def _shared_renewal(self) -> asyncio.Task[Secret]:
        if self._renewal is None:
            self._renewal = self._tasks.spawn("token renewal", self._renew())
        return self._renewal

    async def _renew(self) -> Secret:
        try:
            began = self._clock.monotonic()
            fresh = await self._exchange()
            margin = min(MARGIN_SECONDS, fresh.lifetime_seconds / 2)
            self._token, self._renew_at = fresh.token, began + fresh.lifetime_seconds - margin
            bound(lifetime_seconds=fresh.lifetime_seconds).debug("access token renewed")
        except AuthError as error:
            self._refusal = error
            raise
        else:
            return fresh.token
        finally:
            self._renewal = None
