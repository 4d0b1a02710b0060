# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi correlations`: how symbols move with each other, from the lake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ttapi_onboarding import day_options, engine_options, frame_output, options

if TYPE_CHECKING:
    from datetime import date

    from ttapi_onboarding.engine_options import EngineChoice
    from ttapi_onboarding.frame_output import Output
    from ttapi_onboarding.options import Request


@click.command()
@click.argument("symbols", nargs=-1, callback=options.split_symbols, metavar="[SYMBOL]...")
@day_options.for_days
@engine_options.for_engines
@frame_output.for_rows
def correlations(
    request: Request,
    output: Output,
    *,
    symbols: tuple[str, ...],
    since: date | None,
    until: date | None,
    choice: EngineChoice,
) -> None:
    """
    Show how each symbol moves with each other.

    \b
    ttapi correlations AAPL BRK/B SPY --since 2024-01-02
    ttapi correlations --csv > correlations.csv

    Pearson's correlation of daily returns, of all symbols in the lake or of those named, each pair over the
    days that both have; empty where these are fewer than two.
    """  # noqa: D301 - click reads the character as "do not wrap"
    from ttapi_platform import analyses

    lake = request.platform().lake
    with choice.engine() as engine:
        frame = analyses.correlations(lake, symbols=symbols or None, since=since, until=until, engine=engine)
    record = {"lake": str(lake.root), **day_options.record(since, until)}
    output.show(frame, record=record, noun="symbols")
