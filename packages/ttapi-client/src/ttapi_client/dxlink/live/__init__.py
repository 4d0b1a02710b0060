# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Live market events: one DXLink connection for everybody who listens."""

from __future__ import annotations

from ttapi_client.dxlink.live.feed import LiveFeed
from ttapi_client.dxlink.live.notices import Interrupted, LiveState, Notice, Resumed, SymbolFailed
from ttapi_client.dxlink.live.overflow import Overflow
from ttapi_client.dxlink.live.statistics import LiveStatistics, SubscriptionStatistics
from ttapi_client.dxlink.live.subscription import Subscription

__all__ = [
    "Interrupted",
    "LiveFeed",
    "LiveState",
    "LiveStatistics",
    "Notice",
    "Overflow",
    "Resumed",
    "Subscription",
    "SubscriptionStatistics",
    "SymbolFailed",
]
