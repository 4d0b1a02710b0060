# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Our own names for argument types that Polars keeps private, and the shapes that frames are built from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias, TypeVar

from polars import DataFrame, Expr, LazyFrame, Series

IntoExprColumn: TypeAlias = str | Expr | Series
"""A column: its name, an expression, or values of its own."""

Candles = TypeVar("Candles", DataFrame, LazyFrame)
"""A frame of candles, and the same kind of frame back."""

ColumnValues: TypeAlias = Sequence[float | None]
"""Values of one column, oldest first; a value that is missing is ``None``."""


class CandlePart(Protocol):
    """
    Candles of one symbol as columns: ``time`` in milliseconds since 1970 UTC, prices, volume.

    All columns have one length. ``vwap`` and ``implied_volatility`` may be left out.
    """

    @property
    def symbol(self) -> str:
        """The symbol that all rows belong to."""
        ...

    @property
    def columns(self) -> Mapping[str, ColumnValues]:
        """Name of each column, and its values."""
        ...


class ArrowStream(Protocol):
    """
    Anything that hands out its columns through Arrow's C stream interface, without a copy.

    Polars' frames, pyarrow's tables and readers, pandas' frames and DuckDB's relations do.
    """

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The stream, as a capsule."""
        ...
