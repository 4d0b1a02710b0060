# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What shares and options cost on past days, in the units of those days: before later splits."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, Self

import attrs

from ttapi_client.sandbox.world.market import DailyCandles, Dividend, MarketQuote
from ttapi_client.sandbox.world.option_history import option_candles, past_day
from ttapi_client.sandbox.world.option_pricing import PricingDay, valued_at
from ttapi_client.sandbox.world.trading_table import date_at, midnight_ms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_client.sandbox.world.market import Market, Split
    from ttapi_client.sandbox.world.option_market import OptionContract

_EARLIER_MS: Final = 10 * 86_400_000  # long enough to hold a trading day


@attrs.frozen
class DayPrices:
    """Four prices of one day, in dollars."""

    open: float
    high: float
    low: float
    close: float

    @classmethod
    def flat(cls, price: float) -> Self:
        """A day, or a part of one, on which nothing moved."""
        return cls(price, price, price, price)

    def times(self, factor: float) -> DayPrices:
        """The prices of so many shares; with all their digits where it is one."""
        if factor == 1:
            return self
        prices = (self.open, self.high, self.low, self.close)
        return DayPrices(*(round(price * factor, 4) for price in prices))


class PastPrices:
    """
    The daily prices of one listing since a day.

    The market's own are in the units of its latest split; here a share costs what it cost on that day.
    """

    def __init__(self, market: Market, symbol: str, since: date) -> None:
        candles = market.candles(symbol, midnight_ms(since) - _EARLIER_MS)
        quote = market.quote(symbol)
        if candles is None or quote is None or not candles.times:
            raise LookupError(symbol)
        self.candles: DailyCandles = candles
        self.quote: MarketQuote = quote
        actions = market.actions(symbol)
        self.dividends: Sequence[Dividend] = actions.dividends
        self.splits: Sequence[Split] = actions.splits
        self._done = [split for split in actions.splits if split.date <= market.today]
        self.dates = [date_at(time) for time in candles.times]

    def factor(self, day: date) -> float:
        """What a price of that day, as the market tells it today, is to be multiplied with."""
        factor = 1.0
        for split in self._done:
            if split.date > day:
                factor *= split.ratio
        return factor

    def row_from(self, day: date) -> int | None:
        """The row of the first day at or after a date, or None while there is none."""
        row = bisect_left(self.dates, day)
        return row if row < len(self.dates) else None

    def on(self, day: date) -> DayPrices:
        """The prices of a day; those of the last close where nothing was traded on it."""
        row = bisect_right(self.dates, day) - 1
        factor = self.factor(day)
        candles = self.candles
        if row < 0:
            return DayPrices.flat(candles.open[0] * factor)
        if self.dates[row] < day:
            return DayPrices.flat(candles.close[row] * factor)
        values = (candles.open[row], candles.high[row], candles.low[row], candles.close[row])
        return DayPrices(*values).times(factor)

    def close_before(self, day: date) -> float:
        """The last close before a day, in the units of that day; its opening price where there is none."""
        row = bisect_left(self.dates, day) - 1
        price = self.candles.open[0] if row < 0 else self.candles.close[row]
        return price * self.factor(day)


class PastContract:
    """
    The daily prices of one option from a day on, as long as its underlying is not split.

    Parameters
    ----------
    contract
        In the units of the first day.
    prices
        Of its underlying.
    first_day, last_day
        The first and the last day on which its price matters.
    """

    def __init__(
        self, contract: OptionContract, prices: PastPrices, *, first_day: date, last_day: date
    ) -> None:
        self.contract = contract
        self._quote = prices.quote
        factor = prices.factor(first_day)
        start = max(0, bisect_left(prices.dates, first_day) - 1)
        stop = bisect_right(prices.dates, last_day)
        self._candles = _scaled(prices.candles, slice(start, stop), factor)
        self._dates = prices.dates[start:stop]
        self._dividends = [
            attrs.evolve(dividend, amount=dividend.amount * factor) for dividend in prices.dividends
        ]
        self._first_day = first_day
        self._worth: DailyCandles | None = None

    def open_on(self, day: date) -> float:
        """What it cost when the market opened."""
        row = self._dates.index(day)
        candles = self._candles
        opened, _, _ = self.pricing(day).extremes(
            self.contract, open_price=candles.open[row], high=candles.high[row], low=candles.low[row]
        )
        return opened

    def close_on(self, day: date) -> float:
        """What it cost at the close, or has come to cost by now."""
        row = self._dates.index(day)
        pricing = self.pricing(day)
        return pricing.price(self.contract, self._candles.close[row], self.end_of(pricing))

    def on(self, day: date) -> DayPrices:
        """The prices of a day; those of the last close where its underlying was not traded."""
        worth = self._worth
        if worth is None:
            since = midnight_ms(self._first_day)
            worth = self._worth = option_candles(
                self.contract, self._candles, self._quote, since=since, dividends=self._dividends
            )
        row = bisect_right(worth.times, midnight_ms(day)) - 1
        if worth.times[row] < midnight_ms(day):
            return DayPrices.flat(worth.close[row])
        return DayPrices(worth.open[row], worth.high[row], worth.low[row], worth.close[row])

    def pricing(self, day: date) -> PricingDay:
        """Everything but the price of the underlying and the hour that makes its price on a day."""
        return past_day(
            self._candles, bisect_right(self._dates, day) - 1, self._quote, dividends=self._dividends
        )

    def end_of(self, pricing: PricingDay) -> datetime:
        """The instant that a day's last price belongs to."""
        is_latest = pricing.hours.date == self._quote.summary_date
        return valued_at(self._quote) if is_latest else pricing.hours.close_at


def _scaled(candles: DailyCandles, rows: slice, factor: float) -> DailyCandles:
    def scale(prices: Sequence[float]) -> list[float]:
        return [price * factor for price in prices[rows]] if factor != 1 else list(prices[rows])

    return DailyCandles(
        times=candles.times[rows],
        indexes=candles.indexes[rows],
        open=scale(candles.open),
        high=scale(candles.high),
        low=scale(candles.low),
        close=scale(candles.close),
        volume=candles.volume[rows],
        vwap=None,
        implied_volatility=None if candles.implied_volatility is None else candles.implied_volatility[rows],
    )


def day_before(market: Market, day: date) -> date:
    """The last trading day before a date; the date itself where the market has none."""
    days = market.trading_dates(day - timedelta(days=10), day - timedelta(days=1))
    return days[-1] if days else day
