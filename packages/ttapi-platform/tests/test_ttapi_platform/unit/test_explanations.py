# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the words that explain a verdict, and of the chains over random graphs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given

from test_ttapi_platform.property.test_freshness_model import NOW as MODEL_NOW, lakes
from ttapi_platform.datasets import Dataset, DatasetRegistry, Extract
from ttapi_platform.explanations import Explanation, explain
from ttapi_platform.freshness import InputChanged, Missing, MissingItem, Stale, Stored, decide_all

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
UNIVERSE = Extract(("symbol",), flag="in_universe")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SYMBOLS = Dataset(name="symbols", ttl=DAY, extract=UNIVERSE, parameters={"source": "s"})
DAYS = Dataset(name="trading_days", ttl=7 * DAY)
QUOTES = Dataset(name="quotes", ttl=timedelta(minutes=5), depends_on=("symbols",))
EOD_DATA = Dataset(name="eod_data", ttl=DAY, depends_on=("symbols", "trading_days"))
REGISTRY = DatasetRegistry([SYMBOLS, DAYS, QUOTES, EOD_DATA])


def stored(
    *,
    age: timedelta = timedelta(seconds=10),
    fingerprint: str = "f1",
    inputs: dict[str, str] | None = None,
    parameters: dict[str, str] | None = None,
    missing: dict[str, MissingItem] | None = None,
) -> Stored:
    """A dataset as it lies in the lake."""
    return Stored(
        collected_at=NOW - age,
        rows=7,
        fingerprint=fingerprint,
        inputs=inputs or {},
        parameters=parameters or {},
        missing=missing or {},
    )


def lost(age: timedelta | None) -> MissingItem:
    """An item that did not come, and the age of its rows."""
    at = None if age is None else NOW - age
    return MissingItem(code="server", message="x", hint=None, last_collected_at=at)


# Everything fresh; each test puts something else in its place.
WHOLE: dict[str, Stored | Missing] = {
    "symbols": stored(parameters={"source": "s"}),
    "trading_days": stored(age=DAY),
    "quotes": stored(age=timedelta(minutes=3), inputs={"symbols": "f1"}),
    "eod_data": stored(age=timedelta(minutes=237), inputs={"symbols": "f1", "trading_days": "f1"}),
}


def lines(dataset: str, **instead: Stored | Missing) -> list[str]:
    """What is said of one dataset of the whole lake with these in place of others."""
    found = WHOLE | instead
    verdicts = decide_all(REGISTRY, found, NOW)
    explained = {each.dataset: each for each in explain(REGISTRY, found, verdicts, NOW)}
    return list(explained[dataset].lines)


def test_what_is_fresh_says_for_how_long_and_from_what_it_was_built() -> None:
    """With nothing to do there is nothing more to say."""
    assert lines("symbols") == ["symbols: fresh for another 23 h 59 min, collected 10 s ago"]
    assert lines("eod_data") == [
        "eod_data: fresh for another 20 h 3 min, collected 3 h 57 min ago",
        "  built from symbols (unchanged) and trading_days (unchanged)",
    ]


def test_a_changed_upstream_is_explained_below_what_it_made_stale() -> None:
    """Of a dataset with an extract only the flagged rows count."""
    newer = stored(fingerprint="f2", parameters={"source": "s"})
    assert lines("quotes", symbols=newer) == [
        "quotes: stale, collected 3 min ago",
        (
            "  because symbols changed: it has other in_universe rows than those that quotes was built from"
            " 3 min ago"
        ),
        "    symbols: fresh for another 23 h 59 min, collected 10 s ago",
    ]


def test_an_upstream_that_has_expired_is_asked_first_and_may_change_nothing() -> None:
    """A fresh dataset stays as it is unless the calendar comes back with other rows."""
    assert lines("eod_data", trading_days=stored(age=8 * DAY)) == [
        "eod_data: fresh for another 20 h 3 min, collected 3 h 57 min ago",
        "  built from symbols (unchanged) and trading_days (unchanged)",
        (
            "  if collected now, trading_days (stale: 8 d old, fresh for 7 d) would be asked for first;"
            " eod_data follows only if that changes what it is built from"
        ),
    ]


