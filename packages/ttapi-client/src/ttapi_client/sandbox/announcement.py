# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a sandbox says about itself when it is ready: where it listens and what it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_client.sandbox.tokens import CLIENT_SECRET, REFRESH_TOKEN

if TYPE_CHECKING:
    from ttapi_client.sandbox.world import World


def announcement(world: World, url: str) -> dict[str, str]:
    """The facts of the ready line, by name, for a server that listens at a URL."""
    market = world.market
    sockets = url.replace("http://", "ws://", 1)
    return {
        "url": url,
        "account_streamer_url": f"{sockets}/account-streamer",
        "dxlink_url": f"{sockets}/dxlink",
        "environment": world.environment,
        "now": market.now().isoformat(timespec="milliseconds"),
        "first_date": market.first_date.isoformat(),
        "last_date": market.last_date.isoformat(),
    }


def network_warning(host: str) -> str:
    """What to tell whoever opens a sandbox to a network."""
    return (
        f"warning: the sandbox listens on {host}: whoever reaches this machine can use it, "
        f"with the published credentials {CLIENT_SECRET} and {REFRESH_TOKEN}"
    )
