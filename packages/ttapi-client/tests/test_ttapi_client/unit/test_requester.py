# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The requester: tokens, replays, request ids, and what of it is written down."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from loguru import logger

from test_ttapi_client.conftest import AT_ONCE
from test_ttapi_client.rest_answers import (
    ACCESS_TOKEN,
    CLIENT_SECRET,
    REFRESH_TOKEN,
    SETTINGS,
    TOKEN,
    StandIn,
    listed,
    one,
    without,
)
from ttapi_client import TTClient
from ttapi_client.logs import add_request_id
from ttapi_core.context import bind_request_id
from ttapi_core.errors import ApiError, AuthError, DecodeError, ServerError, TransportError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ttapi_core.clock import ManualClock

ACCOUNTS = "/customers/me/accounts"
LOGIN = "/oauth/token"
NO = {"error": {"code": "unauthorized", "message": "Unauthorized"}}
DOWN = {"error": {"code": "internal_server_error"}}


@pytest.fixture
def fresh(mocked: object) -> StandIn:
    """A stand-in that gives out no token yet."""
    stand_in = StandIn(mocked)  # type: ignore[arg-type]
    stand_in._answers.clear()
    return stand_in


async def test_a_401_is_one_renewal_and_one_replay(client: TTClient, stand_in: StandIn) -> None:
    """With the new token; the replay is another attempt of the same request."""
    stand_in.answer(LOGIN, {**TOKEN, "access_token": "second"}, method="POST")
    stand_in.answer(ACCOUNTS, NO, status=401)
    stand_in.answer(ACCOUNTS, listed())
    assert await client.accounts.list() == ()
    assert [each.path for each in stand_in.arrived] == [LOGIN, ACCOUNTS, LOGIN, ACCOUNTS]
    first, replay = stand_in.asked(ACCOUNTS)
    assert replay.headers["Authorization"] == "Bearer second"
    request_id = first.headers["X-Request-Id"].removesuffix(".1")
    assert replay.headers["X-Request-Id"] == f"{request_id}.2"
    assert client.statistics.renewals == 2


async def test_a_second_401_is_final(client: TTClient, stand_in: StandIn) -> None:
    """No loop; the error says what to do."""
    stand_in.answer(ACCOUNTS, NO, status=401)
    with pytest.raises(AuthError, match="status 401, unauthorized") as caught:
        await client.accounts.list()
    assert caught.value.hint is not None
    assert len(stand_in.asked(ACCOUNTS)) == len(stand_in.asked(LOGIN)) == 2


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_refused_credentials_are_sent_once(fresh: StandIn, status: int) -> None:
    """However often one tries; the hint names the settings."""
    refusal = {"error_code": "invalid_grant", "error_description": f"{CLIENT_SECRET} {REFRESH_TOKEN} unknown"}
    fresh.answer(LOGIN, refusal, method="POST", status=status)
    async with TTClient(SETTINGS, policies=AT_ONCE) as client:
        for _ in range(3):
            with pytest.raises(AuthError, match=r"refused the credentials.* invalid_grant") as caught:
                await client.accounts.list()
            assert str(caught.value).endswith("*** *** unknown")
            assert "TTAPI_CLIENT_SECRET" in str(caught.value.hint)
    assert len(fresh.asked(LOGIN)) == 1


@pytest.mark.parametrize(("status", "sends"), [(302, 1), (404, 1), (422, 1), (503, 3)])
async def test_other_trouble_at_the_login_is_not_remembered(fresh: StandIn, status: int, sends: int) -> None:
    """A captive portal or a bad gateway says nothing about the credentials."""
    for _ in range(sends):
        fresh.answer(LOGIN, DOWN, method="POST", status=status)
    fresh.answer(LOGIN, TOKEN, method="POST")
    fresh.answer(ACCOUNTS, listed())
    async with TTClient(SETTINGS, policies=AT_ONCE) as client:
        with pytest.raises(ApiError) as caught:
            await client.accounts.list()
        assert not isinstance(caught.value, AuthError)
        assert await client.accounts.list() == ()
    assert len(fresh.asked(LOGIN)) == sends + 1


