# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""How dearly and how much is traded: quoted spreads, volumes in money, estimates from daily candles."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from ttapi_polars import returns
from ttapi_polars.columns import into_expr, positive

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn


def mid(bid: IntoExprColumn, ask: IntoExprColumn) -> pl.Expr:
    """
    Half way between bid and ask.

    Parameters
    ----------
    bid, ask
        Prices in one currency; null where the side is absent.

    Returns
    -------
    Expr
        Float64, in the prices' currency, one value per row. Null where a side is not a positive finite
        number. A crossed quote, its bid above its ask, has a mid as any other.

    Examples
    --------
    >>> quotes = pl.DataFrame({"bid": [99.0, None, 0.0], "ask": [101.0, 5.0, 0.05]})
    >>> quotes.select(mid("bid", "ask")).to_series().to_list()
    [100.0, None, None]
    """
    return (positive(bid) + positive(ask)) / 2.0


def spread(bid: IntoExprColumn, ask: IntoExprColumn) -> pl.Expr:
    """
    Quoted spread: ask less bid.

    Parameters
    ----------
    bid, ask
        Prices in one currency; null where the side is absent.

    Returns
    -------
    Expr
        Float64, in the prices' currency, one value per row. Null where a side is not a positive finite
        number. Zero where the quote is locked and negative where it is crossed, which is a sign of an old
        side: leave such rows out of an average.

    Examples
    --------
    >>> quotes = pl.DataFrame({"bid": [99.0, 101.5, None], "ask": [101.0, 101.0, 5.0]})
    >>> quotes.select(spread("bid", "ask")).to_series().to_list()
    [2.0, -0.5, None]
    """
    return positive(ask) - positive(bid)


def spread_bps(bid: IntoExprColumn, ask: IntoExprColumn) -> pl.Expr:
    """
    Quoted spread relative to mid, in basis points: 1 is a hundredth of a percent.

    Parameters
    ----------
    bid, ask
        Prices in one currency; null where the side is absent.

    Returns
    -------
    Expr
        Float64, one value per row. Null where a side is not a positive finite number; zero where the quote
        is locked and negative where it is crossed, as ``spread``.

    Examples
    --------
    >>> quotes = pl.DataFrame({"bid": [99.0, None], "ask": [101.0, 5.0]})
    >>> quotes.select(spread_bps("bid", "ask")).to_series().to_list()
    [200.0, None]
    """
    return spread(bid, ask) / mid(bid, ask) * 10_000.0


def dollar_volume(price: IntoExprColumn, volume: IntoExprColumn) -> pl.Expr:
    """
    What was traded, in money: price times volume.

    Parameters
    ----------
    price
        A price that stands for the row's trades, such as the volume-weighted average or the close.
    volume
        Units traded.

    Returns
    -------
    Expr
        Float64, in the price's currency, one value per row. Null where the price is not a positive finite
        number or the volume is null, negative or not finite; zero where nothing was traded.

    Examples
    --------
    >>> candles = pl.DataFrame({"close": [10.0, 10.0, None], "volume": [500, 0, 500]})
    >>> candles.select(dollar_volume("close", "volume")).to_series().to_list()
    [5000.0, 0.0, None]
    """
    return positive(price) * _traded(volume)


def turnover(volume: IntoExprColumn, shares_outstanding: IntoExprColumn) -> pl.Expr:
    """
    What part of all shares was traded, as a ratio: 0.01 is one percent.

    Parameters
    ----------
    volume
        Units traded.
    shares_outstanding
        Units there are.

    Returns
    -------
    Expr
        Float64, one value per row. Null where the volume is null, negative or not finite, or the number of
        shares is not positive and finite; zero where nothing was traded.

    Examples
    --------
    >>> candles = pl.DataFrame({"volume": [500, 0, 500], "shares": [50_000, 50_000, 0]})
    >>> candles.select(turnover("volume", "shares")).to_series().to_list()
    [0.01, 0.0, None]
    """
    return _traded(volume) / positive(shares_outstanding)


def amihud(close: IntoExprColumn, volume: IntoExprColumn) -> pl.Expr:
    """
    Amihud's illiquidity: by what ratio a million of money traded has moved the price, on average.

    Parameters
    ----------
    close
        Closing prices in time order, one symbol; for several, ``group_by("symbol")`` or ``.over("symbol")``.
    volume
        Units traded on those days.

    Returns
    -------
    Expr
        Float64, one value, per million of the price's currency: the mean of |simple return| / (close x
        volume) x 1,000,000. A day counts where its return exists, its price and the one before being positive
        finite numbers, and its volume is positive. Null without such a day.

    Notes
    -----
    Amihud 2002, J. Financial Markets 5(1), equation 1, and as there scaled by a million.

    Examples
    --------
    >>> candles = pl.DataFrame({"close": [10.0, 11.0, 12.1, 12.1], "volume": [500, 1000, 0, 1000]})
    >>> candles.select(amihud("close", "volume").round(6)).item()
    4.545455
    """
    moved = returns.simple(close).abs()
    return (moved / positive(close) / positive(volume)).mean() * 1_000_000.0


