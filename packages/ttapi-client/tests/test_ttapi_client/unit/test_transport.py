# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Transport: what each trouble on a real socket becomes."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from test_ttapi_client.local_service import serving, transport_to
from ttapi_client.policies import Policies
from ttapi_client.routes import Route
from ttapi_core.errors import (
    ApiError,
    AuthError,
    DecodeError,
    HttpError,
    NotFoundError,
    RateLimitError,
    RejectedError,
    ServerError,
    TransportError,
    TransportTimeoutError,
    UnknownSymbolError,
)
from ttapi_core.settings import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aioresponses import aioresponses

ROUTE = Route("/accounts/{account_number}/balances", {"account_number": "5WX00001"})
TOKEN = Secret("canary-token")
HTML = "<html><body>Bad Gateway</body></html>"


async def error_of(
    answer: Callable[[web.Request], web.StreamResponse], policies: Policies | None = None
) -> ApiError:
    """What the transport makes of an answer."""

    async def handle(request: web.Request) -> web.StreamResponse:
        return answer(request)

    async with serving(handle) as url, transport_to(url, policies) as transport:
        with pytest.raises(ApiError) as caught:
            await transport.get(ROUTE, (), token=TOKEN, request_id="r-1.1")
    assert caught.value.request_id == "r-1.1"
    assert "5WX00001" not in str(caught.value)
    assert "canary" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (
            422,
            {
                "error": {
                    "code": "validation_error",
                    "message": "failed",
                    "errors": [{"domain": "start-date", "reason": "is missing"}],
                }
            },
            "validation_error, failed; start-date is missing",
        ),
        (
            422,
            {
                "error": {
                    "code": "preflight_check_failure",
                    "message": "failed",
                    "errors": [{"code": "margin", "message": "too little"}, 7],
                }
            },
            "preflight_check_failure, failed; margin too little",
        ),
        (406, {"error": {"code": 406, "message": "too old"}}, "406, too old"),
        (
            400,
            {"error_code": "invalid_grant", "error_description": "Invalid JWT"},
            "invalid_grant, Invalid JWT",
        ),
        (403, {"error": "not_permitted"}, "not_permitted"),
        (400, {"error": {"errors": "x", "message": None, "code": True}}, ""),
        (400, ["what"], ""),
    ],
)
async def test_every_shape_of_a_refusal_is_read(status: int, body: object, said: str) -> None:
    """The service's code and words are in the message, the route's values are not."""
    error = await error_of(lambda _: web.json_response(body, status=status))
    assert isinstance(error, RejectedError)
    start = f"GET /accounts/{{account_number}}/balances: status {status}"
    assert str(error) == (f"{start}, {said}" if said else start)
    assert error.server_code == (said.split(",", maxsplit=1)[0] or None)
    assert not error.retryable


@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [
        (404, NotFoundError, False),
        (408, ServerError, True),
        (418, RejectedError, False),
        (500, ServerError, True),
        (502, ServerError, True),
        (503, ServerError, True),
    ],
)
async def test_a_status_decides_the_error(status: int, kind: type[HttpError], retryable: bool) -> None:
    """Also when the body is a gateway's page, of which nothing is shown."""
    error = await error_of(lambda _: web.Response(status=status, text=HTML, content_type="text/html"))
    assert type(error) is kind
    assert (error.status, error.retryable) == (status, retryable)
    assert str(error).endswith(f"status {status}")


async def test_a_401_in_html_is_an_auth_error() -> None:
    """As the gateway sends it."""
    assert isinstance(await error_of(lambda _: web.Response(status=401, text=HTML)), AuthError)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("Mon, 24 Aug 2026 18:01:00 GMT", 60.0), ("soon", None), (None, None)],
)
async def test_a_429_says_how_long_to_wait_if_the_service_does(
    header: str | None, seconds: float | None
) -> None:
    """As number, as date by the clock of the service, or not at all."""
    headers = {"Date": "Mon, 24 Aug 2026 18:00:00 GMT", **({} if header is None else {"Retry-After": header})}
    error = await error_of(lambda _: web.Response(status=429, text="slow down", headers=headers))
    assert isinstance(error, RateLimitError)
    assert error.retry_after_seconds == seconds


async def test_a_refusal_that_repeats_what_is_private_is_cleaned() -> None:
    """Also where it is cut, and of what steers a terminal."""
    words = "x" * 195 + TOKEN.reveal() + " of 5WX00001 \x1b[31m\n"
    error = await error_of(
        lambda _: web.json_response({"error": {"code": "5WX00001", "message": words}}, status=400)
    )
    assert isinstance(error, RejectedError)
    assert error.server_code == "***"
    assert str(error).endswith("x*** o"), "cleaned first, cut afterwards"
    assert str(error).isprintable()


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"", "0 other bytes"),
        (b'{"access_token": "canary', "24 other bytes"),
        (b"\xef\xbb\xbf{}", "5 other bytes"),
        (b'{"a": NaN}', "10 other bytes"),
        (b'"\xff"', "3 other bytes"),
        (b"[" * 5000 + b"]" * 5000, "10000 other bytes"),
        (b"[]", "list"),
        (b"null", "NoneType"),
    ],
)
async def test_a_body_that_is_no_json_object_is_an_error_without_its_text(body: bytes, found: str) -> None:
    """It may hold a token."""
    error = await error_of(lambda _: web.Response(body=body))
    assert isinstance(error, DecodeError)
    assert error.found == found


async def test_a_success_without_a_body_is_no_refusal() -> None:
    """Status 204 is not what was asked for, and nobody refused."""
    assert isinstance(await error_of(lambda _: web.Response(status=204)), DecodeError)


