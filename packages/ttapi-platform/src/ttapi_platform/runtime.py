# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The composition root: builds the parts of a run from the settings, starts and stops them in order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import attrs

from ttapi_core.clock import SystemClock
from ttapi_core.settings import Environment
from ttapi_platform.catalog import COLLECTORS, datasets
from ttapi_platform.freshness import Missing, Stored, Verdict, decide_all
from ttapi_platform.health import LoopWatch
from ttapi_platform.lake import Lake
from ttapi_platform.pipeline import Pipeline
from ttapi_platform.progress import Silent
from ttapi_platform.recordings import Recording
from ttapi_platform.run_records import ErrorRecord, RunRecords
from ttapi_platform.run_summary import RunSummary
from ttapi_platform.service import Service, source_of
from ttapi_platform.universe import EVERYTHING, Universe, load_universe, universe_of
from ttapi_platform.writer import BackgroundWriter

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from ttapi_core.clock import Clock
    from ttapi_core.settings import Settings
    from ttapi_platform.progress import Progress


@attrs.frozen(kw_only=True)
class DatasetState:
    """One dataset as it lies in the lake."""

    dataset: str
    verdict: Verdict
    stored: Stored | None
    missing: Mapping[str, ErrorRecord]  # items that the last collection did not get


class Platform:
    """
    A lake and the means to keep it up to date.

    Parameters
    ----------
    settings
        Where the lake lies, what is collected, and how.
    symbols
        Instead of the universe of the settings.
    replay
        What to serve as if it were the service: a lake that was collected earlier, or a folder of daily
        candles.
    clock
        The system's by default.

    Raises
    ------
    ConfigError
        For a universe that cannot be read, or a replay folder that is not there or holds nothing to replay.

    Examples
    --------
    ``await Platform(load_settings()).collect()`` fills the lake from the sandbox when there is no account.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        symbols: Sequence[str] = (),
        replay: Path | None = None,
        clock: Clock | None = None,
    ) -> None:
        if replay is not None:
            settings = replace(settings, environment=Environment.REPLAY)
        recording = None if replay is None else Recording.at(replay, own_lake=settings.lake_dir)
        self.settings = settings
        self.lake = Lake(settings.lake_dir, environment=settings.environment)
        self.source = source_of(settings, recording) or self._stored_source()
        self.universe = _universe(settings, symbols, recording)
        self.registry = datasets(settings, universe=self.universe, source=self.source)
        self._recording = recording
        self._clock = clock or SystemClock()
        self._records = RunRecords(self.lake.runs_dir)

    async def collect(
        self, *, only: Collection[str] = (), refresh: bool = False, progress: Progress | None = None
    ) -> RunSummary:
        """
        Bring the lake up to date and say what was done.

        Parameters
        ----------
        only
            Names of datasets to look at, with all they are built from; every dataset for none.
        refresh
            Collect even what is fresh.
        progress
            Told as things happen.

        Raises
        ------
        UnknownDatasetError
            For a name in ``only`` that is no dataset.
        ConfigError, WriteError, LockedError
            When the lake cannot be written. What goes wrong with one dataset is in its result.
        """
        self.registry.closure(only)
        started_at, started = self._clock.now(), self._clock.monotonic()
        with self.lake.writing() as warnings:
            async with (
                LoopWatch() as watch,
                BackgroundWriter() as writer,
                Service(self.settings, recording=self._recording, clock=self._clock) as service,
            ):
                results = await Pipeline(
                    registry=self.registry,
                    collectors=COLLECTORS,
                    lake=self.lake,
                    writer=writer,
                    service=service,
                    universe=self.universe,
                    max_missing_ratio=self.settings.max_missing_ratio,
                    clock=self._clock,
                    progress=progress or Silent(),
                ).run(only, refresh=refresh)
                await writer.flush()
                seconds = self._clock.monotonic() - started
                requests = dict(service.requests)
            summary = RunSummary(
                started_at=started_at,
                source=self.source,
                results=results,
                seconds=seconds,
                requests=requests,
                longest_hold_up_seconds=watch.longest_seconds,
                cold_seconds=self._records.cold_seconds([result.dataset for result in results]),
                warnings=tuple(warnings),
            )
            self._records.save(summary)
        return summary

    def status(self) -> tuple[DatasetState, ...]:
        """Every dataset's freshness and reason; reads footers only, takes no lock and changes nothing."""
        stored = {dataset.name: self.lake.stored(dataset.name) for dataset in self.registry}
        verdicts = decide_all(self.registry, stored, self._clock.now())
        missing = self._records.missing()
        return tuple(
            DatasetState(
                dataset=name,
                verdict=verdict,
                stored=None if isinstance(found := stored[name], Missing) else found,
                missing=missing.get(name, {}),
            )
            for name, verdict in verdicts.items()
        )

    def _stored_source(self) -> str:
        """Whose recording the lake holds, for a look at it that does not name the folder."""
        stored = (self.lake.stored(name) for name in COLLECTORS)
        return next(
            (found.parameters["source"] for found in stored if isinstance(found, Stored)), "no replay yet"
        )


def _universe(settings: Settings, symbols: Sequence[str], recording: Recording | None) -> Universe:
    if symbols:
        return universe_of(symbols)
    if settings.environment is Environment.REPLAY and "universe" not in settings.origins:
        return EVERYTHING if recording is None else recording.universe
    return load_universe(settings.universe)
