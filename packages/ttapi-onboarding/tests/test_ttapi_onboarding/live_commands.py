# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Ways to give the commands that ask the service: in this process, or in one of its own."""

from __future__ import annotations

import sys
from typing import Final

import click
from click.testing import CliRunner, Result

from ttapi_onboarding.cli import ReportingGroup
from ttapi_onboarding.commands.account import account
from ttapi_onboarding.commands.chain import chain
from ttapi_onboarding.commands.quote import quote

# A group like that of the whole command, with these three alone.
PROGRAM: Final = [
    sys.executable,
    "-c",
    "from test_ttapi_onboarding.live_commands import live; live(prog_name='ttapi')",
]


@click.group(cls=ReportingGroup)
def live() -> None:
    """Ask the service."""


for command in (quote, chain, account):
    live.add_command(command)


def ask_live(*arguments: str) -> Result:
    """One of the commands in this process."""
    return CliRunner().invoke(live, arguments, prog_name="ttapi")
