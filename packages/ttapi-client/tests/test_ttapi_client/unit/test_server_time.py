# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Server time: read from answers, kept by monotonic time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ttapi_client.server_time import ServerTime, http_date
from ttapi_core.clock import ManualClock

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    """The clock of this machine, at noon."""
    return ManualClock(NOON)


def test_before_the_first_answer_it_is_this_machine_that_is_believed(clock: ManualClock) -> None:
    """And nothing is known of a skew."""
    server = ServerTime(clock)
    assert server.now() == NOON
    assert server.skew_seconds is None


def test_a_step_of_this_machine_moves_the_skew_and_not_the_service(clock: ManualClock) -> None:
    """By a day, either way."""
    server = ServerTime(clock)
    server.observe("Wed, 01 Jul 2026 11:59:00 GMT")
    clock.advance(30)
    for step in (86_400.0, -2 * 86_400.0):
        clock.step_wall(step)
        assert server.now() == NOON - timedelta(seconds=30)
    assert server.skew_seconds == -60.0 + 86_400.0


def test_the_last_answer_counts(clock: ManualClock) -> None:
    """One of the same second says nothing new: what has passed since is kept."""
    server = ServerTime(clock)
    server.observe("Wed, 01 Jul 2026 12:00:00 GMT")
    clock.advance(0.5)
    server.observe("Wed, 01 Jul 2026 12:00:00 GMT")
    assert server.now() == NOON + timedelta(seconds=0.5)
    server.observe("Wed, 01 Jul 2026 13:00:00 GMT")
    assert server.skew_seconds == 3599.5


@pytest.mark.parametrize(
    "text", [None, "", "soon", "Wed, 01 Jul 2026", "Wed, 99 Jul 2026 12:00:00 GMT", "1", ",", "9" * 5000]
)
def test_nonsense_changes_nothing(clock: ManualClock, text: str | None) -> None:
    """What was known before stays known."""
    server = ServerTime(clock)
    server.observe("Wed, 01 Jul 2026 12:00:30 GMT")
    server.observe(text)
    assert server.skew_seconds == 30.0
    assert http_date(text) is None


def test_a_date_is_one_in_utc() -> None:
    """With another zone, or with none that is known."""
    assert http_date("Wed, 01 Jul 2026 14:00:00 +0200") == NOON
    assert http_date("Wed, 01 Jul 2026 12:00:00 -0000") == NOON
