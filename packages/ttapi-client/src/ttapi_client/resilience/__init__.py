# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Resilience: retry, circuit breaker and rate limit, and the chain that joins them."""

from __future__ import annotations
