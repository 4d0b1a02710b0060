# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The volatility suite over a lake larger than memory; what has a value on each row goes to a file."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from questions import DECAY, WINDOWS
from ttapi_polars import drawdowns, exports, per_symbol, rolling, summaries, volatility
from ttapi_polars.lakes import scan
from ttapi_polars.volatility_cones import volatility_cone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

BENCHMARK: Final = "000S0000"  # the first symbol
_PRICES: Final = ("open", "high", "low", "close")


def _by_symbol(*measures: pl.Expr) -> Callable[[pl.LazyFrame], pl.LazyFrame]:
    return lambda candles: candles.group_by("symbol").agg(measures)


def _rolling(candles: pl.LazyFrame) -> pl.LazyFrame:
    windows = {f"v{window}": rolling.close_to_close("close", window=window) for window in WINDOWS}
    return per_symbol.select(candles, "date", **windows)


def _ewma(candles: pl.LazyFrame) -> pl.LazyFrame:
    return per_symbol.select(candles, "date", ewma=rolling.ewma("close", decay=DECAY))


ROW_BY_SYMBOL: Final[Mapping[str, Callable[[pl.LazyFrame], pl.LazyFrame]]] = {
    "price_dispersion": volatility.price_dispersion,
    "close_to_close": _by_symbol(volatility.close_to_close("close")),
    "parkinson": _by_symbol(volatility.parkinson("high", "low")),
    "garman_klass": _by_symbol(volatility.garman_klass(*_PRICES)),
    "rogers_satchell": _by_symbol(volatility.rogers_satchell(*_PRICES)),
    "yang_zhang": _by_symbol(volatility.yang_zhang(*_PRICES)),
    "realised": _by_symbol(volatility.realised("close")),
    "maximum_drawdown": _by_symbol(drawdowns.maximum_drawdown("close")),
    "volatility_cone": volatility_cone,
    "summary": summaries.summary,
    "summary beside a benchmark": lambda candles: summaries.summary(candles, benchmark=BENCHMARK),
}
ROW_BY_ROW: Final[Mapping[str, Callable[[pl.LazyFrame], pl.LazyFrame]]] = {
    "rolling 20/60/252": _rolling,
    "ewma": _ewma,
}


def answer(question: str, root: Path) -> list[float]:
    """How many rows the answer has."""
    candles = scan("eod_data", root)
    if question in ROW_BY_SYMBOL:
        return [ROW_BY_SYMBOL[question](candles).collect(engine="streaming").height]
    with TemporaryDirectory(dir=root) as directory:
        return [exports.write_parquet(ROW_BY_ROW[question](candles), Path(directory, "answer.parquet"))]
