# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Who listens to what, what the service has been asked for, and what there is to ask next."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, TypeVar

import attrs

from ttapi_client.dxlink.change_budget import ChangeBudget
from ttapi_client.dxlink.columns import CANDLE, CANDLE_FIELDS, CandleLayout, candle_runs, event_batches
from ttapi_client.dxlink.described import name_of
from ttapi_client.dxlink.live.candle_topic import CandleTopic
from ttapi_client.dxlink.live.decoding import EventDecoder
from ttapi_client.dxlink.live.topics import ChannelKey, EventTopic
from ttapi_client.dxlink.policy import HEAVY_SUBSCRIPTIONS, TOTAL_SUBSCRIPTIONS
from ttapi_client.dxlink.wanted import Doubt
from ttapi_core.candles import CandleSymbol
from ttapi_core.errors import ApiError, DecodeError, IncompleteDataError, UnknownSymbolError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ttapi_client.dxlink.live.candle_listener import Sink
    from ttapi_client.dxlink.live.event_kinds import EventKind
    from ttapi_client.dxlink.live.statistics import LiveStatistics
    from ttapi_client.dxlink.live.topics import Topic
    from ttapi_client.dxlink.policy import FeedPolicy
    from ttapi_core.errors import TTError

T = TypeVar("T")

_MOST_IN_A_MESSAGE: Final = 200  # items; a message of 8 kB, as the reference client's


@attrs.frozen(kw_only=True)
class SubscriptionChange:
    """Subscriptions to end and to begin on one channel."""

    channel: ChannelKey
    remove: Sequence[Mapping[str, object]] = ()
    add: Sequence[Mapping[str, object]] = ()


