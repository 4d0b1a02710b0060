# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the live feed and each of its subscriptions have counted."""

from __future__ import annotations

from collections import Counter

import attrs


@attrs.define(kw_only=True)
class LiveStatistics:
    """Counters of one live feed since it was made; nothing that is skipped is skipped in silence."""

    connections: int = 0  # that were tried
    lost_connections: int = 0
    frames: int = 0
    events: int = 0  # that came for somebody
    stray_events: int = 0  # of symbols that nobody listens to, any more
    removed_events: int = 0  # that the service took back; candles that it takes back are told
    unreadable_events: int = 0  # which cost their symbol its place
    fallbacks: int = 0  # subscriptions tried under AUTO
    ignored_events: Counter[str] = attrs.field(factory=Counter[str])  # of types never asked for, by type
    ignored_messages: Counter[str] = attrs.field(factory=Counter[str])  # without a meaning to us


@attrs.define(kw_only=True)
class SubscriptionStatistics:
    """Counters of one subscription."""

    received: int = 0  # events, those included that were dropped or still wait
    dropped: int = 0  # replaced by newer ones, or the oldest when there was no room
    interruptions: int = 0
