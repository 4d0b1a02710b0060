# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The refresh grant: what counts as a refusal of the credentials, and what as a token."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import attrs
import orjson
import pytest
from aiohttp import web

from test_ttapi_client.conftest import AT_ONCE
from test_ttapi_client.local_service import serving, transport_to
from ttapi_client.auth import AccessToken, RefreshGrant, Refusal
from ttapi_client.resilience.chain import Chain
from ttapi_client.statistics import ClientStatistics
from ttapi_core.clock import ManualClock
from ttapi_core.errors import HttpError
from ttapi_core.settings import Secret

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CREDENTIALS = (Secret("canary-client-secret"), Secret("canary-refresh-token"))
PAGE = "<html><body><h1>400 Bad Request</h1></body></html>"


@attrs.define
class Service:
    """Answers every request with the same."""

    clock: ManualClock = attrs.field(factory=ManualClock)
    status: int = 200
    body: str = '{"access_token": "eyJ.a.b", "token_type": "Bearer", "expires_in": 900}'
    takes_seconds: float = 0.0
    asked: list[object] = attrs.field(factory=list[object])

    async def handle(self, request: web.Request) -> web.Response:
        """The answer, after its time."""
        self.asked.append(orjson.loads(await request.read()))
        self.clock.advance(self.takes_seconds)
        return web.Response(status=self.status, text=self.body)


@pytest.fixture
def service() -> Service:
    """It gives a token."""
    return Service()


@pytest.fixture
async def grant(service: Service) -> AsyncIterator[RefreshGrant]:
    """What is tested, over a real socket."""
    statistics = ClientStatistics()
    async with serving(service.handle) as url, transport_to(url) as transport:
        chain = Chain(AT_ONCE, clock=service.clock, statistics=statistics)
        yield RefreshGrant(transport, chain, CREDENTIALS, statistics=statistics, clock=service.clock)


async def test_the_grant_sends_what_the_service_wants_to_know(grant: RefreshGrant, service: Service) -> None:
    """The three fields of the refresh grant, and gets a token."""
    assert await grant.renew() == AccessToken(token=Secret("eyJ.a.b"), lifetime_seconds=900.0, asked_at=0.0)
    assert service.asked == [
        {
            "grant_type": "refresh_token",
            "client_secret": "canary-client-secret",
            "refresh_token": "canary-refresh-token",
        }
    ]


async def test_the_life_of_a_token_counts_from_when_it_was_asked_for(
    grant: RefreshGrant, service: Service
) -> None:
    """An answer that took long is an old token."""
    service.clock.advance(1000)
    service.takes_seconds = 500
    found = await grant.renew()
    assert isinstance(found, AccessToken)
    assert (found.asked_at, found.renew_at) == (1000, 1840)


@pytest.mark.parametrize(
    ("said", "believed"), [("900", 900.0), ('"600"', 600.0), ("1e12", 86_400.0), ("0", 0.0), ("null", 900.0)]
)
async def test_a_lifetime_is_believed_up_to_a_day(
    grant: RefreshGrant, service: Service, said: str, believed: float
) -> None:
    """None is the usual one."""
    service.body = f'{{"access_token": "eyJ.a.b", "expires_in": {said}}}'
    found = await grant.renew()
    assert isinstance(found, AccessToken)
    assert found.lifetime_seconds == believed


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize(
    "body",
    [
        '{"error_code": "invalid_grant", "error_description": "Invalid JWT"}',
        '{"error": "invalid_client", "error_description": "no"}',
        '{"error": {"code": "invalid_credentials", "message": "no"}}',
    ],
)
async def test_a_no_in_the_words_of_the_service_is_final(
    grant: RefreshGrant, service: Service, status: int, body: str
) -> None:
    """For this process; the hint names the settings."""
    service.status, service.body = status, body
    found = await grant.renew()
    assert isinstance(found, Refusal)
    assert found.until == float("inf")
    assert "the service refused the credentials" in found.message
    assert "TTAPI_REFRESH_TOKEN" in found.hint
    assert found.request_id is not None
    assert len(service.asked) == 1


@pytest.mark.parametrize("status", [400, 403])
@pytest.mark.parametrize("body", [PAGE, "", "{}", "[]", '{"message": "who knows"}'])
async def test_the_page_of_a_gateway_makes_for_a_pause(
    grant: RefreshGrant, service: Service, status: int, body: str
) -> None:
    """It is not known to be the service that speaks; nor is it asked with every call."""
    service.status, service.body = status, body
    service.clock.advance(1000)
    found = await grant.renew()
    assert isinstance(found, Refusal)
    assert found.until == 1060
    assert "gave no token" in found.message
    assert len(service.asked) == 1


@pytest.mark.parametrize(("status", "sends"), [(302, 1), (404, 1), (422, 1), (500, 3), (502, 3), (503, 3)])
async def test_other_trouble_says_nothing_about_the_credentials(
    grant: RefreshGrant, service: Service, status: int, sends: int
) -> None:
    """Even where it uses the words of a refusal."""
    service.status, service.body = status, '{"error_code": "invalid_grant"}'
    with pytest.raises(HttpError) as caught:
        await grant.renew()
    assert caught.value.status == status
    assert len(service.asked) == sends


async def test_each_exchange_has_an_id_of_its_own(grant: RefreshGrant, service: Service) -> None:
    """It serves all who wait for it."""
    service.status, service.body = 403, '{"error": "no"}'
    first, second = await asyncio.gather(grant.renew(), grant.renew())
    assert isinstance(first, Refusal)
    assert isinstance(second, Refusal)
    assert first.request_id != second.request_id
