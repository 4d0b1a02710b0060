# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""What a frame shows: from the board and the size of a window to lines of text; without a terminal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size

from ttapi_onboarding import figures
from ttapi_onboarding.terminal import one_line
from ttapi_onboarding.watching.sparkline import ASCII, BLOCKS, sparkline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ttapi_platform.live_quotes import Link
    from ttapi_platform.quote_board import BoardRow, QuoteBoard

_GAP: Final = 2
_HUGE: Final = 1e9  # above, a price has an exponent
_SHORTEST_TREND: Final = 8
_LONGEST_TREND: Final = 40
_TREND: Final = "trend"
_COLOURED: Final = frozenset({"change", "%", _TREND})
_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400

# In lines; what a window is too low for is left out in this order: the footer, the headings, the notes.
_LOWEST_WITH_FOOTER: Final = 6
_LOWEST_WITH_HEADINGS: Final = 4
_LOWEST_WITH_NOTES: Final = 8

_PLAIN, _BOLD, _DIM = "\x1b[0m", "\x1b[1m", "\x1b[2m"
_RED, _GREEN, _YELLOW = "\x1b[31m", "\x1b[32m", "\x1b[33m"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What there is to show at one moment."""

    board: QuoteBoard
    link: Link
    source: str  # whose prices they are
    market: str | None  # state of the stock market, in the service's word
    notes: Sequence[str]  # what is wrong with single symbols
    now: float  # monotonic seconds, of the board's clock


@dataclass(frozen=True, kw_only=True)
class Look:
    """What the terminal can show."""

    is_coloured: bool = True
    has_blocks: bool = True


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Lines for a window, none of them longer than it is wide."""

    lines: tuple[str, ...]
    page: int  # rows that there is room for
    top: int  # the first row that is shown


@dataclass(frozen=True)
class _Column:
    heading: str
    importance: int  # where there is no room the highest numbers go first, those of one number together
    narrowest: int
    cell: Callable[[BoardRow], str]


def price(number: float | None) -> str:
    """
    A price in few characters, whatever it is.

    Examples
    --------
    >>> price(1234.5), price(1e12), price(None), price(float("inf"))
    ('1,234.50', '1e+12', '', '')
    """
    if number is None or not math.isfinite(number):
        return ""
    return figures.price(number) if abs(number) < _HUGE else f"{number:.4g}"


def change(number: float | None) -> str:
    """
    A difference with its sign, in few characters.

    Examples
    --------
    >>> change(-1.234), change(1e12), change(None)
    ('-1.23', '+1e+12', '')
    """
    if number is None or not math.isfinite(number):
        return ""
    return figures.change(number) if abs(number) < _HUGE else f"{number:+.4g}"


def count(number: float | None) -> str:
    """
    A volume in whole units.

    Examples
    --------
    >>> count(1234567.8), count(3e15), count(None)
    ('1,234,568', '3e+15', '')
    """
    if number is None or not math.isfinite(number):
        return ""
    return f"{number:,.0f}" if abs(number) < 1000 * _HUGE else f"{number:.4g}"


def age(seconds: float | None) -> str:
    """
    How long ago, in the largest unit.

    Examples
    --------
    >>> age(0.4), age(59.9), age(3599), age(7200), age(200_000), age(None)
    ('0s', '59s', '59m', '2h', '2d', '')
    """
    if seconds is None:
        return ""
    whole = int(max(0.0, seconds))
    for unit, size in (("d", _DAY), ("h", _HOUR), ("m", _MINUTE)):
        if whole >= size:
            return f"{whole // size}{unit}"
    return f"{whole}s"


def link_words(link: Link) -> str:
    """How the connection stands, such as ``reconnecting since 16:30:02 UTC, attempt 2``."""
    since = "" if link.since is None else f" since {link.since:%H:%M:%S} UTC"
    tries = f", attempt {link.tries}" if link.tries else ""
    return f"{link.state}{since}{tries}"


def draw(scene: Scene, look: Look, *, width: int, height: int, top: int) -> Frame:
    """
    A frame for a window.

    Parameters
    ----------
    scene
        What there is to show.
    look
        What the terminal can show. What colours say is also said by signs and words.
    width, height
        Of the window; no line is longer, and there are never more lines.
    top
        The first row to show; it is moved where rows would end above the bottom.
    """
    rows = scene.board.rows
    failed = [f"{row.symbol}: {row.failure}" for row in rows if row.failure is not None]
    notes = [*scene.notes, *failed]
    has_notes = bool(notes) and height >= _LOWEST_WITH_NOTES
    has_footer, has_headings = height >= _LOWEST_WITH_FOOTER, height >= _LOWEST_WITH_HEADINGS
    page = max(0, height - 2 - has_notes - has_footer - has_headings)
    top = max(0, min(top, len(rows) - page))
    shown = rows[top : top + page]
    layout = _layout(scene, look, shown, width)
    lines = [
        _painted(_title(scene, width), _BOLD + _YELLOW, look),
        _painted(_state(scene, width), _BOLD + _RED if _is_lost(scene) else _DIM, look),
    ]
    if has_notes:
        lines.append(_painted(_clipped("; ".join(notes), width), _YELLOW, look))
    if has_headings:
        headings = [column.heading for column in layout.columns]
        lines.append(_painted(layout.line(headings), _BOLD, look))
    lines += [_row(scene, look, row, layout) for row in shown]
    if has_footer:
        lines += [""] * (height - 1 - len(lines))
        lines.append(_painted(_clipped(_footer(top, len(shown), len(rows)), width), _DIM, look))
    return Frame(lines=tuple(lines[:height]), page=page, top=top)


