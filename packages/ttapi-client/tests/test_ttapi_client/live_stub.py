# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A DXLink server of live events for tests, and live feeds on it that are proved to leave nothing behind."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from random import Random
from typing import TYPE_CHECKING, Any, Final

from test_ttapi_client.dxlink_feeds import QUICK
from test_ttapi_client.dxlink_stub import DxLinkStub
from ttapi_client.dxlink.live import LiveFeed
from ttapi_core.clock import ManualClock, SystemClock
from ttapi_core.tasks import TaskRegistry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from test_ttapi_client.dxlink_stub import Link
    from ttapi_client.dxlink import FeedPolicy, QuoteTokenSource
    from ttapi_core.clock import Clock

Topic = tuple[str, str]  # event type and symbol
_TURN: Final = ManualClock()  # sleeps no time, but gives way


class LiveStub(DxLinkStub):
    """It sends a symbol's last event to whoever subscribes, and every further one to those who have."""

    def __init__(self) -> None:
        super().__init__({})
        self.last: dict[Topic, dict[str, Any]] = {}
        self.fields: dict[tuple[int, int], dict[str, list[str]]] = {}  # by link and channel
        self.subscribed: dict[tuple[int, int], dict[Topic, dict[str, Any]]] = {}
        self.log: list[tuple[int, str, str, str]] = []  # link, contract, + or - with the type, symbol

    @property
    def link(self) -> Link:
        """The connection made last."""
        return self.links[-1]

    def wanted(self) -> dict[Topic, str]:
        """What is subscribed on the connection made last, and under which contract."""
        return {
            topic: self.link.contracts[channel]
            for (number, channel), topics in self.subscribed.items()
            if number == self.link.number
            for topic in topics
        }

    async def on_feed_setup(self, link: Link, channel: int, fields: dict[str, list[str]]) -> None:
        """Agree to what was asked, and remember it."""
        self.fields[link.number, channel] = fields
        await super().on_feed_setup(link, channel, fields)

    async def on_subscribe(self, link: Link, channel: int, item: dict[str, Any]) -> None:
        """Send what is known."""
        topic = item["type"], item["symbol"]
        if topic in self.last:
            await self.send_event(link, channel, *topic, **self.last[topic])

    async def send_event(
        self, link: Link, channel: int, event_type: str, symbol: str, **values: object
    ) -> None:
        """One compact event on one channel."""
        row = {"eventSymbol": symbol, "eventFlags": 0, **values}
        names = self.fields[link.number, channel][event_type]
        await link.send("FEED_DATA", channel, data=[event_type, [row.get(name, "NaN") for name in names]])

    async def say(self, event_type: str, symbol: str, **values: object) -> None:
        """Something has happened."""
        topic = event_type, symbol
        self.last[topic] = values
        for (number, channel), topics in tuple(self.subscribed.items()):
            if topic in topics and number == self.link.number:
                await self.send_event(self.link, channel, event_type, symbol, **values)

    async def _answer(self, link: Link, message: dict[str, Any]) -> None:
        if message["type"] != "FEED_SUBSCRIPTION":
            await super()._answer(link, message)
            return
        channel = message["channel"]
        contract = link.contracts[channel]
        topics = self.subscribed.setdefault((link.number, channel), {})
        for item in message.get("remove", ()):
            topics.pop((item["type"], item["symbol"]), None)
            self.log.append((link.number, contract, f"-{item['type']}", item["symbol"]))
        for item in message.get("add", ()):
            topics[item["type"], item["symbol"]] = item
            self.log.append((link.number, contract, f"+{item['type']}", item["symbol"]))
            await self.on_subscribe(link, channel, item)


@asynccontextmanager
async def live_feed(
    tokens: QuoteTokenSource, *, clock: Clock | None = None, policy: FeedPolicy = QUICK
) -> AsyncIterator[LiveFeed]:
    """A feed of its own, and the proof that it left no task behind and nothing failed on the way."""
    failures: list[tuple[str, BaseException]] = []
    async with TaskRegistry(on_failure=lambda name, error: failures.append((name, error))) as tasks:
        feed = LiveFeed(
            tokens,
            clock=clock or SystemClock(),
            tasks=tasks,
            user_agent="ttapi-test/1.0",
            policy=policy,
            random=Random(7),
        )
        yield feed
        await feed.aclose()
        assert failures == []
        assert len(tasks) == 0
        assert feed.state == "idle"


async def until(condition: Callable[[], object], *, seconds: float = 10.0) -> None:
    """Give way until it is so."""
    async with asyncio.timeout(seconds):
        while not condition():
            await _TURN.sleep(0)


async def settled(turns: int = 200) -> None:
    """Give everybody the time to do what there is to do."""
    for _ in range(turns):
        await _TURN.sleep(0)


def prices(events: Sequence[Any]) -> list[tuple[str, float | None]]:
    """Of quotes, the symbol and the bid."""
    return [(event.symbol, event.bid) for event in events]
