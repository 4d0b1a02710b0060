# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of single freshness decisions and of their words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ttapi_platform.datasets import Dataset, DatasetRegistry
from ttapi_platform.freshness import Fresh, Missing, Stale, Stored, decide, decide_all

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
TTL = timedelta(hours=1)
QUOTES = Dataset(name="quotes", ttl=TTL, depends_on=("symbols",), parameters={"source": "sandbox"})


def stored(
    *, age: timedelta = timedelta(0), symbols: str = "s1", parameters: dict[str, str] | None = None
) -> Stored:
    """Quotes as they lie in the lake."""
    return Stored(
        collected_at=NOW - age,
        rows=7,
        fingerprint="q1",
        inputs={"symbols": symbols},
        parameters={"source": "sandbox"} if parameters is None else parameters,
    )


@pytest.mark.parametrize(
    ("age", "fresh"),
    [
        (timedelta(0), True),
        (TTL - timedelta(seconds=1), True),
        (TTL, False),
        (TTL + timedelta(days=400), False),
        (-timedelta(days=1), True),
    ],
)
def test_the_edge_of_the_time_to_live_is_exact(age: timedelta, fresh: bool) -> None:
    """Fresh until the time to live has passed; a file from the future counts as new."""
    verdict = decide(QUOTES, stored(age=age), inputs={"symbols": "s1"}, now=NOW)
    assert isinstance(verdict, Fresh) is fresh


@pytest.mark.parametrize(
    ("found", "inputs", "words"),
    [
        (stored(age=timedelta(minutes=61)), {"symbols": "s1"}, "stale: 1 h 1 min old, fresh for 1 h"),
        (stored(), {"symbols": "s2"}, "stale: symbols changed"),
        (stored(), {}, "stale: symbols changed"),
        (stored(parameters={}), {"symbols": "s1"}, "stale: source was None, now sandbox"),
        (
            stored(parameters={"source": "sandbox", "years": "9"}),
            {"symbols": "s1"},
            "stale: years was 9, now None",
        ),
        (stored(age=TTL), {"symbols": "s2"}, "stale: 1 h old, fresh for 1 h; symbols changed"),
        (Missing(), {"symbols": "s1"}, "missing: not collected yet"),
        (Missing("torn"), {"symbols": "s1"}, "missing: torn"),
        (stored(age=timedelta(seconds=62)), {"symbols": "s1"}, "fresh: 1 min 2 s old, fresh for 1 h"),
    ],
)
def test_each_verdict_gives_its_reason(found: Stored | Missing, inputs: dict[str, str], words: str) -> None:
    """Every cause is named, in words."""
    assert str(decide(QUOTES, found, inputs=inputs, now=NOW)) == words


def test_decide_all_compares_with_what_is_stored_now() -> None:
    """A dependant is stale when the stored input is another than the one it was built from."""
    registry = DatasetRegistry([Dataset(name="symbols", ttl=TTL), QUOTES])
    symbols = Stored(collected_at=NOW, rows=1, fingerprint="s2", inputs={}, parameters={})
    verdicts = decide_all(registry, {"symbols": symbols, "quotes": stored()}, NOW)
    assert isinstance(verdicts["symbols"], Fresh)
    assert isinstance(verdicts["quotes"], Stale)
    assert isinstance(decide_all(registry, {}, NOW)["symbols"], Missing)
