# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The version of this package, and how the client names itself to the service."""

from __future__ import annotations

from typing import Final

__version__ = "0.1.0"
USER_AGENT: Final = f"ttapi/{__version__}"
