# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The market of a recording: it stands still on the evening of the last recorded day."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Final

from ttapi_client.sandbox.replay.candle_files import RecordedCandles, read_candle_folder
from ttapi_client.sandbox.world import DailyCandles, MarketQuote, World
from ttapi_client.sandbox.world.listings import Listing, ListingKind, OptionProgram
from ttapi_client.sandbox.world.quotes import QuoteBasis, quote_after_close
from ttapi_client.sandbox.world.trading_table import TradingTable
from ttapi_core.trading_day import trading_day_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_AFTER_CLOSE: Final = timedelta(hours=2)
_ROWS_A_YEAR: Final = 252


class ReplayMarket:
    """Recorded candles as a market: the files' symbols, the files' days, quotes around the last closes."""

    def __init__(self, recorded: Mapping[str, RecordedCandles]) -> None:
        self._recorded = recorded
        self._table = TradingTable.of(
            sorted(set(chain.from_iterable(one.table.dates for one in recorded.values())))
        )
        self._now = trading_day_on(self._table.dates[-1]).close_at + _AFTER_CLOSE
        self._listings = {
            symbol: Listing(
                number=number,
                symbol=symbol,
                name=f"{symbol} as recorded",
                kind=ListingKind.STOCK,
                listed_market="XNYS",
                base_price=candles.close[-1],
                is_well_known=True,
                options=OptionProgram.MONTHLY,
            )
            for number, (symbol, candles) in enumerate(recorded.items(), start=101)
        }

    @property
    def first_date(self) -> date:
        """The first recorded day."""
        return self._table.dates[0]

    @property
    def last_date(self) -> date:
        """The last recorded day."""
        return self._table.dates[-1]

    @property
    def today(self) -> date:
        """The last recorded day, for ever."""
        return self.last_date

    def now(self) -> datetime:
        """Two hours after the last recorded close, for ever."""
        return self._now

    def listings(self) -> Sequence[Listing]:
        """The symbols of the files, in order."""
        return list(self._listings.values())

    def listing(self, symbol: str) -> Listing | None:
        """One of them, or None."""
        return self._listings.get(symbol)

    def trading_dates(self, start: date, end: date) -> Sequence[date]:
        """The days within a range on which any file has a row."""
        return self._table.between(start, end)

    def candles(self, symbol: str, from_time: int) -> DailyCandles | None:
        """The recorded candles at or after a time in milliseconds, digit for digit."""
        recorded = self._recorded.get(symbol)
        return None if recorded is None else _candles(recorded, bisect_left(recorded.table.times, from_time))

    def quote(self, symbol: str) -> MarketQuote | None:
        """The quote on the evening of the symbol's own last recorded day."""
        recorded = self._recorded.get(symbol)
        if recorded is None:
            return None
        start = max(0, len(recorded.close) - _ROWS_A_YEAR)
        basis = QuoteBasis.of(self._listings[symbol], _candles(recorded, start), recorded.table.dates[start:])
        return quote_after_close(basis)


def _candles(recorded: RecordedCandles, start: int) -> DailyCandles:
    return DailyCandles(
        times=recorded.table.times[start:],
        indexes=recorded.table.indexes[start:],
        open=recorded.open[start:].tolist(),
        high=recorded.high[start:].tolist(),
        low=recorded.low[start:].tolist(),
        close=recorded.close[start:].tolist(),
        volume=recorded.volume[start:].tolist(),
        vwap=None,
        implied_volatility=None,
    )


def replay_world(folder: Path) -> World:
    """
    The world of a folder of recorded daily candles.

    Raises
    ------
    ConfigError, DataError
        As ``read_candle_folder`` does.
    """
    return World.of("replay", ReplayMarket(read_candle_folder(folder)))
