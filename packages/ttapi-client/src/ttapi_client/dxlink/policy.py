# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How the feed behaves: how much at once, how long it waits, when it gives up."""

from __future__ import annotations

from typing import Final

import attrs
from attrs.validators import ge, gt, le, optional

# The limits of the service (API facts 1.7).
TOTAL_SUBSCRIPTIONS: Final = 25_000  # in one session
HEAVY_SUBSCRIPTIONS: Final = 100  # of candles, in one session
SESSIONS: Final = 5


@attrs.frozen(kw_only=True)
class FeedPolicy:
    """
    The figures of a client's feed; seconds are those of the injected clock unless the line says otherwise.

    The symbol timeout is longer than the keepalive timeout on purpose: a connection that has gone mute has
    to show as such, and be replaced, before its symbols are given up one by one.

    Examples
    --------
    >>> FeedPolicy().window
    64
    >>> FeedPolicy(window=101)
    Traceback (most recent call last):
    ...
    ValueError: 'window' must be <= 100: 101
    """

    window: int = attrs.field(default=64, validator=[ge(1), le(HEAVY_SUBSCRIPTIONS)])  # subscriptions at once
    symbol_timeout_seconds: float = attrs.field(default=75.0, validator=gt(0))  # of silence, one symbol
    keepalive_timeout_seconds: float = attrs.field(default=60.0, validator=gt(0))  # of silence, all of it
    idle_seconds: float = attrs.field(default=10.0, validator=gt(0))
    """Of silence, all symbols of a history: then they are asked for again, with one that was answered."""
    refusal_timeout_seconds: float = attrs.field(default=10.0, validator=gt(0))  # of silence after an ERROR
    handshake_timeout_seconds: float = attrs.field(default=10.0, validator=gt(0))
    connect_timeout_seconds: float = attrs.field(default=10.0, validator=gt(0))  # of the event loop
    close_timeout_seconds: float = attrs.field(default=2.0, validator=gt(0))  # of the event loop
    connection_tries: int = attrs.field(default=5, validator=ge(1))  # in a row that came to nothing
    shortest_pause_seconds: float = attrs.field(default=1.0, validator=ge(0))  # before a reconnect
    longest_pause_seconds: float = attrs.field(default=30.0, validator=ge(0))
    outcomes_ahead: int = attrs.field(default=16, validator=ge(1))  # untaken; above, no reading
    candles_per_symbol: int = attrs.field(default=1_000_000, validator=ge(1))
    history_connections: int = attrs.field(default=3, validator=[ge(1), le(SESSIONS - 1)])
    """At once, for all histories of a client; one more waits. The live feed has a connection of its own."""
    reconnection_tries: int | None = attrs.field(default=None, validator=optional(ge(1)))
    """In a row, of a live feed that was connected; ``None``: for as long as somebody listens."""
    healthy_seconds: float = attrs.field(default=30.0, validator=gt(0))
    """After so long a live connection was a good one: the pauses after it begin anew, with the shortest."""
    events_ahead: int = attrs.field(default=10_000, validator=ge(1))
    """Live events that wait for one consumer; above, its overflow policy decides."""
    candles_ahead: int = attrs.field(default=500_000, validator=ge(1))
    """Different candles that wait for one consumer under ``LATEST``; above, its subscription fails."""
    changes_per_minute: int = attrs.field(default=9_000, validator=ge(1))  # the service allows 10,000