class SubscriptionBook:
    """
    One entry for each symbol and type, however many listen; without input and output.

    Every ``now`` is in seconds of listening: monotonic, less what reading has paused for.

    Parameters
    ----------
    policy
        The figures of the feed.
    statistics
        Where events are counted.
    """

    def __init__(self, policy: FeedPolicy, statistics: LiveStatistics) -> None:
        self._policy = policy
        self._statistics = statistics
        self._budget = ChangeBudget(policy.changes_per_minute)
        self._events: dict[tuple[str, str], EventTopic] = {}
        self._candles: dict[CandleSymbol, CandleTopic] = {}
        self._spellings: dict[str, CandleSymbol] = {}  # of candles, as they are echoed
        self._kinds: dict[str, EventKind[object]] = {}
        self._asking: dict[Topic, None] = {}  # to be asked for, in order
        self._leaving: dict[Topic, None] = {}  # nobody listens any more, but the service has them
        self._moved: list[tuple[ChannelKey, Mapping[str, object]]] = []  # to be ended where they were
        self._doubted: dict[Topic, None] = {}
        self._layouts: dict[ChannelKey, EventDecoder[object] | CandleLayout] = {}  # of the open channels
        self.changed = asyncio.Event()  # there may be something to ask

    def __len__(self) -> int:
        """How many entries somebody listens to."""
        return len(self._events) + len(self._candles) - len(self._leaving)

    def join(self, kind: EventKind[T], symbol: str, sink: Sink) -> None:
        """
        Let somebody listen to events.

        Raises
        ------
        ApiError
            When the service does not allow so many subscriptions.
        """
        key = kind.event_type, symbol
        topic = self._events.get(key)
        if topic is None:
            self._check_room()
            self._kinds[kind.event_type] = kind
            topic = self._events[key] = EventTopic(kind, symbol)
        topic.join(sink)
        self._wanted(topic)

    def leave(self, kind: EventKind[T], symbol: str, sink: Sink) -> None:
        """Let somebody listen no more; nothing happens if the symbol has failed before."""
        if (topic := self._events.get((kind.event_type, symbol))) is not None:
            topic.leave(sink)
            self._let_go_if_unwanted(topic)

    def join_candles(self, candle_symbol: CandleSymbol, *, since_ms: int, sink: Sink) -> None:
        """
        Let somebody listen to candles.

        Raises
        ------
        ApiError
            When the service does not allow so many subscriptions.
        """
        topic = self._candles.get(candle_symbol)
        if topic is None:
            self._check_room()
            if sum(one.has_listeners for one in self._candles.values()) >= HEAVY_SUBSCRIPTIONS:
                raise _too_many(HEAVY_SUBSCRIPTIONS, "candle subscriptions")
            most = self._policy.candles_per_symbol
            topic = self._candles[candle_symbol] = CandleTopic(candle_symbol, most_candles=most)
        topic.join(candle_symbol, since_ms=since_ms, sink=sink)
        self._wanted(topic)

    def leave_candles(self, candle_symbol: CandleSymbol, sink: Sink) -> None:
        """Let somebody listen no more; nothing happens if the symbol has failed before."""
        if (topic := self._candles.get(candle_symbol)) is not None:
            topic.leave(sink)
            self._let_go_if_unwanted(topic)

    def channels(self) -> list[ChannelKey]:
        """Give the channels on which something is to be asked for."""
        return list(dict.fromkeys(topic.channel for topic in self._asking))

    def field_names(self, channel: ChannelKey) -> Sequence[str]:
        """Give the fields to ask for on a channel."""
        if channel.event_type == CANDLE:
            return CANDLE_FIELDS
        return self._kinds[channel.event_type].wire_fields

    def changes(self, now: float) -> list[SubscriptionChange]:
        """
        Give the subscriptions to change now, as far as the budget of changes and the open channels allow.

        What is to be ended comes first, to make room at the service.
        """
        left = max(0, self._budget.left(now))
        removals = self._removals(left)
        asked = self._asked(left - sum(len(items) for items in removals.values()), now)
        changes = [
            SubscriptionChange(channel=channel, remove=part)
            for channel, items in removals.items()
            for part in _parts(items)
        ]
        changes += [
            SubscriptionChange(channel=channel, add=part)
            for channel, items in asked.items()
            for part in _parts(items)
        ]
        self._budget.spend(sum(len(change.remove) + len(change.add) for change in changes), now)
        return changes

    @property
    def is_restored(self) -> bool:
        """Whether nothing is left to be asked for."""
        return not self._asking

    def disconnected(self) -> None:
        """Begin anew: everything is to be asked for again, and nothing is left to be ended."""
        for topic in tuple(self._leaving):
            self._forget(topic)
        self._moved.clear()
        self._doubted.clear()
        self._layouts.clear()
        self._asking.clear()
        topics: list[Topic] = [*self._events.values(), *self._candles.values()]
        for topic in topics:
            topic.disconnected()
            self._asking[topic] = None

    def opened(self, channel: ChannelKey) -> None:
        """Take note that a channel is open, with the fields as asked."""
        self.configured(channel, {channel.event_type: self.field_names(channel)})

    def configured(self, channel: ChannelKey, fields: Mapping[str, Sequence[str]]) -> None:
        """
        Obey the server's order of fields from now on.

        Raises
        ------
        DecodeError
            When a field is missing without which the events mean nothing.
        """
        names = fields.get(channel.event_type)
        if names is None:
            return
        if channel.event_type == CANDLE:
            self._layouts[channel] = CandleLayout.of(names)
        else:
            self._layouts[channel] = EventDecoder(self._kinds[channel.event_type], names)
        self.changed.set()

    def received(self, channel: ChannelKey, data: object, now: float) -> None:
        """
        Pass on the payload of one FEED_DATA message.

        Raises
        ------
        DecodeError
            When events cannot be told apart: nothing that came on this connection can be trusted then.
        """
        layout = self._layouts.get(channel)
        for event_type, values in event_batches(data):
            if event_type != channel.event_type or layout is None:
                self._statistics.ignored_events[name_of(event_type)] += 1
            elif isinstance(layout, CandleLayout):
                self._take_candles(channel, values, layout, now)
            else:
                self._take_events(event_type, values, layout)

    def complained(self, channel: ChannelKey, reason: str, now: float) -> None:
        """
        Doubt what was asked for on this channel and has brought nothing yet.

        An ERROR does not name what it refuses; what stays silent from here on is it (API facts 1.7).
        """
        doubt = Doubt(reason, now)
        topics: list[Topic] = [*self._events.values(), *self._candles.values()]
        for topic in topics:
            if topic.asked_on == channel and not topic.is_heard and topic.doubt is None:
                topic.doubt = doubt
                self._doubted[topic] = None

    def refused(self, channel: ChannelKey, reason: str) -> None:
        """Go on without this channel: what was, or was to be, asked for on it is tried elsewhere or fails."""
        self._layouts.pop(channel, None)
        self._moved = [moved for moved in self._moved if moved[0] != channel]
        topics: list[Topic] = [*self._events.values(), *self._candles.values()]
        for topic in topics:
            if topic.asked_on == channel:
                topic.asked_on = None
            if topic.channel == channel:
                self._refuse(topic, reason)

    def overdue(self, now: float) -> None:
        """Give up what has been silent for too long; a refusal that came makes it less long."""
        policy = self._policy
        for topic in tuple(self._doubted):
            doubt = topic.doubt
            if doubt is None or topic.is_heard:
                del self._doubted[topic]
            elif now - doubt.since >= policy.refusal_timeout_seconds:
                del self._doubted[topic]
                self._refuse(topic, doubt.reason)
        for candles in tuple(self._candles.values()):
            error = candles.overdue(now, patience_seconds=policy.symbol_timeout_seconds)
            if error is not None:
                self._fail(candles, error)

    def _take_events(self, event_type: str, values: list[object], decoder: EventDecoder[object]) -> None:
        topics, statistics = self._events, self._statistics
        removed = decoder.removed
        for symbol, event in decoder.decode(values):
            topic = topics.get((event_type, symbol))
            if topic is None:
                statistics.stray_events += 1
            elif isinstance(event, DecodeError):
                statistics.unreadable_events += 1
                self._fail(topic, event)
            else:
                statistics.events += 1
                topic.take(event)
        statistics.removed_events += decoder.removed - removed

    def _take_candles(
        self, channel: ChannelKey, values: list[object], layout: CandleLayout, now: float
    ) -> None:
        for run in candle_runs(values, layout):
            rows = len(run.columns["time"])
            topic = self._find_candles(run.event_symbol)
            if topic is None or topic.asked_on != channel:
                self._statistics.stray_events += rows
                continue
            self._statistics.events += rows
            try:
                topic.take(run.columns, now)
            except DecodeError as error:
                self._statistics.unreadable_events += 1
                self._fail(topic, error)
            except IncompleteDataError as error:
                self._fail(topic, error)
            else:
                self._settled(topic)

    def _find_candles(self, event_symbol: str) -> CandleTopic | None:
        """Find whose candles they are by what the symbol means, for the server may respell it."""
        candle_symbol = self._spellings.get(event_symbol)
        if candle_symbol is None:
            try:
                candle_symbol = CandleSymbol.parse(event_symbol)
            except UnknownSymbolError:
                return None
            if candle_symbol in self._candles:
                self._spellings[event_symbol] = candle_symbol
        return self._candles.get(candle_symbol)

    def _check_room(self) -> None:
        if len(self) >= TOTAL_SUBSCRIPTIONS:
            raise _too_many(TOTAL_SUBSCRIPTIONS, "subscriptions")

    def _settled(self, topic: CandleTopic) -> None:
        """After a snapshot: ask once more for whom it did not reach back far enough, or end what is over."""
        if topic in self._leaving:
            self.changed.set()
        elif topic.must_ask:
            self._wanted(topic)

    def _wanted(self, topic: Topic) -> None:
        self._leaving.pop(topic, None)
        if topic.must_ask:
            self._asking[topic] = None
            self.changed.set()

    def _let_go_if_unwanted(self, topic: Topic) -> None:
        if topic.has_listeners:
            return
        self._asking.pop(topic, None)
        self._doubted.pop(topic, None)
        if topic.asked_on is None:
            self._forget(topic)
        else:
            self._leaving[topic] = None
            self.changed.set()

    def _refuse(self, topic: Topic, reason: str) -> None:
        asked_on, item = topic.asked_on, topic.wire_item
        if topic in self._leaving or not topic.fall_back():
            message = f"the feed refused {topic.channel.event_type} of {topic.wire_symbol}: {reason}"
            self._fail(topic, ApiError(message))
            return
        self._statistics.fallbacks += 1
        if asked_on is not None:
            self._moved.append((asked_on, item))
            topic.asked_on = None
        self._wanted(topic)

    def _fail(self, topic: Topic, error: TTError) -> None:
        topic.fail(error)
        self._let_go_if_unwanted(topic)

    def _forget(self, topic: Topic) -> None:
        self._leaving.pop(topic, None)
        self._asking.pop(topic, None)
        if isinstance(topic, CandleTopic):
            del self._candles[topic.candle_symbol]
            self._spellings = {
                text: meaning for text, meaning in self._spellings.items() if meaning != topic.candle_symbol
            }
        else:
            del self._events[topic.channel.event_type, topic.wire_symbol]

    def _removals(self, most: int) -> dict[ChannelKey, list[Mapping[str, object]]]:
        removals: dict[ChannelKey, list[Mapping[str, object]]] = {}
        moved, self._moved = self._moved[:most], self._moved[most:]
        for channel, item in moved:
            removals.setdefault(channel, []).append(item)
        left = most - len(moved)
        for topic in [topic for topic in self._leaving if topic.is_settled][:left]:
            if topic.asked_on is not None:
                removals.setdefault(topic.asked_on, []).append(topic.wire_item)
            self._forget(topic)
        return removals

    def _asked(self, most: int, now: float) -> dict[ChannelKey, list[Mapping[str, object]]]:
        asked: dict[ChannelKey, list[Mapping[str, object]]] = {}
        for topic in [topic for topic in self._asking if topic.channel in self._layouts][: max(0, most)]:
            del self._asking[topic]
            if topic.asked_on is not None and topic.asked_on != topic.channel:
                self._moved.append((topic.asked_on, topic.wire_item))
                self.changed.set()
            asked.setdefault(topic.channel, []).append(topic.wire_item)
            topic.asked(now)
        return asked


def _parts(items: list[Mapping[str, object]]) -> list[Sequence[Mapping[str, object]]]:
    return [items[start : start + _MOST_IN_A_MESSAGE] for start in range(0, len(items), _MOST_IN_A_MESSAGE)]


def _too_many(most: int, what: str) -> ApiError:
    return ApiError(
        f"the feed allows {most:,} {what} in one session, and all of them are taken",
        hint="end some of them first",
    )
