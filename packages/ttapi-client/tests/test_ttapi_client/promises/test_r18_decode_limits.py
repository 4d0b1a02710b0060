# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R18: no answer costs more memory, depth or time than is allowed; a part is never taken for the whole."""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from test_ttapi_client.local_service import serving, transport_to
from test_ttapi_client.promises import memory_probe
from ttapi_client.policies import Policies
from ttapi_client.routes import Route
from ttapi_client.sandbox import SandboxServer, World
from ttapi_core.errors import (
    ApiError,
    AuthError,
    DecodeError,
    NotFoundError,
    RateLimitError,
    ServerError,
    TransportError,
    TransportTimeoutError,
)
from ttapi_core.settings import Secret

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ttapi_client.transport import Transport

    Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

LIMIT = 4 * 2**20
POLICIES = Policies(longest_answer_bytes=LIMIT, timeout_seconds=20.0)
MIB = 2**20
SPACES = b" " * (64 * MIB)


async def ask(transport: Transport) -> object:
    """One request, sent once."""
    return await transport.get(Route("/x"), (), token=Secret("canary"), request_id="r-1.1")


async def error_of(answer: Answer, policies: Policies = POLICIES) -> ApiError:
    """What becomes of an answer; it has to be an error."""
    async with serving(answer) as url, transport_to(url, policies) as transport:
        with pytest.raises(ApiError) as caught:
            await ask(transport)
    assert caught.value.request_id == "r-1.1"
    return caught.value


def whole(body: bytes, *, encoding: str | None = None, status: int = 200) -> Answer:
    """An answer with its length."""

    async def answer(_request: web.Request) -> web.StreamResponse:
        headers = {} if encoding is None else {"Content-Encoding": encoding}
        return web.Response(body=body, headers=headers, status=status)

    return answer


def chunked(body: bytes, *, encoding: str | None = None) -> Answer:
    """An answer that does not say how long it is."""

    async def answer(request: web.Request) -> web.StreamResponse:
        headers = {} if encoding is None else {"Content-Encoding": encoding}
        response = web.StreamResponse(headers=headers)
        response.enable_chunked_encoding()
        await response.prepare(request)
        for start in range(0, len(body), 1000):
            await response.write(body[start : start + 1000])
        return response

    return answer


def raw_deflate(body: bytes) -> bytes:
    """Deflate without the header of zlib, which some servers send under the same name."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


BOMBS = {
    "gzip": whole(gzip.compress(SPACES, mtime=0), encoding="gzip"),
    "gzip in chunks": chunked(gzip.compress(SPACES, mtime=0), encoding="gzip"),
    "deflate": whole(zlib.compress(SPACES), encoding="deflate"),
    "deflate without its header": whole(raw_deflate(SPACES), encoding="deflate"),
    "gzip, many members": whole(gzip.compress(b" " * MIB, mtime=0) * 64, encoding="gzip"),
}
LONG = {
    "with its length": whole(b" " * (LIMIT + 1)),
    "without it": chunked(b" " * (LIMIT + 1)),
    "packed well enough": whole(gzip.compress(bytes(range(48, 128)) * (LIMIT // 80 + 1), 0), encoding="gzip"),
}


@pytest.mark.promise("R18")
@pytest.mark.parametrize("kind", BOMBS)
async def test_a_bomb_is_not_unpacked(kind: str) -> None:
    """64 MiB in 64 kB: more than 100 bytes for each that was sent."""
    error = await error_of(BOMBS[kind], Policies(timeout_seconds=20.0))
    assert isinstance(error, DecodeError)
    assert error.expected == "at most 100 bytes for each that was sent"


@pytest.mark.promise("R18")
@pytest.mark.parametrize("kind", LONG)
async def test_an_answer_that_is_too_long_is_an_error(kind: str) -> None:
    """By one byte."""
    error = await error_of(LONG[kind])
    assert isinstance(error, DecodeError)
    assert error.expected == f"at most {LIMIT} bytes"


async def test_an_answer_as_long_as_allowed_is_read() -> None:
    """In many pieces, of which none is lost."""
    text = "".join(chr(48 + number % 77) for number in range(LIMIT - 9)).replace("\\", "/")
    body = json.dumps({"a": text}).encode()
    assert len(body) == LIMIT
    async with serving(chunked(body)) as url, transport_to(url, POLICIES) as transport:
        assert await ask(transport) == {"a": text}


async def test_a_small_answer_may_pack_as_well_as_it_likes() -> None:
    """A megabyte harms nobody."""
    body = gzip.compress(b'{"a": "' + b"0" * (MIB - 9) + b'"}')
    async with serving(whole(body, encoding="gzip")) as url, transport_to(url, POLICIES) as transport:
        assert await ask(transport) == {"a": "0" * (MIB - 9)}


def nested(levels: int, kind: str) -> bytes:
    """An object with so many levels, itself the first."""
    opening, closing = {
        "lists": (b"[", b"]"),
        "objects": (b'{"a":', b"}"),
        "after much": (b"[1,{},[],", b"]"),
    }[kind]
    inner = b"[]" if kind != "objects" else b"{}"
    return b'{"]]": "}}", "a":' + opening * (levels - 2) + inner + closing * (levels - 2) + b"}"


@pytest.mark.promise("R18")
@pytest.mark.parametrize("kind", ["lists", "objects", "after much"])
async def test_an_answer_that_is_too_deep_is_an_error(kind: str) -> None:
    """At 65 levels and at a million; 64 are read."""
    for levels in (65, 900, 5_000, 100_000):
        error = await error_of(whole(nested(levels, kind)), POLICIES)
        assert isinstance(error, DecodeError)
        assert error.expected == ("at most 64 levels" if levels < 1000 else "JSON")
    async with serving(whole(nested(64, kind))) as url, transport_to(url) as transport:
        assert await ask(transport)


async def test_an_answer_with_many_brackets_need_not_be_deep() -> None:
    """Lists of records are wide."""
    body = json.dumps({"items": [{"legs": [{}, {}]}] * 1000}).encode()
    async with serving(whole(body)) as url, transport_to(url) as transport:
        assert await ask(transport)


@pytest.mark.promise("R18")
async def test_a_body_that_trickles_is_cut_off_in_time() -> None:
    """Each byte comes soon after the last, and the whole would take forever."""
    hung_up = asyncio.Event()

    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000000"})
        await response.prepare(request)
        try:
            while True:
                await response.write(b" ")
                await asyncio.sleep(0.01)  # noqa: TID251 - the server is slow by itself
        except (ConnectionError, asyncio.CancelledError):
            hung_up.set()
            raise

    loop = asyncio.get_running_loop()
    began = loop.time()
    async with serving(trickle) as url, transport_to(url, Policies(timeout_seconds=0.3)) as transport:
        with pytest.raises(TransportTimeoutError, match=r"no answer in 0\.3 s") as caught:
            await ask(transport)
        took = loop.time() - began
        async with asyncio.timeout(5):
            await hung_up.wait()
    assert caught.value.sent
    assert 0.29 <= took < 2.0


def broken_off(head: bytes) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """A server that sends this and hangs up."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + head)
        await writer.drain()
        writer.close()

    return answer


