# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a call costs, a hundred in flight, and what a bare session has to send to be answered."""

from __future__ import annotations

import asyncio
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client import Policies
from ttapi_client.policies import RateLimitPolicy
from ttapi_client.version import USER_AGENT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import aiohttp

IN_FLIGHT: Final = 100
BARE: Final = "bare aiohttp"
UNLIMITED: Final = Policies(rate_limit=RateLimitPolicy(starts=1_000_000))


@attrs.frozen
class Cost:
    """Of one call, on average over a round, in seconds."""

    wall: float
    cpu: float  # of the caller's process alone: the sandbox has its own


async def one_round(call: Callable[[], Awaitable[object]], calls: int, *, expected: object = None) -> Cost:
    """Make the calls, with so many in flight at any time; each has to bring what is expected."""
    left = iter(range(calls))

    async def work() -> None:
        for _ in left:
            if await call() != expected:
                raise RuntimeError("an answer was not complete")

    wall, cpu = perf_counter(), process_time()
    async with asyncio.TaskGroup() as group:
        for _ in range(IN_FLIGHT):
            group.create_task(work())
    return Cost((perf_counter() - wall) / calls, (process_time() - cpu) / calls)


async def bare_headers(session: aiohttp.ClientSession, url: str) -> dict[str, str]:
    """What every request has to carry, whoever sends it."""
    secrets = {"client_secret": "sandbox-secret", "refresh_token": "sandbox-refresh"}
    body = {"grant_type": "refresh_token", **secrets}
    async with session.post(f"{url}/oauth/token", json=body, headers={"User-Agent": USER_AGENT}) as answer:
        token = (await answer.json())["access_token"]
    return {
        "User-Agent": USER_AGENT,
        "Accept": "application/json",
        "Authorization": f"Bearer {token}",
        "X-Request-Id": "r-00000000.1",
    }
