# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A column argument, however it was given, as an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn


def into_expr(column: IntoExprColumn) -> pl.Expr:
    """
    A name means the column of that name; values of one's own stand for themselves.

    Examples
    --------
    >>> pl.DataFrame({"bid": [1, 2]}).select(
    ...     into_expr("bid") + into_expr(pl.Series([10, 20]))
    ... ).to_series().to_list()
    [11, 22]
    """
    if isinstance(column, str):
        return pl.col(column)
    return pl.lit(column) if isinstance(column, pl.Series) else column
