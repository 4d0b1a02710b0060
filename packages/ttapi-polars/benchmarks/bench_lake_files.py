# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Making frames, and writing and reading lake files, beside bare Polars."""

from __future__ import annotations

import functools
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

import polars as pl
import pyarrow.parquet
import pytest

from generated_candles import generated_candles
from ttapi_polars import lake_files
from ttapi_polars.candle_frames import candles_frame
from ttapi_polars.csv_twin import read_csv_twin, sha256_of, write_csv_twin
from ttapi_polars.fingerprints import fingerprint
from ttapi_polars.footers import read_footer
from ttapi_polars.row_order import in_order
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from side_by_side import Bench
    from ttapi_polars.footers import FileFooter
    from ttapi_polars.typing import ColumnValues

POLARS: Final = "bare Polars"


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


@functools.cache
def generated(symbols: int, days: int) -> pl.DataFrame:
    """The same candles for all benchmarks of this file."""
    return generated_candles(symbols=symbols, days=days).rechunk()


@pytest.fixture
def frame(bench: Bench) -> pl.DataFrame:
    """What is written and read."""
    symbols, days = bench.size((507, 9862), quick=(20, 100))
    return generated(symbols, days)


def size_of(frame: pl.DataFrame) -> str:
    """How much it is."""
    return f"{frame.height:,} rows, {frame.estimated_size('mb'):,.0f} MB"


def bench_parquet(bench: Bench, frame: pl.DataFrame, tmp_path: Path) -> None:
    """Our file of a pair at 0.9 of the speed of the bare writer, fsync included in both."""
    bench.time(
        "Parquet of write_pair",
        lambda: our_parquet(frame, tmp_path),
        beside={
            POLARS: lambda: bare_parquet(frame, tmp_path / "bare.parquet"),
            "pyarrow": lambda: pyarrow_parquet(frame, tmp_path / "pyarrow.parquet"),
        },
        size=size_of(frame),
        goals={POLARS: 1 / 0.9},
    )
    ours, bare = (float((tmp_path / f"{name}.parquet").stat().st_size / 1e6) for name in ("ours", "bare"))
    bench.compare("the Parquet file", [ours], beside={POLARS: [bare]}, size=size_of(frame), unit="MB")


def bench_csv(bench: Bench, frame: pl.DataFrame, tmp_path: Path) -> None:
    """The twin."""
    bench.time(
        "write_csv_twin",
        lambda: write_csv_twin(frame, EOD_DATA, tmp_path / "ours.csv"),
        beside={POLARS: lambda: bare_csv(frame, tmp_path / "bare.csv")},
        size=size_of(frame),
    )
    ours, bare = (float((tmp_path / f"{name}.csv").stat().st_size / 1e6) for name in ("ours", "bare"))
    bench.compare("the twin", [ours], beside={POLARS: [bare]}, size=size_of(frame), unit="MB")


@pytest.mark.parametrize("is_known", [False, True], ids=["unknown", "known"])
def bench_pair(bench: Bench, frame: pl.DataFrame, tmp_path: Path, is_known: bool) -> None:
    """Both files, the fingerprint of the rows known or not."""
    known = fingerprint(frame, EOD_DATA) if is_known else None
    bench.time(
        "write_pair, fingerprint known" if is_known else "write_pair",
        lambda: our_pair(frame, tmp_path, known),
        beside={POLARS: lambda: bare_pair(frame, tmp_path)},
        size=size_of(frame),
    )


@pytest.mark.parametrize("step", ["check", "order", "fingerprint", "digest of the CSV file"])
def bench_step_of_a_pair(bench: Bench, frame: pl.DataFrame, tmp_path: Path, step: str) -> None:
    """What a pair is made of beside the two files."""
    write_csv_twin(frame, EOD_DATA, tmp_path / "ours.csv")
    steps: dict[str, Callable[[], object]] = {
        "check": lambda: validate(frame, EOD_DATA),
        "order": lambda: in_order(frame, EOD_DATA.sort_by),
        "fingerprint": lambda: fingerprint(frame, EOD_DATA),
        "digest of the CSV file": lambda: sha256_of(tmp_path / "ours.csv"),
    }
    pair = {"write_pair": lambda: our_pair(frame, tmp_path)}
    bench.time(f"  of which {step}", steps[step], beside=pair, size=size_of(frame), rounds=3)


def bench_footer(bench: Bench, frame: pl.DataFrame, tmp_path: Path) -> None:
    """The metadata of one file, its rows not looked at."""
    our_pair(frame, tmp_path)
    path = tmp_path / "ours.parquet"
    bench.time(
        "read_footer",
        lambda: read_footer(path),
        beside={
            POLARS: lambda: pl.read_parquet_metadata(path),
            "pyarrow": lambda: pyarrow.parquet.read_metadata(path).metadata,
        },
        size="a file",
        rounds=101,
    )


@pytest.mark.parametrize("way", ["load", "verify", "read_csv_twin"])
def bench_reading(bench: Bench, frame: pl.DataFrame, tmp_path: Path, way: str) -> None:
    """All of a file, checked against its footer or its schema."""
    our_pair(frame, tmp_path)
    parquet_path, csv_path = tmp_path / "ours.parquet", tmp_path / "ours.csv"
    ways: dict[str, Callable[[], object]] = {
        "load": lambda: lake_files.load(parquet_path, EOD_DATA),
        "verify": lambda: lake_files.verify(parquet_path, EOD_DATA),
        "read_csv_twin": lambda: read_csv_twin(csv_path, EOD_DATA),
    }

    def bare() -> pl.DataFrame:
        """The same file by Polars alone."""
        if way == "read_csv_twin":
            return pl.read_csv(csv_path, schema=EOD_DATA.polars_schema)
        return pl.read_parquet(parquet_path)

    assert bare().equals(frame)
    bench.time(way, ways[way], beside={POLARS: bare}, size=size_of(frame), rounds=5)


def bench_candles_frame(bench: Bench, frame: pl.DataFrame) -> None:
    """What the client hands on, dated, in order and checked."""
    days = frame["date"].unique().sort().tail(bench.size(2505, quick=50))
    parts = candle_parts(frame.filter(pl.col("date") >= days[0]))
    count = sum(len(part.columns["time"]) for part in parts)
    bench.time(
        "candles_frame",
        lambda: candles_frame(parts),
        beside={POLARS: lambda: bare_frame(parts)},
        size=f"{count:,} candles",
        rounds=5,
    )
