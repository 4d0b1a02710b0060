# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The lake under kill -9, refusing disks and many processes: R10, R11 and R14."""

from __future__ import annotations
