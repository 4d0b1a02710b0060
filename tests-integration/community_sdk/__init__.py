# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Checks that run in the environment of the community SDK; nothing of ours imports them."""

from __future__ import annotations
