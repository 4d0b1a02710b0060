# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Bars within a recorded session: made up, but such that they add up to the recorded candle."""

from __future__ import annotations

from collections import OrderedDict
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Final

import attrs

from ttapi_client.sandbox.world.intraday import Bar, DayPath
from ttapi_client.sandbox.world.market import Bars

if TYPE_CHECKING:
    from datetime import datetime

    from ttapi_client.sandbox.replay.recorded_candles import RecordedCandles
    from ttapi_core.trading_day import TradingDay

_KEPT_PATHS: Final = 64
_CENTS: Final = 2  # digits of a price, at least
_EXACT: Final = Context(prec=1000)


@attrs.frozen
class RecordedPath:
    """A way through a recorded day, and how many of its whole units are a dollar."""

    path: DayPath
    unit: int


class RecordedBars:
    """Makes the bars of recorded sessions; the latest paths through a day are kept."""

    def __init__(self) -> None:
        self._paths: OrderedDict[tuple[str, int], RecordedPath] = OrderedDict()

    def within(
        self,
        candles: RecordedCandles,
        hours: TradingDay,
        now: datetime,
        width_seconds: int,
        *,
        start: int,
        stop: int | None,
    ) -> Bars | None:
        """The bars of a session up to now, as `Market.bars` gives them; None without a candle of that day."""
        row = candles.row_of(hours.date)
        passed = int((now - hours.open_at).total_seconds())
        if row is None or passed < 0:
            return None
        bars = Bars(times=[], open=[], high=[], low=[], close=[], volume=[])
        if candles.volume[row] == 0:
            return bars
        day = self.path(candles, row, hours)
        unit = day.unit
        opens_at = int(hours.open_at.timestamp()) * 1000
        end = passed if stop is None else min(stop, passed)
        for second, bar in day.path.bars(width_seconds, start, end):
            bars.times.append(opens_at + second * 1000)
            bars.open.append(bar.open / unit)
            bars.high.append(bar.high / unit)
            bars.low.append(bar.low / unit)
            bars.close.append(bar.close / unit)
            bars.volume.append(bar.volume)
        return bars

    def path(self, candles: RecordedCandles, row: int, hours: TradingDay) -> RecordedPath:
        """The path through the day of a candle."""
        key = candles.symbol, row
        if key in self._paths:
            self._paths.move_to_end(key)
        else:
            self._paths[key] = _path(candles, row, hours)
            if len(self._paths) > _KEPT_PATHS:
                self._paths.popitem(last=False)
        return self._paths[key]


def _path(candles: RecordedCandles, row: int, hours: TradingDay) -> RecordedPath:
    seconds = int((hours.close_at - hours.open_at).total_seconds())
    # An index is not traded, but moves all the time.
    volume = candles.volume[row] if candles.volume[row] > 0 else seconds
    prices = [
        Decimal(repr(column[row])) for column in (candles.open, candles.high, candles.low, candles.close)
    ]
    digits = max(_CENTS, *(-int(price.as_tuple().exponent) for price in prices))
    opened, high, low, close = (int(price.scaleb(digits, context=_EXACT)) for price in prices)
    whole = Bar(opened, max(opened, high, low, close), min(opened, high, low, close), close, volume)
    path = DayPath(f"{candles.symbol}/{hours.date}", whole, session_seconds=seconds)
    return RecordedPath(path=path, unit=10**digits)
