# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Volatility cones: today's volatility over windows of several lengths against what each symbol has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from ttapi_polars import rolling
from ttapi_polars.returns import TRADING_DAYS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOWS: Final = (20, 40, 60, 120, 252)
"""Trading days of one, two, three, six and twelve months, roughly."""


def volatility_cone(
    frame: pl.LazyFrame,
    *,
    windows: Sequence[int] = WINDOWS,
    ddof: int = 1,
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
) -> pl.LazyFrame:
    """
    Per symbol and window: how low, usual and high rolling close-to-close volatility was, and the latest.

    Parameters
    ----------
    frame
        Columns symbol and close; the rows of each symbol in time order, whatever the order of the symbols.
        Rows declared sorted by symbol, as ``scan`` does on evidence, are aggregated faster.
    windows
        How many returns, for each line of a cone; as in ``rolling.close_to_close``.
    ddof
        The divisor is the number of returns less this.
    periods_per_year
        Rows in a year; 252 for daily closes.

    Returns
    -------
    LazyFrame
        ``symbol``; ``window``, Int64; then Float64, annualised, 0.2 is twenty percent a year: ``lowest``,
        ``lower_quartile``, ``median``, ``upper_quartile`` and ``highest`` of all full windows, interpolated
        linearly between two of them, and ``latest``, of the window that ends with the symbol's last row. One
        row for each symbol and window, sorted by both. Null without a full window, ``latest`` also where its
        own window misses a close. Collect with ``engine="streaming"``.

    Raises
    ------
    ValueError
        When there is no window, one twice, or one that is not greater than ``ddof``.

    Notes
    -----
    Burghardt and Lane 1990, How to Tell if Options Are Cheap, J. Portfolio Management 16(2). Windows overlap,
    as theirs do, so that the values next to each other are much alike: the quantiles describe the past, and
    are no confidence limits.

    Examples
    --------
    >>> closes = [100.0, 102.0, 101.0, 101.0, 104.0]
    >>> frame = pl.LazyFrame({"symbol": ["A"] * 5, "close": closes})
    >>> cone = volatility_cone(frame, windows=[2, 3]).collect()
    >>> cone.select("window", pl.col("lowest", "median", "highest", "latest").round(3)).rows()
    [(2, 0.111, 0.329, 0.333, 0.329), (3, 0.24, 0.281, 0.323, 0.323)]
    """
    if not windows or len(set(windows)) < len(windows):
        raise ValueError(f"windows are {list(windows)}; there must be at least one, and none twice")
    volatilities = [
        rolling.close_to_close("close", window=window, ddof=ddof, periods_per_year=periods_per_year).alias(
            str(window)
        )
        for window in windows
    ]
    each = pl.col("volatility").list
    return (
        frame.group_by("symbol")
        .agg(volatilities)
        .unpivot(index="symbol", variable_name="window", value_name="volatility")
        # Sorted once, so that no quantile has to do it.
        .with_columns(each.sort(), each.last().alias("latest"))
        .select(
            "symbol",
            pl.col("window").cast(pl.Int64),
            each.min().alias("lowest"),
            _quantile(0.25).alias("lower_quartile"),
            _quantile(0.5).alias("median"),
            _quantile(0.75).alias("upper_quartile"),
            each.max().alias("highest"),
            "latest",
        )
        .sort("symbol", "window")
    )


def _quantile(share: float) -> pl.Expr:
    return pl.col("volatility").list.agg(pl.element().quantile(share, "linear"))
