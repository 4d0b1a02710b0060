# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The commands, one file each: parse, call, render; ``ttapi_onboarding.command_list`` leads to each."""

from __future__ import annotations