def roll_spread(close: IntoExprColumn) -> pl.Expr:
    """
    Roll's effective spread relative to price, as a ratio, from how returns bounce back.

    Parameters
    ----------
    close
        Closing prices in time order, one symbol; for several, ``group_by("symbol")`` or ``.over("symbol")``.

    Returns
    -------
    Expr
        Float64, one value: 2 x the root of the negated covariance of log returns with those of the row
        before. Null where that covariance is positive, which the model cannot explain, and without two pairs
        of returns; a return counts where both of its prices are positive finite numbers.

    Notes
    -----
    Roll 1984, J. Finance 39(4). The covariance is that of a sample, its divisor one less than the pairs.
    Studies that put zero for a covariance above it, as Goyenko, Holden and Trzcinka 2009, J. Financial
    Economics 92(2), add ``.fill_null(0.0)``.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [100.0, 101.0, 100.0, 101.0, 100.0]})
    >>> prices.select(roll_spread("close").round(6)).item()
    0.022979
    """
    log_returns = returns.log(close)
    covariance = pl.cov(log_returns, log_returns.shift(1))
    # Of a single row Polars 2.0 says 0, as if there were pairs.
    is_estimate = (covariance <= 0.0) & (log_returns.count() > 1)
    return pl.when(is_estimate).then(covariance.abs().sqrt() * 2.0)


def corwin_schultz(
    high: IntoExprColumn, low: IntoExprColumn, *, close: IntoExprColumn | None = None
) -> pl.Expr:
    """
    Corwin and Schultz's effective spread relative to price, as a ratio, from daily highs and lows.

    A day's high is mostly bought and its low mostly sold, so that their distance has the spread in it once a
    day, but the variance of the price grows with the days: one day's ranges against those of two tell the
    two apart.

    Parameters
    ----------
    high, low
        Highest and lowest prices in time order, one symbol; for several, ``group_by("symbol")`` or
        ``.over("symbol")``.
    close
        When given, the second day of a pair is moved by what its range lies above or below the close of the
        first, as the paper does because prices change overnight, too; that hides some of the spread.

    Returns
    -------
    Expr
        Float64, one value: the mean over all pairs of rows that follow each other, where a negative estimate
        counts as zero. A pair counts where its prices are positive finite numbers, no high below its low;
        null without one.

    Notes
    -----
    Corwin and Schultz 2012, J. Finance 67(2), equations 14 and 18, which simplify to
    alpha = (1 + sqrt 2) (sqrt beta - sqrt gamma) and spread = 2 tanh(alpha / 2).

    Examples
    --------
    >>> candles = pl.DataFrame({"high": [10.1, 10.1, 10.3], "low": [9.9, 9.9, 10.2]})
    >>> candles.select(corwin_schultz("high", "low").round(6)).item()
    0.01
    """
    top, bottom = positive(high), positive(low)
    first_top, first_bottom = top.shift(1), bottom.shift(1)
    second_top, second_bottom = top, bottom
    if close is not None:
        before = positive(close).shift(1)
        gap = (bottom - before).clip(lower_bound=0.0) + (top - before).clip(upper_bound=0.0)
        second_top, second_bottom = top - gap, bottom - gap
    beta = _log_range(first_top, first_bottom).pow(2) + _log_range(second_top, second_bottom).pow(2)
    both_days = pl.max_horizontal(second_top, first_top) / pl.min_horizontal(second_bottom, first_bottom)
    half_alpha = (beta.sqrt() - both_days.log()) * ((1.0 + math.sqrt(2.0)) / 2.0)
    return (half_alpha.tanh() * 2.0).clip(lower_bound=0.0).mean()


def _log_range(high: pl.Expr, low: pl.Expr) -> pl.Expr:
    """Null where a high is below its low."""
    return pl.when(high >= low).then((high / low).log())


def _traded(volume: IntoExprColumn) -> pl.Expr:
    """Null where the volume is no number of units, which zero is."""
    units = into_expr(volume).cast(pl.Float64)
    return pl.when((units >= 0.0) & units.is_finite()).then(units)
