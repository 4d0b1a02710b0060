# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The records of this package: the id of their request, and no field that is not listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from loguru import logger

from ttapi_client.logs import bound
from ttapi_core.context import bind_request_id
from ttapi_core.errors import RejectedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loguru import Message

    from test_ttapi_client.rest_answers import StandIn
    from ttapi_client import TTClient


@pytest.fixture
def extras() -> Iterator[list[dict[str, object]]]:
    """The fields of each record, of a program that configures no patcher."""
    found: list[dict[str, object]] = []

    def keep(message: Message) -> None:
        found.append(dict(message.record["extra"]))

    logger.enable("ttapi_client")
    sink = logger.add(keep, level=0)
    yield found
    logger.remove(sink)
    logger.disable("ttapi_client")


def test_a_field_that_is_not_listed_is_hidden(extras: list[dict[str, object]]) -> None:
    """A mistake in a call of the logger shows no token."""
    bound(route="/oauth/token", authorization="Bearer canary").info("request answered")
    assert extras == [{"route": "/oauth/token", "authorization": "***"}]


def test_a_record_within_a_call_has_its_id(extras: list[dict[str, object]]) -> None:
    """And one that says it itself keeps what it says."""
    with bind_request_id("r-mine"):
        bound(code="server").info("request retried")
        bound(request_id="r-other").info("request retried")
    assert extras == [{"code": "server", "request_id": "r-mine"}, {"request_id": "r-other"}]


async def test_an_answer_is_recorded_with_route_and_status(
    client: TTClient, stand_in: StandIn, extras: list[dict[str, object]]
) -> None:
    """The template, never the account number; that of a refusal, too."""
    stand_in.answer("/accounts/5WX00001/positions", {"error": {"code": "no"}}, status=422)
    with bind_request_id("r-mine"), pytest.raises(RejectedError):
        await client.accounts.positions("5WX00001")
    (answered,) = [each for each in extras if each.get("status") == 422]
    assert answered == {
        "method": "GET",
        "route": "/accounts/{account_number}/positions",
        "status": 422,
        "request_id": "r-mine.1",
        "seconds": 0.0,
    }
