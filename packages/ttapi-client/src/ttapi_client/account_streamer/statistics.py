# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What one subscription has counted: what came, what was stepped over, what had to be done again."""

from __future__ import annotations

from collections import Counter

import attrs


@attrs.define(kw_only=True)
class StreamerStatistics:
    """Counters of one subscription since it began."""

    connections: int = 0  # that were tried
    lost_connections: int = 0
    heartbeats: int = 0  # acknowledged
    notifications: Counter[str] = attrs.field(factory=Counter[str])  # by class
    ignored_messages: int = 0  # without a meaning to us
