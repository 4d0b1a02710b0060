# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The client against the sandbox over real sockets: every endpoint, and every scripted trouble."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import aiohttp
import attrs
import pytest
from loguru import logger

from ttapi_client import Policies, TTClient
from ttapi_client.policies import BreakerPolicy, RateLimitPolicy, RetryPolicy
from ttapi_client.sandbox import SandboxServer, World
from ttapi_core.clock import ManualClock
from ttapi_core.errors import (
    ApiError,
    AuthError,
    NotFoundError,
    RateLimitError,
    ServerError,
    TransportError,
    TransportTimeoutError,
    UnknownSymbolError,
)
from ttapi_core.outcome import Err, Ok
from ttapi_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

EVENING = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
QUICK = Policies(
    retry=RetryPolicy(first_wait_seconds=0.0),
    rate_limit=RateLimitPolicy(starts=100_000),
    breaker=BreakerPolicy(failures_to_open=100),
    timeout_seconds=60.0,
)
HOLIDAYS = "/market-time/equities/holidays"
TEMPLATE = f"GET {HOLIDAYS}"


@pytest.fixture(scope="module")
def world() -> World:
    """The usual simulated world, on one evening."""
    return World.seeded(clock=ManualClock(EVENING))


@pytest.fixture
async def server(world: World) -> AsyncIterator[SandboxServer]:
    """A sandbox on a free port."""
    async with SandboxServer(world) as running:
        yield running


@pytest.fixture
async def client(server: SandboxServer) -> AsyncIterator[TTClient]:
    """A client of it that does not wait between attempts."""
    async with TTClient(Settings(api_url=server.url), policies=QUICK) as opened:
        yield opened


async def script(server: SandboxServer, **fault: object) -> None:
    """Put a fault in force, the way anybody would."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.url}/__admin/faults", json={"route": HOLIDAYS, **fault}) as answer,
    ):
        assert answer.status == 201, await answer.text()


async def test_every_endpoint_answers(client: TTClient) -> None:
    """Once each, from one login."""
    accounts = await client.accounts.list()
    assert all(account.account_number.startswith("SBX") for account in accounts)
    numbers = [account.account_number for account in accounts]
    balances = [await client.accounts.balances(number) for number in numbers]
    assert all(balance.cash_balance is not None for (balance,) in balances)
    positions = [position for number in numbers for position in await client.accounts.positions(number)]
    assert {position.account_number for position in positions} <= set(numbers)
    symbols = [equity.symbol async for equity in client.instruments.active_equities()]
    assert len(symbols) == len(set(symbols)) >= 3000
    assert (await client.instruments.equity("BRK/B")).symbol == "BRK/B"
    series = await client.option_chains.nested("AAPL")
    assert {each.underlying for each in series} == {"AAPL"}
    assert all(each.strikes for each in series)
    days = await client.market_hours.sessions(date(2024, 1, 1), date(2026, 11, 20))
    assert [day.date for day in days] == sorted({day.date for day in days})
    holidays = await client.market_hours.holidays()
    assert not {day.date for day in days} & set(holidays.holidays)
    assert all(day.is_half_day for day in days if day.date in holidays.half_days)
    assert client.statistics.renewals == 1
    assert client.statistics.in_flight == 0


async def test_candles_come_through_the_same_client(client: TTClient) -> None:
    """With a quote token of its own."""
    feed = client.candles.history(["AAPL", "BRK/B"], since=date(2026, 11, 2))
    found = {symbol: outcome async for symbol, outcome in feed}
    assert {symbol: isinstance(outcome, Ok) for symbol, outcome in found.items()} == {
        "AAPL": True,
        "BRK/B": True,
    }
    assert client.statistics.requests["api-quote-tokens"] == 1


async def test_507_symbols_are_six_requests(client: TTClient, server: SandboxServer) -> None:
    """Of a hundred at most, with a quote for each."""
    listing = [equity async for equity in client.instruments.active_equities(per_page=600)]
    # Indexes are asked for under another name (API facts 5.1).
    symbols = [equity.symbol for equity in listing if not equity.is_index][:507]
    quotes = await client.market_data.quotes([*symbols, "NO/SUCH"])
    assert list(quotes) == [*symbols, "NO/SUCH"]
    assert sum(isinstance(quote, Ok) for quote in quotes.values()) == 507
    missing = quotes["NO/SUCH"]
    assert isinstance(missing, Err)
    assert isinstance(missing.error, UnknownSymbolError)
    assert server.statistics.requests["GET /market-data/by-type"] == 6


async def test_never_more_requests_at_the_server_than_allowed(server: SandboxServer) -> None:
    """40 calls of a client that may have 8 on their way."""
    await script(server, kind="delay", delay_seconds=0.01)
    policies = attrs.evolve(QUICK, max_in_flight=8)
    async with TTClient(Settings(api_url=server.url), policies=policies) as client:
        await asyncio.gather(*(client.market_hours.holidays() for _ in range(40)))
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{server.url}/__admin/statistics") as answer,
        ):
            counts = await answer.json()
    assert counts["max_concurrent_requests"] == 8 == client.statistics.in_flight_peak
    assert counts["requests"][TEMPLATE] == 40 == client.statistics.requests["market-time/equities/holidays"]
    assert counts["requests"]["POST /oauth/token"] == 1


async def test_a_thousand_calls_at_expiry_are_one_renewal(client: TTClient, server: SandboxServer) -> None:
    """The token that they all hold is taken back; each is replayed once."""
    await client.market_hours.holidays()
    await script(server, kind="expired_token", times=1)
    await asyncio.gather(*(client.market_hours.holidays() for _ in range(200)))
    assert server.statistics.requests["POST /oauth/token"] == 2 == client.statistics.renewals
    assert server.statistics.requests[TEMPLATE] <= 1 + 2 * 200


@pytest.mark.parametrize(
    ("fault", "error", "sends"),
    [
        ({"kind": "status", "status": 503}, ServerError, 3),
        ({"kind": "status", "status": 502, "html": True}, ServerError, 3),
        ({"kind": "status", "status": 429}, RateLimitError, 3),
        ({"kind": "status", "status": 429, "retry_after": "nonsense"}, RateLimitError, 3),
        ({"kind": "status", "status": 404}, NotFoundError, 1),
        ({"kind": "status", "status": 401}, AuthError, 2),
        ({"kind": "cut_body"}, TransportError, 3),
    ],
)
async def test_trouble_that_lasts_is_its_error_after_so_many_sends(
    client: TTClient, server: SandboxServer, fault: dict[str, object], error: type[ApiError], sends: int
) -> None:
    """And once it is over, the next call goes well."""
    await client.accounts.list()
    await script(server, **fault)
    with pytest.raises(error) as caught:
        await client.market_hours.holidays()
    assert caught.value.request_id is not None
    assert server.statistics.requests[TEMPLATE] == sends
    server.faults.clear()
    assert (await client.market_hours.holidays()).holidays


async def test_a_wait_that_passes_the_deadline_is_the_callers(
    client: TTClient, server: SandboxServer
) -> None:
    """A service that wants to be left alone for longer than a call may take is asked once."""
    await script(server, kind="status", status=429, retry_after="90")
    with pytest.raises(RateLimitError) as caught:
        await client.market_hours.holidays()
    assert caught.value.retry_after_seconds == 90
    assert server.statistics.requests[TEMPLATE] == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500, "times": 2},
        {"kind": "status", "status": 429, "retry_after": "0", "times": 2},
        {"kind": "cut_body", "times": 2},
        {"kind": "drop", "times": 2},
        {"kind": "expired_token", "times": 1},
    ],
)
async def test_trouble_that_passes_is_not_seen(
    client: TTClient, server: SandboxServer, fault: dict[str, object]
) -> None:
    """The call goes well in the end."""
    await script(server, **fault)
    assert (await client.market_hours.holidays()).holidays


async def test_a_dropped_connection_is_retried_by_us_alone(client: TTClient, server: SandboxServer) -> None:
    """There is one retry layer: three sends, on connections of their own."""
    await script(server, kind="drop")
    with pytest.raises(TransportError):
        await client.market_hours.holidays()
    assert server.statistics.requests[TEMPLATE] == client.statistics.requests["market-time/equities/holidays"]


async def test_a_slow_answer_is_a_timeout(server: SandboxServer) -> None:
    """Of the client's own."""
    await script(server, kind="delay", delay_seconds=3600)
    policies = attrs.evolve(QUICK, timeout_seconds=0.05, retry=RetryPolicy(attempts=1))
    async with TTClient(Settings(api_url=server.url), policies=policies) as client:
        with pytest.raises(TransportTimeoutError):
            await client.market_hours.holidays()


