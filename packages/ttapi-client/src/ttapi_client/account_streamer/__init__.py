# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What changes in accounts, as it changes: typed updates over one connection after the other."""

from __future__ import annotations

from ttapi_client.account_streamer.notifications import (
    AccountUpdate,
    BalanceChanged,
    ComplexOrderChanged,
    Interrupted,
    OrderChanged,
    Overflowed,
    PositionChanged,
    Synchronized,
    TradingStatusChanged,
    UnknownNotification,
    UnreadableNotification,
)
from ttapi_client.account_streamer.policy import StreamerPolicy
from ttapi_client.account_streamer.statistics import StreamerStatistics
from ttapi_client.account_streamer.streamer import AccountStreamer, streamer_address
from ttapi_client.account_streamer.subscription import AccountUpdates
from ttapi_client.dxlink.live.overflow import Overflow

__all__ = [
    "AccountStreamer",
    "AccountUpdate",
    "AccountUpdates",
    "BalanceChanged",
    "ComplexOrderChanged",
    "Interrupted",
    "OrderChanged",
    "Overflow",
    "Overflowed",
    "PositionChanged",
    "StreamerPolicy",
    "StreamerStatistics",
    "Synchronized",
    "TradingStatusChanged",
    "UnknownNotification",
    "UnreadableNotification",
    "streamer_address",
]
