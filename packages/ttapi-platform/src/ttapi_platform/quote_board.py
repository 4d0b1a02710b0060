# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A board of live quotes: the latest of each symbol, how old it is, and whether it still holds."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_core.market_events import DaySummary, QuoteTick, TradeTick

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from ttapi_core.quotes import Quote

SAMPLES: Final = 120  # prices that a row remembers


def _samples() -> deque[float]:
    return deque(maxlen=SAMPLES)


@attrs.define(eq=False, kw_only=True)
class BoardRow:
    """
    One symbol; prices are per unit in the instrument's currency, and ``None`` is what is not known.

    Examples
    --------
    >>> row = BoardRow(symbol="AAPL", bid=200.0, ask=201.0, last=202.0, prev_close=200.0)
    >>> row.mid, row.change, row.change_percent
    (200.5, 2.0, 1.0)
    """

    symbol: str  # in the service's spelling
    bid: float | None = None
    ask: float | None = None
    last: float | None = None
    prev_close: float | None = None
    low: float | None = None  # of the day
    high: float | None = None
    volume: float | None = None  # of the day
    heard_at: float | None = None  # monotonic seconds, when anything last came for it
    samples: deque[float] = attrs.field(factory=_samples)  # prices at even times, oldest first
    failure: str | None = None  # why nothing more will come

    @property
    def mid(self) -> float | None:
        """Halfway between bid and ask, if there are both."""
        return None if self.bid is None or self.ask is None else (self.bid + self.ask) / 2

    @property
    def price(self) -> float | None:
        """The mid, else the last price: what moves most is what is drawn."""
        return self.last if self.mid is None else self.mid

    @property
    def change(self) -> float | None:
        """How far the last price is from the previous close."""
        return None if self.last is None or self.prev_close is None else self.last - self.prev_close

    @property
    def change_percent(self) -> float | None:
        """The same in percent of the previous close; ``None`` without one, or where it is zero."""
        return None if self.change is None or not self.prev_close else self.change / self.prev_close * 100


class QuoteBoard:
    """
    The rows of some symbols in the order given; without input and output.

    Every ``at`` is in seconds of one monotonic clock.

    Parameters
    ----------
    streamers
        By symbol, how the feed calls it.

    Examples
    --------
    >>> board = QuoteBoard({"BRK/B": "BRK/B", "/ESZ6": "/ESZ26:XCME"})
    >>> board.take(QuoteTick(symbol="/ESZ26:XCME", bid=7000.0, ask=7000.5), at=10.0)
    >>> [row.symbol for row in board.changed()], board.changed()
    (['/ESZ6'], [])
    >>> board.lost(at=11.0)
    >>> [board.is_stale(row) for row in board.rows]
    [True, True]
    """

    def __init__(self, streamers: Mapping[str, str]) -> None:
        self.rows = tuple(BoardRow(symbol=symbol) for symbol in streamers)
        self._by_streamer = {streamers[row.symbol]: row for row in self.rows}
        self._changed: set[str] = set()
        self._lost_at: float | None = None

    @property
    def streamers(self) -> tuple[str, ...]:
        """What to ask the feed for."""
        return tuple(self._by_streamer)

    def start(self, quotes: Iterable[Quote], at: float) -> None:
        """Begin with quotes that were asked for; those of other symbols are left out."""
        by_symbol = {row.symbol: row for row in self.rows}
        for quote in quotes:
            if (row := by_symbol.get(quote.symbol)) is not None:
                row.bid, row.ask, row.last = _float(quote.bid), _float(quote.ask), _float(quote.last)
                row.low, row.high = _float(quote.day_low), _float(quote.day_high)
                row.prev_close, row.volume = _float(quote.prev_close), _float(quote.volume)
                row.heard_at = at
                self._changed.add(row.symbol)

    def take(self, event: QuoteTick | TradeTick | DaySummary, at: float) -> None:
        """
        Take in what the feed says; of symbols that it was not asked for, nothing.

        A side that nobody quotes any more becomes unknown, and a new day's lowest and highest price; what a
        trade or a summary leaves out stays as it was.
        """
        row = self._by_streamer.get(event.symbol)
        if row is None:
            return
        before = _figures(row)
        match event:
            case QuoteTick():
                row.bid, row.ask = event.bid, event.ask
            case TradeTick():
                row.last = row.last if event.price is None else event.price
                row.volume = row.volume if event.day_volume is None else event.day_volume
            case DaySummary():
                row.low, row.high = event.low, event.high
                row.prev_close = row.prev_close if event.prev_close is None else event.prev_close
        row.heard_at = at
        if _figures(row) != before:
            self._changed.add(row.symbol)

    def fail(self, streamer: str, message: str) -> None:
        """Take note that nothing more will come for one symbol."""
        if (row := self._by_streamer.get(streamer)) is not None:
            row.failure = message
            self._changed.add(row.symbol)

    def lost(self, at: float) -> None:
        """Take note that the connection is gone: what is known by now may not be true any more."""
        self._lost_at = at

    def is_stale(self, row: BoardRow) -> bool:
        """Whether nothing has come for it since the connection was lost."""
        if row.failure is not None:
            return True
        return self._lost_at is not None and (row.heard_at is None or row.heard_at <= self._lost_at)

    def sample(self) -> None:
        """Remember each row's price as it is now, where it has one that still holds."""
        for row in self.rows:
            price = row.price
            if price is not None and math.isfinite(price) and not self.is_stale(row):
                row.samples.append(price)

    def changed(self) -> list[BoardRow]:
        """The rows whose figures have changed since this was last asked, in order."""
        rows = [row for row in self.rows if row.symbol in self._changed]
        self._changed.clear()
        return rows


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def _figures(row: BoardRow) -> tuple[float | None, ...]:
    return (row.bid, row.ask, row.last, row.prev_close, row.low, row.high, row.volume)
