# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Candles drawn with characters: a pure function from prices and a size to lines of text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

SMALLEST_WIDTH: Final = 24
SMALLEST_HEIGHT: Final = 4

_AXIS_WIDTH: Final = len("┤ ")
_BELOW: Final = 2  # lines below the candles: the axis of dates, and the dates
_WIDEST_STEP: Final = 3  # columns from a candle to the next
_ROWS_A_PRICE: Final = 4
_DATE_WIDTH: Final = len("2026-07-01")
_DATE_GAP: Final = 2
_WIDEST_PRICE: Final = len("-1.23457e+300")
_MOST_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Candle:
    """Prices of one day or of several: finite, and open and close within low and high."""

    date: date  # of the first day
    open: float
    high: float
    low: float
    close: float

    @property
    def rose(self) -> bool:
        """Whether it closed no lower than it opened."""
        return self.close >= self.open


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """
    The characters of a drawing.

    A column of candles is drawn in halves of a character, the upper before the lower: blank, wick or body.
    """

    rose: Mapping[str, str]  # from the two halves, such as "wb": a wick above, the body below
    fell: Mapping[str, str]
    axis: str
    tick: str
    rule: str
    rule_tick: str
    corner: str

    @property
    def text(self) -> str:
        """All of them, to ask an encoding whether it has them."""
        lines = (self.axis, self.tick, self.rule, self.rule_tick, self.corner)
        return "".join((*self.rose.values(), *self.fell.values(), *lines))


