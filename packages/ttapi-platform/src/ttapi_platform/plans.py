# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Plans: what a run would collect and why, from what the lake holds alone."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, cast

import attrs

from ttapi_core.errors import DataError, StorageError
from ttapi_platform.collection_job import CollectionJob
from ttapi_platform.collectors.trading_days import calendar_end, calendar_start
from ttapi_platform.eod_days import days_to_ask_from, last_completed_day
from ttapi_platform.eod_update import Spans
from ttapi_platform.expected_requests import Expected, Known, expected_requests
from ttapi_platform.freshness import Missing, Stored, decide_all
from ttapi_platform.pipeline import is_due
from ttapi_polars.storage_errors import reading

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    import polars as pl

    from ttapi_core.settings import Settings
    from ttapi_platform.datasets import Dataset, DatasetRegistry
    from ttapi_platform.freshness import Verdict
    from ttapi_platform.lake import Lake
    from ttapi_platform.recordings import Recording
    from ttapi_platform.universe import Universe


NO_REQUESTS: Final[Mapping[str, Expected]] = {}


class Step(StrEnum):
    """What a run would do about a dataset."""

    COLLECT = "collect"
    PERHAPS = "perhaps"  # it is fresh; if a dataset that it is built from changes in the run, it is collected
    KEEP = "keep"


class Extent(StrEnum):
    """How much of a dataset would be asked for."""

    FIRST = "first"  # all of it, for the first time
    WHOLE = "whole"  # all of it again
    INCREMENT = "increment"  # only what is missing


@attrs.frozen(kw_only=True)
class PlannedDataset:
    """What a run would do about one dataset, as far as that is known without asking."""

    dataset: str
    step: Step
    verdict: Verdict
    waits_for: tuple[str, ...]  # what it is built from and may change in the run, where that decides
    rows: int  # stored now
    extent: Extent | None = None  # None: nothing would be asked for
    items: int | None = None  # that would be asked for, at the most: symbols, accounts
    first_day: date | None = None  # of what would be asked for, of datasets that have days
    last_day: date | None = None
    requests: Mapping[str, Expected] = attrs.field(factory=dict[str, Expected])  # by endpoint family


@attrs.frozen
class Plan:
    """What a run would do, in the order in which datasets are built from each other."""

    datasets: tuple[PlannedDataset, ...]
    login: Mapping[str, Expected]  # requests that are made once where anything is asked for

    @property
    def requests(self) -> Mapping[str, Expected]:
        """
        The requests of the whole run by endpoint family, least and most.

        Not counted are repeats, and quotes that are asked for in parts because one symbol of a hundred is
        refused.
        """
        total: dict[str, Expected] = {}
        for requests in (self.login, *(each.requests for each in self.datasets)):
            for family, expected in requests.items():
                total[family] = total.get(family, Expected(0, 0)).plus(expected)
        return total


