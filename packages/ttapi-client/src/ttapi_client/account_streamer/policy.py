# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How the account streamer behaves: how often it speaks, how long it waits, when it gives up."""

from __future__ import annotations

import attrs
from attrs.validators import ge, gt, le, optional

from ttapi_client.json_socket import SocketLimits

# A public watchlist comes whole, with thousands of symbols.
_LIMITS = SocketLimits(largest_frame_bytes=4 * 1024 * 1024)


@attrs.frozen(kw_only=True)
class StreamerPolicy:
    """
    The figures of one account streamer; seconds are those of the injected clock.

    The service wants a heartbeat between every 2 seconds and every minute (API facts 8). A socket that has
    gone mute shows when a heartbeat is not acknowledged: after 30 seconds at the latest, with these figures.

    Examples
    --------
    >>> StreamerPolicy().heartbeat_seconds
    20.0
    >>> StreamerPolicy(heartbeat_seconds=1)
    Traceback (most recent call last):
    ...
    ValueError: 'heartbeat_seconds' must be >= 2: 1
    """

    heartbeat_seconds: float = attrs.field(default=20.0, validator=[ge(2), le(55)])
    acknowledgement_seconds: float = attrs.field(default=10.0, validator=[gt(0), le(10)])
    connection_tries: int = attrs.field(default=5, validator=ge(1))  # until the first has been accepted
    # Later on, without a heartbeat acknowledged; None: for as long as there is a consumer, who knows of it.
    reconnection_tries: int | None = attrs.field(default=None, validator=optional(ge(1)))
    shortest_pause_seconds: float = attrs.field(default=1.0, validator=ge(0))  # before a reconnect
    longest_pause_seconds: float = attrs.field(default=30.0, validator=ge(0))
    updates_ahead: int = attrs.field(default=1_000, validator=ge(1))  # untaken ones that are kept
    socket: SocketLimits = _LIMITS
