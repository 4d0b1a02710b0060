# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Recorded quotes: as the service answered them, and as the state of a market (API facts 5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

import attrs

from ttapi_client.sandbox.replay.lake_cells import read_rows
from ttapi_client.sandbox.replay.recorded_candles import NO_COUNT, ROWS_A_YEAR
from ttapi_client.sandbox.replay.wire_texts import filled, instant_text, optional_number_text
from ttapi_client.sandbox.world.market import MarketQuote

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from ttapi_client.sandbox.replay.lake_cells import LakeRow
    from ttapi_client.sandbox.replay.recorded_candles import RecordedCandles
    from ttapi_client.sandbox.world.listings import Listing

DEFAULT_VOLATILITY: Final = 0.2  # where the candles do not say
_TEXTS: Final = ("symbol", "instrument_type", "close_price_type")
_INSTANTS: Final = ("event_at", "received_at")
_DAYS: Final = ("summary_date", "prev_close_date")
# By the wire's names.
_NUMBERS: Final = {
    "bid": "bid",
    "ask": "ask",
    "bid-size": "bid_size",
    "ask-size": "ask_size",
    "mid": "mid",
    "mark": "mark",
    "last": "last",
    "open": "open",
    "day-high-price": "day_high",
    "day-low-price": "day_low",
    "close": "close",
    "prev-close": "prev_close",
    "volume": "volume",
}
_COLUMNS: Final = (*_TEXTS, *_INSTANTS, *_DAYS, *_NUMBERS.values(), "is_trading_halted")


@attrs.frozen(kw_only=True)
class RecordedQuote:
    """One row of the recording."""

    symbol: str
    instrument_type: str
    numbers: dict[str, float | None]  # by the wire's names
    close_price_type: str | None
    is_trading_halted: bool | None
    summary_date: date | None
    prev_close_date: date | None
    event_at: datetime
    received_at: datetime

    def item(self) -> dict[str, object]:
        """The quote by the wire's names, without what was not known."""
        milliseconds = int(self.event_at.timestamp() * 1000)
        return filled(
            {
                "symbol": self.symbol,
                "instrument-type": self.instrument_type,
                "updated-at": instant_text(self.event_at),
                **{name: optional_number_text(number) for name, number in self.numbers.items()},
                "close-price-type": self.close_price_type,
                "prev-close-price-type": "Unknown",
                "summary-date": None if self.summary_date is None else self.summary_date.isoformat(),
                "prev-close-date": None if self.prev_close_date is None else self.prev_close_date.isoformat(),
                "is-trading-halted": self.is_trading_halted,
                "halt-start-time": milliseconds if self.is_trading_halted else -1,
                "halt-end-time": -1,
                "last-trade-time": milliseconds,
            }
        )

    def market_quote(self, listing: Listing, past: PastCandles) -> MarketQuote:
        """The state of the market that it shows; what it does not say is taken from the candles."""
        known = {name: number for name, number in self.numbers.items() if number is not None}
        candidates = [known.get(name) for name in ("last", "mark", "mid", "close", "prev-close")]
        last = next((price for price in (*candidates, past.close) if price is not None), 0.0)
        opened = known.get("open", last)
        high = known.get("day-high-price", max(opened, last))
        low = known.get("day-low-price", min(opened, last))
        return MarketQuote(
            listing=listing,
            bid=known.get("bid"),
            ask=known.get("ask"),
            bid_size=round(known.get("bid-size", 0)),
            ask_size=round(known.get("ask-size", 0)),
            last=last,
            last_size=1,
            open=opened,
            day_high=high,
            day_low=low,
            close=known.get("close"),
            prev_close=known.get("prev-close"),
            year_high=max(high, past.year_high or high),
            year_low=min(low, past.year_low or low),
            volume=round(known.get("volume", 0)),
            summary_date=self.summary_date or past.day or self.event_at.date(),
            prev_close_date=self.prev_close_date,
            implied_volatility=past.implied_volatility,
            prev_volume=past.prev_volume,
            halted_at=self.event_at if self.is_trading_halted else None,
            updated_at=self.event_at,
            last_trade_at=self.event_at,
            recorded=self.item(),
        )


@attrs.frozen(kw_only=True)
class PastCandles:
    """What the candles of a symbol say where its quote does not."""

    day: date | None = None  # of the last one
    close: float | None = None
    year_high: float | None = None
    year_low: float | None = None
    prev_volume: int | None = None
    implied_volatility: float = DEFAULT_VOLATILITY

    @classmethod
    def of(cls, candles: RecordedCandles | None, summary_date: date | None) -> Self:
        """Of the last year of candles, if there are any."""
        if candles is None or not len(candles):
            return cls()
        start = max(0, len(candles) - ROWS_A_YEAR)
        days = candles.dates(start)
        before = len(candles) - 1 - (summary_date is None or days[-1] >= summary_date)
        volume = candles.volume[before] if before >= 0 else NO_COUNT
        return cls(
            day=days[-1],
            close=candles.close[-1],
            year_high=max(candles.high[start:]),
            year_low=min(candles.low[start:]),
            prev_volume=None if volume == NO_COUNT else volume,
            implied_volatility=candles.last_implied_volatility() or DEFAULT_VOLATILITY,
        )


def read_quotes(path: Path) -> list[RecordedQuote]:
    """
    The quotes of a lake.

    Raises
    ------
    DataError
        For the first cell that is damaged.
    """
    return [_read(row) for row in read_rows(path, _COLUMNS)]


def _read(row: LakeRow) -> RecordedQuote:
    return RecordedQuote(
        symbol=row.text("symbol"),
        instrument_type=row.text("instrument_type"),
        numbers={name: row.optional(column, row.number) for name, column in _NUMBERS.items()},
        close_price_type=row.optional("close_price_type", row.text),
        is_trading_halted=row.optional("is_trading_halted", row.flag),
        summary_date=row.optional("summary_date", row.day),
        prev_close_date=row.optional("prev_close_date", row.day),
        event_at=row.instant("event_at"),
        received_at=row.instant("received_at"),
    )
