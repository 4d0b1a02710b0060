# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Hypothesis strategies for frames, for anyone's tests; installed with the extra ``testing``."""

from __future__ import annotations

from datetime import UTC, date
from typing import TYPE_CHECKING, Final

import polars as pl
from hypothesis import strategies as st

from ttapi_polars.row_order import in_order
from ttapi_polars.schemas import EOD_DATA

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy
    from polars.datatypes import DataTypeClass

    from ttapi_polars.schemas import ColumnSpec, DatasetSchema

_CENTS: Final = st.integers(1, 10_000_000)
_HOSTILE_TEXTS: Final = (
    "=1+1",
    " =1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r",
    "\x00=1",
    "'=1",
    "''",
    'a "b", c',
    "two\nlines",
    "null",
    "NaN",
    "1e5",
    "\ufeff",
)


def symbols() -> SearchStrategy[str]:
    """
    Symbols as the service spells equities and indexes, share classes included.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(symbols(), lambda symbol: "/" in symbol)
    'A/A'
    """
    return st.from_regex(r"[A-Z]{1,5}(/[A-Z])?", fullmatch=True)


@st.composite
def eod_frames(draw: DrawFn, *, max_symbols: int = 4, min_days: int = 0, max_days: int = 12) -> pl.DataFrame:
    """
    Sensible daily candles, whole cents, in the columns and order of ``schemas.EOD_DATA``.

    Parameters
    ----------
    draw
        Given by Hypothesis.
    max_symbols, min_days, max_days
        Bounds of the frame; each symbol has days of its own. With ``min_days`` above 0 there is a symbol.
    """
    dates = st.dates(date(1990, 1, 1), date(2035, 12, 31))
    days = st.lists(dates, unique=True, min_size=min_days, max_size=max_days)
    by_symbol = st.dictionaries(symbols(), days, min_size=min(min_days, 1), max_size=max_symbols)
    rows = [(symbol, day, *draw(_candles())) for symbol, drawn in draw(by_symbol).items() for day in drawn]
    return _framed(rows, EOD_DATA)


def dataset_frames(
    schema: DatasetSchema, *, min_rows: int = 0, max_rows: int = 8
) -> SearchStrategy[pl.DataFrame]:
    """
    Whatever a dataset's schema allows, in its row order: extreme numbers, odd texts, nulls, no rows at all.

    Parameters
    ----------
    schema
        One of ``schemas.SCHEMAS``, or of one's own.
    min_rows, max_rows
        Bounds of the frame.
    """
    positions = [schema.names.index(name) for name in schema.key]
    rows = st.lists(
        st.tuples(*(_values(column) for column in schema.columns)),
        unique_by=lambda row: tuple(row[position] for position in positions),
        min_size=min_rows,
        max_size=max_rows,
    )
    return rows.map(lambda drawn: _framed(drawn, schema))


def _framed(rows: list[tuple[object, ...]], schema: DatasetSchema) -> pl.DataFrame:
    return in_order(pl.DataFrame(rows, schema=schema.polars_schema, orient="row"), schema.sort_by)


@st.composite
def _candles(draw: DrawFn) -> tuple[object, ...]:
    low, *between, high = sorted(draw(st.tuples(_CENTS, _CENTS, _CENTS, _CENTS)))
    first, last = draw(st.permutations(between))
    volume = draw(st.none() | st.integers(0, 2**53))
    vwap = draw(st.none() | st.integers(low, high))
    implied_volatility = draw(st.none() | st.floats(0.01, 5.0))
    prices = (cents / 100 for cents in (first, high, low, last))
    dividend_factor = draw(st.none() | st.floats(0.9, 0.999))
    dividend = None if dividend_factor is None else round(last / 100 * (1 - dividend_factor), 2)
    split_factor = draw(st.sampled_from((None, None, None, 0.5, 0.25, 10.0)))
    average = None if vwap is None else vwap / 100
    return *prices, volume, average, implied_volatility, dividend, dividend_factor, split_factor


def _values(column: ColumnSpec) -> SearchStrategy[object]:
    by_dtype: dict[DataTypeClass, SearchStrategy[object]] = {
        pl.String: st.sampled_from(_HOSTILE_TEXTS) | st.text(min_size=int(column.nullable), max_size=12),
        pl.Float64: st.floats(allow_nan=False, allow_infinity=False),
        pl.Int64: st.integers(-(2**63), 2**63 - 1),
        pl.Date: st.dates(),
        pl.Datetime: st.datetimes(timezones=st.just(UTC)),
        pl.Boolean: st.booleans(),
    }
    values = by_dtype[column.dtype.base_type()]
    return st.none() | values if column.nullable else values
