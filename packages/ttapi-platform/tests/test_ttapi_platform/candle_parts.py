# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Daily candles in parts that are as small as a test wants them, and in those of an earlier release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ttapi_platform.lake_parts import ChangedParts, Limits, cut

if TYPE_CHECKING:
    from datetime import date


def in_parts(rows: pl.DataFrame, *, until: date) -> ChangedParts:
    """A range for each symbol with its rows until that day, and a recent part with the others."""
    older, recent = rows.filter(pl.col("date") <= until), rows.filter(pl.col("date") > until)
    parts = {} if older.is_empty() and recent.height else cut(older, Limits(rows_of_a_range=1))
    return ChangedParts(parts | ({"recent": recent} if recent.height else {}))


def by_year(rows: pl.DataFrame) -> ChangedParts:
    """A part for each year, as release 0.1 stored them."""
    years = rows.group_by(pl.col("date").dt.year().alias("year"), maintain_order=True)
    return ChangedParts({f"{year:04}": frame for (year,), frame in years} or {"empty": rows})
