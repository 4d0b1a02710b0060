# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The whole market at a glance: a row a symbol with its latest moves and volatilities, and groups of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from ttapi_platform.freshness import Stored
from ttapi_polars import liquidity, returns, rolling

if TYPE_CHECKING:
    from ttapi_platform.lake import Lake

SPANS: Final = (1, 5, 20)
"""Trading days of the changes."""
WINDOWS: Final = (20, 60, 252)
"""Daily returns of the volatilities."""
USUAL_DAYS: Final = 20  # over which traded value is a mean
SHOWN_CLOSES: Final = 60  # of the little curve
_INDEX: Final = "Index"
_LIQUIDITY: Final = ("least traded third", "middle third", "most traded third")
_OF_LISTING: Final = ("symbol", "description", "kind", "listed_market")


def market_overview(lake: Lake) -> pl.DataFrame:
    """
    One row per symbol of ``eod_data`` with what its last days say, in order of symbol.

    Parameters
    ----------
    lake
        With ``eod_data``; ``symbols``, where it is there, says what a symbol is.

    Returns
    -------
    DataFrame
        - ``symbol``; ``description``, ``kind`` (index, fund or the service's word for its type) and
          ``listed_market``, null for a symbol that ``symbols`` does not have.
        - ``last_date``, ``close``; ``closes``, the last 60, oldest first; ``is_current``, whether the last
          day is the last one of the lake.
        - ``change_1``, ``change_5``, ``change_20``: of the close over so many candles, as ratios, dividends
          left out. Null where a close in between is missing.
        - ``volatility_20``, ``volatility_60``, ``volatility_252``: of so many daily log returns, annualised
          ratios; ``implied_volatility``, that of the last candle.
        - ``dollar_volume``: mean of a day over the last 20, in the price's currency; null for an index, which
          is not traded.

    Raises
    ------
    DataError
        When ``eod_data`` has not been collected.
    CorruptFileError
        When a file that it needs is damaged.
    """
    rows = lake.answer("eod_data", _latest)
    last = rows["last_date"].max()
    is_index = pl.col("kind").eq_missing(_INDEX)
    return (
        rows.with_columns(is_current=pl.col("last_date") == last)
        .join(_listings(lake), on="symbol", how="left", maintain_order="left")
        .with_columns(pl.when(~is_index).then("dollar_volume"))
        .select(*_OF_LISTING, pl.exclude(_OF_LISTING))
    )


def volatility_groups(overview: pl.DataFrame) -> pl.DataFrame:
    """
    How volatile the symbols of each group are, by what the service truly says of them: it names no sectors.

    Parameters
    ----------
    overview
        As ``market_overview`` gives it.

    Returns
    -------
    DataFrame
        ``basis``: kind, listing or traded value; ``group``; ``symbols``, how many, Int64; then Float64:
        ``lower_quartile``, ``median`` and ``upper_quartile`` of ``volatility_20``, interpolated linearly;
        ``implied_volatility`` and ``change_20``, medians; ``rising``, the share of symbols with a known
        ``change_1`` that is above zero; ``dollar_volume``, the sum. Within a basis by median, highest first;
        thirds of traded value are of equal numbers of symbols. Symbols that no longer trade are left out.
    """
    current = overview.filter("is_current").with_columns(
        _third(pl.col("dollar_volume")).alias("traded value"),
        pl.col("kind").fill_null("not listed").alias("kind"),
        pl.col("listed_market").fill_null("not told").alias("listing"),
    )
    volatility, change = pl.col("volatility_20"), pl.col("change_1")
    tables = [
        current.drop_nulls(basis)
        .group_by(pl.lit(basis).alias("basis"), pl.col(basis).alias("group"))
        .agg(
            pl.len().cast(pl.Int64).alias("symbols"),
            volatility.quantile(0.25, "linear").alias("lower_quartile"),
            volatility.median().alias("median"),
            volatility.quantile(0.75, "linear").alias("upper_quartile"),
            pl.col("implied_volatility", "change_20").median(),
            (change > 0).mean().alias("rising"),
            pl.col("dollar_volume").sum(),
        )
        .sort("median", "group", descending=[True, False], nulls_last=True)
        for basis in ("kind", "listing", "traded value")
    ]
    return pl.concat(tables)


def _latest(candles: pl.LazyFrame) -> pl.LazyFrame:
    close = pl.col("close")
    daily = returns.simple("close")
    traded = liquidity.dollar_volume("close", "volume")
    measures = {
        "last_date": pl.col("date").last(),
        "close": close.last(),
        "closes": close.tail(SHOWN_CLOSES),
        **{f"change_{span}": _change(daily, span) for span in SPANS},
        **{
            f"volatility_{window}": rolling.close_to_close(close.tail(window + 1), window=window).last()
            for window in WINDOWS
        },
        "implied_volatility": pl.col("implied_volatility").last(),
        "dollar_volume": traded.tail(USUAL_DAYS).mean(),
    }
    return candles.group_by("symbol").agg(**measures).sort("symbol")


def _change(daily: pl.Expr, span: int) -> pl.Expr:
    """Of the last so many returns, where there are as many and none is unknown."""
    latest = daily.tail(span)
    return pl.when(latest.count() == span).then(returns.compounded(latest).last())


def _listings(lake: Lake) -> pl.DataFrame:
    """What ``symbols`` says of each; empty where it cannot be asked, as the candles can do without."""
    kind = (
        pl.when("is_index")
        .then(pl.lit(_INDEX))
        .when("is_etf")
        .then(pl.lit("Exchange-traded fund"))
        .otherwise("instrument_type")
        .alias("kind")
    )
    if not isinstance(lake.stored("symbols"), Stored):
        return pl.DataFrame(schema=dict.fromkeys(_OF_LISTING, pl.String))
    return lake.answer(
        "symbols", lambda symbols: symbols.select("symbol", "description", kind, "listed_market")
    )


def _third(value: pl.Expr) -> pl.Expr:
    """Which third of the symbols a value is in; null without a value."""
    position = (value.rank("ordinal") - 1) * len(_LIQUIDITY) // value.count()
    return position.replace_strict(dict(enumerate(_LIQUIDITY)), return_dtype=pl.String)
