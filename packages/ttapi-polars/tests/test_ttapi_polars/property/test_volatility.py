# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Dispersion and volatility hold under what must not matter, and agree with Python on anything."""

from __future__ import annotations

import math
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, strategies as st

from test_ttapi_polars.plain_volatility import (
    FULL_SAMPLE,
    PLAIN,
    PRICES,
    alike,
    candle_frame,
    hostile_candles,
)
from test_ttapi_polars.values import stored
from ttapi_polars.lake_files import scan
from ttapi_polars.testing import eod_frames
from ttapi_polars.volatility import close_to_close, price_dispersion, realised

if TYPE_CHECKING:
    from random import Random

    from test_ttapi_polars.plain_volatility import Candle


def by_hand(frame: pl.DataFrame, min_days: int) -> list[tuple[str, float, float, int]]:
    """The same from Python's statistics, symbol by symbol."""
    closes: dict[str, list[float]] = {}
    for symbol, close in frame.select("symbol", "close").rows():
        closes.setdefault(symbol, []).append(close)
    return [
        (symbol, statistics.pstdev(prices), statistics.fmean(prices), len(prices))
        for symbol, prices in sorted(closes.items())
        if len(prices) > min_days
    ]


@given(eod_frames(), st.integers(0, 5), st.data())
def test_files_of_any_cut_give_the_right_dispersion(
    frame: pl.DataFrame, min_days: int, data: st.DataObject
) -> None:
    """One file or two, cut by row or by year, declared sorted or not: Python's answer."""
    cut = data.draw(st.integers(0, frame.height))
    year = pl.col("date").dt.year() < data.draw(st.integers(1990, 2036))
    layouts = [[frame], [frame[:cut], frame[cut:]], [frame.filter(year), frame.filter(~year)]]
    with TemporaryDirectory() as directory:
        for number, files in enumerate(layouts):
            names = [f"{number}-{part}" for part, _ in enumerate(files)]
            for name, rows in zip(names, files, strict=True):
                stored(rows, Path(directory), name)
            lazy = scan([Path(directory) / f"{name}.parquet" for name in names])
            found = price_dispersion(lazy, min_days=min_days).collect(engine="streaming").rows()
            expected = by_hand(frame, min_days)
            assert [(row[0], row[3]) for row in found] == [(row[0], row[3]) for row in expected]
            for row, wanted in zip(found, expected, strict=True):
                assert row[1:3] == pytest.approx(wanted[1:3], rel=1e-9, abs=1e-9)


@given(eod_frames(max_symbols=1, min_days=3), st.floats(0.001, 1000.0))
def test_volatility_does_not_see_the_currency(frame: pl.DataFrame, rate: float) -> None:
    """All prices times a rate: the same volatility."""
    estimators = [close_to_close("close"), realised("close"), *FULL_SAMPLE.values()]
    in_another = frame.with_columns(pl.col(PRICES) * rate)
    for estimator in estimators:
        before, after = frame.select(estimator).item(), in_another.select(estimator).item()
        assert after == pytest.approx(before, rel=1e-6, abs=1e-9)


@given(hostile_candles(20))
def test_candles_of_any_kind_have_the_volatility_of_the_papers(candles: list[Candle]) -> None:
    """Null where the loops find none, and never NaN."""
    for name, estimator in FULL_SAMPLE.items():
        found = candle_frame(candles).select(estimator).item()
        assert alike([found], [PLAIN[name](candles)[1]], rel=1e-9, near_zero=1e-12)


@given(hostile_candles(20), hostile_candles(20), st.randoms())
def test_variances_of_candles_add_up(first: list[Candle], second: list[Candle], random: Random) -> None:
    """Of two samples in any order: the mean, weighted by the rows that count in each."""
    both = [*first, *second]
    random.shuffle(both)
    for name in ("parkinson", "garman_klass", "rogers_satchell"):
        whole = candle_frame(both).select(FULL_SAMPLE[name]).item()
        rows, squares = 0, 0.0
        for part in (first, second):
            counted, found = PLAIN[name](part)[0], candle_frame(part).select(FULL_SAMPLE[name]).item()
            rows, squares = rows + counted, squares + (found or 0.0) ** 2 * counted
        assert alike([whole], [math.sqrt(squares / rows) if rows else None], rel=1e-9, near_zero=1e-12)


@given(hostile_candles(12), hostile_candles(12), st.sampled_from(["streaming", "in-memory"]))
def test_symbols_change_nothing_in_each_other(
    first: list[Candle], second: list[Candle], engine: pl._typing.EngineType
) -> None:
    """Whichever comes first, and whether their rows lie together or not."""
    one, other = candle_frame(first, "A"), candle_frame(second, "B")
    mixed = pl.concat([frame.with_row_index("row") for frame in (one, other)]).sort(
        "row", maintain_order=True
    )
    alone = {"A": one.select(**FULL_SAMPLE).row(0), "B": other.select(**FULL_SAMPLE).row(0)}
    for rows in (pl.concat([one, other]), pl.concat([other, one]), mixed):
        found = rows.lazy().group_by("symbol").agg(**FULL_SAMPLE).collect(engine=engine)
        for symbol, *figures in found.rows():
            assert alike(figures, alone[symbol], rel=1e-9, near_zero=1e-12)
