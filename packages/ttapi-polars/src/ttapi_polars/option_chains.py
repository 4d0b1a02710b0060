# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a whole chain of options says: volatility at the money for each expiration, and how it leans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ttapi_polars import options
from ttapi_polars.columns import positive
from ttapi_polars.option_terms import present_values

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn

_EXPIRATION = ("symbol", "expiration_date")


def at_the_money_term_structure(
    chain: pl.LazyFrame, *, rate: float | IntoExprColumn = 0.0, dividend_yield: float | IntoExprColumn = 0.0
) -> pl.LazyFrame:
    """
    For each expiration, the implied volatility where the strike is the forward.

    Parameters
    ----------
    chain
        A row an option, in any order, with columns symbol (of the underlying), expiration_date, strike,
        is_call, implied_volatility, years and underlying_price; others do not matter.
    rate, dividend_yield
        As for ``options.price``, such as ``"rate"`` where the chain has a column of them.

    Returns
    -------
    LazyFrame
        ``symbol``; ``expiration_date``; ``years``, the shortest of the expiration's rows; ``at_the_money``,
        Float64, annualised. Sorted by symbol and expiration date. Null where no strike with a volatility lies
        on each side of the forward, or on it.

    Notes
    -----
    Between the two strikes around the forward, volatility is taken as linear in the logarithm of the strike;
    at a strike, it is the mean of its call and put, or the one of them that is there. A volatility that is
    not positive and finite counts as not there, as does an option without a strike, years or underlying
    price.

    Examples
    --------
    >>> chain = pl.LazyFrame(
    ...     {
    ...         "symbol": "SPY",
    ...         "expiration_date": "2026-09-18",
    ...         "strike": [90.0, 90.0, 110.0],
    ...         "is_call": [True, False, True],
    ...         "implied_volatility": [0.21, 0.23, 0.18],
    ...         "years": 0.25,
    ...         "underlying_price": 100.0,
    ...     }
    ... )
    >>> at_the_money_term_structure(chain).collect().select("at_the_money").to_series().round(6).to_list()
    [0.198998]
    """
    return (
        _placed(chain, rate=rate, dividend_yield=dividend_yield)
        .group_by(_EXPIRATION)
        .agg(pl.col("years").min(), _volatility_where("log_moneyness", 0.0).alias("at_the_money"))
        .sort(_EXPIRATION)
    )


def skew(
    chain: pl.LazyFrame,
    *,
    delta: float = 0.25,
    rate: float | IntoExprColumn = 0.0,
    dividend_yield: float | IntoExprColumn = 0.0,
) -> pl.LazyFrame:
    """
    For each expiration, how much dearer puts are than calls of the same delta, and both than the middle.

    Parameters
    ----------
    chain
        As for ``at_the_money_term_structure``.
    delta
        Delta of the call; the put has the negative.
    rate, dividend_yield
        As for ``options.price``.

    Returns
    -------
    LazyFrame
        ``symbol``; ``expiration_date``; ``put_volatility`` and ``call_volatility``, at that delta;
        ``at_the_money``, as in ``at_the_money_term_structure``; ``risk_reversal``, call less put;
        ``butterfly``, the mean of call and put less at the money. All Float64 and annualised, sorted by
        symbol and expiration date; null where the delta lies outside those of the chain.

    Raises
    ------
    ValueError
        When ``delta`` is not between 0 and 1.

    Notes
    -----
    Each option's delta is that of its own implied volatility, dividends included (``options.delta``). Between
    the two deltas around the wanted one, volatility is taken as linear in delta. What does not count at the
    money does not count here.

    Examples
    --------
    >>> chain = pl.LazyFrame(
    ...     {
    ...         "symbol": "SPY",
    ...         "expiration_date": "2026-09-18",
    ...         "strike": [85.0, 95.0, 100.0, 105.0, 115.0],
    ...         "is_call": [False, False, True, True, True],
    ...         "implied_volatility": [0.26, 0.22, 0.2, 0.19, 0.18],
    ...         "years": 0.25,
    ...         "underlying_price": 100.0,
    ...     }
    ... )
    >>> skew(chain).select("at_the_money", pl.col("risk_reversal", "butterfly").round(4)).collect().row(0)
    (0.2, -0.0426, 0.0086)
    """
    if not 0.0 < delta < 1.0:
        raise ValueError(f"delta is {delta}; it must be between 0 and 1")
    is_call, own_delta = pl.col("is_call"), pl.col("delta")
    put, call = pl.col("put_volatility"), pl.col("call_volatility")
    with_delta = chain.with_columns(
        options.delta(
            "is_call",
            "underlying_price",
            "strike",
            "years",
            positive("implied_volatility"),
            rate=rate,
            dividend_yield=dividend_yield,
        )
    )
    return (
        _placed(with_delta, rate=rate, dividend_yield=dividend_yield)
        .with_columns(
            put_delta=pl.when(~is_call).then(own_delta), call_delta=pl.when(is_call).then(own_delta)
        )
        .group_by(_EXPIRATION)
        .agg(
            _volatility_where("put_delta", -delta).alias("put_volatility"),
            _volatility_where("call_delta", delta).alias("call_volatility"),
            _volatility_where("log_moneyness", 0.0).alias("at_the_money"),
        )
        .with_columns(
            risk_reversal=call - put,
            butterfly=(call + put) / 2.0 - pl.col("at_the_money"),
        )
        .sort(_EXPIRATION)
    )


def _placed(
    chain: pl.LazyFrame, *, rate: float | IntoExprColumn, dividend_yield: float | IntoExprColumn
) -> pl.LazyFrame:
    """Where each strike is, as seen from the forward; null for an option that lacks something."""
    is_possible = pl.field("sign").is_not_null()
    has_volatility = pl.field("volatility").is_not_null()
    log_moneyness = pl.field("distance") * (pl.field("owed") - pl.field("held")).sign()
    terms = present_values(
        "is_call",
        "underlying_price",
        "strike",
        "years",
        rate=rate,
        dividend_yield=dividend_yield,
        volatility=positive("implied_volatility"),
    ).struct.with_fields(
        years=pl.when(is_possible).then(pl.field("years")),
        log_moneyness=pl.when(is_possible & has_volatility).then(log_moneyness),
    )
    return chain.with_columns(terms.struct.field("years", "log_moneyness"))


def _volatility_where(column: str, wanted: float) -> pl.Expr:
    """Implied volatility of a group where a column has a value: linear between the two rows around it."""
    place, volatility = pl.col(column), pl.col("implied_volatility")
    below = place.filter(place <= wanted).max()
    above = place.filter(place >= wanted).min()
    at_below = volatility.filter(place == below).mean()
    at_above = volatility.filter(place == above).mean()
    part = pl.when(above > below).then((wanted - below) / (above - below)).otherwise(0.0)
    return at_below + (at_above - at_below) * part
