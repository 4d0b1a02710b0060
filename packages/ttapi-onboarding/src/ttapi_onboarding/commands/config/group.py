# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The group of the commands about settings."""

from __future__ import annotations

import click

from ttapi_onboarding.commands.config.show import show


@click.group(invoke_without_command=True)
@click.pass_context
def config(context: click.Context) -> None:
    """
    Show the settings that hold, and where they come from.

    \b
      ttapi config show
      ttapi config show --origin
    """  # noqa: D301 - click reads the character as "do not wrap"
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


config.add_command(show)
