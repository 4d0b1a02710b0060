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
from unittest.mock import patch

import polars as pl
import pyarrow.parquet

from generated_candles import generated_candles
from side_by_side import medians, report, report_speeds, rounds_of
from ttapi_polars import lake_files
from ttapi_polars.candle_frames import candles_frame
from ttapi_polars.csv_twin import read_csv_twin, sha256_of, write_csv_twin
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.footers import read_footer
from ttapi_polars.row_order import in_order
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.validation import validate

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
    """Polars' own Parquet, seen safe on the disk, with the settings of ours."""
    with path.open("wb") as file:
        frame.write_parquet(
            file, compression="zstd", compression_level=1, row_group_size=lake_files._ROW_GROUP_ROWS
        )
        file.flush()
        os.fsync(file.fileno())


def pyarrow_parquet(frame: pl.DataFrame, path: Path) -> None:
    """The same by pyarrow."""
    with path.open("wb") as file:
        pyarrow.parquet.write_table(
            frame.to_arrow(),
            file,
            compression="zstd",
            compression_level=1,
            row_group_size=lake_files._ROW_GROUP_ROWS,
        )
        file.flush()
        os.fsync(file.fileno())


def bare_csv(frame: pl.DataFrame, path: Path) -> None:
    """Polars' own CSV, seen safe on the disk."""
    with path.open("wb") as file:
        frame.write_csv(file)
        file.flush()
        os.fsync(file.fileno())


def bare_pair(frame: pl.DataFrame, directory: Path) -> None:
    """Both files by Polars alone."""
    bare_csv(frame, directory / "bare.csv")
    bare_parquet(frame, directory / "bare.parquet")


def our_pair(frame: pl.DataFrame, directory: Path, known_fingerprint: str | None = None) -> FileFooter:
    """The pair: checked, fingerprinted, both files seen safe on the disk."""
    return lake_files.write_pair(
        frame,
        EOD_DATA,
        parquet_path=directory / "ours.parquet",
        csv_path=directory / "ours.csv",
        environment="sandbox",
        source="a benchmark",
        collected_at=datetime(2026, 7, 1, tzinfo=UTC),
        known_fingerprint=known_fingerprint,
    )


def our_parquet(frame: pl.DataFrame, directory: Path) -> None:
    """The pair without its twin: rows checked and found in order, the manifest, the Parquet file."""
    with patch.object(lake_files, "write_csv_twin", return_value="0" * 64):
        our_pair(frame, directory, known_fingerprint="0" * 64)


def candle_parts(frame: pl.DataFrame) -> list[Part]:
    """The rows as Python lists, a part for each symbol."""
    received = frame.select(EOD_DATA.as_of(1).names)  # the feed sends no dividends and splits
    timed = received.with_columns(time=pl.col("date").cast(pl.Datetime("ms")).to_physical()).drop("date")
    return [
        Part(part["symbol"][0], part.drop("symbol").to_dict(as_series=False))
        for part in timed.partition_by("symbol", maintain_order=True)
    ]


def main() -> None:
    """Print a table for each part of the way."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--symbols", type=int, default=507)
    arguments.add_argument("--days", type=int, default=9862)
    arguments.add_argument("--days-as-parts", type=int, default=2505)
    arguments.add_argument("--rounds", type=int, default=5)
    wanted = arguments.parse_args()
    frame = generated_candles(symbols=wanted.symbols, days=wanted.days).rechunk()
    print(f"{frame.height:,} rows, {frame.estimated_size('mb'):.0f} MB, {pl.thread_pool_size()} threads")
    with TemporaryDirectory() as name:
        compare_writing(frame, Path(name), wanted.rounds)
        compare_reading(Path(name), frame.estimated_size("mb"), wanted.rounds)

    days = frame["date"].unique().sort().tail(wanted.days_as_parts)
    parts = candle_parts(frame.filter(pl.col("date") >= days[0]))
    seconds = medians(
        {
            "bare Polars: a frame a part, concatenated": lambda: bare_frame(parts),
            "candles_frame: dated, in order, checked": lambda: candles_frame(parts),
        },
        rounds=wanted.rounds,
    )
    title = f"Columns of {wanted.symbols * len(days):,} candles to a frame"
    report(title, seconds, against="bare Polars: a frame a part, concatenated")


def compare_writing(frame: pl.DataFrame, directory: Path, rounds: int) -> None:
    """Print each of our writers beside the bare one, and what a pair is made of."""
    known = fingerprint(frame, EOD_DATA)
    seconds = rounds_of(
        {
            "bare Parquet": lambda: bare_parquet(frame, directory / "bare.parquet"),
            "Parquet of write_pair": lambda: our_parquet(frame, directory),
            "pyarrow Parquet": lambda: pyarrow_parquet(frame, directory / "pyarrow.parquet"),
            "bare CSV": lambda: bare_csv(frame, directory / "bare.csv"),
            "write_csv_twin": lambda: write_csv_twin(frame, EOD_DATA, directory / "twin.csv"),
            "bare pair": lambda: bare_pair(frame, directory),
            "write_pair, fingerprint known": lambda: our_pair(frame, directory, known),
            "write_pair": lambda: our_pair(frame, directory),
            "  of which check": lambda: validate(frame, EOD_DATA),
            "  of which order": lambda: in_order(frame, EOD_DATA.sort_by),
            "  of which fingerprint": lambda: fingerprint(frame, EOD_DATA),
            "  of which digest of the CSV file": lambda: sha256_of(directory / "ours.csv"),
        },
        rounds=rounds,
    )
    pairs = {
        "Parquet of write_pair": "bare Parquet",
        "pyarrow Parquet": "bare Parquet",
        "write_csv_twin": "bare CSV",
        "write_pair": "bare pair",
        "write_pair, fingerprint known": "bare pair",
    }
    megabytes = frame.estimated_size("mb")
    report_speeds("Writing, fsync included, MB of memory", seconds, pairs=pairs, megabytes=megabytes)
    sizes = {path.name: path.stat().st_size / 2**20 for path in sorted(directory.iterdir())}
    print("Sizes: " + ", ".join(f"{name} {size:.1f} MiB" for name, size in sizes.items()))


def compare_reading(directory: Path, megabytes: float, rounds: int) -> None:
    """Print what reading costs: the footer alone, and all of the pair that ``compare_writing`` left."""
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
            "load": lambda: lake_files.load(parquet_path, EOD_DATA),
            "verify": lambda: lake_files.verify(parquet_path, EOD_DATA),
            "polars.read_csv": lambda: pl.read_csv(csv_path, schema=EOD_DATA.polars_schema),
            "read_csv_twin": lambda: read_csv_twin(csv_path, EOD_DATA),
        },
        rounds=rounds,
    )
    report("Reading", seconds, against="polars.read_parquet", megabytes=megabytes)


if __name__ == "__main__":
    main()
