# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A process of its own that asks a sandbox for one answer and says by how much its memory grew."""

from __future__ import annotations

import asyncio
import gc
import json
import re
import sys
from pathlib import Path

from ttapi_client import Policies, TTClient
from ttapi_client.policies import RetryPolicy
from ttapi_core.errors import TTError
from ttapi_core.settings import Settings


def peak_bytes() -> int:
    """The most memory that this program has held since it was loaded."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) * 1024


async def main(url: str) -> None:
    """Have everything loaded that a request needs, then ask for the hostile answer."""
    async with TTClient(Settings(api_url=url), policies=Policies(retry=RetryPolicy(attempts=1))) as client:
        await client.market_hours.holidays()
        gc.collect()
        before = peak_bytes()
        try:
            await client.instruments.equity("AAPL")
        except TTError as error:
            said = {"error": type(error).__name__, "message": str(error), "grew": peak_bytes() - before}
            sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
