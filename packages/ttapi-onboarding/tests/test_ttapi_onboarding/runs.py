# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Run summaries and dataset states for the tests, as the platform gives them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from ttapi_platform.freshness import Fresh, Missing, MissingItem, Verdict
from ttapi_platform.run_summary import DatasetResult, DatasetStatus, Event, RunSummary
from ttapi_platform.verification import Finding, FindingKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_core.errors import TTError

START = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
FRESH = Fresh(timedelta(seconds=3), timedelta(hours=1))
FINDING = Finding(
    dataset="eod_data",
    kind=FindingKind.HOLES,
    subject="KO",
    detail="1 trading days without a candle: 2026-06-30",
    fix="`ttapi data repair` asks for them",
    days=(date(2026, 6, 30),),
)


def lost(*, kept: bool = False) -> MissingItem:
    """An item that did not come, with or without rows from before."""
    return MissingItem(code="ttapi", message="x", hint=None, last_collected_at=START if kept else None)


def result(
    dataset: str,
    status: DatasetStatus = DatasetStatus.COLLECTED,
    *,
    verdict: Verdict | None = None,
    rows: int = 1234,
    missing: Mapping[str, MissingItem] | None = None,
    events: tuple[Event, ...] = (),
    error: TTError | None = None,
) -> DatasetResult:
    """How a run left a dataset."""
    return DatasetResult(
        dataset=dataset,
        status=status,
        verdict=verdict or (FRESH if status is DatasetStatus.HIT else Missing()),
        rows=rows,
        seconds=0.5,
        missing=missing or {},
        events=events,
        error=error,
    )


def summary(
    *results: DatasetResult,
    requests: Mapping[str, int] | None = None,
    cold_seconds: float | None = None,
    warnings: tuple[str, ...] = (),
) -> RunSummary:
    """A run with these results."""
    return RunSummary(
        started_at=START,
        source="simulated",
        results=results,
        seconds=2.0,
        requests=requests or {},
        longest_hold_up_seconds=0.0041,
        cold_seconds=cold_seconds,
        warnings=warnings,
    )
