# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi cache`: what is fresh and why, and how to begin anew."""

from __future__ import annotations

from ttapi_onboarding.commands.cache.group import cache

__all__ = ["cache"]
