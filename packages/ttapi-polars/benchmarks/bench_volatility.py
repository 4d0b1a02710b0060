# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The seed query on lake files, side by side with plain Polars on the same file."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from generated_candles import generated_candles
from side_by_side import medians, report
from ttapi_polars.lake_files import scan, write_pair
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.volatility import close_to_close, price_dispersion


def main() -> None:
    """Print a table for each query."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--symbols", type=int, default=507)
    arguments.add_argument("--days", type=int, default=2505)
    wanted = arguments.parse_args()
    frame = generated_candles(symbols=wanted.symbols, days=wanted.days)
    with TemporaryDirectory() as name:
        whole, years = Path(name) / "whole", Path(name) / "years"
        paths = {
            whole: [store(frame, whole, "all")],
            years: [
                store(rows, years, str(year))
                for (year,), rows in frame.group_by(pl.col("date").dt.year(), maintain_order=True)
            ],
        }
        print(f"{frame.height:,} rows in one file, and in {len(paths[years])} files by year")
        plain = pl.scan_parquet(paths[whole])
        touched = (pl.col("symbol").str.len_bytes().sum(), pl.col("close").sum())
        seconds = medians(
            {
                "floor: decode symbol and close": lambda: plain.select(touched).collect(engine="streaming"),
                "plain Polars, collect()": lambda: price_dispersion(plain).collect(),
                "plain Polars, streaming": lambda: price_dispersion(plain).collect(engine="streaming"),
                "one lake file, streaming": lambda: price_dispersion(scan(paths[whole])).collect(
                    engine="streaming"
                ),
                "lake files by year, streaming": lambda: price_dispersion(scan(paths[years])).collect(
                    engine="streaming"
                ),
            }
        )
        report("price_dispersion, files opened anew each time", seconds, against="plain Polars, collect()")

        annualised = close_to_close("close").alias("volatility")
        seconds = medians(
            {
                "plain Polars, collect()": lambda: plain.group_by("symbol").agg(annualised).collect(),
                "one lake file, streaming": lambda: (
                    scan(paths[whole]).group_by("symbol").agg(annualised).collect(engine="streaming")
                ),
            }
        )
        report("close_to_close of each symbol", seconds, against="plain Polars, collect()")


def store(rows: pl.DataFrame, directory: Path, name: str) -> Path:
    """The Parquet file of a pair."""
    directory.mkdir(exist_ok=True)
    path = directory / f"{name}.parquet"
    write_pair(
        rows,
        EOD_DATA,
        parquet_path=path,
        csv_path=path.with_suffix(".csv"),
        environment="sandbox",
        source="a benchmark",
        collected_at=datetime(2026, 7, 1, tzinfo=UTC),
    )
    return path


if __name__ == "__main__":
    main()
