# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Repair: what heals each finding of a verification, as far as the disk alone can, and what to ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import polars as pl

from ttapi_platform.collection_job import Again
from ttapi_platform.quarantine import put_aside, rows_of_twin
from ttapi_platform.verification import EOD_DATA, FindingKind
from ttapi_polars import lake_files
from ttapi_polars.footers import read_footer
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from ttapi_platform.lake import Lake
    from ttapi_platform.lake_layout import FilePair
    from ttapi_platform.run_summary import DatasetResult
    from ttapi_platform.verification import Finding


@attrs.frozen(kw_only=True)
class Repair:
    """What a repair found, what it did about it, and what is still wrong."""

    found: tuple[Finding, ...]
    done: tuple[str, ...]  # in words
    results: tuple[DatasetResult, ...]  # of the datasets that were asked for again
    remaining: tuple[Finding, ...]


def mend_files(lake: Lake, findings: Iterable[Finding]) -> Iterator[str]:
    """
    Heal what the disk alone can heal; says what was done.

    A CSV twin is written again from its Parquet file, a damaged Parquet file from its CSV twin where the twin
    has the very rows that the footer tells of. What neither heals goes to quarantine.

    Raises
    ------
    WriteError
        When the disk refuses.
    """
    for finding in findings:
        match finding.kind:
            case FindingKind.TWIN:
                pair = _pair(lake, finding)
                rows = lake_files.load(pair.parquet, SCHEMAS[finding.dataset])
                lake.rewrite(finding.dataset, {pair.part: rows})
                yield f"{pair.csv} was written again from its Parquet file"
            case FindingKind.DAMAGED:
                yield _mend_parquet(lake, finding)
            case FindingKind.ORPHAN:
                pair = _pair(lake, finding)
                kept = put_aside(lake.layout, finding.dataset, pair.csv)
                yield f"{pair.csv} has no Parquet file; moved to {kept}"
            case _:
                pass


def again_for_holes(lake: Lake, findings: Iterable[Finding]) -> Again | None:
    """The symbols with holes, each to be asked for from its last candle before the first hole; or nothing."""
    first = {finding.subject: finding.days[0] for finding in findings if finding.kind is FindingKind.HOLES}
    if not first:
        return None
    candles = lake.scan(EOD_DATA).select("symbol", "date")
    begin = pl.LazyFrame({"symbol": list(first), "hole": list(first.values())})
    before = candles.join(begin, on="symbol").filter(pl.col("date") < pl.col("hole"))
    since: dict[str, date] = dict(before.group_by("symbol").agg(pl.col("date").max()).collect().rows())
    return Again(items=frozenset(first), since=since)


def _mend_parquet(lake: Lake, finding: Finding) -> str:
    pair = _pair(lake, finding)
    rows = rows_of_twin(pair, SCHEMAS[finding.dataset], read_footer(pair.parquet).fingerprint)
    if rows is None:
        kept = put_aside(lake.layout, finding.dataset, pair.parquet, pair.csv)
        return f"{finding.detail}; moved to {kept}, collected again"
    lake.rewrite(finding.dataset, {pair.part: rows})
    return f"{finding.detail}; written again from its CSV twin"


def _pair(lake: Lake, finding: Finding) -> FilePair:
    return lake.layout.pair(finding.dataset, Path(finding.subject).stem)