def _is_lost(scene: Scene) -> bool:
    return bool(scene.link.tries and scene.link.since)


def _title(scene: Scene, width: int) -> str:
    market = "" if scene.market is None else f" | stock market {one_line(scene.market)[:20].lower()}"
    return _clipped(f"{scene.source}{market}", width)


def _state(scene: Scene, width: int) -> str:
    words = link_words(scene.link)
    return _clipped(f"{words}: what is marked stale may be wrong" if _is_lost(scene) else words, width)


def _footer(top: int, shown: int, total: int) -> str:
    if shown == total:
        return f"{total} {'symbol' if total == 1 else 'symbols'} | q quits"
    where = f"{top + 1}-{top + shown} of {total} symbols" if shown else f"{total} symbols"
    return f"{where} | q quits, arrows and page keys scroll"


def _columns(scene: Scene) -> list[_Column]:
    def age_cell(row: BoardRow) -> str:
        if row.failure is not None:
            return "failed"
        since = age(None if row.heard_at is None else scene.now - row.heard_at)
        return f"stale {since}".rstrip() if scene.board.is_stale(row) else since

    return [
        _Column("symbol", 0, 6, lambda row: row.symbol),
        _Column("bid", 4, 8, lambda row: price(row.bid)),
        _Column("ask", 4, 8, lambda row: price(row.ask)),
        _Column("last", 1, 8, lambda row: price(row.last)),
        _Column("change", 5, 7, lambda row: change(row.change)),
        _Column("%", 2, 6, lambda row: change(row.change_percent)),
        _Column("low", 8, 8, lambda row: price(row.low)),
        _Column("high", 8, 8, lambda row: price(row.high)),
        _Column("volume", 7, 9, lambda row: count(row.volume)),
        _Column(_TREND, 6, _SHORTEST_TREND, lambda _: ""),
        _Column("age", 3, 9, age_cell),
    ]


@dataclass(frozen=True, kw_only=True)
class _Layout:
    """The columns that there is room for, and how wide each of them is."""

    columns: Sequence[_Column]
    widths: Sequence[int]
    width: int  # of the window

    def line(self, cells: Sequence[str]) -> str:
        return _clipped((" " * _GAP).join(self.aligned(cells)), self.width)

    def aligned(self, cells: Sequence[str]) -> list[str]:
        """The first to the left, the numbers to the right."""
        return [
            f"{cell:>{size}}" if number else f"{cell:<{size}}"
            for number, (cell, size) in enumerate(zip(cells, self.widths, strict=True))
        ]

    @property
    def is_narrow(self) -> bool:
        """Whether the window is narrower than its one column."""
        return sum(self.widths) + _GAP * (len(self.widths) - 1) > self.width


def _layout(scene: Scene, look: Look, rows: Sequence[BoardRow], width: int) -> _Layout:
    columns = _columns(scene)
    widths = {
        column.heading: max([column.narrowest, *(len(column.cell(row)) for row in rows)])
        for column in columns
    }
    used, kept = -_GAP, set[str]()
    by_importance = sorted(columns, key=lambda column: column.importance)
    for _, pair in groupby(by_importance, key=lambda column: column.importance):
        headings = [column.heading for column in pair]
        taken = sum(widths[heading] + _GAP for heading in headings)
        if kept and used + taken > width:
            break
        used += taken
        kept.update(headings)
    if _TREND in kept:
        widths[_TREND] = min(_LONGEST_TREND, _SHORTEST_TREND + width - used)
    levels = BLOCKS if look.has_blocks else ASCII
    trend = _Column(_TREND, 0, 0, lambda row: sparkline(tuple(row.samples), widths[_TREND], levels))
    shown = [trend if column.heading == _TREND else column for column in columns if column.heading in kept]
    return _Layout(columns=shown, widths=[widths[column.heading] for column in shown], width=width)


def _row(scene: Scene, look: Look, row: BoardRow, layout: _Layout) -> str:
    cells = [column.cell(row) for column in layout.columns]
    if scene.board.is_stale(row):
        return _painted(layout.line(cells), _DIM, look)
    moved = row.change or 0.0
    colour = _GREEN if moved > 0 else _RED if moved < 0 else ""
    if layout.is_narrow or not colour:
        return layout.line(cells)
    parts = [
        _painted(part, colour, look) if column.heading in _COLOURED else part
        for column, part in zip(layout.columns, layout.aligned(cells), strict=True)
    ]
    return (" " * _GAP).join(parts)


def _clipped(text: str, width: int) -> str:
    """No longer than that, by what a terminal shows of it, and without what it would act on."""
    text = one_line(text) if not text.isprintable() else text
    return text if cell_len(text) <= width else set_cell_size(text, max(0, width))


def _painted(text: str, code: str, look: Look) -> str:
    return f"{code}{text}{_PLAIN}" if look.is_coloured and text else text
