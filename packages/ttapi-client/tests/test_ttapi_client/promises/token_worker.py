# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A process that shares a token file: it calls when it is told to, and tells what came of it."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from pathlib import Path

from ttapi_client import Policies, TTClient
from ttapi_client.policies import RateLimitPolicy, RetryPolicy
from ttapi_core.errors import TTError
from ttapi_core.settings import Settings

QUICK = Policies(retry=RetryPolicy(first_wait_seconds=0.0), rate_limit=RateLimitPolicy(starts=100_000))


async def work(url: str, token_file: Path | None, calls: int) -> Counter[str]:
    """So many calls at once, by how they ended."""
    outcomes: Counter[str] = Counter()

    async def call() -> None:
        try:
            await client.market_hours.holidays()
        except TTError as error:
            outcomes[type(error).__name__] += 1
        else:
            outcomes["ok"] += 1

    async with TTClient(Settings(api_url=url), policies=QUICK, token_file=token_file) as client:
        print("ready", flush=True)  # noqa: T201
        await asyncio.to_thread(sys.stdin.readline)
        async with asyncio.TaskGroup() as group:
            for _ in range(calls):
                group.create_task(call())
    return outcomes


if __name__ == "__main__":
    _, address, path, number = sys.argv
    found = asyncio.run(work(address, Path(path) if path else None, int(number)))
    print(*(f"{outcome}={count}" for outcome, count in sorted(found.items())))  # noqa: T201
