# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R5: retries with full jitter, a cap, a deadline for the whole, Retry-After, and never what must not be."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from scale import scale

from test_ttapi_client.local_service import serving
from test_ttapi_client.promises.virtual_time import VirtualClock, run_at_once
from ttapi_client import ClientStatistics, Policies, TTClient
from ttapi_client.policies import BreakerPolicy, RateLimitPolicy, RetryPolicy
from ttapi_client.resilience.chain import Chain
from ttapi_core.errors import RateLimitError, ServerError, TransportError, TTError
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

DOWN = ServerError("down", status=503)


def chain_of(retry: RetryPolicy, clock: VirtualClock, **changes: float) -> Chain:
    """A chain of which only the retry matters."""
    policies = Policies(
        retry=retry,
        breaker=BreakerPolicy(failures_to_open=1_000_000),
        rate_limit=RateLimitPolicy(starts=1_000_000, slow_down_factor=1),
        **changes,  # type: ignore[arg-type]
    )
    return Chain(policies, clock=clock, statistics=ClientStatistics())


async def fails(_number: int) -> None:
    """A service that is down."""
    raise DOWN


@pytest.mark.promise("R5")
def test_the_waits_have_full_jitter_and_a_cap(record_property: Callable[[str, object], None]) -> None:
    """Each is anything from nothing to its longest, which doubles from half a second to twenty."""
    calls = scale(400, long=20_000)
    policy = RetryPolicy(attempts=9, deadline_seconds=86_400.0, budget=10**9)

    async def main() -> list[float]:
        clock = VirtualClock()
        chain = chain_of(policy, clock)
        for _ in range(calls):
            await asyncio.gather(chain.run("quotes", fails), return_exceptions=True)
        return clock.slept

    slept = run_at_once(main())
    longest = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0]
    assert len(slept) == calls * len(longest)
    for number, cap in enumerate(longest):
        waits = sorted(seconds / cap for seconds in slept[number :: len(longest)])
        assert waits[-1] <= 1.0
        # Kolmogorov and Smirnov's distance to the uniform distribution; beyond this once in ten million.
        distance = max(abs(wait - (rank + 0.5) / calls) for rank, wait in enumerate(waits))
        assert distance < 2.9 / calls**0.5 + 0.5 / calls
    record_property("promise", f"R5: {len(slept):,} waits with full jitter, the longest {max(slept):.1f} s")


@pytest.mark.promise("R5")
def test_the_default_is_three_attempts(record_property: Callable[[str, object], None]) -> None:
    """And no more, however the service fails."""

    async def main() -> int:
        chain, sent = chain_of(RetryPolicy(), VirtualClock()), list[int]()

        async def send(number: int) -> None:
            sent.append(number)
            raise DOWN

        with pytest.raises(ServerError):
            await chain.run("quotes", send)
        assert sent == [1, 2, 3]
        return len(sent)

    record_property("promise", f"R5: {run_at_once(main())} attempts by default")


@pytest.mark.promise("R5")
def test_the_deadline_is_kept_for_the_whole_call(record_property: Callable[[str, object], None]) -> None:
    """However long answers, waits and Retry-After are; what is still on its way then is given up."""
    calls, random, cut = scale(2_000, long=50_000), Random(5), 0

    async def main() -> float:
        nonlocal cut
        latest = 0.0
        for _ in range(calls):
            clock = VirtualClock()
            deadline = random.uniform(0.5, 90.0)
            policy = RetryPolicy(
                attempts=random.randint(2, 8),
                deadline_seconds=deadline,
                first_wait_seconds=random.choice([0.0, 0.5, 5.0]),
            )
            chain, began, sent_at = (
                chain_of(policy, clock, timeout_seconds=30.0),
                clock.monotonic(),
                list[float](),
            )

            async def send(_number: int, clock: VirtualClock = clock, sent_at: list[float] = sent_at) -> None:
                sent_at.append(clock.monotonic())
                await clock.sleep(random.choice([random.uniform(0, 1), random.uniform(0, 30.0)]))
                if random.randrange(5):
                    raise random.choice(
                        [DOWN, RateLimitError("many", retry_after_seconds=random.uniform(0, 50))]
                    )

            try:
                await chain.run("quotes", send)
            except TTError as error:
                cut += "all attempts" in error.message
            latest = max(latest, (clock.monotonic() - began) / deadline)
            assert sent_at[-1] - began < deadline
        return latest

    latest = run_at_once(main())
    assert cut > calls / 20, "many had to be given up"
    assert latest <= 1.01
    record_property(
        "promise", f"R5: {calls:,} calls, {cut:,} cut off, the longest {latest:.2%} of its deadline"
    )


