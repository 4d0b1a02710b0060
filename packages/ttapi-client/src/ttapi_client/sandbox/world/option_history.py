# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What an option was worth: daily candles priced along the history of its underlying."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from datetime import timedelta
from typing import TYPE_CHECKING

from ttapi_client.sandbox.world.market import DailyCandles
from ttapi_client.sandbox.world.option_pricing import PricingDay, valued_at, years_until
from ttapi_client.sandbox.world.trading_table import date_at, midnight_ms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_client.sandbox.world.market import Dividend, MarketQuote
    from ttapi_client.sandbox.world.option_market import OptionContract


def past_day(
    history: DailyCandles, row: int, quote: MarketQuote, dividends: Sequence[Dividend]
) -> PricingDay:
    """The pricing on the day of one of an underlying's candles; where they know no volatility, today's."""
    # What a recording does not know of a day is not a number.
    known = math.nan if history.implied_volatility is None else history.implied_volatility[row]
    return PricingDay.of(
        quote.listing,
        date_at(history.times[row]),
        reference=history.close[row - 1] if row > 0 else history.open[row],
        implied_volatility=quote.implied_volatility if math.isnan(known) else known,
        dividends=dividends,
    )


def option_candles(
    contract: OptionContract,
    history: DailyCandles,
    quote: MarketQuote,
    *,
    since: int,
    dividends: Sequence[Dividend],
) -> DailyCandles:
    """
    The candles of a contract, one for each of its underlying's from a time on until it is settled.

    Parameters
    ----------
    contract
        One option.
    history
        Candles of its underlying, with at least one before ``since`` where there is any.
    quote
        The underlying's: the candle of its day, which may go on, closes with it.
    since
        Milliseconds.
    dividends
        The underlying's.
    """
    expiration = contract.expiration
    last_day = expiration.date - timedelta(days=expiration.settlement_type == "AM")
    rows = range(bisect_left(history.times, since), bisect_right(history.times, midnight_ms(last_day)))
    opens: list[float] = []
    highs: list[float] = []
    lows: list[float] = []
    closes: list[float] = []
    volumes: list[int] = []
    volatilities: list[float] = []
    for row in rows:
        day = past_day(history, row, quote, dividends)
        spot = history.close[row]
        instant = valued_at(quote) if day.hours.date == quote.summary_date else day.hours.close_at
        close = day.price(contract, spot, instant)
        opened, high, low = day.extremes(
            contract, open_price=history.open[row], high=history.high[row], low=history.low[row]
        )
        opens.append(opened)
        highs.append(max(high, opened, close))
        lows.append(min(low, opened, close))
        closes.append(close)
        shares = history.volume[row]
        volumes.append(0 if math.isnan(shares) else day.volume(contract, shares))
        left = years_until(contract.expires_at, instant)
        volatilities.append(round(day.volatility(contract, spot, left), 6))
    return DailyCandles(
        times=history.times[rows.start : rows.stop],
        indexes=history.indexes[rows.start : rows.stop],
        open=opens,
        high=highs,
        low=lows,
        close=closes,
        volume=volumes,
        vwap=[round(sum(prices) / 3, 4) for prices in zip(highs, lows, closes, strict=True)],
        implied_volatility=volatilities,
    )
