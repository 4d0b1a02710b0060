# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the market at a glance: each figure worked out by hand from the closes that were stored."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import stdev
from typing import TYPE_CHECKING

import polars as pl
import pytest

from test_ttapi_platform.candle_parts import in_parts
from ttapi_core.errors import DataError
from ttapi_core.settings import Environment
from ttapi_platform.datasets import Dataset
from ttapi_platform.lake import Lake
from ttapi_platform.market_overview import market_overview, volatility_groups
from ttapi_platform.prepared import prepare
from ttapi_polars.schemas import EOD_DATA, SYMBOLS
from ttapi_polars.validation import validate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
START = date(2026, 1, 1)
KINDS = {"ETF": (True, False), "IDX": (False, True), "AAA": (False, False), "BBB": (False, False)}


def closes_of(seed: int, days: int) -> list[float]:
    """A price that goes up and down."""
    return [100 + 10 * math.sin(day * (1 + seed / 7)) + seed for day in range(days)]


CLOSES = {name: closes_of(seed, 70) for seed, name in enumerate([*KINDS, "NEW"])} | {"OLD": closes_of(9, 60)}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Seventy days of five symbols, one of them not listed; sixty of one that trades no more."""
    return stored(tmp_path, CLOSES)


def stored(folder: Path, closes: Mapping[str, Sequence[float]]) -> Lake:
    """A lake of candles with these closes, and what four of the symbols are."""
    rows = [
        {
            "symbol": symbol,
            "date": START + timedelta(days=day),
            **dict.fromkeys(("open", "high", "low", "close"), close),
            "volume": 100 * (1 + len(symbol) + ord(symbol[0])),
            "implied_volatility": 0.3 if symbol != "NEW" else None,
        }
        for symbol, prices in closes.items()
        for day, close in enumerate(prices)
    ]
    candles = pl.DataFrame(rows, schema=EOD_DATA.polars_schema).sort("symbol", "date")
    lake = Lake(folder / "sandbox", environment=Environment.SANDBOX)
    with lake.writing():
        for name, prepared in (
            ("symbols", prepare("symbols", validate(listings(), SYMBOLS))),
            ("eod_data", prepare("eod_data", in_parts(validate(candles, EOD_DATA), until=date(2026, 2, 1)))),
        ):
            dataset = Dataset(name=name, ttl=timedelta(days=1), parameters={"source": "test"})
            lake.commit(dataset, prepared, inputs={}, collected_at=NOW)
    return lake


def listings() -> pl.DataFrame:
    """A fund, an index and two shares."""
    rows = [
        {
            "symbol": symbol,
            "description": f"name of {symbol}",
            "instrument_type": "Equity",
            "is_etf": is_etf,
            "is_index": is_index,
            "listed_market": "XNAS" if symbol == "AAA" else "XNYS",
            "is_closing_only": False,
            "is_illiquid": False,
            "streamer_symbol": symbol,
            "in_universe": True,
        }
        for symbol, (is_etf, is_index) in KINDS.items()
    ]
    return pl.DataFrame(rows, schema=SYMBOLS.polars_schema).sort("symbol")


def volatility(closes: Sequence[float], window: int) -> float:
    """Of the last so many log returns, by the standard library."""
    last = closes[-window - 1 :]
    logs = [math.log(after / before) for before, after in pairwise(last)]
    return stdev(logs) * math.sqrt(252)


def test_moves_and_volatilities_are_those_of_the_last_closes(lake: Lake) -> None:
    """Worked out from the closes themselves."""
    for row in market_overview(lake).iter_rows(named=True):
        closes = CLOSES[row["symbol"]]
        assert row["close"] == closes[-1]
        assert row["closes"] == closes[-60:]
        for span in (1, 5, 20):
            assert row[f"change_{span}"] == pytest.approx(closes[-1] / closes[-1 - span] - 1)
        assert row["volatility_20"] == pytest.approx(volatility(closes, 20))
        assert row["volatility_252"] is None


def test_a_window_that_is_not_full_has_no_figure(tmp_path: Path) -> None:
    """Twenty closes have nineteen returns."""
    lake = stored(tmp_path, {"AAA": CLOSES["AAA"][:20], "BBB": CLOSES["BBB"][:1]})
    rows = {row["symbol"]: row for row in market_overview(lake).iter_rows(named=True)}
    assert rows["AAA"]["change_5"] is not None
    assert rows["AAA"]["change_20"] is rows["AAA"]["volatility_20"] is None
    assert rows["BBB"]["change_1"] is None


def test_a_symbol_is_what_the_listing_says(lake: Lake) -> None:
    """A fund and an index by their flags, others by the service's word; who is not listed by none."""
    rows = market_overview(lake).select("symbol", "kind", "description").rows()
    assert rows[:4] == [
        ("AAA", "Equity", "name of AAA"),
        ("BBB", "Equity", "name of BBB"),
        ("ETF", "Exchange-traded fund", "name of ETF"),
        ("IDX", "Index", "name of IDX"),
    ]
    assert rows[4:] == [("NEW", None, None), ("OLD", None, None)]


