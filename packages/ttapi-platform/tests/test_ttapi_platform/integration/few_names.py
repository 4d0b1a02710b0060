# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A simulated exchange with a short listing: the usual one costs half the time of a small collection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.sandbox import World
from ttapi_client.sandbox.world.seeded_market import SeededMarket
from ttapi_client.sandbox.world.world import DEFAULT_SEED
from ttapi_core.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ttapi_client.sandbox.world.listings import Listing
    from ttapi_client.sandbox.world.market_clock import MarketClock
    from ttapi_core.clock import Clock


class FewNames(SeededMarket):
    """The usual market; who asks for everything that is listed is told of these names alone."""

    def __init__(self, names: Collection[str], *, clock: Clock | MarketClock) -> None:
        super().__init__(seed=DEFAULT_SEED, clock=clock)
        self._names = frozenset(names)

    def listings(self) -> Sequence[Listing]:
        """Those of the names that have been listed by today."""
        return [listing for listing in super().listings() if listing.symbol in self._names]


def small_world(names: Collection[str], *, clock: Clock | MarketClock | None = None) -> World:
    """The simulated world around that market."""
    return World.of("sandbox", FewNames(names, clock=clock or SystemClock()))
