# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Sandboxes that stand still at any instant one likes."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import aiohttp

from test_ttapi_client.sandbox.wire import RestClient
from ttapi_client.sandbox import SandboxServer, World
from ttapi_core.clock import ManualClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


def world_at(text: str) -> World:
    """The usual world at an instant in ISO form, UTC."""
    return World.seeded(clock=ManualClock(datetime.fromisoformat(text).replace(tzinfo=UTC)))


@asynccontextmanager
async def rest_at(text: str) -> AsyncIterator[RestClient]:
    """Calls to a server of that world."""
    async with (
        SandboxServer(world_at(text), clock=ManualClock()) as server,
        aiohttp.ClientSession(base_url=server.url, headers={"User-Agent": "tests/1.0"}) as http,
    ):
        client = RestClient(http)
        await client.log_in()
        yield client
