# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of histories of chosen symbols: the last days of them, computed from all days."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import fmean, stdev
from typing import TYPE_CHECKING

import polars as pl
import pytest

from test_ttapi_platform.candle_parts import in_parts
from ttapi_core.settings import Environment
from ttapi_platform.datasets import Dataset
from ttapi_platform.lake import Lake
from ttapi_platform.prepared import prepare
from ttapi_platform.symbol_histories import listed_expirations, symbol_histories, volatility_cones
from ttapi_polars.schemas import EOD_DATA, EXPIRATION_SERIES
from ttapi_polars.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
CLOSES = {
    name: [100 + 10 * math.sin(day * (1 + seed)) for day in range(70)]
    for seed, name in enumerate(("AAA", "BBB"))
}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Seventy days of two symbols in two parts, and the expirations of one."""
    rows = [
        {
            "symbol": symbol,
            "date": date(2026, 1, 1) + timedelta(days=day),
            **dict.fromkeys(("open", "high", "low", "close"), close),
            "volume": 100,
        }
        for symbol, closes in CLOSES.items()
        for day, close in enumerate(closes)
    ]
    candles = validate(pl.DataFrame(rows, schema=EOD_DATA.polars_schema), EOD_DATA)
    lake = Lake(tmp_path / "sandbox", environment=Environment.SANDBOX)
    with lake.writing():
        for name, prepared in (
            ("eod_data", prepare("eod_data", in_parts(candles, until=date(2026, 2, 20)))),
            ("expiration_series", prepare("expiration_series", validate(expirations(), EXPIRATION_SERIES))),
        ):
            dataset = Dataset(name=name, ttl=timedelta(days=1), parameters={"source": "test"})
            lake.commit(dataset, prepared, inputs={}, collected_at=NOW)
    return lake


def expirations() -> pl.DataFrame:
    """Two standard series and one that is not, of AAA."""
    rows = [
        {
            "underlying": "AAA",
            "root": root,
            "chain_type": kind,
            "expiration_date": date(2026, 7, day),
            "expiration_type": "Regular",
            "settlement_type": "PM",
            "shares_per_contract": 100,
            "days_to_expiration": day - 1,
            "strike_count": day,
        }
        for root, kind, day in (
            ("AAA", "Standard", 10),
            ("AAA1", "Non-standard", 10),
            ("AAA", "Standard", 17),
        )
    ]
    return pl.DataFrame(rows, schema=EXPIRATION_SERIES.polars_schema).sort(EXPIRATION_SERIES.sort_by)


def test_the_last_days_are_computed_from_all_that_came_before(lake: Lake) -> None:
    """The first row that is shown has its averages already, across the border of the parts."""
    rows = symbol_histories(lake, ["BBB", "AAA"], days=10)
    assert rows["symbol"].to_list() == ["AAA"] * 10 + ["BBB"] * 10
    for place, row in enumerate(rows.iter_rows(named=True)):
        until = 61 + place % 10
        closes = CLOSES[row["symbol"]][:until]
        assert row["close"] == closes[-1]
        assert row["average_20"] == pytest.approx(fmean(closes[-20:]))
        assert row["average_50"] == pytest.approx(fmean(closes[-50:]))
        logs = [math.log(after / before) for before, after in pairwise(closes)]
        assert row["volatility_20"] == pytest.approx(stdev(logs[-20:]) * math.sqrt(252))
        assert row["volatility_60"] == pytest.approx(stdev(logs[-60:]) * math.sqrt(252))


def test_more_days_than_there_are_give_all(lake: Lake) -> None:
    """And a symbol without a candle none."""
    assert symbol_histories(lake, ["AAA", "NONE"], days=500).height == len(CLOSES["AAA"])


def test_a_cone_is_over_all_days(lake: Lake) -> None:
    """Its extremes are those of all windows, its latest that of the last one."""
    cones = volatility_cones(lake, ["AAA"]).filter(window=20)
    closes = CLOSES["AAA"]
    logs = [math.log(after / before) for before, after in pairwise(closes)]
    windows = [stdev(logs[start : start + 20]) * math.sqrt(252) for start in range(len(logs) - 19)]
    (row,) = cones.select("lowest", "highest", "latest").rows()
    assert row == pytest.approx((min(windows), max(windows), windows[-1]))


def test_expirations_are_the_standard_ones_by_date(lake: Lake) -> None:
    """Of the symbols that are asked for."""
    rows = listed_expirations(lake, ["AAA", "BBB"])
    assert rows.select("symbol", "root", "days_to_expiration", "strike_count").rows() == [
        ("AAA", "AAA", 9, 10),
        ("AAA", "AAA", 16, 17),
    ]


def test_without_expirations_there_are_no_rows(lake: Lake) -> None:
    """With the columns all the same."""
    columns = listed_expirations(lake, ["AAA"]).columns
    with lake.writing():
        lake.remove("expiration_series")
    none = listed_expirations(lake, ["AAA"])
    assert (none.height, none.columns) == (0, columns)
