# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""R28: credentials go where they belong, over TLS that is verified, and no order can be placed."""

from __future__ import annotations

import asyncio
import inspect
import shutil
import ssl
import subprocess
from contextlib import AsyncExitStack
from itertools import product
from typing import TYPE_CHECKING, Final

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from test_ttapi_client.local_service import serving
from test_ttapi_client.promises.damaged_service import DamagedService
from test_ttapi_client.promises.every_endpoint import EVENING, calls_of
from ttapi_client import Policies, TTClient
from ttapi_client.policies import RateLimitPolicy, RetryPolicy
from ttapi_client.requester import Requester
from ttapi_client.sandbox import SandboxServer, World
from ttapi_core.clock import ManualClock
from ttapi_core.errors import AuthError, ConfigError, RejectedError, TransportError, TTError
from ttapi_core.settings import Environment, Secret, Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ONCE = Policies(
    retry=RetryPolicy(attempts=1), rate_limit=RateLimitPolicy(starts=100_000), timeout_seconds=5.0
)
PRODUCTION, CERTIFICATION = Environment.PRODUCTION, Environment.CERTIFICATION
LOCAL: Final = {Environment.SANDBOX, Environment.REPLAY}
SERVICE: Final = {
    PRODUCTION: {"https://api.tastyworks.com", "https://api.tastytrade.com"},
    CERTIFICATION: {"https://api.cert.tastyworks.com"},
}
HOSTS: Final = (
    *(
        "api.tastyworks.com",
        "api.tastytrade.com",
        "api.cert.tastyworks.com",
        "127.0.0.1",
        "localhost",
        "[::1]",
    ),
    *("evil.example", "api.tastyworks.com.evil.example", "evil.example/api.tastyworks.com", "10.0.0.1"),
    *("api.tastyworks.com@evil.example", "evil.example#api.tastyworks.com", "API.TASTYWORKS.COM", "0.0.0.0"),
    *(
        "api.tastyworks.com.",
        "xn--api.tastyworks.com",
        "127.0.0.1.evil.example",
        "api.tastyworks.com%2eevil.example",
    ),
)


def with_canaries(environment: Environment, address: str) -> Settings:
    """Settings with credentials that must not get around."""
    secrets = Secret("canary-secret"), Secret("canary-refresh")
    return Settings(
        environment=environment, api_url=address, client_secret=secrets[0], refresh_token=secrets[1]
    )


@pytest.mark.promise("R28")
def test_credentials_have_few_addresses(record_property: Callable[[str, object], None]) -> None:
    """Of each environment its own, over https; plain http goes to this machine, where there is no secret."""
    tried = accepted = 0
    said: list[str] = []
    endings = ("", "/", ":443", ":8080", "/x", "?x=1", "#x", " ")
    for environment, scheme, host, ending in product(
        Environment, ("https://", "http://", "HTTPS://", "ws://", "//", ""), HOSTS, endings
    ):
        address = f"{scheme}{host}{ending}"
        tried += 1
        try:
            client = TTClient(with_canaries(environment, address))
        except ConfigError as error:
            said.append(str(error))
            continue
        accepted += 1
        base = client.accounts._requester._transport._base_url
        if environment in LOCAL:
            assert URL(base).host in {"127.0.0.1", "localhost", "::1"}, address
        else:
            assert base in SERVICE[environment], address
    assert 0 < accepted < tried / 20
    assert "canary" not in "".join(said)
    record_property(
        "promise", f"R28: {tried:,} environments and addresses, {accepted} accepted, 0 of them another's"
    )


