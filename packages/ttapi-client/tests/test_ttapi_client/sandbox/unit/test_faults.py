# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""When a scripted fault hits: counts, rates, schedules, and what one request can suffer at once."""

from __future__ import annotations

import orjson
import pytest

from ttapi_client.sandbox.fault_description import fault_json, parse_fault
from ttapi_client.sandbox.faults import (
    DAY_KINDS,
    FEED_KINDS,
    FEED_ROUTE,
    REST_KINDS,
    SOCKET_KINDS,
    STREAMER_KINDS,
    Fault,
    FaultKind,
    FaultScript,
)
from ttapi_core.clock import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    """The clock of schedules."""
    return ManualClock()


@pytest.fixture
def script(clock: ManualClock) -> FaultScript:
    """Nothing scripted yet."""
    return FaultScript(clock)


def hits(script: FaultScript, requests: int, route: str = "/x") -> list[int]:
    """How many faults hit each of so many requests."""
    return [len(script.strike(route, (), REST_KINDS)) for _ in range(requests)]


def status(**conditions: object) -> Fault:
    """A status on /x, read as a request to the administration is."""
    return parse_fault({"route": "/x", "kind": "status", **conditions})


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, [1, 1, 1, 1, 1, 1, 1, 1]),
        ({"times": 2}, [1, 1, 0, 0, 0, 0, 0, 0]),
        ({"skip": 3}, [0, 0, 0, 1, 1, 1, 1, 1]),
        ({"every": 3}, [0, 0, 1, 0, 0, 1, 0, 0]),
        ({"skip": 1, "every": 2, "times": 2}, [0, 0, 1, 0, 1, 0, 0, 0]),
        ({"rate": 0}, [0, 0, 0, 0, 0, 0, 0, 0]),
        ({"rate": 1, "skip": 6, "times": 1}, [0, 0, 0, 0, 0, 0, 1, 0]),
    ],
)
def test_conditions_combine(script: FaultScript, conditions: dict[str, object], expected: list[int]) -> None:
    """First some pass, then each n-th is hit, and only hits are counted."""
    script.add(status(**conditions))
    assert hits(script, 8) == expected
    assert script.applied == sum(expected)


def test_a_rate_hits_about_that_share_and_the_same_requests_in_every_run(clock: ManualClock) -> None:
    """Drawn by the number of the request, not by chance."""
    runs = []
    for _ in range(2):
        script = FaultScript(clock)
        script.add(status(rate=0.3))
        runs.append(hits(script, 1000))
    assert runs[0] == runs[1]
    assert 250 <= sum(runs[0]) <= 350


def test_two_faults_of_one_rate_do_not_hit_the_same_requests(script: FaultScript) -> None:
    """Each draws for itself, so their hits coincide as seldom as chance has it."""
    for _ in range(2):
        script.add(parse_fault({"route": "/x", "kind": "delay", "rate": 0.3}))
    counts = hits(script, 1000)
    assert 60 <= counts.count(2) <= 120


def test_a_rate_counts_its_times_by_hits(script: FaultScript) -> None:
    """However long that takes."""
    script.add(status(rate=0.1, times=3))
    assert sum(hits(script, 1000)) == 3
    assert script.is_empty


def test_a_schedule_follows_the_clock_of_the_server(script: FaultScript, clock: ManualClock) -> None:
    """Nothing before, something during, nothing and no trace afterwards."""
    script.add(status(after_seconds=10, for_seconds=5))
    seen = []
    for _ in range(4):
        seen.append((hits(script, 1), len(script.faults)))
        clock.advance(5)
    assert seen == [([0], 1), ([0], 1), ([1], 1), ([0], 0)]


def test_requests_outside_a_schedule_are_not_counted(script: FaultScript, clock: ManualClock) -> None:
    """What it skips, it skips from its beginning on."""
    script.add(status(after_seconds=1, skip=2))
    assert hits(script, 5) == [0] * 5
    clock.advance(1)
    assert hits(script, 4) == [0, 0, 1, 1]


def test_requests_to_other_routes_are_not_counted(script: FaultScript) -> None:
    """Neither as seen nor as hit."""
    script.add(status(every=2))
    assert hits(script, 3, "/y") == [0, 0, 0]
    assert hits(script, 2) == [0, 1]


def test_a_schedule_begins_when_the_fault_is_added(script: FaultScript, clock: ManualClock) -> None:
    """Not when the server started."""
    clock.advance(100)
    script.add(status(for_seconds=1))
    assert hits(script, 1) == [1]
    clock.advance(1)
    assert hits(script, 1) == [0]