@pytest.mark.promise("R5")
async def test_retry_after_is_honoured_in_both_forms_clamped_and_ignored_as_nonsense(
    record_property: Callable[[str, object], None],
) -> None:
    """From the header of a real answer to the wait, by the service's own Date, a day off ours."""
    header, shown_date, asked = "", "", 0

    async def answer(request: web.Request) -> web.Response:
        nonlocal asked
        if request.path == "/oauth/token":
            return web.json_response({"access_token": "t", "expires_in": 90_000})
        asked += 1
        if asked % 2 == 0:
            return web.json_response({"data": {"items": []}})
        return web.Response(
            status=429 if asked % 4 == 1 else 503, headers={"Retry-After": header, "Date": shown_date}
        )

    policies = Policies(
        retry=RetryPolicy(first_wait_seconds=0.25, deadline_seconds=1_000.0),
        rate_limit=RateLimitPolicy(starts=100_000),
    )
    server_now = datetime(2026, 8, 25, 18, 0, tzinfo=UTC)
    shown_date = format_datetime(server_now, usegmt=True)

    def date(seconds: float) -> str:
        return format_datetime(server_now + timedelta(seconds=seconds), usegmt=True)

    cases: dict[str, float | None] = {
        "7": 7.0,
        "0": 0.0,
        "120": 120.0,
        "121": 120.0,
        "999999999": 120.0,
        date(90): 90.0,
        date(3_600): 120.0,
        date(-60): 0.0,
    }
    nonsense = ["soon", "-5", "1e3", "7 s", "NaN", "Wed, 99 Foo 2026 25:61:61 GMT", "٣", "0x10"]
    cases |= dict.fromkeys(nonsense)
    waits = list[float]()
    async with serving(answer) as url:
        for header, seconds in cases.items():
            for _ in ("429", "503"):
                clock = LeapingClock()
                async with TTClient(Settings(api_url=url), clock=clock, policies=policies) as client:
                    await client.accounts.list()
                waited = clock.elapsed
                waits.append(waited)
                if seconds is None:
                    assert waited <= 0.25, f"{header!r} is nonsense: the usual wait"
                else:
                    assert waited == seconds, header
    record_property(
        "promise",
        f"R5: Retry-After of {len(cases) - len(nonsense)} kinds and {len(nonsense)} of nonsense, "
        f"with 429 and 503: all as told, the longest wait {max(waits):.0f} s",
    )


class LeapingClock:
    """A clock on which sleeping takes no time but its own, for clients on real sockets."""

    def __init__(self) -> None:
        self.elapsed = 0.0

    def now(self) -> datetime:
        """Wall time, a day behind the server's."""
        return datetime(2026, 8, 24, 18, 0, tzinfo=UTC) + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        """Seconds slept."""
        return self.elapsed

    async def sleep(self, seconds: float) -> None:
        """Leap."""
        assert seconds >= 0
        self.elapsed += seconds
        await asyncio.sleep(0)  # noqa: TID251 - gives way, waits for nothing


@pytest.mark.promise("R5")
async def test_what_must_not_happen_twice_is_never_sent_again_once_bytes_have_left(
    record_property: Callable[[str, object], None],
) -> None:
    """Counted at a server that reads the request and then hangs up, answers 503, or says nothing."""
    calls = scale(200, long=2_000)
    got = list[bytes]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.append(await reader.readuntil(b"\n"))
        if len(got) % 3 == 0:
            writer.write(b"503\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        chain = chain_of(RetryPolicy(attempts=5, first_wait_seconds=0.0, budget=10**6), VirtualClock())
        connected = 0

        async def order(_number: int) -> None:
            nonlocal connected
            connected += 1
            if connected % 2:  # every other attempt finds nobody: nothing leaves
                raise TransportError("refused", sent=False)
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"buy\n")
            try:
                if await reader.read():
                    raise DOWN
                raise TransportError("lost")
            finally:
                writer.close()

        def call() -> Awaitable[None]:
            return chain.run("orders", order, repeatable=False)

        for _ in range(calls):
            with pytest.raises((ServerError, TransportError)):
                await call()
    assert connected == 2 * calls, "what had not left was sent again"
    resent = len(got) - calls
    assert resent == 0
    record_property(
        "promise", f"R5: {calls:,} calls not to be repeated failed after bytes had left, {resent} resent"
    )
