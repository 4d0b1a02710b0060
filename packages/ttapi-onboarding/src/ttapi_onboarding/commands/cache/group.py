# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The group of the commands about freshness."""

from __future__ import annotations

import click

from ttapi_onboarding.commands.cache.clear import clear
from ttapi_onboarding.commands.cache.explain import explain


@click.group(invoke_without_command=True)
@click.pass_context
def cache(context: click.Context) -> None:
    """
    Explain what is fresh, or remove it to begin anew.

    \b
      ttapi cache explain eod_data
      ttapi cache clear quotes
    """  # noqa: D301 - click reads the character as "do not wrap"
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for command in (explain, clear):
    cache.add_command(command)
