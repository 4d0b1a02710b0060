# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Dispersion and volatility hold under what must not matter, and agree with Python on anything."""

from __future__ import annotations

import statistics
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

from test_ttapi_polars.values import stored
from ttapi_polars.lake_files import scan
from ttapi_polars.testing import eod_frames
from ttapi_polars.volatility import close_to_close, price_dispersion

EXAMPLES = settings(max_examples=25, deadline=None)


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


@EXAMPLES
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


@EXAMPLES
@given(eod_frames(max_symbols=1, min_days=3), st.floats(0.001, 1000.0))
def test_volatility_does_not_see_the_currency(frame: pl.DataFrame, rate: float) -> None:
    """All prices times a rate: the same volatility."""
    before = frame.select(close_to_close("close")).item()
    after = frame.select(close_to_close(pl.col("close") * rate)).item()
    assert after == pytest.approx(before, rel=1e-6, abs=1e-9)