@pytest.mark.parametrize(
    "answer",
    [
        without(TOKEN, "access_token"),
        {**TOKEN, "access_token": ["canary"]},
        {**TOKEN, "access_token": "canary\r\nX-Evil: 1"},
        {**TOKEN, "access_token": "  "},
        {**TOKEN, "access_token": "cänary"},
        {**TOKEN, "expires_in": "soon"},
        {**TOKEN, "expires_in": -1},
    ],
)
async def test_a_token_that_cannot_be_one_is_a_decode_error(
    fresh: StandIn, answer: dict[str, object]
) -> None:
    """It never reaches a header, nor a message."""
    fresh.answer(LOGIN, answer, method="POST")
    async with TTClient(SETTINGS, policies=AT_ONCE) as client:
        with pytest.raises(DecodeError) as caught:
            await client.accounts.list()
    assert "nary" not in str(caught.value)
    assert caught.value.request_id is not None


async def test_a_token_without_a_lifetime_is_good_for_the_usual_time(fresh: StandIn) -> None:
    """15 minutes."""
    fresh.answer(LOGIN, without(TOKEN, "expires_in"), method="POST")
    fresh.answer(ACCOUNTS, listed())
    async with TTClient(SETTINGS, policies=AT_ONCE) as client:
        await client.accounts.list()
        await client.accounts.list()
    assert len(fresh.asked(LOGIN)) == 1


async def test_a_request_is_sent_again_while_that_may_help(client: TTClient, stand_in: StandIn) -> None:
    """Each attempt is marked; the statistics count every one."""
    stand_in.answer(ACCOUNTS, DOWN, status=502)
    stand_in.answer(ACCOUNTS, DOWN, status=429, headers={"Retry-After": "0"})
    stand_in.answer(ACCOUNTS, listed())
    with bind_request_id("r-mine"):
        await client.accounts.list()
    assert [each.headers["X-Request-Id"] for each in stand_in.asked(ACCOUNTS)] == [
        "r-mine.1",
        "r-mine.2",
        "r-mine.3",
    ]
    assert client.statistics.retries == 2
    assert client.statistics.requests == {"oauth/token": 1, "customers/me/accounts": 3}
    assert (client.statistics.in_flight, client.statistics.in_flight_peak) == (0, 1)


async def test_every_error_has_the_id_of_its_request(client: TTClient, stand_in: StandIn) -> None:
    """Refused, not sent, or not understood."""
    stand_in.answer(ACCOUNTS, DOWN, status=500)
    for _ in range(3):
        with bind_request_id("r-mine"), pytest.raises(ApiError) as caught:
            await client.accounts.list()
        assert str(caught.value.request_id).startswith("r-mine")
    assert client.breaker_states() == {"oauth/token": "closed", "customers/me/accounts": "open"}
    stand_in.answer("/market-time/equities/holidays", one({"market-holidays": 5}))
    with bind_request_id("r-mine"), pytest.raises(DecodeError) as caught:
        await client.market_hours.holidays()
    assert caught.value.request_id == "r-mine"


@pytest.fixture
def log_lines() -> Iterator[list[str]]:
    """All that the package writes at the most talkative level, with the variables of tracebacks."""
    lines: list[str] = []
    logger.enable("ttapi_client")
    logger.configure(patcher=add_request_id)
    sink = logger.add(
        lines.append, level=0, format="{message} {extra} {exception}", backtrace=True, diagnose=True
    )
    yield lines
    logger.remove(sink)
    logger.configure(patcher=lambda _record: None)
    logger.disable("ttapi_client")


