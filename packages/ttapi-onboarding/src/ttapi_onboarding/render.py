# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Tables for eyes, JSON and CSV for programs."""

from __future__ import annotations

import io
import json
import math
import sys
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Final, cast

from ttapi_onboarding.terminal import is_coloured, is_terminal, one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import polars as pl

# Without a terminal nothing is wrapped or cut, however long a line gets.
_UNLIMITED_WIDTH: Final = 10_000


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numeric: Collection[str] = (),
    styles: Sequence[str] = (),
) -> str:
    """
    Rows below headings in aligned columns; bold headings and colours only on a terminal.

    Parameters
    ----------
    headings
        One for each column.
    rows
        The cells as texts.
    numeric
        Headings of columns that are aligned to the right and never wrapped.
    styles
        For each row a style such as ``"red"``, or ``""``.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        is_numeric = heading in numeric
        # What a row is about stays on one line, too: on a narrow terminal the words behind it are wrapped.
        is_whole = is_numeric or heading == headings[0]
        drawn.add_column(heading, justify="right" if is_numeric else "left", no_wrap=is_whole)
    for row, style in zip(rows, styles or [""] * len(rows), strict=True):
        # What can be shown as it is may be copied as it is, such as an option's symbol with its blanks.
        cells = (cell if cell.isprintable() else one_line(cell) for cell in row)
        drawn.add_row(*map(Text, cells), style=style)
    has_terminal = is_terminal(sys.stdout)
    paper = io.StringIO()
    console = Console(
        file=paper,
        force_terminal=has_terminal,
        no_color=False,
        color_system="auto" if is_coloured(sys.stdout) else None,
        width=None if has_terminal else _UNLIMITED_WIDTH,
    )
    console.print(drawn)
    return "\n".join(line.rstrip() for line in paper.getvalue().rstrip().splitlines())


def frame_json(frame: pl.DataFrame) -> list[dict[str, object]]:
    """A frame as one JSON object a row, of values as ``json_value`` gives them."""
    return [{name: json_value(value) for name, value in row.items()} for row in frame.iter_rows(named=True)]


def json_text(value: Mapping[str, object]) -> str:
    """JSON for programs and eyes: indented, in the order given, all characters as they are."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)


def json_value(value: object) -> object:
    """
    A value of a frame as JSON has it: dates as ISO 8601, spans in seconds, what is no number as null.

    Examples
    --------
    >>> json_value([date(2026, 7, 1), timedelta(days=1), math.nan, {"bid": 1.5}, True])
    ['2026-07-01', 86400.0, None, {'bid': 1.5}, True]
    """
    match value:
        case dict():
            struct = cast("dict[str, object]", value)
            return {name: json_value(each) for name, each in struct.items()}
        case list():
            return [json_value(each) for each in cast("list[object]", value)]
        case date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case None | bool() | int() | float() | str():
            return None if isinstance(value, float) and not math.isfinite(value) else value
        case _:
            return str(value)
