# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candle history over DXLink: one connection, many symbols, columns that are complete or say why not."""

from __future__ import annotations

from ttapi_client.dxlink.columns import CandleColumns
from ttapi_client.dxlink.feed import CandleFeed
from ttapi_client.dxlink.history import CandleOutcome
from ttapi_client.dxlink.policy import FeedPolicy
from ttapi_client.dxlink.quote_token import QuoteToken, QuoteTokenSource
from ttapi_client.dxlink.statistics import FeedStatistics

__all__ = [
    "CandleColumns",
    "CandleFeed",
    "CandleOutcome",
    "FeedPolicy",
    "FeedStatistics",
    "QuoteToken",
    "QuoteTokenSource",
]
