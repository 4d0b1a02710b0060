# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of what is said before and after a run."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from test_ttapi_onboarding.runs import FRESH, lost, result, summary
from ttapi_core.errors import AuthError, DataError, TTError
from ttapi_core.settings import Environment, Settings
from ttapi_onboarding import run_report
from ttapi_onboarding.exit_codes import ExitCode
from ttapi_platform.freshness import Expired, Stale
from ttapi_platform.run_summary import DatasetStatus, Event, EventKind

HIT, PARTIAL, FAILED = DatasetStatus.HIT, DatasetStatus.PARTIAL, DatasetStatus.FAILED
SETTINGS = Settings(data_dir=Path("data"))
LAKE = SETTINGS.lake_dir


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        (Environment.SANDBOX, "Simulated data from the sandbox"),
        (Environment.REPLAY, "Simulated data from the sandbox"),
        (Environment.CERTIFICATION, "certification service"),
        (Environment.PRODUCTION, "Live data from the service"),
    ],
)
def test_the_first_line_says_where_the_data_comes_from(environment: Environment, words: str) -> None:
    """With the address when it is a special one."""
    settings = Settings(environment=environment)
    assert words in run_report.notice(settings, None)
    elsewhere = replace(settings, api_url="http://127.0.0.1:8123")
    assert "at http://127.0.0.1:8123" in run_report.notice(elsewhere, None)


def test_simulated_data_comes_with_the_way_to_an_account() -> None:
    """The command that asks for it, and that prices are not real."""
    line = run_report.notice(Settings(), None)
    for part in ("no real prices", "To connect your account: `ttapi init`"):
        assert part in line


def test_a_replay_names_its_folder() -> None:
    """Whatever the environment was before."""
    assert "candles" in run_report.notice(Settings(), Path("candles"))


def test_the_summary_lists_datasets_and_figures() -> None:
    """One row each, then hit rate, requests, hold-up and the lake."""
    run = summary(
        result("accounts", HIT),
        result("quotes", rows=507),
        requests={"oauth/token": 1, "market-data/by-type": 6},
    )
    lines = run_report.summary_text(run, SETTINGS, None).splitlines()
    assert lines[0].split() == ["dataset", "rows", "missing", "source", "cache", "seconds"]
    assert " ".join(lines[1].split()) == "accounts 1,234 0 sandbox hit: 3 s old, fresh for 1 h 0.50"
    assert " ".join(lines[2].split()) == "quotes 507 0 sandbox miss: not collected yet 0.50"
    assert lines[4:] == [
        "hit rate   50% (1 of 2 from the lake), in 2.0 s",
        "requests   7 (market-data/by-type 6, oauth/token 1)",
        "hold-up    4.1 ms, the event loop's longest",
        f"files      {LAKE}",
    ]


def test_a_run_from_the_lake_states_its_speed_up() -> None:
    """Against the last cold run; and that nothing went on the wire."""
    text = run_report.summary_text(summary(result("quotes", HIT), cold_seconds=900.0), SETTINGS, None)
    assert "100% (1 of 1 from the lake), in 2,000.0 ms" in text
    assert "speed-up   450 times the last cold run (900.0 s)" in text
    assert "requests   0\n" in text


def test_a_replay_is_named_by_its_folder_in_the_table(tmp_path: Path) -> None:
    """The whole path is in the first line already."""
    text = run_report.summary_text(summary(result("quotes")), SETTINGS, tmp_path / "candles")
    assert "replay of candles" in text
    assert str(tmp_path) not in text


def test_a_service_at_another_address_is_named_in_the_table() -> None:
    """As the run names its source."""
    elsewhere = replace(SETTINGS, api_url="http://127.0.0.1:8123")
    assert " simulated " in run_report.summary_text(summary(result("quotes")), elsewhere, None)


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (result("quotes", HIT), "hit: 3 s old, fresh for 1 h"),
        (result("quotes"), "miss: not collected yet"),
        (result("quotes", verdict=FRESH), "miss: asked for again"),
        (result("quotes", FAILED), "miss: not collected yet (failed)"),
        (
            result("quotes", verdict=Stale((Expired(timedelta(hours=2), timedelta(hours=1)),))),
            "miss: 2 h old, fresh for 1 h",
        ),
    ],
)
def test_the_cache_column_says_hit_or_miss_and_why(shown: object, words: str) -> None:
    """In the words of the verdict."""
    assert run_report.cache_words(shown) == words  # type: ignore[arg-type]


