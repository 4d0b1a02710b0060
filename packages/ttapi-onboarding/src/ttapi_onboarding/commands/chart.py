# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi chart`: a symbol's daily candles, drawn in the terminal."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    import polars as pl

    from ttapi_onboarding.candle_chart import Glyphs
    from ttapi_onboarding.options import Request

_MOST_DAYS: Final = 20_000
_COLUMNS: Final = ("date", "open", "high", "low", "close", "volume")
_AROUND: Final = 2  # lines that are not the chart's: the caption, and the prompt that comes after
_UP, _DOWN, _PLAIN = "\x1b[32m", "\x1b[31m", "\x1b[0m"


def _symbol(context: click.Context, parameter: click.Parameter, text: str) -> str:
    symbols = options.split_symbols(context, parameter, (text,))
    if len(symbols) != 1:
        raise click.BadParameter("one symbol, please")
    return symbols[0]


@click.command()
@click.argument("symbol", callback=_symbol)
@click.option(
    "--days",
    type=click.IntRange(1, _MOST_DAYS),
    default=90,
    show_default=True,
    help="The last so many trading days.",
)
@options.for_a_lake
def chart(request: Request, *, symbol: str, days: int) -> None:
    """
    Draw the daily candles of SYMBOL.

    \b
    ttapi chart SPY
    ttapi chart BRK/B --days 250

    As wide and as high as the terminal. A hollow body rose, a filled one fell; green and red where there are
    colours. Where there are more days than columns, a candle has several. --json lists the days.
    """  # noqa: D301 - click reads the character as "do not wrap"
    from ttapi_onboarding.render import frame_json, json_text
    from ttapi_onboarding.terminal import emit
    from ttapi_platform import analyses

    lake = request.platform().lake
    frame = analyses.recent_candles(lake, symbol, days=days).select(_COLUMNS)
    if request.as_json:
        rows = frame_json(frame.cast({"date": str}))
        emit(json_text({"lake": str(lake.root), "symbol": symbol, "rows": rows, "exit_code": 0}))
    else:
        emit(_drawn(symbol, frame))


def _drawn(symbol: str, frame: pl.DataFrame) -> str:
    from ttapi_onboarding import candle_chart
    from ttapi_onboarding.figures import counted
    from ttapi_onboarding.terminal import is_coloured

    size, glyphs = shutil.get_terminal_size(), _glyphs()
    width, height = size.columns, size.lines - _AROUND
    if width < candle_chart.SMALLEST_WIDTH or height < candle_chart.SMALLEST_HEIGHT:
        least = f"{candle_chart.SMALLEST_WIDTH} by {candle_chart.SMALLEST_HEIGHT + _AROUND}"
        there = f"{size.columns} columns by {size.lines} lines"
        raise click.UsageError(f"a chart takes a terminal of {least} at least, and this one has {there}.")
    days = [candle_chart.Candle(**day) for day in frame.drop("volume").iter_rows(named=True)]
    drawing = candle_chart.draw(days, width=width, height=height, glyphs=glyphs)
    is_painted = is_coloured(sys.stdout)
    lines = drawing.painted(up=_UP, down=_DOWN, plain=_PLAIN) if is_painted else drawing.lines
    parts = [symbol, counted(len(days), "day"), f"last close {days[-1].close:.2f}"]
    if drawing.days_a_candle > 1:
        parts.append(f"{drawing.days_a_candle} days a candle")
    parts.append(f"{glyphs.rose['bb']} rose {glyphs.fell['bb']} fell")
    return "\n".join([", ".join(parts)[:width], *lines])


def _glyphs() -> Glyphs:
    """Those of Unicode, where stdout can say them."""
    from ttapi_onboarding.candle_chart import ASCII, UNICODE

    try:
        UNICODE.text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE
