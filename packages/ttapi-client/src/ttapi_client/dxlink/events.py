# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a DXLink connection reports to its owner."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

Message: TypeAlias = "Mapping[str, object]"  # one frame, as JSON


class Contract(StrEnum):
    """What a feed channel is asked to deliver (API facts 7.3)."""

    HISTORY = "HISTORY"  # a snapshot, then what changes
    AUTO = "AUTO"  # what the service thinks fit
    TICKER = "TICKER"  # the latest value
    STREAM = "STREAM"  # every event


@attrs.frozen
class Authorized:
    """The token was accepted; channels may be opened."""


@attrs.frozen
class TokenRefused:
    """The token was not accepted, or no longer is."""

    reason: str


@attrs.frozen
class ChannelOpened:
    """A channel takes subscriptions now."""

    channel: int


@attrs.frozen
class FeedConfigured:
    """From now on events of these types come with these fields, in this order."""

    channel: int
    fields: Mapping[str, tuple[str, ...]]


@attrs.frozen
class FeedData:
    """Events, still in wire form."""

    channel: int
    data: object


@attrs.frozen
class ChannelFailed:
    """A channel is gone, or was never opened; the others go on."""

    channel: int
    reason: str


@attrs.frozen
class ChannelComplained:
    """The server refused something on an open channel; it does not say what, and the rest goes on."""

    channel: int
    reason: str


@attrs.frozen
class ConnectionFailed:
    """The server gave up on the whole connection."""

    reason: str


Event: TypeAlias = (
    Authorized
    | TokenRefused
    | ChannelOpened
    | FeedConfigured
    | FeedData
    | ChannelFailed
    | ChannelComplained
    | ConnectionFailed
)


@attrs.frozen
class Reaction:
    """What to send now, and what has happened."""

    messages: tuple[Message, ...] = ()
    events: tuple[Event, ...] = ()
