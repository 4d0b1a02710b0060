# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Chosen symbols in depth: their recent days with averages and rolling volatilities, and their cones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from ttapi_platform.freshness import Stored
from ttapi_polars import indicators, per_symbol, rolling
from ttapi_polars.volatility_cones import volatility_cone

if TYPE_CHECKING:
    from collections.abc import Collection

    from ttapi_platform.lake import Lake

AVERAGES: Final = (20, 50)
"""Trading days of the moving averages."""
WINDOWS: Final = (20, 60)
"""Daily returns of the rolling volatilities."""
_SHOWN: Final = ("date", "open", "high", "low", "close", "volume", "implied_volatility")


def symbol_histories(lake: Lake, symbols: Collection[str], *, days: int) -> pl.DataFrame:
    """
    The last candles of symbols, with what is computed from all that came before them.

    Parameters
    ----------
    lake
        With ``eod_data``.
    symbols
        Those without a candle have no row.
    days
        How many of the last candles of each.

    Returns
    -------
    DataFrame
        ``symbol``, the columns of a candle up to ``implied_volatility``; ``average_20`` and ``average_50`` of
        the close; ``volatility_20`` and ``volatility_60``, rolling, annualised ratios. By symbol and date.

    Raises
    ------
    DataError
        When ``eod_data`` has not been collected.
    CorruptFileError
        When a file that it needs is damaged.
    """
    computed = {f"average_{window}": indicators.sma("close", window=window) for window in AVERAGES} | {
        f"volatility_{window}": rolling.close_to_close("close", window=window) for window in WINDOWS
    }
    columns = {name: pl.col(name) for name in _SHOWN} | computed
    latest = {name: column.tail(days) for name, column in columns.items()}

    def query(candles: pl.LazyFrame) -> pl.LazyFrame:
        chosen = candles.filter(pl.col("symbol").is_in(sorted(symbols))).sort("symbol", "date")
        return per_symbol.select(chosen, **latest)

    return lake.answer("eod_data", query)


def volatility_cones(lake: Lake, symbols: Collection[str]) -> pl.DataFrame:
    """
    The volatility cone of each symbol over all of its days, as ``ttapi_polars.volatility_cones`` gives it.

    Raises
    ------
    DataError
        When ``eod_data`` has not been collected.
    CorruptFileError
        When a file that it needs is damaged.
    """

    def query(candles: pl.LazyFrame) -> pl.LazyFrame:
        chosen = candles.filter(pl.col("symbol").is_in(sorted(symbols))).sort("symbol", "date")
        return volatility_cone(chosen)

    return lake.answer("eod_data", query)


def listed_expirations(lake: Lake, symbols: Collection[str]) -> pl.DataFrame:
    """
    Standard series of symbols as ``expiration_series`` has them, by symbol and date; empty where it is not.

    Columns ``symbol``, ``root``, ``expiration_date``, ``expiration_type``, ``days_to_expiration`` as of the
    last collection, ``strike_count``.

    Raises
    ------
    CorruptFileError
        When a file that it needs is damaged.
    """
    columns = ("root", "expiration_date", "expiration_type", "days_to_expiration", "strike_count")
    if not isinstance(lake.stored("expiration_series"), Stored):
        return pl.DataFrame(schema=["symbol", *columns])
    return lake.answer(
        "expiration_series",
        lambda series: (
            series.filter(pl.col("underlying").is_in(sorted(symbols)), pl.col("chain_type") == "Standard")
            .select(pl.col("underlying").alias("symbol"), *columns)
            .sort("symbol", "expiration_date", "root")
        ),
    )
