# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What every collector is given, and what it hands back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import attrs
import polars as pl

from ttapi_polars import lake_files

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from ttapi_client import TTClient
    from ttapi_core.errors import TTError
    from ttapi_core.object_paths import DataPath
    from ttapi_platform.freshness import Stored
    from ttapi_platform.lake_parts import ChangedParts
    from ttapi_platform.progress import Progress
    from ttapi_platform.run_summary import Event
    from ttapi_platform.universe import Universe
    from ttapi_polars.lake_versions import Version
    from ttapi_polars.schemas import DatasetSchema


@attrs.frozen(kw_only=True)
class StoredRows:
    """What the lake holds of the dataset that is collected."""

    schema: DatasetSchema
    version: Version
    state: Stored

    def scan(self, parts: Collection[str] | None = None) -> pl.LazyFrame:
        """The rows of all parts, or of some, lazily."""
        there = self.version.pairs.keys() if parts is None else self.version.pairs.keys() & set(parts)
        return self.version.scan(self.schema, there) if there else self.schema.empty().lazy()

    def of_parts(self, parts: Collection[str]) -> pl.DataFrame:
        """The rows of some parts; a part that is not stored has none."""
        frames = (lake_files.load(path, self.schema) for path in self._paths_of(parts))
        return pl.concat([self.schema.empty(), *frames])

    def fingerprints_beside(self, parts: Collection[str]) -> dict[str, str]:
        """The fingerprints of all other parts."""
        footers = self.version.footers.items()
        return {part: footer.fingerprint for part, footer in footers if part not in parts and footer.rows}

    def _paths_of(self, parts: Collection[str]) -> list[DataPath]:
        return [pair.parquet for part, pair in self.version.pairs.items() if part in parts]


@attrs.frozen(kw_only=True)
class CollectorContext:
    """The means of one collection."""

    client: TTClient
    inputs: Mapping[str, pl.DataFrame]  # frame of each dataset it depends on
    universe: Universe
    now: datetime  # UTC, when the dataset's collection began; in a replay, when it was recorded
    history_start: date  # first day of daily candles and trading days
    progress: Progress
    # By underlying, the day that trading days to expiration are counted from, where it is not today.
    chain_days: Mapping[str, date] = attrs.field(factory=dict[str, "date"])
    before: StoredRows | None = None  # what is stored of the same source, with whatever settings
    stored: StoredRows | None = None  # the same, where it may be built upon
    items: frozenset[str] | None = None  # None: all; else only these are asked for
    since: Mapping[str, date] = attrs.field(factory=dict[str, "date"])  # by item, ask from this day or before
    history_moved: bool = False  # what is stored was collected with another first day

    def wants(self, item: str) -> bool:
        """Whether this item is to be asked for."""
        return self.items is None or item in self.items

    @property
    def universe_symbols(self) -> Sequence[tuple[str, str]]:
        """Symbol and streamer symbol of each member of the universe that is to be asked for."""
        members = self.inputs["symbols"].filter("in_universe").select("symbol", "streamer_symbol")
        return [(symbol, streamer) for symbol, streamer in members.rows() if self.wants(symbol)]


@attrs.frozen(kw_only=True)
class Collected:
    """
    Checked rows, and what is missing from them.

    ``failures`` holds the error for each item, a symbol or an account, that was asked for and did not come;
    ``asked`` is how many items were asked for. The rows are all rows of the items that came; a collector that
    changes parts of what is stored gives these parts.
    """

    rows: pl.DataFrame | ChangedParts
    asked: int
    failures: Mapping[str, TTError] = attrs.field(factory=dict[str, "TTError"])
    events: tuple[Event, ...] = ()
    notes: Mapping[str, Collection[str]] = attrs.field(factory=dict[str, "Collection[str]"])  # for next time


class Collector(Protocol):
    """One dataset in, its checked rows and its failures out."""

    async def __call__(self, context: CollectorContext) -> Collected:
        """
        Collect the dataset.

        Raises
        ------
        TTError
            When nothing at all could be collected.
        """
        ...
