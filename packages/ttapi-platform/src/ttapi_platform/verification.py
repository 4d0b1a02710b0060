# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Verification: every file held against what it says of itself, and candles against the calendar."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final

import attrs
import polars as pl

from ttapi_core.errors import CorruptFileError, DataError, SchemaError, StorageError
from ttapi_core.object_paths import ObjectPath
from ttapi_platform.collectors.eod_data import GAPS
from ttapi_platform.engines import LOCAL
from ttapi_platform.freshness import Stored
from ttapi_polars import lake_files
from ttapi_polars.coverage import holes, strays
from ttapi_polars.csv_twin import sha256_of
from ttapi_polars.lake_files import size_of
from ttapi_polars.schemas import SCHEMAS
from ttapi_polars.storage_errors import is_of_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ttapi_core.object_paths import DataPath
    from ttapi_platform.engines import Engine
    from ttapi_platform.lake import Lake
    from ttapi_polars.footers import FileFooter
    from ttapi_polars.lake_versions import FilePair

EOD_DATA: Final = "eod_data"
_SHOWN_DAYS: Final = 5


class FindingKind(StrEnum):
    """What is wrong with something in the lake."""

    DAMAGED = "damaged"  # a Parquet file is not what was written
    INCOMPLETE = "incomplete"  # a dataset's files are missing or not of one commit
    TWIN = "twin"  # a CSV twin is missing or is not that of its Parquet file
    ORPHAN = "orphan"  # a CSV twin has no Parquet file
    UNFINISHED = "unfinished"  # a crash left files of a commit behind
    NEWER = "newer"  # a newer version of TTAPI wrote a file
    HOLES = "holes"  # trading days without a candle
    STRAYS = "strays"  # candles on days without trading


# What leaves the rows of a dataset readable.
_SOUND: Final = frozenset({FindingKind.TWIN, FindingKind.ORPHAN, FindingKind.UNFINISHED})


@attrs.frozen(kw_only=True)
class Finding:
    """One thing that is wrong, and what heals it."""

    dataset: str
    kind: FindingKind
    subject: str  # the file, or the symbol
    detail: str
    fix: str
    days: tuple[date, ...] = ()  # of holes and strays


def verify(lake: Lake, *, rows: bool = True, engine: Engine = LOCAL) -> tuple[Finding, ...]:
    """
    Everything that is wrong with a lake; nothing is changed, and no lock is taken.

    While a writer is at work some of what it is doing may be found, too.

    Parameters
    ----------
    lake
        All of its datasets.
    rows
        Read every row. Without it, names, footers and the digests of twins are all that is looked at.
    engine
        What reads the files and holds each against what it says of itself; candles are held against the
        calendar in this process. What is found is the same.

    Raises
    ------
    StorageError
        When an object store cannot be reached, or refuses.
    ClusterError
        When the engine has a cluster, and that does not work.
    """
    found = [finding for dataset in SCHEMAS for finding in _of_dataset(lake, dataset, engine, rows=rows)]
    if not rows:
        return tuple(found)
    unsound = {finding.dataset for finding in found if finding.kind not in _SOUND}
    compared = {EOD_DATA, "trading_days"}
    if not unsound & compared and all(isinstance(lake.stored(name), Stored) for name in compared):
        found.extend(_of_candles(lake))
    return tuple(found)


def hole_days(lake: Lake) -> pl.DataFrame:
    """
    Symbol and date of each trading day that a symbol lacks between its candles, sorted by both.

    Days of which the service is known to have no candle do not count.

    Parameters
    ----------
    lake
        With ``eod_data`` and ``trading_days``.

    Raises
    ------
    DataError, CorruptFileError
        When a dataset is not there or damaged.
    """
    found = holes(lake.scan(EOD_DATA), lake.read("trading_days"))
    state = lake.stored(EOD_DATA)
    known = state.notes.get(GAPS, ()) if isinstance(state, Stored) else ()
    gaps = pl.DataFrame(
        [gap.rsplit(" ", 1) for gap in known],
        schema={"symbol": pl.String, "date": pl.String},
        orient="row",
    )
    return found.join(gaps.with_columns(pl.col("date").str.to_date()), on=["symbol", "date"], how="anti")