PACKED = gzip.compress(b'{"data": {"items": []}}', mtime=0)


@pytest.mark.promise("R18")
@pytest.mark.parametrize(
    "head",
    [
        b'Content-Length: 50\r\n\r\n{"data": {}}',
        b'Transfer-Encoding: chunked\r\n\r\nc\r\n{"data": {}}\r\n',
        b'Transfer-Encoding: chunked\r\n\r\nff\r\n{"data": {}}',
        b'Connection: close\r\n\r\n{"data": {}',
        b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(PACKED), PACKED[:-9]),
        b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(PACKED) - 12, PACKED[:-12]),
        b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n%b" % PACKED[:-12],
        b"Content-Encoding: br\r\nContent-Length: 4\r\n\r\n\x0b\x02\x80a",
        b"Content-Length: 12\r\nContent-Length: 50\r\n\r\n" + b'{"data": {}}',
        b"Content-Length: -1\r\n\r\n" + b'{"data": {}}',
        b"Date: x\r\n" + b"X: " + b"y" * 100_000 + b"\r\n\r\n{}",
        b"X: y\r\n" * 100_000 + b"\r\n{}",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 100 + b"\r\n{}",
    ],
)
async def test_a_broken_answer_is_never_taken_for_a_whole_one(head: bytes) -> None:
    """Cut off, packed in part, of two lengths, or no HTTP at all."""
    server = await asyncio.start_server(broken_off(head), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, transport_to(f"http://127.0.0.1:{port}") as transport:
        with pytest.raises((TransportError, DecodeError)):
            await ask(transport)


@pytest.mark.promise("R18")
@pytest.mark.parametrize(
    ("status", "kind"), [(401, AuthError), (404, NotFoundError), (429, RateLimitError), (503, ServerError)]
)
async def test_a_refusal_obeys_the_same_bounds(status: int, kind: type[ApiError]) -> None:
    """Of what it says nothing is known; of what it is, enough."""
    for answer in (
        whole(gzip.compress(SPACES, mtime=0), encoding="gzip", status=status),
        whole(SPACES, status=status),
    ):
        assert type(await error_of(answer)) is kind


@pytest.mark.promise("R18")
@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="this system does not say what was the most"
)
@pytest.mark.parametrize("fault", ["endless_body", "gzip_bomb"])
async def test_memory_grows_by_no_more_than_the_limit(
    fault: str, record_property: Callable[[str, object], None]
) -> None:
    """Of a process of its own, asking a sandbox with the usual policies."""
    async with SandboxServer(World.seeded()) as server:
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                f"{server.url}/__admin/faults", json={"route": "/instruments/*", "kind": fault}
            ) as answer,
        ):
            assert answer.status == 201
        child = await asyncio.create_subprocess_exec(
            sys.executable, memory_probe.__file__, server.url, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await child.communicate()
    found = json.loads(said)
    assert found["error"] == "DecodeError"
    ratio = found["grew"] / Policies().longest_answer_bytes
    assert ratio <= 1.2
    record_property(
        "promise", f"R18: {fault}: {found['message']}; memory grew by {ratio:.2f} times the limit"
    )
