# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The feed: a websocket that serves candles and quotes by the DXLink protocol (API facts 7)."""

from __future__ import annotations

from ttapi_client.sandbox.dxlink.connection import FeedService

__all__ = ["FeedService"]
