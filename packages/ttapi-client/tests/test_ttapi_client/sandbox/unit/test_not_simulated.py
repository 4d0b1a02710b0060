# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The published list of what is not simulated: every entry is true, and says why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ttapi_client.sandbox.rest.not_simulated import NOT_SIMULATED, Omission, omission_of

if TYPE_CHECKING:
    import aiohttp

    from test_ttapi_client.sandbox.wire import RestClient

# What stands for each name in a template; a slash is in those that may hold one.
NAMES = {
    "account": "SBX00001",
    "order": "1",
    "underlying": "BRK%2FB",
    "name": "tech%20%2F%20media",
    "alert": "7",
    "root": "ES",
    "symbol": ".%2FESU6%20EW4Q6%20260821C5750",
    "product": "ES",
    "backtest": "b-1",
}


@pytest.mark.parametrize("omission", NOT_SIMULATED, ids=lambda one: f"{one.method} {one.path}")
async def test_every_entry_of_the_list_is_not_found(rest: RestClient, omission: Omission) -> None:
    """404 in the envelope, with the reason of the list."""
    answer = await rest.call(omission.method, re.sub(r"{(\w+)}", lambda name: NAMES[name[1]], omission.path))
    assert answer.status == 404
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.error["code"] == "not_found"
    assert answer.error["message"].endswith(f"is not simulated: {omission.why}")


async def test_the_list_is_published(http: aiohttp.ClientSession) -> None:
    """For whoever asks, without a token."""
    async with http.get("/__admin/not-simulated") as answer:
        listed = (await answer.json())["not-simulated"]
    assert len(listed) == len(NOT_SIMULATED)
    assert {"method": "POST", "path": "/accounts/{account}/orders"}.items() <= listed[3].items()


async def test_no_entry_needs_a_token_less_than_others(http: aiohttp.ClientSession) -> None:
    """Nobody learns what exists without one."""
    async with http.post("/accounts/SBX00001/orders") as answer:
        assert answer.status == 401


def test_no_call_stands_on_the_list_twice() -> None:
    """One call, one reason."""
    assert len({(omission.method, omission.path) for omission in NOT_SIMULATED}) == len(NOT_SIMULATED)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/watchlists"),
        ("GET", "/accounts//orders"),
        ("POST", "/accounts/a/b/orders"),
        ("POST", "/accounts/SBX00001/ordersX"),
        ("GET", "/authXhtml"),
    ],
)
def test_what_is_not_meant_is_not_on_the_list(method: str, path: str) -> None:
    """A template matches whole paths, one segment for each name."""
    assert omission_of(method, path) is None
