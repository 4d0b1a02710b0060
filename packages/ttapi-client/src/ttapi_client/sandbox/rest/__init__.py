# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The service's routes, written from its published facts."""

from __future__ import annotations

from ttapi_client.sandbox.rest.gate import FEED_PATH, gate, mark_answer
from ttapi_client.sandbox.rest.routes import rest_routes

__all__ = ["FEED_PATH", "gate", "mark_answer", "rest_routes"]