def test_an_index_is_not_traded(lake: Lake) -> None:
    """Its feed may have a volume all the same."""
    traded = dict(market_overview(lake).select("symbol", "dollar_volume").iter_rows())
    assert traded.pop("IDX") is None
    assert None not in traded.values()


def test_who_trades_no_more_is_not_current_and_in_no_group(lake: Lake) -> None:
    """Its last day is not the last of the lake."""
    overview = market_overview(lake)
    assert overview.filter(~pl.col("is_current"))["symbol"].to_list() == ["OLD"]
    groups = volatility_groups(overview)
    assert groups.filter(basis="kind")["symbols"].sum() == len(CLOSES) - 1


def test_groups_are_what_the_service_says_and_thirds_of_what_is_traded(lake: Lake) -> None:
    """The median of a group of one is its own; the most volatile group stands first."""
    overview = market_overview(lake)
    groups = volatility_groups(overview)
    sizes = {(basis, group): size for basis, group, size in groups.select("basis", "group", "symbols").rows()}
    assert sizes == {
        ("kind", "Equity"): 2,
        ("kind", "Exchange-traded fund"): 1,
        ("kind", "Index"): 1,
        ("kind", "not listed"): 1,
        ("listing", "XNYS"): 3,
        ("listing", "XNAS"): 1,
        ("listing", "not told"): 1,
        ("traded value", "least traded third"): 2,
        ("traded value", "middle third"): 1,
        ("traded value", "most traded third"): 1,
    }
    (fund,) = groups.filter(group="Exchange-traded fund").iter_rows(named=True)
    assert fund["median"] == pytest.approx(volatility(CLOSES["ETF"], 20))
    assert fund["rising"] == (1.0 if CLOSES["ETF"][-1] > CLOSES["ETF"][-2] else 0.0)
    medians = groups.filter(basis="kind")["median"].to_list()
    assert medians == sorted(medians, reverse=True)


def test_candles_do_without_listings(tmp_path: Path) -> None:
    """They are told apart by nothing then."""
    lake = stored(tmp_path, {"AAA": CLOSES["AAA"]})
    with lake.writing():
        lake.remove("symbols")
    (row,) = market_overview(lake).select("symbol", "description", "kind").rows()
    assert row == ("AAA", None, None)
    assert volatility_groups(market_overview(lake))["group"].to_list()[:2] == ["not listed", "not told"]


def test_without_candles_there_is_no_market(tmp_path: Path) -> None:
    """With what to try."""
    with pytest.raises(DataError, match="there is no eod_data") as caught:
        market_overview(Lake(tmp_path / "sandbox", environment=Environment.SANDBOX))
    assert "collect" in str(caught.value.hint)