async def test_a_service_that_is_down_is_soon_left_alone(server: SandboxServer) -> None:
    """After five failures nothing is sent for that family, and all goes on for the others."""
    await script(server, kind="status", status=500)
    policies = attrs.evolve(QUICK, breaker=BreakerPolicy(failures_to_open=5))
    async with TTClient(Settings(api_url=server.url), policies=policies) as client:
        for _ in range(20):
            with pytest.raises(ApiError):
                await client.market_hours.holidays()
        assert server.statistics.requests[TEMPLATE] == 5
        assert client.breaker_states()["market-time/equities/holidays"] == "open"
        assert await client.accounts.list()


async def test_a_refused_login_is_tried_once(client: TTClient, server: SandboxServer) -> None:
    """By 100 calls at once."""
    await script(server, route="/oauth/token", kind="refuse_token")
    results = await asyncio.gather(*(client.accounts.list() for _ in range(100)), return_exceptions=True)
    assert {type(result) for result in results} == {AuthError}
    assert server.statistics.requests["POST /oauth/token"] == 1


async def test_a_cancelled_call_leaves_the_client_usable(client: TTClient, server: SandboxServer) -> None:
    """Its place is free again."""
    await client.accounts.list()
    await script(server, kind="delay", delay_seconds=3600, times=1)
    async with asyncio.TaskGroup() as group:
        call = group.create_task(client.market_hours.holidays())
        while not server.statistics.requests[TEMPLATE]:  # noqa: ASYNC110 - the server has no event for it
            await asyncio.sleep(0)  # noqa: TID251 - gives way to the server
        call.cancel()
    assert call.cancelled()
    assert client.statistics.in_flight == 0
    assert (await client.market_hours.holidays()).holidays


async def test_no_token_in_tracebacks_of_real_sockets(client: TTClient, server: SandboxServer) -> None:
    """Whatever the logger shows of the variables on the way."""
    lines: list[str] = []
    sink = logger.add(lines.append, level=0, backtrace=True, diagnose=True)
    for fault in ({"kind": "cut_body"}, {"kind": "drop"}, {"kind": "status", "status": 500}):
        server.faults.clear()
        await script(server, **fault)
        try:
            await client.market_hours.holidays()
        except ApiError as error:
            logger.opt(exception=error).error("call failed")
    logger.remove(sink)
    assert len(lines) >= 3
    token = await client.market_hours._requester._tokens.token()
    written = "".join(lines)
    for secret in (token.reveal(), "sandbox-secret", "sandbox-refresh"):
        assert secret not in written
