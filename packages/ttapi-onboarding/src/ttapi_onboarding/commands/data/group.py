# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The group of the commands about the lake's files."""

from __future__ import annotations

import click

from ttapi_onboarding.commands.data.export import export
from ttapi_onboarding.commands.data.ls import ls
from ttapi_onboarding.commands.data.repair import repair
from ttapi_onboarding.commands.data.show import show
from ttapi_onboarding.commands.data.verify import verify


@click.group(invoke_without_command=True)
@click.pass_context
def data(context: click.Context) -> None:
    """
    List, verify, repair and export what is stored.

    \b
      ttapi data show eod_data --symbols AAPL --tail
      ttapi data export eod_data candles.parquet
    """  # noqa: D301 - click reads the character as "do not wrap"
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for command in (ls, show, verify, repair, export):
    data.add_command(command)
