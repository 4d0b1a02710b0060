# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Small services on a free port of this machine, and a transport to one of them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from ttapi_client.policies import Policies
from ttapi_client.transport import Transport
from ttapi_core.clock import ManualClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp.typedefs import Handler

NOW = datetime(2026, 8, 24, 18, 0, tzinfo=UTC)


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """The address of a service that answers every request with the handler."""
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handler)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/"))


@asynccontextmanager
async def transport_to(url: str, policies: Policies | None = None) -> AsyncIterator[Transport]:
    """A transport with a session of its own."""
    async with aiohttp.ClientSession() as session:
        yield Transport(
            url,
            http=lambda: session,
            user_agent="tests/1.0",
            policies=policies or Policies(timeout_seconds=5.0),
            clock=ManualClock(NOW),
        )
