# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The token keeper: one access token, renewed in time, once for all who need it."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final

from ttapi_client.auth.access_token import Refusal
from ttapi_client.logs import bound
from ttapi_core.errors import AuthError

if TYPE_CHECKING:
    from ttapi_client.auth.access_token import AccessToken, TokenSource
    from ttapi_core.clock import Clock
    from ttapi_core.settings import Secret
    from ttapi_core.tasks import TaskRegistry

FORCED_RENEWALS: Final = 3  # of good tokens that the service refused all the same,
FORCED_WINDOW_SECONDS: Final = 60.0  # in so many seconds


class TokenKeeper:
    """
    Keeps one access token good.

    It is renewed early, by monotonic time: steps of the wall clock change nothing. Credentials that were
    refused are not tried again by this process. A service that refuses even new tokens is not asked for more
    of them with every call: three times a minute at most.

    Parameters
    ----------
    source
        Asks the service for a new token, or finds one that another process has got.
    clock
        Keeps the token's life.
    tasks
        Owns the renewal, so that a caller who gives up waiting does not end it for the others.
    """

    def __init__(self, source: TokenSource, *, clock: Clock, tasks: TaskRegistry) -> None:
        self._source = source
        self._clock = clock
        self._tasks = tasks
        self._held: AccessToken | None = None
        self._renewal: asyncio.Task[Secret] | None = None
        self._refusal: Refusal | None = None
        self._forced_at: deque[float] = deque(maxlen=FORCED_RENEWALS)

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
            When the credentials are or were refused, or one new token after the other is.
        ApiError
            When the service cannot be asked.
        """
        now = self._clock.monotonic()
        if (refusal := self._standing_refusal(now)) is not None:
            raise refusal.error()
        held = self._held
        if held is not None and now < held.renew_at:
            if held.token != instead_of:
                return held.token
            self._permit_forced_renewal(now)
        return await asyncio.shield(self._shared_renewal())

    def latest(self, token: Secret) -> Secret:
        """
        The token to send instead of one that was good when its call began to stand in line.

        One that is due is renewed meanwhile: it is still good for the 60 seconds of the margin.
        """
        now = self._clock.monotonic()
        if self._held is None or self._standing_refusal(now) is not None:
            return token
        if now >= self._held.renew_at:
            self._renewal = self._shared_renewal()
        return self._held.token

    def _standing_refusal(self, now: float) -> Refusal | None:
        return self._refusal if self._refusal is not None and now < self._refusal.until else None

    def _permit_forced_renewal(self, now: float) -> None:
        if self._renewal is not None:
            return  # one that is under way serves this caller as well
        if len(self._forced_at) == FORCED_RENEWALS and now - self._forced_at[0] < FORCED_WINDOW_SECONDS:
            raise AuthError(
                f"the service refused {FORCED_RENEWALS} new access tokens within {FORCED_WINDOW_SECONDS:g} s",
                hint="try again in a minute; if it goes on, make a new grant for your OAuth application",
            )
        self._forced_at.append(now)

    def _shared_renewal(self) -> asyncio.Task[Secret]:
        if self._renewal is None:
            self._renewal = self._tasks.spawn("token renewal", self._renew())
        return self._renewal

    async def _renew(self) -> Secret:
        try:
            found = await self._source.renew(instead_of=None if self._held is None else self._held.token)
            if isinstance(found, Refusal):
                self._refusal = found
                raise found.error()
            self._held, self._refusal = found, None
            bound(lifetime_seconds=found.lifetime_seconds).debug("access token renewed")
            return found.token
        finally:
            self._renewal = None
