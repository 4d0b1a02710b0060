# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Correlations of all symbols with each other, from one value per symbol and day."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import polars as pl

from ttapi_core.errors import SchemaError
from ttapi_polars.columns import finite
from ttapi_polars.results import ROUNDING

if TYPE_CHECKING:
    import numpy as np

    from ttapi_polars.typing import IntoExprColumn

    Matrix: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.float64]]


def correlation_matrix(
    frame: pl.DataFrame | pl.LazyFrame,
    *,
    column: IntoExprColumn = "return",
    symbol: str = "symbol",
    date: str = "date",
) -> pl.DataFrame:
    """
    Pearson's correlation of each pair of symbols, from -1 to 1, over the days that both have.

    Parameters
    ----------
    frame
        One row per symbol and day, in any order. Sorted by symbol, then day, as lake files are, and with the
        same days for all symbols, it is several times faster.
    column
        The values, such as ``returns.simple("close").over("symbol")``. One that is null, NaN or infinite is
        missing.
    symbol, date
        Names of the columns that say whose value it is, and of which day; a row where either is null belongs
        nowhere and is left out.

    Returns
    -------
    DataFrame
        The symbols, sorted, in a column of the name ``symbol``, then a Float64 column named for each of them,
        in the same order. The matrix is symmetric and its diagonal is 1. Null where a pair has fewer than two
        common days, and where the values of either are all the same on those, the diagonal included.

    Raises
    ------
    SchemaError
        When a symbol has two values on one day.

    Notes
    -----
    Every pair rests on its own common days, as in ``pandas.DataFrame.corr``, so that one young symbol does
    not shorten all others. Such a matrix may have negative eigenvalues; where that matters, keep only days
    that all symbols have.

    Examples
    --------
    >>> rows = {"symbol": ["A", "A", "A", "B", "B", "B"], "date": [1, 2, 3, 1, 2, 3]}
    >>> rows["return"] = [0.01, -0.02, 0.03, -0.02, 0.04, -0.06]
    >>> correlation_matrix(pl.DataFrame(rows)).with_columns(pl.col("A", "B").round(6)).rows()
    [('A', 1.0, -1.0), ('B', -1.0, 1.0)]
    """
    rows = (
        frame.lazy()
        .select(symbol=pl.col(symbol).cast(pl.String), date=pl.col(date), value=finite(column))
        .drop_nulls(["symbol", "date"])
        .collect()
    )
    values = rows.drop_nulls()
    found = _matrix(_panel(values), symbol) if values.height else pl.DataFrame(schema={symbol: pl.String})
    return _with_silent(found, rows["symbol"].alias(symbol)) if rows["value"].has_nulls() else found


class _Panel(NamedTuple):
    """Values of symbol after symbol, day after day; null where a symbol has none."""

    symbols: pl.Series
    days: int
    values: pl.Series


def _matrix(panel: _Panel, symbol: str) -> pl.DataFrame:
    names = panel.symbols.to_list()
    values = panel.values.to_numpy().reshape(len(names), panel.days)
    found = pl.Series(_correlations(values).ravel(), dtype=pl.Float64).fill_nan(None)
    columns = (found.slice(place * len(names), len(names)).alias(name) for place, name in enumerate(names))
    return pl.DataFrame([panel.symbols.alias(symbol), *columns])


def _panel(rows: pl.DataFrame) -> _Panel:
    if (panel := _as_it_is(rows)) is not None:
        return panel
    rows = rows.sort("symbol", "date")
    _refuse_duplicates(rows)
    if (panel := _as_it_is(rows)) is not None:
        return panel
    symbols, days = rows["symbol"].unique().sort(), rows["date"].unique().sort()
    place = rows["symbol"].rle_id().cast(pl.Int64) * days.len() + days.search_sorted(rows["date"])
    empty = pl.repeat(None, symbols.len() * days.len(), dtype=pl.Float64, eager=True)
    return _Panel(symbols, days.len(), empty.scatter(place, rows["value"]))


def _as_it_is(rows: pl.DataFrame) -> _Panel | None:
    """A panel without a copy, of rows that are sorted and have the same days for all symbols."""
    lengths, symbols = rows["symbol"].rle().struct.unnest().get_columns()
    number = symbols.len()
    days = rows["date"].head(rows.height // number)
    if (
        lengths.n_unique() > 1
        or not _ascend(symbols)
        or not _ascend(days)
        or rows["date"].reshape((number, days.len())).n_unique() > 1
    ):
        return None
    return _Panel(symbols, days.len(), rows["value"])


def _ascend(values: pl.Series) -> bool:
    return values.is_sorted() and values.n_unique() == values.len()


def _refuse_duplicates(rows: pl.DataFrame) -> None:
    key = pl.struct("symbol", "date")
    twice = rows.filter(key == key.shift(1))
    if twice.height:
        name, day = twice.select("symbol", "date").row(0)
        raise SchemaError("correlation_matrix", [f"{name} has two values on {day}"])


def _correlations(values: Matrix) -> Matrix:
    """Of all rows with all rows; NaN stands for what is missing, on both sides."""
    import numpy as np  # noqa: PLC0415 - takes half as long to import as Polars, for this function alone

    with np.errstate(all="ignore"):
        has = ~np.isnan(values)
        days = has.sum(axis=1, keepdims=True)
        mean = np.nansum(values, axis=1, keepdims=True) / days
        deviations = np.where(has, values - mean, 0.0)
        norm = np.linalg.norm(deviations, axis=1, keepdims=True)
        is_rounding = norm <= ROUNDING * np.sqrt(days) * (1.0 + np.abs(mean))
        unit = deviations / np.where(is_rounding | np.isinf(norm), math.nan, norm)
        found = unit @ unit.T if has.all() else _over_common_days(unit, has.astype(np.float64))
    found = np.clip(found, -1.0, 1.0)
    np.fill_diagonal(found, np.sign(found.diagonal()))
    return found


def _over_common_days(unit: Matrix, has: Matrix) -> Matrix:
    """As the product of unit deviations is for whole rows, but each pair with its own means and norms."""
    import numpy as np  # noqa: PLC0415 - as above

    days, sums, squares = has @ has.T, unit @ has.T, (unit * unit) @ has.T
    covariance = unit @ unit.T - sums * sums.T / days
    variance = squares - sums * sums / days
    # Out of 1 on all days: what is left of it on the common ones may be rounding, as it is on a single day.
    norm = np.sqrt(np.where(variance > ROUNDING, variance, math.nan))
    found: Matrix = covariance / (norm * norm.T)
    return found


def _with_silent(found: pl.DataFrame, symbols: pl.Series) -> pl.DataFrame:
    """Rows and columns of null added for symbols that have no value at all."""
    everyone = symbols.unique().sort()
    silent = everyone.filter(~everyone.is_in(found[symbols.name].implode()))
    return (
        everyone.to_frame()
        .join(found, on=symbols.name, how="left", maintain_order="left")
        .with_columns(pl.lit(None, pl.Float64).alias(name) for name in silent)
        .select(symbols.name, *everyone)
    )
