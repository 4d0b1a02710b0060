# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The rows of every version that the crash tests commit, and what a reader must see of one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
from polars.testing import assert_frame_equal

from test_ttapi_platform.candle_parts import by_year
from ttapi_core.settings import Environment
from ttapi_core.testing import make_quote
from ttapi_platform.datasets import Dataset
from ttapi_platform.freshness import Missing, Stored
from ttapi_platform.lake import Lake
from ttapi_platform.lake_parts import ChangedParts
from ttapi_platform.prepared import Prepared, prepare
from ttapi_polars.csv_twin import read_csv_twin, sha256_of
from ttapi_polars.footers import read_footer
from ttapi_polars.frames import quotes_frame
from ttapi_polars.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ttapi_core.object_paths import DataPath

START = datetime(2026, 7, 1, tzinfo=UTC)
DATASETS = {
    name: Dataset(name=name, ttl=timedelta(days=1), parameters={"source": "test"})
    for name in ("quotes", "eod_data")
}

# Symbols of the ranges, and whether there is a recent part beside them. From a version to the next one a
# range comes, the first one goes, what is recent goes, all go, all come by year, and are cut into ranges.
_PARTS = (("AB", True), ("ABC", True), ("BC", True), ("BC", False), ("", False), ("AB", True))
_EMPTY, _BY_YEAR = 4, 5
PERIOD = 2 * len(_PARTS)  # so many versions on, the same parts change in the same way
_OLDER, _RECENT = ((2024, 1), (2024, 7)), ((2026, 1), (2026, 7))


def open_lake(root: DataPath) -> Lake:
    """A lake in this directory, or at this address."""
    return Lake(root, environment=Environment.SANDBOX)


def rows_of(dataset: str, version: int) -> pl.DataFrame:
    """The rows of a version, in the dataset's order; each version's are others."""
    if dataset == "quotes":
        return quotes_frame([make_quote(symbol, last=f"{version}.25") for symbol in "ABC"])
    return pl.concat(parts_of(version).values())


def parts_of(version: int) -> dict[str, pl.DataFrame]:
    """The parts of that version's candles."""
    step = version % len(_PARTS)
    symbols, has_recent = _PARTS[step]
    # The range of B stays the same in every second version: that part is not written again.
    closes = {symbol: version - version % 2 if symbol == "B" else version for symbol in symbols}
    parts = {f"range-00{'ABC'.index(symbol)}": _candles(symbol, _OLDER, closes[symbol]) for symbol in symbols}
    if has_recent:
        parts["recent"] = pl.concat(_candles(symbol, _RECENT, version) for symbol in symbols)
    if step == _BY_YEAR:
        return {**by_year(pl.concat(parts.values())).parts}
    return {"empty": candles([])} if step == _EMPTY else parts


def _candles(symbol: str, months: Iterable[tuple[int, int]], close: int) -> pl.DataFrame:
    return candles((symbol, date(year, month, 3), close) for year, month in months)


def prepared(dataset: str, version: int) -> Prepared:
    """The rows of a version, ready to be committed."""
    rows = ChangedParts(parts_of(version)) if dataset == "eod_data" else rows_of(dataset, version)
    return prepare(dataset, rows)


def candles(days: Iterable[tuple[str, date, int]]) -> pl.DataFrame:
    """A candle for each symbol, day and close."""
    schema = SCHEMAS["eod_data"].polars_schema
    known = [
        {"symbol": symbol, "date": day, "volume": close}
        | dict.fromkeys(("open", "high", "low", "close"), float(close))
        for symbol, day, close in days
    ]
    return pl.DataFrame([dict.fromkeys(schema) | row for row in known], schema=schema)


def commit(lake: Lake, dataset: str, version: int) -> None:
    """Store a version."""
    lake.commit(
        DATASETS[dataset],
        prepared(dataset, version),
        inputs={"symbols": f"s{version}"},
        collected_at=START + timedelta(minutes=version),
    )


def version_stored(lake: Lake, dataset: str) -> int | None:
    """
    The version that is stored, by the date in its footers; ``None`` when nothing is.

    Raises
    ------
    AssertionError
        When anything else that the footers say is not of that version.
    """
    stored = lake.stored(dataset)
    if isinstance(stored, Missing):
        assert stored == Missing(), f"{dataset}: {stored}"
        return None
    version = round((stored.collected_at - START) / timedelta(minutes=1))
    rows = rows_of(dataset, version)
    expected = Stored(
        collected_at=START + timedelta(minutes=version),
        rows=rows.height,
        fingerprint=prepared(dataset, version).fingerprint,
        inputs={"symbols": f"s{version}"},
        parameters={"source": "test"},
    )
    assert stored == expected, f"{dataset}: {stored} is not {expected}"
    return version


def version_in(rows: pl.DataFrame) -> int | None:
    """
    The version that candles are of, by the largest of their numbers; ``None`` when there are none.

    Raises
    ------
    AssertionError
        When some of them are of another.
    """
    if rows.is_empty():
        return None
    version = max(rows["volume"])
    assert_rows(rows, "eod_data", version)
    return int(version)


def assert_rows(rows: pl.DataFrame, dataset: str, version: int) -> None:
    """The rows are those of that version, in whatever order."""
    key = SCHEMAS[dataset].key
    assert_frame_equal(rows.sort(key), rows_of(dataset, version).sort(key))


def seen(lake: Lake, dataset: str) -> int | None:
    """
    The version that a reader sees of a dataset that nobody writes; ``None`` when nothing is stored.

    Raises
    ------
    AssertionError
        When its rows are not those of the version that the footers tell of.
    """
    version = version_stored(lake, dataset)
    if version is not None:
        assert_rows(lake.read(dataset), dataset, version)
    return version


def assert_in_order(lake: Lake, versions: dict[str, int | None]) -> None:
    """Every file that a user sees is of these versions, twins agree, and nothing else lies about."""
    parts = {"quotes/quotes"} if versions["quotes"] is not None else set()
    if (version := versions["eod_data"]) is not None:
        parts |= {f"eod_data/{part}" for part in parts_of(version)}
    stems = {part.removeprefix("quotes/") for part in parts}
    files = {
        path.relative_to(lake.directory).as_posix() for path in lake.directory.rglob("*") if path.is_file()
    }
    expected = {f"{stem}.{kind}" for stem in stems for kind in ("csv", "parquet")} | {".ttapi/lock"}
    assert files == expected, f"too many: {sorted(files - expected)}, too few: {sorted(expected - files)}"
    for part in parts:
        schema = SCHEMAS[part.split("/")[0]]
        path = lake.directory / f"{part.removeprefix('quotes/')}.parquet"
        twin = path.with_suffix(".csv")
        assert sha256_of(twin) == read_footer(path).csv_sha256, twin
        assert_frame_equal(read_csv_twin(twin, schema), pl.read_parquet(path))
