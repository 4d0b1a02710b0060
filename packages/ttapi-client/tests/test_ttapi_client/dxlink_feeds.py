# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candle feeds for tests: made on a stub, collected to the end, and proved to leave nothing behind."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

import attrs

from ttapi_client.dxlink import CandleColumns, CandleFeed, FeedPolicy, QuoteToken
from ttapi_core.clock import ManualClock, SystemClock
from ttapi_core.outcome import Err, Ok
from ttapi_core.settings import Secret
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from test_ttapi_client.dxlink_stub import (
        DxLinkStub,
        Link,
    )
    from ttapi_client.dxlink import CandleOutcome, QuoteTokenSource
    from ttapi_core.clock import Clock
    from ttapi_core.errors import (
        TTError,
    )

SINCE = date(2016, 1, 1)
QUICK = FeedPolicy(shortest_pause_seconds=0.0, longest_pause_seconds=0.0)


@asynccontextmanager
async def feed_from(
    tokens: QuoteTokenSource, *, clock: Clock | None = None, policy: FeedPolicy = QUICK
) -> AsyncIterator[CandleFeed]:
    """A feed of its own, and the proof that it left no task behind."""
    failures: list[tuple[str, BaseException]] = []
    async with TaskRegistry(on_failure=lambda name, error: failures.append((name, error))) as tasks:
        feed = CandleFeed(
            tokens,
            clock=clock or SystemClock(),
            tasks=tasks,
            user_agent="ttapi-test/1.0",
            policy=policy,
            random=Random(7),
        )
        yield feed
        assert len(tasks) == 0
        assert failures == []
        await feed.aclose()


async def collect(feed: CandleFeed, symbols: Sequence[str], since: date = SINCE) -> dict[str, CandleOutcome]:
    """Everything that the feed says of these symbols; saying it twice is an error."""
    outcomes: dict[str, CandleOutcome] = {}
    async with aclosing(feed.history(symbols, since=since)) as histories:
        async for symbol, outcome in histories:
            assert symbol not in outcomes
            outcomes[symbol] = (symbol, outcome)
    return outcomes


async def history_of(
    stub: DxLinkStub, symbols: Sequence[str], *, clock: Clock | None = None, policy: FeedPolicy = QUICK
) -> dict[str, Any]:
    """Columns or error of each symbol."""
    async with stub, feed_from(stub, clock=clock, policy=policy) as feed:
        outcomes = await collect(feed, symbols)
    return {symbol: unpacked(outcome) for symbol, (_, outcome) in outcomes.items()}


def unpacked(outcome: Ok[CandleColumns] | Err[TTError]) -> CandleColumns | TTError:
    """What is in it."""
    return outcome.value if isinstance(outcome, Ok) else outcome.error


async def drained(link: Link) -> None:
    """Wait until the server has read to the end of the connection."""
    clock = ManualClock()
    while not link.socket.closed:
        await clock.sleep(0)


async def drive(clock: ManualClock) -> None:
    """Move time on whenever somebody waits for it."""
    while True:
        await clock.sleep(0)
        if clock.sleepers:
            clock.advance(0.05)


@attrs.define
class NoToken:
    """A source of tokens that has none, and remembers when it was asked."""

    clock: Clock
    error: TTError
    asked_at: list[float] = attrs.field(factory=list)

    async def issue(self) -> QuoteToken:
        """Refuse."""
        self.asked_at.append(self.clock.monotonic())
        raise self.error


@attrs.define
class TokenFor:
    """A source of tokens for an address of the test's choice."""

    url: str

    async def issue(self) -> QuoteToken:
        """Give the token."""
        return QuoteToken(token=Secret("dx"), dxlink_url=self.url, expires_at=None)
