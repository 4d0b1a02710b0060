# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The reliability promises, each shown with its figure."""

from __future__ import annotations
