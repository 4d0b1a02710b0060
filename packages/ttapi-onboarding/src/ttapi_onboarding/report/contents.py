# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a report holds: the state of the lake, the market, and chosen symbols; what is not there, with why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from datetime import date, datetime

    import polars as pl


@attrs.frozen(kw_only=True)
class Absent:
    """Something that the page has no data for."""

    why: str
    command: str | None = None  # that gives it


@attrs.frozen(kw_only=True)
class DatasetHealth:
    """How one dataset stands."""

    name: str
    freshness: str  # fresh, stale or missing
    reason: str
    age: str  # in words; empty without rows
    collected_at: datetime | None
    rows: int | None
    missing: str  # in words; empty when nothing is
    failure: str  # of the last try; empty when it went well
    failure_hint: str | None


@attrs.frozen(kw_only=True)
class MissingRow:
    """An item that the last collection did not get."""

    dataset: str
    item: str
    message: str
    hint: str | None
    kept_from: datetime | None  # when the rows were collected that are still there


@attrs.frozen(kw_only=True)
class Coverage:
    """Candles held against the calendar."""

    symbols: int
    candles: int
    first_day: date
    last_day: date
    holes: int
    strays: int
    by_symbol: tuple[tuple[str, int, str], ...]  # the worst: symbol, holes, the first of the days
    behind: tuple[tuple[str, date], ...]  # symbols whose last candle is not of the lake's last day


@attrs.frozen(kw_only=True)
class Health:
    """What is known of the lake."""

    datasets: tuple[DatasetHealth, ...]
    missing: tuple[MissingRow, ...]
    missing_unshown: int
    coverage: Coverage | Absent

    @property
    def fresh(self) -> int:
        """How many datasets are."""
        return sum(dataset.freshness == "fresh" for dataset in self.datasets)


@attrs.frozen(kw_only=True)
class Market:
    """All symbols at a glance."""

    overview: pl.DataFrame  # of ``market_overview``, with texts that can do no harm
    groups: pl.DataFrame  # of ``volatility_groups``
    last_day: date

    @property
    def current(self) -> pl.DataFrame:
        """The symbols that have a candle of the last day."""
        return self.overview.filter("is_current")


@attrs.frozen(kw_only=True)
class SymbolPart:
    """One chosen symbol."""

    symbol: str
    description: str
    figures: dict[str, float | None]  # of ``market_overview`` and ``summaries.summary``
    first_day: date
    history: pl.DataFrame  # of ``symbol_histories``
    cone: pl.DataFrame | Absent  # of ``volatility_cones``
    implied: Absent | None  # why the lake has no implied volatility of it, where that is so
    term_structure: pl.DataFrame | Absent  # of ``live_term_structures``
    expirations: pl.DataFrame | Absent  # of ``listed_expirations``


@attrs.frozen(kw_only=True)
class Contents:
    """All that the page says."""

    written_at: datetime
    environment: str
    origin: str  # in words, where the data comes from
    health: Health
    market: Market | Absent
    symbols: tuple[SymbolPart, ...]
    remarks: tuple[str, ...]
