# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi volatility`: how far each symbol's closing prices are spread, from the lake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ttapi_onboarding import engine_options, frame_output

if TYPE_CHECKING:
    from ttapi_onboarding.engine_options import EngineChoice
    from ttapi_onboarding.frame_output import Output
    from ttapi_onboarding.options import Request


@click.command()
@click.option(
    "--min-days",
    type=click.IntRange(min=0),
    default=30,
    show_default=True,
    help="Only symbols with more days than that.",
)
@engine_options.for_engines
@frame_output.for_rows
def volatility(request: Request, output: Output, *, min_days: int, choice: EngineChoice) -> None:
    """
    Show how far each symbol's closes spread.

    \b
    ttapi volatility --min-days 250
    ttapi volatility --csv > volatility.csv
    ttapi volatility --scheduler tcp://10.0.0.7:8786

    Population standard deviation and mean of close, and number of days, over all daily candles in the lake;
    symbols in alphabetical order.
    """  # noqa: D301 - click reads the character as "do not wrap"
    from ttapi_onboarding.figures import counted
    from ttapi_onboarding.terminal import note
    from ttapi_platform import analyses

    lake = request.platform().lake
    with choice.engine() as engine:
        frame = analyses.volatility(lake, min_days=min_days, engine=engine)
    output.show(frame, record={"lake": str(lake.root), "min_days": min_days}, noun="symbols")
    if frame.is_empty() and not (output.as_csv or output.as_json):
        note(f"no symbol has more than {counted(min_days, 'day')}; --min-days says how many it takes")
