# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The recorded daily candles of one symbol, as compact columns that every digit fits into."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Final, cast

import attrs

from ttapi_client.sandbox.world.market import DailyCandles, Dividend
from ttapi_client.sandbox.world.trading_table import date_at, midnight_ms

if TYPE_CHECKING:
    from datetime import date

NO_COUNT: Final = -(1 << 63)  # stands for a volume that is not known
NO_NUMBER: Final = math.nan  # for a number that is not known
ROWS_A_YEAR: Final = 252


def _counts() -> array[int]:
    return array("q")


def _numbers() -> array[float]:
    return array("d")


@attrs.frozen(kw_only=True)
class RecordedCandles:
    """Columns of equal length, oldest first; they only grow while a recording is being read."""

    symbol: str
    times: array[int] = attrs.field(factory=_counts)  # milliseconds, 00:00 UTC of the trading day
    open: array[float] = attrs.field(factory=_numbers)
    high: array[float] = attrs.field(factory=_numbers)
    low: array[float] = attrs.field(factory=_numbers)
    close: array[float] = attrs.field(factory=_numbers)
    volume: array[int] = attrs.field(factory=_counts)
    vwap: array[float] = attrs.field(factory=_numbers)  # empty: not recorded at all
    implied_volatility: array[float] = attrs.field(factory=_numbers)  # empty: not recorded at all
    dividends: list[Dividend] = attrs.field(factory=list[Dividend])  # oldest first

    def __len__(self) -> int:
        """How many days."""
        return len(self.times)

    @property
    def ends(self) -> tuple[date, date]:
        """The first and the last day."""
        return date_at(self.times[0]), date_at(self.times[-1])

    def dates(self, start: int = 0) -> list[date]:
        """The trading days from a row on."""
        return [date_at(time) for time in self.times[start:]]

    def row_of(self, day: date) -> int | None:
        """The row of a trading day, or None for a day without a candle."""
        time = midnight_ms(day)
        row = bisect_left(self.times, time)
        return row if row < len(self.times) and self.times[row] == time else None

    def last_implied_volatility(self) -> float | None:
        """The newest one that is known and above zero, of the last year."""
        newest = reversed(self.implied_volatility[-ROWS_A_YEAR:])
        return next((value for value in newest if value > 0), None)

    def since(self, time: int) -> DailyCandles:
        """The candles at or after a time in milliseconds."""
        return self.rows(bisect_left(self.times, time))

    def rows(self, start: int, stop: int | None = None) -> DailyCandles:
        """The candles of some rows; what is not known of one of them is not a number."""
        times = self.times[start:stop]
        return DailyCandles(
            times=times,
            indexes=[time // 1000 << 32 for time in times],
            open=self.open[start:stop].tolist(),
            high=self.high[start:stop].tolist(),
            low=self.low[start:stop].tolist(),
            close=self.close[start:stop].tolist(),
            volume=_known_counts(self.volume[start:stop]),
            vwap=_known_numbers(self.vwap[start:stop]),
            implied_volatility=_known_numbers(self.implied_volatility[start:stop]),
        )


def _known_counts(counts: array[int]) -> list[int]:
    if NO_COUNT not in counts:
        return counts.tolist()
    known: list[float] = [math.nan if count == NO_COUNT else count for count in counts]
    return cast("list[int]", known)  # arithmetic with what is not known gives what is not known


def _known_numbers(numbers: array[float]) -> list[float] | None:
    """None where not one of them is known."""
    known = numbers.tolist()
    return None if all(map(math.isnan, known)) else known
