# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The HTML report: what is in it, its charts, and the one page that holds them."""

from __future__ import annotations
