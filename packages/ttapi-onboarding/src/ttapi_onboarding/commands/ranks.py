# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi ranks`: each symbol's place among all symbols of a day, from the lake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ttapi_onboarding import day_options, engine_options, frame_output, options

if TYPE_CHECKING:
    from datetime import date

    from ttapi_onboarding.engine_options import EngineChoice
    from ttapi_onboarding.frame_output import Output
    from ttapi_onboarding.options import Request
    from ttapi_polars.cross_sections import Measure


@click.command()
@click.argument("symbols", nargs=-1, callback=options.split_symbols, metavar="[SYMBOL]...")
@click.option(
    "--by",
    type=click.Choice(["return", "volume", "dollar_volume"]),
    default="return",
    show_default=True,
    help="What they are ranked by, the highest first.",
)
@day_options.for_days
@engine_options.for_engines
@frame_output.for_rows
def ranks(
    request: Request,
    output: Output,
    *,
    symbols: tuple[str, ...],
    by: Measure,
    since: date | None,
    until: date | None,
    choice: EngineChoice,
) -> None:
    """
    Rank all symbols of a day by return or volume.

    \b
    ttapi ranks
    ttapi ranks AAPL BRK/B --since 2026-01-02 --by dollar_volume
    ttapi ranks --since 2024-01-02 --csv > ranks.csv

    Of the last day in the lake, or of every day from --since to --until. Each symbol is ranked among all in
    the lake, also when only some are shown; equal values share the mean of their places.
    """  # noqa: D301 - click reads the character as "do not wrap"
    from ttapi_platform import analyses

    lake = request.platform().lake
    if since is None and until is None:
        since = until = analyses.last_day(lake)
    with choice.engine() as engine:
        frame = analyses.ranks(lake, by=by, symbols=symbols or None, since=since, until=until, engine=engine)
    record = {"lake": str(lake.root), "by": by, **day_options.record(since, until)}
    output.show(frame, record=record)
