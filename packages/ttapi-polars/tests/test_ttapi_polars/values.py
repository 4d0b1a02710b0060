# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Small frames, candle parts and a written pair of files for the tests of this package."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl

from ttapi_polars.lake_files import write_pair
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.validation import validate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ttapi_polars.footers import FileFooter
    from ttapi_polars.schemas import DatasetSchema
    from ttapi_polars.typing import ColumnValues

COLLECTED_AT = datetime(2026, 7, 1, 21, 30, tzinfo=UTC)
FIRST_DAY = date(2026, 6, 1)

# S&P 500 and NASDAQ Composite indexes, first closes of January 1999.
SPX = [1228.099976, 1244.780029, 1272.339966, 1269.729980, 1275.089966, 1263.880005, 1239.510010, 1234.400024]
COMP = [
    2208.050049,
    2251.270020,
    2320.860107,
    2326.090088,
    2344.409912,
    2384.590088,
    2320.750000,
    2316.810059,
    2276.820068,
    2348.199951,
    2408.169922,
    2415.479980,
    2344.719971,
]
FEW_COMP = COMP[: len(SPX)]


@dataclass(frozen=True)
class Part:
    """Candles of one symbol, as the client hands them on."""

    symbol: str
    columns: Mapping[str, ColumnValues] = field(default_factory=dict)


def milliseconds(day: date) -> int:
    """00:00 UTC of a day as the feed writes it."""
    return (day - date(1970, 1, 1)).days * 86_400_000


def part(symbol: str, closes: Sequence[float | None], first_day: date = FIRST_DAY) -> Part:
    """One candle a day from the first day on; a close of ``None`` is a day without a price."""
    days = [first_day + timedelta(days=offset) for offset in range(len(closes))]
    columns: dict[str, ColumnValues] = {
        "time": [milliseconds(day) for day in days],
        "volume": [1000.0] * len(days),
    }
    return Part(symbol, columns | {name: list(closes) for name in ("open", "high", "low", "close")})


def eod(closes: Mapping[str, Sequence[float]], first_day: date = FIRST_DAY) -> pl.DataFrame:
    """A frame of flat candles: symbol to its closes, one a day from the first day on."""
    rows = [
        (symbol, first_day + timedelta(days=offset), close, close, close, close, 1000, None, None)
        for symbol, prices in closes.items()
        for offset, close in enumerate(prices)
    ]
    return validate(pl.DataFrame(rows, schema=EOD_DATA.as_of(1).polars_schema, orient="row"), EOD_DATA)


def stored(
    frame: pl.DataFrame, directory: Path, name: str = "2026", schema: DatasetSchema = EOD_DATA
) -> FileFooter:
    """The footer of a pair of files, just written."""
    return write_pair(
        frame,
        schema,
        parquet_path=directory / f"{name}.parquet",
        csv_path=directory / f"{name}.csv",
        environment="sandbox",
        source="a test",
        collected_at=COLLECTED_AT,
    )
