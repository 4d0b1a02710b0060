# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""For the tests of whoever uses the service: a sandbox in a thread, behind the fixture ``ttapi_sandbox``."""

from __future__ import annotations

from ttapi_client.testing.sandbox_thread import SandboxThread

__all__ = ["SandboxThread"]
