# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Returns from one row to the next: plain expressions on a price column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ttapi_polars.columns import positive

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn


def simple(price: IntoExprColumn) -> pl.Expr:
    """
    Change relative to the row before, as a ratio: 0.01 is one percent.

    Parameters
    ----------
    price
        Prices in time order, one symbol; over several symbols add ``.over("symbol")``.

    Returns
    -------
    Expr
        Float64, one value per row. Null on the first row, and where this price or the one before is not a
        positive finite number: a gap is not bridged.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [100.0, 110.0, None, 99.0, 49.5]})
    >>> prices.select(simple("close").round(6)).to_series().to_list()
    [None, 0.1, None, None, -0.5]
    """
    usable = positive(price)
    return usable / usable.shift(1) - 1.0


def log(price: IntoExprColumn) -> pl.Expr:
    """
    Natural logarithm of price over the price of the row before.

    Parameters
    ----------
    price
        Prices in time order, one symbol; over several symbols add ``.over("symbol")``.

    Returns
    -------
    Expr
        Float64, one value per row. Null on the first row, and where this price or the one before is not a
        positive finite number: a gap is not bridged.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [1.0, 2.0, 0.0, 4.0]})
    >>> prices.select(log("close").round(6)).to_series().to_list()
    [None, 0.693147, None, None]
    """
    return positive(price).log().diff()
