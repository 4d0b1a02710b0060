# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The feed's side of a DXLink conversation, without a socket (API facts 7.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import attrs
import orjson

from ttapi_client.sandbox.dxlink.channel import Channel, Subscription
from ttapi_client.sandbox.dxlink.event_fields import DEFAULT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

VERSION: Final = "1.0-ttapi-sandbox"
LONGEST_KEEPALIVE_SECONDS: Final = 60
_BYE: Final = 1000
_CONTRACTS: Final = ("AUTO", "TICKER", "HISTORY", "STREAM")
_FORMATS: Final = ("COMPACT", "FULL")
_HEAVY_LIMIT: Final = 100  # subscriptions of Candle at a time (API facts 1.7)
_TOTAL_LIMIT: Final = 25_000
_MOST_FIELDS: Final = 200

Message = dict[str, object]


@attrs.frozen
class Hangup:
    """Close the socket."""

    code: int
    reason: str


Outgoing = Message | Subscription | Hangup


class Conversation:
    """
    What has been agreed with one client.

    Parameters
    ----------
    accepts_token
        Whether a quote token holds.
    """

    def __init__(self, accepts_token: Callable[[str], bool]) -> None:
        self._accepts_token = accepts_token
        self._is_set_up = False
        self._is_authorized = False
        self._channels: dict[int, Channel] = {}
        self.drop_after_seconds = float(LONGEST_KEEPALIVE_SECONDS)  # of the client's silence
        self.speak_every_seconds = LONGEST_KEEPALIVE_SECONDS / 2

    def receive(self, text: str | bytes) -> list[Outgoing]:
        """What one message of the client leads to, in order."""
        try:
            message: object = orjson.loads(text)
        except orjson.JSONDecodeError:
            return _protocol_error(0, "INVALID_MESSAGE", "the message is not JSON")
        if not isinstance(message, dict):
            return _protocol_error(0, "INVALID_MESSAGE", "the message is not an object")
        known = cast("Message", message)
        channel = known.get("channel")
        if not isinstance(channel, int) or isinstance(channel, bool) or channel < 0:
            return _protocol_error(0, "INVALID_MESSAGE", f"channel is {channel!r}")
        return list(self._dispatch(str(known.get("type")), channel, known))

    def _dispatch(self, kind: str, number: int, message: Message) -> Iterator[Outgoing]:
        if kind == "KEEPALIVE":
            return
        if kind == "SETUP":
            yield from self._set_up(message)
        elif not self._is_set_up:
            yield from _protocol_error(0, "UNSUPPORTED_PROTOCOL", "the first message must be SETUP")
        elif kind == "AUTH":
            yield from self._authorize(message)
        elif not self._is_authorized:
            yield from _protocol_error(0, "UNAUTHORIZED", f"{kind} came before authorization")
        elif kind == "CHANNEL_REQUEST":
            yield from self._open(number, message)
        elif number in self._channels:
            yield from self._on_channel(kind, self._channels[number], message)
        else:
            yield _error(number, "BAD_ACTION", f"channel {number} is not open")

    def _on_channel(self, kind: str, channel: Channel, message: Message) -> Iterator[Outgoing]:
        if kind == "FEED_SETUP":
            yield from _configure(channel, message)
        elif kind == "FEED_SUBSCRIPTION":
            yield from self._subscribe(channel, message)
        elif kind == "CHANNEL_CANCEL":
            channel.clear()
            del self._channels[channel.number]
            yield {"type": "CHANNEL_CLOSED", "channel": channel.number}
        else:
            yield from _protocol_error(channel.number, "INVALID_MESSAGE", f"type is {kind[:40]!r}")

    def _set_up(self, message: Message) -> Iterator[Outgoing]:
        wish, patience = message.get("acceptKeepaliveTimeout"), message.get("keepaliveTimeout")
        self.drop_after_seconds = _seconds(wish)
        self.speak_every_seconds = _seconds(patience) / 2
        yield {
            "type": "SETUP",
            "channel": 0,
            "version": VERSION,
            "keepaliveTimeout": self.drop_after_seconds,
            "acceptKeepaliveTimeout": LONGEST_KEEPALIVE_SECONDS,
        }
        if not self._is_set_up:
            self._is_set_up = True
            yield {"type": "AUTH_STATE", "channel": 0, "state": "UNAUTHORIZED"}

    def _authorize(self, message: Message) -> Iterator[Outgoing]:
        token = message.get("token")
        if not isinstance(token, str) or not self._accepts_token(token):
            # Repeating UNAUTHORIZED would send a known client round in circles for ever (API facts 9.5).
            yield from _protocol_error(0, "UNAUTHORIZED", "the token is not valid")
        elif not self._is_authorized:
            self._is_authorized = True
            yield {"type": "AUTH_STATE", "channel": 0, "state": "AUTHORIZED", "userId": "sandbox-user"}

    def _open(self, number: int, message: Message) -> Iterator[Outgoing]:
        service, parameters = message.get("service"), message.get("parameters")
        contract = (
            cast("Message", parameters).get("contract", "AUTO") if isinstance(parameters, dict) else "AUTO"
        )
        if number % 2 == 0:
            yield _error(number, "BAD_ACTION", f"channel {number} is even; a client opens odd ones")
        elif number in self._channels:
            yield _error(number, "BAD_ACTION", f"channel {number} is already open")
        elif service != "FEED":
            yield _error(number, "BAD_ACTION", f"service {str(service)[:40]!r} is not offered")
        elif contract not in _CONTRACTS:
            yield _error(number, "BAD_ACTION", f"contract {str(contract)[:40]!r} is not offered")
        else:
            self._channels[number] = Channel(number=number, contract=str(contract))
            yield {
                "type": "CHANNEL_OPENED",
                "channel": number,
                "service": "FEED",
                "parameters": {"contract": contract, "subFormat": "LIST"},
            }

    def _subscribe(self, channel: Channel, message: Message) -> Iterator[Outgoing]:
        if message.get("reset") is True:
            channel.clear()
        for item in _items(message.get("remove")):
            channel.remove(item)
        refused = 0
        for item in _items(message.get("add")):
            subscription, trouble = channel.read(item)
            if subscription is None:
                yield _error(channel.number, "BAD_ACTION", trouble)
            elif not channel.holds(subscription) and self._is_full(subscription.event_type):
                refused += 1
            else:
                yield from _announce(channel, subscription.event_type)
                yield channel.add(subscription)
        if refused:
            limits = f"{_HEAVY_LIMIT} of Candle and {_TOTAL_LIMIT} in all"
            yield _error(
                channel.number,
                "BAD_ACTION",
                f"the subscription is too large by {refused}; allowed are {limits}",
            )

    def _is_full(self, event_type: str) -> bool:
        channels = self._channels.values()
        if event_type == "Candle" and sum(channel.count(event_type) for channel in channels) >= _HEAVY_LIMIT:
            return True
        return sum(channel.count() for channel in channels) >= _TOTAL_LIMIT