async def test_no_secret_is_ever_written_down(fresh: StandIn, log_lines: list[str]) -> None:
    """Not in records, nor in tracebacks that show variables, whatever goes wrong."""
    everything = f"{ACCESS_TOKEN} 5WX00001"
    fresh.answer(LOGIN, TOKEN, method="POST")
    path = "/accounts/5WX00001/balances"
    for status in (400, 404, 429, 500):
        fresh.answer(path, {"error": {"code": everything, "message": everything}}, status=status)
    fresh.answer(path, one([1]))
    fresh.answer(path, one({"account-number": 7, "cash-balance": {"a": 1}}))
    fresh.answer(path, {"error": {"code": everything}}, status=401)
    credentials = f"{CLIENT_SECRET} {REFRESH_TOKEN}"
    refusal = {"error_code": credentials, "error_description": credentials}
    fresh.answer(LOGIN, refusal, method="POST", status=400)
    shown: list[object] = []
    async with TTClient(SETTINGS, policies=AT_ONCE) as client:
        for _ in range(8):
            try:
                await client.accounts.balances("5WX00001")
            except ApiError as error:
                logger.opt(exception=error).error("call failed")
                shown += [str(error), repr(error), error.hint, error.args, vars(error)]
        shown += [client, vars(client), client.statistics]
    written = "".join(log_lines) + repr(shown)
    assert "request answered" in written
    assert "request retried" in written
    assert "call failed" in written
    for secret in (CLIENT_SECRET, REFRESH_TOKEN, ACCESS_TOKEN):
        assert secret not in written
    assert "5WX00001" not in repr(shown)


async def test_records_have_the_id_of_their_request(
    client: TTClient, stand_in: StandIn, log_lines: list[str]
) -> None:
    """Those of the retry and the breaker, too."""
    stand_in.answer(ACCOUNTS, DOWN, status=500)
    with bind_request_id("r-mine"), pytest.raises(ServerError):
        await client.accounts.list()
    retried = [line for line in log_lines if line.startswith("request retried")]
    assert len(retried) == 2
    assert all("'request_id': 'r-mine'" in line for line in retried)
    renewed = [line for line in log_lines if line.startswith("access token renewed")]
    assert len(renewed) == 1


async def test_a_lost_connection_is_a_transport_error(mocked: object, steady_clock: object) -> None:
    """With a service that nobody answers for."""
    async with TTClient(SETTINGS, policies=AT_ONCE) as client:
        with pytest.raises(TransportError, match="the connection was lost"):
            await client.accounts.list()


async def test_a_call_that_stood_in_line_is_sent_with_the_newest_token(
    client: TTClient, stand_in: StandIn, steady_clock: ManualClock
) -> None:
    """What was renewed meanwhile is used; what falls due meanwhile is renewed, and nobody waits for it."""
    stand_in.answer(LOGIN, {**TOKEN, "access_token": "second"}, method="POST")
    keeper = client.accounts._requester._tokens
    first = await keeper.token()
    assert keeper.latest(first) == first
    steady_clock.advance(850)
    assert keeper.latest(first) == first
    assert (await keeper.token()).reveal() == "second"
    assert keeper.latest(first).reveal() == "second"
    assert len(stand_in.asked(LOGIN)) == 2


async def test_a_server_that_says_when_to_come_back_is_heeded(
    client: TTClient, stand_in: StandIn, steady_clock: ManualClock
) -> None:
    """With a 503 as with a 429."""
    stand_in.answer(ACCOUNTS, DOWN, status=503, headers={"Retry-After": "7"})
    stand_in.answer(ACCOUNTS, listed())
    async with asyncio.TaskGroup() as group:
        call = group.create_task(client.accounts.list())
        for _ in range(50):
            await asyncio.sleep(0)  # noqa: TID251 - gives way, waits for nothing
        assert steady_clock.sleepers == 1
        steady_clock.advance(6.9)
        assert steady_clock.sleepers == 1
        steady_clock.advance(0.2)
    assert call.result() == ()
    assert len(stand_in.asked(ACCOUNTS)) == 2
