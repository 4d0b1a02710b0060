# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The correlation matrix of many symbols from a long frame, side by side with NumPy on a ready matrix."""

from __future__ import annotations

import argparse

import numpy as np
import polars as pl

from generated_candles import generated_candles
from side_by_side import medians, report
from ttapi_polars import returns
from ttapi_polars.correlations import correlation_matrix


def main() -> None:
    """Print a table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--symbols", type=int, default=507)
    arguments.add_argument("--days", type=int, default=1260)
    wanted = arguments.parse_args()
    candles = generated_candles(symbols=wanted.symbols, days=wanted.days)
    frame = candles.select(
        "symbol", "date", returns.simple("close").over("symbol").alias("return")
    ).drop_nulls()
    matrix = frame["return"].to_numpy().reshape(wanted.symbols, -1)
    holes = frame.with_columns(pl.when(pl.int_range(pl.len()) % 997 != 0).then("return").alias("return"))
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=1)
    wide = frame.to_pandas().pivot_table(index="date", columns="symbol", values="return")
    difference = np.abs(correlation_matrix(frame).drop("symbol").to_numpy() - np.corrcoef(matrix)).max()
    print(f"{wanted.symbols} symbols, {matrix.shape[1]} returns each; largest difference {difference:.1e}")
    floor = "numpy.corrcoef, ready matrix"
    seconds = medians(
        {
            floor: lambda: np.corrcoef(matrix),
            "correlation_matrix, long frame": lambda: correlation_matrix(frame),
            "correlation_matrix, rows shuffled": lambda: correlation_matrix(shuffled),
            "correlation_matrix, with holes": lambda: correlation_matrix(holes),
            "Polars pivot, numpy.corrcoef": lambda: np.corrcoef(
                frame.pivot(on="symbol", index="date", values="return").drop("date").to_numpy().T
            ),
            "pandas corr, wide frame": wide.corr,
        },
        rounds=7,
    )
    report("Correlation matrix", seconds, against=floor)


if __name__ == "__main__":
    main()
