# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What every request passes: headers, tokens, versions, unknown routes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
import pytest

from test_ttapi_client.sandbox.wire import RestClient

if TYPE_CHECKING:
    from ttapi_client.sandbox import SandboxServer
    from ttapi_core.clock import ManualClock


async def test_every_answer_says_that_it_is_simulated(rest: RestClient) -> None:
    """Good answers, errors and the administration carry the sandbox's header."""
    for path in ("/customers/me", "/nowhere", "/__admin/statistics", "/instruments/equities/NOPE"):
        assert (await rest.get(path)).headers["X-TTAPI-Sandbox"] == "1"


async def test_a_request_without_user_agent_gets_a_gateway_page(server: SandboxServer) -> None:
    """401 in HTML, the token exchange included (API facts, fact 4)."""
    async with aiohttp.ClientSession(base_url=server.url, skip_auto_headers=["User-Agent"]) as bare:
        for method, path in (("GET", "/customers/me"), ("POST", "/oauth/token"), ("GET", "/nowhere")):
            async with bare.request(method, path) as answer:
                assert answer.status == 401
                assert answer.content_type == "text/html"
                assert "<html>" in await answer.text()
                assert answer.headers["X-TTAPI-Sandbox"] == "1"


@pytest.mark.parametrize(
    "header", ["", "Bearer nonsense", "sandbox-access-1", "Basic c2FuZGJveA==", "Bearer ", "bearer"]
)
async def test_a_bad_or_missing_token_is_refused(rest: RestClient, header: str) -> None:
    """401 with the code that the service uses, for known and unknown routes alike."""
    for path in ("/customers/me", "/nowhere"):
        answer = await rest.call("GET", path, headers={"Authorization": header})
        assert answer.status == 401
        assert answer.error["code"] == "unauthorized"


async def test_a_token_without_the_word_bearer_is_refused(rest: RestClient) -> None:
    """The bare form belonged to the retired session tokens."""
    token = await rest.log_in()
    assert (await rest.call("GET", "/customers/me", headers={"Authorization": token})).status == 401


async def test_a_token_expires_by_the_clock_and_not_before(rest: RestClient, clock: ManualClock) -> None:
    """900 seconds, of the injected clock."""
    clock.advance(899.5)
    assert (await rest.get("/customers/me")).status == 200
    clock.advance(0.5)
    assert (await rest.get("/customers/me")).status == 401
    await rest.log_in()
    assert (await rest.get("/customers/me")).status == 200


@pytest.mark.parametrize(
    ("version", "status"),
    [
        ("20240501", 200),
        ("20251101", 200),
        ("20991231", 200),
        ("20240430", 406),
        ("20251301", 406),
        ("20250229", 406),
        ("99999999", 406),
        ("2024-05-01", 406),
        ("2024W011", 406),
        ("latest", 406),
        ("", 406),
    ],
)
async def test_a_version_older_than_all_is_not_acceptable(
    rest: RestClient, version: str, status: int
) -> None:
    """406 with a number for a code, alone among the errors (API facts 1.3)."""
    answer = await rest.call("GET", "/customers/me", headers={"Accept-Version": version})
    assert answer.status == status
    if status == 406:
        assert answer.error["code"] == 406
        assert version in answer.error["message"]


@pytest.mark.parametrize("path", ["/", "/nowhere", "/instruments", "/accounts/SBX00001/nothing"])
async def test_an_unknown_route_is_not_found_in_the_envelope(rest: RestClient, path: str) -> None:
    """404 as JSON."""
    answer = await rest.get(path)
    assert answer.status == 404
    assert answer.error["code"] == "not_found"


@pytest.mark.parametrize("path", ["/", "/account-streamer", "/nowhere/"])
async def test_what_needs_no_token_needs_a_user_agent(server: SandboxServer, path: str) -> None:
    """Unless it is a websocket: a browser's cannot choose its headers."""
    async with aiohttp.ClientSession(base_url=server.url, skip_auto_headers=["User-Agent"]) as bare:
        async with bare.get(path) as answer:
            assert (answer.status, answer.content_type) == (401, "text/html")
        async with bare.ws_connect("/account-streamer") as websocket:
            assert not websocket.closed


async def test_only_logins_and_sockets_are_open_to_all(http: aiohttp.ClientSession) -> None:
    """Whether a session holds can be asked by whoever has one."""
    anonymous = RestClient(http)
    statuses = {
        (method, path): (await anonymous.call(method, path)).status
        for method, path in (
            ("GET", "/"),
            ("GET", "/nowhere"),
            ("POST", "/sessions"),
            ("POST", "/sessions/validate"),
            ("POST", "/oauth/token"),
            ("GET", "/customers/me"),
        )
    }
    assert statuses == {
        ("GET", "/"): 404,
        ("GET", "/nowhere"): 401,
        ("POST", "/sessions"): 401,  # with the code of a login without credentials
        ("POST", "/sessions/validate"): 401,
        ("POST", "/oauth/token"): 400,
        ("GET", "/customers/me"): 401,
    }
    assert (await anonymous.call("POST", "/sessions")).error["code"] == "invalid_credentials"
    assert (await anonymous.call("POST", "/sessions/validate")).error["code"] == "unauthorized"


async def test_a_wrong_method_is_refused_in_the_envelope(rest: RestClient) -> None:
    """405 as JSON."""
    answer = await rest.call("POST", "/customers/me")
    assert answer.status == 405
    assert answer.error["code"] == "invalid_request"


async def test_what_fails_inside_still_has_the_services_shape(
    rest: RestClient, server: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of ours becomes a 500 in the envelope, not a stack trace."""

    def fail(_symbol: str) -> None:
        message = "broken on purpose"
        raise RuntimeError(message)

    monkeypatch.setattr(server._state.world.market, "listing", fail)
    answer = await rest.get("/instruments/equities/AAPL")
    assert answer.status == 500
    assert answer.error["code"] == "internal_server_error"
    assert b"broken" not in answer.body


async def test_requests_are_counted_by_route_and_by_how_many_at_once(
    rest: RestClient, clock: ManualClock
) -> None:
    """The statistics know templates, not every symbol, and the peak of requests in flight."""
    await rest.add_fault("/customers/me", "delay", delay_seconds=5, times=3)
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(rest.get("/customers/me"))
        while clock.sleepers < 3:
            await rest.statistics()
        assert (await rest.statistics())["requests_in_flight"] == 3
        clock.advance(5)
    await rest.get("/instruments/equities/AAPL")
    await rest.get("/instruments/equities/BRK/B")
    counts = await rest.statistics()
    assert counts["requests"] == {
        "POST /oauth/token": 1,
        "GET /customers/{customer}": 3,
        "GET /instruments/equities/{symbol}": 2,
    }
    assert counts["requests_total"] == 6
    assert counts["max_concurrent_requests"] == 3
    assert counts["requests_in_flight"] == 0
    await rest.call("DELETE", "/__admin/statistics")
    assert (await rest.statistics())["requests"] == {}
