# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Where the feed's sockets may go, and what they may cost."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from yarl import URL

from ttapi_client.dxlink.described import described
from ttapi_client.json_socket import SocketLimits, open_json_socket
from ttapi_core.errors import DecodeError

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from ttapi_client.dxlink.policy import FeedPolicy
    from ttapi_client.json_socket import JsonSocket


def open_socket(url: str, *, user_agent: str, policy: FeedPolicy) -> AbstractAsyncContextManager[JsonSocket]:
    """
    Connect, and close cleanly at the end of the block, whatever the end.

    Raises
    ------
    TransportError
        When the server cannot be reached or is in trouble.
    RejectedError
        When it refuses to open a socket here, or sends us elsewhere.
    DecodeError
        When the address is none that a token may be sent to.
    """
    limits = SocketLimits(
        connect_timeout_seconds=policy.connect_timeout_seconds,
        close_timeout_seconds=policy.close_timeout_seconds,
    )
    return open_json_socket(_checked(url), service="DXLink", user_agent=user_agent, limits=limits)


def _checked(url: str) -> URL:
    """Give the address if a token may go there: encrypted, or to this very machine."""
    try:
        address = URL(url)
    except ValueError:
        address = URL()
    if address.host and (address.scheme == "wss" or (address.scheme == "ws" and _is_loopback(address.host))):
        return address
    raise DecodeError(path="data.dxlink-url", expected="a wss:// address", found=described(url))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
