# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Endpoints: one module per area of the service; each builds requests and decodes answers."""

from __future__ import annotations
