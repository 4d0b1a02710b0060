# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Collectors: one module per dataset, each asks the service and hands back one checked frame."""

from __future__ import annotations
