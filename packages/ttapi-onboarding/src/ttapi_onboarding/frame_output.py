# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""A frame on stdout as the user asked for it: a table that fits the terminal, CSV, or JSON."""

from __future__ import annotations

import json
import math
import shutil
import sys
from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import polars as pl

    from ttapi_onboarding.options import Request

ROWS_ON_A_TERMINAL: Final = 20
_GAP: Final = 2  # blanks that a table has behind each column
_WIDEST_TEXT: Final = 30  # what is longer is wrapped, rather than keep the next column out
_MANY_DIGITS: Final = 1e6
_HUGE: Final = 1e15
_TINY: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: what stands above it, and its cells from top to bottom."""

    heading: str
    cells: Sequence[str]
    is_numeric: bool = False

    @property
    def width(self) -> int:
        """What it takes of a line, the gap behind it included."""
        longest = max((len(text) for text in (self.heading, *self.cells)), default=0)
        return (longest if self.is_numeric else min(longest, _WIDEST_TEXT)) + _GAP


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """How rows are asked for: ``--csv``, ``--json``, or a table of ``--limit`` rows."""

    as_csv: bool = False
    as_json: bool = False
    limit: int | None = None  # without one: few on a terminal, else all

    def show(
        self,
        frame: pl.DataFrame,
        *,
        record: Mapping[str, object],
        columns: Callable[[pl.DataFrame], Sequence[Column]] | None = None,
        noun: str = "rows",
    ) -> None:
        """
        Write the frame to stdout, and to stderr what the table leaves out.

        Parameters
        ----------
        frame
            The rows.
        record
            What the answer in JSON begins with.
        columns
            The table's columns, from the rows that it shows; all of them without it.
        noun
            What the rows are, for the note.

        Raises
        ------
        WriteError
            When stdout cannot be written.
        """
        from ttapi_onboarding.render import frame_json, json_text
        from ttapi_onboarding.terminal import emit

        if self.as_json:
            emit(json_text({**record, "rows": frame_json(frame), "exit_code": 0}))
        elif self.as_csv:
            emit(csv_text(frame).rstrip("\n"))
        else:
            self._show_table(frame, columns or columns_of, noun)

    def _show_table(
        self, frame: pl.DataFrame, columns: Callable[[pl.DataFrame], Sequence[Column]], noun: str
    ) -> None:
        from ttapi_onboarding.render import table
        from ttapi_onboarding.terminal import emit, is_terminal, note

        has_terminal = is_terminal(sys.stdout)
        limit = ROWS_ON_A_TERMINAL if self.limit is None and has_terminal else self.limit
        there = columns(frame if limit is None else frame.head(limit))
        shown = fitting(there, shutil.get_terminal_size().columns) if has_terminal else there
        headings = [column.heading for column in shown]
        rows = list(zip(*(column.cells for column in shown), strict=True))
        emit(table(headings, rows, numeric={column.heading for column in shown if column.is_numeric}))
        if limit is not None and limit < frame.height:
            how = f"--limit {frame.height} shows all, --csv and --json too"
            note(f"{limit:,} of {frame.height:,} {noun}; {how}")
        if left_out := [column.heading for column in there[len(shown) :]]:
            note(f"no room for {', '.join(left_out)}; --csv and --json have all columns")


def for_frames(work: Callable[..., None]) -> Callable[..., None]:
    """Give a command over a lake a `Request` and an `Output`, from ``--csv`` and ``--json``."""

    @wraps(work)
    def command(request: Request, *, as_csv: bool, **others: object) -> None:
        if as_csv and request.as_json:
            raise click.UsageError("--csv and --json exclude each other.")
        work(request, Output(as_csv=as_csv, as_json=request.as_json), **others)

    option = click.option("--csv", "as_csv", is_flag=True, help="CSV on stdout, all rows.")
    return option(options.for_a_lake(command))


def for_rows(work: Callable[..., None]) -> Callable[..., None]:
    """The same, with a limit for the table alone, from ``--limit``."""

    @wraps(work)
    def command(request: Request, output: Output, *, limit: int | None, **others: object) -> None:
        work(request, replace(output, limit=limit), **others)

    return click.option(
        "--limit",
        type=click.IntRange(min=1),
        help=f"Rows of the table. [default: {ROWS_ON_A_TERMINAL} on a terminal, else all]",
    )(for_frames(command))


def columns_of(frame: pl.DataFrame) -> list[Column]:
    """All columns of a frame as texts for eyes."""
    return [
        Column(series.name, [cell_text(value) for value in series], is_numeric=series.dtype.is_numeric())
        for series in frame
    ]


def fitting(columns: Sequence[Column], width: int) -> Sequence[Column]:
    """The leading columns that fit side by side into a line, and the first in any case."""
    used, count = 0, 0
    for column in columns:
        used += column.width
        # Behind the last one no gap is needed.
        if count and used - _GAP > width:
            break
        count += 1
    return columns[:count]


def cell_text(value: object) -> str:
    """
    A value for eyes: four decimals, fewer where a number is great, others where it would be all zeros.

    Examples
    --------
    >>> from datetime import date
    >>> [cell_text(value) for value in (None, 0.25, 1234567.8, 0.00001234, True, date(2026, 7, 1))]
    ['', '0.2500', '1234568', '1.234e-05', 'True', '2026-07-01']
    """
    if value is None:
        return ""
    if not isinstance(value, float) or not math.isfinite(value):
        return str(value)
    size = abs(value)
    if size >= _HUGE or 0 < size < _TINY:
        return f"{value:.4g}"
    return f"{value:.0f}" if size >= _MANY_DIGITS else f"{value:.4f}"


def csv_text(frame: pl.DataFrame) -> str:
    """
    CSV with a line of headings; lists and structs in their cells as JSON, spans in seconds.

    Before a text that a spreadsheet would run as a formula stands an apostrophe, as in the lake's own files.

    Examples
    --------
    >>> import polars as pl
    >>> csv_text(pl.DataFrame({"-a": ["=1+1", "BRK/B", None], "b": [-1.5, 2.0, None]})).split()
    ["'-a,b", "'=1+1,-1.5", 'BRK/B,2.0', ',']
    """
    import polars as pl

    texts = frame.with_columns([_as_texts(series) for series in frame if not _is_plain(series.dtype)])
    names = pl.DataFrame({"heading": frame.columns}, schema={"heading": pl.String})
    headings = _harmless(names)["heading"]
    return _harmless(texts).rename(dict(zip(frame.columns, headings, strict=True))).write_csv()


def _harmless(texts: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    from ttapi_polars.csv_twin import escaped

    return texts.with_columns(escaped(series.name) for series in texts if series.dtype == pl.String)


def _is_plain(dtype: pl.DataType) -> bool:
    import polars as pl

    others = {pl.Binary, pl.Duration, pl.Object, pl.Categorical, pl.Enum}
    return not (dtype.is_nested() or dtype.base_type() in others)


def _as_texts(series: pl.Series) -> pl.Series:
    import polars as pl

    from ttapi_onboarding.render import json_value

    if series.dtype.base_type() in {pl.Categorical, pl.Enum}:
        return series.cast(pl.String)
    texts = [
        None if value is None else json.dumps(json_value(value), ensure_ascii=False)
        for value in series.to_list()
    ]
    return pl.Series(series.name, texts, dtype=pl.String)
