# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi data show`: a look at some rows of a dataset."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import frame_output
from ttapi_onboarding.commands.data import selecting

if TYPE_CHECKING:
    from ttapi_onboarding.frame_output import Output
    from ttapi_onboarding.options import Request
    from ttapi_platform.selections import Selection

ROWS: Final = 20


@click.command()
@click.argument("dataset")
@click.option("--tail", is_flag=True, help="The last rows instead of the first ones.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=ROWS, show_default=True, help="So many rows, at the most."
)
@selecting.for_a_selection
@frame_output.for_frames
def show(
    request: Request,
    output: Output,
    *,
    dataset: str,
    selection: Selection,
    full: bool,
    limit: int,
    tail: bool,
) -> None:
    """
    Show the first rows of DATASET, or the last ones.

    \b
    ttapi data show quotes
    ttapi data show eod_data --symbols AAPL --since 2026-01-01 --columns date,close,volume
    ttapi data show eod_data --tail --limit 5 --json

    In the order of the lake. DATASET is accounts, symbols, trading_days, quotes, eod_data or
    expiration_series. `ttapi data export` writes all rows.
    """  # noqa: D301 - click reads the character as "do not wrap"
    import polars as pl

    from ttapi_onboarding.terminal import note

    platform = request.platform()
    lake, name = platform.lake, platform.registry[dataset].name
    selecting.require(lake, [name], selection)

    def asked() -> tuple[int, pl.DataFrame]:
        rows = selecting.selected(lake, name, selection, full=full)
        shown = rows.tail(limit) if tail else rows.head(limit)
        with lake.collecting():
            count, frame = pl.collect_all([rows.select(pl.len()), shown], engine="streaming")
        return count.item(), frame

    there, frame = lake.answer_from([name], asked)
    all_of_them = replace(output, limit=limit)
    all_of_them.show(frame, record={"lake": str(lake.root), "dataset": name, "there": there})
    if frame.height < there:
        which = "last" if tail else "first"
        note(f"the {which} {frame.height:,} of {there:,} rows; --limit shows more, `ttapi data export` all")
