# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The market's clock by request: read, stepped, sped up, stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from test_ttapi_client.sandbox.wire import Answer, RestClient
    from ttapi_core.clock import ManualClock


async def move(rest: RestClient, **wishes: object) -> Answer:
    """One POST."""
    return await rest.call("POST", "/__admin/clock", json=wishes)


async def read(rest: RestClient) -> Any:
    """What the clock says."""
    return (await rest.call("GET", "/__admin/clock")).json


async def test_it_says_what_time_it_is_in_the_market(rest: RestClient) -> None:
    """Friday evening, an hour after the close."""
    assert await read(rest) == {"now": "2026-11-20T23:00:00.000+00:00", "speed": 1.0, "is_open": False}


async def test_a_step_moves_everything_that_asks_for_the_time(rest: RestClient) -> None:
    """The answer says where the market is now, and its routes agree."""
    answer = await move(rest, step_seconds=3600)
    assert (answer.status, answer.json["now"]) == (200, "2026-11-21T00:00:00.000+00:00")
    await move(rest, step_to="2026-11-24T00:00Z")
    assert (await rest.get("/market-data/Equity/AAPL")).data["summary-date"] == "2026-11-23"


@pytest.mark.parametrize(
    ("target", "now", "is_open"),
    [
        ("2026-11-23T09:29:59", "2026-11-23T14:29:59.000+00:00", False),
        ("2026-11-23T09:30", "2026-11-23T14:30:00.000+00:00", True),
        ("2026-11-23T15:59:59-05:00", "2026-11-23T20:59:59.000+00:00", True),
        ("2026-11-23T21:00Z", "2026-11-23T21:00:00.000+00:00", False),
        ("2026-11-26T12:00", "2026-11-26T17:00:00.000+00:00", False),  # Thanksgiving
        ("2026-11-27T12:59", "2026-11-27T17:59:00.000+00:00", True),
        ("2026-11-27T13:00", "2026-11-27T18:00:00.000+00:00", False),  # a half day
        ("2026-11-28", "2026-11-28T23:00:00.000+00:00", False),
        ("2027-07-01T10:00", "2027-07-01T14:00:00.000+00:00", True),  # summer time
    ],
)
async def test_it_steps_to_an_instant_in_new_york(
    rest: RestClient, target: str, now: str, is_open: bool
) -> None:
    """Or with an offset of its own; a date alone is its evening."""
    answer = await move(rest, step_to=target)
    assert answer.json == {"now": now, "speed": 1.0, "is_open": is_open}


async def test_it_goes_faster_and_stands_still(rest: RestClient, market_clock: ManualClock) -> None:
    """By the clock underneath."""
    await move(rest, speed=60)
    market_clock.advance(10)
    assert (await read(rest))["now"] == "2026-11-20T23:10:00.000+00:00"
    assert (await move(rest, speed=0)).json["speed"] == 0
    market_clock.advance(1000)
    assert (await read(rest))["now"] == "2026-11-20T23:10:00.000+00:00"


async def test_speed_and_step_go_together(rest: RestClient) -> None:
    """As a test that jumps to the opening and then goes on in slow motion."""
    answer = await move(rest, speed=0.5, step_to="2026-11-23T09:30")
    assert answer.json == {"now": "2026-11-23T14:30:00.000+00:00", "speed": 0.5, "is_open": True}


@pytest.mark.parametrize(
    "wishes",
    [
        {},
        {"speed": -1},
        {"speed": 1e9},
        {"speed": "fast"},
        {"speed": True},
        {"speed": None},
        {"step_seconds": -1},
        {"step_seconds": 1e12},
        {"step_seconds": "long"},
        {"step_to": "2026-11-19"},
        {"step_to": "2026-11-20T17:59:59"},
        {"step_to": "tomorrow"},
        {"step_to": 7},
        {"step_to": "9999-12-31T23:59"},
        {"step_to": "2030-01-01T00:00"},
        {"step_to": "2026-11-23T10:00", "step_seconds": 1},
        {"speed": 2, "step_seconds": -1},
        {"speed": 2, "step": 1},
        [],
        "now",
    ],
)
async def test_what_cannot_be_changes_nothing(rest: RestClient, wishes: object) -> None:
    """422 that says why, and the clock goes on as before."""
    answer = await rest.call("POST", "/__admin/clock", json=wishes)
    assert answer.status == 422
    (trouble,) = answer.error["errors"]
    assert trouble["domain"] == "clock"
    assert trouble["reason"]
    assert await read(rest) == {"now": "2026-11-20T23:00:00.000+00:00", "speed": 1.0, "is_open": False}


async def test_a_wish_that_is_no_json_is_refused(rest: RestClient) -> None:
    """400."""
    assert (await rest.call("POST", "/__admin/clock", data=b"{")).status == 400
