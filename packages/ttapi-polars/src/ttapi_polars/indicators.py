# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Technical indicators with the textbook's warm-up: averages, RSI, MACD, Bollinger bands, true range."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from ttapi_polars.columns import positive
from ttapi_polars.windows import whole

if TYPE_CHECKING:
    from ttapi_polars.typing import IntoExprColumn


def sma(price: IntoExprColumn, *, window: int) -> pl.Expr:
    """
    Simple moving average: the mean of the last prices.

    Parameters
    ----------
    price
        Prices in time order, one symbol; over several symbols add ``.over("symbol")``.
    window
        How many prices, this row's included.

    Returns
    -------
    Expr
        Float64, in the price's currency, one value per row. Null while there are fewer rows than ``window``,
        and while one of the last ``window`` prices is not a positive finite number.

    Raises
    ------
    ValueError
        When ``window`` is not a whole number of at least 1.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [1.0, 3.0, 5.0, None, 7.0]})
    >>> prices.select(sma("close", window=2)).to_series().to_list()
    [None, 2.0, 4.0, None, None]
    """
    return positive(price).rolling_mean(whole("window", window))


def ema(price: IntoExprColumn, *, window: int) -> pl.Expr:
    """
    Exponential moving average of smoothing 2 / (window + 1), begun with a simple mean.

    Parameters
    ----------
    price
        Prices in time order, one symbol; over several symbols add ``.over("symbol")``.
    window
        How many prices the first value is the mean of; from then on a price weighs 2 / (window + 1), and
        what was before weighs the rest.

    Returns
    -------
    Expr
        Float64, in the price's currency, one value per row. Null on the first ``window`` - 1 prices. Where
        the price is not a positive finite number, it is null and goes on afterwards as if that row were not
        there.

    Raises
    ------
    ValueError
        When ``window`` is not a whole number of at least 1.

    Notes
    -----
    Begun as TA-Lib begins it; averages begun with the first price alone differ from it at first.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [1.0, 3.0, 5.0, None, 8.0]})
    >>> prices.select(ema("close", window=3)).to_series().to_list()
    [None, None, 3.0, None, 5.5]
    """
    usable = positive(price)
    return _ema(usable, usable.cum_count(), window)


def rsi(price: IntoExprColumn, *, window: int = 14) -> pl.Expr:
    """
    Wilder's relative strength index: what part of all movement went up, from 0 to 100.

    Parameters
    ----------
    price
        Prices in time order, one symbol; over several symbols add ``.over("symbol")``.
    window
        How many changes the first averages are the simple means of; from then on a change weighs 1 / window.

    Returns
    -------
    Expr
        Float64, one value per row: 100 x average gain / (average gain + average loss). Null on the first
        ``window`` prices, and where nothing has moved yet, which is neither strong nor weak. A change counts
        where both of its prices are positive finite numbers; where it does not, the value is null, and the
        averages go on afterwards as if that change were not there.

    Raises
    ------
    ValueError
        When ``window`` is not a whole number of at least 1.

    Notes
    -----
    Wilder, New Concepts in Technical Trading Systems (1978).

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [10.0, 11.0, 10.0, 13.0]})
    >>> prices.select(rsi("close", window=2).round(2)).to_series().to_list()
    [None, None, 50.0, 87.5]
    """
    weight = 1.0 / whole("window", window)
    change = positive(price).diff()
    number = change.cum_count()
    gain = _smoothed(change.clip(lower_bound=0.0), number, window, weight)
    loss = _smoothed((-change).clip(lower_bound=0.0), number, window, weight)
    # Written so that each average is worked out once; where nothing moved, it is 0 / 0.
    return ((loss / gain + 1.0).pow(-1) * 100.0).replace(math.nan, None)


def macd(price: IntoExprColumn, *, fast: int = 12, slow: int = 26, signal: int = 9) -> pl.Expr:
    """
    Moving average convergence and divergence: a fast average less a slow one, and its own average.

    Parameters
    ----------
    price
        Prices in time order, one symbol; over several symbols add ``.over("symbol")``.
    fast, slow
        Windows of the two averages of price, as in ``ema``.
    signal
        Window of the average of their difference.

    Returns
    -------
    Expr
        Struct ``macd``, named so, one per row, of three Float64 in the price's currency: ``macd``, which is
        ``ema(fast) - ema(slow)``; ``signal``, its average; ``histogram``, macd - signal. ``macd`` is null on
        the first ``slow`` - 1 prices, the others on ``signal`` - 1 more; all are null where the price is not
        a positive finite number, and go on afterwards as ``ema`` does.

    Raises
    ------
    ValueError
        When a window is not a whole number of at least 1, or ``fast`` is not less than ``slow``.

    Notes
    -----
    Appel, Technical Analysis: Power Tools for Active Investors (2005). Each average begins with its own first
    window, so that ``macd`` is the difference of two ``ema``. TA-Lib begins the fast one late, with the
    prices just before the slow one's first value, and has no line before there is a signal; the two agree
    ever more closely, for the default windows to nine digits after some 175 prices.

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [1.0, 3.0, 5.0, 9.0]})
    >>> found = prices.select(macd("close", fast=1, slow=2, signal=2)).unnest("macd")
    >>> found["macd"].round(4).to_list(), found["signal"].round(4).to_list()
    ([None, 1.0, 1.0, 1.6667], [None, None, 1.0, 1.4444])
    """
    if whole("fast", fast) >= whole("slow", slow):
        raise ValueError(f"fast is {fast}; it must be less than slow, which is {slow}")
    usable = positive(price)
    number = usable.cum_count()
    line = _ema(usable, number, fast) - _ema(usable, number, slow)
    # There is a line from the price on that is number slow.
    average = _ema(line, number.cast(pl.Int64) - (slow - 1), whole("signal", signal))
    return pl.struct(macd=line, signal=average, histogram=line - average)


