# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the sandbox simulates: listings, prices, options and accounts, moved by nothing but a clock."""

from __future__ import annotations

from ttapi_client.sandbox.world.market import DailyCandles, Market, MarketQuote
from ttapi_client.sandbox.world.world import DEFAULT_SEED, World

__all__ = ["DEFAULT_SEED", "DailyCandles", "Market", "MarketQuote", "World"]
