# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Instants as people write them to a market in New York."""

from __future__ import annotations

import pytest

from ttapi_client.sandbox.market_instant import parse_market_instant, parse_start


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-20", "2026-11-20T23:00:00+00:00"),
        ("2026-07-01", "2026-07-01T22:00:00+00:00"),  # summer time
        ("20261120", "2026-11-20T23:00:00+00:00"),
        ("2026-11-20T10:30", "2026-11-20T15:30:00+00:00"),
        ("2026-11-20 10:30:15", "2026-11-20T15:30:15+00:00"),
        ("2026-11-20T10:30Z", "2026-11-20T10:30:00+00:00"),
        ("2026-11-20T10:30+02:00", "2026-11-20T08:30:00+00:00"),
        ("2026-11-01T01:30", "2026-11-01T05:30:00+00:00"),  # the first of two such hours
    ],
)
def test_new_york_unless_it_says_otherwise(text: str, instant: str) -> None:
    """And a date alone is its evening."""
    assert parse_market_instant(text).isoformat() == instant
    assert parse_start(text).isoformat() == instant


@pytest.mark.parametrize(
    "text", ["", "now", "2026-13-01", "2026-11-20T25:00", "10:30", "0001-01-01T00:00+14:00", "7"]
)
def test_what_is_no_instant_is_named(text: str) -> None:
    """With an example of one."""
    with pytest.raises(ValueError, match=f"'{text}' is neither".replace("+", r"\+")):
        parse_market_instant(text)


@pytest.mark.parametrize("text", ["2007-12-31", "2008-01-01T23:59", "2036-01-01T00:00", "9999-12-31T00:00"])
def test_a_market_begins_within_the_simulated_time(text: str) -> None:
    """In New York's days."""
    with pytest.raises(ValueError, match="outside the simulated time, 2008-01-02 to 2035-12-31"):
        parse_start(text)
