# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A column argument, however it was given, as an expression of the values that count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ttapi_polars.results import finite_or_null

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


def positive(column: IntoExprColumn) -> pl.Expr:
    """
    Float64; null where the value is not a positive finite number, as every price has to be.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [1.5, 0.0, -1.0, float("inf"), float("nan"), None]})
    >>> prices.select(positive("close")).to_series().to_list()
    [1.5, None, None, None, None, None]
    """
    value = into_expr(column).cast(pl.Float64)
    return pl.when((value > 0.0) & value.is_finite()).then(value)


def finite(column: IntoExprColumn) -> pl.Expr:
    """
    Float64; null where the value is NaN or infinite.

    Examples
    --------
    >>> returns = pl.DataFrame({"return": [-0.5, float("inf"), float("nan"), None]})
    >>> returns.select(finite("return")).to_series().to_list()
    [-0.5, None, None, None]
    """
    return finite_or_null(into_expr(column).cast(pl.Float64))
