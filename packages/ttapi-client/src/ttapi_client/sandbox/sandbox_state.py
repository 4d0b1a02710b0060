# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Everything that one running sandbox shares among its routes and sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from ttapi_client.sandbox.faults import FaultScript
from ttapi_client.sandbox.statistics import SandboxStatistics
from ttapi_client.sandbox.tokens import ACCESS_SECONDS, QUOTE_SECONDS, TokenIssuer

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
    faults: FaultScript
    statistics: SandboxStatistics

    @classmethod
    def fresh(cls, world: World, clock: Clock) -> SandboxState:
        """The state of a server that nobody has talked to yet."""
        return cls(
            world=world,
            clock=clock,
            access_tokens=TokenIssuer("access", lifetime_seconds=ACCESS_SECONDS, clock=clock),
            quote_tokens=TokenIssuer("quote", lifetime_seconds=QUOTE_SECONDS, clock=clock),
            faults=FaultScript(),
            statistics=SandboxStatistics(),
        )
