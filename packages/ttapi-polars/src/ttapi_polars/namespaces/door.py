# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""
The doors to the ``.tt`` namespaces: the attributes on Polars' objects, and a function that type checkers see.

The functions that lie behind a door are imported when it is first opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import polars as pl

if TYPE_CHECKING:
    from ttapi_polars.namespaces.expressions import ExprNamespace
    from ttapi_polars.namespaces.frames import DataFrameNamespace, LazyFrameNamespace


@overload
def tt(subject: pl.Expr) -> ExprNamespace: ...
@overload
def tt(subject: pl.LazyFrame) -> LazyFrameNamespace: ...
@overload
def tt(subject: pl.DataFrame) -> DataFrameNamespace: ...
def tt(
    subject: pl.Expr | pl.LazyFrame | pl.DataFrame,
) -> ExprNamespace | LazyFrameNamespace | DataFrameNamespace:
    """
    What ``.tt`` gives, in a way that type checkers see.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [100.0, 110.0]})
    >>> prices.select(tt(pl.col("close")).simple_return().round(6)).to_series().to_list()
    [None, 0.1]
    >>> prices.select(pl.col("close").tt.simple_return().round(6)).to_series().to_list()
    [None, 0.1]
    """
    if isinstance(subject, pl.Expr):
        return _of_expr(subject)
    if isinstance(subject, pl.LazyFrame):
        return _of_lazyframe(subject)
    return _of_dataframe(subject)


def _of_expr(expr: pl.Expr) -> ExprNamespace:
    from ttapi_polars.namespaces.expressions import ExprNamespace  # noqa: PLC0415 - see above

    return ExprNamespace(expr)


def _of_lazyframe(frame: pl.LazyFrame) -> LazyFrameNamespace:
    from ttapi_polars.namespaces.frames import LazyFrameNamespace  # noqa: PLC0415 - see above

    return LazyFrameNamespace(frame)


def _of_dataframe(frame: pl.DataFrame) -> DataFrameNamespace:
    from ttapi_polars.namespaces.frames import DataFrameNamespace  # noqa: PLC0415 - see above

    return DataFrameNamespace(frame)


# Polars' types ask for a class; all it does is call what it is given, with the object.
pl.api.register_expr_namespace("tt")(_of_expr)  # type: ignore[arg-type]
pl.api.register_lazyframe_namespace("tt")(_of_lazyframe)  # type: ignore[arg-type]
pl.api.register_dataframe_namespace("tt")(_of_dataframe)  # type: ignore[arg-type]
