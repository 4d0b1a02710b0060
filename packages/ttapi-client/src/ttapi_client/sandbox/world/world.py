# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The world that a sandbox serves: a market, what is derived from it, and a customer's accounts in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.accounts import AccountBook
from ttapi_client.sandbox.world.market_clock import MarketClock
from ttapi_client.sandbox.world.market_metrics import MarketMetrics
from ttapi_client.sandbox.world.option_market import OptionMarket
from ttapi_client.sandbox.world.other_instruments import OtherInstruments
from ttapi_client.sandbox.world.seeded_market import SeededMarket
from ttapi_core.clock import SystemClock

if TYPE_CHECKING:
    from ttapi_client.sandbox.world.market import Market
    from ttapi_core.clock import Clock

DEFAULT_SEED: Final = 7


@attrs.frozen
class World:
    """
    Everything that can be asked about; it moves only with its market's clock.

    Examples
    --------
    >>> from datetime import datetime, UTC
    >>> from ttapi_core.clock import ManualClock
    >>> world = World.seeded(clock=ManualClock(datetime(2026, 7, 2, 1, 0, tzinfo=UTC)))
    >>> world.environment, world.market.last_date.isoformat()
    ('sandbox', '2026-07-01')
    """

    environment: str
    market: Market
    options: OptionMarket
    others: OtherInstruments
    metrics: MarketMetrics
    accounts: AccountBook

    @classmethod
    def of(
        cls,
        environment: str,
        market: Market,
        *,
        options: OptionMarket | None = None,
        accounts: AccountBook | None = None,
    ) -> World:
        """The world around a market; options and accounts are made up unless recorded ones are given."""
        options = options or OptionMarket(market)
        return cls(
            environment,
            market,
            options,
            OtherInstruments(market),
            MarketMetrics(market, options),
            accounts or AccountBook(market),
        )

    @classmethod
    def seeded(cls, *, seed: int = DEFAULT_SEED, clock: Clock | MarketClock | None = None) -> World:
        """The simulated world of a seed; on the machine's clock unless it is given another."""
        if not isinstance(clock, MarketClock):
            clock = MarketClock(clock or SystemClock())
        return cls.of("sandbox", SeededMarket(seed=seed, clock=clock))
