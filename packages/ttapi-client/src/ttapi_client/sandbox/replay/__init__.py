# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Recorded candles served as if they came from the service."""

from __future__ import annotations

from ttapi_client.sandbox.replay.replay_market import ReplayMarket
from ttapi_client.sandbox.replay.replay_world import replay_world

__all__ = ["ReplayMarket", "replay_world"]
