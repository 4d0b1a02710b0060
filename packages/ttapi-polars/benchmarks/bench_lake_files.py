# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Making frames, and writing and reading lake files, side by side with bare Polars."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import polars as pl
import pyarrow.parquet

from generated_candles import generated_candles
from side_by_side import medians, report
from ttapi_polars.candle_frames import candles_frame
from ttapi_polars.checks import check
from ttapi_polars.csv_twin import read_csv_twin, write_csv_twin
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.footers import read_footer
from ttapi_polars.lake_files import load, verify, write_pair
from ttapi_polars.schemas import EOD_DATA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttapi_polars.footers import FileFooter
    from ttapi_polars.typing import ColumnValues


class Part:
    """Candles of one symbol as the client hands them on."""

    def __init__(self, symbol: str, columns: Mapping[str, ColumnValues]) -> None:
        self.symbol = symbol
        self.columns = columns


def bare_frame(parts: list[Part]) -> pl.DataFrame:
    """The columns under each other and nothing else."""
    return pl.concat([pl.DataFrame(part.columns) for part in parts], rechunk=True)


def bare_parquet(frame: pl.DataFrame, path: Path) -> None:
    """The same settings as ours, seen safe on the disk."""
    with path.open("wb") as file:
        frame.write_parquet(file, compression="zstd", compression_level=1, row_group_size=122_000)
        file.flush()
        os.fsync(file.fileno())


def bare_csv(frame: pl.DataFrame, path: Path) -> None:
    """Polars' own CSV, seen safe on the disk."""
    with path.open("wb") as file:
        frame.write_csv(file)
        file.flush()
        os.fsync(file.fileno())


def ours(frame: pl.DataFrame, directory: Path) -> FileFooter:
    """The pair: checked, fingerprinted, both files seen safe on the disk."""
    return write_pair(
        frame,
        EOD_DATA,
        parquet_path=directory / "ours.parquet",
        csv_path=directory / "ours.csv",
        environment="sandbox",
        source="a benchmark",
        collected_at=datetime(2026, 7, 1, tzinfo=UTC),
    )


def bare_pair(frame: pl.DataFrame, directory: Path) -> None:
    """Both files by Polars alone."""
    bare_csv(frame, directory / "bare.csv")
    bare_parquet(frame, directory / "bare.parquet")


def candle_parts(frame: pl.DataFrame) -> list[Part]:
    """The rows as Python lists, a part for each symbol."""
    timed = frame.with_columns(time=pl.col("date").cast(pl.Datetime("ms")).to_physical()).drop("date")
    return [
        Part(part["symbol"][0], part.drop("symbol").to_dict(as_series=False))
        for part in timed.partition_by("symbol", maintain_order=True)
    ]


def main() -> None:
    """Print a table for each part of the way."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--symbols", type=int, default=507)
    arguments.add_argument("--days", type=int, default=2505)
    wanted = arguments.parse_args()
    frame = generated_candles(symbols=wanted.symbols, days=wanted.days)
    megabytes = frame.estimated_size("mb")
    print(f"{frame.height:,} rows, {megabytes:.0f} MB in memory, {pl.thread_pool_size()} threads")

    parts = candle_parts(frame)
    seconds = medians(
        {
            "bare Polars: a frame a part, concatenated": lambda: bare_frame(parts),
            "candles_frame: dated, in order, checked": lambda: candles_frame(parts),
        }
    )
    report("Candle columns to a frame", seconds, against="bare Polars: a frame a part, concatenated")

    with TemporaryDirectory() as name:
        directory = Path(name)
        seconds = medians(
            {
                "bare Polars: CSV and Parquet": lambda: bare_pair(frame, directory),
                "write_pair": lambda: ours(frame, directory),
                "  of which check": lambda: check(frame, EOD_DATA),
                "  of which fingerprint": lambda: fingerprint(frame, EOD_DATA),
                "  of which CSV twin with digest": lambda: write_csv_twin(
                    frame, EOD_DATA, directory / "a.csv"
                ),
                "bare Polars: CSV alone": lambda: bare_csv(frame, directory / "bare.csv"),
                "bare Polars: Parquet alone": lambda: bare_parquet(frame, directory / "bare.parquet"),
            }
        )
        report(
            "Writing, fsync included", seconds, against="bare Polars: CSV and Parquet", megabytes=megabytes
        )

        parquet_path, csv_path = directory / "ours.parquet", directory / "ours.csv"
        seconds = medians(
            {
                "polars.read_parquet_metadata": lambda: pl.read_parquet_metadata(parquet_path),
                "pyarrow.parquet.read_metadata": lambda: pyarrow.parquet.read_metadata(parquet_path).metadata,
                "read_footer": lambda: read_footer(parquet_path),
            },
            rounds=101,
        )
        report("One footer", seconds, against="polars.read_parquet_metadata")

        seconds = medians(
            {
                "polars.read_parquet": lambda: pl.read_parquet(parquet_path),
                "load": lambda: load(parquet_path, EOD_DATA),
                "verify": lambda: verify(parquet_path, EOD_DATA),
                "read_csv_twin": lambda: read_csv_twin(csv_path, EOD_DATA),
            }
        )
        report("Reading", seconds, against="polars.read_parquet", megabytes=megabytes)
        sizes = {path.name: path.stat().st_size / 2**20 for path in (parquet_path, csv_path)}
        print("\nSizes: " + ", ".join(f"{name} {size:.1f} MiB" for name, size in sizes.items()))


if __name__ == "__main__":
    main()
