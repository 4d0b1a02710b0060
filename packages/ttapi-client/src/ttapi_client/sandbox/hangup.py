# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Ending a connection without a word, when a fault asks for it."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web


def hang_up(request: web.Request, *, is_reset: bool = False) -> None:
    """Tear the connection of a request down, on demand with RST; one that is gone is no trouble."""
    transport = request.transport
    if transport is None:
        return
    if is_reset:
        # Lingering for no time makes the kernel send RST instead of a proper end.
        connected = transport.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
