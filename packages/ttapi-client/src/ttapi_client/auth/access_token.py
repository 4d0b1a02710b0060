# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the token exchange gives: an access token with its life, or the refusal of the credentials."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Protocol

import attrs

from ttapi_core.errors import AuthError

if TYPE_CHECKING:
    from ttapi_core.settings import Secret

MARGIN_SECONDS: Final = 60.0
LONGEST_LIFETIME_SECONDS: Final = 86_400.0  # more than that is not believed


@attrs.frozen(kw_only=True)
class AccessToken:
    """
    What the service gives for a refresh token (API facts 2.1).

    Its life counts from when it was asked for, by monotonic time: an answer that took long is an old token,
    and the dates in the token itself say when the grant was made.

    Examples
    --------
    >>> from ttapi_core.settings import Secret
    >>> AccessToken(token=Secret("…"), lifetime_seconds=900, asked_at=1000.0).renew_at
    1840.0
    >>> AccessToken(token=Secret("…"), lifetime_seconds=60, asked_at=1000.0).renew_at
    1030.0
    """

    token: Secret
    lifetime_seconds: float
    asked_at: float  # by monotonic time

    @property
    def renew_at(self) -> float:
        """When it is to be used no more: 60 seconds before it ends, at half its life if that is short."""
        return self.asked_at + self.lifetime_seconds - min(MARGIN_SECONDS, self.lifetime_seconds / 2)


@attrs.frozen(kw_only=True)
class Refusal:
    """
    The service does not take the credentials: until then they are not sent again.

    It blocks an address for hours after a few refusals (API facts 1.7).
    """

    message: str
    hint: str
    request_id: str | None = None
    until: float = math.inf  # by monotonic time; the end of this process, when it was the one to be refused

    def error(self) -> AuthError:
        """A new error each time: one that is raised again and again grows by a traceback each time."""
        return AuthError(self.message, hint=self.hint, request_id=self.request_id)


class TokenSource(Protocol):
    """Whoever can get an access token."""

    async def renew(self, *, instead_of: Secret | None) -> AccessToken | Refusal:
        """
        Get a token that is good now.

        Parameters
        ----------
        instead_of
            The one that is to be replaced; the same one again is no answer.

        Raises
        ------
        ApiError
            When the service cannot be asked.
        """
        ...
