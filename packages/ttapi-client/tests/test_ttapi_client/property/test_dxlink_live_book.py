# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The book of subscriptions against plain sets: whoever listens hears all, and nothing is asked twice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import attrs
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from scale import examples

from ttapi_client.dxlink import FeedPolicy
from ttapi_client.dxlink.live.book import SubscriptionBook
from ttapi_client.dxlink.live.event_kinds import QUOTE, TIME_AND_SALE, EventKind
from ttapi_client.dxlink.live.statistics import LiveStatistics
from ttapi_core.market_events import QuoteTick, TimeAndSale

if TYPE_CHECKING:
    from collections.abc import Hashable

    from ttapi_core.errors import TTError

KINDS: Final[dict[str, EventKind[object]]] = {"Quote": QUOTE, "TimeAndSale": TIME_AND_SALE}
TOPICS: Final = st.tuples(st.sampled_from(sorted(KINDS)), st.sampled_from(["A", "B", "C"]))
SINKS: Final = st.integers(0, 2)
BUDGET: Final = 7


@attrs.define(eq=False)
class Ear:
    """Somebody who listens."""

    heard: list[tuple[str, float]] = attrs.field(factory=list)

    def deliver(self, symbol: str, key: Hashable, event: object) -> None:
        """Remember it."""
        assert isinstance(event, QuoteTick | TimeAndSale)
        price = event.bid
        assert price is not None
        assert event.symbol == symbol == key
        self.heard.append((symbol, price))

    def symbol_failed(self, symbol: str, error: TTError) -> None:
        """Nothing fails here."""
        raise AssertionError(symbol, error)


class BookMachine(RuleBasedStateMachine):
    """Listeners come and go, connections too; a server that keeps its own account of it."""

    def __init__(self) -> None:
        super().__init__()
        self.book = SubscriptionBook(FeedPolicy(changes_per_minute=BUDGET), LiveStatistics())
        self.ears = {(number, kind): Ear() for number in range(3) for kind in KINDS}
        self.wanted: dict[tuple[str, str], set[int]] = {}
        self.expected: dict[tuple[int, str], list[tuple[str, float]]] = {key: [] for key in self.ears}
        self.last: dict[str, float] = {}  # quotes that the book has passed on and may repeat
        self.server: set[tuple[str, str]] = set()
        self.changes_at: list[float] = []
        self.is_connected = False
        self.now = 0.0
        self.number = 0

    @rule(topic=TOPICS, sink=SINKS)
    def join(self, topic: tuple[str, str], sink: int) -> None:
        """Somebody begins to listen, and gets the last quote at once."""
        kind, symbol = topic
        if sink not in self.wanted.get(topic, set()):
            self.book.join(KINDS[kind], symbol, self.ears[sink, kind])
            self.wanted.setdefault(topic, set()).add(sink)
            if kind == "Quote" and symbol in self.last:
                self.expected[sink, kind].append((symbol, self.last[symbol]))

    @rule(topic=TOPICS, sink=SINKS)
    def leave(self, topic: tuple[str, str], sink: int) -> None:
        """Somebody ends to listen; also one who never did."""
        kind, symbol = topic
        self.book.leave(KINDS[kind], symbol, self.ears[sink, kind])
        self.wanted.get(topic, set()).discard(sink)
        if topic not in self.server and not self.wanted.get(topic):
            self.last.pop(symbol, None) if kind == "Quote" else None

    @rule()
    def flush(self) -> None:
        """The connection asks what there is to ask, on channels that are opened first."""
        if not self.is_connected:
            return
        for channel in self.book.channels():
            self.book.opened(channel)
        for change in self.book.changes(self.now):
            for item in change.remove:
                topic = str(item["type"]), str(item["symbol"])
                assert topic in self.server
                self.server.remove(topic)
                if topic[0] == "Quote":
                    self.last.pop(topic[1], None)
            for item in change.add:
                topic = str(item["type"]), str(item["symbol"])
                assert topic not in self.server
                assert self.wanted[topic]
                self.server.add(topic)
            assert not (change.add and change.remove)
            self.changes_at += [self.now] * (len(change.add) + len(change.remove))

    @rule(topic=TOPICS)
    def say(self, topic: tuple[str, str]) -> None:
        """Something happens in a symbol that the service has a subscription for."""
        if not (self.is_connected and topic in self.server):
            return
        kind, symbol = topic
        self.number += 1
        price = float(self.number)
        names = KINDS[kind].wire_fields
        row: list[object] = [{"eventSymbol": symbol, "bidPrice": price}.get(name) for name in names]
        channel = next(key for key in self.book._layouts if key.event_type == kind)
        self.book.received(channel, [kind, row], self.now)
        for sink in self.wanted.get(topic, set()):
            self.expected[sink, kind].append((symbol, price))
        if kind == "Quote":
            self.last[symbol] = price

    @rule()
    def turn(self) -> None:
        """The connection is lost or found."""
        if self.is_connected:
            self.server.clear()
            self.last.clear()
            self.book.disconnected()
        self.is_connected = not self.is_connected

    @rule(seconds=st.floats(0.1, 70))
    def wait(self, seconds: float) -> None:
        """Time makes room for changes."""
        self.now += seconds

    @invariant()
    def everybody_has_heard_what_was_said(self) -> None:
        """Once, in order, and nothing of what he did not ask for."""
        assert {key: ear.heard for key, ear in self.ears.items()} == self.expected

    @invariant()
    def changes_keep_to_their_budget(self) -> None:
        """In no window of a minute more than allowed."""
        for at in set(self.changes_at):
            assert sum(at - 60 < other <= at for other in self.changes_at) <= BUDGET

    def teardown(self) -> None:
        """Given time, the service has exactly what is wanted."""
        if not self.is_connected:
            self.is_connected = True
        for _ in range(5):
            self.now += 61.0
            self.flush()
        assert self.server == {topic for topic, sinks in self.wanted.items() if sinks}
        assert len(self.book) == len(self.server)
        assert self.book.is_restored
        assert Counter(self.server) == Counter(set(self.server))


BookMachine.TestCase.settings = settings(examples(times=4), stateful_step_count=40)
TestBook = BookMachine.TestCase
