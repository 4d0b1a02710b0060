# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The correlation matrix of many symbols from a long frame, beside NumPy on a ready matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
import pytest

from generated_candles import generated_candles
from ttapi_polars import returns
from ttapi_polars.correlations import correlation_matrix

if TYPE_CHECKING:
    from collections.abc import Callable

    from side_by_side import Bench

READY: Final = "numpy.corrcoef"


@pytest.mark.parametrize("rows", ["in order", "shuffled", "with holes"])
def bench_correlation_matrix(bench: Bench, rows: str) -> None:
    """At most twice the time of the product itself."""
    symbols, days = bench.size((507, 1260), quick=(40, 100))
    frame = (
        generated_candles(symbols=symbols, days=days)
        .select("symbol", "date", returns.simple("close").over("symbol").alias("return"))
        .drop_nulls()
    )
    matrix = frame["return"].to_numpy().reshape(symbols, -1)
    beside: dict[str, Callable[[], object]] = {READY: lambda: np.corrcoef(matrix)}
    match rows:
        case "in order":
            assert np.allclose(correlation_matrix(frame).drop("symbol").to_numpy(), np.corrcoef(matrix))
            beside["pivot, numpy.corrcoef"] = lambda: np.corrcoef(
                frame.pivot(on="symbol", index="date", values="return").drop("date").to_numpy().T
            )
            wide = frame.to_pandas().pivot_table(index="date", columns="symbol", values="return")
            beside["pandas corr"] = wide.corr
        case "shuffled":
            frame = frame.sample(fraction=1.0, shuffle=True, seed=1)
        case _:
            hole = pl.int_range(pl.len()) % 997 == 0
            frame = frame.with_columns(pl.when(~hole).then("return").alias("return"))
    bench.time(
        f"correlation_matrix, rows {rows}",
        lambda: correlation_matrix(frame),
        beside=beside,
        size=f"{symbols} symbols, {matrix.shape[1]:,} returns",
        goals={READY: 2.0} if rows == "in order" else None,
    )
