# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Metrics of a name, each derived from what the market serves anyway: candles, options, corporate actions."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from math import log, log10, sqrt
from statistics import StatisticsError, correlation, fmean, linear_regression
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.listings import Listing, OptionProgram
from ttapi_client.sandbox.world.trading_table import midnight_ms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttapi_client.sandbox.world.expirations import ListedExpiration, OptionRoot
    from ttapi_client.sandbox.world.market import DailyCandles, Dividend, EarningsReport, Market, MarketQuote
    from ttapi_client.sandbox.world.option_market import OptionMarket

BENCHMARK: Final = "SPY"
_DAYS_A_YEAR: Final = 252
_THREE_MONTHS: Final = 63
_A_YEAR: Final = timedelta(days=365)
_LOOKBACK: Final = timedelta(days=380)  # holds a year of trading days and the close before them
_LEAST_PAIRS: Final = 21  # of returns, for a regression to say anything
_LIQUIDITY_DAYS: Final = 20
_LIQUIDITY_STEPS: Final = (2e6, 2e7, 2e8)  # dollars a day; each lifts the rating by one
_LIQUIDITY_SPAN: Final = (5.0, 11.0)  # powers of ten of dollars a day, from rank 0 to rank 1
_QUARTERS: Final = 4


@attrs.frozen(kw_only=True)
class SymbolHistory:
    """What finished days and past actions say; None where they say nothing."""

    days: date  # the last of them
    today: date
    volatilities: tuple[float | None, float | None, float | None]  # 30, 60, 90 days; fractions a year
    beta: float | None  # against SPY's daily returns of a year
    correlation: float | None  # with them, over three months
    implied_volatilities: tuple[float, ...]  # fractions, oldest first; empty without options
    dollar_volumes: tuple[float, ...]  # of those of the last twenty days that are known
    first_liquid_day: date
    dividends: tuple[Dividend, ...]  # up to today
    next_dividend: Dividend | None  # announced
    earnings: tuple[EarningsReport, ...]  # reported up to today
    next_earnings: EarningsReport | None  # expected

    @property
    def yearly_dividends(self) -> list[Dividend]:
        """Those of the last year."""
        return [one for one in self.dividends if one.ex_date > self.today - _A_YEAR]

    @property
    def yearly_eps(self) -> float | None:
        """Earnings a share of the last four quarters."""
        quarters = self.earnings[-_QUARTERS:]
        return sum(one.eps for one in quarters) if len(quarters) == _QUARTERS else None


@attrs.frozen(kw_only=True)
class SymbolMetrics:
    """One name's metrics now."""

    quote: MarketQuote
    history: SymbolHistory
    market_cap: int | None  # dollars
    implied_volatility: float | None  # a fraction, thirty days ahead; None without options
    expirations: list[tuple[OptionRoot, ListedExpiration, float]]

    @property
    def listing(self) -> Listing:
        """Whose they are."""
        return self.quote.listing

    @property
    def five_day_change(self) -> float | None:
        """Of the implied volatility, as its history moved."""
        past = self.history.implied_volatilities
        return past[-1] - past[-6] if len(past) > 5 else None  # noqa: PLR2004 - five days

    @property
    def implied_volatility_rank(self) -> float | None:
        """Where the last implied volatility lies between the year's least (0) and greatest (1)."""
        past = self.history.implied_volatilities
        low, high = min(past, default=0.0), max(past, default=0.0)
        return (past[-1] - low) / (high - low) if high > low else None

    @property
    def implied_volatility_percentile(self) -> float | None:
        """The share of the year's days on which it was lower than it was last."""
        past = self.history.implied_volatilities
        return sum(value < past[-1] for value in past) / len(past) if len(past) > 1 else None

    @property
    def dollar_volume(self) -> float:
        """Dollars a day, on average over the last twenty."""
        return fmean(self.history.dollar_volumes or (0.0,))

    @property
    def liquidity_rating(self) -> int:
        """From 1, hardly traded, to 4."""
        return 1 + bisect_right(_LIQUIDITY_STEPS, self.dollar_volume)

    @property
    def liquidity_rank(self) -> float:
        """The same from 0 to 1."""
        low, high = _LIQUIDITY_SPAN
        return min(1.0, max(0.0, (log10(max(1.0, self.dollar_volume)) - low) / (high - low)))

    @property
    def dividend_yield(self) -> float | None:
        """The last year's dividends for a dollar of the price."""
        yearly = self.history.yearly_dividends
        return sum(one.amount for one in yearly) / self.quote.last if yearly else None

    @property
    def price_earnings_ratio(self) -> float | None:
        """The price for a dollar of the last four quarters' earnings; None when they were a loss."""
        eps = self.history.yearly_eps
        return self.quote.last / eps if eps is not None and eps > 0 else None


