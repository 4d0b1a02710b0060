# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A local server that speaks the service's protocol: to try things out, to test, to work offline."""

from __future__ import annotations

from ttapi_client.sandbox.process import SandboxProcess
from ttapi_client.sandbox.replay import replay_world
from ttapi_client.sandbox.server import SandboxServer
from ttapi_client.sandbox.world import World

__all__ = ["SandboxProcess", "SandboxServer", "World", "replay_world"]
