# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi config`: the settings that hold."""

from __future__ import annotations

from ttapi_onboarding.commands.config.group import config

__all__ = ["config"]
