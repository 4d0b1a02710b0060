# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R29: however many tasks and processes want the same datasets at once, one of them collects."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from scale import scale

from ttapi_client.sandbox import SandboxServer, World
from ttapi_core import Settings
from ttapi_platform import Platform
from ttapi_platform.freshness import Fresh

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

PROCESSES: Final = 4
TASKS: Final = scale(25, long=100)
SYMBOLS: Final = ("AAPL", "BRK/B", "KO", "SPY")


def platform(url: str, directory: Path) -> Platform:
    """What each of them asks for the same."""
    settings = Settings(
        data_dir=directory, api_url=url, history_years=1, retry_attempts=1, lock_wait_seconds=300.0
    )
    return Platform(settings, symbols=SYMBOLS)


async def stampede(url: str, directory: Path, tasks: int) -> Counter[str]:
    """So many tasks at once, by how a run left each dataset."""
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(platform(url, directory).collect()) for _ in range(tasks)]
    return Counter(result.status.value for task in running for result in task.result().results)


@asynccontextmanager
async def process(url: str, directory: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """One that is ready to begin; it has ended when the block ends."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", __file__, url, str(directory), str(TASKS)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert child.stdout is not None
    try:
        assert await child.stdout.readline() == b"ready\n"
        yield child
    finally:
        if child.returncode is None:
            child.kill()
            await child.communicate()


async def outcome(child: asyncio.subprocess.Process) -> Counter[str]:
    """Let it go, and hear how its runs left the datasets."""
    output, _ = await child.communicate(b"go\n")
    return Counter(
        {kind: int(count) for kind, count in (word.split("=") for word in output.decode().split())}
    )


@pytest.mark.promise("R29")
async def test_a_stampede_is_one_collection(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Counted at the server: as many requests and histories as one run alone sends."""
    async with SandboxServer(World.seeded()) as server:
        alone = await platform(server.url, tmp_path / "alone").collect()
        assert {result.status.value for result in alone.results} == {"collected"}
        requests, snapshots = server.statistics.requests, server.statistics.candle_snapshots
        server.statistics.reset()
        together = tmp_path / "together"
        async with AsyncExitStack() as stack:
            starts = (stack.enter_async_context(process(server.url, together)) for _ in range(PROCESSES))
            children = await asyncio.gather(*starts)
            outcomes = await asyncio.gather(*map(outcome, children))
        assert server.statistics.requests == requests
        assert server.statistics.candle_snapshots == snapshots
    datasets, runs = len(alone.results), PROCESSES * TASKS
    seen = sum(outcomes, Counter[str]())
    assert seen == {"collected": datasets, "hit": datasets * (runs - 1)}
    assert all(isinstance(state.verdict, Fresh) for state in platform(server.url, together).status())
    record_property(
        "promise",
        f"R29: {PROCESSES} processes x {TASKS} tasks on one empty lake: {requests.total()} requests and "
        f"{snapshots} histories, those of a single run; {seen['hit']:,} hits",
    )


async def main(url: str, directory: str, tasks: str) -> None:
    """Be one of the processes."""
    print("ready", flush=True)  # noqa: T201 - how the test hears it
    await asyncio.to_thread(sys.stdin.readline)
    seen = await stampede(url, Path(directory), int(tasks))
    print(*(f"{kind}={count}" for kind, count in seen.items()))  # noqa: T201 - as above


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
