# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of analyses: which symbols they are about, and what is said of one that is not there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from test_ttapi_platform.candle_parts import in_parts
from ttapi_core.errors import DataError, UnknownSymbolError
from ttapi_core.settings import Environment
from ttapi_platform import analyses
from ttapi_platform.datasets import Dataset
from ttapi_platform.lake import Lake
from ttapi_platform.prepared import prepare
from ttapi_polars import summaries
from ttapi_polars.schemas import EOD_DATA
from ttapi_polars.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
EOD = Dataset(name="eod_data", ttl=timedelta(days=1), parameters={"source": "test"})
DAYS = [date(2026, 6, day) for day in (1, 2, 3, 4, 5)]
CLOSES = {
    "AAPL": [100.0, 110.0, 99.0, 121.0, 118.0],
    "BRK/B": [50.0, 49.0, 51.0, 50.5, 52.0],
    "SPY": [400.0, 404.0, 396.0, 410.0, 408.0],
}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Five days of three symbols, the last of them in the recent part."""
    rows = [
        {
            "symbol": symbol,
            "date": day,
            "open": close,
            "high": close,
            "low": close,
            "close": close,
            "volume": 100,
        }
        for symbol, closes in CLOSES.items()
        for day, close in zip(DAYS, closes, strict=True)
    ]
    schema = EOD_DATA.as_of(1)
    frame = pl.DataFrame(rows, schema_overrides=schema.polars_schema).with_columns(
        vwap=pl.lit(None, pl.Float64), implied_volatility=pl.lit(None, pl.Float64)
    )
    lake = Lake(tmp_path / "sandbox", environment=Environment.SANDBOX)
    with lake.writing():
        parts = in_parts(validate(frame, EOD_DATA), until=DAYS[-2])
        lake.commit(EOD, prepare("eod_data", parts), inputs={}, collected_at=NOW)
    return lake


def test_a_summary_is_that_of_the_rows_in_the_lake(lake: Lake) -> None:
    """As of the same rows in one frame."""
    rows = lake.read("eod_data").sort("symbol", "date").lazy()
    assert_frame_equal(analyses.summary(lake), summaries.summary(rows).collect())
    assert_frame_equal(
        analyses.summary(lake, benchmark="SPY"), summaries.summary(rows, benchmark="SPY").collect()
    )


def test_a_summary_of_some_symbols_has_these_rows_of_the_whole(lake: Lake) -> None:
    """Held against the benchmark, which has a row only when it is asked for."""
    everything = analyses.summary(lake, benchmark="SPY")
    for symbols in (["BRK/B", "AAPL"], ["SPY"], ["AAPL", "AAPL"]):
        some = analyses.summary(lake, symbols=symbols, benchmark="SPY")
        assert_frame_equal(some, everything.filter(pl.col("symbol").is_in(symbols)))


def test_a_benchmark_moves_with_itself(lake: Lake) -> None:
    """Beta and correlation are one."""
    (row,) = analyses.summary(lake, symbols=["SPY"], benchmark="SPY").select("beta", "correlation").rows()
    assert row == pytest.approx((1.0, 1.0))


def test_a_symbol_without_candles_is_named_with_what_is_near_it(lake: Lake) -> None:
    """As a symbol, as a benchmark, and for its candles."""
    with pytest.raises(UnknownSymbolError, match="eod_data has no candles of APPL, QQQ") as caught:
        analyses.summary(lake, symbols=["QQQ", "APPL", "SPY"])
    assert caught.value.hint == "did you mean AAPL?"
    with pytest.raises(UnknownSymbolError, match="eod_data has no candles of QQQ") as caught:
        analyses.summary(lake, benchmark="QQQ")
    assert caught.value.hint == "`ttapi collect --symbols` collects others"
    with pytest.raises(UnknownSymbolError, match="eod_data has no candles of SPYY"):
        analyses.recent_candles(lake, "SPYY", days=3)


@pytest.mark.parametrize(("days", "closes"), [(2, [410.0, 408.0]), (99, CLOSES["SPY"])])
def test_the_last_candles_are_in_order_of_days(lake: Lake, days: int, closes: list[float]) -> None:
    """From both parts, or all that there are."""
    assert analyses.recent_candles(lake, "SPY", days=days)["close"].to_list() == closes


def test_without_candles_all_say_what_to_do(tmp_path: Path) -> None:
    """As before the first collection."""
    empty = Lake(tmp_path / "sandbox", environment=Environment.SANDBOX)
    with pytest.raises(DataError, match="there is no eod_data"):
        analyses.summary(empty)
    with pytest.raises(DataError, match="there is no eod_data"):
        analyses.recent_candles(empty, "SPY", days=1)
