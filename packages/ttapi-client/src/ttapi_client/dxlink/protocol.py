# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One DXLink connection as a machine without input and output: message in, messages and events out."""

from __future__ import annotations

import itertools
from collections import Counter
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, cast

import attrs

from ttapi_client.dxlink.described import described, name_of
from ttapi_client.dxlink.events import (
    Authorized,
    ChannelComplained,
    ChannelFailed,
    ChannelOpened,
    ConnectionFailed,
    FeedConfigured,
    FeedData,
    Reaction,
    TokenRefused,
)
from ttapi_client.dxlink.keepalive import Keepalive
from ttapi_core.errors import DecodeError, TransportTimeoutError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ttapi_client.dxlink.events import Contract, Event, Message
    from ttapi_client.dxlink.policy import FeedPolicy
    from ttapi_core.settings import Secret

_SPECIFICATION: Final = "0.1"  # the version of the protocol that clients in the field announce
_AGGREGATION_SECONDS: Final = 0.1
_NOTHING: Final = Reaction()


class _ChannelState(Enum):
    REQUESTED = auto()
    OPEN = auto()
    ENDED = auto()


@attrs.define
class _Channel:
    fields: Mapping[str, Sequence[str]]  # by event type, as asked
    requested_at: float
    state: _ChannelState = _ChannelState.REQUESTED


