# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A live feed on a sandbox, and what the sandbox's market itself says of its candles."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import aiohttp
import attrs

from test_ttapi_client.promises.virtual_time import VirtualClock
from ttapi_client.dxlink import LiveFeed, QuoteToken
from ttapi_client.sandbox import SandboxServer, World
from ttapi_client.sandbox.world.market_clock import MarketClock
from ttapi_core.settings import Secret
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from random import Random

    from ttapi_client.dxlink import FeedPolicy
    from ttapi_client.sandbox.faults import Fault
    from ttapi_core.clock import Clock
    from ttapi_core.market_events import CandleUpdate

AGENT: Final = {"User-Agent": "ttapi-test/1.0"}
MORNING: Final = datetime(2026, 11, 20, 14, 40, tzinfo=UTC)  # ten minutes after the opening in New York
OPENING: Final = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
Prices = tuple[float | None, ...]  # open, high, low, close, volume
_MINUTE: Final = 60


class RunningClock(VirtualClock):
    """Time passes in every sleep: who waits for the rest of a second that rounding took away must get it."""

    async def sleep(self, seconds: float) -> None:
        """A microsecond at least."""
        await super().sleep(seconds or 1e-6)


@attrs.define
class TimedTokens:
    """Quote tokens fetched as anybody would: log in, then ask; and when that was."""

    url: str
    session: aiohttp.ClientSession
    clock: Clock
    asked_at: list[float] = attrs.field(factory=list[float])

    async def issue(self) -> QuoteToken:
        """A new one each time."""
        self.asked_at.append(self.clock.monotonic())
        login = {
            "grant_type": "refresh_token",
            "client_secret": "sandbox-secret",
            "refresh_token": "sandbox-refresh",
        }
        async with self.session.post(f"{self.url}/oauth/token", json=login, headers=AGENT) as answer:
            access = (await answer.json())["access_token"]
        headers = {**AGENT, "Authorization": f"Bearer {access}"}
        async with self.session.get(f"{self.url}/api-quote-tokens", headers=headers) as answer:
            data = (await answer.json())["data"]
        return QuoteToken(token=Secret(data["token"]), dxlink_url=data["dxlink-url"], expires_at=None)


@attrs.define
class LiveBench:
    """A sandbox, its market's clock, and a feed on it."""

    server: SandboxServer
    world: World
    market_clock: MarketClock
    feed: LiveFeed
    tokens: TimedTokens

    def minutes(self, symbol: str, since: datetime) -> dict[datetime, Prices]:
        """The candles of a minute that the market has today, with no wire in between."""
        bars = self.world.market.bars(symbol, self.world.market.today, _MINUTE)
        assert bars is not None
        rows = zip(bars.times, bars.open, bars.high, bars.low, bars.close, bars.volume, strict=True)
        candles: dict[datetime, Prices] = {at(time): tuple(map(float, numbers)) for time, *numbers in rows}
        return {start: numbers for start, numbers in candles.items() if start >= since}

    def days(self, symbol: str, since: datetime) -> dict[datetime, Prices]:
        """The daily candles that the market has."""
        candles = self.world.market.candles(symbol, round(since.timestamp() * 1000))
        assert candles is not None
        columns = (candles.open, candles.high, candles.low, candles.close, candles.volume)
        rows = zip(candles.times, *columns, strict=True)
        return {at(time): tuple(map(float, numbers)) for time, *numbers in rows}


def at(milliseconds: int) -> datetime:
    """An instant, UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def prices_of(update: CandleUpdate) -> Prices:
    """What is compared."""
    return update.open, update.high, update.low, update.close, update.volume


@asynccontextmanager
async def live_bench(
    *faults: Fault,
    clock: Clock,
    policy: FeedPolicy | None = None,
    start: datetime = MORNING,
    speed: float = 0.0,
    random: Random | None = None,
) -> AsyncIterator[LiveBench]:
    """A fresh sandbox on that clock, whose market begins at an instant, with this trouble."""
    market_clock = MarketClock(clock, start=start, speed=speed)
    world = World.seeded(clock=market_clock)
    async with (
        SandboxServer(world, clock=clock) as server,
        aiohttp.ClientSession() as session,
        TaskRegistry() as tasks,
    ):
        for fault in faults:
            server.faults.add(fault)
        tokens = TimedTokens(server.url, session, clock)
        feed = LiveFeed(
            tokens, clock=clock, tasks=tasks, user_agent="ttapi-test/1.0", policy=policy, random=random
        )
        yield LiveBench(server, world, market_clock, feed, tokens)
        await feed.aclose()
        assert len(tasks) == 0