@attrs.frozen(kw_only=True)
class Planner:
    """What is known before a run."""

    settings: Settings
    registry: DatasetRegistry
    lake: Lake
    universe: Universe
    recording: Recording | None
    stored: Mapping[str, Stored | Missing]
    now: datetime

    def plan(self, only: Collection[str], *, refresh: bool) -> Plan:
        """
        The plan of a run; the rule that decides is the one that the run itself has.

        Raises
        ------
        UnknownDatasetError
            For a name in ``only`` that is no dataset.
        """
        wanted = self.registry.closure(only)
        verdicts = decide_all(self.registry, self.stored, self.now)
        steps: dict[str, Step] = {}
        planned: list[PlannedDataset] = []
        for dataset in self.registry:
            name = dataset.name
            if name not in wanted:
                continue
            waits_for: tuple[str, ...] = ()
            if is_due(verdicts[name], refresh=refresh):
                steps[name] = Step.COLLECT
            else:
                waits_for = tuple(below for below in dataset.depends_on if steps[below] is not Step.KEEP)
                steps[name] = Step.PERHAPS if waits_for else Step.KEEP
            found = self.stored[name]
            entry = PlannedDataset(
                dataset=name,
                step=steps[name],
                verdict=verdicts[name],
                waits_for=waits_for,
                rows=found.rows if isinstance(found, Stored) else 0,
            )
            planned.append(self._with_demand(entry, dataset, steps, refresh=refresh))
        asks = any(each.requests for each in planned)
        return Plan(tuple(planned), expected_requests("login", Known()) if asks else NO_REQUESTS)

    def _with_demand(
        self, entry: PlannedDataset, dataset: Dataset, steps: Mapping[str, Step], *, refresh: bool
    ) -> PlannedDataset:
        """The same with what would be asked for."""
        if entry.step is Step.KEEP:
            return entry
        job = CollectionJob.of(
            dataset, self.stored[dataset.name], lake=self.lake, inputs={}, again=None, refresh=refresh
        )
        known = self._known(job, is_listing_kept=steps.get("symbols") is Step.KEEP)
        requests = expected_requests(dataset.name, known)
        if entry.step is Step.PERHAPS:
            requests = {family: expected.perhaps() for family, expected in requests.items()}
        increment = dataset.name == "eod_data" and job.increments is not None
        again = Extent.INCREMENT if increment else Extent.WHOLE
        return attrs.evolve(
            entry,
            extent=Extent.FIRST if isinstance(self.stored[dataset.name], Missing) else again,
            items=known.items,
            first_day=known.first_day,
            last_day=known.last_day,
            requests=requests,
        )

    def _known(self, job: CollectionJob, *, is_listing_kept: bool) -> Known:
        match job.dataset.name:
            case "accounts":
                return self._known_accounts()
            case "symbols":
                stored = self.stored["symbols"]
                rows = stored.rows if isinstance(stored, Stored) else None
                return Known(items=_size(self.universe), stored_rows=rows)
            case "trading_days":
                return self._known_calendar()
            case "eod_data":
                return self._known_candles(job, is_listing_kept=is_listing_kept)
            case _:
                members = self._members(is_listing_kept=is_listing_kept)
                items = _size(self.universe) if members is None else len(members)
                return Known(items=items, is_exact=is_listing_kept)

    def _known_accounts(self) -> Known:
        rows = self._rows("accounts")
        items = None if rows is None else rows["account_number"].n_unique()
        return Known(items=items)

    def _known_calendar(self) -> Known:
        rows = self._rows("trading_days")
        stored = None if rows is None else cast("date | None", rows["date"].min())
        start = self._history_start
        first = None if start is None else calendar_start(start, stored)
        return Known(first_day=first, last_day=calendar_end(self.now.date()))

    def _known_candles(self, job: CollectionJob, *, is_listing_kept: bool) -> Known:
        members = self._members(is_listing_kept=is_listing_kept)
        calendar, start = self._rows("trading_days"), self._history_start
        last_day = None if calendar is None else last_completed_day(calendar, self.now)
        symbols = members if members is not None else self.universe.symbols
        if job.increments is None or calendar is None or symbols is None or start is None:
            items = None if symbols is None else len(symbols)
            return Known(items=items, first_day=start, last_day=last_day)
        try:
            with reading(self.lake.root):
                spans = Spans.of(job.increments)
        except StorageError:  # the run will tell what is wrong, and how to heal it
            return Known(items=len(symbols), first_day=start, last_day=last_day)
        days = days_to_ask_from(
            symbols,
            spans,
            calendar,
            history_start=start,
            last_day=last_day,
            extended=symbols if job.is_extension else job.increments.state.missing,
        )
        return Known(
            items=len(days.since),
            symbols=len(symbols),
            is_increment=True,
            first_day=min(days.since.values(), default=None),
            last_day=last_day,
        )

    @property
    def _history_start(self) -> date | None:
        """The first day of candles; ``None`` in a replay, where the recording decides."""
        today = self.now.date()
        return self.settings.since if self.recording is not None else self.settings.history_start(today)

    def _members(self, *, is_listing_kept: bool) -> Collection[str] | None:
        """The symbols that are asked for, or ``None`` where nobody knows them yet."""
        if not is_listing_kept:
            return self.universe.symbols
        rows = self._rows("symbols")
        return None if rows is None else rows.filter("in_universe")["symbol"].to_list()

    def _rows(self, dataset: str) -> pl.DataFrame | None:
        """What is stored, or ``None`` where nothing can be read."""
        try:
            return self.lake.read(dataset)
        except (DataError, StorageError):
            return None


def _size(universe: Universe) -> int | None:
    return None if universe.symbols is None else len(universe.symbols)