async def test_a_body_that_grows_too_large_is_cut_off() -> None:
    """A gzip bomb of 300 times its size costs no more memory than the limit."""
    limit = 4 * 2**20
    bomb = gzip.compress(b" " * (32 * limit))
    headers = {"Content-Encoding": "gzip"}
    tracemalloc.start()
    try:
        error = await error_of(
            lambda _: web.Response(body=bomb, headers=headers), Policies(longest_answer_bytes=limit)
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(error, DecodeError)
    assert error.expected == f"at most {limit} bytes"
    assert peak < 2 * limit


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_body_that_is_packed_wrongly_is_lost(encoding: str) -> None:
    """As a connection that breaks."""
    headers = {"Content-Encoding": encoding}
    error = await error_of(lambda _: web.Response(body=b"\xff" * 100, headers=headers))
    assert isinstance(error, TransportError)
    assert error.retryable


async def test_a_redirect_is_not_followed() -> None:
    """The token would go along."""
    visited: list[str] = []

    def answer(request: web.Request) -> web.Response:
        visited.append(request.path)
        return web.Response(status=302, headers={"Location": "/elsewhere"})

    error = await error_of(answer)
    assert isinstance(error, RejectedError)
    assert error.status == 302
    assert visited == ["/accounts/5WX00001/balances"]


async def test_a_body_that_ends_too_soon_is_a_lost_connection() -> None:
    """What came is never taken for the whole."""

    async def cut(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "100"})
        await answer.prepare(request)
        await answer.write(b'{"data": {}}')
        assert request.transport is not None
        request.transport.abort()
        return answer

    async with serving(cut) as url, transport_to(url) as transport:
        with pytest.raises(TransportError, match="the connection was lost") as caught:
            await transport.get(ROUTE, (), token=TOKEN, request_id="r-1.1")
    assert caught.value.sent


async def test_a_refused_connection_sent_nothing(unused_tcp_port: int) -> None:
    """Repeating it is always safe."""
    async with transport_to(f"http://127.0.0.1:{unused_tcp_port}") as transport:
        with pytest.raises(TransportError, match=f"127.0.0.1:{unused_tcp_port} cannot be reached") as caught:
            await transport.get(ROUTE, (), token=TOKEN, request_id="r-1.1")
    assert not caught.value.sent
    assert caught.value.hint is not None


async def test_no_answer_in_time_is_a_timeout_that_may_have_arrived() -> None:
    """It is a TimeoutError, too."""

    async def hang(_request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    async with serving(hang) as url, transport_to(url, Policies(timeout_seconds=0.05)) as transport:
        with pytest.raises(TimeoutError, match=r"no answer in 0\.05 s") as caught:
            await transport.get(ROUTE, (), token=TOKEN, request_id="r-1.1")
    assert isinstance(caught.value, TransportTimeoutError)
    assert caught.value.sent


async def test_a_connection_that_does_not_come_about_in_time_sent_nothing(mocked: aioresponses) -> None:
    """The one timeout of which that is known."""
    mocked.get("http://127.0.0.1/x", exception=aiohttp.ConnectionTimeoutError("late"))
    async with transport_to("http://127.0.0.1") as transport:
        with pytest.raises(TransportTimeoutError) as caught:
            await transport.get(Route("/x"), (), token=TOKEN, request_id="r-1.1")
    assert not caught.value.sent


async def test_an_answer_that_is_no_http_shows_no_header_of_the_request() -> None:
    """The error of aiohttp would print the token and the account."""

    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"SSH-2.0-canary-token\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, transport_to(f"http://127.0.0.1:{port}") as transport:
        with pytest.raises(TransportError, match="the answer is no HTTP") as caught:
            await transport.get(ROUTE, (), token=TOKEN, request_id="r-1.1")
    assert caught.value.__cause__ is None
    assert "canary" not in str(caught.value)


async def test_the_path_arrives_as_it_was_encoded() -> None:
    """No part between route and socket decodes or normalises it."""
    seen: list[Mapping[str, str] | str] = []

    async def record(request: web.Request) -> web.Response:
        seen.append(request.raw_path)
        return web.json_response({})

    async with serving(record) as url, transport_to(url) as transport:
        for symbol in ("BRK/B", "../x", "A%2FB", "A?b#c", "A B"):
            route = Route("/instruments/equities/{symbol}", {"symbol": symbol})
            await transport.get(route, [("a", "1/2")], token=TOKEN, request_id="r-1.1")
    assert seen == [
        f"/instruments/equities/{segment}?a=1%2F2"
        for segment in ("BRK%2FB", "%2E%2E%2Fx", "A%252FB", "A%3Fb%23c", "A%20B")
    ]


async def test_a_query_that_is_no_text_is_not_sent() -> None:
    """Half of a surrogate pair has no bytes."""

    async def never(_request: web.Request) -> web.Response:
        raise AssertionError

    async with serving(never) as url, transport_to(url) as transport:
        with pytest.raises(UnknownSymbolError, match="no text that can be sent"):
            await transport.get(ROUTE, [("equity", "\ud800")], token=TOKEN, request_id="r-1.1")


async def test_a_connection_that_ends_without_an_answer_is_not_used_for_a_second_try() -> None:
    """Aiohttp would send again by itself, uncounted, where a connection had been kept."""
    arrived = 0

    async def once(request: web.Request) -> web.Response:
        nonlocal arrived
        arrived += 1
        if arrived > 1 and request.transport is not None:
            request.transport.abort()
        return web.json_response({})

    async with serving(once) as url, transport_to(url) as transport:
        await transport.get(ROUTE, (), token=TOKEN, request_id="r-1.1")
        with pytest.raises(TransportError, match="the connection was lost") as caught:
            await transport.get(ROUTE, (), token=TOKEN, request_id="r-1.2")
    assert caught.value.sent
    assert arrived == 2
