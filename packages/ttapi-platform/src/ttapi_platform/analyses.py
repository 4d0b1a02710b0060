# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Analyses over the lake: each a question of `ttapi_polars` about one dataset, for any engine to answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from ttapi_core.errors import DataError
from ttapi_platform.engines import LOCAL, ByDate, BySymbol
from ttapi_platform.selections import require_symbols
from ttapi_polars import cross_sections, per_symbol, returns, summaries
from ttapi_polars.correlations import correlation_matrix
from ttapi_polars.volatility import price_dispersion

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from ttapi_platform.engines import Engine
    from ttapi_platform.lake import Lake
    from ttapi_polars.cross_sections import Measure


def volatility(lake: Lake, *, min_days: int = 30, engine: Engine = LOCAL) -> pl.DataFrame:
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
    ClusterError
        When the engine has a cluster, and that does not work.
    """
    question = BySymbol(dataset="eod_data", query=partial(price_dispersion, min_days=min_days))
    return engine.answer(lake, question)


def summary(
    lake: Lake,
    *,
    symbols: Collection[str] | None = None,
    benchmark: str | None = None,
    engine: Engine = LOCAL,
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
    engine
        What works it out; the answer is the same.

    Raises
    ------
    UnknownSymbolError
        When there are no candles of one of the symbols, or of the benchmark.
    DataError
        When ``eod_data`` has not been collected.
    CorruptFileError
        When one of its files is damaged.
    ClusterError
        When the engine has a cluster, and that does not work.
    """
    market: frozenset[str] = frozenset() if benchmark is None else frozenset({benchmark})
    question = BySymbol(
        dataset="eod_data",
        query=partial(summaries.summary, benchmark=benchmark),
        symbols=None if symbols is None else market.union(symbols),
        beside=market,
    )
    rows = engine.answer(lake, question)
    require_symbols(lake, "eod_data", {*(symbols or ()), *market}, rows["symbol"])
    return rows if symbols is None else _of(rows, symbols)


def correlations(
    lake: Lake,
    *,
    symbols: Collection[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    engine: Engine = LOCAL,
) -> pl.DataFrame:
    """
    Correlation of the daily returns of each pair of symbols of ``eod_data``, over the days that both have.

    A matrix as ``ttapi_polars.correlations.correlation_matrix`` gives it, symbols in order. The engine works
    out the returns; they all come here, one for each candle, and the matrix is one product in this process.
    So it is the same to the last bit whichever engine it was; not so on another kind of processor, where
    numpy may add up in another order.

    Parameters
    ----------
    lake
        Where the candles are.
    symbols
        These alone; all without it.
    since, until
        The first and the last day whose returns count; all days without them. The return of the first one is
        relative to the row before it.
    engine
        What works out the returns.

    Raises
    ------
    UnknownSymbolError
        When there are no candles of one of the symbols.
    DataError
        When ``eod_data`` has not been collected.
    CorruptFileError
        When one of its files is damaged.
    ClusterError
        When the engine has a cluster, and that does not work.
    """
    question = BySymbol(
        dataset="eod_data",
        query=partial(_daily_returns, since=since, until=until),
        symbols=None if symbols is None else frozenset(symbols),
    )
    rows = engine.answer(lake, question)
    require_symbols(lake, "eod_data", symbols or (), rows["symbol"])
    return correlation_matrix(rows)


def ranks(
    lake: Lake,
    *,
    by: Measure = "return",
    symbols: Collection[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    engine: Engine = LOCAL,
) -> pl.DataFrame:
    """
    Each symbol's place among all symbols of ``eod_data``, for every day.

    In order of date, then rank. Columns as in ``ttapi_polars.cross_sections.ranks``. Engines split it by
    date, and each piece reads the days before it, too: on a cluster it takes more work than here.

    Parameters
    ----------
    lake
        Where the candles are.
    by
        What they are ranked by.
    symbols
        Rows of these alone, ranked among all; rows of all without it.
    since, until
        The first and the last day; all days without them.
    engine
        What works it out; the answer is the same.

    Raises
    ------
    UnknownSymbolError
        When there are no candles of one of the symbols.
    DataError
        When ``eod_data`` has not been collected.
    CorruptFileError
        When one of its files is damaged.
    ClusterError
        When the engine has a cluster, and that does not work.
    """
    query = partial(cross_sections.ranks, by=by)
    rows = engine.answer(lake, ByDate(dataset="eod_data", query=query, since=since, until=until))
    if symbols is None:
        return rows
    if set(symbols).difference(rows["symbol"]):
        # One that has candles, but none on these days, is no mistake.
        there = lake.answer("eod_data", lambda candles: candles.select("symbol").unique())
        require_symbols(lake, "eod_data", symbols, there["symbol"])
    return _of(rows, symbols)


def last_day(lake: Lake) -> date:
    """
    The last day of which ``eod_data`` has a candle.

    Raises
    ------
    DataError
        When ``eod_data`` has not been collected, or has no candle.
    CorruptFileError
        When one of its files is damaged.
    """
    found: date | None = lake.answer("eod_data", lambda candles: candles.select(pl.col("date").max())).item()
    if found is None:
        raise DataError(f"eod_data in {lake.root} has no candle", hint="run `ttapi collect` first")
    return found


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
    of_symbol = pl.col("symbol") == symbol
    rows = lake.answer("eod_data", lambda candles: candles.filter(of_symbol).sort("date").tail(days))
    require_symbols(lake, "eod_data", {symbol}, rows["symbol"])
    return rows


def _daily_returns(candles: pl.LazyFrame, *, since: date | None, until: date | None) -> pl.LazyFrame:
    """Symbol, date and return; the first row of each symbol, which has no return, whenever it was."""
    day = pl.col("date")
    rows = per_symbol.select(
        candles, "date", is_first=pl.int_range(pl.len()) == 0, **{"return": returns.simple("close")}
    )
    is_meant = pl.lit(value=True)
    if since is not None:
        is_meant &= day >= since
    if until is not None:
        is_meant &= day <= until
    return rows.filter(is_meant | pl.col("is_first")).drop("is_first")


def _of(rows: pl.DataFrame, symbols: Collection[str]) -> pl.DataFrame:
    return rows.filter(pl.col("symbol").is_in(sorted(set(symbols))))
