# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of single freshness decisions and of their words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ttapi_platform.datasets import Dataset, DatasetRegistry
from ttapi_platform.freshness import (
    Expired,
    Fresh,
    InputChanged,
    Missing,
    MissingItem,
    ParameterChanged,
    Stale,
    Stored,
    decide,
    decide_all,
    format_span,
)

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


def test_an_input_that_was_none_and_is_none_counts_as_changed() -> None:
    """Rows that were built from nothing are not fresh because there is still nothing."""
    found = Stored(collected_at=NOW, rows=7, fingerprint="q1", inputs={}, parameters={"source": "sandbox"})
    assert decide(QUOTES, found, inputs={}, now=NOW) == Stale((InputChanged("symbols"),))


def test_all_causes_are_given_by_age_then_inputs_then_parameters() -> None:
    """Inputs in the dataset's order, parameters in that of their names."""
    dataset = Dataset(name="d", ttl=TTL, depends_on=("b", "a"), parameters={"y": "1", "x": "1", "same": "1"})
    found = Stored(
        collected_at=NOW - 2 * TTL,
        rows=7,
        fingerprint="f",
        inputs={"a": "1", "b": "1"},
        parameters={"z": "2", "y": "2", "same": "1"},
    )
    assert decide(dataset, found, inputs={"a": "2", "b": "2"}, now=NOW) == Stale(
        (
            Expired(2 * TTL, TTL),
            InputChanged("b"),
            InputChanged("a"),
            ParameterChanged("x", None, "1"),
            ParameterChanged("y", "2", "1"),
            ParameterChanged("z", "2", None),
        )
    )


def test_a_fresh_dataset_tells_its_age_and_how_long_it_may_get() -> None:
    """A file from the future has the age of one that was collected just now."""
    for age, told in ((timedelta(minutes=7), timedelta(minutes=7)), (-TTL, timedelta(0))):
        assert decide(QUOTES, stored(age=age), inputs={"symbols": "s1"}, now=NOW) == Fresh(told, TTL)


def test_a_missing_item_is_written_as_plain_values_and_read_back() -> None:
    """As the footers of earlier releases have it."""
    item = MissingItem(code="server", message="down", hint="wait", last_collected_at=NOW)
    record = {
        "code": "server",
        "message": "down",
        "hint": "wait",
        "last_collected_at": "2026-07-01T12:00:00+00:00",
    }
    assert item.record == record
    assert MissingItem.from_record(record) == item


def test_a_missing_item_without_rows_or_hint_is_read_back_as_that() -> None:
    """Also one of a release that did not write them."""
    item = MissingItem(code="", message="", hint=None, last_collected_at=None)
    assert item.record == {"code": "", "message": "", "hint": None, "last_collected_at": None}
    assert MissingItem.from_record(item.record) == item
    assert MissingItem.from_record({}) == item


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=0.9), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(seconds=61), "1 min 1 s"),
        (timedelta(minutes=59, seconds=59), "59 min 59 s"),
        (timedelta(hours=1, minutes=2, seconds=3), "1 h 2 min"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(days=1), "1 d"),
        (timedelta(days=400, hours=5, minutes=6), "400 d 5 h"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(span: timedelta, words: str) -> None:
    """Those that are zero are left out."""
    assert format_span(span) == words


def test_decide_all_compares_with_what_is_stored_now() -> None:
    """A dependant is stale when the stored input is another than the one it was built from."""
    registry = DatasetRegistry([Dataset(name="symbols", ttl=TTL), QUOTES])
    symbols = Stored(collected_at=NOW, rows=1, fingerprint="s2", inputs={}, parameters={})
    verdicts = decide_all(registry, {"symbols": symbols, "quotes": stored()}, NOW)
    assert isinstance(verdicts["symbols"], Fresh)
    assert isinstance(verdicts["quotes"], Stale)
    assert isinstance(decide_all(registry, {}, NOW)["symbols"], Missing)
