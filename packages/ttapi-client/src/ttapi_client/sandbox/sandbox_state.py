# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Everything that one running sandbox shares among its routes and sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from ttapi_client.sandbox.faults import FaultScript
from ttapi_client.sandbox.statistics import SandboxStatistics
from ttapi_client.sandbox.tokens import (
    ACCESS_SECONDS,
    QUOTE_SECONDS,
    REMEMBER_SECONDS,
    SESSION_SECONDS,
    TokenIssuer,
)

if TYPE_CHECKING:
    from ttapi_client.sandbox.world import World
    from ttapi_core.clock import Clock


@attrs.frozen(kw_only=True)
class SandboxState:
    """A world and who is talking to it."""

    world: World
    clock: Clock  # of tokens, timeouts and delays; the market has its own
    access_tokens: TokenIssuer
    quote_tokens: TokenIssuer
    session_tokens: TokenIssuer
    remember_tokens: TokenIssuer
    faults: FaultScript
    statistics: SandboxStatistics

    @classmethod
    def fresh(cls, world: World, clock: Clock) -> SandboxState:
        """The state of a server that nobody has talked to yet."""

        def issuer(name: str, lifetime_seconds: int) -> TokenIssuer:
            return TokenIssuer(name, lifetime_seconds=lifetime_seconds, clock=clock)

        return cls(
            world=world,
            clock=clock,
            access_tokens=issuer("access", ACCESS_SECONDS),
            quote_tokens=issuer("quote", QUOTE_SECONDS),
            session_tokens=issuer("session", SESSION_SECONDS),
            remember_tokens=issuer("remember", REMEMBER_SECONDS),
            faults=FaultScript(clock),
            statistics=SandboxStatistics(),
        )

    def authorizes(self, authorization: str) -> bool:
        """
        Whether the value of an Authorization header, or an ``auth-token`` of the streamer, holds.

        Access tokens follow the word Bearer; those of the retired login stand alone (API facts 1.2).
        """
        scheme, _, token = authorization.partition(" ")
        return (
            self.access_tokens.holds(token)
            if scheme == "Bearer"
            else self.session_tokens.holds(authorization)
        )

    def revoke(self, authorization: str) -> None:
        """Take back whichever token such a header holds."""
        self.session_tokens.revoke(authorization)
        self.access_tokens.revoke(authorization.removeprefix("Bearer "))
