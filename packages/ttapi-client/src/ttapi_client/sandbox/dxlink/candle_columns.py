# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candles as columns of equal length, and how finer ones are put together to coarser ones."""

from __future__ import annotations

from bisect import bisect_left
from itertools import chain, groupby
from typing import TYPE_CHECKING, Protocol, TypeVar

import attrs

from ttapi_client.sandbox.dxlink.event_flags import event_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ttapi_client.sandbox.world.market import Bars

T = TypeVar("T")
_DIGITS = 4


class CandleColumns(Protocol):
    """Candles of any width, oldest first."""

    @property
    def times(self) -> Sequence[int]:
        """Milliseconds of their beginnings."""
        ...

    @property
    def indexes(self) -> Sequence[int]:
        """The feed's index of each."""
        ...

    @property
    def open(self) -> Sequence[float]:
        """First prices."""
        ...

    @property
    def high(self) -> Sequence[float]:
        """Highest prices."""
        ...

    @property
    def low(self) -> Sequence[float]:
        """Lowest prices."""
        ...

    @property
    def close(self) -> Sequence[float]:
        """Last prices."""
        ...

    @property
    def volume(self) -> Sequence[int]:
        """What was traded."""
        ...

    @property
    def vwap(self) -> Sequence[float] | None:
        """Average prices by volume; None: not known."""
        ...

    @property
    def implied_volatility(self) -> Sequence[float] | None:
        """Fractions; None: not known."""
        ...


@attrs.frozen(kw_only=True)
class MadeCandles:
    """Candles that were put together."""

    times: list[int]
    open: list[float]
    high: list[float]
    low: list[float]
    close: list[float]
    volume: list[int]
    vwap: list[float] | None
    implied_volatility: None = None

    @property
    def indexes(self) -> list[int]:
        """The feed's index of each."""
        return [event_index(time) for time in self.times]

    def newest(self, count: int) -> MadeCandles:
        """Only so many of them."""
        return self._from(max(0, len(self.times) - count))

    def since(self, time: int) -> MadeCandles:
        """Only those that begin at that time or later."""
        return self._from(bisect_left(self.times, time))

    def _from(self, start: int) -> MadeCandles:
        if start == 0:
            return self
        return MadeCandles(
            times=self.times[start:],
            open=self.open[start:],
            high=self.high[start:],
            low=self.low[start:],
            close=self.close[start:],
            volume=self.volume[start:],
            vwap=None if self.vwap is None else self.vwap[start:],
        )


def of_bars(bars: Bars) -> MadeCandles:
    """The bars of one session, each with the middle of its prices for an average."""
    averages = [
        _within(low, (high + low + close) / 3, high)
        for high, low, close in zip(bars.high, bars.low, bars.close, strict=True)
    ]
    return MadeCandles(
        times=bars.times,
        open=bars.open,
        high=bars.high,
        low=bars.low,
        close=bars.close,
        volume=bars.volume,
        vwap=averages,
    )


def put_together(candles: CandleColumns, begins: Sequence[int]) -> MadeCandles:
    """
    Neighbours with the same beginning as one candle each.

    Parameters
    ----------
    candles
        The finer ones.
    begins
        For each of them, when the coarser one begins that it belongs to; never falling.
    """
    slices: list[tuple[int, int]] = []
    for _, group in groupby(range(len(begins)), key=lambda row: begins[row]):
        rows = list(group)
        slices.append((rows[0], rows[-1] + 1))
    return MadeCandles(
        times=[begins[start] for start, _ in slices],
        open=[candles.open[start] for start, _ in slices],
        high=[max(candles.high[start:stop]) for start, stop in slices],
        low=[min(candles.low[start:stop]) for start, stop in slices],
        close=[candles.close[stop - 1] for _, stop in slices],
        volume=[sum(candles.volume[start:stop]) for start, stop in slices],
        vwap=None
        if candles.vwap is None
        else [_average(candles.vwap[start:stop], candles.volume[start:stop]) for start, stop in slices],
    )


def joined(parts: Sequence[MadeCandles]) -> MadeCandles:
    """Several runs of candles as one; at least one, none of them without averages."""
    return MadeCandles(
        times=_chained(part.times for part in parts),
        open=_chained(part.open for part in parts),
        high=_chained(part.high for part in parts),
        low=_chained(part.low for part in parts),
        close=_chained(part.close for part in parts),
        volume=_chained(part.volume for part in parts),
        vwap=_chained(part.vwap or [] for part in parts),
    )


def _chained(columns: Iterable[Sequence[T]]) -> list[T]:
    return list(chain.from_iterable(columns))


def _average(prices: Sequence[float], volumes: Sequence[int]) -> float:
    total = sum(volumes)
    if total == 0:
        return prices[-1]
    mean = sum(price * volume for price, volume in zip(prices, volumes, strict=True)) / total
    return _within(min(prices), mean, max(prices))


def _within(low: float, mean: float, high: float) -> float:
    # Rounding must not carry the mean of equal prices away from them.
    return min(max(round(mean, _DIGITS), low), high)