def test_missing_items_are_shortened() -> None:
    """The first five, how many more there are, what was kept, and where to see all."""
    missing = {f"S{number}": lost(kept=number < 2) for number in range(9)}
    partial = result("quotes", PARTIAL, missing=missing)
    few = result("eod_data", PARTIAL, missing={"A\x1b": lost()})
    text = run_report.summary_text(summary(partial, few), SETTINGS, None)
    assert "missing    quotes: S0, S1, S2, S3, S4 and 4 more; earlier rows kept for 2 (all in `" in text
    assert "missing    eod_data: A? (all in `ttapi status --json`)" in text


def event(symbol: str, kind: EventKind, detail: str) -> Event:
    """Something that was found out about a symbol."""
    return Event(symbol=symbol, kind=kind, detail=detail)


def test_events_are_counted_by_kind_with_one_of_each() -> None:
    """In the order of the kinds, the first symbol of each, and how many are left out."""
    listed = [event(name, EventKind.LISTED, "its whole history was collected") for name in ("NEW", "NEWER")]
    split = event("AAPL", EventKind.SPLIT, "4 for 1\non 2026-06-30")
    kinds = (EventKind.CORRECTED, EventKind.DELISTED)
    others = [event(f"S{number}", kind, "x") for number, kind in enumerate(kinds)]
    run = summary(
        result("quotes"),
        result("eod_data", events=(split, *listed)),
        result("symbols", events=(*listed, split, *others)),
    )
    lines = run_report.summary_text(run, SETTINGS, None).splitlines()
    assert [line for line in lines if line.startswith("events ")] == [
        (
            "events     eod_data: 2 listed, 1 split (NEW: its whole history was collected;"
            " AAPL: 4 for 1 on 2026-06-30; 1 more in --json)"
        ),
        (
            "events     symbols: 2 listed, 1 delisted, 1 split, 1 corrected"
            " (NEW: its whole history was collected; S1: x; AAPL: 4 for 1 on 2026-06-30; 2 more in --json)"
        ),
    ]


def test_a_single_event_leaves_nothing_out() -> None:
    """So that nobody looks for more."""
    healed = event("KO", EventKind.HEALED, "2 lacking days came, the first 2026-06-29")
    assert list(run_report.events_text([result("eod_data", events=(healed,))])) == [
        "events     eod_data: 1 healed (KO: 2 lacking days came, the first 2026-06-29)"
    ]


def test_missing_items_come_with_the_way_to_ask_again(capsys: pytest.CaptureFixture[str]) -> None:
    """Once, however many datasets lack some; from earlier runs, too."""
    missing = {"X": lost()}
    run_report.say_failures([result("quotes", PARTIAL, missing=missing), result("a", HIT, missing=missing)])
    assert capsys.readouterr() == ("", "hint: `ttapi retry` asks again for what is missing\n")


def test_the_record_has_everything_in_json() -> None:
    """The run record, the lake, the exit code and the error behind it."""
    refused = AuthError("refused", hint="log in", request_id="r-1")
    run = summary(result("accounts", FAILED, error=refused), result("quotes", HIT))
    record = json.loads(json.dumps(run_report.summary_record(run, LAKE, ExitCode.NOT_LOGGED_IN)))
    assert record["lake"] == str(LAKE)
    assert record["exit_code"] == 4
    assert record["error"] == {
        "code": "auth",
        "message": "refused",
        "hint": "log in",
        "request_id": "r-1",
    }
    assert [each["dataset"] for each in record["datasets"]] == ["accounts", "quotes"]
    assert run_report.summary_record(summary(result("quotes")), LAKE, ExitCode.OK)["error"] is None


def test_each_failure_is_said_once_with_the_datasets_it_stopped(capsys: pytest.CaptureFixture[str]) -> None:
    """A hint that several errors share comes once, after them; warnings come first."""
    hint = "the failure above says why"
    run = summary(
        result("accounts", FAILED, error=AuthError("login refused", hint="log in")),
        result("symbols", FAILED, error=AuthError("login refused", hint="log in")),
        result("quotes", FAILED, error=DataError("quotes needs symbols", hint=hint)),
        result("eod_data", FAILED, error=DataError("eod_data needs symbols", hint=hint)),
        result("trading_days", FAILED, error=TTError("broken")),
        result("expiration_series", FAILED),
        warnings=("quotes: a file was\ndamaged",),
    )
    run_report.say_failures(run.results, warnings=run.warnings)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "warning: quotes: a file was damaged",
        "error: accounts, symbols: login refused",
        "hint: log in",
        "error: quotes needs symbols",
        "error: eod_data needs symbols",
        f"hint: {hint}",
        "error: trading_days: broken",
    ]
