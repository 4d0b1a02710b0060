# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Market data over DXLink: live events for all who listen, and candle histories that are whole."""

from __future__ import annotations

from ttapi_client.dxlink.columns import CandleColumns
from ttapi_client.dxlink.feed import CandleFeed
from ttapi_client.dxlink.live import LiveFeed, LiveState, Overflow, Subscription
from ttapi_client.dxlink.policy import FeedPolicy
from ttapi_client.dxlink.quote_token import QuoteToken, QuoteTokenSource
from ttapi_client.dxlink.statistics import FeedStatistics
from ttapi_client.dxlink.wanted import CandleOutcome

__all__ = [
    "CandleColumns",
    "CandleFeed",
    "CandleOutcome",
    "FeedPolicy",
    "FeedStatistics",
    "LiveFeed",
    "LiveState",
    "Overflow",
    "QuoteToken",
    "QuoteTokenSource",
    "Subscription",
]