# A body is hollow where prices rose and filled where they fell, so that it can be told without colours.
UNICODE: Final = Glyphs(
    rose={"bb": "┃", "b ": "╹", " b": "╻", "wb": "╽", "bw": "╿", "ww": "│", "w ": "╵", " w": "╷"},
    fell={"bb": "█", "b ": "▀", " b": "▄", "wb": "▄", "bw": "▀", "ww": "│", "w ": "╵", " w": "╷"},
    axis="│",
    tick="┤",
    rule="─",
    rule_tick="┴",
    corner="┘",
)
ASCII: Final = Glyphs(
    rose={"bb": "O", "b ": "O", " b": "O", "wb": "O", "bw": "O", "ww": "|", "w ": "|", " w": "|"},
    fell={"bb": "#", "b ": "#", " b": "#", "wb": "#", "bw": "#", "ww": "|", "w ": "|", " w": "|"},
    axis="|",
    tick="+",
    rule="-",
    rule_tick="+",
    corner="+",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Lines of text, and what is known of them for colours and captions."""

    lines: tuple[str, ...]
    rose: Mapping[int, bool]  # by the column of each candle, whether it did
    candle_rows: int  # the leading lines, which hold the candles
    days_a_candle: int

    def painted(self, *, up: str, down: str, plain: str) -> tuple[str, ...]:
        """The lines with these codes before the candles that rose and fell, and the third one behind."""
        return (
            *(
                "".join(
                    f"{up if self.rose[at] else down}{letter}{plain}"
                    if at in self.rose and letter != " "
                    else letter
                    for at, letter in enumerate(line)
                )
                for line in self.lines[: self.candle_rows]
            ),
            *self.lines[self.candle_rows :],
        )


def draw(days: Sequence[Candle], *, width: int, height: int, glyphs: Glyphs = UNICODE) -> Drawing:
    """
    Candles in lines of characters, with an axis of prices on the right and one of dates below.

    When there are more days than columns, as many as it takes are joined in each candle. The highest high is
    on the top line, the lowest low on the last line of candles.

    Parameters
    ----------
    days
        At least one, oldest first.
    width
        Columns; no line is longer.
    height
        Lines; there are exactly as many.
    glyphs
        What to draw with.

    Raises
    ------
    ValueError
        Without a day, or below ``SMALLEST_WIDTH`` and ``SMALLEST_HEIGHT``.

    Examples
    --------
    >>> from datetime import date
    >>> day = Candle(date=date(2026, 7, 1), open=1.0, high=4.0, low=0.0, close=3.0)
    >>> drawing = draw([day, day], width=24, height=6, glyphs=ASCII)
    >>> for line in drawing.lines:
    ...     print(line)
                 |  | + 4.00
                 O  O |
                 O  O |
                 |  | + 0.00
    -------------+----+
                 2026-07-01
    """
    if not days:
        raise ValueError("there is no candle to draw")
    if width < SMALLEST_WIDTH or height < SMALLEST_HEIGHT:
        raise ValueError(f"{width} by {height} is less than {SMALLEST_WIDTH} by {SMALLEST_HEIGHT}")
    rows = height - _BELOW
    scale = _Scale(low=min(day.low for day in days), high=max(day.high for day in days), rows=rows)
    labels = scale.labels()
    columns = width - _AXIS_WIDTH - max(len(label) for label in labels.values())
    room = columns - 1  # a blank stands before the axis
    days_a_candle = math.ceil(len(days) / room)
    candles = _joined(days, days_a_candle)
    step = max(1, min(_WIDEST_STEP, room // len(candles)))
    places = [room - 1 - step * (len(candles) - 1 - index) for index in range(len(candles))]
    grid = [[" "] * columns for _ in range(rows)]
    for place, candle in zip(places, candles, strict=True):
        for row, glyph in scale.column(candle, glyphs).items():
            grid[row][place] = glyph
    lines = [
        "".join(cells) + (f"{glyphs.tick} {labels[row]}" if row in labels else glyphs.axis)
        for row, cells in enumerate(grid)
    ]
    return Drawing(
        lines=(*lines, *_dates(candles, places, width=width, columns=columns, glyphs=glyphs)),
        rose={place: candle.rose for place, candle in zip(places, candles, strict=True)},
        candle_rows=rows,
        days_a_candle=days_a_candle,
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """From prices to halves of rows, counted from the top."""

    low: float
    high: float
    rows: int

    def half(self, price: float) -> int:
        span = self.high - self.low
        share = (self.high - price) / span if span else 0.0
        return min(2 * self.rows - 1, max(0, round(share * (2 * self.rows - 1))))

    def column(self, candle: Candle, glyphs: Glyphs) -> Mapping[int, str]:
        """The glyph of each row that a candle reaches."""
        top, bottom = self.half(candle.high), self.half(candle.low)
        body = sorted((self.half(candle.open), self.half(candle.close)))
        halves = {half: "b" if body[0] <= half <= body[1] else "w" for half in range(top, bottom + 1)}
        known = glyphs.rose if candle.rose else glyphs.fell
        return {
            row: known[halves.get(2 * row, " ") + halves.get(2 * row + 1, " ")]
            for row in range(top // 2, bottom // 2 + 1)
        }

    def labels(self) -> Mapping[int, str]:
        """Prices at every few rows, the highest at the top and the lowest at the bottom."""
        last = self.rows - 1
        marks = max(1, round(last / _ROWS_A_PRICE))
        places = sorted({round(last * mark / marks) for mark in range(marks + 1)})
        span = self.high - self.low
        decimals = _decimals(span / marks)
        prices = {row: self.high - span * row / last for row in places}
        return {row: _price(price, decimals) for row, price in prices.items()}


def _joined(days: Sequence[Candle], count: int) -> list[Candle]:
    """So many days in each candle, the last ones together."""
    first = len(days) % count
    bounds = [*([0] if first else []), *range(first, len(days), count)]
    groups = [days[start:stop] for start, stop in zip(bounds, [*bounds[1:], len(days)], strict=True)]
    return [
        Candle(
            date=group[0].date,
            open=group[0].open,
            high=max(day.high for day in group),
            low=min(day.low for day in group),
            close=group[-1].close,
        )
        for group in groups
    ]


def _dates(
    candles: Sequence[Candle], places: Sequence[int], *, width: int, columns: int, glyphs: Glyphs
) -> tuple[str, str]:
    rule, dates = [glyphs.rule] * columns, ""
    for candle, place in zip(candles, places, strict=True):
        start = min(place, width - _DATE_WIDTH)
        if not dates or start >= len(dates) + _DATE_GAP:
            rule[place] = glyphs.rule_tick
            dates = f"{dates:<{start}}{candle.date}"
    return "".join(rule) + glyphs.corner, dates


def _decimals(step: float) -> int:
    """As many as tell two labels apart, and two at least, as prices have them."""
    if not 0 < step < 1:
        return 2
    return max(2, min(_MOST_DECIMALS, 1 - math.floor(math.log10(step))))


def _price(price: float, decimals: int) -> str:
    text = f"{price:.{decimals}f}"
    return text if len(text) <= _WIDEST_PRICE else f"{price:.5e}"
