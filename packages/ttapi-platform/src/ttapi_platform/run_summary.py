# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What one run did, per dataset and in all."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ttapi_core.errors import TTError
    from ttapi_platform.freshness import MissingItem, Verdict


class EventKind(StrEnum):
    """What happened to a symbol."""

    LISTED = "listed"  # it is new to the lake
    DELISTED = "delisted"  # the service no longer lists it; its rows stay
    RENAMED = "renamed"  # another symbol has its history now
    SPLIT = "split"  # its history was collected again
    RESCALED = "rescaled"  # the same, by a factor that is none of a split
    CORRECTED = "corrected"  # the same, because earlier candles changed
    HEALED = "healed"  # days that were lacking are there now
    NO_DIVIDENDS = "no dividends"  # they could not be asked for


@attrs.frozen(kw_only=True)
class Event:
    """Something that a collection found out about a symbol."""

    symbol: str
    kind: EventKind
    detail: str  # in words


class DatasetStatus(StrEnum):
    """How a run left one dataset."""

    HIT = "hit"  # answered from the lake
    COLLECTED = "collected"
    PARTIAL = "partial"  # collected, and some items are missing
    FAILED = "failed"  # what was stored before stays as it was


@attrs.frozen(kw_only=True)
class DatasetResult:
    """How a run left one dataset, and why."""

    dataset: str
    status: DatasetStatus
    verdict: Verdict
    rows: int
    seconds: float
    asked: int = 0
    missing: Mapping[str, MissingItem] = attrs.field(factory=dict[str, "MissingItem"])
    events: tuple[Event, ...] = ()
    error: TTError | None = None  # why it failed as a whole
    blocked_by: tuple[str, ...] = ()  # datasets it is built from that are not there: it was not tried

    @property
    def kept_from_before(self) -> int:
        """Missing items whose last good rows are still there."""
        return sum(item.last_collected_at is not None for item in self.missing.values())


@attrs.frozen(kw_only=True)
class RunSummary:
    """What one run did in all."""

    started_at: datetime  # UTC
    source: str
    results: tuple[DatasetResult, ...]
    seconds: float  # deciding, collecting and storing
    requests: Mapping[str, int]  # by endpoint family; empty when nothing went on the wire
    longest_hold_up_seconds: float  # of the event loop
    cold_seconds: float | None  # of the last run that collected the same datasets
    warnings: tuple[str, ...] = ()

    @property
    def hits(self) -> int:
        """Datasets answered from the lake."""
        return sum(result.status is DatasetStatus.HIT for result in self.results)

    @property
    def hit_rate(self) -> float:
        """Share of datasets answered from the lake, 0 to 1."""
        return self.hits / len(self.results) if self.results else 0.0

    @property
    def speed_up(self) -> float | None:
        """How many times faster than the last cold run; ``None`` unless everything was a hit."""
        if self.cold_seconds is None or self.hits < len(self.results) or self.seconds <= 0:
            return None
        return self.cold_seconds / self.seconds

    @property
    def failed(self) -> tuple[DatasetResult, ...]:
        """Datasets that could not be collected."""
        return tuple(result for result in self.results if result.status is DatasetStatus.FAILED)

    @property
    def is_partial(self) -> bool:
        """Whether items are missing somewhere."""
        return any(result.missing for result in self.results)