def bollinger(price: IntoExprColumn, *, window: int = 20, deviations: float = 2.0) -> pl.Expr:
    """
    Bollinger bands: the simple moving average, and as many standard deviations below and above it.

    Parameters
    ----------
    price
        Prices in time order, one symbol; over several symbols add ``.over("symbol")``.
    window
        How many prices, this row's included, average and deviation are of; the deviation's divisor is this.
    deviations
        How many standard deviations the bands are away.

    Returns
    -------
    Expr
        Struct ``bollinger``, named so, one per row, of ``lower``, ``middle`` and ``upper``, Float64, in the
        price's currency. All three are null where ``sma`` is.

    Raises
    ------
    ValueError
        When ``window`` is not a whole number of at least 1.

    Notes
    -----
    Bollinger, Bollinger on Bollinger Bands (2001).

    Examples
    --------
    >>> prices = pl.DataFrame({"close": [1.0, 3.0, 5.0]})
    >>> prices.select(bollinger("close", window=2)).unnest("bollinger").rows()
    [(None, None, None), (0.0, 2.0, 4.0), (2.0, 4.0, 6.0)]
    """
    rows = whole("window", window)
    usable = positive(price)
    middle, distance = usable.rolling_mean(rows), usable.rolling_std(rows, ddof=0) * deviations
    return pl.struct(lower=middle - distance, middle=middle, upper=middle + distance).alias("bollinger")


def true_range(high: IntoExprColumn, low: IntoExprColumn, close: IntoExprColumn) -> pl.Expr:
    """
    Wilder's true range: how far the day's prices reached, the close of the row before included.

    Parameters
    ----------
    high, low, close
        Candles in time order, one symbol; over several symbols add ``.over("symbol")``.

    Returns
    -------
    Expr
        Float64, in the prices' currency, one value per row: the greatest of high - low, high - the close
        before, and the close before - low. Null on the first row, where one of the three is not a positive
        finite number, and where high is below low.

    Notes
    -----
    Wilder, New Concepts in Technical Trading Systems (1978).

    Examples
    --------
    >>> candles = pl.DataFrame({"high": [5.0, 9.0, 4.0], "low": [3.0, 8.0, 2.0], "close": [4.0, 8.0, 2.0]})
    >>> candles.select(true_range("high", "low", "close")).to_series().to_list()
    [None, 5.0, 6.0]
    """
    top, bottom, before = positive(high), positive(low), positive(close).shift(1)
    # What is greatest of some values passes over those that are null.
    is_candle = (top >= bottom) & before.is_not_null()
    return pl.when(is_candle).then(pl.max_horizontal(top, before) - pl.min_horizontal(bottom, before))


def atr(high: IntoExprColumn, low: IntoExprColumn, close: IntoExprColumn, *, window: int = 14) -> pl.Expr:
    """
    Wilder's average of the true range.

    Parameters
    ----------
    high, low, close
        Candles in time order, one symbol; over several symbols add ``.over("symbol")``.
    window
        How many true ranges the first value is the simple mean of; from then on one weighs 1 / window.

    Returns
    -------
    Expr
        Float64, in the prices' currency, one value per row. Null on the first ``window`` rows, the first of
        which has no true range. Where ``true_range`` is null, it is null and goes on afterwards as if that
        row were not there.

    Raises
    ------
    ValueError
        When ``window`` is not a whole number of at least 1.

    Notes
    -----
    Wilder, New Concepts in Technical Trading Systems (1978).

    Examples
    --------
    >>> candles = pl.DataFrame(
    ...     {"high": [5.0, 9.0, 4.0, 3.0], "low": [3.0, 8.0, 2.0, 2.0], "close": [4.0, 8.0, 2.0, 3.0]}
    ... )
    >>> candles.select(atr("high", "low", "close", window=2)).to_series().to_list()
    [None, None, 5.5, 3.25]
    """
    weight = 1.0 / whole("window", window)
    ranges = true_range(high, low, close)
    return _smoothed(ranges, ranges.cum_count(), window, weight)


def _ema(value: pl.Expr, number: pl.Expr, window: int) -> pl.Expr:
    return _smoothed(value, number, window, 2.0 / (whole("window", window) + 1.0))


def _smoothed(value: pl.Expr, number: pl.Expr, window: int, weight: float) -> pl.Expr:
    """Begun with the mean of the first ``window`` values; ``number`` counts them, up to this row's."""
    mean = value.cum_sum() / window
    begun = pl.when(number > window).then(value).when(number == window).then(mean)
    return begun.ewm_mean(alpha=weight, adjust=False, ignore_nulls=True)
