# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The market of a recording: it stands still at the instant that the recording shows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import attrs

from ttapi_client.sandbox.replay.recorded_bars import RecordedBars
from ttapi_client.sandbox.replay.recorded_candles import ROWS_A_YEAR, RecordedCandles
from ttapi_client.sandbox.replay.recorded_quotes import PastCandles
from ttapi_client.sandbox.replay.recording import AFTER_CLOSE
from ttapi_client.sandbox.world.market import CorporateActions
from ttapi_client.sandbox.world.market_clock import MarketClock
from ttapi_client.sandbox.world.quotes import QuoteBasis
from ttapi_core.clock import SystemClock
from ttapi_core.trading_day import NEW_YORK, trading_day_on

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ttapi_client.sandbox.replay.recording import Recording
    from ttapi_client.sandbox.world.listings import Listing
    from ttapi_client.sandbox.world.market import Bars, DailyCandles, MarketQuote
    from ttapi_core.clock import Clock
    from ttapi_core.trading_day import TradingDay


_NO_CANDLES = RecordedCandles(symbol="")


class ReplayMarket:
    """
    Recorded listings, days, quotes and candles as a market; symbols are known by the feed's spelling too.

    Parameters
    ----------
    recording
        What is served.
    clock
        What runs below the market's own clock, which rests until it is stepped or given a speed.
    """

    def __init__(self, recording: Recording, *, clock: Clock | None = None) -> None:
        self._recording = recording
        self.clock = MarketClock(clock or SystemClock(), start=recording.now, speed=0)
        dates = [day for one in recording.candles.values() for day in one.ends]
        today = recording.now.astimezone(NEW_YORK).date()
        past = recording.calendar.between(date.min, today)
        self._first_date = min([*dates, *recording.calendar.dates[:1]], default=today)
        self._last_date = max(dates or past[-1:], default=today)
        self._quotes: dict[str, MarketQuote | None] = {}
        self._bars = RecordedBars()

    @property
    def first_date(self) -> date:
        """The first recorded day."""
        return self._first_date

    @property
    def last_date(self) -> date:
        """The last day with a recorded candle."""
        return self._last_date

    @property
    def today(self) -> date:
        """The date in New York."""
        return self.now().astimezone(NEW_YORK).date()

    def now(self) -> datetime:
        """The instant of the market's clock, UTC."""
        return self.clock.now()

    def listings(self) -> Sequence[Listing]:
        """The recorded symbols, in order."""
        return list(self._recording.listings.values())

    def listing(self, symbol: str) -> Listing | None:
        """One of them, or None."""
        return self._recording.listings.get(self._spelled(symbol))

    def trading_dates(self, start: date, end: date) -> Sequence[date]:
        """The recorded days within a range."""
        return self._recording.calendar.between(start, end)

    def session(self, day: date) -> TradingDay | None:
        """The recorded hours of a day; None for a day on which the market does not open."""
        return self._recording.calendar.hours(day)

    def candles(self, symbol: str, from_time: int) -> DailyCandles | None:
        """The recorded candles at or after a time in milliseconds, digit for digit; none for some symbols."""
        if self.listing(symbol) is None:
            return None
        recorded = self._recording.candles.get(self._spelled(symbol), _NO_CANDLES)
        return recorded.since(from_time)

    def quote(self, symbol: str, at: datetime | None = None) -> MarketQuote | None:  # noqa: ARG002 - it rests
        """The recorded quote, or one that rests on the last candle where no quotes were recorded."""
        symbol = self._spelled(symbol)
        if symbol not in self._quotes:
            self._quotes[symbol] = self._shown_quote(symbol)
        return self._quotes[symbol]

    def bars(
        self, symbol: str, day: date, width_seconds: int, *, start: int = 0, stop: int | None = None
    ) -> Bars | None:
        """Bars within a session up to now, made up so that they add up to the recorded candle."""
        candles = self._recording.candles.get(self._spelled(symbol))
        hours = self._recording.calendar.hours(day)
        if candles is None or hours is None:
            return None
        return self._bars.within(candles, hours, self.now(), width_seconds, start=start, stop=stop)

    def actions(self, symbol: str) -> CorporateActions:
        """The recorded dividends; splits and earnings are not recorded."""
        candles = self._recording.candles.get(self._spelled(symbol), _NO_CANDLES)
        return CorporateActions(dividends=tuple(candles.dividends))

    def _shown_quote(self, symbol: str) -> MarketQuote | None:
        listing, candles = self._recording.listings.get(symbol), self._recording.candles.get(symbol)
        if listing is None:
            return None
        if self._recording.quotes is None:
            return None if candles is None else self._resting_quote(listing, candles)
        quote = self._recording.quotes.get(symbol)
        if quote is None:
            return None
        return quote.market_quote(listing, PastCandles.of(candles, quote.summary_date))

    def _resting_quote(self, listing: Listing, candles: RecordedCandles) -> MarketQuote | None:
        """The quote on the evening of the symbol's own last recorded day."""
        last = candles.ends[-1]
        hours = self._recording.calendar.hours(last) or trading_day_on(last)
        day = self._bars.path(candles, len(candles) - 1, hours)
        year = candles.rows(-ROWS_A_YEAR)
        quote = QuoteBasis.of(listing, year, hours=hours, path=day.path, unit=day.unit).quote(
            min(self._recording.now, hours.close_at + AFTER_CLOSE)
        )
        past = PastCandles.of(candles, last)
        # What the candles do not say is no number in them.
        return quote and attrs.evolve(
            quote,
            volume=max(0, candles.volume[-1]),
            prev_volume=past.prev_volume,
            implied_volatility=past.implied_volatility,
        )

    def _spelled(self, symbol: str) -> str:
        if symbol in self._recording.listings:
            return symbol
        return self._recording.streamer_symbols.get(symbol, symbol)
