# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How far prices are below their highest so far, and for how long: plain expressions on a price column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ttapi_polars.columns import positive

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn


def drawdown(price: IntoExprColumn) -> pl.Expr:
    """
    Loss since the highest price so far, as a ratio: -0.2 is twenty percent below the peak.

    Parameters
    ----------
    price
        Prices in time order, one symbol; over several symbols add ``.over("symbol")``.

    Returns
    -------
    Expr
        Float64, one value per row; 0 at a peak, else negative. Null where the price is not a positive finite
        number; such a row changes nothing for those after it.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [100.0, 80.0, None, 120.0, 90.0]})
    >>> prices.select(drawdown("close").round(6)).to_series().to_list()
    [0.0, -0.2, None, 0.0, -0.25]
    """
    usable = positive(price)
    return usable / usable.cum_max() - 1.0


def maximum_drawdown(price: IntoExprColumn) -> pl.Expr:
    """
    The deepest drawdown, as a ratio: -0.2 is a loss of twenty percent from a peak to a later low.

    Parameters
    ----------
    price
        Prices in time order, one symbol; for several, ``group_by("symbol")`` or ``.over("symbol")``.

    Returns
    -------
    Expr
        Float64, one value, 0 or negative; 0 if no price is below one before it. Null without a price that is
        a positive finite number.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [100.0, 80.0, None, 120.0, 90.0]})
    >>> prices.select(maximum_drawdown("close").round(6)).item()
    -0.25
    """
    return drawdown(price).min()


def drawdown_duration(price: IntoExprColumn) -> pl.Expr:
    """
    Rows since the highest price so far: days under water, for daily prices.

    Parameters
    ----------
    price
        Prices in time order, one symbol; over several symbols add ``.over("symbol")``.

    Returns
    -------
    Expr
        Int64, one value per row; 0 at a peak, which a price that equals the highest so far is too. Null where
        the price is not a positive finite number; such a row counts as time that passes.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [100.0, 80.0, None, 90.0, 100.0, 70.0]})
    >>> prices.select(drawdown_duration("close")).to_series().to_list()
    [0, 1, None, 3, 0, 1]
    """
    usable, row = positive(price), pl.int_range(pl.len())
    latest_peak = pl.when(usable == usable.cum_max()).then(row).forward_fill()
    return pl.when(usable.is_not_null()).then(row - latest_peak)


def longest_drawdown(price: IntoExprColumn) -> pl.Expr:
    """
    The most rows that a price has been since the highest so far, whether or not it came back.

    Parameters
    ----------
    price
        Prices in time order, one symbol; for several, ``group_by("symbol")`` or ``.over("symbol")``.

    Returns
    -------
    Expr
        Int64, one value: the largest ``drawdown_duration``. Null without a price that is a positive finite
        number.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [100.0, 80.0, None, 90.0, 100.0, 70.0]})
    >>> prices.select(longest_drawdown("close")).item()
    3
    """
    return drawdown_duration(price).max()
