# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Repair: what heals each finding of a verification, as far as the disk alone can, and what to ask for."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs
import polars as pl

from ttapi_core.errors import DataError, StorageError
from ttapi_platform.collection_job import Again
from ttapi_platform.quarantine import rows_of_twin
from ttapi_platform.verification import EOD_DATA, FindingKind
from ttapi_polars import lake_files
from ttapi_polars.footers import read_footer
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from ttapi_core.object_paths import DataPath
    from ttapi_platform.lake import Lake
    from ttapi_platform.run_summary import DatasetResult
    from ttapi_platform.verification import Finding
    from ttapi_polars.lake_versions import FilePair


# What one file can be healed of; the rest the lake's own recovery removes, or a collection heals.
_OF_FILES: Final = frozenset({FindingKind.TWIN, FindingKind.DAMAGED, FindingKind.ORPHAN})


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
        When the disk or the store refuses.
    """
    beyond_help: list[tuple[Finding, FilePair[DataPath]]] = []
    for dataset, found in groupby(findings, key=lambda finding: finding.dataset):
        # At once, because each part that is written again takes the head with it.
        mended: dict[str, pl.DataFrame] = {}
        for finding in found:
            if finding.kind not in _OF_FILES:
                continue
            pair = lake.storage.pair(dataset, Path(finding.subject).stem)
            match finding.kind:
                case FindingKind.TWIN:
                    mended[pair.part] = lake_files.load(pair.parquet, SCHEMAS[dataset])
                    yield f"{pair.csv} was written again from its Parquet file"
                case FindingKind.DAMAGED if (rows := _rows_of_twin(lake, dataset, pair)) is not None:
                    mended[pair.part] = rows
                    yield f"{finding.detail}; written again from its CSV twin"
                case _:
                    beyond_help.append((finding, pair))
        if mended:
            lake.rewrite(dataset, mended)
    for finding, pair in beyond_help:
        kept = lake.storage.put_aside(finding.dataset, pair.parquet, pair.csv)
        yield f"{pair.part} of {finding.dataset}: {finding.detail}; moved to {kept}"


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


def _rows_of_twin(lake: Lake, dataset: str, pair: FilePair[DataPath]) -> pl.DataFrame | None:
    try:
        version = lake.version(dataset)
    except (StorageError, DataError):
        version = None
    of_part = None if version is None else version.footers.get(pair.part)
    footer = read_footer(pair.parquet) if of_part is None else of_part
    return rows_of_twin(pair, SCHEMAS[dataset], footer.fingerprint)
