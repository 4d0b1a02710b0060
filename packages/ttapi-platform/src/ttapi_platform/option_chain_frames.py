# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""One expiration's options as frames: a row an option or a strike, with volatility, greeks and smile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
import polars as pl

from ttapi_polars import option_chains
from ttapi_polars.implied_volatility import implied_volatility
from ttapi_polars.options import delta, gamma, theta, vega

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ttapi_core.expirations import ExpirationSeries
    from ttapi_core.quotes import Quote

DAYS_A_YEAR: Final = 365
SMILE_DELTA: Final = 0.25
_STANDARD: Final = "Standard"
_OF_SERIES: Final = {
    "symbol": pl.String,  # of the underlying
    "root": pl.String,
    "chain_type": pl.String,
    "expiration_date": pl.Date,
    "expiration_type": pl.String,
    "settlement_type": pl.String,
}
_OF_QUOTE: Final = ("bid", "ask", "mid", "last", "volume", "open_interest")
SCHEMA: Final = pl.Schema(
    {
        **_OF_SERIES,
        "strike": pl.Float64,
        "is_call": pl.Boolean,
        "option_symbol": pl.String,
        **dict.fromkeys(_OF_QUOTE, pl.Float64),
        "underlying_price": pl.Float64,
        "years": pl.Float64,
    }
)
GREEKS: Final = ("delta", "gamma", "theta", "vega")
_ON_EACH_SIDE: Final = ("option_symbol", *_OF_QUOTE, "implied_volatility", *GREEKS)


@attrs.frozen(kw_only=True)
class Smile:
    """What one expiration's volatilities say; annualised fractions, None where the strikes do not reach."""

    at_the_money: float | None
    put_volatility: float | None  # at the delta of ``SMILE_DELTA``, as the call's
    call_volatility: float | None
    risk_reversal: float | None  # call less put
    butterfly: float | None  # mean of both less at the money

    @property
    def record(self) -> dict[str, float | None]:
        """By name, as JSON has it."""
        return attrs.asdict(self)


def days_to_expiration(series: ExpirationSeries, as_of: date) -> int:
    """
    Calendar days: the service's count, or those from a date of the exchange where it gives none.

    Examples
    --------
    >>> from datetime import date
    >>> from ttapi_core.testing import make_expiration_series
    >>> days_to_expiration(make_expiration_series(expiration_date=date(2026, 12, 18)), date(2026, 12, 16))
    2
    """
    if series.days_to_expiration is not None:
        return series.days_to_expiration
    return (series.expiration_date - as_of).days


def chain_frame(
    series: ExpirationSeries, quotes: Mapping[str, Quote], *, underlying_price: float | None, days: int
) -> pl.DataFrame:
    """
    One row per option of a series, with the volatility that its mid implies and its greeks at that.

    Parameters
    ----------
    series
        Whose options.
    quotes
        By option symbol; an option without a quote has a row all the same.
    underlying_price
        Of one share; without it, nothing is implied.
    days
        Calendar days to expiration.

    Returns
    -------
    DataFrame
        Columns of ``SCHEMA``, ``implied_volatility``, annualised, and ``GREEKS`` of one share as traders
        quote them: ``theta`` for a calendar day, ``vega`` for a percentage point of volatility. By strike,
        the call before the put. All are null where the mid implies no volatility: on the last day, without a
        bid or an ask, below intrinsic value, and for a non-standard series, whose contract is not a number of
        shares.

    Notes
    -----
    European options after Black and Scholes with a rate of 0 and no dividends, years of 365 days.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from decimal import Decimal
    >>> from ttapi_core.testing import make_expiration_series, make_quote
    >>> series = make_expiration_series(strikes=["40"])
    >>> call = replace(make_quote(series.strikes[0].call), mid=Decimal("3.8"))
    >>> chain = chain_frame(series, {call.symbol: call}, underlying_price=42.0, days=182)
    >>> chain.select("is_call", "mid", pl.col("implied_volatility", "delta").round(2)).rows()
    [(True, 3.8, 0.23, 0.65), (False, None, None, None)]
    """
    is_standard = series.chain_type == _STANDARD
    constant = {
        "symbol": series.underlying,
        **{name: getattr(series, name) for name in _OF_SERIES if name != "symbol"},
        "underlying_price": underlying_price if is_standard else None,
        "years": max(0, days) / DAYS_A_YEAR,
    }
    rows = [
        {
            **constant,
            "strike": float(strike.strike),
            "is_call": is_call,
            "option_symbol": option,
            **_numbers(quotes.get(option)),
        }
        for strike in series.strikes
        for is_call, option in ((True, strike.call), (False, strike.put))
    ]
    terms = ("is_call", "underlying_price", "strike", "years")
    priced = (*terms, "implied_volatility")
    return (
        pl.LazyFrame(rows, schema=SCHEMA)
        .with_columns(implied_volatility("mid", *terms))
        .with_columns(delta(*priced), gamma(*priced), theta(*priced) / DAYS_A_YEAR, vega(*priced) / 100)
        .collect()
    )


def strikes_frame(chain: pl.DataFrame) -> pl.DataFrame:
    """
    One row per strike, the call and the put side by side.

    Parameters
    ----------
    chain
        One or several of ``chain_frame``.

    Returns
    -------
    DataFrame
        What a series has in common, ``strike``, ``underlying_price``, ``years``, and the other columns twice,
        with ``call_`` and with ``put_`` before their names; by expiration, root and strike.
    """
    keys = [*_OF_SERIES, "strike"]
    sides = {
        name: chain.filter(pl.col("is_call") == is_call).select(
            *keys, "underlying_price", "years", pl.col(_ON_EACH_SIDE).name.prefix(f"{name}_")
        )
        for name, is_call in (("call", True), ("put", False))
    }
    puts = sides["put"].drop("underlying_price", "years")
    return sides["call"].join(puts, on=keys, how="left").sort("expiration_date", "root", "strike")


def smile_of(chain: pl.DataFrame) -> Smile:
    """
    Volatility at the money and its lean, of one ``chain_frame``; as ``ttapi_polars.option_chains.skew``.

    Examples
    --------
    >>> from ttapi_core.testing import make_expiration_series
    >>> smile_of(chain_frame(make_expiration_series(strikes=[]), {}, underlying_price=42.0, days=182))
    Smile(at_the_money=None, put_volatility=None, call_volatility=None, risk_reversal=None, butterfly=None)
    """
    names = [field.name for field in attrs.fields(Smile)]
    found = option_chains.skew(chain.lazy(), delta=SMILE_DELTA).select(names).collect()
    values = found.row(0) if found.height else [None] * len(names)
    return Smile(**dict(zip(names, values, strict=True)))


def _numbers(quote: Quote | None) -> dict[str, float | None]:
    values = {name: None if quote is None else getattr(quote, name) for name in _OF_QUOTE}
    return {name: None if value is None else float(value) for name, value in values.items()}
