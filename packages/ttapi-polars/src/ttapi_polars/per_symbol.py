# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows computed symbol by symbol, in a part of the time and memory that ``over`` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from polars import selectors as cs

from ttapi_polars.columns import into_expr

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn


def select(frame: pl.LazyFrame, *columns: IntoExprColumn, **named: IntoExprColumn) -> pl.LazyFrame:
    """
    The symbol and the columns asked for, each expression seeing the rows of one symbol at a time.

    The values are those of ``expression.over("symbol")``. Where the rows are declared sorted by symbol, as
    ``scan`` does on evidence, one symbol after the other streams through and memory does not grow with the
    frame: collect it with ``engine="streaming"``. Only the columns that are asked for are read.

    Parameters
    ----------
    frame
        Rows with a column ``symbol``, those of each symbol in time order.
    columns, named
        Names of columns, and expressions that give one value for each row.

    Returns
    -------
    LazyFrame
        ``symbol``, then the columns. The rows of a symbol stand together and keep their order; the symbols
        come in the order of their first rows.

    Examples
    --------
    >>> from ttapi_polars import returns
    >>> candles = pl.LazyFrame({"symbol": ["A", "B", "A"], "close": [1.0, 7.0, 1.5]})
    >>> select(candles, "close", gain=returns.simple("close")).collect().rows()
    [('A', 1.0, None), ('A', 1.5, 0.5), ('B', 7.0, None)]
    """
    chosen = [*map(into_expr, columns), *(into_expr(column).alias(name) for name, column in named.items())]
    lists = frame.group_by("symbol", maintain_order=True).agg(chosen)
    return lists.explode(cs.exclude("symbol"))
