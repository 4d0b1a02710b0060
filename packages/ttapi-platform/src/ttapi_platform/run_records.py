# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Run records: what the last runs did, kept as small JSON texts beside the lake."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, TypedDict, cast

from loguru import logger

from ttapi_platform.run_summary import DatasetStatus
from ttapi_platform.text_files import read_text, remove_text, texts_in, write_text
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from ttapi_core.errors import TTError
    from ttapi_core.object_paths import DataPath
    from ttapi_platform.run_summary import DatasetResult, RunSummary

KEPT_RECORDS: Final = 20

_COLLECTED: Final = frozenset({DatasetStatus.COLLECTED.value, DatasetStatus.PARTIAL.value})


class ErrorRecord(TypedDict):
    """An error as plain JSON values."""

    code: str
    message: str
    hint: str | None


class EventRecord(TypedDict):
    """Something that a collection found out about a symbol."""

    symbol: str
    kind: str
    detail: str


class DatasetRecord(TypedDict):
    """How a run left one dataset."""

    dataset: str
    status: str
    reason: str
    rows: int
    seconds: float
    asked: int
    missing: dict[str, dict[str, str | None]]  # by item, as MissingItem.record
    kept_from_before: int
    events: list[EventRecord]
    error: ErrorRecord | None


class RunRecord(TypedDict):
    """What one run did."""

    started_at: str  # ISO 8601, UTC
    source: str
    seconds: float
    longest_hold_up_seconds: float
    hit_rate: float
    speed_up: float | None
    requests: dict[str, int]
    warnings: list[str]
    datasets: list[DatasetRecord]


def record_of(summary: RunSummary) -> RunRecord:
    """A summary as plain JSON values."""
    return RunRecord(
        started_at=summary.started_at.isoformat(),
        source=summary.source,
        seconds=round(summary.seconds, 6),
        longest_hold_up_seconds=round(summary.longest_hold_up_seconds, 6),
        hit_rate=summary.hit_rate,
        speed_up=summary.speed_up,
        requests=dict(summary.requests),
        warnings=list(summary.warnings),
        datasets=[dataset_record(result) for result in summary.results],
    )


def dataset_record(result: DatasetResult) -> DatasetRecord:
    """How a run left one dataset, as plain JSON values."""
    return DatasetRecord(
        dataset=result.dataset,
        status=result.status.value,
        reason=str(result.verdict),
        rows=result.rows,
        seconds=round(result.seconds, 6),
        asked=result.asked,
        missing={item: one.record for item, one in sorted(result.missing.items())},
        kept_from_before=result.kept_from_before,
        events=[
            EventRecord(symbol=event.symbol, kind=event.kind.value, detail=event.detail)
            for event in result.events
        ],
        error=None if result.error is None else error_record(result.error),
    )


def error_record(error: TTError) -> ErrorRecord:
    """An error as plain JSON values."""
    return ErrorRecord(code=error.code, message=error.message, hint=error.hint)


class RunRecords:
    """The last runs that collected something or failed."""

    def __init__(self, directory: DataPath) -> None:
        self._directory = directory

    def save(self, summary: RunSummary) -> None:
        """
        Keep a run; one that was answered from the lake altogether leaves no record.

        Raises
        ------
        WriteError
            When the disk or the store refuses.
        """
        if summary.hits == len(summary.results):
            return
        name = f"{summary.started_at:%Y%m%dT%H%M%S.%fZ}.json"
        write_text(self._directory / name, json.dumps(record_of(summary), indent=1))
        for old in self._newest_first()[KEPT_RECORDS:]:
            remove_text(old)

    def failed(self) -> dict[str, ErrorRecord]:
        """The error of each dataset that could not be collected when it was last tried."""
        found: dict[str, ErrorRecord | None] = {}
        for record in self._records():
            for dataset in record["datasets"]:
                if dataset["status"] != DatasetStatus.HIT:
                    found.setdefault(dataset["dataset"], dataset["error"])
            if found.keys() >= SCHEMAS.keys():
                break  # older ones have nothing to add
        return {name: error for name, error in found.items() if error is not None}

    def cold_seconds(self, datasets: Collection[str]) -> float | None:
        """Seconds of the last run that collected just these datasets, all of them, or ``None``."""
        for record in self._records():
            collected = {each["dataset"] for each in record["datasets"] if each["status"] in _COLLECTED}
            if collected == set(datasets) and len(record["datasets"]) == len(collected):
                return record["seconds"]
        return None

    def _records(self) -> Iterator[RunRecord]:
        for path in self._newest_first():
            try:
                # Written by save alone; a file that does not even parse is of no use to anyone.
                yield cast("RunRecord", json.loads(read_text(path)))
            except (OSError, ValueError) as error:
                logger.bind(path=str(path), error=str(error)).warning("run record skipped")

    def _newest_first(self) -> Sequence[DataPath]:
        return texts_in(self._directory, ".json")[::-1]