def test_every_cause_has_its_line() -> None:
    """Age, a changed upstream with what is wrong with that one, and an unchanged one."""
    old = stored(age=26 * HOUR, inputs={"symbols": "f0", "trading_days": "f1"})
    other = stored(fingerprint="f2", parameters={"source": "t", "universe": "9"})
    assert lines("eod_data", eod_data=old, symbols=other, trading_days=stored(age=8 * DAY)) == [
        "eod_data: stale, collected 1 d 2 h ago",
        "  because it counts as fresh for 1 d",
        (
            "  because symbols changed: it has other in_universe rows than those that eod_data was built from"
            " 1 d 2 h ago"
        ),
        "    symbols: stale, collected 10 s ago",
        "      because source was t and is s now",
        "      because it was collected with universe 9, which is no longer set",
        "  built from trading_days (unchanged)",
        "  if collected now, trading_days (stale: 8 d old, fresh for 7 d) would be asked for first",
    ]


def test_a_setting_that_is_new_is_named() -> None:
    """It has no earlier value."""
    assert lines("symbols", symbols=stored())[1] == (
        "  because it was collected without source, which is s now"
    )


def test_an_upstream_that_is_not_there_is_the_reason() -> None:
    """With what is known of it."""
    assert lines("quotes", symbols=Missing("symbols.parquet is damaged")) == [
        "quotes: stale, collected 3 min ago",
        "  because symbols, which it is built from, is not there",
        "    symbols: missing: symbols.parquet is damaged",
    ]


def test_an_upstream_that_was_none_at_the_time_is_said_to_be_new() -> None:
    """As after an update that builds a dataset from one more."""
    assert (
        "it was built without symbols 3 min ago"
        in lines("quotes", quotes=stored(age=timedelta(minutes=3)))[1]
    )


def test_what_is_not_there_says_what_has_to_come_first() -> None:
    """In the order of the graph."""
    nothing = {name: Missing() for name in WHOLE}
    assert lines("eod_data", **nothing) == [
        "eod_data: missing: not collected yet",
        (
            "  if collected now, symbols (missing: not collected yet) and"
            " trading_days (missing: not collected yet) would be asked for first"
        ),
    ]
    assert lines("symbols", **nothing) == ["symbols: missing: not collected yet"]


def test_missing_items_are_counted_with_the_age_of_what_is_left_of_them() -> None:
    """The first five by name, the oldest rows, and how to ask again."""
    missing = {name: lost(2 * DAY if name == "B" else DAY) for name in "FEDCBA"}
    assert lines("trading_days", trading_days=stored(missing=missing))[1:] == [
        "  6 missing, rows from 2 d ago: A, B, C, D, E … (`ttapi retry` asks for them again)"
    ]
    assert lines("trading_days", trading_days=stored(missing={"A": lost(None)}))[1:] == [
        "  1 missing, without rows: A (`ttapi retry` asks for them again)"
    ]


def test_a_file_from_the_future_counts_as_collected_just_now() -> None:
    """As after a step of the clock."""
    assert lines("trading_days", trading_days=stored(age=-DAY)) == [
        "trading_days: fresh for another 7 d, collected 0 s ago"
    ]


def assert_chain_ends(
    explained: Explanation, by_name: dict[str, Explanation], graph: dict[str, set[str]]
) -> None:
    """Each reason stands for its cause; an upstream at fault is explained as it is at the top."""
    causes = explained.verdict.causes if isinstance(explained.verdict, Stale) else ()
    assert len(causes) == len(explained.reasons)
    for cause, reason in zip(causes, explained.reasons, strict=True):
        if not isinstance(cause, InputChanged):
            assert reason.upstream is None
            continue
        assert reason.upstream is not None
        assert reason.upstream.dataset == cause.dataset
        assert cause.dataset in graph[explained.dataset]
        assert reason.upstream == by_name[cause.dataset]
        assert_chain_ends(reason.upstream, by_name, graph)


@given(lakes())
def test_every_chain_ends_at_the_dataset_at_fault(
    lake: tuple[list[Dataset], dict[str, Stored | Missing]],
) -> None:
    """Whatever the graph: each dataset once, and below each stale one all causes down to the last."""
    datasets, found = lake
    registry = DatasetRegistry(datasets)
    verdicts = decide_all(registry, found, MODEL_NOW)
    explained = explain(registry, found, verdicts, MODEL_NOW)
    assert [each.dataset for each in explained] == [each.name for each in registry]
    by_name = {each.dataset: each for each in explained}
    graph = {each.name: set(each.depends_on) for each in datasets}
    for each in explained:
        assert each.verdict == verdicts[each.dataset]
        assert_chain_ends(each, by_name, graph)
        said = [line for line in each.lines if line.startswith("  because ")]
        assert bool(said) is isinstance(each.verdict, Stale)
