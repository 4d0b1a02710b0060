# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What the streaming engine does of the volatility suite: symbol by symbol, and nothing of it in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from test_ttapi_polars.values import eod, stored
from ttapi_polars import drawdowns, per_symbol, rolling, volatility
from ttapi_polars.lake_files import scan
from ttapi_polars.summaries import summary
from ttapi_polars.volatility_cones import volatility_cone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl

PRICES: Final = ("open", "high", "low", "close")
BY_SYMBOL: Final = "sorted-group-by"  # for each symbol when its rows have passed, not when all have
IN_MEMORY: Final = 'fillcolor="0.0 0.3 1.0"'  # the colour of a step that is left to the other engine
KEPT: Final = "multiplexer"  # of rows that two steps want, until the slower one has had them


def measured(candles: pl.LazyFrame) -> pl.LazyFrame:
    """Each measure that has one value for a symbol."""
    return candles.group_by("symbol").agg(
        closes=volatility.close_to_close("close"),
        parkinson=volatility.parkinson("high", "low"),
        garman_klass=volatility.garman_klass(*PRICES),
        rogers_satchell=volatility.rogers_satchell(*PRICES),
        yang_zhang=volatility.yang_zhang(*PRICES),
        realised=volatility.realised("close"),
        drawdown=drawdowns.maximum_drawdown("close"),
    )


def windows(candles: pl.LazyFrame) -> pl.LazyFrame:
    """What has a value on each row."""
    return per_symbol.select(
        candles,
        "date",
        closes=rolling.close_to_close("close", window=20),
        ranges=rolling.yang_zhang(*PRICES, window=20),
        weighted=rolling.ewma("close"),
    )


@pytest.mark.parametrize("files", [["compact"], ["early", "late"]])
@pytest.mark.parametrize(
    "suite",
    [
        measured,
        windows,
        volatility.price_dispersion,
        volatility_cone,
        summary,
        lambda candles: summary(candles, benchmark="SPY"),
    ],
)
def test_rows_pass_and_are_not_kept(
    tmp_path: Path, files: list[str], suite: Callable[[pl.LazyFrame], pl.LazyFrame]
) -> None:
    """Whether all of them are in order or what is recent lies beside the rest."""
    frame = eod({"AAPL": [1.0, 2.0, 3.0], "SPY": [3.0, 4.0, 5.0]})
    for name in files:
        stored(frame, tmp_path, name)
    query = suite(scan([tmp_path / f"{name}.parquet" for name in files]))
    plan = query.show_graph(engine="streaming", plan_stage="physical", raw_output=True, show=False)
    assert plan is not None
    assert BY_SYMBOL in plan
    assert IN_MEMORY not in plan
    assert KEPT not in plan
