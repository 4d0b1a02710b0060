# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tokens that the sandbox hands out, each sort with its own lifetime, and the credentials that buy them."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ttapi_core.clock import Clock

CLIENT_SECRET: Final = "sandbox-secret"  # noqa: S105
REFRESH_TOKEN: Final = "sandbox-refresh"  # noqa: S105
LOGIN: Final = "sandbox"
PASSWORD: Final = "sandbox-secret"  # noqa: S105
ACCESS_SECONDS: Final = 900
QUOTE_SECONDS: Final = 24 * 60 * 60
SESSION_SECONDS: Final = 24 * 60 * 60
REMEMBER_SECONDS: Final = 28 * 24 * 60 * 60


class TokenIssuer:
    """Issues tokens of one sort, knows which of them still hold, and can take one back."""

    def __init__(self, name: str, *, lifetime_seconds: int, clock: Clock) -> None:
        self._name = name
        self._lifetime_seconds = lifetime_seconds
        self._clock = clock
        self._issued = 0
        self._expiry: dict[str, float] = {}
        # A token of an earlier run of the server must not hold in this one.
        self._run = f"{clock.now().isoformat()} {clock.monotonic()}"

    def issue(self) -> str:
        """A new token that holds from now on."""
        self._issued += 1
        digest = sha256(f"{self._name} {self._issued} {self._run}".encode()).hexdigest()
        token = f"sandbox-{self._name}-{self._issued}-{digest[:24]}"
        now = self._clock.monotonic()
        self._expiry = {known: expiry for known, expiry in self._expiry.items() if expiry > now}
        self._expiry[token] = now + self._lifetime_seconds
        return token

    def holds(self, token: str) -> bool:
        """Whether the token was issued here, has not expired and was not taken back."""
        return self._expiry.get(token, 0.0) > self._clock.monotonic()

    def revoke(self, token: str) -> None:
        """Take a token back; unknown ones are no trouble."""
        self._expiry.pop(token, None)
