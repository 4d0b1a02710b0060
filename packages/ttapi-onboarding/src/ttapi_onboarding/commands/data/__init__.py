# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi data`: the files of the lake."""

from __future__ import annotations

from ttapi_onboarding.commands.data.group import data

__all__ = ["data"]
