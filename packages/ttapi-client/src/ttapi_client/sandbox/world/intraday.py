# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What happened within a day: a candle taken apart into half hours, minutes and seconds that add up to it."""

from __future__ import annotations

from functools import reduce
from itertools import accumulate, pairwise
from math import isqrt
from typing import TYPE_CHECKING, Final, NamedTuple

from ttapi_client.sandbox.world.draws import draws

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

HALF_HOUR: Final = 1800
MINUTE: Final = 60
_LEAST_WEIGHT: Final = 24  # of 256: how much less than usual a quiet stretch trades
_RUSH: Final = 3.0  # how much more trades in the first and the last half hour than at noon
_ROUGHNESS: Final = 0.7  # share of a bar's span that the path within it strays from the straight line


class Bar(NamedTuple):
    """A stretch of trading; prices as whole numbers of the path's own unit."""

    open: int
    high: int
    low: int
    close: int
    volume: int  # shares, above zero

    def then(self, later: Bar) -> Bar:
        """
        Both stretches as one.

        Examples
        --------
        >>> Bar(100, 104, 99, 101, 5).then(Bar(102, 103, 98, 98, 2))
        Bar(open=100, high=104, low=98, close=98, volume=7)
        """
        return Bar(
            self.open,
            max(self.high, later.high),
            min(self.low, later.low),
            later.close,
            self.volume + later.volume,
        )


