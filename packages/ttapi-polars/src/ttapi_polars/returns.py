# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Returns from row to row, growth since the first row, and both with dividends: plain expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from ttapi_polars.columns import finite, into_expr, positive
from ttapi_polars.results import finite_or_null, one_finite_or_null

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn

TRADING_DAYS_PER_YEAR: Final = 252


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
    return finite_or_null(usable / usable.shift(1) - 1.0)


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
    # What is no positive finite number has no finite logarithm either.
    return finite(into_expr(price).cast(pl.Float64).log()).diff()


def total(price: IntoExprColumn, dividend: IntoExprColumn) -> pl.Expr:
    """
    Change relative to the row before with the dividend of the day, as a ratio: 0.01 is one percent.

    Parameters
    ----------
    price
        Prices in time order, one symbol; over several symbols add ``.over("symbol")``.
    dividend
        Paid per unit, on its ex-date, in the price's currency. Null is no dividend; so is a number that is
        not positive and finite, since nobody is paid it.

    Returns
    -------
    Expr
        Float64, one value per row: (price + dividend) / price before - 1. Null on the first row, and where
        this price or the one before is not a positive finite number: a gap is not bridged, and a dividend in
        it is in no return.

    Examples
    --------
    >>> days = pl.DataFrame({"close": [100.0, 98.0, 49.0], "dividend": [None, 3.0, None]})
    >>> days.select(total("close", "dividend").round(6)).to_series().to_list()
    [None, 0.01, -0.5]
    """
    usable = positive(price)
    return finite_or_null((usable + _paid(dividend)) / usable.shift(1) - 1.0)


def cumulative(price: IntoExprColumn) -> pl.Expr:
    """
    Growth since the first price, as a ratio: 0.1 is ten percent.

    Parameters
    ----------
    price
        Prices in time order, one symbol; over several symbols add ``.over("symbol")``.

    Returns
    -------
    Expr
        Float64, one value per row; 0 at the first price that is a positive finite number. Null where the
        price is none; the growth after such a gap is still that since the first price.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [None, 100.0, 110.0, None, 90.0]})
    >>> prices.select(cumulative("close").round(6)).to_series().to_list()
    [None, 0.0, 0.1, None, -0.1]
    """
    usable = positive(price)
    return finite_or_null(usable / usable.first(ignore_nulls=True) - 1.0)


def cumulative_total(price: IntoExprColumn, dividend: IntoExprColumn) -> pl.Expr:
    """
    Growth of one unit bought at the first price, its dividends reinvested, as a ratio: 0.1 is ten percent.

    Parameters
    ----------
    price
        Prices in time order, one symbol; over several symbols add ``.over("symbol")``.
    dividend
        As for ``total``.

    Returns
    -------
    Expr
        Float64, one value per row; 0 at the first price that is a positive finite number. Null where the
        price is none.

    Notes
    -----
    Each dividend buys more of the unit at the price of its ex-date, which multiplies what is held by
    1 + dividend / price; without gaps that compounds the returns of ``total``. A dividend on a row without a
    price waits for the next one, together with others in the same gap. The unit is bought after the dividend
    of its first day and before all later ones. Tax and fractions that cannot be bought are left out.

    Examples
    --------
    >>> days = pl.DataFrame({"close": [100.0, 98.0, None, 49.0], "dividend": [9.0, 2.0, 1.0, None]})
    >>> days.select(cumulative_total("close", "dividend").round(6)).to_series().to_list()
    [0.0, 0.0, None, -0.489796]
    """
    usable = positive(price)
    paid_so_far = _paid(dividend).cum_sum()
    at_prices = pl.when(usable.is_not_null()).then(paid_so_far)
    reinvested = at_prices - at_prices.forward_fill().shift(1)
    held = (1.0 + reinvested / usable).fill_null(1.0).cum_prod()
    return finite_or_null(usable * held / usable.first(ignore_nulls=True) - 1.0)


def compounded(returns: IntoExprColumn) -> pl.Expr:
    """
    Growth that returns add up to, one after another, as a ratio: 0.1 is ten percent.

    Parameters
    ----------
    returns
        Returns in time order, as ratios, one symbol; over several symbols add ``.over("symbol")``.

    Returns
    -------
    Expr
        Float64, one value per row: the product of all 1 + return so far, less 1. Null where the return is
        null, NaN or infinite; such a row changes nothing for those after it. Null once the product is beyond
        what a Float64 holds.

    Examples
    --------
    >>> rows = pl.DataFrame({"return": [None, 0.1, -0.5, None, 1.0]})
    >>> rows.select(compounded("return").round(6)).to_series().to_list()
    [None, 0.1, -0.45, None, 0.1]
    """
    return finite_or_null((1.0 + finite(returns)).cum_prod() - 1.0)


def annualised(returns: IntoExprColumn, *, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> pl.Expr:
    """
    Growth in a year at the geometric mean of the returns, as a ratio: 0.1 is ten percent a year.

    Parameters
    ----------
    returns
        Returns as ratios, in any order, one symbol; for several, ``group_by("symbol")`` or
        ``.over("symbol")``.
    periods_per_year
        Rows in a year; 252 for daily returns.

    Returns
    -------
    Expr
        Float64, one value: the product of all 1 + return, to the power of ``periods_per_year`` over their
        number, less 1. Returns that are null, NaN or infinite are left out, and are no time either; null
        without any other. Null if a return is below -1, which no price can make.

    Examples
    --------
    >>> rows = pl.DataFrame({"return": [None, 0.1, 0.21, -0.1]})
    >>> rows.select(annualised("return", periods_per_year=3).round(6)).item()
    0.1979
    """
    # Through logarithms, so that no product of many returns can leave the range of Float64.
    return one_finite_or_null((finite(returns).log1p().mean() * periods_per_year).exp() - 1.0)


def _paid(dividend: IntoExprColumn) -> pl.Expr:
    return positive(dividend).fill_null(0.0)