def _of_dataset(lake: Lake, dataset: str, engine: Engine, *, rows: bool) -> Iterator[Finding]:
    yield from _left_over(lake, dataset)
    try:
        version = lake.version(dataset)
    except (DataError, StorageError) as error:
        if is_of_store(error):
            raise
        yield _unreadable(dataset, error)
        return
    if version is None:
        return
    verified = partial(_verified, dataset, rows=rows)
    parts = [(pair, version.footers[part]) for part, pair in version.pairs.items()]
    for found in engine.each(verified, parts):
        yield from found


def _verified(
    dataset: str, part: tuple[FilePair[DataPath], FileFooter], *, rows: bool
) -> tuple[Finding, ...]:
    return verify_files(dataset, *part, rows=rows)


def verify_files(
    dataset: str, pair: FilePair[DataPath], footer: FileFooter, *, rows: bool
) -> tuple[Finding, ...]:
    """
    What is wrong with the two files of a part.

    Parameters
    ----------
    dataset
        Whose part it is.
    pair
        The files.
    footer
        What the version says of them.
    rows
        Read every row. Without it, names and the digests of twins are all that is looked at; in an object
        store not even these, as a twin would have to be fetched whole.

    Raises
    ------
    StorageError
        When an object store cannot be reached, or refuses.
    """
    is_object = isinstance(pair.parquet, ObjectPath)
    if is_object and size_of(pair.parquet) is None:
        return (_finding(dataset, FindingKind.DAMAGED, pair.parquet, "the Parquet file is missing"),)
    if rows:
        try:
            found = lake_files.verify(pair.parquet, SCHEMAS[dataset])
        except (StorageError, SchemaError) as error:
            if is_of_store(error):
                raise
            return (_finding(dataset, FindingKind.DAMAGED, pair.parquet, error.message),)
        if is_object and found != footer:
            detail = "it is not the file that was stored under this name"
            return (_finding(dataset, FindingKind.DAMAGED, pair.parquet, detail),)
        footer = found
    return tuple(_of_twin(dataset, pair, footer, digest=rows or not is_object))


def _left_over(lake: Lake, dataset: str) -> Iterator[Finding]:
    for left in lake.storage.left_over(dataset):
        kind = FindingKind.ORPHAN if left.is_orphan else FindingKind.UNFINISHED
        yield _finding(dataset, kind, left.path, left.detail)


def _unreadable(dataset: str, error: DataError | StorageError) -> Finding:
    match error:
        case SchemaError():
            hint = error.hint or "update TTAPI"
            return _finding(dataset, FindingKind.NEWER, dataset, error.message, fix=hint)
        case CorruptFileError():
            return _finding(dataset, FindingKind.DAMAGED, error.path, error.message)
        case _:
            return _finding(dataset, FindingKind.INCOMPLETE, dataset, error.message)


def _of_twin(
    dataset: str, pair: FilePair[DataPath], footer: FileFooter, *, digest: bool
) -> Iterator[Finding]:
    if size_of(pair.csv) is None:
        yield _finding(dataset, FindingKind.TWIN, pair.csv, "the CSV twin is missing")
    elif digest and sha256_of(pair.csv) != footer.csv_sha256:
        detail = "the CSV twin was changed since it was written"
        yield _finding(dataset, FindingKind.TWIN, pair.csv, detail)


def _of_candles(lake: Lake) -> Iterator[Finding]:
    yield from _by_symbol(
        hole_days(lake),
        FindingKind.HOLES,
        "trading days without a candle",
        "`ttapi data repair` asks for them",
    )
    yield from _by_symbol(
        strays(lake.scan(EOD_DATA), lake.read("trading_days")),
        FindingKind.STRAYS,
        "candles on days that are no trading days",
        "`ttapi collect --refresh --only eod_data` collects everything again",
    )


def _by_symbol(found: pl.DataFrame, kind: FindingKind, what: str, fix: str) -> Iterator[Finding]:
    for symbol, days in found.group_by("symbol", maintain_order=True).agg("date").iter_rows():
        shown = ", ".join(map(str, days[:_SHOWN_DAYS])) + (" …" if len(days) > _SHOWN_DAYS else "")
        yield attrs.evolve(
            _finding(EOD_DATA, kind, symbol, f"{len(days)} {what}: {shown}", fix=fix), days=tuple(days)
        )


def _finding(
    dataset: str, kind: FindingKind, subject: object, detail: str, *, fix: str = "`ttapi data repair`"
) -> Finding:
    return Finding(dataset=dataset, kind=kind, subject=str(subject), detail=detail, fix=fix)