class MarketMetrics:
    """The metrics of every name of a market; what rests on finished days is computed once a day."""

    def __init__(self, market: Market, options: OptionMarket) -> None:
        self._market = market
        self._options = options
        self._histories: dict[str, SymbolHistory] = {}
        self._benchmark: tuple[date, dict[int, float]] | None = None

    def of(self, symbol: str) -> SymbolMetrics | None:
        """The metrics of an active name with at least one finished day; None for any other."""
        quote = self._market.quote(symbol)
        history = self.history(symbol)
        if quote is None or history is None:
            return None
        shares = self._market.actions(symbol).shares_outstanding
        volatility = self._options.implied_volatility_index(symbol)
        return SymbolMetrics(
            quote=quote,
            history=history,
            market_cap=None if shares is None else round(shares * quote.last),
            implied_volatility=volatility,
            expirations=self._options.expiration_volatilities(symbol),
        )

    def history(self, symbol: str) -> SymbolHistory | None:
        """The part that rests on finished days; None for an unknown name or one without any."""
        known = self._histories.get(symbol)
        today, last_date = self._market.today, self._market.last_date
        if known is not None and known.today == today and known.days == last_date:
            return known
        listing = self._market.listing(symbol)
        candles = self._finished(symbol, last_date)
        if listing is None or candles is None:
            return None
        history = self._histories[symbol] = self._computed(listing, candles, today, last_date)
        return history

    def _finished(self, symbol: str, last_date: date) -> DailyCandles | None:
        """The candles of a year, without that of a session that is not over."""
        candles = self._market.candles(symbol, midnight_ms(last_date - _LOOKBACK))
        count = 0 if candles is None else bisect_right(candles.times, midnight_ms(last_date))
        if candles is None or count == 0:
            return None
        volatility = candles.implied_volatility
        return attrs.evolve(
            candles,
            times=candles.times[:count],
            close=candles.close[:count],
            volume=candles.volume[:count],
            implied_volatility=None if volatility is None else volatility[:count],
        )

    def _computed(
        self, listing: Listing, candles: DailyCandles, today: date, last_date: date
    ) -> SymbolHistory:
        returns = _returns(candles)
        common = self._benchmark_returns(last_date)
        pairs = [(common[time], value) for time, value in returns.items() if time in common]
        actions = self._market.actions(listing.symbol)
        past_volatility = candles.implied_volatility or ()
        dollars = [price * count for price, count in zip(candles.close, candles.volume, strict=True)]
        values = list(returns.values())
        return SymbolHistory(
            days=last_date,
            today=today,
            volatilities=(_volatility(values, 30), _volatility(values, 60), _volatility(values, 90)),
            beta=_slope(pairs[-_DAYS_A_YEAR:]),
            correlation=_correlation(pairs[-_THREE_MONTHS:]),
            implied_volatilities=()
            if listing.options is OptionProgram.NONE
            else tuple(value for value in past_volatility[-_DAYS_A_YEAR:] if value > 0),
            # A recording may not know the volume of a day, which is then not a number.
            dollar_volumes=tuple(value for value in dollars[-_LIQUIDITY_DAYS:] if value >= 0),
            first_liquid_day=_day(candles.times[-_LIQUIDITY_DAYS:][0]),
            dividends=tuple(one for one in actions.dividends if one.ex_date <= today),
            next_dividend=next((one for one in actions.dividends if one.ex_date > today), None),
            earnings=tuple(one for one in actions.earnings if one.report_date <= today),
            next_earnings=next((one for one in actions.earnings if one.report_date > today), None),
        )

    def _benchmark_returns(self, last_date: date) -> dict[int, float]:
        if self._benchmark is None or self._benchmark[0] != last_date:
            candles = self._finished(BENCHMARK, last_date)
            self._benchmark = last_date, {} if candles is None else _returns(candles)
        return self._benchmark[1]


def _day(time: int) -> date:
    return date(1970, 1, 1) + timedelta(milliseconds=time)


def _returns(candles: DailyCandles) -> dict[int, float]:
    """Close to close, by the later day; logarithms."""
    closes = candles.close
    return {
        time: log(close / before)
        for time, before, close in zip(candles.times[1:], closes, closes[1:], strict=False)
        if before > 0 and close > 0
    }


def _volatility(returns: Sequence[float], days: int) -> float | None:
    last = returns[-days:]
    if len(last) < days:
        return None
    mean = fmean(last)
    return sqrt(_DAYS_A_YEAR * sum((value - mean) ** 2 for value in last) / (days - 1))


def _slope(pairs: Sequence[tuple[float, float]]) -> float | None:
    if len(pairs) < _LEAST_PAIRS:
        return None
    try:
        return linear_regression(*zip(*pairs, strict=True)).slope
    except StatisticsError:  # the benchmark stood still
        return None


def _correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    if len(pairs) < _LEAST_PAIRS:
        return None
    try:
        return correlation(*zip(*pairs, strict=True))
    except StatisticsError:  # one of them stood still
        return None
