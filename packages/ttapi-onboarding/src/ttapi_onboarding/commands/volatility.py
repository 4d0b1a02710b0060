# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi volatility`: how far each symbol's closing prices are spread, from the lake."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    import polars as pl

    from ttapi_onboarding.options import Request

ROWS_ON_A_TERMINAL: Final = 20


@click.command()
@click.option(
    "--min-days",
    type=click.IntRange(min=0),
    default=30,
    show_default=True,
    help="Only symbols with more days than that.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    help=f"Rows of the table. [default: {ROWS_ON_A_TERMINAL} on a terminal, else all]",
)
@click.option("--csv", "as_csv", is_flag=True, help="CSV on stdout, all rows.")
@options.for_a_lake
def volatility(request: Request, *, min_days: int, limit: int | None, as_csv: bool) -> None:
    """
    Show how far each symbol's closes spread.

    Population standard deviation and mean of close, and number of days, over all daily candles in the lake;
    symbols in alphabetical order.
    """
    if as_csv and request.as_json:
        raise click.UsageError("--csv and --json exclude each other.")
    from ttapi_onboarding.render import frame_json, json_text
    from ttapi_onboarding.terminal import emit
    from ttapi_platform import analyses

    lake = request.platform().lake
    frame = analyses.volatility(lake, min_days=min_days)
    if request.as_json:
        emit(
            json_text(
                {"lake": str(lake.root), "min_days": min_days, "rows": frame_json(frame), "exit_code": 0}
            )
        )
    elif as_csv:
        emit(frame.write_csv().rstrip("\n"))
    else:
        _show(frame, limit, min_days=min_days)


def _show(frame: pl.DataFrame, limit: int | None, *, min_days: int) -> None:
    from ttapi_onboarding.render import frame_table
    from ttapi_onboarding.terminal import emit, is_terminal, note

    if limit is None and is_terminal(sys.stdout):
        limit = ROWS_ON_A_TERMINAL
    emit(frame_table(frame if limit is None else frame.head(limit)))
    if limit is not None and limit < frame.height:
        note(f"{limit:,} of {frame.height:,} symbols; --limit {frame.height} shows all, --csv and --json too")
    if frame.is_empty():
        note(f"no symbol has more than {min_days:,} days; --min-days says how many it takes")
