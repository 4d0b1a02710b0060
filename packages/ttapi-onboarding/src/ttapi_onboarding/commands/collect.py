# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi collect`: bring the lake up to date and say what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    from ttapi_onboarding.options import Request

# A backspace on a line of its own keeps click from joining the lines below it.
EXAMPLES: Final = """\b
Examples:
  ttapi collect
  ttapi collect --symbols AAPL,BRK/B --only quotes
  ttapi collect --replay candles --data-dir lake

\b
Exit codes: 0 done, 1 failed, 2 misused, 3 done with items missing, 4 not logged in,
5 wrong settings, 6 service unavailable, 7 another run is writing, 8 stored data damaged.
"""


@click.command(epilog=EXAMPLES)
@click.option(
    "--only",
    multiple=True,
    callback=options.split_texts,
    metavar="DATASET",
    help="Only this dataset and what it is built from; may be repeated.",
)
@click.option("--refresh", is_flag=True, help="Collect even what is fresh.")
@options.for_collecting
def collect(request: Request, *, only: tuple[str, ...], refresh: bool) -> None:
    """
    Bring the lake up to date.

    What is fresh is left as it is. Symbols that cannot be had are counted and listed, and their earlier rows
    kept; when too many are missing, a dataset stays as it was.
    """
    from ttapi_onboarding import collecting

    platform = collecting.source_said(request)
    summary = collecting.run(
        platform, lambda watcher: platform.collect(only=only, refresh=refresh, progress=watcher)
    )
    collecting.report(request, platform, summary)
