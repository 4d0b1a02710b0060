# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""All commands there are, and for each a line that it answers from a small lake and a sandbox."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

import click

from ttapi_onboarding.cli import ttapi

if TYPE_CHECKING:
    from collections.abc import Iterator

# In this order on one lake: what changes the lake comes last. {folder} is one that may be written to.
LINES: Final = {
    "status": "status",
    "report": "report SPY --output {folder}/page.html",
    "volatility": "volatility",
    "summary": "summary AAPL SPY --benchmark SPY",
    "correlations": "correlations AAPL SPY",
    "ranks": "ranks --by volume",
    "query": 'query "select symbol, close from eod_data limit 50"',
    "chart": "chart SPY",
    "quote": "quote AAPL BRK/B",
    "chain": "chain SPY --nearest",
    "watch": "watch SPY --for 0.2s",
    "account": "account",
    "init": "init --environment sandbox --universe default --file {folder}/made.toml --yes --no-collect",
    "auth status": "auth status",
    "auth logout": "auth logout --environment certification",
    "config show": "config show",
    "doctor": "doctor --offline",
    "data ls": "data ls",
    "data show": "data show eod_data --limit 5",
    "data verify": "data verify",
    "data export": "data export quotes {folder}/quotes.csv",
    "cache explain": "cache explain",
    "completion": "completion zsh",
    "schema": "schema",
    "data repair": "data repair --symbols AAPL,BRK/B,SPY",
    "collect": "collect --symbols AAPL,BRK/B,SPY --only accounts",
    "retry": "retry --symbols AAPL,BRK/B,SPY",
    "cache clear": "cache clear quotes --yes",
}
# What keeps the keyring of whoever runs the tests out of them.
NO_KEYRING: Final = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
# The first serves until it is told to stop, the other takes an account: each has tests of its own.
APART: Final = {"sandbox", "auth login"}


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Name and command, groups included, without the name of the program."""
    yield from _below("", ttapi)


def with_json() -> list[str]:
    """Names of those that answer in JSON."""
    return [
        name
        for name, command in every_command()
        if any("--json" in parameter.opts for parameter in command.params)
    ]


def arguments(name: str, folder: object) -> list[str]:
    """What stands behind `ttapi` in the command's line."""
    return shlex.split(LINES[name].format(folder=folder))


def _below(path: str, group: click.Group) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group, **ttapi.context_settings)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{path}{name}", command
        if isinstance(command, click.Group):
            yield from _below(f"{path}{name} ", command)
