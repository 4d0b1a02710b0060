# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R9: one renewal, for a thousand calls and for several processes; refused credentials are sent once."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from scale import scale

from test_ttapi_client.promises import token_worker
from ttapi_client import TTClient
from ttapi_client.auth.keeper import FORCED_RENEWALS
from ttapi_client.sandbox import SandboxServer, World
from ttapi_client.sandbox.fault_description import parse_fault
from ttapi_core.clock import ManualClock
from ttapi_core.errors import AuthError
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

EVENING = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
HOLIDAYS = "/market-time/equities/holidays"
LOGIN = "/oauth/token"
CALLS = 1_000


@pytest.fixture(scope="module")
def world() -> World:
    """The usual simulated world, on one evening."""
    return World.seeded(clock=ManualClock(EVENING))


@pytest.fixture
async def server(world: World) -> AsyncIterator[SandboxServer]:
    """A sandbox on a free port, which counts what arrives."""
    async with SandboxServer(world) as running:
        yield running


@pytest.fixture
def clock() -> ManualClock:
    """The client's."""
    return ManualClock()


@pytest.fixture
async def client(server: SandboxServer, clock: ManualClock) -> AsyncIterator[TTClient]:
    """A client of the sandbox."""
    async with TTClient(Settings(api_url=server.url), clock=clock, policies=token_worker.QUICK) as opened:
        yield opened


def logins(server: SandboxServer) -> int:
    """How many times the server was asked for a token."""
    return server.statistics.requests[f"POST {LOGIN}"]


def gets(server: SandboxServer) -> int:
    """How many other requests it got."""
    return server.statistics.requests[f"GET {HOLIDAYS}"]


async def outcomes(client: TTClient, calls: int = CALLS) -> list[BaseException | None]:
    """What so many calls at once end with."""
    results = await asyncio.gather(
        *(client.market_hours.holidays() for _ in range(calls)), return_exceptions=True
    )
    return [result if isinstance(result, BaseException) else None for result in results]


@pytest.mark.promise("R9")
async def test_a_thousand_calls_at_expiry_are_one_renewal(
    client: TTClient,
    server: SandboxServer,
    clock: ManualClock,
    record_property: Callable[[str, object], None],
) -> None:
    """Counted at the server."""
    rounds = scale(2, long=20)
    for number in range(1, rounds + 1):
        assert await outcomes(client) == [None] * CALLS
        assert logins(server) == number
        clock.advance(840)
    most = logins(server) / rounds
    record_property(
        "promise", f"R9: {CALLS:,} concurrent calls at expiry, {rounds} times: {most:g} renewals each time"
    )


@pytest.mark.promise("R9")
async def test_a_thousand_calls_with_a_revoked_token_are_one_renewal_and_one_replay_each(
    client: TTClient, server: SandboxServer, record_property: Callable[[str, object], None]
) -> None:
    """None of them fails."""
    await client.market_hours.holidays()
    server.statistics.reset()
    server.faults.add(parse_fault({"route": HOLIDAYS, "kind": "expired_token", "times": 1}))
    assert await outcomes(client) == [None] * CALLS
    assert logins(server) == 1
    assert CALLS < gets(server) <= 2 * CALLS
    record_property(
        "promise",
        f"R9: {CALLS:,} calls with a token that was taken back: {logins(server)} renewal, "
        f"{gets(server) - CALLS} replays, 0 failures",
    )


@pytest.mark.promise("R9")
async def test_a_service_that_refuses_every_token_is_not_looped(
    client: TTClient, server: SandboxServer, record_property: Callable[[str, object], None]
) -> None:
    """Two sends a call at most; over all calls, three more tokens a minute at most."""
    server.faults.add(parse_fault({"route": HOLIDAYS, "kind": "status", "status": 401}))
    found = await outcomes(client)
    assert all(isinstance(error, AuthError) for error in found)
    assert logins(server) <= 1 + FORCED_RENEWALS
    assert gets(server) <= 2 * CALLS
    at_once = logins(server)
    for _ in range(100):
        with pytest.raises(AuthError):
            await client.market_hours.holidays()
    assert logins(server) <= 1 + FORCED_RENEWALS
    record_property(
        "promise",
        f"R9: every call refused with 401: {at_once} logins for {CALLS:,} calls at once, "
        f"{logins(server)} after 100 more",
    )


