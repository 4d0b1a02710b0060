# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Analyses over the lake: each a lazy query of `ttapi_polars` on one dataset's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ttapi_platform.selections import require_symbols
from ttapi_polars import summaries
from ttapi_polars.volatility import price_dispersion

if TYPE_CHECKING:
    from collections.abc import Collection

    from ttapi_platform.lake import Lake


def volatility(lake: Lake, *, min_days: int = 30) -> pl.DataFrame:
    """
    Population standard deviation and mean of close, and number of days, for each symbol of ``eod_data``.

    Only symbols with more than ``min_days`` days; in order of symbol. Columns as in
    ``ttapi_polars.volatility.price_dispersion``.

    Raises
    ------
    DataError
        When ``eod_data`` has not been collected.
    CorruptFileError
        When one of its files is damaged.
    """
    return lake.answer("eod_data", lambda candles: price_dispersion(candles, min_days=min_days))


def summary(
    lake: Lake, *, symbols: Collection[str] | None = None, benchmark: str | None = None
) -> pl.DataFrame:
    """
    Growth, volatilities, risk and liquidity of each symbol of ``eod_data``, over all of its days.

    In order of symbol. Columns as in ``ttapi_polars.summaries.summary``.

    Parameters
    ----------
    lake
        Where the candles are.
    symbols
        Rows of these alone; of all without it.
    benchmark
        A symbol of ``eod_data``, for ``beta`` and ``correlation``; it needs not be among ``symbols``.

    Raises
    ------
    UnknownSymbolError
        When there are no candles of one of the symbols, or of the benchmark.
    DataError
        When ``eod_data`` has not been collected.
    CorruptFileError
        When one of its files is damaged.
    """
    market: set[str] = set() if benchmark is None else {benchmark}
    read = None if symbols is None else {*symbols, *market}
    rows = lake.answer("eod_data", lambda candles: summaries.summary(_of(candles, read), benchmark=benchmark))
    require_symbols(lake, "eod_data", {*(symbols or ()), *market}, rows["symbol"])
    return rows if symbols is None else rows.filter(pl.col("symbol").is_in(sorted(set(symbols))))


def recent_candles(lake: Lake, symbol: str, *, days: int) -> pl.DataFrame:
    """
    The last daily candles of a symbol, oldest first: as many as that, or all that there are.

    Columns as in ``ttapi_polars.schemas.EOD_DATA``.

    Raises
    ------
    UnknownSymbolError
        When there are none.
    DataError
        When ``eod_data`` has not been collected.
    CorruptFileError
        When one of its files is damaged.
    """
    rows = lake.answer("eod_data", lambda candles: _of(candles, {symbol}).sort("date").tail(days))
    require_symbols(lake, "eod_data", {symbol}, rows["symbol"])
    return rows


def _of(candles: pl.LazyFrame, symbols: Collection[str] | None) -> pl.LazyFrame:
    return candles if symbols is None else candles.filter(pl.col("symbol").is_in(sorted(symbols)))
