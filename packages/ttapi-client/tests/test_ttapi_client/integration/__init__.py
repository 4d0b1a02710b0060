# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The client against the sandbox, over real sockets."""

from __future__ import annotations