@pytest.mark.promise("R9")
async def test_refused_credentials_are_sent_once(
    client: TTClient,
    server: SandboxServer,
    clock: ManualClock,
    record_property: Callable[[str, object], None],
) -> None:
    """By a thousand calls at once, and by those of the next two hours."""
    server.faults.add(parse_fault({"route": LOGIN, "kind": "refuse_token"}))
    assert all(isinstance(error, AuthError) for error in await outcomes(client))
    for _ in range(120):
        clock.advance(60)
        with pytest.raises(AuthError):
            await client.market_hours.holidays()
    assert (logins(server), gets(server)) == (1, 0)
    record_property(
        "promise", f"R9: refused credentials in {CALLS + 120:,} calls: {logins(server)} login try"
    )


@asynccontextmanager
async def worker(url: str, token_file: Path | None, calls: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that is ready to call; it has ended when the block ends."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", token_worker.__file__, url, str(token_file or ""), str(calls)),
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


async def result(child: asyncio.subprocess.Process) -> str:
    """Let it go, and hear what came of it."""
    output, _ = await child.communicate(b"go\n")
    return output.decode().strip()


async def run_together(url: str, token_file: Path | None, *, processes: int, calls: int) -> list[str]:
    """The results of so many processes that begin at the same time."""
    async with AsyncExitStack() as stack:
        starts = (stack.enter_async_context(worker(url, token_file, calls)) for _ in range(processes))
        children = await asyncio.gather(*starts)
        return list(await asyncio.gather(*map(result, children)))


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    """Where processes share a token."""
    return tmp_path / "private" / "token"


@pytest.mark.promise("R9")
async def test_processes_share_one_renewal(
    server: SandboxServer, token_file: Path, record_property: Callable[[str, object], None]
) -> None:
    """All begin at the same time, and the login is slow enough for all of them to want it."""
    processes, calls = scale(2, long=16), 100
    server.faults.add(parse_fault({"route": LOGIN, "kind": "delay", "delay_seconds": 0.5}))
    found = await run_together(server.url, token_file, processes=processes, calls=calls)
    assert found == [f"ok={calls}"] * processes
    assert logins(server) == 1
    # Those that come later find the token.
    assert await run_together(server.url, token_file, processes=1, calls=1) == ["ok=1"]
    assert logins(server) == 1
    record_property(
        "promise", f"R9: {processes} processes with {calls} calls at once each: {logins(server)} renewal"
    )


@pytest.mark.promise("R9")
async def test_processes_share_one_refusal(
    server: SandboxServer, token_file: Path, record_property: Callable[[str, object], None]
) -> None:
    """At the same time, and one after the other as a scheduler starts them."""
    processes, calls = scale(2, long=16), 10
    server.faults.add(parse_fault({"route": LOGIN, "kind": "refuse_token"}))
    found = await run_together(server.url, token_file, processes=processes, calls=calls)
    found += await run_together(server.url, token_file, processes=1, calls=calls)
    assert found == [f"AuthError={calls}"] * (processes + 1)
    assert logins(server) == 1
    record_property(
        "promise", f"R9: refused credentials in {processes + 1} processes: {logins(server)} login try"
    )


@pytest.mark.promise("R9")
async def test_a_process_killed_in_its_renewal_holds_nobody_up(
    server: SandboxServer, token_file: Path, record_property: Callable[[str, object], None]
) -> None:
    """The kernel takes its lock away."""
    kills = scale(1, long=20)
    for number in range(kills):
        shared = token_file.with_name(f"token-{number}")
        server.statistics.reset()
        server.faults.add(parse_fault({"route": LOGIN, "kind": "delay", "delay_seconds": 3600, "times": 1}))
        async with worker(server.url, shared, 1) as first, worker(server.url, shared, 1) as second:
            assert first.stdin is not None
            first.stdin.write(b"go\n")
            while not logins(server):  # noqa: ASYNC110 - the server has no event for it
                await asyncio.sleep(0.01)  # noqa: TID251
            async with asyncio.timeout(10), asyncio.TaskGroup() as group:
                waiting = group.create_task(result(second))
                first.kill()
            assert waiting.result() == "ok=1"
        assert logins(server) == 2
    record_property("promise", f"R9: {kills} processes killed with the lock in hand: 0 others held up")
