# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The health of a lake as the page tells it: freshness with reasons, what is missing, holes, failures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from ttapi_core.errors import DataError, StorageError
from ttapi_onboarding.report.contents import Absent, Coverage, DatasetHealth, Health, MissingRow
from ttapi_platform.explanations import missing_words
from ttapi_platform.freshness import format_span
from ttapi_platform.verification import EOD_DATA, hole_days
from ttapi_polars.coverage import spans, strays

if TYPE_CHECKING:
    from datetime import datetime

    from ttapi_platform.lake import Lake
    from ttapi_platform.runtime import DatasetState, Platform

SHOWN_MISSING: Final = 50
SHOWN_SYMBOLS: Final = 12
# Its items are numbers of accounts, which have no place in a page that is handed on.
_PRIVATE: Final = "accounts"
_WITHHELD: Final = "`ttapi status` tells it: texts about accounts are left out of pages"


def health_of(platform: Platform, now: datetime) -> Health:
    """What the footers, the run records and the candles say; what is damaged is told, not raised."""
    states = platform.status()
    missing = [
        MissingRow(
            dataset=state.dataset,
            item=item,
            message=one.message,
            hint=one.hint,
            kept_from=one.last_collected_at,
        )
        for state in states
        if state.dataset != _PRIVATE
        for item, one in sorted(state.missing.items())
    ]
    return Health(
        datasets=tuple(_dataset(state, now) for state in states),
        missing=tuple(missing[:SHOWN_MISSING]),
        missing_unshown=max(0, len(missing) - SHOWN_MISSING),
        coverage=_coverage(platform.lake),
    )


def _dataset(state: DatasetState, now: datetime) -> DatasetHealth:
    freshness, _, reason = str(state.verdict).partition(": ")
    stored, failure = state.stored, state.failure
    is_private = state.dataset == _PRIVATE
    return DatasetHealth(
        name=state.dataset,
        freshness=freshness,
        reason=reason,
        age="" if stored is None else format_span(max(now - stored.collected_at, now - now)),
        collected_at=None if stored is None else stored.collected_at,
        rows=None if stored is None else stored.rows,
        missing=missing_words(state.missing, now) if state.missing else "",
        failure="" if failure is None else _WITHHELD if is_private else failure["message"],
        failure_hint=None if failure is None or is_private else failure["hint"],
    )


def _coverage(lake: Lake) -> Coverage | Absent:
    try:
        found = lake.answer(EOD_DATA, spans)
        calendar = lake.read("trading_days")
        lacking = hole_days(lake)
        astray = strays(lake.scan(EOD_DATA), calendar)
    except (DataError, StorageError) as error:
        return Absent(why=error.message, command=error.hint)
    first, last = found["first_date"].min(), found["last_date"].max()
    if not (found.height and calendar.height) or first is None or last is None:
        return Absent(why="there is no candle, or no trading day, to compare", command="run `ttapi collect`")
    worst = (
        lacking.group_by("symbol")
        .agg(pl.len().alias("days"), pl.col("date").min().cast(pl.String).alias("first"))
        .sort("days", "symbol", descending=[True, False])
        .head(SHOWN_SYMBOLS)
    )
    behind = found.filter(pl.col("last_date") < last).sort("last_date", "symbol")
    first_day, last_day = found.select(pl.col("first_date").min(), pl.col("last_date").max()).row(0)
    return Coverage(
        symbols=found.height,
        candles=int(found["days"].sum()),
        first_day=first_day,
        last_day=last_day,
        holes=lacking.height,
        strays=astray.height,
        by_symbol=tuple(worst.iter_rows()),
        behind=tuple(behind.select("symbol", "last_date").iter_rows()),
    )
