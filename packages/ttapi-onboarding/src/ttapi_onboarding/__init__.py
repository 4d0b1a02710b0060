# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The ttapi command: collect, status, analytics and the sandbox from a terminal."""

from __future__ import annotations

__version__ = "0.1.0"

__all__ = ["__version__"]
