# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""The group of the commands about credentials."""

from __future__ import annotations

import click

from ttapi_onboarding.commands.auth.login import login
from ttapi_onboarding.commands.auth.logout import logout
from ttapi_onboarding.commands.auth.status import status


@click.group(invoke_without_command=True)
@click.pass_context
def auth(context: click.Context) -> None:
    """
    Keep the credentials of your account, or remove them.

    \b
      ttapi auth login --environment certification
      ttapi auth status --check
    """  # noqa: D301 - click reads the character as "do not wrap"
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for command in (login, status, logout):
    auth.add_command(command)