def subdivide(bar: Bar, weights: Sequence[int], chance: bytes) -> list[Bar | None]:
    """
    A bar taken apart; put together again the parts are the bar, exactly.

    Parameters
    ----------
    bar
        The whole.
    weights
        For each part, its share of the volume; a part that gets no share is None.
    chance
        Two draws for each part.

    Examples
    --------
    >>> parts = subdivide(Bar(100, 104, 98, 101, 7), [1, 0, 2, 1], bytes(range(0, 240, 30)))
    >>> parts[1] is None, whole(parts)
    (True, Bar(open=100, high=104, low=98, close=101, volume=7))
    """
    total = sum(weights)
    marks = [0, *(bar.volume * done // total for done in accumulate(weights))]
    volumes = [after - before for before, after in pairwise(marks)]
    busy = [position for position, volume in enumerate(volumes) if volume > 0]
    points = _path(bar, chance[: len(busy)])
    parts: list[Bar | None] = [None] * len(weights)
    reach = (bar.high - bar.low) // isqrt(4 * len(busy))
    highest = lowest = busy[0]
    for number, position in enumerate(busy):
        opened, closed = points[number], points[number + 1]
        stray = reach * chance[len(weights) + position] >> 8
        high = min(bar.high, max(opened, closed) + stray)
        low = max(bar.low, min(opened, closed) - (reach - stray) // 2)
        part = parts[position] = Bar(opened, high, low, closed, volumes[position])
        highest = position if part.high > (parts[highest] or part).high else highest
        lowest = position if part.low < (parts[lowest] or part).low else lowest
    # Somewhere the extremes of the whole were reached: where the path came closest to them.
    parts[highest] = (parts[highest] or bar)._replace(high=bar.high)
    parts[lowest] = (parts[lowest] or bar)._replace(low=bar.low)
    return parts


def _path(bar: Bar, chance: bytes) -> list[int]:
    """Where each part begins and the last one ends: a bridge from open to close within the bar's span."""
    count = len(chance)
    steps = list(accumulate(draw - 127.5 for draw in chance))
    drift = steps[-1] / count
    strays = [0.0, *(step - drift * (number + 1) for number, step in enumerate(steps))]
    widest = max(map(abs, strays)) or 1.0
    scale = (bar.high - bar.low) * _ROUGHNESS / widest
    slope = (bar.close - bar.open) / count
    span = bar.high - bar.low
    points: list[int] = []
    for number, stray in enumerate(strays):
        # A path that would leave the span turns back at its border, for at it prices would stand still.
        above = (round(bar.open + slope * number + scale * stray) - bar.low) % (2 * span or 1)
        points.append(bar.low + min(above, 2 * span - above))
    points[0], points[-1] = bar.open, bar.close
    return points


def whole(parts: Iterable[Bar | None]) -> Bar | None:
    """Consecutive parts put together; None when nothing was traded in any of them."""
    traded = [part for part in parts if part is not None]
    return reduce(Bar.then, traded) if traded else None


class DayPath:
    """
    One symbol's session, second by second, made when it is asked for.

    It keeps no more than its half hours, the minutes of one of them, and the seconds of one of those.

    Parameters
    ----------
    name
        What its chance depends on.
    candle
        The whole day.
    session_seconds
        From the opening to the close.
    silent
        Half hours, counted from 0, in which nothing may be traded.
    """

    def __init__(self, name: str, candle: Bar, *, session_seconds: int, silent: Collection[int] = ()) -> None:
        self._name = name
        self.candle = candle
        self.session_seconds = session_seconds
        count = -(-session_seconds // HALF_HOUR)
        weights = [0 if half in silent else _usual_share(half, count) for half in range(count)]
        self._halves = self._parts("halves", candle, weights)
        self._latest_half: tuple[int, list[Bar | None]] = (-1, [])
        self._latest_minute: tuple[int, list[Bar | None]] = (-1, [])

    def bars(self, width: int, start: int, stop: int) -> list[tuple[int, Bar]]:
        """
        What was traded from one second of the session up to another, in bars of 1, 60 or 1800 seconds.

        The bar in which ``stop`` lies holds what was traded before it.
        """
        stop = min(stop, self.session_seconds)
        found: list[tuple[int, Bar]] = []
        for second in range(start, stop, width):
            bar = self._whole_bar(width, second) if second + width <= stop else self._between(second, stop)
            if bar is not None:
                found.append((second, bar))
        return found

    def until(self, second: int) -> Bar | None:
        """All that was traded before a second of the session; None when that is nothing."""
        second = min(second, self.session_seconds)
        return self.candle if second == self.session_seconds else self._between(0, second)

    def latest(self, second: int) -> tuple[int, Bar] | None:
        """The last second before another one in which something was traded, and its bar."""
        second = min(second, self.session_seconds)
        for minute in range((second - 1) // MINUTE, -1, -1):
            if self._minute(minute) is None:
                continue
            seconds = self._seconds(minute)
            for position in range(min(MINUTE, second - minute * MINUTE) - 1, -1, -1):
                if (bar := seconds[position]) is not None:
                    return minute * MINUTE + position, bar
        return None

    def _between(self, start: int, stop: int) -> Bar | None:
        """What lies between a border of half hours and any second, in the largest pieces that fit."""
        halves, minutes = stop // HALF_HOUR, stop // MINUTE
        first_half = start // HALF_HOUR
        pieces: list[Bar | None] = []
        if start % HALF_HOUR == 0:
            pieces += self._halves[first_half:halves]
            pieces += [self._minute(number) for number in range(max(halves, first_half) * 30, minutes)]
        if stop % MINUTE and self._minute(minutes) is not None:
            pieces += self._seconds(minutes)[: stop - minutes * MINUTE]
        return whole(pieces)

    def _whole_bar(self, width: int, second: int) -> Bar | None:
        if width == HALF_HOUR:
            return self._halves[second // HALF_HOUR]
        if width == MINUTE:
            return self._minute(second // MINUTE)
        minute = second // MINUTE
        return None if self._minute(minute) is None else self._seconds(minute)[second % MINUTE]

    def _minute(self, minute: int) -> Bar | None:
        half, position = divmod(minute, HALF_HOUR // MINUTE)
        if self._latest_half[0] != half:
            left = min(HALF_HOUR, self.session_seconds - half * HALF_HOUR) // MINUTE
            self._latest_half = half, self._by_chance(f"{half}", self._halves[half], left)
        return self._latest_half[1][position]

    def _seconds(self, minute: int) -> list[Bar | None]:
        if self._latest_minute[0] != minute:
            self._latest_minute = minute, self._by_chance(f"{minute}m", self._minute(minute), MINUTE)
        return self._latest_minute[1]

    def _by_chance(self, name: str, bar: Bar | None, count: int) -> list[Bar | None]:
        if bar is None:
            return [None] * count
        crowd = draws(f"{self._name}/{name}/crowd", 0, count)
        return self._parts(name, bar, [_LEAST_WEIGHT + draw for draw in crowd])

    def _parts(self, name: str, bar: Bar, weights: Sequence[int]) -> list[Bar | None]:
        return subdivide(bar, weights, draws(f"{self._name}/{name}", 0, 2 * len(weights)))


def _usual_share(half: int, count: int) -> int:
    """More is traded after the opening and before the close than at noon."""
    distance = abs(2 * half - (count - 1)) / max(1, count - 1)
    return round(100 * (1 + (_RUSH - 1) * distance**2))
