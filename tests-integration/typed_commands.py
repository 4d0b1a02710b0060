# SPDX-FileCopyrightText: 2026 The TTAPI contributors
# SPDX-License-Identifier: Apache-2.0
"""Command lines that are typed and not run: the real command says what it does not understand."""

from __future__ import annotations

import itertools
import re
import shlex

import click
from distributed.cli.dask_scheduler import main as scheduler
from distributed.cli.dask_worker import main as worker

from ttapi_onboarding.cli import ttapi
from ttapi_platform.clusters.plain_errors import keep_plain

keep_plain()  # in this process other tests look at what pickles of errors hold

_DASK = {"scheduler": scheduler, "worker": worker}


def words_of(line: str) -> list[str]:
    """A command line split as a shell does, to the first pipe, without comment and variables before it."""
    words = itertools.takewhile(
        lambda word: word not in {"|", "<", ">", ">>", "&&"}, shlex.split(line, comments=True)
    )
    return list(itertools.dropwhile(lambda word: re.match(r"[A-Z_]+=", word), words))


def type_ttapi(words: list[str]) -> None:
    """
    Give words to ``ttapi``, which does not run them.

    Raises
    ------
    click.ClickException
        When it does not understand them.
    """
    context: click.Context = click.Context(ttapi, **ttapi.context_settings)
    while isinstance(context.command, click.Group) and words and words[0] not in {"--help", "--version"}:
        _, command, words = context.command.resolve_command(context, words)
        assert command is not None
        is_group = isinstance(command, click.Group)
        context = (
            click.Context(command, parent=context)
            if is_group
            else command.make_context(command.name, words, parent=context)
        )


def type_dask(words: list[str]) -> None:
    """
    Give words to ``dask scheduler`` or ``dask worker``, which does not run them.

    Raises
    ------
    click.ClickException
        When it does not understand them.
    """
    name = words[0] if words else ""
    if name not in _DASK:
        raise click.UsageError(f"no such command here: dask {name}")
    context = _DASK[name].make_context(name, list(words[1:]))
    # What Dask does not know it keeps for modules to preload; we preload none.
    unknown = [*context.params["preload_argv"], *context.args]
    if unknown:
        raise click.NoSuchOption(unknown[0], ctx=context)