class DxLinkProtocol:
    """
    Handshake, channels and keepalive of one connection (API facts 7.2 and 7.3).

    It never waits and never reads a clock: ``now`` is the caller's monotonic time, and what a method
    returns counts as sent at that moment.

    Parameters
    ----------
    token
        Revealed in the AUTH message and nowhere else.
    agent
        Who we are, as ``product/version``.
    policy
        The time limits.
    now
        Monotonic seconds at which the connection was made.

    Examples
    --------
    >>> from ttapi_client.dxlink.policy import FeedPolicy
    >>> from ttapi_core.settings import Secret
    >>> link = DxLinkProtocol(Secret("t"), agent="doc/1", policy=FeedPolicy(), now=0.0)
    >>> link.start(0.0)["type"]
    'SETUP'
    >>> link.receive({"type": "AUTH_STATE", "channel": 0, "state": "UNAUTHORIZED"}, 0.1).messages
    ({'type': 'AUTH', 'channel': 0, 'token': 't'},)
    >>> link.receive({"type": "AUTH_STATE", "channel": 0, "state": "AUTHORIZED"}, 0.2).events
    (Authorized(),)
    """

    def __init__(self, token: Secret, *, agent: str, policy: FeedPolicy, now: float) -> None:
        self._token = token
        self._agent = agent
        self._policy = policy
        self._started_at = now
        self._keepalive = Keepalive(policy.keepalive_timeout_seconds, now=now)
        self._has_answered = False
        self._is_authorized = False
        self._channels: dict[int, _Channel] = {}
        self._numbers = itertools.count(1, 2)  # a client's channels are odd
        self.ignored: Counter[str] = Counter()  # messages without a meaning to us, by type

    def start(self, now: float) -> Message:
        """Give the first message of the connection."""
        self._keepalive.spoke(now)
        seconds = self._policy.keepalive_timeout_seconds
        return {
            "type": "SETUP",
            "channel": 0,
            "version": f"{_SPECIFICATION}-{self._agent}",
            "keepaliveTimeout": seconds,
            "acceptKeepaliveTimeout": seconds,
        }

    def receive(self, message: object, now: float) -> Reaction:
        """
        Take in one message; types that we do not know are counted and change nothing.

        Raises
        ------
        DecodeError
            When the message is no object or lacks what its type demands.
        """
        self._keepalive.heard(now)
        if not isinstance(message, dict):
            raise _malformed("message", "an object", message)
        content = cast("Message", message)
        reaction = self._react(content)
        if reaction.messages:
            self._keepalive.spoke(now)
        return reaction

    def open_channel(
        self, contract: Contract, fields: Mapping[str, Sequence[str]], now: float
    ) -> tuple[int, Message]:
        """
        Ask for a feed channel: its number, and the request to send; FEED_SETUP follows by itself.

        Raises
        ------
        RuntimeError
            Before the server has authorized us: the service drops whoever asks earlier.
        """
        if not self._is_authorized:
            raise RuntimeError("a channel is requested before the server has authorized us")
        number = next(self._numbers)
        self._channels[number] = _Channel(fields=fields, requested_at=now)
        self._keepalive.spoke(now)
        return number, {
            "type": "CHANNEL_REQUEST",
            "channel": number,
            "service": "FEED",
            "parameters": {"contract": contract.value},
        }

    def change_subscriptions(
        self,
        channel: int,
        now: float,
        *,
        add: Sequence[Mapping[str, object]] = (),
        remove: Sequence[Mapping[str, object]] = (),
    ) -> tuple[Message, ...]:
        """
        Give the messages that remove, then add; two, because one message leaves open which happens first.

        Raises
        ------
        RuntimeError
            When the channel is not open.
        """
        if not self.is_open(channel):
            raise RuntimeError(f"channel {channel} is not open")
        messages = tuple(
            {"type": "FEED_SUBSCRIPTION", "channel": channel, key: list(subscriptions)}
            for key, subscriptions in (("remove", remove), ("add", add))
            if subscriptions
        )
        if messages:
            self._keepalive.spoke(now)
        return messages

    def is_open(self, channel: int) -> bool:
        """Whether the channel takes subscriptions."""
        return channel in self._channels and self._channels[channel].state is _ChannelState.OPEN

    def end_channel(self, channel: int, now: float) -> tuple[Message, ...]:
        """Give the message that ends an open channel, its subscriptions included."""
        was_open = self.is_open(channel)
        self._channels[channel].state = _ChannelState.ENDED
        if not was_open:
            return ()
        self._keepalive.spoke(now)
        return ({"type": "CHANNEL_CANCEL", "channel": channel},)

    def end(self, now: float) -> tuple[Message, ...]:
        """Give the messages that end every channel, before the socket is closed."""
        return tuple(message for channel in self._channels for message in self.end_channel(channel, now))

    def due(self, now: float, *, is_listening: bool = True) -> Reaction:
        """
        Do what time alone demands: a KEEPALIVE after half the time allowed, an end to waiting for channels.

        Parameters
        ----------
        now
            Monotonic seconds; to be asked several times a second.
        is_listening
            Whether messages are being read; while they are not, silence says nothing about the server.

        Raises
        ------
        TransportTimeoutError
            When the server has been mute for too long, or has not let us in by now.
        """
        events: list[Event] = []
        if is_listening:
            self._check_server(now)
            for number, channel in self._requested():
                deadline = channel.requested_at + self._policy.handshake_timeout_seconds
                # A server that says nothing at all has not refused the channel: it may be gone.
                if now >= deadline and self._keepalive.has_heard_since(deadline):
                    channel.state = _ChannelState.ENDED
                    events.append(ChannelFailed(number, "the server never opened the channel"))
        messages: list[Message] = []
        if self._keepalive.must_speak(now):
            self._keepalive.spoke(now)
            messages.append({"type": "KEEPALIVE", "channel": 0})
        return Reaction(tuple(messages), tuple(events))

    def resume(self, now: float) -> None:
        """Start to listen again after a pause of our own: the server is taken to be alive."""
        self._keepalive.heard(now)
        for _, channel in self._requested():
            channel.requested_at = now

    def _react(self, message: Message) -> Reaction:
        kind = message.get("type")
        channel = message.get("channel")
        if channel == 0:
            return self._react_on_connection(kind, message)
        if isinstance(channel, int) and channel in self._channels:
            return self._react_on_channel(kind, channel, message)
        return self._ignore(kind)

    def _react_on_connection(self, kind: object, message: Message) -> Reaction:
        match kind:
            case "KEEPALIVE":
                return _NOTHING
            case "SETUP":
                self._keepalive.agree(message.get("keepaliveTimeout"))
                return _NOTHING
            case "AUTH_STATE":
                return self._authenticate(message.get("state"))
            case "ERROR":
                reason = self._reason(message)
                is_refusal = message.get("error") == "UNAUTHORIZED"
                return Reaction(events=(TokenRefused(reason) if is_refusal else ConnectionFailed(reason),))
            case _:
                return self._ignore(kind)

    def _react_on_channel(self, kind: object, number: int, message: Message) -> Reaction:
        channel = self._channels[number]
        if channel.state is _ChannelState.OPEN and kind in ("FEED_CONFIG", "FEED_DATA"):
            return self._react_on_feed(kind, number, message)
        match kind:
            case "CHANNEL_OPENED" if channel.state is _ChannelState.REQUESTED:
                channel.state = _ChannelState.OPEN
                return Reaction((_feed_setup(number, channel.fields),), (ChannelOpened(number),))
            case "CHANNEL_CLOSED" if channel.state is not _ChannelState.ENDED:
                reason = f"the server closed channel {number}"
                return self._trouble(number, reason, when_open=ConnectionFailed(reason))
            case "ERROR" if channel.state is not _ChannelState.ENDED:
                reason = self._reason(message)
                return self._trouble(number, reason, when_open=ChannelComplained(number, reason))
            case _:
                return self._ignore(kind)

    def _react_on_feed(self, kind: object, number: int, message: Message) -> Reaction:
        if kind == "FEED_CONFIG":
            return self._configure(number, message.get("eventFields"))
        if "data" not in message:
            raise _malformed("FEED_DATA", "data", message)
        return Reaction(events=(FeedData(number, message["data"]),))

    def _trouble(self, number: int, reason: str, *, when_open: Event) -> Reaction:
        """
        Take trouble for the channel's end if it was never open.

        An open one goes on after an ERROR (API facts 1.7), and is closed only by a server that restarts.
        """
        if self.is_open(number):
            return Reaction(events=(when_open,))
        self._channels[number].state = _ChannelState.ENDED
        return Reaction(events=(ChannelFailed(number, reason),))

    def _authenticate(self, state: object) -> Reaction:
        if state == "AUTHORIZED":
            if self._is_authorized:
                return self._ignore("AUTH_STATE")
            self._is_authorized = True
            return Reaction(events=(Authorized(),))
        # Answering every UNAUTHORIZED with AUTH would never end against a server that refuses that way.
        if self._has_answered or self._is_authorized:
            return Reaction(events=(TokenRefused("the server stays UNAUTHORIZED"),))
        self._has_answered = True
        return Reaction(messages=({"type": "AUTH", "channel": 0, "token": self._token.reveal()},))

    def _configure(self, number: int, event_fields: object) -> Reaction:
        if event_fields is None:  # "as asked"
            return _NOTHING
        if not isinstance(event_fields, dict):
            raise _malformed("FEED_CONFIG.eventFields", "an object", event_fields)
        agreed = {
            event_type: _field_names(event_type, names)
            for event_type, names in cast("dict[str, object]", event_fields).items()
        }
        return Reaction(events=(FeedConfigured(number, agreed),))

    def _reason(self, message: Message) -> str:
        text = f"{message.get('error', 'UNKNOWN')}: {message.get('message', '')}"
        return text.replace(self._token.reveal(), "***")[:200]  # a server may quote what it refuses

    def _ignore(self, kind: object) -> Reaction:
        self.ignored[name_of(kind)] += 1
        return _NOTHING

    def _requested(self) -> list[tuple[int, _Channel]]:
        return [item for item in self._channels.items() if item[1].state is _ChannelState.REQUESTED]

    def _check_server(self, now: float) -> None:
        policy = self._policy
        if self._keepalive.is_server_gone(now):
            raise TransportTimeoutError(f"DXLink was mute for {policy.keepalive_timeout_seconds:g} seconds")
        if not self._is_authorized and now >= self._started_at + policy.handshake_timeout_seconds:
            seconds = policy.handshake_timeout_seconds
            raise TransportTimeoutError(f"DXLink did not finish the handshake in {seconds:g} seconds")


def _feed_setup(channel: int, fields: Mapping[str, Sequence[str]]) -> Message:
    return {
        "type": "FEED_SETUP",
        "channel": channel,
        "acceptAggregationPeriod": _AGGREGATION_SECONDS,
        "acceptDataFormat": "COMPACT",
        "acceptEventFields": {event_type: list(names) for event_type, names in fields.items()},
    }


def _field_names(event_type: str, names: object) -> tuple[str, ...]:
    listed = _list(names)
    fields = tuple(name for name in listed if isinstance(name, str))
    if not fields or len(fields) < len(listed):
        raise _malformed(f"FEED_CONFIG.eventFields.{name_of(event_type)}", "a list of names", names)
    return fields


def _list(names: object) -> list[object]:
    return cast("list[object]", names) if isinstance(names, list) else []


def _malformed(path: str, expected: str, found: object) -> DecodeError:
    return DecodeError(path=f"DXLink {path}", expected=expected, found=described(found))
