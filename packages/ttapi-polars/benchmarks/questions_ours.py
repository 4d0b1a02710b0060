# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The questions on daily candles, answered by this library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl
from polars import selectors as cs

from questions import BENCHMARK, DECAY, WINDOWS
from ttapi_polars import drawdowns, per_symbol, returns, risk, rolling, summaries, volatility
from ttapi_polars.lakes import scan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def _floor(candles: pl.LazyFrame) -> pl.LazyFrame:
    return candles.select(pl.col("symbol").str.len_bytes().sum().cast(pl.Float64), pl.col("close").sum())


def _close_to_close(candles: pl.LazyFrame) -> pl.LazyFrame:
    return candles.group_by("symbol").agg(volatility.close_to_close("close"))


def _ranges(candles: pl.LazyFrame) -> pl.LazyFrame:
    prices = ("open", "high", "low", "close")
    return candles.group_by("symbol").agg(
        volatility.parkinson("high", "low").alias("a"),
        volatility.garman_klass(*prices).alias("b"),
        volatility.rogers_satchell(*prices).alias("c"),
        volatility.yang_zhang(*prices).alias("d"),
    )


def _rolling(candles: pl.LazyFrame) -> pl.LazyFrame:
    windows = {f"v{window}": rolling.close_to_close("close", window=window) for window in WINDOWS}
    return per_symbol.select(candles, **windows).select(pl.col(list(windows)).sum())


def _ewma(candles: pl.LazyFrame) -> pl.LazyFrame:
    return candles.group_by("symbol").agg(rolling.ewma("close", decay=DECAY).last())


def _drawdown(candles: pl.LazyFrame) -> pl.LazyFrame:
    return candles.group_by("symbol").agg(drawdowns.maximum_drawdown("close"))


def _beta(candles: pl.LazyFrame) -> pl.LazyFrame:
    market = candles.filter(pl.col("symbol") == BENCHMARK).select("date", market=returns.simple("close"))
    joined = candles.join(market, on="date", how="left", maintain_order="left").set_sorted("symbol")
    return joined.group_by("symbol").agg(risk.beta(returns.simple("close"), "market"))


QUESTIONS: Final[Mapping[str, Callable[[pl.LazyFrame], pl.LazyFrame]]] = {
    "floor": _floor,
    "seed": volatility.price_dispersion,
    "close_to_close": _close_to_close,
    "ranges": _ranges,
    "rolling": _rolling,
    "ewma": _ewma,
    "drawdown": _drawdown,
    "beta": _beta,
    "summary": lambda candles: summaries.summary(candles, benchmark=BENCHMARK),
}


def answer(question: str, root: Path) -> list[float]:
    """The sum of each column of the answer."""
    found = QUESTIONS[question](scan("eod_data", root)).collect(engine="streaming")
    return [float(column.sum()) for column in found.select(cs.numeric()).iter_columns()]