def test_only_what_really_struck_is_used_up(script: FaultScript) -> None:
    """Of two statuses the first decides; the second waits for its own request."""
    script.add(status(status=500, times=1))
    script.add(status(status=429, times=1))
    struck = [[fault.status for fault in script.strike("/x", (), REST_KINDS)] for _ in range(3)]
    assert struck == [[500], [429], []]


def test_a_delay_goes_together_with_what_decides(script: FaultScript) -> None:
    """A late 503, in whichever order they were added."""
    script.add(status(times=1))
    script.add(parse_fault({"route": "*", "kind": "delay", "delay_seconds": 2, "times": 1}))
    assert {fault.kind for fault in script.strike("/x", (), REST_KINDS)} == {
        FaultKind.STATUS,
        FaultKind.DELAY,
    }
    assert script.is_empty


def test_what_is_listed_can_be_scripted_again(script: FaultScript) -> None:
    """All that was given, and how often it struck."""
    given = {
        "route": FEED_ROUTE,
        "kind": "row_cap",
        "times": 9,
        "symbols": ["AAPL", "SPY"],
        "share": 0.5,
        "skip": 1,
        "every": 2,
        "rate": 0.25,
        "after_seconds": 3.0,
        "for_seconds": 4.0,
        "rows": 100,
    }
    script.add(parse_fault(given))
    (listed,) = [fault_json(fault) for fault in script.faults]
    assert given.items() <= listed.items()
    assert (listed.pop("number"), listed.pop("struck")) == (1, 0)
    assert fault_json(parse_fault(listed)) == {**listed, "number": 0, "struck": 0}


def test_hits_are_counted_for_each_fault(script: FaultScript) -> None:
    """For whoever asks what his script has done."""
    script.add(status(every=2))
    hits(script, 5)
    assert [fault_json(fault)["struck"] for fault in script.faults] == [2]


def test_every_kind_can_be_scripted_somewhere() -> None:
    """And each route refuses what cannot happen to it."""
    kinds = {"/x": REST_KINDS, **SOCKET_KINDS}
    assert frozenset[FaultKind]().union(*kinds.values()) == set(FaultKind)
    for route, possible in kinds.items():
        for kind in FaultKind:
            days = {"days": ["2026-11-18"]} if kind in DAY_KINDS else {}
            if kind in possible:
                assert parse_fault({"route": route, "kind": kind.value, **days}).kind is kind
            else:
                with pytest.raises(ValueError, match=f"kind is '{kind}'"):
                    parse_fault({"route": route, "kind": kind.value, **days})


@pytest.mark.parametrize("kind", ["correct_candle", "hole"])
@pytest.mark.parametrize("days", [{}, {"days": []}, {"days": "2026-11-18"}, {"days": ["today"]}])
def test_a_fault_about_days_must_name_them(kind: str, days: dict[str, object]) -> None:
    """Else it would strike and change nothing."""
    with pytest.raises(ValueError, match="days is "):
        parse_fault({"route": "dxlink", "kind": kind, **days})


def test_a_fault_about_days_is_listed_with_them() -> None:
    """As it was given, in order, with the usual factor."""
    days = ["2026-11-18", "2026-11-19"]
    listed = fault_json(parse_fault({"route": "dxlink", "kind": "hole", "days": days[::-1]}))
    assert orjson.loads(orjson.dumps(listed))["days"] == days
    assert listed["factor"] == 1.01


def test_a_status_never_meets_an_open_websocket() -> None:
    """It belongs to the request that asks for one."""
    assert FaultKind.STATUS not in FEED_KINDS | STREAMER_KINDS
    assert FaultKind.STATUS in SOCKET_KINDS["account-streamer"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("skip", -1),
        ("skip", 1.5),
        ("every", 0),
        ("every", True),
        ("rate", 1.01),
        ("rate", -0.1),
        ("rate", "often"),
        ("after_seconds", -1),
        ("for_seconds", []),
        ("for_seconds", 1e12),
        ("rows", 0),
        ("factor", -1),
        ("days", 5),
        ("close_code", 999),
        ("after_frames", -1),
        ("number", 7),
        ("struck", 7),
        ("_seen", 7),
    ],
)
def test_a_condition_that_cannot_be_is_named(key: str, value: object) -> None:
    """With its value."""
    with pytest.raises(ValueError, match=key):
        parse_fault({"route": "*", "kind": "delay", key: value})
