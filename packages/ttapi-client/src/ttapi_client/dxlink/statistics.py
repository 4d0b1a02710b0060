# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the candle feed has counted: what came, what was stepped over, what had to be done again."""

from __future__ import annotations

from collections import Counter

import attrs


@attrs.define(kw_only=True)
class FeedStatistics:
    """Counters of one feed since it was made; nothing that is skipped is skipped in silence."""

    connections: int = 0  # that were tried
    lost_connections: int = 0
    frames: int = 0
    candles: int = 0  # in complete snapshots
    stray_candles: int = 0  # of symbols that nobody is waiting for
    fallbacks: int = 0  # symbols asked for again under AUTO
    ignored_events: Counter[str] = attrs.field(factory=Counter[str])  # events of other types, by type
    ignored_messages: Counter[str] = attrs.field(factory=Counter[str])  # without a meaning to us