def _configure(channel: Channel, message: Message) -> Iterator[Outgoing]:
    data_format = message.get("acceptDataFormat", "COMPACT" if channel.is_compact else "FULL")
    asked = message.get("acceptEventFields", {})
    if data_format not in _FORMATS:
        yield _error(channel.number, "INVALID_MESSAGE", f"acceptDataFormat is {str(data_format)[:40]!r}")
        return
    fields = _field_lists(asked)
    if fields is None:
        yield _error(
            channel.number, "INVALID_MESSAGE", "acceptEventFields must map event types to lists of names"
        )
        return
    channel.is_compact = data_format == "COMPACT"
    channel.is_announced = True
    channel.aggregation_seconds = _aggregation(
        message.get("acceptAggregationPeriod"), channel.aggregation_seconds
    )
    channel.fields |= fields
    yield _config(channel, fields)


def _announce(channel: Channel, event_type: str) -> Iterator[Outgoing]:
    """Data never comes before the client has been told how it is laid out."""
    if event_type not in channel.fields:
        channel.fields[event_type] = DEFAULT_FIELDS.get(event_type, ("eventSymbol",))
        channel.is_announced = False
    if not channel.is_announced:
        channel.is_announced = True
        yield _config(channel, {event_type: channel.fields[event_type]})


def _config(channel: Channel, fields: Mapping[str, tuple[str, ...]]) -> Message:
    config: Message = {
        "type": "FEED_CONFIG",
        "channel": channel.number,
        "aggregationPeriod": channel.aggregation_seconds,
        "dataFormat": "COMPACT" if channel.is_compact else "FULL",
    }
    return {**config, "eventFields": fields} if fields else config


def _field_lists(asked: object) -> dict[str, tuple[str, ...]] | None:
    if not isinstance(asked, dict):
        return None
    lists: dict[str, tuple[str, ...]] = {}
    for event_type, names in cast("dict[str, object]", asked).items():
        if not isinstance(names, list) or not 0 < len(cast("list[object]", names)) <= _MOST_FIELDS:
            return None
        lists[event_type] = tuple(str(name) for name in cast("list[object]", names))
    return lists


def _items(given: object) -> list[object]:
    return cast("list[object]", given) if isinstance(given, list) else []


def _seconds(wish: object) -> float:
    if (
        isinstance(wish, bool)
        or not isinstance(wish, (int, float))
        or not 0 < wish <= LONGEST_KEEPALIVE_SECONDS
    ):
        return LONGEST_KEEPALIVE_SECONDS
    return wish


def _aggregation(wish: object, default: float) -> float:
    return default if isinstance(wish, bool) or not isinstance(wish, (int, float)) or wish < 0 else wish


def _error(channel: int, error: str, message: str) -> Message:
    return {"type": "ERROR", "channel": channel, "error": error, "message": message}


def _protocol_error(channel: int, error: str, message: str) -> list[Outgoing]:
    """An error after which there is nothing left to talk about."""
    return [_error(channel, error, message), Hangup(_BYE, "Bye")]
