# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a European option is valued from: its inputs, as far as they are possible, and their values today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ttapi_polars.columns import into_expr

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn

# What lies beyond these is nobody's, and its ratios and squares would leave the range of Float64.
_SMALLEST, _LARGEST = 1e-150, 1e150
_LONGEST = 1e9  # years


def present_values(
    is_call: IntoExprColumn,
    underlying: IntoExprColumn,
    strike: IntoExprColumn,
    years: IntoExprColumn,
    *,
    rate: float | IntoExprColumn,
    dividend_yield: float | IntoExprColumn,
    **others: IntoExprColumn,
) -> pl.Expr:
    """
    A struct for each option, to go on computing with in ``struct.with_fields``.

    A computation that takes steps is written on the fields of a struct, so that each step is computed once,
    however often the next ones use it.

    Parameters
    ----------
    is_call, underlying, strike, years, rate, dividend_yield
        As for ``options.price``.
    others
        More columns to carry along as they are, Float64.

    Returns
    -------
    Expr
        Fields of the parameters' names, and ``held``: the underlying less its dividends, today's value;
        ``owed``: the strike, today's value; ``distance``: the logarithm of the larger over the smaller of
        the two; ``sign``: 1 for a call, -1 for a put, null where an input is missing or impossible, whatever
        the others are then.

    Examples
    --------
    >>> option = {"is_call": [True], "underlying": [100.0], "strike": [110.0], "years": [0.0]}
    >>> terms = present_values(*option, rate=0.05, dividend_yield=0.0)
    >>> pl.DataFrame(option).select(terms.struct.field("held", "owed", "sign", "distance").round(6)).row(0)
    (100.0, 110.0, 1.0, 0.09531)
    """
    numbers = {
        "underlying": underlying,
        "strike": strike,
        "years": years,
        "rate": rate,
        "dividend_yield": dividend_yield,
    }
    call, span, held, owed = pl.field("is_call"), pl.field("years"), pl.field("held"), pl.field("owed")
    amounts = (amount.is_between(_SMALLEST, _LARGEST) for amount in (held, owed))
    possible = pl.all_horizontal(span.is_between(0.0, _LONGEST), *amounts)
    return (
        pl.struct(
            into_expr(is_call).alias("is_call"),
            *(number_or_column(value).alias(name) for name, value in (numbers | others).items()),
        )
        .struct.with_fields(
            held=pl.field("underlying") * (-pl.field("dividend_yield") * span).exp(),
            owed=pl.field("strike") * (-pl.field("rate") * span).exp(),
        )
        .struct.with_fields(
            sign=pl.when(possible & call).then(1.0).when(possible & ~call).then(-1.0),
            distance=((held - owed).abs() / pl.min_horizontal(held, owed)).log1p(),
        )
    )


def number_or_column(value: float | IntoExprColumn) -> pl.Expr:
    """Float64: one number for all rows, or a column."""
    if isinstance(value, (int, float)):
        return pl.lit(float(value))
    return into_expr(value).cast(pl.Float64)


def not_negative(number: pl.Expr) -> pl.Expr:
    """Null where the number is negative, NaN or beyond all measure."""
    return pl.when(number.is_between(0.0, _LARGEST)).then(number)
