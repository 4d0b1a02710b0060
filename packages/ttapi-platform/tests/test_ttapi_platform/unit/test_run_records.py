# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of run summaries and of the records kept of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ttapi_core.errors import IncompleteDataError, TTError
from ttapi_platform.freshness import Fresh, Missing, MissingItem
from ttapi_platform.run_records import KEPT_RECORDS, RunRecords, record_of
from ttapi_platform.run_summary import DatasetResult, DatasetStatus, Event, EventKind, RunSummary

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
FRESH = Fresh(timedelta(0), timedelta(hours=1))


def result(
    dataset: str,
    status: DatasetStatus,
    *,
    missing: dict[str, MissingItem] | None = None,
    events: tuple[Event, ...] = (),
    error: TTError | None = None,
) -> DatasetResult:
    """How a run left a dataset."""
    verdict = FRESH if status is DatasetStatus.HIT else Missing()
    return DatasetResult(
        dataset=dataset,
        status=status,
        verdict=verdict,
        rows=3,
        seconds=0.5,
        missing=missing or {},
        events=events,
        error=error,
    )


def summary(
    *results: DatasetResult, minutes: int = 0, seconds: float = 2.0, cold_seconds: float | None = None
) -> RunSummary:
    """A run with these results."""
    return RunSummary(
        started_at=START + timedelta(minutes=minutes),
        source="simulated",
        results=results,
        seconds=seconds,
        requests={"market-data/by-type": 6},
        longest_hold_up_seconds=0.004,
        cold_seconds=cold_seconds,
    )


def test_hit_rate_and_speed_up_tell_what_the_lake_saved() -> None:
    """The speed-up is stated only when everything was a hit, against a cold run."""
    hit = result("quotes", DatasetStatus.HIT)
    collected = result("symbols", DatasetStatus.COLLECTED)
    assert summary(hit, collected, cold_seconds=10.0).hit_rate == 0.5
    assert summary(hit, collected, cold_seconds=10.0).speed_up is None
    assert summary(hit, hit, seconds=0.02, cold_seconds=10.0).speed_up == pytest.approx(500)
    assert summary(hit).speed_up is None
    assert summary().hit_rate == 0.0


def test_a_run_answered_from_the_lake_leaves_no_record(tmp_path: Path) -> None:
    """A warm run changes nothing on the disk."""
    RunRecords(tmp_path / "runs").save(summary(result("quotes", DatasetStatus.HIT)))
    assert not (tmp_path / "runs").exists()


def test_cold_seconds_are_of_the_last_run_that_collected_the_same_datasets(tmp_path: Path) -> None:
    """Runs with hits or failures in them do not count as cold."""
    records = RunRecords(tmp_path)
    assert records.cold_seconds(["a", "b"]) is None
    collected, hit = result("a", DatasetStatus.COLLECTED), result("b", DatasetStatus.HIT)
    failed = result("a", DatasetStatus.FAILED, error=IncompleteDataError("no"))
    records.save(summary(collected, result("b", DatasetStatus.PARTIAL), minutes=1, seconds=9.0))
    records.save(summary(collected, hit, minutes=2, seconds=3.0))
    records.save(summary(failed, minutes=3, seconds=1.0))
    assert records.cold_seconds(["a", "b"]) == 9.0
    assert records.cold_seconds(["a"]) is None
    assert list(records.failed()) == ["a"]


def test_what_failed_is_known_until_it_is_collected(tmp_path: Path) -> None:
    """A later collection of a dataset ends its failure; a run that found it fresh does not speak of it."""
    records = RunRecords(tmp_path)
    error = IncompleteDataError("too few", hint="try again")
    failed = [result(name, DatasetStatus.FAILED, error=error) for name in ("symbols", "quotes")]
    records.save(summary(*failed))
    records.save(
        summary(result("symbols", DatasetStatus.COLLECTED), result("quotes", DatasetStatus.HIT), minutes=1)
    )
    assert records.failed() == {
        "quotes": {"code": "incomplete", "message": "too few", "hint": "try again"},
    }


def test_a_record_lists_what_is_missing_with_its_age_and_what_happened() -> None:
    """Each missing item with the error and when its stored rows were collected; each event in words."""
    lost = MissingItem(code="unavailable", message="no answer", hint=None, last_collected_at=START)
    split = Event(symbol="AAPL", kind=EventKind.SPLIT, detail="4 for 1")
    partial = result("quotes", DatasetStatus.PARTIAL, missing={"SPY": lost}, events=(split,))
    (record,) = record_of(summary(partial))["datasets"]
    assert record["missing"] == {
        "SPY": {
            "code": "unavailable",
            "message": "no answer",
            "hint": None,
            "last_collected_at": "2026-07-01T12:00:00+00:00",
        }
    }
    assert record["kept_from_before"] == 1
    assert record["events"] == [{"symbol": "AAPL", "kind": "split", "detail": "4 for 1"}]


def test_only_the_last_records_are_kept_and_broken_ones_do_no_harm(tmp_path: Path) -> None:
    """Old files go; a file that does not parse is passed over."""
    records = RunRecords(tmp_path)
    for minute in range(KEPT_RECORDS + 5):
        records.save(summary(result("a", DatasetStatus.COLLECTED), minutes=minute, seconds=float(minute)))
    assert len(list(tmp_path.iterdir())) == KEPT_RECORDS
    (tmp_path / "99999999T000000.000000Z.json").write_text("{", encoding="utf-8")
    assert records.cold_seconds(["a"]) == KEPT_RECORDS + 4


def test_a_record_holds_every_error_with_its_hint() -> None:
    """What failed as a whole is in the record too."""
    failed = result("quotes", DatasetStatus.FAILED, error=IncompleteDataError("too few", hint="try again"))
    record = record_of(summary(failed))
    assert record["datasets"][0]["error"] == {"code": "incomplete", "message": "too few", "hint": "try again"}
    assert record["datasets"][0]["reason"] == "missing: not collected yet"
    assert record["requests"] == {"market-data/by-type": 6}
