# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One channel of the feed: its contract, its layout, and what is subscribed on it."""

from __future__ import annotations

from collections import Counter
from typing import Final, cast

import attrs

from ttapi_client.sandbox.dxlink.candle_symbol import SIMULATED_UNITS, CandleSymbol, parse_candle_symbol
from ttapi_client.sandbox.dxlink.event_families import CANDLE, FAMILIES, TIME_AND_SALE, fits
from ttapi_client.sandbox.dxlink.event_flags import LATEST_TIME
from ttapi_client.sandbox.dxlink.layout import Layout

_LONGEST_SYMBOL: Final = 200
_UNITS: Final = ", ".join(SIMULATED_UNITS)
_NOT_SIMULATED: Final = (
    f"is not a candle symbol that is simulated; candles by time are ({_UNITS}), of the last price, with tho "
    "and a, as in AAPL{=d} or AAPL{=5m,tho=true}"
)


@attrs.define(eq=False, kw_only=True)
class Subscription:
    """One subscribed symbol; it lives until it is removed, replaced, or its channel goes."""

    event_type: str
    symbol: str  # as it was asked for
    key: str  # the canonical spelling
    candle: CandleSymbol | None  # None for everything but candles
    from_time: int  # milliseconds
    wants_history: bool  # whether a snapshot comes first, rather than the latest event
    is_stream: bool  # whether no event may be left out
    layout: Layout
    _is_over: bool = attrs.field(default=False, init=False)

    def end(self) -> None:
        """Let nothing more be sent for it."""
        self._is_over = True

    def is_over(self) -> bool:
        """Whether it was ended; it can be at any time between two frames."""
        return self._is_over

    @property
    def market_symbol(self) -> str:
        """The symbol without what belongs to candles alone."""
        return self.symbol if self.candle is None else self.candle.symbol


@attrs.define(kw_only=True)
class Channel:
    """What a client has agreed on for one channel."""

    number: int
    contract: str
    is_compact: bool = False
    is_announced: bool = False  # whether the client has been told the present layout
    aggregation_seconds: float = 0.1
    fields: dict[str, tuple[str, ...]] = attrs.field(factory=dict[str, tuple[str, ...]])
    _subscriptions: dict[tuple[str, str], Subscription] = attrs.field(
        factory=dict[tuple[str, str], Subscription], init=False
    )
    _counts: Counter[str] = attrs.field(factory=Counter[str], init=False)  # by event type

    def read(self, item: object) -> tuple[Subscription | None, str]:
        """The subscription that an item of ``add`` asks for, or None and why it cannot be."""
        named = _type_and_symbol(item)
        if named is None:
            return None, "an item needs a type and a symbol"
        event_type, symbol = named
        if not fits(event_type, self.contract):
            return None, f"{event_type} is not served under the contract {self.contract}"
        candle = parse_candle_symbol(symbol) if event_type == CANDLE else None
        if event_type == CANDLE and (candle is None or not candle.is_simulated):
            return None, f"{symbol!r} {_NOT_SIMULATED}"
        from_time = _from_time(item)
        subscription = Subscription(
            event_type=event_type,
            symbol=symbol,
            key=symbol if candle is None else candle.canonical,
            candle=candle,
            from_time=LATEST_TIME if from_time is None else from_time,
            wants_history=self._wants_history(event_type, has_start=from_time is not None),
            is_stream=self.contract == "STREAM",
            layout=self._layout(event_type),
        )
        return subscription, ""

    def holds(self, subscription: Subscription) -> bool:
        """Whether the same symbol is subscribed already, so that it would be replaced."""
        return (subscription.event_type, subscription.key) in self._subscriptions

    def add(self, subscription: Subscription) -> Subscription:
        """Put it in force, in place of an earlier one for the same symbol."""
        key = (subscription.event_type, subscription.key)
        if (earlier := self._subscriptions.get(key)) is not None:
            earlier.end()
        else:
            self._counts[subscription.event_type] += 1
        subscription.layout = self._layout(subscription.event_type)
        self._subscriptions[key] = subscription
        return subscription

    def remove(self, item: object) -> None:
        """End what an item of ``remove`` names; what is not subscribed is no trouble."""
        named = _type_and_symbol(item)
        if named is None:
            return
        event_type, symbol = named
        candle = parse_candle_symbol(symbol) if event_type == CANDLE else None
        ended = self._subscriptions.pop((event_type, symbol if candle is None else candle.canonical), None)
        if ended is not None:
            ended.end()
            self._counts[event_type] -= 1

    def clear(self) -> None:
        """End everything on this channel."""
        for subscription in self._subscriptions.values():
            subscription.end()
        self._subscriptions.clear()
        self._counts.clear()

    def count(self, event_type: str | None = None) -> int:
        """How many symbols are subscribed, of one event type or in all."""
        return len(self._subscriptions) if event_type is None else self._counts[event_type]

    def _wants_history(self, event_type: str, *, has_start: bool) -> bool:
        if event_type == CANDLE:
            # Without a start, a history begins now and is empty, as users found (API facts 10, 9).
            return self.contract in {"AUTO", "HISTORY"}
        family = FAMILIES.get(event_type)
        is_series = event_type == TIME_AND_SALE or (family is not None and family.is_series)
        return is_series and (has_start or self.contract == "HISTORY")

    def _layout(self, event_type: str) -> Layout:
        return Layout(
            channel=self.number,
            event_type=event_type,
            is_compact=self.is_compact,
            fields=self.fields.get(event_type, ()),
        )


def _type_and_symbol(item: object) -> tuple[str, str] | None:
    if not isinstance(item, dict):
        return None
    known = cast("dict[str, object]", item)
    event_type, symbol = known.get("type"), known.get("symbol")
    if (
        not isinstance(event_type, str)
        or not isinstance(symbol, str)
        or not 0 < len(symbol) <= _LONGEST_SYMBOL
    ):
        return None
    return event_type, symbol


def _from_time(item: object) -> int | None:
    given = cast("dict[str, object]", item).get("fromTime")
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not given < LATEST_TIME:
        return LATEST_TIME
    return max(0, int(given))