@pytest.mark.promise("R28")
@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is nothing to make a certificate with")
async def test_a_certificate_that_nobody_vouches_for_is_sent_nothing(tmp_path: Path) -> None:
    """Verification is always on: there is no setting that says otherwise."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    options = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", "req", "-x509", *options, *names], check=True, capture_output=True)  # noqa: S607, ASYNC221
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    received: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.read(1))
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    settings = Settings(api_url=f"https://127.0.0.1:{port}")
    async with server, TTClient(settings, policies=ONCE) as client:
        with pytest.raises(TransportError, match=r"cannot be reached.*certificate verify failed"):
            await client.accounts.list()
    assert b"".join(received) == b""
    assert not {"verify", "ssl", "insecure"} & {*inspect.signature(TTClient).parameters, *Settings.__slots__}


@pytest.mark.promise("R28")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nothing_follows_a_redirect_to_another_host(status: int) -> None:
    """Neither a token nor the credentials that it is got with."""
    arrived: list[str] = []
    leads_away = {"/oauth/token"}

    async def other(request: web.Request) -> web.Response:
        arrived.append(request.path)
        return web.json_response({"access_token": "x", "expires_in": 900})

    async with AsyncExitStack() as opened:
        elsewhere = (await opened.enter_async_context(serving(other))).replace("127.0.0.1", "localhost")

        async def here(request: web.Request) -> web.Response:
            if request.path in leads_away:
                return web.Response(status=status, headers={"Location": f"{elsewhere}{request.path[1:]}"})
            return web.json_response({"access_token": "canary", "expires_in": 900})

        url = await opened.enter_async_context(serving(here))
        client = await opened.enter_async_context(TTClient(Settings(api_url=url.rstrip("/")), policies=ONCE))
        with pytest.raises(RejectedError, match=f"status {status}"):
            await client.accounts.list()
        leads_away.clear()
        leads_away.add("/customers/me/accounts")
        with pytest.raises(RejectedError, match=f"status {status}"):
            await client.accounts.list()
    assert arrived == []


@pytest.mark.promise("R28")
async def test_a_sandbox_never_sees_real_credentials_nor_a_service_those_of_the_sandbox(
    record_property: Callable[[str, object], None],
) -> None:
    """All bytes that arrive are looked through; the other way the client does not even begin."""
    received = bytearray()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while some := await reader.read(65_536):
                received.extend(some)
                body = b'{"access_token": "sandbox-token", "expires_in": 900, "data": {"items": []}}'
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        finally:
            writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        for environment in LOCAL:
            async with TTClient(with_canaries(environment, address), policies=ONCE) as client:
                assert await client.accounts.list() == ()
    assert received.count(b"sandbox-secret") == received.count(b"sandbox-refresh") == len(LOCAL)
    assert b"canary" not in received
    for environment in (PRODUCTION, CERTIFICATION):
        own = Settings(
            environment=environment,
            client_secret=Secret("sandbox-secret"),
            refresh_token=Secret("sandbox-refresh"),
        )
        with pytest.raises(ConfigError, match="those of the sandbox"):
            TTClient(own)
        with pytest.raises(AuthError, match="needs credentials"):
            TTClient(Settings(environment=environment))
    record_property("promise", f"R28: {len(received):,} bytes at a sandbox, 0 of them of real credentials")


@pytest.mark.promise("R28")
async def test_nothing_can_be_written_and_no_order_placed(
    record_property: Callable[[str, object], None],
) -> None:
    """Every endpoint is called: all of them read, and what writes is the login alone."""
    asked: set[tuple[str, str]] = set()
    async with (
        SandboxServer(World.seeded(clock=ManualClock(EVENING))) as sandbox,
        aiohttp.ClientSession() as session,
    ):
        service = DamagedService(sandbox.url, session)

        async def note(request: web.Request) -> web.Response:
            asked.add((request.method, request.path))
            return await service.answer(request)

        async with (
            serving(note) as url,
            TTClient(Settings(api_url=url.rstrip("/")), clock=ManualClock(EVENING), policies=ONCE) as client,
        ):
            calls = calls_of(client)
            for call in calls.values():
                await call()
    assert {each for each in asked if each[0] != "GET"} == {("POST", "/oauth/token")}
    public = {
        name for name, _ in inspect.getmembers(Requester, inspect.isfunction) if not name.startswith("_")
    }
    assert public == {"get"}, "all that an endpoint can do"
    words = (
        "place",
        "cancel",
        "replace",
        "submit",
        "create",
        "delete",
        "update",
        "edit",
        "dry",
        "post",
        "put",
    )
    assert [name for name in calls if name.split(".")[1].startswith(words)] == []
    record_property("promise", f"R28: {len(calls)} endpoints send GET alone, to {len(asked) - 1} addresses")


def test_what_is_raised_about_an_address_is_ours() -> None:
    """Whatever stands there."""
    for address in ("http://[", "http://127.0.0.1:port", "\x00", "http://\ud800", "https://" + "x" * 5000):
        for environment in Environment:
            with pytest.raises(TTError):
                TTClient(with_canaries(environment, address))
