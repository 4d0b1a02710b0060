# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The client's construction: which credentials go to which address, and to no other."""

from __future__ import annotations

from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web
from loguru import logger

from test_ttapi_client.conftest import AT_ONCE
from test_ttapi_client.local_service import serving
from test_ttapi_client.rest_answers import SETTINGS
from ttapi_client import TTClient
from ttapi_client.client import _address, _log_failure
from ttapi_client.side_by_side import side_by_side
from ttapi_core.errors import AuthError, ConfigError, ServerError
from ttapi_core.settings import Environment, Secret, Settings


def with_secrets(environment: Environment, api_url: str | None = None) -> Settings:
    """Settings with credentials that must not get around."""
    return Settings(
        environment=environment,
        api_url=api_url,
        client_secret=Secret("canary-secret"),
        refresh_token=Secret("canary-refresh"),
    )


@pytest.mark.parametrize("environment", [Environment.PRODUCTION, Environment.CERTIFICATION])
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080",
        "https://localhost",
        "http://api.tastyworks.com",
        "https://api.tastyworks.com.evil.example",
        "https://api.tastyworks.com@evil.example",
        "https://api.tastyworks.com:444",
        "https://api.tastyworks.com/x",
        "https://evil.example",
        "",
    ],
)
def test_real_credentials_go_to_the_known_host_only(environment: Environment, url: str) -> None:
    """Over TLS, at its usual port."""
    with pytest.raises(ConfigError, match="does not belong to environment"):
        TTClient(with_secrets(environment, url))


def test_the_hosts_of_two_environments_are_not_mixed_up() -> None:
    """Certification credentials are no good in production, and the reverse."""
    with pytest.raises(ConfigError):
        TTClient(with_secrets(Environment.CERTIFICATION, "https://api.tastyworks.com"))


@pytest.mark.parametrize("environment", [Environment.SANDBOX, Environment.REPLAY])
@pytest.mark.parametrize(
    "url",
    [
        "https://api.tastyworks.com",
        "http://127.0.0.1.evil.example",
        "http://0.0.0.0:80",
        "http://192.168.0.1",
        "ftp://127.0.0.1",
        "http://user:canary@127.0.0.1:80",
        "user:canary@127.0.0.1:80",
        "http://127.0.0.1:80/x",
        "http://127.0.0.1:80?x=",
        "http://127.0.0.1:80#x",
        "http://127.0.0.1:99999",
        "http://[::1",
        "127.0.0.1:80",
        "/",
        "",
    ],
)
def test_a_sandbox_is_on_this_machine(environment: Environment, url: str) -> None:
    """At scheme, host and port, with nothing else; a password in it is not shown."""
    with pytest.raises(ConfigError, match="does not belong to environment") as caught:
        TTClient(Settings(environment=environment, api_url=url))
    assert "canary" not in str(caught.value)
    assert caught.value.hint is not None


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8123", "http://localhost:8123/", "http://[::1]:8123", "https://127.0.0.9"]
)
def test_any_loopback_address_is_this_machine(url: str) -> None:
    """Also the newer and the named one."""
    assert _address(Settings(api_url=url)) == url


def test_an_environment_of_the_service_knows_its_address() -> None:
    """With or without it being said."""
    assert _address(SETTINGS) == "https://api.tastyworks.com"
    said = with_secrets(Environment.CERTIFICATION, "https://api.cert.tastyworks.com/")
    assert _address(said) == "https://api.cert.tastyworks.com"


def test_a_sandbox_without_an_address_is_a_wrong_setting() -> None:
    """There is no usual one."""
    with pytest.raises(ConfigError, match="needs api_url"):
        TTClient(Settings())


@pytest.mark.parametrize(
    "settings",
    [
        replace(with_secrets(Environment.PRODUCTION), client_secret=None),
        replace(with_secrets(Environment.CERTIFICATION), refresh_token=None),
    ],
    ids=["no secret", "no refresh token"],
)
def test_an_environment_of_the_service_needs_credentials(settings: Settings) -> None:
    """Both of them."""
    with pytest.raises(AuthError, match="needs credentials"):
        TTClient(settings)


async def test_a_sandbox_is_never_sent_real_credentials() -> None:
    """Whatever the settings hold."""
    bodies: list[str] = []

    async def record(request: web.Request) -> web.Response:
        bodies.append(await request.text())
        return web.Response(status=400)

    async with (
        serving(record) as url,
        TTClient(with_secrets(Environment.SANDBOX, url.rstrip("/")), policies=AT_ONCE) as client,
    ):
        with pytest.raises(AuthError):
            await client.accounts.list()
    assert len(bodies) == 1
    assert "sandbox-secret" in bodies[0]
    assert "canary" not in bodies[0]


async def test_a_client_that_is_not_open_says_so() -> None:
    """A mistake of the program, not trouble outside."""
    client = TTClient(SETTINGS)
    with pytest.raises(RuntimeError, match="async with TTClient"):
        await client.accounts.list()


async def test_a_client_closes_its_session() -> None:
    """No connection is left."""
    async with TTClient(SETTINGS) as client:
        session = client._http()
        assert isinstance(session, aiohttp.ClientSession)
    assert session.closed


def test_a_task_that_fails_leaves_a_record() -> None:
    """With its name and the kind of error, not its text."""
    lines: list[str] = []
    logger.enable("ttapi_client")
    sink = logger.add(lines.append, format="{message} {extra}")
    _log_failure("token renewal", ServerError("canary", status=500))
    logger.remove(sink)
    logger.disable("ttapi_client")
    assert lines == ["background task failed {'task': 'token renewal', 'error': 'ServerError'}\n"]


async def test_a_mistake_in_one_of_several_calls_is_not_hidden() -> None:
    """Beside an outside failure it leaves in its group, as a mistake does."""

    async def fail(error: Exception) -> None:
        raise error

    with pytest.raises(ServerError):
        await side_by_side([fail(ServerError("down", status=500)), fail(ServerError("down", status=502))])
    with pytest.raises(ExceptionGroup) as caught:
        await side_by_side([fail(ValueError("ours")), fail(ServerError("down", status=500))])
    assert caught.group_contains(ValueError)


def test_the_credentials_of_the_sandbox_are_none_for_the_service() -> None:
    """They would be one of the few failed logins that it allows."""
    settings = Settings(
        environment=Environment.PRODUCTION,
        client_secret=Secret("sandbox-secret"),
        refresh_token=Secret("sandbox-refresh"),
    )
    with pytest.raises(ConfigError, match="those of the sandbox, not of environment production"):
        TTClient(settings)
