# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi collect`: bring the lake up to date and say what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    from datetime import timedelta

    from ttapi_onboarding.options import Request

# A backspace on a line of its own keeps click from joining the lines below it.
HELP: Final = """Bring the lake up to date.

\b
  ttapi collect
  ttapi collect --symbols AAPL,BRK/B --only quotes
  ttapi collect --since 2015-01-02 --dry-run
  ttapi collect --every 1d
  ttapi collect --replay candles --data-dir lake

What is fresh is left as it is. Symbols that cannot be had are counted and listed, and their earlier rows
kept; when too many are missing, a dataset stays as it was. A first day that moves back asks for the earlier
candles; one that moves on loses none that are stored.

\b
Exit codes: 0 done, 1 failed, 2 misused, 3 done with items missing, 4 not logged in,
5 wrong settings, 6 service unavailable, 7 another run is writing, 8 stored data damaged.
"""


@click.command(help=HELP, short_help="Bring the lake up to date.")
@click.option(
    "--only",
    multiple=True,
    callback=options.split_texts,
    metavar="DATASET",
    help="Only this dataset and what it is built from; may be repeated.",
)
@click.option("--refresh", is_flag=True, help="Collect even what is fresh.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked for and why, and do nothing.")
@click.option(
    "--every",
    callback=options.repeating_span,
    metavar="SPAN",
    help="Go on for ever, and collect again after each span, such as 1d, 6h or 15m.",
)
@options.for_collecting
def collect(
    request: Request, *, only: tuple[str, ...], refresh: bool, dry_run: bool, every: timedelta | None
) -> None:
    """Collect once, or again and again, or say what would be collected."""
    from ttapi_onboarding import collecting

    if dry_run and every is not None:
        raise click.UsageError("--dry-run and --every exclude each other.")
    if dry_run:
        from ttapi_onboarding import plan_report

        platform = collecting.source_said(request)
        plan_report.show(platform, platform.plan(only=only, refresh=refresh), as_json=request.as_json)
    elif every is not None:
        from ttapi_onboarding import schedule

        schedule.collect_every(every, request, only=only, refresh=refresh)
    else:
        platform = collecting.source_said(request)
        summary = collecting.run(
            platform, lambda watcher: platform.collect(only=only, refresh=refresh, progress=watcher)
        )
        collecting.report(request, platform, summary)
