# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A client whose service is a stand-in, and a client on a sandbox."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientResponse

from test_ttapi_client.rest_answers import SETTINGS, RawResponses, StandIn
from ttapi_client import Policies, TTClient
from ttapi_client.policies import RateLimitPolicy, RetryPolicy
from ttapi_core.clock import ManualClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

NOW = datetime(2026, 8, 24, 18, 0, tzinfo=UTC)
# Retries wait for nothing, so that no test does.
AT_ONCE = Policies(retry=RetryPolicy(first_wait_seconds=0.0), rate_limit=RateLimitPolicy(starts=100_000))


class _Response(ClientResponse):
    """
    An answer for aioresponses 0.7.9, which does not know that aiohttp 3.14 asks for a stream writer.

    To be dropped, with the fixture below, when a newer aioresponses does.
    """

    def __init__(self, *positional: Any, **named: Any) -> None:
        named["stream_writer"] = SimpleNamespace(output_size=0)
        super().__init__(*positional, **named)


@pytest.fixture
def mocked(monkeypatch: pytest.MonkeyPatch) -> Iterator[RawResponses]:
    """aioresponses, mended for the aiohttp that is installed."""
    if "stream_writer" in inspect.signature(ClientResponse.__init__).parameters:
        monkeypatch.setattr("aioresponses.core.ClientResponse", _Response)
    running = RawResponses()
    with running:
        yield running


@pytest.fixture
def stand_in(mocked: RawResponses) -> StandIn:
    """The service, which gives out a token and what else a test tells it."""
    return StandIn(mocked)


@pytest.fixture
def steady_clock() -> ManualClock:
    """The client's clock, standing still."""
    return ManualClock(NOW)


@pytest.fixture
async def client(stand_in: StandIn, steady_clock: ManualClock) -> AsyncIterator[TTClient]:
    """A client of the stand-in, with production credentials that are canaries."""
    async with TTClient(SETTINGS, clock=steady_clock, policies=AT_ONCE) as opened:
        yield opened
