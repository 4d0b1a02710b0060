# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Analyses over the lake: each a lazy query of `ttapi_polars` on one dataset's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ttapi_polars.volatility import price_dispersion

if TYPE_CHECKING:
    import polars as pl

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
