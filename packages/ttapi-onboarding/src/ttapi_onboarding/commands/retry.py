# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""`ttapi retry`: ask again for what the last collections did not get."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ttapi_onboarding import options

if TYPE_CHECKING:
    from ttapi_onboarding.options import Request


@click.command()
@options.for_collecting
def retry(request: Request) -> None:
    """
    Ask again for what is missing, and for nothing else.

    \b
      ttapi retry
      ttapi retry --symbols AAPL,BRK/B

    That is: symbols that the last collections did not get, and datasets that failed as a whole. Options that
    say what is collected are to be as they were then. Ends with exit code 3 while something is still missing.
    """  # noqa: D301 - click reads the character as "do not wrap"
    from ttapi_onboarding import collecting

    platform = collecting.source_said(request)
    summary = collecting.run(platform, lambda watcher: platform.retry(progress=watcher))
    collecting.report(request, platform, summary)
